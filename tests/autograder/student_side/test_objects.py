"""Objects are kept by number, told by their class, names and traits, and asked by operations with a name."""

import dataclasses
import operator
from collections import UserDict, UserList, UserString, namedtuple
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from numbers import Integral, Rational, Real
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pytest

from autograder.student_side import line_search, seeds
from autograder.student_side.frames import WireError
from autograder.student_side.objects import (
    MAX_HANDLES,
    OPERATIONS,
    Handles,
    described,
    done,
    is_record,
    short,
)

OPERATORS = """
add sub mul truediv floordiv mod pow matmul neg pos abs and_ or_ xor lshift rshift invert
iadd isub imul itruediv ifloordiv imod ipow imatmul iand ior ixor lt le gt ge eq ne setitem delitem
"""


class Own:
    """A thing of the student's, which says what it was asked."""

    def __init__(self, *args, **kwargs):
        self.told = args, kwargs
        self.left = []

    def method(self, a: int, *, b="two") -> list:
        """What it was given."""
        return a, b

    def __enter__(self):
        return self, "entered"

    def __exit__(self, *error):
        self.left.append(error)
        return "yes"

    def __str__(self):
        return "é\ud800" * 9

    def __repr__(self):
        return Text("<own>")

    def __format__(self, spec):
        return f"[{spec}]"


class Text(str):
    """A text that lies when it is cut."""

    def __getitem__(self, place):
        return "cut"

    def __str__(self):
        return "as a text"


def test_numbers_count_from_one_and_are_given_once():
    handles = Handles()
    one, two = [], []
    assert [handles.keep(one), handles.keep(two), handles.keep(one)] == [1, 2, 3]
    assert handles.get(1) is handles.get(3) is one
    assert handles.get(2) is two
    handles.release([1, 3, 9])
    for number in (1, 3, 0, 4):
        with pytest.raises(WireError, match=f"there is no object number {number}"):
            handles.get(number)
    assert handles.keep(one) == 4
    assert handles.get(2) is two


def test_an_object_has_one_number_as_long_as_it_is_held():
    handles = Handles()
    one, two = Own(), Own()
    assert [handles.keep_known(each) for each in (one, two, one)] == [1, 2, 1]
    assert handles.keep(one) == 3
    assert handles.keep_known(one) == 1
    handles.release([3])
    assert handles.keep_known(one) == 1
    handles.release([1])
    assert handles.keep_known(one) == 4
    assert handles.keep_known(two) == 2


def test_an_object_that_has_the_place_of_another_in_memory_has_a_number_of_its_own():
    handles = Handles()
    one, other = Own(), Own()
    number = handles.keep_known(one)
    handles._objects[number] = other  # as if `one` were gone, and `two` stood where it was
    assert handles.keep_known(one) == number + 1


def test_a_class_of_records_has_one_number_for_good():
    handles = Handles()
    assert [handles.keep_record(kind) for kind in (int, str, int)] == [1, 2, 1]
    assert handles.get(2) is str


def test_a_hundred_thousand_objects_are_the_most():
    handles = Handles()
    assert MAX_HANDLES == 100_000
    handles._objects = dict.fromkeys(range(-MAX_HANDLES, -1))
    handles.keep(None)
    with pytest.raises(WireError, match="more than 100000 objects are in use"):
        handles.keep(None)


def test_an_object_is_told_by_its_class_its_name_and_its_traits():
    def function():
        pass

    assert described(function) == ("function", "function", "chF=")
    assert described(Own()) == ("Own", "", "wh=")
    assert described(Own)[:2] == ("type", "Own")
    assert described(np.zeros(2, np.int8))[:2] == ("ndarray of dtype int8", "")
    assert described(np.ma.zeros(2))[0] == "MaskedArray"
    assert described(type("x" * 81, (), {})())[0] == "x" * 80
    named = Own()
    named.__name__ = 5
    assert described(named)[1] == ""
    named.__name__ = "x" * 81
    assert described(named)[1] == "x" * 80


def test_names_are_cut_and_have_letters_that_are_letters():
    assert short("é" * 80) == "é" * 80
    assert short("é" * 81) == "é" * 80
    assert short("a\ud800b") == "a?b"


class Pair(NamedTuple):
    """A record."""

    a: int
    b: int


def test_a_record_is_a_named_tuple_that_adds_nothing():
    assert is_record(Pair(1, 2))
    assert is_record(namedtuple("Wide", [f"x{n}" for n in range(64)])(*range(64)))
    assert not is_record(namedtuple("Wide", [f"x{n}" for n in range(65)])(*range(65)))
    assert not is_record((1, 2))
    assert not is_record(type("More", (Pair,), {})(1, 2))
    for fields in (["a", "b"], ("a",), ("a", 2), None):
        assert not is_record(type("Odd", (tuple,), {"_fields": fields})((1, 2)))
    assert is_record(type("Odd", (tuple,), {"_fields": ("a", "b"), "__slots__": ()})((1, 2)))
    for name in ("method", "__add__", "__repr__", "_asdict", "CONSTANT"):  # of which a copy has none
        own = {"_fields": ("a", "b"), "__slots__": (), name: 1 if name.isupper() else lambda self: 1}
        assert not is_record(type("Odd", (tuple,), own)((1, 2))), name
    assert not is_record(type("Odd", (list,), {"_fields": ("a", "b")})((1, 2)))


ASKED = {
    "call": ((lambda *args, **kwargs: (args, kwargs), 1, 2), ((1, 2), {"key": 3})),
    "method": ((Own(), "method", 1), (1, 4)),
    "getattr": ((Own, "__name__"), "Own"),
    "len": (([1, 2],), 2),
    "truth": (([],), False),
    "hash": ((7,), 7),
    "contains": (([1, 2], 2), True),
    "isinstance": ((1, int), True),
    "issubclass": ((bool, int), True),
    "of_method": ((Own(), "method", "__doc__"), "What it was given."),
    "complex": ((2,), 2 + 0j),
    "divmod": ((7, 2), (3, 1)),
    "float": (("1.5",), 1.5),
    "int": ((1.5,), 1),
    "index": ((True,), 1),
    "round": ((1.26, 1), 1.3),
    "getitem": (([1, 2], 1), 2),
}
KEYWORDS = {"call": {"key": 3}, "method": {"b": 4}}


@pytest.mark.parametrize(("name", "asked"), ASKED.items())
def test_an_operation_with_a_name_is_pythons(name, asked):
    arguments, answer = asked
    assert OPERATIONS[name](*arguments, **KEYWORDS.get(name, {})) == answer


@pytest.mark.parametrize("name", OPERATORS.split())
def test_operators_are_pythons(name):
    assert OPERATIONS[name] is getattr(operator, name)


def test_what_changes_an_object_changes_it():
    own = Own()
    OPERATIONS["setattr"](own, "x", 5)
    assert own.x == 5
    OPERATIONS["delattr"](own, "x")
    assert not hasattr(own, "x")
    assert next(OPERATIONS["iter"]([3])) == 3
    assert OPERATIONS["next"](iter([4])) == 4
    assert list(OPERATIONS["reversed"]([1, 2])) == [2, 1]
    inner = [[1]]
    copied, deep = OPERATIONS["copy"](inner), OPERATIONS["deepcopy"](inner)
    assert copied is not inner
    assert copied[0] is inner[0]
    assert deep == inner
    assert deep[0] is not inner[0]


def test_what_has_a_file_of_its_own_is_found_there():
    for name in ("find_line", "inside", "traced", "tried"):
        assert OPERATIONS[name] is getattr(line_search, name)
    assert OPERATIONS["set_states"] is seeds.set_states


def test_a_signature_is_told_by_parts():
    def function(a, /, b: int, *c, d=None, **e) -> str:
        pass

    assert OPERATIONS["signature"](function) == [
        (str,),
        *(["a", 0, (), ()], ["b", 1, (), (int,)]),
        *(["c", 2, (), ()], ["d", 3, (None,), ()], ["e", 4, (), ()]),
    ]
    assert OPERATIONS["signature"](lambda: 0) == [()]
    assert OPERATIONS["signature"](Own(), "method") == [
        *((list,), ["a", 1, (), (int,)], ["b", 3, ("two",), ()]),
    ]
    assert all(type(part[1]) is int for part in OPERATIONS["signature"](Own(), "method")[1:])


def test_a_text_is_of_exactly_str_and_cut():
    text = OPERATIONS["text"]
    assert text(Own(), 5, "str") == "é?é?é"
    assert (text(Own(), 3, "repr"), type(text(Own(), 3, "repr"))) == ("<ow", str)
    assert text(Own(), 9, "format", "spec") == "[spec]"
    assert text(Own(), 9, "format") == "[]"
    assert text(3.14159, 3, "format", ".4f") == "3.1"


def test_a_block_is_entered_and_left_by_its_class():
    own = Own()
    own.__enter__ = own.__exit__ = None
    assert OPERATIONS["enter"](own) == (own, "entered")
    error = ValueError("no")
    assert OPERATIONS["exit"](own, error) is True
    assert OPERATIONS["exit"](own, None) is True
    assert own.left == [(ValueError, error, None), (None, None, None)]


def lying(kind, value):
    """A thing of a class that extends ``kind``, and says of itself that it is another."""
    names = [
        f"__{name}__" for name in ["int", "float", "complex", "str", "bytes", "iter", "getitem", "index"]
    ]
    names += ["items", "__len__"]
    return type("Liar", (kind,), {name: lambda *_: None for name in names})(value)


@pytest.mark.parametrize(
    ("kind", "value", "content"),
    [
        *((int, 3, 3), (float, 1.5, 1.5), (complex, 1j, 1j), (str, "a", "a"), (bytes, b"ab", b"ab")),
        *((list, [1, 2], [1, 2]), (tuple, (1, 2), (1, 2)), (dict, {"a": 1}, [("a", 1)])),
        *((set, {1}, [1]), (frozenset, {1}, [1])),
    ],
)
def test_what_extends_a_plain_type_is_asked_for_what_it_holds_as_one(kind, value, content):
    for held in (lying(kind, value), type("Own", (kind,), {})(value)):
        got = OPERATIONS["content"](held)
        assert type(got) is type(content)
        assert got == content


MOMENT = datetime(2026, 1, 2, 3, 4, 5, 6, UTC, fold=1)


@pytest.mark.parametrize(
    ("value", "content"),
    [
        *(
            (MappingProxyType({"a": 1}), [("a", 1)]),
            ({"a": 1}.keys(), ["a"]),
            (UserDict({"a": 1}), [("a", 1)]),
        ),
        *((UserList([1, 2]), [1, 2]), (UserString("a"), "a"), (Decimal("2.5"), Decimal("2.5"))),
        *((date(2026, 1, 2), date(2026, 1, 2)), (timedelta(1, 2, 3), timedelta(1, 2, 3)), (MOMENT, MOMENT)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_pythons_own_library_wraps_is_asked_for_what_it_holds(value, content):
    got = OPERATIONS["content"](value)
    assert (type(got), repr(got)) == (type(content), repr(content))


def test_a_member_of_an_enumeration_holds_its_number():
    assert OPERATIONS["content"](IntEnum("Kind", "a b").b) == 2


@pytest.mark.parametrize(
    ("registered", "content"), [(Integral, 3), (Rational, Fraction(3, 2)), (Real, 1.5)], ids=str
)
def test_what_is_registered_as_a_number_holds_it(registered, content):
    number = type("Number", (), {"numerator": 3, "denominator": 2})
    number.__int__ = lambda self: 3
    number.__float__ = lambda self: 1.5
    registered.register(number)
    got = OPERATIONS["content"](number())
    assert (type(got), got) == (type(content), content)


def test_fields_of_a_data_class_are_told_by_parts():
    @dataclasses.dataclass
    class Point:
        x: int
        y: float = dataclasses.field(default=2.0, repr=False, kw_only=True, init=True, compare=False)
        z: list = dataclasses.field(default_factory=list, init=False)

    told = [["x", True, True, True, False, int, ()], ["y", True, False, False, True, float, (2.0,)]]
    told.append(["z", False, True, True, False, list, ()])
    assert OPERATIONS["fields"](Point) == told
    assert OPERATIONS["fields"](Point(1)) == told
    wide = dataclasses.make_dataclass("Wide", [f"x{n}" for n in range(64)])
    assert len(OPERATIONS["fields"](wide)) == 64
    with pytest.raises(WireError, match="a data class has more than 64 fields"):
        OPERATIONS["fields"](dataclasses.make_dataclass("Wide", [f"x{n}" for n in range(65)]))


def test_a_directory_holds_texts_only():
    odd = type("Odd", (), {"__dir__": lambda self: ["b", Text("c"), "a"]})()
    assert OPERATIONS["dir"](odd) == ["a", "b"]


def test_arguments_that_have_names_come_in_turns_with_these():
    assert done("call", (dict, [("a", 1)]), ("b", 2, "c", 3)) == {"a": 1, "b": 2, "c": 3}
