"""Exceptions of the student's own cross by lineage, arguments and text, each cut to what may cross."""

import linecache

import numpy as np
import pytest

from autograder.student_side.errors import described, line_of, put_class, put_error
from autograder.student_side.objects import Handles
from autograder.student_side.wire import Encoder, Plain


class OwnError(ValueError):
    """No."""


class Mixin:
    """No exception."""


class BelowError(Mixin, OwnError, KeyError):
    __doc__ = "d" * 1001


class SilentError(Exception):
    __doc__ = None

    def __str__(self):
        raise RuntimeError("never")


class OddError(Exception):
    __doc__ = 5


def put(function, value):
    handles, encoder = Handles(), Encoder(Plain())
    handles.keep("taken")
    function(value, handles, encoder)
    return encoder.items, handles


def test_a_class_is_put_after_its_bases():
    items, handles = put(put_class, BelowError)
    assert items == [
        *(2, 2, "OwnError", "No.", 1, "builtins.ValueError"),
        *(3, "BelowError", "d" * 1000, 2, 2, "builtins.KeyError"),
    ]
    assert handles.get(2) is OwnError
    assert handles.get(3) is BelowError


def test_a_class_is_kept_once():
    handles, encoder = Handles(), Encoder(Plain())
    for _ in range(2):
        put_class(OwnError, handles, encoder)
    assert encoder.items == [1, 1, "OwnError", "No.", 1, "builtins.ValueError"] * 2


def test_names_and_docstrings_are_cut_and_docstrings_that_are_none_are_empty():
    assert put(put_class, SilentError)[0] == [1, 2, "SilentError", "", 1, "builtins.Exception"]
    assert put(put_class, OddError)[0] == [1, 2, "OddError", "", 1, "builtins.Exception"]
    kind = type("n" * 81, (Exception,), {})
    kind.__doc__ = "a\ud800"
    assert put(put_class, kind)[0] == [1, 2, "n" * 80, "a?", 1, "builtins.Exception"]


def test_a_lineage_is_cut_to_its_last_eight_classes():
    kind = Exception
    for number in range(10):
        kind = type(f"E{number}", (kind,), {"__doc__": ""})
    items, _ = put(put_class, kind)
    assert items == [
        *(8, 2, "E2", "", 0),
        *[part for n in range(3, 10) for part in (n, f"E{n}", "", 1, n - 1)],
    ]


def test_a_class_has_eight_bases_at_most():
    known = [ValueError, KeyError, TypeError, EOFError, AssertionError, BufferError, IndexError, MemoryError]
    kind = type("Wide", (*known, RuntimeError), {"__doc__": ""})
    assert put(put_class, kind)[0][4] == 8
    assert put(put_class, kind)[0][5:] == [f"builtins.{base.__name__}" for base in known]


def test_an_exception_is_its_number_its_class_its_arguments_and_its_text():
    error = OwnError("a", 2)
    items, handles = put(put_error, error)
    assert items == [
        *(2, 1, 3, "OwnError", "No.", 1, "builtins.ValueError", b"t", 2, "a", 2),
        "('a', 2)",
    ]
    assert handles.get(2) is error
    assert handles.get(3) is OwnError


def test_arguments_that_are_not_plain_are_none_and_the_text_says_them():
    assert put(put_error, OwnError([1]))[0][-3:] == [b"t", 0, "[1]"]
    assert put(put_error, SilentError())[0][-1] == "(its text could not be made: RuntimeError)"


@pytest.mark.parametrize(
    ("error", "names", "argument"),
    [
        *(
            (ValueError("no"), ["ValueError", "Exception"], "no"),
            (KeyError(5), None, 5),
            (KeyError("a"), None, "a"),
        ),
        *((ValueError(True), None, "True"), (ValueError(1, 2), None, "(1, 2)"), (ValueError(), None, "")),
        *((ValueError(2**63), None, "64 bits"), (ValueError(-(2**63)), None, "64 bits")),
        *((ValueError(2**63 - 1), None, 2**63 - 1), (ValueError(-(2**63) + 1), None, -(2**63) + 1)),
        *((ValueError(10**100), None, "333 bits"), (ValueError(np.int64(3)), None, "3")),
        *((ValueError("a\ud800"), None, "a?"), (ValueError("x" * 2001), None, "x" * 2000)),
        (
            BelowError("no"),
            ["BelowError", "Mixin", "OwnError", "ValueError", "KeyError", "LookupError", "Exception"],
            "no",
        ),
        (SystemExit(3), ["SystemExit"], 3),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_exception_is_described_by_its_classes_and_its_argument(error, names, argument):
    got = described(error)
    assert got[1] == argument
    assert type(got[1]) is type(argument)
    if names:
        assert got[0] == names


def test_names_of_classes_are_few_short_and_texts():
    kind = Exception
    for number in range(9):
        kind = type(f"E{number}" + "n" * 2000, (kind,), {})
    assert described(kind())[0] == [f"E{number}" + "n" * 1998 for number in range(8, 0, -1)]
    liar = type("Meta", (type,), {"__name__": property(lambda kind: 5)})
    assert described(liar("Liar", (ValueError,), {})())[0] == ["5", "ValueError", "Exception"]


def test_arguments_that_a_class_makes_up_are_not_looked_at():
    liar = type("Liar", (ValueError,), {"args": ["a"]})
    assert described(liar("said"))[1] == "said"
    text = type("Text", (str,), {"__str__": lambda self: "else"})
    assert described(type("Liar", (ValueError,), {"args": (text("a"),)})("said"))[1] == "said"


def test_the_line_that_raised_an_exception_is_short_and_none_where_it_cannot_be_read(monkeypatch):
    line = "raise OwnError  # " + 300 * "x"
    monkeypatch.setitem(linecache.cache, "<long>", (1, None, [line], "<long>"))
    with pytest.raises(OwnError) as caught:
        exec(compile(line, "<long>", "exec"))
    assert line_of(caught.value) == line[:200]
    monkeypatch.setattr(linecache, "getline", lambda *asked: 1 / 0)
    assert line_of(caught.value) == ""
    assert line_of(OwnError()) == ""
