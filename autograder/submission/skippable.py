"""Cells that only show something, a figure, a self-check or an example, need not run for a grade.

They are the release's, read-only or left as they were. They cost most of a notebook's time and cannot change
a score, unless a graded cell uses a name that one of them binds, or the student's own code does, as code that
works from top to bottom may. Those are run.
"""

from __future__ import annotations

from nbformat.notebooknode import NotebookNode

from autograder.grader_side.names import Names, names_in, words_in
from autograder.grader_side.scope import bound_in_any_case, changed_by, imported_by, read_first
from autograder.grader_side.seeds import calls_for_a_seed
from autograder.roles import as_released, is_checked, is_read_only, is_released, is_setup, role_of
from autograder.submission.copying import copied


def without_shows(notebook: NotebookNode) -> NotebookNode:
    """A copy in which cells that only show something, and nobody needs, are empty, but in place.

    One is needed for a name that it binds, and for one whose object it may change, by an item, an attribute
    or a method; also if it sets a seed. What is no plain Python uses every word in it, and so does a cell
    that a student wrote; one that is as it was released uses no name of a cell above that it binds before. A
    cell that is too long to look into may use anything: then all cells are run.
    """
    shortened = copied(notebook)
    cells = [cell for cell in shortened.cells if cell.cell_type == "code"]
    modules = frozenset().union(*(imported_by(cell.source) for cell in cells if _is_as_released(cell)))
    used: set[str] = set()
    # From the bottom up: a cell that is kept may use what an earlier one binds.
    for cell in reversed(cells):
        names = names_in(cell.source)
        words = words_in(cell.source) if names is None else names.used
        if words is None:
            return copied(notebook)
        if names is not None and _only_shows(cell) and not used & _made(cell, names, modules):
            cell.source = ""
        elif names is not None and is_checked(cell):
            used |= words - names.bound  # it has a namespace of its own
        elif names is not None and _is_as_released(cell):
            used -= bound_in_any_case(cell.source)
            used |= read_first(cell.source)
        else:
            used |= words
    return shortened


def _made(cell: NotebookNode, names: Names, modules: frozenset[str]) -> frozenset[str]:
    """The names that a cell binds, or whose objects it may change; a module's functions do not change it."""
    return names.bound | (changed_by(cell.source) - modules)


def _only_shows(cell: NotebookNode) -> bool:
    may_be = is_read_only(cell) and not is_setup(cell) if role_of(cell) else _is_as_released(cell)
    return may_be and not calls_for_a_seed(cell.source)


def _is_as_released(cell: NotebookNode) -> bool:
    return is_released(cell) and as_released(cell) == cell.source
