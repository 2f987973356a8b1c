"""An IPython shell without ZeroMQ: cells in, nbformat outputs out."""

from __future__ import annotations

import ast
import builtins
import contextlib
import os
import subprocess
import sys
import types
from typing import Any

from IPython.core import pylabtools
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from traitlets import Any as AnyTrait
from traitlets import Type

from autograder.student_side.alarm import TimeLimit
from autograder.student_side.outputs import Outputs, Stream
from autograder.student_side.packages import Packages

# What most notebooks do first: checks, an error that is shown.
WARM_UP = (
    """
import numpy as np
from course_lib import Checks, check_parameters, check_vjp, expect_close
checks = Checks()
with checks("wrong") as rng:
    expect_close("x", rng.normal(size=3), np.zeros(3))
print(checks)
check_vjp(lambda x: (np.sum(x * x), x), lambda dout, x: 2 * dout * x, np.arange(3.0))
""",
    """
def loss(p):
    return p["a"] * np.sum(np.exp(p["x"])), {"a": 1.0, "x": np.exp(p["x"])}


check_parameters(loss, {"a": 2.0, "x": np.arange(3.0)}, lambda p: loss(p)[1])
""",
    "1 / 0",
)
PIECE = 2**16
PIPED: Any = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
FIGURE_WARM_UP = """
import matplotlib.pyplot as plt
plt.plot([0, 1])
plt.xlabel("$x^2$")
plt.show()
"""


_select_formats = pylabtools.select_figure_formats


def _select_shown_formats(shell: InteractiveShell, formats: Any, **settings: Any) -> None:
    """Have figures drawn as PNG where they are asked for in a format that no page shows."""
    asked = {formats} if isinstance(formats, str) else set(formats)
    _select_formats(shell, {"png" if each in ("svg", "pdf") else each for each in asked}, **settings)


pylabtools.select_figure_formats = _select_shown_formats  # before the inline backend takes it from there


class _ResultHook(DisplayHook):  # type: ignore[misc]
    """Sends the value of a cell's last expression as an execute_result."""

    def write_output_prompt(self) -> None:
        """The number stands in the output's execution_count."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        """Send the mime bundle."""
        self.shell.outputs.rich("execute_result", format_dict, md_dict or {})

    def log_output(self, format_dict: dict[str, Any]) -> None:
        """No log is kept."""

    def finish_displayhook(self) -> None:
        """Nothing was written to a terminal."""


class _Publisher(DisplayPublisher):  # type: ignore[misc]
    """Sends what ``display`` shows as display_data."""

    def publish(self, data: dict[str, Any], metadata: Any = None, **options: Any) -> None:
        """Send the mime bundle; an update of an earlier display is shown again, in place of nothing."""
        self.shell.outputs.rich("display_data", data, metadata or {})

    def clear_output(self, wait: bool = False) -> None:
        """Take back what the cell has shown."""
        self.shell.outputs.clear()


class StudentShell(InteractiveShell):  # type: ignore[misc]
    """The shell that runs a student's cells; ``outputs`` receives what they show.

    ``shown`` is the last error that the last cell showed, though it may have ended well: `%%time` and
    `%%capture` show what their cells raise, and raise nothing.
    """

    displayhook_class = Type(_ResultHook)
    display_pub_class = Type(_Publisher)
    outputs = AnyTrait()
    shown: str = ""

    def ask_exit(self) -> None:
        """Nobody can leave: the cells below ``quit()`` run, too."""

    def enable_gui(self, gui: str | None = None) -> None:
        """There is no event loop; inline figures need none."""

    def enable_matplotlib(self, gui: str | None = None) -> Any:
        """Figures are drawn inline, whichever backend is asked for: there are no windows or widgets here."""
        return super().enable_matplotlib("inline")

    def system(self, cmd: str) -> None:
        """Run a line that begins with ``!``: without a terminal, which some sandboxes do not have to give."""
        if cmd.rstrip().endswith("&"):
            raise OSError("Background processes not supported.")  # nor are they by IPython's own
        process = subprocess.Popen(self.var_expand(cmd, depth=1), shell=True, **PIPED)
        shown: Any = process.stdout
        try:
            with shown:
                while piece := shown.read1(PIECE):
                    sys.stdout.write(piece.decode("utf-8", "replace"))
            self.user_ns["_exit_code"] = process.wait()
        except BaseException:
            with contextlib.suppress(OSError):  # where no signals are sent, it ends with the notebook
                process.kill()
            raise

    def init_history(self) -> None:
        """History is kept in memory, not in a database with a thread."""
        self.config.HistoryManager.enabled = False
        super().init_history()

    def transform_cell(self, raw_cell: str) -> str:
        """The Python of a cell that may hold magics; of one that is plain Python, itself.

        To find that out by parsing is much faster than to look for magics token by token. A cell of a single
        line, one that begins with an empty line or with a pasted prompt mean more to IPython than to Python.
        """
        if raw_cell[:1].isspace() or raw_cell.startswith("In [") or "\n" not in raw_cell.strip():
            return str(super().transform_cell(raw_cell))
        with contextlib.suppress(SyntaxError, ValueError, MemoryError, RecursionError):
            ast.parse(raw_cell)
            return raw_cell if raw_cell.endswith("\n") else raw_cell + "\n"
        # out here, or what IPython raises would be shown with what was raised before
        return str(super().transform_cell(raw_cell))

    def should_run_async(self, raw_cell: str, **others: Any) -> bool:
        """Whether a cell awaits something; only one with such a word is worth compiling to find out."""
        words = "await" in raw_cell or "async" in raw_cell
        return words and bool(super().should_run_async(raw_cell, **others))

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        self.shown = f"{etype.__name__}: {evalue}"
        self.outputs.error(etype.__name__, str(evalue), stb)

    def run(self, source: str) -> bool:
        """Run a cell; whether it ended without an error. What it shows goes to ``outputs``."""
        return bool(self.execute(source).success)

    def execute(self, source: str) -> Any:
        """Run a cell; IPython's ExecutionResult. What it shows goes to ``outputs``."""
        self.shown, kept = "", (sys.stdout, sys.stderr)
        sys.stdout, sys.stderr = Stream(self.outputs, "stdout"), Stream(self.outputs, "stderr")
        try:
            return self.run_cell(source, store_history=True)
        except TimeLimit as stopped:  # when its figures were drawn, which IPython does after the cell
            self.showtraceback()
            result = ExecutionResult(None)
            result.error_in_exec = stopped
            return result
        finally:
            sys.stdout, sys.stderr = kept
            self.outputs.flush()


def warm_shell(packages: Packages) -> StudentShell:
    """A shell that has run a cell and shown an error, and looks as if it had not.

    Building it takes most of a second, a fork of it some milliseconds.
    """
    shell: StudentShell = StudentShell.instance()
    shell.outputs = Outputs(lambda message: None, 2**16, 2**24)
    packages.import_plain()
    for cell in WARM_UP:
        shell.run(cell)
    _begin_anew(shell)
    return shell


def warm_figures(shell: StudentShell, packages: Packages) -> None:
    """Have a warm shell draw a figure, too: matplotlib takes longer to import than all the rest.

    Without, the fork that draws the first figure imports it by itself.
    """
    shell.enable_matplotlib("inline")
    packages.import_figures()
    shell.run(FIGURE_WARM_UP)
    _begin_anew(shell)
    _empty_font_cache()


def _begin_anew(shell: StudentShell) -> None:
    shell.reset(new_session=True)
    # It takes these, too; multiprocessing, for one, asks a main module for its __spec__.
    shell.user_ns.update(vars(types.ModuleType("__main__")))


def _empty_font_cache() -> None:
    # matplotlib empties it in every fork, because fonts do not survive one; an empty one costs nothing there.
    cached: Any = getattr(sys.modules.get("matplotlib.font_manager"), "_get_font", None)
    if hasattr(cached, "cache_clear"):
        cached.cache_clear()


def use(shell: StudentShell, outputs: Outputs) -> None:
    """Make a forked copy of the shell the one of this child, with __main__ as its namespace.

    Modules are looked for in the working directory first, as in a notebook: the release's, and those that a
    cell writes.
    """
    shell.outputs = outputs
    sys.path.insert(0, os.getcwd())
    sys.modules["__main__"] = shell.user_module
    builtins.input = _no_input
    assert isinstance(shell.user_module, types.ModuleType)


def _no_input(prompt: object = "") -> str:
    raise EOFError("nobody is there to answer input() while a notebook is graded")
