"""Tables are told by the library that they come from, priced, and made of parts or refused."""

import sys

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from autograder.student_side import data_frames
from autograder.student_side.frames import WireError
from autograder.student_side.tables import (
    Numbers,
    is_mutable,
    made_of,
    may_be_one,
    overwrite,
    parts_of,
    price,
)
from tests.autograder.student_side.crossing import received

SERIES, MATRIX = pd.Series([1.0, 2.0]), sparse.csr_array([[1.0, 0.0], [0.0, 2.0]])


def from_module(module):
    return type("Own", (), {"__module__": module})


def test_a_class_is_a_librarys_by_its_module():
    for kind in (
        pd.Series,
        type(MATRIX),
        from_module("pandas"),
        from_module("scipy.x.y"),
        from_module("pandas.z"),
    ):
        assert may_be_one(kind)
    for kind in (
        int,
        np.ndarray,
        from_module("pandas_"),
        from_module("x.pandas"),
        from_module(5),
        from_module(""),
    ):
        assert not may_be_one(kind)


def test_frames_series_and_matrices_can_be_changed_in_place():
    for value in (SERIES, SERIES.to_frame(), MATRIX, SERIES.array):
        assert is_mutable(value)
    for value in (SERIES.index, pd.NA, pd.Timestamp(0)):
        assert not is_mutable(value)


def test_a_table_is_made_of_its_parts_again():
    for value in (SERIES, SERIES.index, pd.NaT):
        got = made_of(parts_of(value), received())
        assert type(got) is type(value)
    assert made_of(parts_of(SERIES), received()).equals(SERIES)
    assert (made_of(parts_of(MATRIX), received()) != MATRIX).nnz == 0


def test_what_the_libraries_raise_means_that_a_value_stays(monkeypatch):
    for error in (TypeError, ValueError, AttributeError, NotImplementedError, OverflowError):

        def raising(value, error=error):
            raise error

        monkeypatch.setattr(data_frames, "parts_of", raising)
        assert parts_of(SERIES) is None


def test_without_its_library_nothing_is_a_table(monkeypatch):
    for name in ("pandas", "scipy.sparse"):
        monkeypatch.delitem(sys.modules, name)
    assert parts_of(from_module("pandas")()) is None
    assert parts_of(from_module("scipy.sparse")()) is None
    assert not sys.modules.keys() & {"pandas", "scipy.sparse"}


def test_each_object_that_is_made_has_its_price():
    row = ("pandas.numbers", Numbers(np.ones(2)))
    assert price(("pandas.NA",)) == 4096
    assert price(("pandas.DataFrame", ("pandas.Index", row, None), (row, row))) == 5 * 4096
    assert price(("scipy.csr_array", (2, 3), Numbers(np.ones(2)))) == 4096
    for parts in ((), ("numpy.x",), (1, "pandas.x"), ["pandas.x"], "pandas.x", (("a", ("b", 2)),), (5, ())):
        assert price(parts) == 0


def test_parts_begin_with_a_kind():
    for parts in ([], (), (1,), ["pandas.NA"], None, ((),)):
        with pytest.raises(WireError, match="a tuple of parts that begins with its kind"):
            made_of(parts, received())


def test_parts_that_do_not_fit_are_refused_in_our_words():
    with pytest.raises(WireError, match=r"cannot be made of these parts \(ValueError\)"):
        made_of(("pandas.DataFrame", 1), received())
    with pytest.raises(WireError, match=r"cannot be made of these parts \(IndexError\)"):
        made_of(("pandas.Timestamp",), received())
    with pytest.raises(WireError, match="should be an integer"):
        made_of(("pandas.Timestamp", "a"), received())
    with pytest.raises(WireError, match="two sizes and three rows"):
        made_of(("scipy.csr_array", 1), received())
    with pytest.raises(WireError, match="no index"):
        made_of(("numpy.csr_array", 1), received())


def test_a_library_that_is_not_here_is_named_as_such(monkeypatch):
    for name in ("pandas", "scipy"):
        monkeypatch.setitem(sys.modules, name, None)
    for kind in ("pandas.NA", "scipy.csr_array"):
        with pytest.raises(WireError, match="of a library that is not installed here"):
            made_of((kind, 1), received())


def test_the_time_zones_of_parts_are_noted_in_the_message():
    decoder = received()
    made_of(("pandas.Timestamp", 1, "s", "Europe/Paris"), decoder)
    assert decoder.zones == {"Europe/Paris"}


def test_a_table_is_overwritten_by_its_library():
    series, matrix = SERIES.copy(), MATRIX.copy()
    overwrite(series, pd.Series([3.0]))
    assert series.tolist() == [3.0]
    overwrite(matrix, sparse.csr_array(np.ones((2, 2))))
    assert matrix.nnz == 4
