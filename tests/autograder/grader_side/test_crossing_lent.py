"""What crosses as a record, as an exception of the student's own, or because it was lent."""

import gc
from collections import namedtuple

import numpy as np
import pytest

from autograder.grader_side.errors import CannotCross, ObjectGone
from autograder.grader_side.lending import Lending
from autograder.grader_side.own_errors import OwnError
from autograder.student_side.frames import WireError
from autograder.student_side.wire import Encoder


def thing(came, number=5, kind="Thing", own_name="", traits=""):
    return came(b"h", number, kind, own_name, traits)


POINT = (b"n", 4, "Point", 2, "x", "y", b"t", 2, 1.0, 2.0)


def test_a_record_is_of_its_class_and_goes_back_as_one(came, sent, crossing):
    point = came(*POINT)
    assert (type(point).__name__, point.y) == ("Point", 2.0)
    assert sent(point) == [b"n", 4, b"t", 2, 1.0, 2.0]
    crossing.begin_child()
    with pytest.raises(CannotCross):
        sent(point)
    assert came(b"n", 9, *POINT[2:]) == point
    assert sent(point)[:2] == [b"n", 9]


def test_a_named_tuple_of_the_checks_does_not_cross(sent):
    with pytest.raises(CannotCross, match="a value of type Pair"):
        sent(namedtuple("Pair", "a b")(1, 2))


OWN = (1, 3, "TooBig", "", 1, "builtins.ValueError")


def test_a_class_of_exceptions_goes_back_as_its_number(came, sent, notebook, crossing):
    kind = came(b"E", *OWN)
    assert (kind.__name__, kind._wall_generation) == ("TooBig", crossing.generation)
    assert sent(kind) == [b"h", 3]
    crossing.begin_child()
    with pytest.raises(ObjectGone, match="died with its process: it exited"):
        sent(kind)
    notebook.known["TooBig"] = lambda: came(b"E", 1, 7, *OWN[2:])
    assert sent(kind) == [b"h", 7]


def test_an_exception_goes_back_as_its_number(came, sent, crossing):
    error = came(b"I", 9, *OWN, b"t", 1, 5.0, "too big")
    assert (str(error), error.args) == ("too big", (5.0,))
    assert sent(error) == [b"h", 9]
    crossing.begin_child()
    with pytest.raises(ObjectGone):
        sent(error)


def test_what_is_the_students_is_known(came, crossing, notebook):
    theirs = [thing(came), came(*POINT), came(b"E", *OWN), came(b"I", 9, *OWN, b"t", 0, "x"), OwnError("x")]
    assert [crossing.is_of_student(value) for value in theirs] == [True] * 5
    assert [crossing.is_of_student(value) for value in (3, (1.0, 2.0), ValueError, ValueError("x"))] == [
        False
    ] * 4


def connected(crossing, *things):
    crossing.connection = type("Connected", (), {"lending": Lending()})()
    crossing.connection.lending.add(list(things))


def test_what_was_lent_comes_back_as_itself_changed_or_not(came, crossing):
    one, other = [1], [2]
    connected(crossing, one, other)
    assert came(b"L", 0, True, b"l", 1, 3.0) is one
    assert came(b"L", 1, False, b"l", 1, 3.0) is other
    assert (one, other) == ([3.0], [2])


def test_what_was_lent_is_the_same_again_within_a_message(came, crossing):
    one = [1]
    connected(crossing, one)
    first, second, third = came(b"t", 3, b"L", 0, False, b"l", 1, 3.0, b"r", 0, b"l", 0)
    assert first is second is one
    assert third == []
    four = came(b"t", 4, b"l", 0, b"L", 0, False, b"l", 1, 3.0, b"r", 1, b"r", 0)
    assert four[2] is one
    assert four[3] is four[0]


def test_without_a_connection_nothing_was_lent(came):
    with pytest.raises(WireError, match="a value is neither plain data nor an object"):
        came(b"L", 0, False, b"l", 0)


@pytest.mark.parametrize("tag", [b"?", b"u"])
def test_a_tag_that_nobody_knows_is_no_value(tag, came):
    with pytest.raises(WireError, match="a value is neither plain data nor an object"):
        came(tag, 3)


ARRAY = (b"a", "<f8 C", 1, 2)


def array_scalars(crossing):
    """An array as it is sent: its scalars, and its numbers."""
    encoder = Encoder(crossing)
    encoder.put(np.array([1.0, 2.0]))
    return encoder.items, encoder.raw


@pytest.mark.parametrize("tag", [b"k", b"K"])
def test_an_array_of_a_subclass_goes_back_with_its_number(tag, came, sent, crossing, monkeypatch):
    masked = []
    monkeypatch.setattr("autograder.grader_side.crossing.once_masked", masked.append)
    scalars, raw = array_scalars(crossing)
    assert crossing.marks is False
    array = came(tag, 4, *scalars, raw=raw)
    assert (type(array), array.tolist()) == (np.ndarray, [1.0, 2.0])
    assert crossing.marks is True
    assert sent(array) == [b"k", 4, *scalars]
    assert sent(array.copy()) == scalars
    assert (masked == []) is (tag == b"k")
    masked.clear()
    del array
    gc.collect()
    assert crossing.marks is False


def test_an_array_of_a_subclass_is_a_plain_one_to_the_next_child(came, sent, crossing):
    scalars, raw = array_scalars(crossing)
    array = came(b"k", 4, *scalars, raw=raw)
    crossing.begin_child()
    assert sent(array) == scalars


def test_what_is_marked_as_an_array_is_one(came):
    with pytest.raises(WireError, match="an array of a subclass should come as an array"):
        came(b"k", 4, b"l", 0)
