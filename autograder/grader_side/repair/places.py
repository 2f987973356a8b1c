"""Where in a statement something else may stand: the expressions it computes with, how to change each."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Put = Callable[[ast.expr], None]


@dataclass(frozen=True)
class Place:
    """A node inside a statement, how to replace it there, and what is above it."""

    node: ast.expr
    put: Put
    parent: ast.AST

    @property
    def is_number(self) -> bool:
        """Whether it is a number or array, not the name of a module or function, nor an index."""
        above = self.parent
        if isinstance(above, ast.Call) and above.func is self.node:
            return False
        if isinstance(above, ast.Attribute):
            return not is_module(self.node)
        return not isinstance(above, ast.Slice)


def text_with(root: ast.AST, place: Place, new: ast.expr) -> str:
    """The text of `root` with something else at a place below it; `root` is left as it was."""
    place.put(new)
    try:
        return ast.unparse(root)
    finally:
        place.put(place.node)


def all_places(node: ast.AST) -> Iterator[Place]:
    """Every expression that a statement computes with, the outer before the inner."""
    for field, value in ast.iter_fields(node):
        if field in ("targets", "target", "func", "body", "orelse") and isinstance(node, ast.stmt):
            continue
        for i, child in enumerate(value) if isinstance(value, list) else [(-1, value)]:
            if isinstance(child, ast.expr) and not isinstance(child, ast.JoinedStr | ast.Lambda):
                yield Place(child, _putter(node, field, i), node)
            if isinstance(child, ast.expr | ast.slice | ast.keyword | ast.comprehension):
                yield from all_places(child)


def _putter(parent: ast.AST, field: str, i: int) -> Put:
    def put(child: ast.expr) -> None:
        if i < 0:
            setattr(parent, field, child)
        else:
            getattr(parent, field)[i] = child

    return put


def is_module(node: ast.expr) -> bool:
    """Whether it is the name of a module that computes with numbers."""
    return isinstance(node, ast.Name) and node.id in ("np", "numpy", "math")
