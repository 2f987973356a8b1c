"""Read-only cells that only show something, a figure or a self-check, need not run for a grade.

They cost most of a notebook's time and cannot change a score, unless a graded cell uses a name that one of
them binds, or the student's own code does, as code that works from top to bottom may. Those are run.
"""

from __future__ import annotations

import dis
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType

from nbformat.notebooknode import NotebookNode

from autograder.submission.copying import copied

_LOADS = ("LOAD_NAME", "LOAD_GLOBAL")
_STORES = ("STORE_NAME", "STORE_GLOBAL")


@dataclass(frozen=True)
class Names:
    """The global names that a cell uses, and those that it binds."""

    used: frozenset[str]
    bound: frozenset[str]


def without_shows(notebook: NotebookNode) -> NotebookNode:
    """A copy in which the read-only cells whose names nobody uses are empty; all of them stay in place."""
    shortened = copied(notebook)
    used: set[str] = set()
    # From the bottom up: a cell that is kept may use what an earlier one binds.
    for cell in reversed([cell for cell in shortened.cells if cell.cell_type == "code"]):
        names = names_in(cell.source)
        if names is None:
            return copied(notebook)  # no telling what it uses
        if _only_shows(cell) and not used & names.bound:
            cell.source = ""
        elif _is_graded(cell):
            used |= names.used - names.bound  # it has a namespace of its own
        else:
            used |= names.used
    return shortened


def _only_shows(cell: NotebookNode) -> bool:
    role = cell.metadata.get("nbgrader", {})
    locked = role.get("locked") and not role.get("grade") and not role.get("solution")
    return bool(locked) and "setup" not in cell.metadata.get("tags", [])


def _is_graded(cell: NotebookNode) -> bool:
    role = cell.metadata.get("nbgrader", {})
    return bool(role.get("grade")) and not role.get("solution")


@lru_cache(maxsize=1024)  # most cells of a class are the released ones
def names_in(source: str) -> Names | None:
    """The names in a cell; None for one that is no Python, whose run will tell the student so."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python thinks of the student's escapes is not for our log
            code = _compiled(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return None
    return Names(frozenset(_operands(code, _LOADS)), frozenset(_operands(code, _STORES)))


def _compiled(source: str) -> CodeType:
    try:
        return compile(source, "<cell>", "exec")
    except SyntaxError:  # IPython's magics may be why; to look for them first would take ten times longer
        from IPython.core.inputtransformer2 import TransformerManager  # with much that is rarely needed

        return compile(TransformerManager().transform_cell(source), "<cell>", "exec")


def _operands(code: CodeType, operations: tuple[str, ...]) -> Iterator[str]:
    """The names on which any of ``operations`` is done, in the code and all functions in it."""
    for instruction in dis.get_instructions(code):
        if instruction.opname in operations:
            yield str(instruction.argval)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _operands(constant, operations)
