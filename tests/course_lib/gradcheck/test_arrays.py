import numpy as np
import pytest
from points_under_test import digits_of

from course_lib.gradcheck.arrays import (
    _ONCE_MASKED,
    DOUBLE,
    SINGLE,
    SMALLEST,
    is_masked,
    norm,
    once_masked,
    rms,
    typical_size,
)


@pytest.mark.parametrize("scale", [1e-300, 1e-200, 1.0, 1e200, 1e300])
def test_the_norm_neither_overflows_nor_vanishes_where_squares_would(scale):
    assert norm(np.array([3.0, -4.0]) * scale) == digits_of(5 * scale, rel=1e-14)
    assert rms(np.array([3.0, -3.0]) * scale) == digits_of(3 * scale, rel=1e-14)


def test_the_norm_of_ordinary_numbers_loses_nothing():
    assert norm(np.array([3.0, 4.0])) == 5.0
    assert norm(np.zeros(0)) == 0.0
    assert norm(np.array([1.0, np.inf])) == np.inf


def test_an_argument_that_is_zero_is_expected_to_vary_by_one():
    assert typical_size(np.zeros(3)) == 1.0
    assert typical_size(np.full(3, SMALLEST / 2)) == 1.0
    assert typical_size(np.full(3, 2 * SMALLEST)) == digits_of(2 * SMALLEST)


def test_an_array_that_was_masked_where_it_comes_from_counts_as_masked_and_its_copies_do_not():
    array = np.ones(2)
    assert not is_masked(array)
    once_masked(array)
    assert is_masked(array)
    assert is_masked(np.ma.array(array))
    assert is_masked(type("MaskedArray", (), {})())
    assert not is_masked(array.copy())
    assert not is_masked(None)
    assert not is_masked("text")


def test_what_was_masked_is_forgotten_with_it():
    array = np.ones(2)
    once_masked(array)
    number = id(array)
    del array
    assert number not in _ONCE_MASKED


@pytest.mark.parametrize("power", [-1074, -1060, -1000, -999, 0, 1, 1000, 1021])
def test_the_norm_is_exact_for_any_power_of_two(power):
    unit = 2.0**power
    assert norm(np.array([3 * unit, -4 * unit])) == 5 * unit
    assert norm(np.array([-unit])) == unit


def test_the_norm_of_the_largest_numbers_is_a_number_or_infinite():
    assert norm(np.array([1.7e308])) == 1.7e308
    assert norm(np.array([1e308, 1e308])) == pytest.approx(np.sqrt(2) * 1e308)
    assert norm(np.array([1.7e308, 1.7e308])) == np.inf
    assert np.isnan(norm(np.array([1.0, np.nan])))


def test_the_root_of_the_mean_square_counts_entries():
    assert rms(np.array([1.0, 1.0, 1.0, 1.0])) == 1.0
    assert rms(np.array([[2.0, 0.0], [0.0, 0.0]])) == 1.0
    assert rms(np.array([-3.0])) == 3.0
    assert rms(np.zeros(0)) == 0.0


def test_a_typical_size_is_the_root_of_the_mean_square_down_to_the_smallest():
    assert typical_size(np.array([1.0, -7.0])) == pytest.approx(5.0)
    assert typical_size(np.array([1.01e-280])) == pytest.approx(1.01e-280, rel=1e-9, abs=0)
    assert typical_size(np.array([0.99e-280])) == 1.0


def test_the_rounding_units_are_those_of_the_precisions():
    assert (DOUBLE, SINGLE) == (2.0**-52, 2.0**-23)


def test_a_size_that_is_just_the_smallest_leaves_no_room():
    assert typical_size(np.array([SMALLEST])) == 1.0
