"""Keys that cross are plain, not deep, and cannot make a dict slow by having one hash."""

from collections import Counter, OrderedDict
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from autograder.student_side.frames import WireError
from autograder.student_side.keys import INTEGERS, may_be_keys, put_elements, put_pairs

PRIME = 2**61 - 1  # the modulus of CPython's hash of numbers


def nested(depth, kind=tuple):
    key = 1
    for _ in range(depth):
        key = kind((key,))
    return key


@pytest.mark.parametrize(
    "key",
    [
        *("W1", 3, -(2**63), 2**70, 2.5, None, True, b"x", 1j, (0, "a"), frozenset({1}), Fraction(1, 3)),
        *(
            np.float16(2),
            np.float32(2),
            np.float64(2),
            np.longdouble(2),
            np.bool_(True),
            np.int8(1),
            np.uint8(1),
        ),
        *(
            np.uint8(1),
            np.int16(1),
            np.uint16(1),
            np.int32(1),
            np.uint32(1),
            np.int64(1),
            np.uint64(1),
            np.longlong(1),
        ),
        *(np.complex64(1j), np.complex128(1j), np.str_("a"), np.datetime64("2026"), np.timedelta64(1, "s")),
        *(date(2026, 5, 4), Decimal(1), (((1,), frozenset({(2,)})),), np.dtype("U3"), ()),
    ],
    ids=repr,
)
def test_plain_data_may_be_a_key(key):
    assert may_be_keys([key])
    assert may_be_keys([(key,)])
    assert put_pairs({}, [key, ["value"]]) == {key: ["value"]}
    assert put_elements(set(), [key]) == {key}


class Named(str):
    pass


@pytest.mark.parametrize(
    "key",
    [
        *(Named("x"), object(), (1, object()), (object(), 1), frozenset({object()}), print, int, []),
        *(np.clongdouble(1), np.bytes_(b"a"), range(3), type("Int", (int,), {})(1), nested(33)),
        *(nested(33, frozenset), type("Pair", (tuple,), {})(), ..., {}),
    ],
    ids=lambda key: type(key).__name__,
)
def test_what_has_a_hash_of_its_own_or_is_deep_may_not(key):
    assert not may_be_keys([key])
    assert not may_be_keys(["a", key])
    with pytest.raises(WireError, match="keys"):
        put_pairs({}, [key, 1])
    with pytest.raises(WireError, match="elements"):
        put_elements(set(), [key])


@pytest.mark.parametrize("kind", [tuple, frozenset])
def test_keys_are_nested_as_deep_as_32(kind):
    assert may_be_keys([nested(32, kind)])
    assert not may_be_keys([nested(33, kind)])


def test_integers_of_64_bits_are_told_from_longer_ones():
    assert -(2**63) in INTEGERS
    assert 2**64 - 1 in INTEGERS
    assert -(2**63) - 1 not in INTEGERS
    assert 2**64 not in INTEGERS


def alike(count, value=0):
    """So many integers of more than 64 bits with one hash."""
    keys = [value + PRIME * k for k in range(16, 16 + count)]
    assert set(map(hash, keys)) == {value}
    assert not any(key in INTEGERS for key in keys)
    return keys


def test_a_hundred_may_share_one_hash():
    assert may_be_keys(alike(100))
    assert not may_be_keys(alike(101))
    assert may_be_keys([*alike(100), *alike(100, 7)])
    assert not may_be_keys([*alike(1, 7), *alike(101), *alike(2, 7)])
    assert not may_be_keys([(key,) for key in alike(101)])


def test_short_integers_and_floats_of_one_hash_are_too_few_to_count():
    short = [PRIME * k for k in range(-4, 8)]
    assert set(map(hash, short)) == {0}
    assert may_be_keys([*short, *alike(95)])
    powers = [2.0 ** (61 * k) for k in range(-16, 16)]
    assert set(map(hash, powers)) == {1}
    assert may_be_keys([*powers, *alike(95, 1)])


def test_many_keys_of_many_hashes_are_keys():
    assert may_be_keys([2**64 + n for n in range(500)])
    assert may_be_keys([])


def test_each_key_has_a_value():
    with pytest.raises(WireError, match="each with a value"):
        put_pairs({}, ["a", 1, "b"])
    with pytest.raises(WireError, match="each with a value"):
        put_pairs({}, ["a"])
    with pytest.raises(WireError, match="keys that may cross"):
        put_pairs({}, ["a", 1, object(), 2])


def test_values_are_put_beside_their_keys_in_order():
    assert list(put_pairs({}, ["b", 1, "a", 2]).items()) == [("b", 1), ("a", 2)]
    ordered = OrderedDict()
    assert put_pairs(ordered, ["b", 1, "a", 2]) is ordered
    assert list(ordered.items()) == [("b", 1), ("a", 2)]
    assert put_elements(made := {1}, [2, 3]) is made
    assert made == {1, 2, 3}


def test_a_counter_takes_values_that_are_no_numbers():
    made = Counter()
    assert put_pairs(made, ["a", "x", "b", 2]) is made
    assert made == {"a": "x", "b": 2}
