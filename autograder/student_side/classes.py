"""Classes that both sides know by name: Python's own, and those of the values that cross."""

from __future__ import annotations

import abc
import builtins
import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import ipaddress
import pathlib
import re
import sys
import time
import types
import uuid
from typing import Any

import numpy as np

_OWN = {value for value in vars(builtins).values() if isinstance(value, type)}
_NUMPY = {*np.sctypeDict.values(), np.ndarray, np.generic, np.number, np.integer, np.floating}
_OTHER: set[type[Any]] = {
    collections.OrderedDict,
    collections.defaultdict,
    collections.Counter,
    collections.deque,
    datetime.date,
    datetime.datetime,
    datetime.time,
    datetime.timedelta,
    decimal.Decimal,
    datetime.timezone,
    fractions.Fraction,
    ipaddress.IPv4Address,
    ipaddress.IPv4Network,
    ipaddress.IPv6Address,
    ipaddress.IPv6Network,
    pathlib.Path,
    pathlib.PurePath,
    pathlib.PurePosixPath,
    re.Match,
    re.Pattern,
    time.struct_time,
    uuid.UUID,
    abc.ABC,
    enum.Enum,
    enum.IntEnum,
    enum.StrEnum,
    enum.Flag,
    enum.IntFlag,
    types.NoneType,
    types.FunctionType,
    types.GeneratorType,
}
# Exceptions of libraries that answers raise and checks catch; each can be made of its arguments.
_ERRORS = {
    decimal.InvalidOperation,
    decimal.DivisionByZero,
    re.error,
    dataclasses.FrozenInstanceError,
    np.linalg.LinAlgError,
}
ERRORS = {kind.__name__: kind for kind in _ERRORS}
CLASSES: dict[str, type[Any]] = {
    f"{kind.__module__}.{kind.__qualname__}": kind for kind in _OWN | _NUMPY | _OTHER | _ERRORS
}
NAMES_OF_CLASSES = {kind: name for name, kind in CLASSES.items()}
CLASSES_OF = frozenset({type, abc.ABCMeta, enum.EnumMeta})  # what the type of a class may be
LIBRARY = {  # met only where pandas is in use
    "pandas.DataFrame",
    "pandas.Series",
    "pandas.Index",
    "pandas.Timestamp",
    "pandas.MultiIndex",
    "pandas.DatetimeIndex",
    "pandas.RangeIndex",
    "pandas.Categorical",
    "pandas.Timedelta",
    "pandas.Period",
    "pandas.PeriodIndex",
    "pandas.Interval",
    "pandas.IntervalIndex",
}


def name_of_class(kind: type[Any]) -> str | None:
    """The name of a class that both sides know; None for any other."""
    name = NAMES_OF_CLASSES.get(kind)
    if "pandas" in sys.modules and f"pandas.{kind.__name__}" in LIBRARY:
        return (
            f"pandas.{kind.__name__}" if getattr(sys.modules["pandas"], kind.__name__, None) is kind else None
        )
    return name


def class_called(name: str) -> type[Any] | None:
    """The class that a name stands for, if it is one that both sides know."""
    if name in LIBRARY:
        try:
            import pandas
        except ImportError:
            return None
        found: type[Any] = getattr(pandas, name.removeprefix("pandas."))
        return found
    return CLASSES.get(name)
