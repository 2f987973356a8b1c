import numpy as np
import pytest

from course_lib.gradcheck.arrays import SMALLEST, is_masked, norm, once_masked, rms, typical_size


@pytest.mark.parametrize("scale", [1e-300, 1e-200, 1.0, 1e200, 1e300])
def test_the_norm_neither_overflows_nor_vanishes_where_squares_would(scale):
    assert norm(np.array([3.0, -4.0]) * scale) == pytest.approx(5 * scale, rel=1e-14)
    assert rms(np.array([3.0, -3.0]) * scale) == pytest.approx(3 * scale, rel=1e-14)


def test_the_norm_of_ordinary_numbers_loses_nothing():
    assert norm(np.array([3.0, 4.0])) == 5.0
    assert norm(np.zeros(0)) == 0.0
    assert norm(np.array([1.0, np.inf])) == np.inf


def test_an_argument_that_is_zero_is_expected_to_vary_by_one():
    assert typical_size(np.zeros(3)) == 1.0
    assert typical_size(np.full(3, SMALLEST / 2)) == 1.0
    assert typical_size(np.full(3, 2 * SMALLEST)) == pytest.approx(2 * SMALLEST)


def test_an_array_that_was_masked_where_it_comes_from_counts_as_masked_and_its_copies_do_not():
    array = np.ones(2)
    assert not is_masked(array)
    once_masked(array)
    assert is_masked(array)
    assert is_masked(np.ma.array(array))
    assert not is_masked(array.copy())
    assert not is_masked(None)
