"""Loops of a student's own that may never end once a value or a line is another: bounded, in steps.

What a followed function does itself passes probes, and is counted there; what it calls is not. To count steps
makes all else slow, so that is done only where what is called has such a loop at all.
"""

import dis
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from types import CodeType, FrameType, FunctionType, MethodType
from typing import Any

from course_lib.gradcheck.lines.raised import NOBODYS
from course_lib.gradcheck.lines.recursion import codes_of, value_of
from course_lib.gradcheck.lines.tape import TooLong

#: Lines that the functions with such loops may run in one call.
MOST_STEPS = 10_000

#: Values that are looked through for functions.
MOST = 300

#: What goes on for ever where a `for` runs over it.
ENDLESS = frozenset(("count", "cycle", "repeat", "iter"))


def may_wait(*values: Any) -> bool:
    """Whether functions, methods or objects reach a loop of their author's own that may have no end."""
    return any(map(waits, _codes(values)))


@contextmanager
def bounded() -> Iterator[None]:
    """Raise TooLong in a block that takes too many steps in loops that may have no end.

    Whoever traces already, as a debugger, goes on, and nothing is bounded.
    """
    if sys.gettrace() is not None:
        yield
        return
    left = MOST_STEPS

    def at_line(frame: FrameType, what: str, _: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            raise TooLong
        return at_line

    sys.settrace(lambda frame, what, _: at_line if waits(frame.f_code) else None)
    try:
        yield
    finally:
        sys.settrace(None)


@cache
def waits(code: CodeType) -> bool:
    """Whether a code that is no library's has a `while`, or may run over what has no end."""
    if code.co_filename.startswith(NOBODYS):
        return False
    steps = {step.offset: step for step in dis.get_instructions(code)}
    jumps = [step for step in steps.values() if step.opcode in dis.hasjrel + dis.hasjabs]
    begins = [_without_extension(steps, jump.argval) for jump in jumps if jump.argval < jump.offset]
    return not ENDLESS.isdisjoint(code.co_names) or any(name != "FOR_ITER" for name in begins)


def _without_extension(steps: dict[int, dis.Instruction], offset: int) -> str:
    """What a loop begins with, for which a long one needs several steps."""
    while steps[offset].opname == "EXTENDED_ARG":
        offset += 2
    return steps[offset].opname


def _codes(values: Iterable[Any]) -> Iterator[CodeType]:
    """The code of everything that values may call, as far as it is found by names and in what they hold."""
    seen, to_look_through = set[int](), list(values)
    while to_look_through and len(seen) < MOST:
        value = to_look_through.pop(0)
        if id(value) in seen:
            continue
        seen.add(id(value))
        if type(value) is FunctionType:  # and nothing that stands for one of another process
            found = [] if value.__code__.co_filename.startswith(NOBODYS) else [*codes_of(value.__code__)]
            yield from found
            names = {name for code in found for name in (*code.co_names, *code.co_freevars)}
            to_look_through += [value_of(name, value) for name in names]
        else:
            to_look_through += _held(value)


def _held(value: Any) -> list[Any]:
    """What a value holds, of which nothing is asked that it answers itself."""
    kind = type(value)
    if kind in (MethodType, staticmethod, classmethod):
        return [value.__func__, getattr(value, "__self__", None)]
    if kind is partial:
        return [value.func, *value.args, *value.keywords.values()]
    if kind in (dict, list, tuple):
        return list(value.values() if kind is dict else value)[:MOST]
    if issubclass(kind, type):
        return [] if value.__module__ in sys.stdlib_module_names else list(vars(value).values())
    asked: Any = kind.__getattribute__
    plain = asked is object.__getattribute__ and not hasattr(kind, "__getattr__")
    return [kind, *vars(value).values()] if plain and hasattr(value, "__dict__") else []
