"""Right but for the last digits: float32, a difference quotient, a small constant, or none of these."""

import numpy as np
from views_under_test import view_of

from course_lib import check_gradient
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.precision import small_errors

RNG = np.random.default_rng(2)
X = RNG.normal(size=8)
RIGHT = np.cos(X)
LARGEST = float(np.abs(RIGHT).max())
SIGNS = np.array([1.0, -1, 1, 1, -1, -1, 1, -1])

IN_SINGLE = (Cause.FLOAT32, "right to about 7 digits: somewhere backward computes in float32")
QUOTIENT = (
    Cause.NUMERICAL_DIFFERENTIATION | Cause.LOCAL_DERIVATIVE,
    "nearly right, as a difference quotient is; or a small constant, a weak term or a factor near 1 is "
    "wrong, missing or too many",
)
CONSTANT = (
    Cause.LOCAL_DERIVATIVE,
    "nearly right, and in float64: is a small constant, as against division by zero or in a logarithm, "
    "only in one of forward and backward?",
)


def single(values):
    return np.float64(np.float32(values))


def said(yours, right=RIGHT, **known):
    found = small_errors(view_of(yours, right, X[: np.size(right)], **known))
    return found and (found.cause, found.sentence)


def off(relative, signs=SIGNS):
    """Return a gradient that is off by so much of its largest entry, in every entry."""
    return RIGHT + relative * LARGEST * signs


def test_errors_of_the_size_of_float32_are_float32():
    assert said(off(2.9e-6)) == IN_SINGLE
    assert said(off(3.1e-6)) == QUOTIENT
    assert said(single(RIGHT)) == IN_SINGLE


def test_errors_of_the_size_of_a_difference_quotient_are_one_unless_all_fits_into_float32():
    large = [1.0, 2.0, 3.0, 4.0]
    close_to_it = np.array(large) * (1 + 2.9e-4 * SIGNS[:4])
    assert said(close_to_it, large) == QUOTIENT
    assert said(single(close_to_it), large) == IN_SINGLE
    assert said(off(0.9e-3)) == QUOTIENT
    assert said(np.array(large) * (1 + np.array([0.0, 0.0, 1, -1]) * 1.1e-3), large) is None
    assert said(2 * RIGHT) is None


def test_one_entry_that_is_off_by_little_is_another_matter_unless_all_fits_into_float32():
    one = RIGHT + 1e-5 * (np.arange(8) == 3)
    assert said(one) is None
    assert said(RIGHT + 1e-5 * (np.arange(8) >= 6)) == QUOTIENT
    assert said(single(one), single(RIGHT)) == IN_SINGLE
    assert said([1.0 + 1e-5], [1.0]) == QUOTIENT


def test_entries_that_are_off_by_more_than_a_hundredth_of_themselves_are_not_nearly_right():
    small = np.array([1e3, 1.0, 1.0, 1.0])
    assert said(small * [1, 1.011, 1.011, 0.989], small) is None
    assert said(small * [1, 1.009, 1.009, 0.991], small) == QUOTIENT
    assert said(small * [1, 0.985, 0.985, 0.985], small) is None
    assert said(-small * [1, 1.009, 1.009, 0.991], -small) == QUOTIENT
    assert said(small * [1, 1.009, 1.5, 0.991], small) == QUOTIENT  # most are


def test_a_gradient_without_a_wrong_entry_is_named_only_if_it_fits_into_float32():
    assert said(RIGHT) is None
    assert said(single(RIGHT), allowed=1e-6) == IN_SINGLE


def test_a_fault_of_the_upstream_gradient_is_named_where_all_is_nearly_right():
    fault = {0: (Cause.UPSTREAM_MISUSED, "a term is not multiplied by dout")}
    assert said(off(2.9e-5), faults=fault) == fault[0]
    assert said(RIGHT, faults=fault) == fault[0]
    assert said(off(3.1e-5), faults=fault) == QUOTIENT
    assert said(off(2.9e-5), faults={1: fault[0]}) == QUOTIENT


def constant(extra=5e-6, **known):
    """Check exp with a small constant in its backward, which computes with every digit of its arguments."""

    def backward(dout, cache):
        return dout * (np.exp(cache[0]) + extra)

    return said(np.exp(X) + extra, np.exp(X), forward=np.exp, **{"backward": backward, **known})


def test_a_small_error_that_moves_with_the_last_digits_is_a_constant():
    assert constant() == CONSTANT
    assert constant(extra=1e-4) == QUOTIENT


def test_a_gradient_that_does_not_move_with_the_last_digits_of_its_arguments_or_of_dout_is_float32():
    def rough_in_x(dout, cache):
        return dout * (np.exp(single(cache[0])) + 5e-6)

    def rough_in_dout(dout, cache):
        return single(dout) * (np.exp(cache[0]) + 5e-6)

    def jumping(dout, cache):
        return dout * (np.exp(cache[0]) + 5e-6 + 1e-6 * (cache[0][0] != X[0]))

    for backward in (rough_in_x, rough_in_dout, jumping):
        assert constant(backward=backward) == IN_SINGLE


def fails(dout, cache):
    raise ValueError("not there")


def test_where_backward_cannot_be_asked_errors_to_one_side_are_no_rounding():
    one_side, many = np.sign(RIGHT), 8
    assert said(off(2e-6, one_side), backward=fails) == CONSTANT
    assert said(off(2e-6, -one_side), backward=fails) == CONSTANT
    assert said(off(2e-6, one_side * np.where(np.arange(many) == 3, -1, 1)), backward=fails) == IN_SINGLE
    for wrong, expected in ((6, CONSTANT), (5, IN_SINGLE)):
        assert said(off(2e-6, one_side * (np.arange(many) < wrong)), backward=fails) == expected


def test_one_of_two_entries_is_another_matter():
    assert said([1.0 + 1e-5, 0.3], [1.0, 0.3]) is None
    assert said([1.0 + 1e-5, 0.3 + 1e-5], [1.0, 0.3]) == QUOTIENT


def test_of_a_gradient_that_is_given_as_numbers_the_sides_of_its_errors_are_asked():
    for signs, (cause, sentence) in ((1, CONSTANT), (SIGNS, IN_SINGLE)):
        (found,) = check_gradient(lambda x: np.exp(x).sum(), X, np.exp(X) + 2e-6 * signs).arguments
        assert (found.diagnosis, found.explanation) == (cause, sentence)
