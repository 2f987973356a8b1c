"""Which functions of its author's own a line calls, or a lambda: the slip may be in one of them."""

import ast
import inspect
import sysconfig
from collections.abc import Iterator
from functools import partial
from types import FunctionType, MethodType, ModuleType
from typing import Any

from course_lib.gradcheck.lines.recursion import methods_read, reached, value_of
from course_lib.gradcheck.lines.source import Source, Written
from course_lib.gradcheck.text import NOBODYS

#: Where functions are that nobody wrote as homework.
INSTALLED = (*NOBODYS, *(sysconfig.get_path(kind) for kind in ("stdlib", "purelib", "platlib")))


def own_functions(source: Written, line: int) -> list[str]:
    """Return the names of the functions, and of the classes, that a line calls and that no library has.

    A method of the same object is one, and so is what a module or a class of its author's own has.
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
    if not method and any(_defines(node, name) for node in ast.walk(source.tree) if node is not source.tree):
        return True
    value = value_of(first, source.function)
    if method:
        of_object = source.bound is not None and [a.arg for a in source.tree.args.args[:1]] == [first]
        owner = type(source.bound) if of_object else value
        value = inspect.getattr_static(owner, method, None) if isinstance(owner, type | ModuleType) else None
    parts = vars(value).values() if isinstance(value, type) else [value]
    plain = [p.__func__ if isinstance(p, MethodType | staticmethod | classmethod) else p for p in parts]
    return any(isinstance(part, FunctionType) and not _is_installed(part) for part in plain)


def inside_of(function: Any) -> Any:
    """The function that another is written around, or None: its attribute `around` says which.

    It is also the only one that a lambda calls, which may be a method of an object, or what a decorator
    makes, which takes any arguments. Of several it cannot be told which is meant.
    """
    if type(function) is not FunctionType:
        return None
    if hasattr(function, "around"):
        return function.around
    hands_on = function.__name__ == "<lambda>" or function.__code__.co_flags & inspect.CO_VARARGS
    if not hands_on:
        return None
    methods = [method for method in methods_read(function) if not _is_installed(method)]
    called: list[FunctionType | MethodType] = [*reached(function), *methods]
    return called[0] if len(called) == 1 and not _is_installed(called[0]) else None


def _is_installed(function: FunctionType | MethodType) -> bool:
    """Whether it is one of Python's own library or of a package that was installed: nobody's homework."""
    return function.__code__.co_filename.startswith(INSTALLED)


def stands_alone(function: Any) -> bool:
    """Whether a function or method was defined on its own, and reads nothing of another process.

    What a check defines around what it was handed does not: no line of it is its student's.
    """
    plain = function.func if isinstance(function, partial) else function
    plain = plain.__func__ if isinstance(plain, MethodType) else plain
    if type(plain) is not FunctionType or plain.__code__.co_freevars:
        return False
    known = (plain.__globals__.get(name) for name in plain.__code__.co_names)
    return not any(lives_elsewhere(value) for value in known)


def lives_elsewhere(function: Any) -> bool:
    """Whether a function stands for one of another process, which looks for the line there.

    Its class then has `__find_line__(self, rest, dout, seed)`, with the contract of `find_line`. Where a
    check is written around it, `__inside__`, and `__mended__(self, asked, found)`, which may add to what was
    found.
    """
    return hasattr(type(function), "__find_line__")
