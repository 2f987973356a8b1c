"""Checks that nbgrader writes into a release itself: lines such as ``### AUTOTEST f(3)`` of a graded cell."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import nbformat
from nbconvert.filters import strip_ansi
from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import InstantiateTests

from autograder.course import Course
from autograder.errors import CourseError


def instantiate(course: Course, path: Path, notebook: NotebookNode) -> None:
    """Give the graded cells of the source at ``path`` the checks that nbgrader writes for its solution.

    Like nbgrader, it runs the notebook in a kernel, without a sandbox: all of it is the author's. Nothing is
    run where no cell asks for it. CourseError with the cause where nbgrader cannot.
    """
    if not any("AUTOTEST" in cell.source for cell in notebook.cells if cell.cell_type == "code"):
        return
    # In a process of its own, with which the kernel ends: nbgrader leaves it running where a cell fails.
    done = subprocess.run(
        [sys.executable, "-m", __name__, path.parent.absolute()],
        cwd=course.root,  # where nbgrader looks for the templates of a course
        input=nbformat.writes(notebook),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    found = json.loads(done.stdout or '{"error": "its process ended"}')
    if "error" in found:
        raise CourseError(f"nbgrader cannot write the AUTOTEST lines of {path}: {found['error']}")
    for cell, source in zip(notebook.cells, found["sources"], strict=True):
        cell.source = source


def _main(folder: str) -> None:
    notebook = nbformat.reads(sys.stdin.read(), as_version=4)
    preprocessor = InstantiateTests(config=Course(Path.cwd()).config())
    try:
        preprocessor.preprocess(notebook, {"metadata": {"path": folder}})
    except Exception as error:  # of the course's own code and templates, told by whoever started this
        print(json.dumps({"error": _cause(error)}))
    else:
        print(json.dumps({"sources": [cell.source for cell in notebook.cells]}))


def _cause(error: Exception) -> str:
    """The last line of what an error says; nbgrader's of a cell holds a list of texts, and has no ``str``."""
    said = getattr(error, "traceback", None) or [str(error)]
    lines = [line for text in said for line in text.splitlines() if line.strip()]
    return str(strip_ansi(lines[-1])) if lines else type(error).__name__


if __name__ == "__main__":
    _main(sys.argv[1])
