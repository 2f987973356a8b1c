"""What takes long and several files of tests need is made once in a run, by whichever worker comes first."""

import fcntl
import os

import nbformat
from inprocess import composer_of
from nbclient import NotebookClient

SECONDS = 600  # for one cell; a busy machine needs many of them


def made_once(tmp_path_factory, name, make):
    """The file or directory that ``make(path)`` wrote; workers of pytest-xdist wait for whoever makes it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / name).exists():
            make(shared / name)
    return shared / name


def solved(tmp_path_factory, assignment):
    """The assignment's notebook with its solution, run as in a student's Jupyter, figures and all."""

    def run(path):
        notebook = composer_of(assignment)[0].submission("ada", "perfect").notebook
        environment = {**os.environ, "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
        NotebookClient(notebook, timeout=SECONDS, kernel_name="python3").execute(env=environment)
        nbformat.write(notebook, path)

    return nbformat.read(made_once(tmp_path_factory, f"{assignment}-solved.ipynb", run), as_version=4)
