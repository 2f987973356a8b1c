"""What takes long and several files of tests need is made once in a run, by whichever worker comes first."""

import fcntl
import os

import nbformat
from inprocess import ASSIGNMENTS, composer_of
from nbclient import NotebookClient

SECONDS = 600  # for one cell; a busy machine needs many of them
# What a notebook bound, and what our modules remember of it.
FORGET = """
import sys
for name in [name for name in sys.modules if name.partition(".")[0] == "course_lib"]:
    del sys.modules[name]
get_ipython().reset()
"""


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
    folder = made_once(tmp_path_factory, "solved", solve_all)
    return nbformat.read(folder / f"{assignment}.ipynb", as_version=4)


def solve_all(folder):
    """Run every assignment's notebook, in one kernel that begins anew with each: six starts take longer."""
    folder.mkdir()
    environment = {**os.environ, "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    starts = NotebookClient(nbformat.v4.new_notebook(), kernel_name="python3")
    with starts.setup_kernel(env=environment):
        for assignment in ASSIGNMENTS:
            notebook = composer_of(assignment)[0].submission("ada", "perfect").notebook
            notebook.cells.append(nbformat.v4.new_code_cell(FORGET))
            client = NotebookClient(notebook, km=starts.km, timeout=SECONDS)
            client.execute()
            client.kc.stop_channels()
            notebook.cells.pop()
            nbformat.write(notebook, folder / f"{assignment}.ipynb")
