"""What nbgrader itself would give a graded cell of the solution: all cells in one process, in their order."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection
from functools import cached_property

from nbformat.notebooknode import NotebookNode
from nbgrader.utils import determine_grade

from autograder.grader_side.cells import bound_by, read_by
from autograder.grader_side.scope import changed_by
from autograder.recorded.record import NOTES_CELL
from autograder.roles import grade_id, is_checked

ITSELF = "nbgrader itself gives it all of them"

Grade = Callable[[NotebookNode], NotebookNode]


class InOrder:
    """The notebook of a solution as nbgrader runs it; ``grade`` runs it, no more often than it has to."""

    def __init__(self, notebook: NotebookNode, grade: Grade) -> None:
        self._notebook = notebook
        self._grade = grade
        self._sources = {grade_id(one): one.source for one in notebook.cells if is_checked(one)}

    def why_not_here(self, cell: str) -> str:
        """Half a sentence on a cell that earns its points in nbgrader alone; "" where not there either."""
        if cell not in self._earning_all:
            return ""
        above = [*self._sources][: [*self._sources].index(cell)]
        if not above or cell in self._earning({cell}):
            return ITSELF
        needed = (one for one in reversed(above) if cell not in self._earning({*above, cell} - {one}))
        other = next(needed, "")
        source = self._sources.get(other, "")
        read = read_by(self._sources[cell])
        changed = min((changed_by(source) - bound_by(source)) & read, default="what it reads")
        return (
            f"{other or 'a graded cell above'} changes {changed}, and is graded, so that no other graded "
            "cell sees it: do it in a read-only cell above"
        )

    @cached_property
    def _earning_all(self) -> set[str]:
        """Those that earn their points where all run: what runs below a cell is no matter to it."""
        return self._earning(self._sources)

    def _earning(self, kept: Collection[str]) -> set[str]:
        """Those of the kept that earn their points where of the graded cells only these run."""
        run = self._grade(_all_plain(self._notebook, kept))
        cells = [one for one in run.cells if one.get("id") != NOTES_CELL]
        return {
            grade_id(one)
            for ended, one in zip(cells, self._notebook.cells, strict=True)
            if is_checked(one) and grade_id(one) in kept and _earns(one, ended.outputs)
        }


def _earns(cell: NotebookNode, shown: list[NotebookNode]) -> bool:
    outputs = [output for output in shown if output.get("name") != "stderr"]
    try:
        earned, points = determine_grade(NotebookNode({**cell, "outputs": outputs}))
    except ValueError:  # more than its points, where nbgrader's run ends
        return False
    return bool(earned is not None and earned >= points)


def _all_plain(notebook: NotebookNode, kept: Collection[str]) -> NotebookNode:
    """The notebook without roles: nothing is graded, and graded cells that are not kept are empty."""
    made = copy.deepcopy(notebook)
    for cell in made.cells:
        if is_checked(cell) and grade_id(cell) not in kept:
            cell.source = ""
        cell.metadata = NotebookNode()
    return made
