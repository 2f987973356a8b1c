"""nbgrader's exchange in a temporary directory: an instructor and students with homes of their own."""

import pytest
from jupyter_core.application import NoStart
from nbgrader.apps import NbGraderApp


class Exchange:
    """Runs nbgrader's commands as somebody would type them, in a directory and with one exchange for all.

    As one user: students say who they are by ``--student``, as `nbgrader submit` documents for such cases.
    """

    def __init__(self, course, place, monkeypatch):
        self.course, self.place, self._monkeypatch = course, place, monkeypatch
        self.root = place / "exchange"
        self.root.mkdir()
        self.root.chmod(0o777)

    def instructor(self, command, *arguments):
        self._run(self.course.root, command, *arguments)

    def student(self, name, command, *arguments):
        home = self.home(name)
        self._run(home, command, *arguments, f"--Exchange.cache={home}/cache", "--course=backprop")

    def home(self, name):
        home = self.place / "homes" / name
        home.mkdir(parents=True, exist_ok=True)
        return home

    def _run(self, directory, command, *arguments):
        nbgrader(directory, self._monkeypatch, command, *arguments, f"--Exchange.root={self.root}")


def nbgrader(directory, monkeypatch, *arguments):
    """Run a command of nbgrader as in a shell, in this process."""
    with monkeypatch.context() as patch:
        patch.chdir(directory)
        app = NbGraderApp.instance()
        try:
            app.initialize(list(arguments))
            app.start()
        except NoStart:
            pass  # how an application says that its subcommand did the work
        except SystemExit as ended:
            if ended.code:
                pytest.fail(f"nbgrader {' '.join(arguments)} failed")
        finally:
            app.reset()
