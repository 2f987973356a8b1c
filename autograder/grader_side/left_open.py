"""What a plain cell of the release leaves to be written, though nbgrader does not know it for an answer."""

from __future__ import annotations

import ast
import re
from typing import Any

from autograder.grader_side.scope import statements_of
from autograder.remembered import remembered
from autograder.roles import as_released, role_of

ASKS = re.compile(r"\bYOUR (?:CODE|ANSWER|SOLUTION)\b")  # nbgrader's own words


def left_open_in(cell: Any) -> frozenset[str]:
    """The names that a released cell leaves to be written: none of one that nbgrader locks."""
    return frozenset() if role_of(cell) else left_open(as_released(cell))


@remembered()
def left_open(source: str) -> frozenset[str]:
    """The names that a plain cell binds to nothing yet: a function that does nothing, None, "", an ellipsis.

    Where nbgrader's own words ask for code, these are all that it binds, but for what it imports.
    """
    asks = bool(ASKS.search(source))
    left: set[str] = set()
    bound: set[str] = set()
    for statement in statements_of(source):
        is_open = asks and not statement.imports
        (left if is_open or _is_blank(statement.text) else bound).update(statement.binds)
    return frozenset(left - bound)


def _is_blank(text: str) -> bool:
    (node,) = ast.parse(text).body
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return not node.decorator_list and all(map(_does_nothing, node.body))
    return isinstance(node, ast.Assign) and (_is_nothing(node.value) or ast.unparse(node.value) == "''")


def _does_nothing(node: ast.stmt) -> bool:
    if isinstance(node, ast.Raise):
        return "NotImplementedError" in ast.unparse(node)
    if isinstance(node, ast.Return):
        return node.value is None or _is_nothing(node.value)
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def _is_nothing(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value in (None, ...)
