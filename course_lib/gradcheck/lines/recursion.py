"""Whether a function calls itself: by its name, as a method of its object, or through other functions."""

import ast
import dis
from collections.abc import Iterator
from types import CodeType, FunctionType

#: What reads a plain name, of a file or of what a function was defined in.
NAMES = ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF")

#: So many functions are looked through.
MOST = 100


def calls_itself(tree: ast.FunctionDef, function: FunctionType) -> bool:
    """Whether a function, of which ``tree`` is the definition, can come to run inside of itself."""
    named = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == tree.name]
    if named and all(isinstance(node.ctx, ast.Load) for node in named):  # else a variable is called so
        return True
    return _as_method(tree) or _through_others(function)


def _as_method(tree: ast.FunctionDef) -> bool:
    """Whether it calls the method of its own name of its first argument, `self`."""
    arguments = tree.args.posonlyargs + tree.args.args
    return bool(arguments) and any(
        isinstance(node, ast.Attribute)
        and node.attr == tree.name
        and isinstance(node.value, ast.Name)
        and node.value.id == arguments[0].arg == "self"
        for node in ast.walk(tree)
    )


def _through_others(function: FunctionType) -> bool:
    seen: list[FunctionType] = []
    to_look_through = list(reached(function))
    while to_look_through and len(seen) < MOST:
        other = to_look_through.pop()
        if other is function:
            return True
        if not any(other is one for one in seen):
            seen.append(other)
            to_look_through += reached(other)
    return False


def reached(function: FunctionType) -> Iterator[FunctionType]:
    """The functions that another reads by a plain name, of its file or of what it was defined in."""
    names = {
        name for code in codes_of(function.__code__) if _may_reach(code, function) for name in _read(code)
    }
    for name in names:
        value = value_of(name, function)
        if isinstance(value, FunctionType):
            yield value


def value_of(name: str, function: FunctionType) -> object:
    """What a name in a function stands for, around it or in its file; None where it has no value yet."""
    around = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=False))
    if name not in around:
        return function.__globals__.get(name)
    try:
        value: object = around[name].cell_contents
    except ValueError:  # it is still empty
        return None
    return value


def _may_reach(code: CodeType, function: FunctionType) -> bool:
    """Whether any of its words is the name of a function, or it reads what it was defined in.

    Most functions call those of NumPy alone: to look at every step of them takes longer than all else.
    """
    known = function.__globals__
    return bool(code.co_freevars) or any(isinstance(known.get(name), FunctionType) for name in code.co_names)


def codes_of(code: CodeType) -> Iterator[CodeType]:
    """Yield a code and those of the functions inside."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes_of(constant)


def _read(code: CodeType) -> Iterator[str]:
    for step in dis.get_instructions(code):
        if step.opname in NAMES:
            yield str(step.argval)
