"""What pandas keeps arrives as it was; parts that do not fit are refused, and odd cells stay."""

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from autograder.student_side.data_frames import made_of, overwrite, parts_of
from autograder.student_side.frames import WireError
from autograder.student_side.tables import Numbers
from tests.autograder.student_side.crossing import across, received

PARIS, DAY = ZoneInfo("Europe/Paris"), dt.date(2026, 5, 4)
DAYS = pd.DatetimeIndex(["2026-01-01", "2026-01-02", "2026-01-03"], freq="D", name="day")
COLUMNS = {
    "numbers": pd.Series([1.5, np.nan], name="x"),
    "whole numbers": pd.Series([1, 2], dtype="int8", index=["a", "b"], name=("a", 1)),
    "truths": pd.Series([True, False]),
    "moments": pd.Series(DAYS),
    "moments of a zone": pd.Series(DAYS.tz_localize(PARIS)),
    "moments of a distance": pd.Series(DAYS.tz_localize(dt.timezone(dt.timedelta(hours=2))), index=[3, 4, 5]),
    "durations": pd.Series(pd.to_timedelta([1, 2], unit="s")),
    "texts": pd.Series(["a", None, "é"], dtype="string", index=[2, 1, 0]),
    "texts where what is missing is no number": pd.Series(["a", None], dtype="str"),
    "texts in Python": pd.Series(["a", pd.NA], dtype="string[python]"),
    "objects": pd.Series(
        ["a", 1, 2.5, None, b"x", 1j, [1, (2, {3})], {"a": [1]}, dt.date(1, 2, 3)], dtype=object
    ),
    "objects of NumPy's and pandas'": pd.Series(
        [np.float32(1), np.bool_(True), pd.Timestamp(5), pd.Timedelta(3), pd.NaT, pd.NA, pd.Period("2026")],
        dtype=object,
    ),
    "tuples": pd.Series([(1, 2), (3, 4)], index=[1, 0]),
    "categories": pd.Series(["b", "a", None], dtype="category", index=[0, 2, 1]),
    "ordered categories": pd.Series(pd.Categorical([3, 1], [3, 2, 1], ordered=True)),
    "whole numbers where some are missing": pd.Series([1, None], dtype="Int16", index=["a", "b"]),
    "unsigned ones": pd.Series([1, None], dtype="UInt64"),
    "numbers where some are missing": pd.Series([None, 1.5], dtype="Float32"),
    "truths where some are missing": pd.Series([None, True, False], dtype="boolean"),
    "months": pd.Series(pd.PeriodIndex(["2026-01", None], freq="M"), index=[1, 0]),
    "intervals": pd.Series(pd.arrays.IntervalArray.from_tuples([(0, 1.5), None], closed="left")),
    "intervals of days": pd.Series(pd.IntervalIndex.from_breaks(DAYS)),
    "what was cut": pd.cut(pd.Series([1, 2]), [0, 1, 3]),
    "nothing": pd.Series([], dtype=object),
}
MASKED = (
    "Int8",
    "Int16",
    "Int32",
    "Int64",
    "UInt8",
    "UInt16",
    "UInt32",
    "UInt64",
    "Float32",
    "Float64",
    "boolean",
)
INDEXES = {
    "a range": pd.RangeIndex(1, 9, 3, name="n"),
    "labels": pd.Index(["a", "b"], name=("x", 1)),
    "numbers": pd.Index([1.5, 2.5]),
    "objects": pd.Index(["a", 1, (2, 3)], dtype=object, name="o"),
    "days": DAYS,
    "moments of a zone": pd.DatetimeIndex(["2026-01-01", "2026-05-09"], tz=PARIS),
    "durations": pd.to_timedelta([1, 2, 3], unit="h"),
    "durations with a step": pd.timedelta_range("1h", periods=3, freq="2h"),
    "categories": pd.CategoricalIndex(["b", "a", "b"], ["b", "a"], ordered=True, name="c"),
    "two levels": pd.MultiIndex.from_tuples([("a", 1), ("b", 2), ("a", 2)], names=["x", None]),
    "months": pd.period_range("2026-01", periods=3, freq="M", name="m"),
    "intervals": pd.interval_range(0, 2, name="i"),
    "nothing": pd.Index([]),
}


def identical(one, other):
    """Whether two indexes, or the indexes of two columns, are alike in all that pandas shows of them."""
    pd.testing.assert_index_equal(one, other, exact=True, check_names=True)
    assert getattr(one, "freqstr", None) == getattr(other, "freqstr", None)


@pytest.mark.parametrize("series", COLUMNS.values(), ids=COLUMNS)
def test_a_series_arrives_as_it_was(series):
    got = across(series)
    pd.testing.assert_series_equal(got, series, check_freq=False)
    assert got.dtype == series.dtype
    assert type(got.array) is type(series.array)
    assert list(map(type, got.tolist())) == list(map(type, series.tolist()))
    assert got.name == series.name
    identical(got.index, series.index)


@pytest.mark.parametrize("name", ["numbers", "truths", "moments", "durations"])
def test_what_arrives_can_be_written_to(name):
    series, table = across(COLUMNS[name]), across(pd.DataFrame({"a": COLUMNS[name]}))
    for written in (series, table):
        written.iloc[0] = written.iloc[1]
        assert str(written.iloc[0]) == str(written.iloc[1]).replace("Name: 1", "Name: 0")


@pytest.mark.parametrize("index", INDEXES.values(), ids=INDEXES)
def test_an_index_arrives_as_it_was(index):
    got = across(index)
    assert type(got) is type(index)
    identical(got, index)
    series = pd.Series(range(len(index)), index=index)
    identical(across(series).index, index)


@pytest.mark.parametrize("name", MASKED)
def test_what_is_missing_stays_missing(name):
    series = pd.Series([1, None, 0], dtype=name)
    got = across(series)
    assert got.dtype == series.dtype
    assert got.isna().tolist() == [False, True, False]
    assert got.dropna().tolist() == [1, 0]


def test_a_data_frame_arrives_as_it_was():
    table = pd.DataFrame(
        {name: series.reset_index(drop=True)[:2] for name, series in COLUMNS.items() if len(series) >= 2},
        index=[7, 3],
    )
    table.insert(0, ("twice", 1), [1.0, 2.0])
    for name, series in COLUMNS.items():
        if len(series) >= 2:
            table[name] = series.array[:2]
    got = across(table)
    pd.testing.assert_frame_equal(got, table)
    assert got.dtypes.tolist() == table.dtypes.tolist()


def test_columns_of_one_name_and_no_columns_arrive():
    twice = pd.DataFrame([[1, "a"], [2, "b"]], columns=["x", "x"], index=DAYS[:2])
    pd.testing.assert_frame_equal(across(twice), twice)
    none = pd.DataFrame(index=[1, 2])
    assert across(none).shape == (2, 0)
    assert across(pd.DataFrame(columns=["a"])).columns.tolist() == ["a"]


@pytest.mark.parametrize(
    "value",
    [
        pd.Categorical(["b", None, "a"], ["b", "a"], ordered=True),
        *(pd.Series(["b", None, "b"]).unique(), pd.array([1, None]), pd.Series([1.5]).array, DAYS.array),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_bare_array_of_pandas_arrives(value):
    got = across(value)
    assert type(got) is type(value)
    assert got.dtype == value.dtype
    assert got.equals(value)
    got[0] = got[-1]


def test_a_bare_array_is_overwritten_by_one_of_its_length_and_dtype():
    value = pd.array([1, None])
    overwrite(value, pd.array([2, 3]))
    assert value.tolist() == [2, 3]
    for other in (pd.array([2]), pd.array([2.0, 3.0])):
        with pytest.raises(WireError, match="keep its length and dtype"):
            overwrite(value, other)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_moments_and_durations_keep_their_unit(unit):
    for value in (
        *(pd.Timestamp("2026-05-04 03:02:01").as_unit(unit), pd.Timedelta(5, "s").as_unit(unit)),
        *(
            pd.Timestamp("2026-05-04 03:02:01", tz=PARIS).as_unit(unit),
            pd.Timestamp(1, tz="UTC").as_unit(unit),
        ),
    ):
        got = across(value)
        assert type(got) is type(value)
        assert got == value
        assert got.unit == unit
        assert str(got) == str(value)


def test_a_month_and_an_interval_arrive_as_they_were():
    for value in (pd.Period("2026-05", "M"), pd.Interval(0, 1.5, "both"), pd.Interval(*DAYS[:2])):
        got = across(value)
        assert (type(got), got, str(got)) == (type(value), value, str(value))


def test_what_is_missing_is_the_very_one():
    assert across(pd.NaT) is pd.NaT
    assert across(pd.NA) is pd.NA


DEEP = [[[[1]]]]
STAYS = {
    "an object": pd.Series([object()]),
    "a cell that is nested too deep": pd.Series([[DEEP]], dtype=object),
    "dicts that are": pd.Series([{1: {2: {3: {4: {}}}}}]),
    "tuples that are": pd.Series([1], name=(((((1,),),),),)),
    "one in a dict": pd.Series([{"a": [[DEEP[0]]]}], dtype=object),
    "an object in a list": pd.Series([[object()]]),
    "an object in a dict": pd.Series([{"a": object()}]),
    "a key of a dict that is one": pd.Series([{object(): 1}]),
    "a subclass of a plain type": pd.Series([type("Own", (list,), {})()], dtype=object),
    "a name that is one": pd.Series([1], name=object()),
    "a part of a name": pd.Series([1], name=("a", object())),
    "an index of such": pd.Series([1], index=[object()]),
    "a name of an index": pd.Series([1], index=pd.RangeIndex(1, name=object())),
    "a level of such": pd.DataFrame([1], index=pd.MultiIndex.from_tuples([(1, object())])),
    "a name of a level": pd.Series([1], index=pd.MultiIndex.from_tuples([(1, 2)], names=[object(), None])),
    "a column of such": pd.DataFrame({"a": [1], "b": [object()]}),
    "columns of such": pd.DataFrame([[1]], columns=[object()]),
    "categories of such": pd.Categorical([object()]),
    "an interval between such": pd.interval_range(
        pd.Timestamp(0, tz=dt.timezone(dt.timedelta(0), "mine")), None, 2
    ),
    "sparse numbers": pd.Series(pd.arrays.SparseArray([0, 1])),
    "moments of a zone of its own": pd.Series(DAYS.tz_localize(dt.timezone(dt.timedelta(0), "mine"))),
    "a moment of one": pd.Timestamp(1, tz=dt.timezone(dt.timedelta(0), "mine")),
    "a series of a class of its own": type("Own", (pd.Series,), {})([1.0]),
    "a table of one": type("Own", (pd.DataFrame,), {})([1.0]),
    "an index of a class of its own": type("Own", (pd.Index,), {})._simple_new(np.array([1, 2])),
    "records": pd.Series(np.zeros(2, "V4")),
    "what is no table": pd.Series([1]).rolling(2),
}


@pytest.mark.parametrize("value", STAYS.values(), ids=STAYS)
def test_what_holds_something_that_does_not_cross_stays(value):
    assert parts_of(value) is None


def test_cells_are_nested_as_deep_as_four():
    for cell in (DEEP, {"a": [{1: {2}}]}, ((({},),),)):
        assert parts_of(pd.Series([cell], dtype=object)) is not None


def test_overwritten_tables_hold_the_others_values_and_labels():
    table = pd.DataFrame({"a": [1.0, 2.0]})
    same = table
    other = pd.DataFrame({"b": ["x"], "c": [1]}, index=["row"])
    overwrite(table, other)
    pd.testing.assert_frame_equal(same, other)
    other.loc["row", "c"] = 5
    assert table.loc["row", "c"] == 1
    series = pd.Series([1.0], name="old")
    overwrite(series, pd.Series(["a"], index=[4], name="new"))
    pd.testing.assert_series_equal(series, pd.Series(["a"], index=[4], name="new"))
    overwrite(series, pd.Series([1]))
    assert series.name is None


def numbers(*values, dtype=None):
    return Numbers(np.array(values, dtype))


DAYS_AS_NUMBERS = Numbers(DAYS.to_numpy())
ROW = ("pandas.numbers", numbers(1.0, 2.0))
INDEX = ("pandas.Index", ROW, None, None)
RANGE = ("pandas.RangeIndex", 0, 2, 1, None)
REFUSED = {
    "no index where there should be one": [
        *(("pandas.Own",), ("pandas.Series", ROW, ROW, None), ("pandas.DataFrame", RANGE, ("a",), ())),
        ("pandas.DataFrame", ("pandas.DataFrame", RANGE, RANGE, ()), RANGE, ()),
    ],
    "values that cross": [
        *(("pandas.Series", RANGE, ("pandas.own",), None), ("pandas.Series", RANGE, RANGE, None)),
        *(("pandas.Series", RANGE, ("pandas.objects", [1, 2]), None), ("pandas.array", ("pandas.own",))),
        ("pandas.Series", RANGE, ("pandas.numbers", np.ones(2)), None),
        ("pandas.Series", RANGE, ("pandas.texts", 1, "python", ("a", "b")), None),
        ("pandas.Series", RANGE, ("pandas.categories", INDEX, numbers(0, 1), 1), None),
        ("pandas.Series", RANGE, ("pandas.masked", "Int128", numbers(1, 2), numbers(True, False)), None),
        ("pandas.Series", RANGE, ("pandas.masked", "Int64", numbers(1, 2), (True, False)), None),
    ],
    "a row of numbers": [
        *(("pandas.Series", RANGE, ("pandas.numbers", numbers([1.0, 2.0])), None),),
        ("pandas.MultiIndex", (INDEX,), ((0, 1),), (None,)),
        ("pandas.MultiIndex", (INDEX,), (numbers([0, 1]),), (None,)),
        ("pandas.Series", RANGE, ("pandas.masked", "Int64", numbers(1, 2), numbers([True, False])), None),
    ],
    "should be an integer": [
        *(("pandas.RangeIndex", 0.0, 2, 1, None), ("pandas.RangeIndex", 0, True, 1, None)),
        *(("pandas.RangeIndex", 0, 2, "1", None), ("pandas.Timestamp", 1.0, "s", None)),
        *(("pandas.Timedelta", True, "s"), ("pandas.Period", "1", "D")),
    ],
    "a moment should have a unit": [("pandas.Timestamp", 1, "D", None), ("pandas.Timedelta", 1, None)],
    "a frequency should be a short text": [
        ("pandas.Index", ROW, None, 1),
        *(("pandas.Index", ROW, None, "D" * 25), ("pandas.Period", 1, 1)),
        ("pandas.Series", RANGE, ("pandas.periods", numbers(1, 2), None), None),
    ],
    "lie between small values": [("pandas.Interval", 0, object(), "left")],
    "a number of microseconds or a name": [
        ("pandas.Timestamp", 1, "s", 1.5),
        ("pandas.Series", RANGE, ("pandas.moments", numbers(1, 2, dtype="M8[s]"), 1.5), None),
    ],
}


@pytest.mark.parametrize("said", REFUSED)
def test_parts_that_make_no_table_are_refused(said):
    for parts in REFUSED[said]:
        with pytest.raises(WireError, match=said):
            made_of(parts, received())


@pytest.mark.parametrize(
    "parts",
    [
        ("pandas.MultiIndex", (INDEX,), (numbers(0, 5),), (None,)),
        ("pandas.Series", RANGE, ("pandas.categories", INDEX, numbers(0, 7), False), None),
        ("pandas.Series", RANGE, ("pandas.numbers", numbers(1.0)), None),
        ("pandas.Index", ("pandas.numbers", DAYS_AS_NUMBERS), None, "2D"),
        ("pandas.Index", ROW, [1], None),
    ],
    ids=["of one level", "a category that is not there", "too few numbers", "days and a time step", "a list"],
)
def test_parts_that_do_not_fit_together_are_refused_by_pandas(parts):
    with pytest.raises((ValueError, TypeError)):
        made_of(parts, received())


def test_a_frequency_of_24_letters_is_read():
    assert (
        made_of(("pandas.Index", ("pandas.numbers", DAYS_AS_NUMBERS), None, " " * 23 + "D"), received()).freq
        == "D"
    )
