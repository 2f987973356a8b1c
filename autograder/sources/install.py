"""The cell by which a notebook helps itself where the course's packages are missing, as on Colab.

It stands before all other code, is locked and ungraded, and does nothing where they are installed.
"""

from __future__ import annotations

import nbformat
from nbformat.notebooknode import NotebookNode

GRADE_ID = "install"
TITLE = "Set-up: install course_lib, only where it is missing (Google Colab)"
SOURCE = """import importlib.util

if importlib.util.find_spec("course_lib") is None:
    import subprocess
    import sys

    line = [sys.executable, "-m", "pip", "install", "--quiet", {requirement!r}]
    ended = subprocess.run(line, capture_output=True, text=True)
    if ended.returncode:
        raise ImportError("course_lib could not be installed; pip says: " + ended.stderr.strip())
    importlib.invalidate_caches()"""


def install_cell(requirement: str) -> NotebookNode:
    """The cell that has pip install ``requirement`` when there is no ``course_lib``."""
    nbgrader = {
        "grade": False,
        "grade_id": GRADE_ID,
        "locked": True,
        "schema_version": 3,
        "solution": False,
        "task": False,
    }
    metadata = {"nbgrader": nbgrader, "tags": ["setup"]}
    return nbformat.v4.new_code_cell(SOURCE.format(requirement=requirement), metadata=metadata)
