"""What is said of an object that stays on the student's side, so that its handle can do what it can.

A trait is a letter. Most stand for a special method that the object's class has: a handle has it, too, and no
other. The rest tell what kind of thing it is: a claim like any other, on which no number depends.
"""

from __future__ import annotations

import inspect
from abc import ABCMeta
from collections import UserList, UserString
from collections.abc import Mapping, Sequence, Set
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import partial
from numbers import Integral, Rational, Real
from types import CodeType, FunctionType, GeneratorType, MappingProxyType
from typing import Any

METHODS = {
    "c": "__call__",
    "l": "__len__",
    "i": "__iter__",
    "n": "__next__",
    "k": "__contains__",
    "g": "__getitem__",
    "s": "__setitem__",
    "d": "__delitem__",
    "w": "__enter__",
    "r": "__reversed__",
    "f": "__float__",
    "I": "__int__",
    "x": "__index__",
    "C": "__complex__",
    "h": "__hash__",
    "o": "__fspath__",
    "D": "__dataclass_fields__",
}
KINDS: dict[str, type] = {
    "F": FunctionType,
    "G": GeneratorType,
    "O": CodeType,
    "P": property,
    "A": partial,
    "T": type,
    "1": list,
    "2": dict,
    "3": set,
    "4": tuple,
    "5": int,
    "6": str,
    "7": float,
    "8": complex,
    "9": bytes,
    "0": frozenset,
    "E": Enum,
}
ABSTRACT: dict[str, ABCMeta] = {
    "M": Mapping,
    "Q": Sequence,
    "S": Set,
    "N": Integral,
    "R": Rational,
    "V": Real,
}
# What equals what plain data equals, by a method of Python's own, though it extends no type of ``KINDS``.
WRAPPERS: dict[str, tuple[Any, type]] = {
    "m": (Mapping.__eq__, dict),
    "p": (MappingProxyType.__eq__, dict),
    "Y": (Set.__eq__, set),
    "q": (type({}.keys()).__eq__, set),
    "v": (type({}.items()).__eq__, set),
    "L": (UserList.__eq__, list),
    "u": (UserString.__eq__, str),
    "e": (Decimal.__eq__, Decimal),
    "y": (date.__eq__, date),
    "a": (datetime.__eq__, datetime),
    "t": (timedelta.__eq__, timedelta),
}
# What an object holds as plain data: of a plain type that it extends, or of a number such as SymPy's.
CONTENTS = {letter: kind for letter, kind in KINDS.items() if letter.isdigit()}
CONTENTS |= {"N": int, "R": Fraction, "V": float}
CONTENTS |= {letter: kind for letter, (_, kind) in WRAPPERS.items()}
SEEDED = (str, bytes, tuple, frozenset, date, datetime)  # hashed otherwise by each process
HASHED_AS_CONTENT = "H"
EQUAL_TO_ITSELF = "="  # and to nothing else
LETTERS = frozenset({*METHODS, *KINDS, *ABSTRACT, *WRAPPERS, HASHED_AS_CONTENT, EQUAL_TO_ITSELF})
MOST_CLASSES = 1000

_known: dict[type, str] = {}


def traits_of(value: Any) -> str:
    """The traits of an object, by its class."""
    kind: Any = type(value)
    if kind not in _known:
        if len(_known) >= MOST_CLASSES:
            _known.clear()
        found = [letter for letter, name in METHODS.items() if _has(kind, name)]
        found += [letter for letter, known in (KINDS | ABSTRACT).items() if issubclass(kind, known)]
        found += [letter for letter, (equals, _) in WRAPPERS.items() if kind.__eq__ is equals]
        if any(issubclass(kind, plain) and kind.__hash__ is plain.__hash__ for plain in SEEDED):
            found.append(HASHED_AS_CONTENT)
        if kind.__eq__ is object.__eq__:
            found.append(EQUAL_TO_ITSELF)
        _known[kind] = "".join(found)
    return _known[kind]


def _has(kind: type, name: str) -> bool:
    """Whether objects of a class have a method; the class's own class may have one of that name, too."""
    return next((vars(base)[name] for base in kind.__mro__ if name in vars(base)), None) is not None


def is_exception_class(value: Any) -> bool:
    """Whether a value is a class of exceptions."""
    return inspect.isclass(value) and issubclass(value, Exception)
