"""pandas' data frames, series, indexes and moments, taken apart into plain parts and put together again.

Parts are tuples that begin with a name: ``pandas.DataFrame`` with columns, index and the columns' values;
``pandas.Series``; an index; the values of a column, by how pandas keeps them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.student_side.arrays import crosses
from autograder.student_side.exact import EXACT, zone_of, zone_parts
from autograder.student_side.frames import WireError
from autograder.student_side.tables import Numbers, Parts

if TYPE_CHECKING:
    from autograder.student_side.decoder import Decoder

MAX_FREQUENCY = 24
MASKED = {
    **dict.fromkeys(
        ["Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64"], "IntegerArray"
    ),
    **dict.fromkeys(("Float32", "Float64"), "FloatingArray"),
    "boolean": "BooleanArray",
}
CELLS = frozenset({str, int, float, bool, type(None), bytes, complex, *EXACT})


class StaysError(ValueError):
    """Of a table that has something in it that does not cross."""


def parts_of(value: Any) -> Parts | None:
    """What a value of pandas' is made of; None for one that does not cross."""
    import pandas as pd

    kind = type(value)
    if value is pd.NaT or value is pd.NA:
        return ("pandas.NaT" if value is pd.NaT else "pandas.NA",)
    if kind is pd.Timestamp:
        zone = zone_parts(value.tzinfo)
        return (
            None
            if zone is None
            else ("pandas.Timestamp", int(value.to_numpy().view("i8")), value.unit, *zone)
        )
    if kind is pd.Timedelta:
        return "pandas.Timedelta", int(value.to_numpy().view("i8")), value.unit
    if kind is pd.Period:
        return "pandas.Period", value.ordinal, value.freqstr
    if kind is pd.Interval:
        ends = value.left, value.right
        return ("pandas.Interval", *ends, value.closed) if all(map(_is_cell, ends)) else None
    try:
        parts: Parts | None = None
        if kind is pd.DataFrame:
            columns = tuple(_column(value.iloc[:, place]) for place in range(value.shape[1]))
            parts = ("pandas.DataFrame", _index(value.columns), _index(value.index), columns)
        elif kind is pd.Series:
            parts = ("pandas.Series", _index(value.index), _column(value), _label(value.name))
        elif isinstance(value, pd.api.extensions.ExtensionArray):
            parts = ("pandas.array", _column(pd.Series(value)))
        elif isinstance(value, pd.Index):
            parts = _index(value)
        return parts
    except StaysError:
        return None


def _label(name: Any) -> Any:
    if not _is_cell(name):
        raise StaysError
    return name


def _is_cell(value: Any, depth: int = 0) -> bool:
    """Whether a cell of a table crosses: a small value, or a list, tuple, dict or set of such."""
    import pandas as pd

    kind = type(value)
    if kind in (list, tuple, set):
        return depth < 4 and all(_is_cell(part, depth + 1) for part in value)
    if kind is dict:
        return depth < 4 and all(_is_cell(part, depth + 1) for pair in value.items() for part in pair)
    return (
        kind in CELLS
        or issubclass(kind, np.number | np.bool_)
        or kind in (pd.Timestamp, pd.Timedelta, pd.Period, pd.Interval, type(pd.NaT), type(pd.NA))
    )


def _index(index: Any) -> Parts:
    import pandas as pd

    kind = type(index)
    if kind is pd.RangeIndex:
        return "pandas.RangeIndex", index.start, index.stop, index.step, _label(index.name)
    if kind is pd.MultiIndex:
        levels = tuple(_index(level) for level in index.levels)
        codes = tuple(Numbers(np.asarray(code)) for code in index.codes)
        return "pandas.MultiIndex", levels, codes, tuple(map(_label, index.names))
    if kind not in (
        *(pd.Index, pd.DatetimeIndex, pd.TimedeltaIndex),
        *(pd.CategoricalIndex, pd.PeriodIndex, pd.IntervalIndex),
    ):
        raise StaysError
    frequency = None if kind is pd.PeriodIndex else getattr(index, "freqstr", None)
    return "pandas.Index", _column(index.to_series(index=range(len(index)))), _label(index.name), frequency


def _column(series: Any) -> Parts:
    import pandas as pd

    dtype, array = series.dtype, series.array
    if isinstance(dtype, np.dtype):
        values = series.to_numpy()
        if dtype.char == "O":
            if not all(map(_is_cell, values)):
                raise StaysError
            return "pandas.objects", tuple(values)
        if not crosses(values):
            raise StaysError
        return "pandas.numbers", Numbers(values)
    if isinstance(dtype, pd.StringDtype):
        nan = dtype.na_value is not pd.NA
        texts = tuple(
            None if missing else str(text) for text, missing in zip(array, series.isna(), strict=True)
        )
        return "pandas.texts", nan, dtype.storage, texts
    if isinstance(dtype, pd.CategoricalDtype):
        return (
            "pandas.categories",
            _index(dtype.categories),
            Numbers(np.asarray(array.codes)),
            bool(dtype.ordered),
        )
    if isinstance(dtype, pd.DatetimeTZDtype):
        zone = zone_parts(dtype.tz)
        if zone is None:
            raise StaysError
        moments = series.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
        return "pandas.moments", Numbers(moments), *zone
    if isinstance(dtype, pd.PeriodDtype):
        return "pandas.periods", Numbers(array.asi8), array.freqstr
    if isinstance(dtype, pd.IntervalDtype):
        return (
            "pandas.intervals",
            _column(pd.Series(array.left)),
            _column(pd.Series(array.right)),
            dtype.closed,
        )
    if str(dtype) in MASKED:
        missing = series.isna().to_numpy()
        values = series.to_numpy(dtype=dtype.numpy_dtype, na_value=0)
        return "pandas.masked", str(dtype), Numbers(values), Numbers(missing)
    raise StaysError


def made_of(parts: Parts, decoder: Decoder) -> Any:
    """A value of pandas', put together from its parts."""
    import pandas as pd

    kind = parts[0]
    if kind == "pandas.NaT" or kind == "pandas.NA":
        return pd.NaT if kind == "pandas.NaT" else pd.NA
    if kind == "pandas.Timestamp":
        moment = pd.Timestamp(np.datetime64(_int(parts[1]), _unit(parts[2])))
        zone = zone_of(parts[3], decoder)
        return moment if zone is None else moment.tz_localize("UTC").tz_convert(zone)
    if kind == "pandas.Timedelta":
        return pd.Timedelta(np.timedelta64(_int(parts[1]), _unit(parts[2])))
    if kind == "pandas.Period":
        return pd.Period(ordinal=_int(parts[1]), freq=_frequency(parts[2]))
    if kind == "pandas.Interval":
        _, *ends, closed = parts
        if not all(map(_is_cell, ends)):
            raise WireError("an interval should lie between small values")
        return pd.Interval(*ends, closed)
    if kind == "pandas.DataFrame":
        _, columns, index, values = parts
        rows = _made_index(index, decoder)
        made = {place: _made_column(column, decoder, rows) for place, column in enumerate(values)}
        table = pd.DataFrame(made, index=rows, copy=False)
        table.columns = _made_index(columns, decoder)
        return table
    if kind == "pandas.Series":
        _, index, values, name = parts
        made_series = _made_column(values, decoder, _made_index(index, decoder))
        made_series.name = name
        return made_series
    if kind == "pandas.array":
        return _made_column(parts[1], decoder, None).array.copy()  # a series' own is read-only
    return _made_index(parts, decoder)


def _made_index(parts: Parts, decoder: Decoder) -> Any:
    import pandas as pd

    if parts[0] == "pandas.RangeIndex":
        _, start, stop, step, name = parts
        return pd.RangeIndex(_int(start), _int(stop), _int(step), name=name)
    if parts[0] == "pandas.MultiIndex":
        _, levels, codes, names = parts
        made = [_made_index(level, decoder) for level in levels]
        return pd.MultiIndex(made, [_array(code) for code in codes], names=names, verify_integrity=True)
    if parts[0] != "pandas.Index":
        raise WireError("a table has no index where there should be one")
    _, values, name, frequency = parts
    series = _made_column(values, decoder, None)
    index = pd.Index(series, name=name, dtype=series.dtype)
    if frequency is not None:
        index.freq = _frequency(frequency)
    return index


def _frequency(part: Any) -> str:
    if type(part) is not str or len(part) > MAX_FREQUENCY:
        raise WireError("a frequency should be a short text")
    return part


def _made_column(parts: Parts, decoder: Decoder, rows: Any) -> Any:
    import pandas as pd

    match parts:
        case ("pandas.objects", tuple(cells)):
            values: Any = np.empty(len(cells), object)
            for place, cell in enumerate(cells):
                values[place] = cell
            return pd.Series(values, index=rows, dtype=object, copy=False)
        case ("pandas.numbers", Numbers() as numbers):
            values = _array(numbers)
        case ("pandas.texts", bool(nan), str(storage), tuple(texts)):
            dtype = pd.StringDtype(storage, na_value=np.nan) if nan else pd.StringDtype(storage)
            values = pd.array(list(texts), dtype=dtype)
        case ("pandas.categories", tuple(index), Numbers() as codes, bool(ordered)):
            categories = _made_index(index, decoder)
            values = pd.Categorical.from_codes(_array(codes), categories, ordered=ordered)
        case ("pandas.moments", Numbers() as moments, zone):
            utc = pd.Series(_array(moments), index=rows).dt.tz_localize("UTC")
            return utc.dt.tz_convert(zone_of(zone, decoder))
        case ("pandas.periods", Numbers() as numbers, frequency):
            values = pd.arrays.PeriodArray(_array(numbers), dtype=pd.PeriodDtype(_frequency(frequency)))
        case ("pandas.intervals", tuple(left), tuple(right), closed):
            ends = (_made_column(part, decoder, None).array for part in (left, right))
            values = pd.arrays.IntervalArray.from_arrays(*ends, closed=closed)
        case ("pandas.masked", str(name), Numbers() as numbers, Numbers() as missing) if name in MASKED:
            values = getattr(pd.arrays, MASKED[name])(_array(numbers), _array(missing))
        case _:
            raise WireError("a column should have values that cross")
    return pd.Series(values, index=rows, copy=False)


def overwrite(original: Any, changed: Any) -> None:
    """Have a data frame or series hold what another holds, its labels included; an array its elements."""
    import pandas as pd

    if isinstance(original, pd.api.extensions.ExtensionArray):
        if len(original) != len(changed) or original.dtype != changed.dtype:
            raise WireError("a changed array should keep its length and dtype")
        original[:] = changed
        return
    type(original).__init__(original, changed.copy())


def _array(part: Any) -> Any:
    if type(part) is not Numbers or part.array.ndim != 1:
        raise WireError("a part of a table should be a row of numbers")
    return part.array


def _int(part: Any) -> int:
    if type(part) is not int:
        raise WireError("a part of a table should be an integer")
    return part


def _unit(part: Any) -> Any:
    if part not in ("s", "ms", "us", "ns"):
        raise WireError("a moment should have a unit")
    return part
