"""What is no plain data stays as an object with a number, and comes back as the same object."""

import math
from typing import NamedTuple

import numpy as np
import pytest

from autograder.student_side.frames import WireError, frame
from autograder.student_side.values import Kept, LentIterator, Values
from autograder.student_side.wire import Encoder
from tests.autograder.student_side.crossing import received, same

TWO = np.array([1.0, 2.0])


class Own:
    """An object of the student's."""


class Matrix(np.ndarray):
    """An array of a class of its own."""


class Pair(NamedTuple):
    """A record."""

    a: int
    b: object


class OwnError(ValueError):
    """No."""


@pytest.fixture
def values():
    return Values(lambda number, args, kwargs: (number, args, kwargs))


@pytest.fixture
def put(values):
    """What a value becomes: scalars, raw bytes."""

    def put(value, depth=0):
        encoder = Encoder(values)
        encoder.put(value, depth)
        return encoder.items, b"".join(encoder.raw)

    return put


@pytest.fixture
def read(values):
    """What scalars and raw bytes mean."""

    def read(*items, raw=b"", depth=0):
        return received(*items, raw=raw, translator=values).value(depth)

    return read


def test_an_object_is_told_by_its_number_its_names_and_traits(put, read):
    own = Own()
    assert put([own, Own, own])[0] == [
        *(b"l", 3, b"h", 1, "Own", "", "h=", b"h", 2, "type", "Own", "chT=", b"h", 1, "Own", "", "h="),
    ]
    assert read(b"h", 1) is own
    assert read(b"h", 2) is Own
    with pytest.raises(WireError, match="no object number 3"):
        read(b"h", 3)


def test_plain_data_can_be_kept_as_an_object(put, read):
    plain = [1]
    assert put(Kept(plain))[0] == [b"h", 1, "list", "", "likgsdr1Q"]
    assert read(b"h", 1) is plain


def test_what_is_nested_deeper_than_24_is_an_object(put):
    value = inner = []
    for _ in range(24):
        value = [value]
    assert put(value)[0][48:50] == [b"h", 1]
    assert put(inner)[0] == [b"l", 0]
    assert put(value[0])[0] == [b"l", 1] * 23 + [b"l", 0]


def test_an_array_of_a_subclass_is_its_number_and_its_numbers(put, read, values):
    matrix, masked = TWO.copy().view(Matrix), np.ma.array(TWO)
    assert put(matrix) == ([b"k", 1, b"a", "float64 C", 1, 2], TWO.tobytes())
    assert put(masked) == ([b"K", 2, b"a", "float64 C", 1, 2], TWO.tobytes())
    assert put(np.ma.array(TWO, mask=[True, False]))[0][:3] == [b"h", 3, "MaskedArray"]
    assert read(b"k", 1, b"a", "float64 C", 1, 2, raw=TWO.tobytes()) is matrix
    assert put(matrix)[0][:2] == [b"k", 4]
    values.lent.add(7, [matrix])
    assert put(matrix)[0][:5] == [b"L", 7, False, b"k", 5]
    matrix[0] = 5.0
    assert put(matrix)[0][:5] == [b"L", 7, True, b"k", 6]


def test_an_array_of_a_subclass_holds_what_comes_back(put, read, values):
    matrix = TWO.copy().view(Matrix)
    put(matrix)
    items = (b"l", 3, b"l", 0, b"k", 1, b"a", "float64 C", 1, 2, b"r", 2)
    decoder = received(*items, raw=(3 * TWO).tobytes(), translator=values)
    empty, got, again = decoder.value()
    assert got is again is matrix
    assert decoder.met[1] is empty
    assert decoder.met[2] is matrix
    assert same(np.asarray(matrix), 3 * TWO)


def test_an_array_that_may_not_be_written_comes_back_as_long_as_it_holds_the_same(put, read):
    matrix = TWO.copy().view(Matrix)
    matrix.flags.writeable = False
    put(matrix)
    assert read(b"k", 1, b"a", "float64 C", 1, 2, raw=TWO.tobytes()) is matrix
    with pytest.raises(ValueError, match="read-only"):
        read(b"k", 1, b"a", "float64 C", 1, 2, raw=bytes(16))


def test_an_array_whose_numbers_do_not_cross_is_an_object(put):
    assert put(np.array([object()]))[0][:3] == [b"h", 1, "ndarray of dtype object"]
    assert put(np.array([object()]).view(Matrix))[0][:3] == [b"h", 2, "Matrix"]
    assert put(np.zeros((1,) * 17))[0][:3] == [b"h", 3, "ndarray of dtype float64"]


def test_a_named_tuple_is_its_class_its_fields_and_its_parts(put, read):
    pair = Pair(1, [2])
    expected = [b"n", 1, "Pair", 2, "a", "b", b"t", 2, 1, b"l", 1, 2]
    assert put(pair)[0] == expected
    assert put(pair)[0] == expected
    got = read(b"n", 1, b"t", 2, 3, b"l", 0)
    assert type(got) is Pair
    assert got == (3, [])
    assert put(type("More", (Pair,), {})(1, 2))[0][:3] == [b"h", 2, "More"]


def test_a_record_is_as_deep_as_two_containers(put, read):
    assert put(Pair(1, Own()), depth=21)[0][0] == b"n"
    assert put(Pair(1, []), depth=21)[0][-2:] == [b"l", 0]
    assert put(Pair(1, []), depth=22)[0][0] == b"n"
    assert put(Pair(1, []), depth=22)[0][-2:] != [b"l", 0]
    assert put(Pair(1, 2), depth=23)[0][0] == b"h"
    assert read(b"n", 1, b"t", 2, 1, b"t", 0, depth=30) == (1, ())
    with pytest.raises(WireError, match="nested deeper"):
        read(b"n", 1, b"t", 2, 1, b"t", 0, depth=31)


def test_exceptions_and_their_classes_cross_by_lineage(put, read):
    error = OwnError("a")
    assert put(OwnError)[0] == [b"E", 1, 1, "OwnError", "No.", 1, "builtins.ValueError"]
    assert put(error)[0] == [
        *(b"I", 2, 1, 1, "OwnError", "No.", 1, "builtins.ValueError", b"t", 1, "a", "a"),
    ]
    assert read(b"h", 2) is error
    assert put(ValueError([1]))[0][:3] == [b"h", 3, "ValueError"]
    assert put(KeyboardInterrupt())[0][:3] == [b"h", 4, "KeyboardInterrupt"]


def test_what_was_lent_is_told_by_its_number_when_it_comes_back(put, values):
    array, kept = TWO.copy(), [1]
    values.lent.add(3, [array, kept])
    assert put([array])[0] == [b"l", 1, b"L", 3, False, b"a", "float64 C", 1, 2]
    kept.append(2)
    assert put((kept,))[0] == [b"t", 1, b"L", 4, True, b"l", 2, 1, 2]


def test_a_function_of_the_graders_side_asks_there(put, read):
    function = read(b"c", 5, "double", "Twice x.")
    assert function(1, b=2) == (5, (1,), {"b": 2})
    assert (function.__name__, function.__qualname__, function.__doc__) == ("double", "double", "Twice x.")
    assert read(b"c", 5, "double", "Twice x.") is function
    assert put(function)[0] == [b"c", 5]
    other = read(b"c", 0, "none", "")
    assert other.__doc__ is None
    assert put([other])[0] == [b"l", 1, b"c", 0]


def test_an_iterator_of_the_graders_side_asks_for_each_element(put, read):
    iterator = read(b"u", 2)
    assert type(iterator) is LentIterator
    assert iter(iterator) is iterator
    assert next(iterator) == (2, (), {})
    assert read(b"u", 2) is iterator
    assert put(iterator)[0] == [b"c", 2]


def test_an_unknown_tag_is_refused(read):
    with pytest.raises(WireError, match="neither plain data nor an object"):
        read(b"K", 1)
    with pytest.raises(WireError, match="no int where there should be one"):
        read(b"h", "1")
    with pytest.raises(WireError, match="no str"):
        read(b"c", 1, "name", 2)


def test_the_size_of_a_value_is_that_of_its_message(values):
    assert values.size_of(None) == len(frame([None], []))
    assert values.size_of(np.ones(2)) == len(frame([b"a", "float64 C", 1, 2], [bytes(16)]))
    assert values.size_of(None) < values.size_of([None]) < values.size_of([None, 1])
    assert values.size_of(np.zeros(1000)) - values.size_of(np.zeros(0)) in range(8000, 8010)
    assert values.size_of(np.zeros(2**22 + 1)) == math.inf
    assert values.size_of(np.zeros(2**22)) == math.inf  # with its header it is too long
