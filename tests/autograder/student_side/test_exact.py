"""Dates, decimals, ranges, paths, patterns, dtypes and Python's own exceptions cross by few parts."""

import datetime as dt
import ipaddress as ip
import re
import time
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path, PurePosixPath, PureWindowsPath
from types import SimpleNamespace
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from autograder.student_side.exact import (
    EXACT,
    are_arguments,
    error_parts,
    exact_parts,
    read_error,
    read_exact,
    zone_of,
    zone_parts,
)
from autograder.student_side.frames import WireError
from tests.autograder.student_side.crossing import across, received, same

MINUTES = dt.timezone(dt.timedelta(minutes=-90))
PARIS = ZoneInfo("Europe/Paris")
PARTS = {
    "a date": (dt.date(2026, 5, 4), ("date", 2026, 5, 4)),
    "a moment": (
        dt.datetime(2026, 5, 4, 3, 2, 1, 7, fold=1),
        ("datetime", 2026, 5, 4, 3, 2, 1, 7, 1, None),
    ),
    "one of a zone": (
        dt.datetime(2026, 5, 4, 3, 2, 1, 7, PARIS),
        ("datetime", 2026, 5, 4, 3, 2, 1, 7, 0, "Europe/Paris"),
    ),
    "a time": (dt.time(3, 2, 1, 7, fold=1), ("time", 3, 2, 1, 7, 1, None)),
    "one of another zone": (dt.time(3, 2, 1, 7, MINUTES), ("time", 3, 2, 1, 7, 0, -5_400_000_000)),
    "a duration": (dt.timedelta(1, 2, 3), ("timedelta", 1, 2, 3)),
    "a decimal": (Decimal("1.50"), ("Decimal", "1.50")),
    "no number": (Decimal("-NaN"), ("Decimal", "-NaN")),
    "a decimal of many digits": (Decimal("7" * 5_000), ("Decimal", "7" * 5_000)),
    "a small decimal": (Decimal("1e-10000"), ("Decimal", "1E-10000")),
    "a large decimal": (Decimal("1e10000"), ("Decimal", "1E+10000")),
    "a fraction": (Fraction(-2, 3), ("Fraction", -2, 3)),
    "a long fraction": (Fraction(2**8000 - 1, 2**7999), ("Fraction", 2**8000 - 1, 2**7999)),
    "a range": (range(1, 9, 2), ("range", 1, 9, 2)),
    "a long range": (range(3, 10_000_003), ("range", 3, 10_000_003, 1)),
    "a long one backwards": (range(20_000_001, 1, -2), ("range", 20_000_001, 1, -2)),
    "one that nothing is in": (range(-(10**9)), ("range", 0, -(10**9), 1)),
    "a zone by its distance": (MINUTES, ("zone", -5_400_000_000)),
    "a zone by its name": (PARIS, ("zone", "Europe/Paris")),
    "a moment in parts": (time.gmtime(0), ("struct_time", 1970, 1, 1, 0, 0, 0, 3, 1, 0, "GMT", 0)),
    "a UUID": (UUID(int=5), ("UUID", "00000000-0000-0000-0000-000000000005")),
    "an address": (ip.ip_address("10.0.0.1"), ("IPv4Address", "10.0.0.1")),
    "a longer one": (ip.ip_address("fe80::1%eth0"), ("IPv6Address", "fe80::1%eth0")),
    "a network": (ip.ip_network("10.0.0.0/8"), ("IPv4Network", "10.0.0.0/8")),
    "an address in its network": (ip.ip_interface("::1/64"), ("IPv6Interface", "::1/64")),
    "a path": (Path("data", "x é.csv"), ("PosixPath", "data/x é.csv")),
    "a path that leads nowhere": (PurePosixPath("/a"), ("PurePosixPath", "/a")),
    "one of another system": (PureWindowsPath("C:/a"), ("PureWindowsPath", "C:\\a")),
    "a long path": (PurePosixPath("a" * 2000), ("PurePosixPath", "a" * 2000)),
    "a pattern": (re.compile(r"a(?P<b>\d)", re.I), ("Pattern", r"a(?P<b>\d)", 34)),
    "a pattern with its flags in it": (re.compile("(?msx)a"), ("Pattern", "(?msx)a", 120)),
    "a long pattern of bytes": (re.compile(b"a" * 2000, re.L), ("Pattern", b"a" * 2000, 4)),
    "a dtype": (np.dtype(np.float32), ("dtype", "float32")),
    "a dtype of texts": (np.dtype("U3"), ("dtype", "U3")),
}
LETTERS = "efdg?FDGbhilqBHILQ"


@pytest.mark.parametrize(("value", "parts"), PARTS.values(), ids=PARTS)
def test_a_value_is_taken_apart_and_made_again(value, parts):
    assert same(exact_parts(value), parts)
    got = across(value)
    assert same(got, value)
    assert getattr(got, "fold", None) == getattr(value, "fold", None)
    assert str(getattr(got, "tzinfo", None)) == str(getattr(value, "tzinfo", None))


@pytest.mark.parametrize("letter", [*LETTERS, "U5", "S5", "M8[D]", "m8"])
def test_dtypes_cross_in_this_machines_byte_order_only(letter):
    dtype = np.dtype(letter)
    assert across(dtype) == dtype
    if dtype.newbyteorder() != dtype:
        assert exact_parts(dtype.newbyteorder()) is None


@pytest.mark.parametrize(
    "value",
    [
        *(Decimal("7" * 5_001), Decimal("1e10001"), Decimal("1e-10001"), np.dtype("U0")),
        *(Fraction(2**8000, 3), Fraction(3, 2**8000), range(10_000_001), range(0, -20_000_002, -2)),
        dt.datetime(1, 1, 1, tzinfo=dt.timezone(dt.timedelta(0), "mine")),
        dt.time(1, tzinfo=dt.timezone(dt.timedelta(0), "mine")),
        *(
            PurePosixPath("a" * 2001),
            PurePosixPath("\ud800"),
            Path("/etc"),
            Path("a/.."),
            time.struct_time("123456789"),
            *(re.compile("a" * 2001), re.compile(type("Text", (str,), {})("a")), re.compile("\ud800")),
            time.struct_time((1, 1, 1, 1, 1, 1, 1, 1, 1, "\ud800", 0)),
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_large_or_odd_or_leads_to_this_sides_files_stays(value):
    assert exact_parts(value) is None


def test_a_fraction_that_was_tampered_with_stays():
    third = Fraction(1, 3)
    third._numerator = True
    assert exact_parts(third) is None


def test_a_pattern_that_would_print_stays(capsys):
    assert exact_parts(re.compile("a", re.DEBUG)) is None
    capsys.readouterr()


def test_zones_cross_by_name_or_by_their_distance():
    assert zone_parts(None) == (None,)
    assert zone_parts(dt.UTC) == (0,)
    assert zone_parts(MINUTES) == (-5_400_000_000,)
    assert zone_parts(dt.timezone(dt.timedelta(microseconds=1))) == (1,)
    assert zone_parts(PARIS) == ("Europe/Paris",)
    for zone in (
        *(dt.timezone(dt.timedelta(0), "mine"), dt.timezone(dt.timedelta(hours=1), "UTC+02:00"), "UTC", 0),
        type("Zone", (dt.tzinfo,), {"utcoffset": lambda self, when: dt.timedelta(0), "key": "UTC"})(),
    ):
        assert zone_parts(zone) is None


def test_a_zone_that_was_read_from_a_file_without_a_proper_name_stays(monkeypatch):
    class Zone:
        key = "Europe/Paris"

    monkeypatch.setattr("autograder.student_side.exact.ZoneInfo", Zone)
    assert zone_parts(Zone()) == ("Europe/Paris",)
    for key in (None, type("Name", (str,), {})("Europe/Paris"), "../etc/passwd", "a/b/c/d", "x" * 41, ""):
        monkeypatch.setattr(Zone, "key", key)
        assert zone_parts(Zone()) is None
    monkeypatch.setattr(Zone, "key", "x" * 40 + "/Indiana_1/" + "+-" * 20)
    assert zone_parts(Zone()) == (Zone.key,)


def decoder():
    return SimpleNamespace(zones=set())


def test_a_zone_is_made_of_its_name_or_distance():
    assert zone_of(None, decoder()) is None
    assert zone_of(-5_400_000_000, decoder()) == MINUTES
    assert zone_of(86_399_999_999, decoder()).utcoffset(None) == dt.timedelta(days=1, microseconds=-1)
    assert zone_of("Europe/Paris", decoder()) is PARIS


@pytest.mark.parametrize("part", [86_400_000_000, -86_400_000_000, 1.0, True, b"UTC", "../UTC", "UTC\n", ""])
def test_what_is_no_zones_name_or_distance_is_refused(part):
    with pytest.raises(WireError, match="should be a number of microseconds or a name"):
        zone_of(part, decoder())


@pytest.mark.parametrize("name", ["Europe/Nowhere", "Europe"])
def test_a_zone_that_there_is_not_is_refused(name):
    with pytest.raises(WireError, match="no such time zone"):
        zone_of(name, decoder())


def test_a_message_speaks_of_eight_zones_at_most():
    names = [f"Etc/GMT+{n}" for n in range(1, 10)]
    one = decoder()
    for name in [*names[:8], *names[:8]]:
        zone_of(name, one)
    with pytest.raises(WireError, match="more than 8 time zones"):
        zone_of(names[8], one)


REFUSED = {
    "of no kind that crosses": [("complex", 1), ("builtins.date", 1, 1, 1)],
    "should be made of other parts": [
        *(("date", 1, 1, 1.0), ("date", True, 1, 1), ("time", 1, 1, 1, 1, 0, (1,)), ("Decimal", 1)),
        *(("Fraction", 1, "2"), ("dtype", None)),
    ],
    "cannot be made of these parts": [
        *(("date", 1, 13, 1), ("Decimal", "one"), ("Fraction", 1, 0), ("range", 1, 2, 0), ("dtype", "V4")),
        *(("UUID", "5"), ("IPv4Address", "10.0.0.256"), ("IPv4Network", "10.0.0.1/8")),
        *(("timedelta", 10**9, 0, 0), ("datetime", 1, 1, 1, 24, 0, 0, 0, 0, None)),
    ],
    "a decimal has more than 5000 digits": [
        *(("Decimal", "7" * 5_001), ("Decimal", "7" * 10_001), ("Decimal", "1e10001")),
        *(("Decimal", "1e-10001"), ("Decimal", " " * 10_000 + "1")),
    ],
    "a fraction has more than 8000 bits": [("Fraction", 2**8000, 1), ("Fraction", 1, 2**8000)],
    "a range has more than 10000000 members": [("range", 0, 10_000_001, 1), ("range", 0, -20_000_002, -2)],
    "more than 2000 letters": [("PosixPath", "a" * 2001)],
    "lead to what is below its place": [("PosixPath", "/etc"), ("PosixPath", "a/../..")],
    "no such pattern": [("Pattern", "(", 32), ("Pattern", "(" * 2000, 32)],
    "a text of 2000 letters at most, with flags that match": [
        *(("Pattern", "a" * 2001, 32), ("Pattern", "a", 32 | 128), ("Pattern", 1, 32), ("Pattern", None, 32)),
    ],
    "a number of microseconds or a name": [("datetime", 1, 1, 1, 1, 1, 1, 1, 0, 1.0), ("zone", 1.0)],
}


@pytest.mark.parametrize("said", REFUSED)
def test_what_cannot_be_made_of_its_parts_is_refused(said):
    for name, *parts in REFUSED[said]:
        items = []
        for part in parts:
            if type(part) is tuple:
                items += b"t", len(part), *part
            elif type(part) is int and part >= 2**64:
                items += b"i", part.to_bytes(1002, "little")
            else:
                items.append(part)
        with pytest.raises(WireError, match=said):
            read_exact(received(name, *items), 0)


def test_a_decimal_is_written_in_as_many_letters_as_it_may_have():
    assert read_exact(received("Decimal", " " * 9_999 + "1"), 0) == 1


def test_a_name_and_as_many_parts_as_its_kind_has_are_read():
    one = received("date", 1, 2, 3, "rest")
    assert read_exact(one, 0) == dt.date(1, 2, 3)
    assert list(one.items) == ["rest"]
    with pytest.raises(WireError, match="no str"):
        read_exact(received(1), 0)
    with pytest.raises(WireError, match="nested deeper"):
        read_exact(received("Fraction", b"i", b"\x01", 2), 32)
    assert read_exact(received("Fraction", b"i", b"\x01", 2), 31) == Fraction(1, 2)


def test_a_time_of_a_zone_notes_the_zone_in_the_message():
    one = received("time", 1, 2, 3, 4, 0, "Europe/Paris")
    assert read_exact(one, 0) == dt.time(1, 2, 3, 4, PARIS)
    assert one.zones == {"Europe/Paris"}


@pytest.mark.parametrize(
    ("error", "name"),
    [
        *((ValueError("a", 1), "builtins.ValueError"), (InvalidOperation(), "decimal.InvalidOperation")),
        (StopIteration(None), "builtins.StopIteration"),
        (KeyError("a", 1, 2.5, None, b"b", True, -1, 2**63 - 1), "builtins.KeyError"),
    ],
)
def test_pythons_own_exceptions_are_their_class_and_arguments(error, name):
    assert error_parts(error) == (name, error.args)
    assert same(across(error), error)


@pytest.mark.parametrize(
    "files", [("a.txt",), ("a.txt", "b.txt"), (3,)], ids=["a file", "two files", "a descriptor"]
)
def test_an_error_of_the_system_names_its_files(files):
    error = FileNotFoundError(2, "no such file", *(files if len(files) < 2 else (files[0], None, files[1])))
    made = across(error)
    assert (type(made), str(made), made.args) == (FileNotFoundError, str(error), (2, "no such file"))
    assert (made.filename, made.filename2) == (error.filename, error.filename2)


@pytest.mark.parametrize(
    "error",
    [
        *(
            type("Own", (ValueError,), {})(),
            KeyboardInterrupt(),
            SystemExit(1),
            ValueError([1]),
            ValueError("é"),
        ),
        *(ValueError(*[1] * 9), ValueError((1,)), ValueError(2**63), ValueError("é"), ValueError("a" * 2001)),
    ],
)
def test_other_exceptions_and_arguments_that_are_not_plain_stay(error):
    assert error_parts(error) is None


def test_arguments_are_few_and_short():
    for arguments in ((), ("a",) * 8, ("a" * 2000,), (b"a" * 2000,), (-(2**63) + 1,), (1.5, None, True)):
        assert are_arguments(arguments)
    for arguments in (
        *([], ("a",) * 9, ("a" * 2001,), (b"a" * 2001,), (-(2**63),), (1, 1j), ("\u0080",), ((),)),
        *((type("Text", (str,), {})("a"),), (type("Int", (int,), {})(1),), type("Pair", (tuple,), {})()),
    ):
        assert not are_arguments(arguments)


def test_an_exception_is_made_of_its_name_and_arguments():
    one = received("builtins.OSError", b"t", 2, 2, "no such file", "rest")
    made = read_error(one, 0)
    assert type(made) is FileNotFoundError
    assert made.args == (2, "no such file")
    assert list(one.items) == ["rest"]
    assert read_error(received("builtins.KeyError", b"t", 0), 31).args == ()
    with pytest.raises(WireError, match="nested deeper"):
        read_error(received("builtins.KeyError", b"t", 0), 32)


@pytest.mark.parametrize("name", ["builtins.SystemExit", "builtins.int", "KeyError", "os.system", ""])
def test_what_is_no_exception_of_pythons_own_is_refused(name):
    with pytest.raises(WireError, match="should be one of Python's own, with plain arguments"):
        read_error(received(name, b"t", 0), 0)


def test_arguments_that_are_not_plain_or_do_not_fit_are_refused():
    for items in ((b"l", 0), (b"t", 1, b"l", 0), (b"t", 9, *[1] * 9), ("a",)):
        with pytest.raises(WireError, match="with plain arguments"):
            read_error(received("builtins.ValueError", *items), 0)
    with pytest.raises(WireError, match="cannot be made of these arguments"):
        read_error(received("builtins.UnicodeDecodeError", b"t", 0), 0)


def test_dates_and_the_like_may_be_keys_and_ranges_may_not():
    kinds = {dt.date, dt.datetime, dt.time, dt.timedelta, Decimal, Fraction, re.Pattern, type(np.dtype("U3"))}
    assert kinds <= EXACT
    assert not EXACT & {range, int, type}
