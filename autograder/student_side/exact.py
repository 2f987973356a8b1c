"""Small values that cross by what they are made of: dates, decimals, ranges, paths, patterns, exceptions."""

from __future__ import annotations

import datetime
import ipaddress
import pathlib
import re
import time
import uuid
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from autograder.student_side.arrays import dtype_of, name_of
from autograder.student_side.classes import CLASSES, NAMES_OF_CLASSES
from autograder.student_side.frames import WireError
from autograder.student_side.texts import clean

if TYPE_CHECKING:
    from autograder.student_side.wire import Decoder

MAX_DIGITS = 5_000
MAX_EXPONENT = 10_000
MAX_FRACTION = 8_000  # bits: to shorten a fraction takes the square of them
MAX_RANGE = 10_000_000
MAX_ARGUMENTS = 8
MAX_TEXT = 2_000
MOST_ZONES = 8  # in one message: each is read from a file, and takes much more memory than its name
ZONE = re.compile(r"[A-Za-z0-9_+-]{1,40}(?:/[A-Za-z0-9_+-]{1,40}){0,2}")
DAY = datetime.timedelta(days=1)
FLAGS = re.A | re.I | re.L | re.M | re.S | re.U | re.X  # of a pattern; re.DEBUG prints

Parts = tuple[Any, ...]


def _date(value: datetime.date) -> Parts:
    return value.year, value.month, value.day


def _moment(value: datetime.datetime) -> Parts | None:
    zone = zone_parts(value.tzinfo)
    if zone is None:
        return None
    clock = value.hour, value.minute, value.second, value.microsecond, value.fold
    return value.year, value.month, value.day, *clock, *zone


def _time(value: datetime.time) -> Parts | None:
    zone = zone_parts(value.tzinfo)
    if zone is None:
        return None
    return value.hour, value.minute, value.second, value.microsecond, value.fold, *zone


def zone_parts(zone: Any) -> Parts | None:
    """A time zone as one value: None, microseconds east of Greenwich, or a name; None for any other."""
    if zone is None:
        return (None,)
    if type(zone) is datetime.timezone and zone.tzname(None) == datetime.timezone(
        zone.utcoffset(None)
    ).tzname(None):
        return (zone.utcoffset(None) // datetime.timedelta(microseconds=1),)
    if type(zone) is ZoneInfo and type(zone.key) is str and ZONE.fullmatch(zone.key):
        return (zone.key,)
    return None


def zone_of(part: Any, decoder: Decoder) -> Any:
    """The time zone that such a value stands for; WireError when there is none."""
    if part is None:
        return None
    if type(part) is int and abs(part) < DAY // datetime.timedelta(microseconds=1):
        return datetime.timezone(datetime.timedelta(microseconds=part))
    if type(part) is not str or not ZONE.fullmatch(part):
        raise WireError("a time zone should be a number of microseconds or a name")
    decoder.zones.add(part)
    if len(decoder.zones) > MOST_ZONES:
        raise WireError(f"a message speaks of more than {MOST_ZONES} time zones")
    try:
        return ZoneInfo(part)
    except Exception:  # ZoneInfoNotFoundError, or whatever the file beneath is not
        raise WireError("there is no such time zone") from None


def _decimal(value: Decimal) -> Parts | None:
    return (str(value),) if _is_short(value) else None


def _is_short(value: Decimal) -> bool:
    _, digits, exponent = value.as_tuple()
    return len(digits) <= MAX_DIGITS and (type(exponent) is str or abs(int(exponent)) <= MAX_EXPONENT)


def _decimal_of(text: str) -> Decimal:
    if len(text) > 2 * MAX_DIGITS or not _is_short(value := Decimal(text)):
        raise WireError(f"a decimal has more than {MAX_DIGITS} digits")
    return value


def _fraction(value: Fraction) -> Parts | None:
    parts = value.numerator, value.denominator
    return parts if all(type(part) is int and part.bit_length() <= MAX_FRACTION for part in parts) else None


def _fraction_of(numerator: int, denominator: int) -> Fraction:
    if max(numerator.bit_length(), denominator.bit_length()) > MAX_FRACTION:
        raise WireError(f"a fraction has more than {MAX_FRACTION} bits")
    return Fraction(numerator, denominator)


def _range(value: range) -> Parts | None:
    parts = value.start, value.stop, value.step
    return parts if (value.stop - value.start) // value.step <= MAX_RANGE else None


def _range_of(start: int, stop: int, step: int) -> range:
    if (stop - start) // step > MAX_RANGE:
        raise WireError(f"a range has more than {MAX_RANGE} members")
    return range(start, stop, step)


def _pattern(value: re.Pattern[Any]) -> Parts | None:
    text = value.pattern
    crosses = type(text) in (str, bytes) and len(text) <= MAX_TEXT and not value.flags & ~FLAGS
    return (text, value.flags) if crosses else None


def _pattern_of(text: Any, flags: int) -> re.Pattern[Any]:
    if type(text) not in (str, bytes) or len(text) > MAX_TEXT or flags & ~FLAGS:
        raise WireError(f"a pattern should be a text of {MAX_TEXT} letters at most, with flags that match")
    try:
        return re.compile(text, flags)
    except (re.error, RecursionError):
        raise WireError("there is no such pattern") from None


def _clock_of(value: time.struct_time) -> Parts | None:
    zone = value.tm_zone, value.tm_gmtoff
    plain = all(type(part) is int for part in value) and ANY.issuperset(map(type, zone))
    return (*value, *zone) if plain else None


def _leads_out(value: Any) -> bool:
    """Whether a path leads out of the place that one works in: what is there is on its own side alone."""
    return isinstance(value, pathlib.Path) and (value.is_absolute() or ".." in value.parts)


def _spelt(kind: type) -> tuple[str, Callable[[Any], Parts | None], tuple[Any, ...], Callable[..., Any]]:
    """How a kind crosses whose text says all of it."""

    def parts_of(value: Any) -> Parts | None:
        text = str(value)
        crosses = len(text) <= MAX_TEXT and text.isprintable() and not _leads_out(value)
        return (text,) if crosses else None

    def made_of(text: str) -> Any:
        if len(text) > MAX_TEXT:
            raise WireError(f"the text of a {kind.__name__} has more than {MAX_TEXT} letters")
        made = kind(text)
        if _leads_out(made):
            raise WireError("a path should lead to what is below its place")
        return made

    return kind.__name__, parts_of, (str,), made_of


def _dtype(value: np.dtype[Any]) -> Parts | None:
    name = name_of(value)
    return None if name is None or not value.isnative else (name,)


ANY = frozenset({int, str, float, bool, type(None), bytes})
CLOCK = (int, int, int, int, int)
LETTERS = "efdg?FDGbhilqBHILQUSMm"
SPELT = (
    uuid.UUID,
    *(ipaddress.IPv4Address, ipaddress.IPv4Network, ipaddress.IPv4Interface),
    *(ipaddress.IPv6Address, ipaddress.IPv6Network, ipaddress.IPv6Interface),
    *(pathlib.PurePosixPath, pathlib.PosixPath, pathlib.PureWindowsPath),
)
# For each kind: its name, its parts, the types of these, and how it is made of them. A time zone comes last.
KINDS: dict[type, tuple[str, Callable[[Any], Parts | None], tuple[Any, ...], Callable[..., Any]]] = {
    datetime.date: ("date", _date, (int, int, int), datetime.date),
    datetime.datetime: (
        *("datetime", _moment, (int, int, int, *CLOCK, ANY)),
        lambda y, mo, d, h, mi, s, us, fold, zone: datetime.datetime(y, mo, d, h, mi, s, us, zone, fold=fold),
    ),
    datetime.time: (
        *("time", _time, (*CLOCK, ANY)),
        lambda h, mi, s, us, fold, zone: datetime.time(h, mi, s, us, zone, fold=fold),
    ),
    datetime.timedelta: (
        "timedelta",
        lambda value: (value.days, value.seconds, value.microseconds),
        (int, int, int),
        datetime.timedelta,
    ),
    Decimal: ("Decimal", _decimal, (str,), _decimal_of),
    Fraction: ("Fraction", _fraction, (int, int), _fraction_of),
    **dict.fromkeys((datetime.timezone, ZoneInfo), ("zone", zone_parts, (ANY,), lambda zone: zone)),
    time.struct_time: (
        *("struct_time", _clock_of, (int,) * 9 + (ANY, ANY)),
        lambda *parts: time.struct_time(parts),
    ),
    re.Pattern: ("Pattern", _pattern, (ANY, int), _pattern_of),
    range: ("range", _range, (int, int, int), _range_of),
    **{kind: _spelt(kind) for kind in SPELT},
    **dict.fromkeys({type(np.dtype(letter)) for letter in LETTERS}, ("dtype", _dtype, (str,), dtype_of)),
}
EXACT = frozenset(KINDS) - {range}
MAKERS = {name: (types, make) for name, _, types, make in KINDS.values()}


def exact_parts(value: Any) -> Parts | None:
    """The name and the parts of a value of one of these kinds; None for one that is too large."""
    name, parts_of, _, _ = KINDS[type(value)]
    parts = parts_of(value)
    if parts is None or any(type(part) is str and clean(part, None) != part for part in parts):
        return None
    return name, *parts


def read_exact(decoder: Decoder, depth: int) -> Any:
    """The value that comes next in a message. Raises WireError."""
    name = decoder.scalar(str)
    if name not in MAKERS:
        raise WireError("a value is of no kind that crosses")
    types, make = MAKERS[name]
    parts = [decoder.value(depth + 1) for _ in types]
    if not all(
        type(part) is kind or (kind is ANY and type(part) in ANY)
        for part, kind in zip(parts, types, strict=True)
    ):
        raise WireError(f"a {name} should be made of other parts")
    if name in ("datetime", "time", "zone"):
        parts[-1] = zone_of(parts[-1], decoder)
    try:
        made = make(*parts)
    except (ValueError, ArithmeticError, TypeError):
        raise WireError(f"a {name} cannot be made of these parts") from None
    if made is None:
        raise WireError(f"a {name} cannot be made of these parts")
    return made


def error_parts(error: BaseException) -> Parts | None:
    """The class and the arguments of one of Python's own exceptions, if these are short and plain."""
    name = NAMES_OF_CLASSES.get(type(error))
    if name is None or not isinstance(error, Exception):
        return None
    arguments = error.args
    if isinstance(error, OSError) and len(arguments) == 2 and error.filename is not None:
        # Python leaves the files out of ``args``.
        more = () if error.filename2 is None else (None, error.filename2)
        arguments = (*arguments, error.filename, *more)
    return (name, arguments) if are_arguments(arguments) else None


def are_arguments(arguments: Any) -> bool:
    """Whether an exception's arguments are few, short and plain."""
    return (
        type(arguments) is tuple
        and len(arguments) <= MAX_ARGUMENTS
        and all(_is_argument(argument) for argument in arguments)
    )


def _is_argument(argument: Any) -> bool:
    if type(argument) is str:
        return len(argument) <= MAX_TEXT and argument.isascii()
    if type(argument) is int:
        return argument.bit_length() < 64
    return type(argument) in (float, bool, type(None)) or (
        type(argument) is bytes and len(argument) <= MAX_TEXT
    )


def read_error(decoder: Decoder, depth: int) -> Exception:
    """One of Python's own exceptions, as a value. Raises WireError."""
    kind, arguments = CLASSES.get(decoder.scalar(str)), decoder.value(depth + 1)
    if kind is None or not issubclass(kind, Exception) or not are_arguments(arguments):
        raise WireError("an exception should be one of Python's own, with plain arguments")
    try:
        made: Exception = kind(*arguments)
    except Exception:
        raise WireError("an exception cannot be made of these arguments") from None
    return made
