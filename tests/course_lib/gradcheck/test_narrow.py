"""Numbers that fit into a narrower type, and numbers that were computed in one."""

import numpy as np
import pytest

from course_lib.gradcheck.arrays import DOUBLE, HALF, SINGLE
from course_lib.gradcheck.narrow import are_whole, computed_in_single, precision_of, representable_in_single


def test_numbers_that_fit_into_float32_are_told_from_numbers_with_few_digits():
    rounded = np.float32(np.random.default_rng(0).normal(size=5)).astype(float)
    assert representable_in_single(rounded)
    assert computed_in_single(rounded)
    assert not computed_in_single(np.array([1.0, 0.5, 3.0]))
    assert not computed_in_single(np.random.default_rng(0).normal(size=5))


def test_a_number_with_more_than_four_binary_digits_may_tell_single_precision():
    assert not computed_in_single(np.array([15 / 8]))
    assert computed_in_single(np.array([31 / 16]))
    assert not representable_in_single(np.array([1e300]))
    assert representable_in_single(np.array([np.inf, 0.5]))


@pytest.mark.parametrize(
    ("out", "whole"),
    [
        ([511.0, 700.0], True),
        ([-511.0, 700.0], True),
        ([512.0, 700.0], False),  # in float16 the next number is half as far away as a whole one
        ([-600.0, 700.0], False),
        ([0.0, 600.0], False),
        ([0.0, 0.0], True),
        ([1.5, 3.0], False),
        ([65535.0, 1e5], True),
        ([65536.0, 1e5], False),
        ([-65537.0, 1e5], False),
    ],
)
def test_outputs_are_steps_if_a_narrower_type_had_digits_to_spare_for_the_smallest(out, whole):
    assert are_whole(np.array(out)) is whole


@pytest.mark.parametrize(("dtype", "unit"), [(np.float16, HALF), (np.float32, SINGLE), (np.float64, DOUBLE)])
def test_a_precision_is_that_of_the_narrowest_type_that_all_numbers_fit_into(dtype, unit):
    assert precision_of(np.array([0.1, 3.0]).astype(dtype).astype(float)) == unit
