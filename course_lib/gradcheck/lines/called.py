"""Which functions of its author's own a line calls: the slip may be in one of them."""

import ast
import inspect
from collections.abc import Iterator
from types import FunctionType, MethodType

from course_lib.gradcheck.lines.recursion import value_of
from course_lib.gradcheck.lines.source import Source, Written


def own_functions(source: Written, line: int) -> list[str]:
    """Return the names of the functions that a line calls and that are defined where this one is.

    A library's functions are none: they stand in namespaces of their own. A method of the same object is one.
    """
    if not isinstance(source, Source):
        return []
    names = list(dict.fromkeys(_called(source, line)))
    return [name for name in names if _is_own(source, name)]


def _called(source: Source, line: int) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and node.lineno <= line <= (node.end_lineno or node.lineno):
            if isinstance(node.func, ast.Name):
                yield node.func.id
            elif isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
                yield f"{node.func.value.id}.{node.func.attr}"


def _defines(node: ast.AST, name: str) -> bool:
    """Whether a part of a function defines another function of this name inside of it."""
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
        return any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
    return isinstance(node, ast.FunctionDef) and node.name == name


def _is_own(source: Source, name: str) -> bool:
    first, _, method = name.partition(".")
    if method:
        of_object = source.tree.args.args[:1]
        is_method = source.bound is not None and bool(of_object) and of_object[0].arg == first
        value = inspect.getattr_static(type(source.bound), method, None) if is_method else None
    else:
        value = value_of(name, source.function)
    if not method and any(_defines(node, name) for node in ast.walk(source.tree) if node is not source.tree):
        return True
    value = value.__func__ if isinstance(value, MethodType | staticmethod | classmethod) else value
    return isinstance(value, FunctionType) and value.__globals__ is source.function.__globals__
