"""Whose the names are that a graded cell reads, by the answers of the solution and the order of the cells."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import Any

from autograder.grader_side.cells import bound_by, read_by
from autograder.grader_side.left_open import left_open_in
from autograder.grader_side.magics import python_of
from autograder.grader_side.names import names_of
from autograder.grader_side.scope import DISPLAY, statements_of
from autograder.protection.unmoved import readers_in
from autograder.roles import as_released, grade_id, is_answer, is_checked, is_setup


def names_by_solution(cells: Sequence[Any]) -> dict[str, dict[str, Any]]:
    """By graded cell, ``takes``, ``imports`` and ``lends``, where the release alone would say otherwise.

    ``cells`` are the code cells of a source notebook, answers with their released text. A name is taken from
    the student when the last cell above that binds it, or sets an item or an attribute of it, is an answer,
    though released cells bind it too or Python does. What only answers import, and a graded cell reads, is
    imported on the grader's side. What answers read and only graded cells import, these import for them too.
    """
    tagged = any(map(is_setup, cells))
    wanted = set() if tagged else _missed_by_answers(cells)
    released: set[str] = {*vars(builtins), DISPLAY}
    last_bound_by_answer: dict[str, bool] = {}
    imported: dict[str, str] = {}
    modules: set[str] = set()  # and what else the release imports, which stays its own whatever answers set
    found: dict[str, dict[str, Any]] = {}
    for cell in cells:
        if is_checked(cell):
            used = _used(cell.source)
            # Where cells are tagged, these and the names that no other cell binds say whose a name is.
            takes = [] if tagged else sorted(n for n in used & released if last_bound_by_answer.get(n))
            imports = sorted({imported[name] for name in used if name in imported})
            lends = sorted({text for bound, text in _imports(cell.source).items() if bound in wanted})
            facts = {"takes": takes, "imports": imports, "lends": lends}
            found[grade_id(cell)] = {key: value for key, value in facts.items() if value}
        if is_answer(cell):
            imports_here = _imports(cell.source)
            imported |= {name: text for name, text in imports_here.items() if name not in released}
            bound = (bound_by(cell.source) | (_set_by(cell.source) - modules)) - imports_here.keys()
            last_bound_by_answer |= dict.fromkeys(bound, True)
            for name in bound:
                imported.pop(name, None)
            released |= _imports(as_released(cell)).keys()
            modules |= _imports(as_released(cell)).keys()
        else:
            left = frozenset() if is_checked(cell) else left_open_in(cell)
            bound = bound_by(cell.source)
            modules |= _imports(cell.source).keys()
            released |= bound - left
            last_bound_by_answer |= {name: name in left for name in bound}
            for name in bound:
                imported.pop(name, None)
    return found


def _missed_by_answers(cells: Sequence[Any]) -> set[str]:
    """The names that answers of the solution read, and no cell that is not graded binds."""
    own = [cell for cell in cells if not is_checked(cell)]
    read = {name for cell in own if is_answer(cell) for name in read_by(cell.source)}
    return read - {name for cell in own for name in bound_by(cell.source)}


def read_above(cells: Sequence[Any], graded: str) -> frozenset[str]:
    """The names that a graded cell binds, and that answers above it read: of the student's, not of these."""
    read = frozenset[str]()
    for cell in cells:
        if is_checked(cell) and grade_id(cell) == graded:
            return (read & bound_by(cell.source)) - _imports(cell.source).keys()  # the same on both sides
        if is_answer(cell):
            read |= read_by(cell.source).union(*readers_in(cell.source).values())
    return frozenset()


def asked_by_answers(cells: Sequence[Any]) -> dict[str, list[str]]:
    """By graded cell, the names that it reads, the release binds, and answers call methods of.

    Whether such a method changes its object, nobody can tell by looking. What is imported is not among them.
    """
    if any(map(is_setup, cells)):
        return {}
    asked: set[str] = set()
    released: set[str] = set()
    found: dict[str, list[str]] = {}
    for cell in cells:
        if is_checked(cell):
            found[grade_id(cell)] = sorted(_used(cell.source) & asked)
        elif is_answer(cell):
            asked |= released & frozenset().union(*(item.makes for item in statements_of(cell.source)))
        else:
            released = (released | bound_by(cell.source)) - _imports(cell.source).keys()
    return found


def _used(source: str) -> frozenset[str]:
    try:
        names = names_of(python_of(source)[0])
    except SyntaxError:
        return frozenset()
    return names.used - names.bound


def _set_by(source: str) -> frozenset[str]:
    """The names of whose objects a cell sets or deletes items or attributes."""
    return frozenset[str]().union(*(statement.sets for statement in statements_of(source)))


def _imports(source: str) -> dict[str, str]:
    """The statements of a cell that import, by the names they bind."""
    return {
        name: statement.text
        for statement in statements_of(source)
        if statement.imports
        for name in statement.binds
        if name != "*"
    }
