"""Which names a cell takes from outside itself."""

from __future__ import annotations

import builtins
import dis
from collections.abc import Iterator
from types import CodeType

LOADS = frozenset({"LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"})
STORES = frozenset({"STORE_NAME", "STORE_GLOBAL"})


def free_names(code: CodeType) -> set[str]:
    """The global names that a cell's code, or a function in it, reads and neither the cell nor Python defines."""
    read, defined = set(), set()
    for part in _all_code(code):
        for instruction in dis.get_instructions(part):
            if instruction.opname in LOADS:
                read.add(instruction.argval)
            elif instruction.opname in STORES:
                # In a class body these are names of the class; that a student's name is missed then is harmless.
                defined.add(instruction.argval)
    return read - defined - set(vars(builtins))


def _all_code(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _all_code(constant)
