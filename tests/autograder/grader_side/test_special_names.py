"""The special names that handles have or ask for are Python's own."""

import operator

import numpy as np

from autograder.grader_side.special_names import (
    ARITHMETIC,
    ASKED,
    BITWISE,
    COMPARING,
    COMPARISONS,
    IN_PLACE,
    MEASURING,
    UFUNCS,
)


class Noted:
    """Says which special method an array on the left of an operator would be answered by."""

    __array_ufunc__ = None


for name in {*UFUNCS.values()}:
    setattr(Noted, name, lambda self, other, name=name: name)


def test_the_operators_that_handles_have_are_python_s():
    for name in (*ARITHMETIC, *BITWISE):
        assert hasattr(int, f"__{name}__") or name == "matmul"
        assert hasattr(int, f"__r{name}__") or name == "matmul"
    assert all(hasattr(operator, f"__i{name}__") for name in IN_PLACE)
    assert all(hasattr(operator, name) for name in COMPARISONS)
    assert (len(ARITHMETIC), len(BITWISE), len(COMPARISONS)) == (11, 3, 6)
    assert set(ARITHMETIC) - set(IN_PLACE) == {"divmod", "lshift", "rshift"}


def test_an_array_on_the_left_asks_for_what_python_would_ask_of_the_right():
    array = np.ones((2, 2))
    of_python = {
        "add": operator.add,
        "subtract": operator.sub,
        "multiply": operator.mul,
        "divide": operator.truediv,
        "floor_divide": operator.floordiv,
        "remainder": operator.mod,
        "power": operator.pow,
        "matmul": operator.matmul,
        "less": operator.lt,
        "less_equal": operator.le,
        "greater": operator.gt,
        "greater_equal": operator.ge,
        "equal": operator.eq,
        "not_equal": operator.ne,
    }
    assert {name: operate(array, Noted()) for name, operate in of_python.items()} == UFUNCS
    assert all(getattr(np, name).__name__ == name for name in UFUNCS)


def test_what_an_object_is_asked_is_what_says_something():
    assert {"__add__", "__radd__", "__iadd__", "__lt__", "__and__", "__rand__", "__iand__"} <= ASKED
    assert {"__doc__", "__len__", "__contains__", "__enter__", "__hash__", "__mro__", "__slots__"} <= ASKED
    assert {"__divmod__", "__rxor__", "__imatmul__", "__eq__", "__float__", "__exit__"} <= ASKED
    assert not ASKED & {"__class__", "__array__", "__getattr__", "__reduce__", "__rlt__", "__idivmod__"}
    assert all(name.startswith("__") and name.endswith("__") for name in ASKED)


def test_what_says_nothing_of_values_measures_nothing():
    assert {"sum", "real", "abs", "total_seconds", "upper", "union", "keys"} <= MEASURING
    assert not MEASURING & {"data", "shape", "ndim", "dtype", "__abs__"}


def test_no_object_answers_what_compares():
    of_values = {"equals", "allclose", "array_equal", "isin", "eq", "ne", "compare", "sub", "subtract"}
    of_values |= {"difference", "symmetric_difference", "intersection", "union"}
    of_python = {"issubset", "issuperset", "isdisjoint", "startswith", "endswith"}
    assert of_values | of_python == COMPARING
