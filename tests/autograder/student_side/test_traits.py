"""An object's traits are the special methods of its class, and what kind of thing it is."""

from collections import OrderedDict, UserDict, UserList, deque
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from fractions import Fraction
from functools import partial

import numpy as np
import pytest

from autograder.student_side import traits
from autograder.student_side.traits import CONTENTS, LETTERS, is_exception_class, traits_of

METHODS = {
    "c": "call",
    "l": "len",
    "i": "iter",
    "n": "next",
    "k": "contains",
    "g": "getitem",
    "s": "setitem",
    "d": "delitem",
    "w": "enter",
    "r": "reversed",
    "f": "float",
    "I": "int",
    "x": "index",
    "C": "complex",
    "h": "hash",
    "o": "fspath",
    "D": "dataclass_fields",
}


@dataclass
class Point:
    """A data class, whose objects have no hash."""

    x: int = 0


class Kind(Enum):
    """Its class has methods that a member has not."""

    A = 1


def function():
    """Generate nothing."""
    yield


def made(*bases):
    return type("Own", bases, {})


@pytest.mark.parametrize(("letter", "name"), METHODS.items())
def test_a_special_method_of_the_class_is_a_trait(letter, name):
    kind = type("Own", (), {"__hash__": None, f"__{name}__": lambda self: None})
    assert traits_of(kind()) == f"{letter}="
    assert traits_of(type("Below", (kind,), {})()) == f"{letter}="
    assert traits_of(type("Without", (kind,), {f"__{name}__": None})()) == "="


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *((object(), "h"), (Point(), "D"), (Kind.A, "hE"), (function, "chF"), (function(), "inhG")),
        *((function.__code__, "hO"), (property(), "hP"), (partial(int), "chA"), (int, "chT"), (Point, "chT")),
        *((made(list)(), "likgsdrh1Q"), (made(dict)(), "likgsdrh2M"), (made(set)(), "likh3S")),
        *((made(tuple)(), "likghH4Q"), (made(int)(1), "fIxh5NRV"), (made(str)("a"), "likghH6Q")),
        *((made(float)(1), "fIh7V"), (made(complex)(1), "Ch8"), (made(bytes)(b"a"), "likghH9Q")),
        *((made(frozenset)(), "likhH0S"), (made(UserDict)(), "likgsdMm"), (made(UserList)(), "likgsdrQL")),
        *((IntEnum("K", "a").a, "fIxh5ENRV"), (Fraction(1, 2), "fIhCRV"), (made(OrderedDict)(), "likgsdr2M")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_traits_tell_what_an_object_can_do_and_what_it_is(value, expected):
    missing = {"h"} if type(value).__hash__ is None else set()
    assert set(traits_of(value)) - {"="} == set(expected) - missing
    assert len(traits_of(value)) == len(set(traits_of(value)))


def test_what_is_hashed_or_equal_by_its_class_is_told_from_what_is_not():
    own = type("Own", (str,), {"__hash__": lambda self: 1})
    lent = type("Own", (), {"__hash__": str.__hash__})
    assert "H" not in traits_of(own("a")) + traits_of(made(int)(1)) + traits_of(lent())
    equal = type("Own", (), {"__eq__": lambda self, other: True})
    alike = [object(), function, partial(int), Kind.A, equal(), Point(), int, "a", np.zeros(1)]
    assert ["=" in traits_of(one) for one in alike] == [True] * 4 + [False] * 2 + [True, False, False]


def test_every_trait_is_one_of_the_letters():
    for value in (*(object(), 1, "a", Kind.A, Point, deque(), np.zeros(2), np.float64(1), function()),):
        assert LETTERS.issuperset(traits_of(value))
    assert set(METHODS) | set("FGOPAT1234567890E") | set("MQSNRVmpYqvLueyatH=") == LETTERS


def test_plain_types_that_a_thing_may_extend_have_digits_and_numbers_letters():
    kinds = {"1": list, "2": dict, "3": set, "4": tuple, "5": int, "6": str, "7": float, "8": complex}
    numbers = {"N": int, "R": Fraction, "V": float}
    wrappers = {"m": dict, "p": dict, "Y": set, "q": set, "v": set, "L": list, "u": str}
    wrappers |= {"e": Decimal, "y": date, "a": datetime, "t": timedelta}
    assert kinds | {"9": bytes, "0": frozenset} | numbers | wrappers == CONTENTS


def test_classes_are_remembered_up_to_a_thousand(monkeypatch):
    monkeypatch.setattr(traits, "_known", {})
    kinds = [made() for _ in range(1001)]
    for kind in kinds[:1000]:
        traits_of(kind())
    assert list(traits._known) == kinds[:1000]
    kinds[0].__len__ = len
    assert traits_of(kinds[0]()) == "h="  # as it was when it was first seen
    assert traits_of(kinds[1000]()) == "h="
    assert list(traits._known) == kinds[1000:]
    assert traits_of(kinds[0]()) == "lh="


def test_classes_of_exceptions_are_told_from_all_else():
    assert is_exception_class(ValueError)
    assert is_exception_class(made(KeyError))
    for value in (ValueError(), int, BaseException, SystemExit, "ValueError", function):
        assert not is_exception_class(value)
