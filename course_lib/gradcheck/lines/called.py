"""Which functions of its author's own a line calls, or a lambda: the slip may be in one of them."""

import ast
import dis
import inspect
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from types import FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from course_lib.gradcheck.lines.raised import NOBODYS
from course_lib.gradcheck.lines.recursion import NAMES, reached, value_of
from course_lib.gradcheck.lines.site import is_load
from course_lib.gradcheck.lines.source import FunctionSource, Written

#: What a function does besides calling another one and naming what comes of it: with any of it, it computes.
COMPUTES = ("BINARY_OP", "UNARY", "COMPARE", "CONTAINS", "IS_OP", "BUILD", "FOR_ITER", "POP_JUMP", "MAKE")

#: Values that call nothing.
DATA = (np.ndarray, np.generic, int, float, str, type(None), list, tuple, dict)


def own_functions(source: Written, line: int) -> list[str]:
    """Return the names of the functions, and of the classes, that a line calls and that no library has.

    A method of the same object is one, and so is what a module or a class of its author's own has.
    """
    if not isinstance(source, FunctionSource):
        return []
    names = list(dict.fromkeys(_called(source, line)))
    return [name for name in names if _is_own(source, name)]


def _called(source: FunctionSource, line: int) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and node.lineno <= line <= (node.end_lineno or node.lineno):
            holder = node.func
            while isinstance(holder, ast.Attribute | ast.Subscript):
                holder = holder.value
            if isinstance(holder, ast.Name) or not isinstance(node.func, ast.Attribute):
                yield ast.unparse(node.func)
            yield from (ast.unparse(part) for part in node.args if _is_function(source, part))


def _is_function(source: FunctionSource, part: ast.expr) -> bool:
    """Whether a function is handed to another one, as to `map`."""
    if not isinstance(part, ast.Name):
        return False
    inside = any(isinstance(node, ast.FunctionDef) and node.name == part.id for node in ast.walk(source.tree))
    return inside or isinstance(value_of(part.id, source.function), FunctionType)


def _makes(node: ast.AST, name: str) -> bool:
    """Whether a part of a function gives a name a value: as an argument, a variable, a function inside."""
    if isinstance(node, ast.Name):
        return node.id == name and not is_load(node)
    return (isinstance(node, ast.arg) and node.arg == name) or (
        isinstance(node, ast.FunctionDef) and node.name == name
    )


def _is_own(source: FunctionSource, name: str) -> bool:
    first, _, method = name.partition(".")
    if (
        not first.isidentifier() or "." in method
    ):  # of what something holds, as `backs[i]`, `self.gate.backward`
        library = isinstance(value_of(first, source.function), ModuleType)
        return not library and not any(hasattr(plain, name.rpartition(".")[2]) for plain in DATA)
    of_object = source.bound is not None and [a.arg for a in source.tree.args.args[:1]] == [first]
    if not of_object and any(
        _makes(node, first) for node in ast.walk(source.tree) if node is not source.tree
    ):
        return not any(hasattr(plain, method) for plain in DATA)  # of whatever it is at a time
    value = value_of(first, source.function)
    if method:
        owner = type(source.bound) if of_object else value
        value = inspect.getattr_static(owner, method, None) if isinstance(owner, type | ModuleType) else None
    parts = vars(value).values() if isinstance(value, type) else [value]
    plain = [p.__func__ if isinstance(p, MethodType | staticmethod | classmethod) else p for p in parts]
    return any(isinstance(part, FunctionType) and not _is_installed(part) for part in plain)


def inside_of(function: Any) -> Any:
    """The function that another is written around, or None: its attribute `around` says which.

    It is also the only one that a lambda calls, which may be a method of an object, or that a function calls
    which does nothing else, or what a decorator makes, which takes any arguments. Of several it cannot be
    told which is meant.
    """
    if type(function) is not FunctionType:
        return None
    if hasattr(function, "around"):
        return function.around
    if not (function.__name__ == "<lambda>" or takes_any(function) or _only_calls(function)):
        return None
    methods = [method for method in _methods_read(function) if not _is_installed(method)]
    called: list[FunctionType | MethodType] = [
        *(one for one in reached(function) if one is not function),  # of which it may keep something
        *methods,
    ]
    return called[0] if len(called) == 1 and not _is_installed(called[0]) else None


def _methods_read(function: FunctionType) -> Iterator[FunctionType | MethodType]:
    """The methods that another reads of objects by a plain name, `model.loss`, each once; one that knows
    nothing of its object is a function.
    """
    steps = list(dis.get_instructions(function.__code__))
    pairs = {
        (str(one.argval), str(other.argval))
        for one, other in pairwise(steps)
        if one.opname in NAMES and other.opname in ("LOAD_ATTR", "LOAD_METHOD")
    }
    for name, attribute in pairs:
        value = value_of(name, function)
        method = inspect.getattr_static(type(value), attribute, None)
        if isinstance(getattr(method, "__func__", method), FunctionType):
            yield method.__get__(value)


def takes_any(function: Any) -> bool:
    """Whether a function takes any number of arguments, as what a decorator makes does."""
    return bool(function.__code__.co_flags & inspect.CO_VARARGS)


def _only_calls(function: FunctionType) -> bool:
    """Whether all that a function does is to call another one, and to hand on what that returns or a part."""
    instructions = dis.get_instructions(function)
    steps = [step.opname for step in instructions if step.argrepr != "[]"]  # an operator since Python 3.14
    calls = sum(step.startswith("CALL") and "INTRINSIC" not in step for step in steps)
    return calls == 1 and not any(step.startswith(COMPUTES) for step in steps)


def _is_installed(function: FunctionType | MethodType) -> bool:
    """Whether it is one of Python's own library or of a package that was installed: nobody's homework."""
    return function.__code__.co_filename.startswith(NOBODYS)


def stands_alone(function: Any) -> bool:
    """Whether a function or method was defined on its own, and reads nothing of another process.

    What a check defines around what it was handed does not: no line of it is its student's. Around it may be
    data, and functions of the same file.
    """
    plain = function.func if isinstance(function, partial) else function
    plain = plain.__func__ if isinstance(plain, MethodType) else plain
    if type(plain) is not FunctionType:
        return False
    around = [value_of(name, plain) for name in plain.__code__.co_freevars]
    known = (plain.__globals__.get(name) for name in plain.__code__.co_names)
    return all(_is_beside(value, plain) for value in around) and not any(map(lives_elsewhere, known))


def _is_beside(value: object, function: FunctionType) -> bool:
    """Whether a value is data, or a function that was written where another one was."""
    if type(value) is FunctionType:
        return value.__code__.co_filename == function.__code__.co_filename
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return isinstance(value, DATA) and all(_is_beside(part, function) for part in parts)


def lives_elsewhere(function: Any) -> bool:
    """Whether a function stands for one of another process, which looks for the line there.

    Its class then has `__find_line__(self, rest, dout, seed)`, with the contract of `find_line`. Where a
    check is written around it, `__inside__`, and `__mended__(self, asked, found)`, which may add to what was
    found.
    """
    return hasattr(type(function), "__find_line__")
