"""Which graded cells assert that answers left something alone: apart, they would see no change of it.

What the release defines is made anew there, and what the student bound is read before the cell runs.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence
from typing import Any

from autograder.grader_side.cells import bound_by, read_by
from autograder.grader_side.magics import tree_of
from autograder.grader_side.scope import statements_of
from autograder.roles import as_released, grade_id, is_answer, is_checked, is_setup

Names = frozenset[str] | set[str]


def asserted_unmoved(cells: Sequence[Any]) -> dict[str, str]:
    """By graded cell, a name that it asserts something of which answers may change unseen.

    That is data, the release's or the student's, which a function of an answer's reads that the cell calls
    above the assertion; not what the cell hands over, of which it sees a change. ``cells`` are the code cells
    of a source notebook, answers with their released text.
    """
    if any(map(is_setup, cells)):
        return {}
    data: set[str] = set()  # the release's, which no answer binds
    answered: set[str] = set()
    neutral: set[str] = set(vars(builtins))  # functions, classes and modules of the release
    readers: dict[str, frozenset[str]] = {}
    found: dict[str, str] = {}
    for cell in cells:
        if is_checked(cell):
            if name := _asserted(cell.source, data, answered, neutral, readers):
                found[grade_id(cell)] = name
        elif is_answer(cell):
            readers |= readers_in(cell.source)
            answered |= bound_by(cell.source) - readers.keys()
            data -= bound_by(cell.source) | bound_by(as_released(cell))
        else:
            defined = _defined(cell.source)
            neutral |= defined
            data = (data | bound_by(cell.source)) - defined
            answered -= bound_by(cell.source)
    return found


def _asserted(
    source: str, data: Names, answered: Names, neutral: Names, readers: dict[str, frozenset[str]]
) -> str:
    tree = tree_of(source)
    own = bound_by(source)
    neutral = (neutral | _defined(source)) - (own - _defined(source))
    data, answered = data - own, answered - own
    moved: set[str] = set()
    for statement in tree.body:
        loaded = _loaded(statement)
        if isinstance(statement, ast.Assign) and loaded <= data | answered | neutral:
            neutral |= {name for target in statement.targets for name in _names(target)}  # a copy, maybe
        if _asserts(statement):
            seen = loaded - neutral
            if seen and seen <= (data | answered) & moved:
                return min(seen)
        moved |= frozenset().union(*(readers[name] for name in loaded & readers.keys()))
        data, answered = data - _handed(statement, neutral), answered - _handed(statement, neutral)
    return ""


def _handed(statement: ast.stmt, neutral: Names) -> set[str]:
    """The names that a statement hands to what is not the release's."""
    calls = [node for node in ast.walk(statement) if isinstance(node, ast.Call)]
    others = [call for call in calls if not _names(call.func) <= neutral]
    return {name for call in others for part in (*call.args, *call.keywords) for name in _names(part)}


def _asserts(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return "assert" in ast.unparse(statement.value.func).lower()
    return isinstance(statement, ast.Assert)


def _loaded(node: ast.AST) -> set[str]:
    node = node.test if isinstance(node, ast.Assert) else node
    return {name.id for name in ast.walk(node) if isinstance(name, ast.Name) and type(name.ctx) is ast.Load}


def _names(node: ast.AST) -> set[str]:
    return {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}


def _defined(source: str) -> frozenset[str]:
    """The functions, classes and modules of a cell."""
    return frozenset().union(
        *(item.binds for item in statements_of(source) if item.imports or item.defines),
        _classes(source),
    )


def _classes(source: str) -> set[str]:
    return {node.name for node in ast.walk(tree_of(source)) if isinstance(node, ast.ClassDef)}


def readers_in(source: str) -> dict[str, frozenset[str]]:
    """The functions and classes of an answer, by name, each with the names that it reads."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return {node.name: read_by(ast.unparse(node)) for node in tree_of(source).body if isinstance(node, kinds)}
