"""In the block calls may be nested so deep, and afterwards as before."""

import sys

import pytest

from course_lib.grading.depth import nested_calls


def down(n):
    return n and down(n - 1)


def test_calls_within_one_another_are_limited_in_the_block():
    before = sys.getrecursionlimit()
    with nested_calls(100):
        assert down(80) == 0
        with pytest.raises(RecursionError):
            down(120)
    assert sys.getrecursionlimit() == before


def test_a_block_that_raises_leaves_the_limit_as_it_was():
    before = sys.getrecursionlimit()
    with pytest.raises(KeyError), nested_calls(100):
        raise KeyError
    assert sys.getrecursionlimit() == before


def test_it_counts_from_where_it_is_called():
    def deeper(levels):
        if levels:
            return deeper(levels - 1)
        with nested_calls(100):
            return down(80)

    assert deeper(150) == 0
