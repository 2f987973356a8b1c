"""What nbgrader itself would give a graded cell of the solution: all cells in one process, in their order."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection

from nbformat.notebooknode import NotebookNode
from nbgrader.utils import determine_grade

from autograder.grader_side.cells import bound_by, read_by
from autograder.grader_side.scope import changed_by
from autograder.recorded.record import NOTES_CELL
from autograder.roles import grade_id, is_checked

ITSELF = "nbgrader itself gives it all of them"

Grade = Callable[[NotebookNode], NotebookNode]


def why_not_here(cell: str, notebook: NotebookNode, grade: Grade) -> str:
    """Half a sentence on a graded cell that earns its points in nbgrader alone; "" where not there either."""
    graded = [grade_id(one) for one in notebook.cells if is_checked(one)]
    above = graded[: graded.index(cell)]
    if not _earns(cell, notebook, {*above, cell}, grade):
        return ""
    if not above or _earns(cell, notebook, {cell}, grade):
        return ITSELF
    needed = (one for one in reversed(above) if not _earns(cell, notebook, {*above, cell} - {one}, grade))
    other = next(needed, "")
    sources = {grade_id(one): one.source for one in notebook.cells if is_checked(one)}
    source = sources.get(other, "")
    changed = min((changed_by(source) - bound_by(source)) & read_by(sources[cell]), default="what it reads")
    return (
        f"{other or 'a graded cell above'} changes {changed}, and is graded, so that no other graded cell "
        "sees it: do it in a read-only cell above"
    )


def _earns(cell: str, notebook: NotebookNode, kept: Collection[str], grade: Grade) -> bool:
    """Whether a graded cell earns its points where of the graded ones only those that are kept run."""
    run = grade(_all_plain(notebook, kept))
    cells = [one for one in run.cells if one.get("id") != NOTES_CELL]
    for ended, one in zip(cells, notebook.cells, strict=True):
        if is_checked(one) and grade_id(one) == cell:
            outputs = [output for output in ended.outputs if output.get("name") != "stderr"]
            earned, points = determine_grade(NotebookNode({**one, "outputs": outputs}))
            return bool(earned is not None and earned >= points)
    return False


def _all_plain(notebook: NotebookNode, kept: Collection[str]) -> NotebookNode:
    """The notebook without roles: nothing is graded, and graded cells that are not kept are empty."""
    made = copy.deepcopy(notebook)
    for cell in made.cells:
        if is_checked(cell) and grade_id(cell) not in kept:
            cell.source = ""
        cell.metadata = NotebookNode()
    return made
