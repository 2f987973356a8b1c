"""Both sides know the same classes by the same names, and no others."""

import abc
import enum
import re
import sys

import pandas as pd
import pytest

from autograder.student_side.classes import CLASSES, CLASSES_OF, ERRORS, class_called, name_of_class

KNOWN = """
    builtins.int builtins.ValueError builtins.object builtins.type numpy.float64 numpy.ndarray
    numpy.generic numpy.number numpy.integer numpy.floating collections.OrderedDict
    collections.defaultdict collections.Counter collections.deque datetime.date datetime.datetime
    datetime.time datetime.timedelta decimal.Decimal fractions.Fraction abc.ABC enum.Enum enum.IntEnum
    enum.StrEnum enum.Flag enum.IntFlag builtins.NoneType builtins.function builtins.generator
    decimal.InvalidOperation decimal.DivisionByZero dataclasses.FrozenInstanceError
    numpy.linalg.LinAlgError pandas.DataFrame pandas.Series pandas.Index pandas.Timestamp
    pandas.MultiIndex pandas.DatetimeIndex pandas.RangeIndex pandas.Categorical pandas.Timedelta
"""


@pytest.mark.parametrize("name", KNOWN.split())
def test_a_class_is_called_by_one_name(name):
    kind = class_called(name)
    assert isinstance(kind, type)
    assert name_of_class(kind) == name
    assert kind.__qualname__ == name.rpartition(".")[2]


@pytest.mark.parametrize("name", ["os.system", "int", "pandas.read_csv", "pandas.Grouper", "builtins.id", ""])
def test_nothing_else_has_a_name(name):
    assert class_called(name) is None


def test_classes_of_ones_own_have_none():
    for name in ("Own", "DataFrame", "Series", "int"):
        assert name_of_class(type(name, (), {})) is None
    for kind in (pd.Flags, pd.Grouper):
        assert name_of_class(kind) is None


def test_errors_of_libraries_are_known_by_their_own_names_too():
    names = {"InvalidOperation", "DivisionByZero", "FrozenInstanceError", "LinAlgError", re.error.__name__}
    assert set(ERRORS) == names
    assert all(name_of_class(kind).endswith(f".{name}") for name, kind in ERRORS.items())


def test_without_pandas_its_classes_are_none(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    assert class_called("pandas.Series") is None
    monkeypatch.delitem(sys.modules, "pandas")
    assert name_of_class(pd.Series) is None


def test_a_class_that_a_class_may_be_of_is_one_of_three():
    assert {type, type(abc.ABC), type(enum.Enum)} == CLASSES_OF
    assert "numpy.float64" in CLASSES
