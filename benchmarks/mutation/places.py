"""Where something in a syntax tree may be changed: each node, and the local names known there."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

Replace = Callable[[ast.AST], None]


def places(node: ast.AST, names: tuple[str, ...]) -> Iterator[tuple[Replace, ast.AST, tuple[str, ...]]]:
    """Each node below ``node``: how to replace it, itself, and the local names of the functions around it."""
    for field, value in ast.iter_fields(node):
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST) and not isinstance(child, ast.JoinedStr):
                inner = isinstance(child, ast.FunctionDef | ast.Lambda)
                known = tuple(dict.fromkeys([*names, *locals_of(child)])) if inner else names
                yield _replacer(node, field, index), child, known
                if not isinstance(child, ast.Raise):  # the words of a message are the student's
                    yield from places(child, known)


def _replacer(parent: ast.AST, field: str, index: int | None) -> Replace:
    def replace(child: ast.AST) -> None:
        if index is None:
            setattr(parent, field, child)
        else:
            getattr(parent, field)[index] = child

    return replace


def locals_of(function: ast.FunctionDef | ast.Lambda) -> Iterator[str]:
    """The names of a function's arguments and of what it assigns to."""
    yield from (argument.arg for argument in function.args.args)
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def short(node: ast.AST) -> str:
    """The text of a node, cut to what a table holds."""
    return " ".join(ast.unparse(node).split())[:70]
