"""Keys that cross are plain, not deep, and cannot make a dict slow by having one hash."""

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

from autograder.student_side.frames import WireError
from autograder.student_side.keys import MAX_DEPTH, MOST_OF_ONE_HASH, may_be_keys, put_elements, put_pairs


def nested(depth):
    key = 1
    for _ in range(depth):
        key = (key,)
    return key


@pytest.mark.parametrize(
    "key",
    [
        "W1",
        3,
        -(2**63),
        2**70,
        2.5,
        None,
        True,
        b"x",
        1j,
        np.float32(2),
        (0, "a"),
        frozenset({1}),
        Fraction(1, 3),
    ],
)
def test_plain_data_may_be_a_key(key):
    assert may_be_keys([key])
    assert put_pairs({}, [key, "value"]) == {key: "value"}
    assert put_elements(set(), [key]) == {key}


class Named(str):
    pass


@pytest.mark.parametrize("key", [Named("x"), object(), (1, object()), print, nested(MAX_DEPTH + 1)])
def test_what_has_a_hash_of_its_own_or_is_deep_may_not(key):
    assert not may_be_keys([key])
    with pytest.raises(WireError, match="keys"):
        put_pairs({}, [key, 1])
    with pytest.raises(WireError, match="elements"):
        put_elements(set(), [key])


def test_the_deepest_key_is_taken():
    assert may_be_keys([nested(MAX_DEPTH)])


def test_few_may_share_one_hash():
    modulus = 2**61 - 1  # of CPython's hash of integers
    alike = [2**65 + modulus * k for k in range(MOST_OF_ONE_HASH + 1)]
    alike = [key - key % modulus for key in alike]
    assert len(set(map(hash, alike))) == 1
    assert may_be_keys(alike[:-1])
    assert not may_be_keys(alike)


def test_each_key_has_a_value():
    with pytest.raises(WireError):
        put_pairs({}, ["a", 1, "b"])


def test_a_counter_takes_values_that_are_no_numbers():
    assert put_pairs(Counter(), ["a", "x"])["a"] == "x"
