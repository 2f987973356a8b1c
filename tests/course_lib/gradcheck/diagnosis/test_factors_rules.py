"""The rules by which a factor is named, one at a time."""

import numpy as np
import pytest
from views_under_test import view_of

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis import factors

RNG = np.random.default_rng(12)
X = RNG.normal(size=(7, 3))
G = RNG.normal(size=(7, 3))


def total(x, *others):
    """A scalar loss, so that nothing is elementwise."""
    return np.sum(np.sin(x))


def said(hypothesis, yours, right, *others, forward=total, **known):
    view = view_of(yours, right, np.resize(X, np.shape(right)), *others, forward=forward, **known)
    with np.errstate(all="ignore"):  # as `ranking` has it
        found = hypothesis(view)
    return found and (found.cause, found.sentence)


def test_a_gradient_into_which_nothing_was_written_is_zero():
    assert said(factors.all_zero, 0 * G, G) == (Cause.ZERO, "your gradient of x0 is zero everywhere")
    assert said(factors.all_zero, 0 * G + np.eye(7, 3), G) is None


def test_the_opposite_sign_is_that_of_every_entry():
    expected = (Cause.SIGN, "yours is the numerical gradient with the opposite sign")
    assert said(factors.opposite_sign, -G, G) == expected
    assert said(factors.opposite_sign, np.where(np.eye(7, 3), G, -G), G) is None
    assert said(factors.opposite_sign, 0 * G, 0 * G) is None


FACTOR = factors.constant_factor
BEFORE = "the numerical gradient"
EITHER_WAY = Cause.SCALE_N | Cause.CONSTANT_FACTOR
ROWS, COLUMNS = ("N = 7 is the length of axis 0 of x0", "N = 3 is the length of axis 1 of x0")
TOO_LARGE, TOO_SMALL = "average over it once, not zero times", "it is divided by once too often"
ELEVEN = "a factor 11 is {}, or an average over 11 samples is {}"
NO_NAME = "in every entry: a number that multiplies all of them is missing, extra or wrong"


@pytest.mark.parametrize(
    ("factor", "cause", "rest"),
    [
        (2.0, Cause.FACTOR_2 | Cause.CONSTANT_FACTOR, "2 x {}, and a factor 2 is too many"),
        (-2.0, Cause.FACTOR_2 | Cause.CONSTANT_FACTOR | Cause.SIGN, "-2 x {}, and a factor 2 is too many"),
        (0.5, Cause.FACTOR_2, "1/2 of {}, and a 2 is missing"),
        (7.0, Cause.SCALE_N, f"7 x {{}}, and {ROWS}: {TOO_LARGE}"),
        (1 / 7, Cause.SCALE_N, f"1/7 of {{}}, and {ROWS}: {TOO_SMALL}"),
        (-3.0, EITHER_WAY | Cause.SIGN, f"-3 x {{}}, and {COLUMNS}: {TOO_LARGE}, or a factor 3 is too many"),
        (
            21.0,
            EITHER_WAY,
            f"21 x {{}}, and N = 21 is the number of entries of x0: {TOO_LARGE}, or a factor 21 is too many",
        ),
        (11.0, EITHER_WAY, f"11 x {{}}: {ELEVEN.format('too many', 'missing')}"),
        (1 / 11, EITHER_WAY, f"1/11 of {{}}: {ELEVEN.format('missing', 'made twice')}"),
        (1.37, Cause.CONSTANT_FACTOR, f"1.37 x {{}} {NO_NAME}"),
        (-1.0, Cause.SIGN, "-1 x {}: the sign is reversed"),
    ],
)
def test_a_factor_is_named_with_all_that_it_may_be(factor, cause, rest):
    assert said(FACTOR, factor * G, G) == (cause, f"yours is {rest.format(BEFORE)}")


def test_a_factor_has_its_number_with_it_to_be_found_elsewhere():
    assert FACTOR(view_of(1.37 * G, G, X, forward=total)).numbers == pytest.approx((1.37,))
    assert FACTOR(view_of(-2 * G, G, X, forward=total)).numbers == pytest.approx((-2.0,))


def test_a_length_of_four_is_as_likely_two_squared():
    four = RNG.normal(size=(4, 3))
    cause, sentence = said(FACTOR, 4 * four, four)
    assert cause == Cause.SCALE_N | Cause.CONSTANT_FACTOR
    assert sentence.endswith("axis 0 of x0: average over it once, not zero times, or a factor 4 is too many")
    cause, sentence = said(FACTOR, four / 4, four)
    assert sentence.endswith("axis 0 of x0: it is divided by once too often, or a factor 4 is missing")


def test_a_length_that_is_a_number_of_entries_too_is_named_once():
    column = RNG.normal(size=(7, 1))
    assert said(FACTOR, 7 * column, column)[1].count("N = 7") == 1


def test_a_length_of_two_is_as_likely_a_factor():
    two = RNG.normal(size=(2, 3))
    cause, sentence = said(FACTOR, 2 * two, two)
    assert cause == Cause.FACTOR_2 | Cause.CONSTANT_FACTOR | Cause.SCALE_N
    assert sentence == (
        "yours is 2 x the numerical gradient, and a factor 2 is too many, "
        "or N = 2 is the length of axis 0 of x0: average over it once, not zero times"
    )


def test_half_of_what_is_quadratic_lacks_the_2_of_the_square():
    found = said(FACTOR, X, 2 * X, forward=lambda x: np.sum(x**2))
    assert found == (
        Cause.FACTOR_2,
        "yours is 1/2 of the numerical gradient, and a 2 is missing: differentiate the square",
    )
    found = said(FACTOR, 4 * X, 2 * X, forward=lambda x: np.sum(x**2))
    assert found[1] == "yours is 2 x the numerical gradient, and a factor 2 is too many"
    for forward, slope in ((lambda x: np.sum(x), np.ones_like(X)), (lambda x: np.sum(x**3), 3 * X**2)):
        assert said(FACTOR, slope / 2, slope, forward=forward)[1].endswith("a 2 is missing")


def test_where_nothing_is_averaged_a_count_is_a_factor():
    v = RNG.normal(size=5)
    known = {"forward": np.sin, "jacobian": np.eye(5)}
    assert said(FACTOR, 5 * v, v, **known) == (
        Cause.CONSTANT_FACTOR,
        "yours is 5 x the numerical gradient: a factor 5 is too many",
    )
    assert (
        said(FACTOR, v / 3, v, **known)[1] == "yours is 1/3 of the numerical gradient: a factor 3 is missing"
    )
    assert (
        said(FACTOR, -3 * v, v, **known)[1] == "yours is -3 x the numerical gradient: a factor 3 is too many"
    )
    assert said(FACTOR, 2 * v, v, **known)[0] == Cause.FACTOR_2 | Cause.CONSTANT_FACTOR
    assert said(FACTOR, 2.5 * v, v, **known)[0] == Cause.CONSTANT_FACTOR


def test_factors_are_named_to_a_thousandth():
    assert said(FACTOR, 7 * (1 + 0.9e-3) * G, G)[0] == Cause.SCALE_N
    assert said(FACTOR, 7 * (1 + 1.1e-3) * G, G)[0] == Cause.CONSTANT_FACTOR
    assert said(FACTOR, 2 * (1 - 0.9e-3) * G, G)[0] == Cause.FACTOR_2 | Cause.CONSTANT_FACTOR
    assert said(FACTOR, 2 * (1 - 1.1e-3) * G, G)[0] == Cause.CONSTANT_FACTOR


def test_what_is_no_factor_or_one_or_of_a_single_entry_is_not_called_one():
    assert said(FACTOR, G + 1, G) is None
    assert said(FACTOR, (1 + 0.9e-5) * G, G) is None
    assert said(FACTOR, 0 * G, G) is None
    single = np.eye(7, 3) * (np.arange(7) == 1)[:, None]
    assert said(FACTOR, 1.37 * single, single) is None
    assert said(FACTOR, 2 * single, single)[0] == Cause.FACTOR_2 | Cause.CONSTANT_FACTOR


@pytest.mark.parametrize(
    ("factor", "said_of_it"),
    [
        (3.0, "3 x"),
        (1 / 7, "1/7 of"),
        (-1 / 7, "-1/7 of"),
        (0.4, "0.4 x"),
        (-2.5, "-2.5 x"),
        (1.0, "1 x"),
        (0.99, "0.99 x"),
    ],
)
def test_factors_are_said_as_people_say_them(factor, said_of_it):
    assert factors.times(factor) == said_of_it


def test_what_is_linear_lacks_no_square():
    whole = np.arange(1.0, 22.0).reshape(7, 3)
    found = FACTOR(view_of(np.full((7, 3), 0.5), np.ones((7, 3)), whole, forward=np.sum))
    assert found.sentence.endswith("a 2 is missing")


def test_what_cancels_up_to_rounding_is_zero_and_no_tiny_factor():
    expected = "your gradient of x0 is zero everywhere, up to rounding"
    assert said(factors.all_zero, 1e-16 * G, G) == (Cause.ZERO, expected)
    assert said(factors.all_zero, 1e-12 * G, G) is None


@pytest.mark.parametrize(("cubes", "found"), [(3.2e-7, True), (3.5e-7, False), (-3.2e-7, True)])
def test_what_is_nearly_a_square_is_one_to_a_millionth(cubes, found):
    one = np.ones(1)
    assert factors._squares(view_of(one, one, one, forward=lambda x: np.sum(x**2 + cubes * x**3))) is found
    assert factors._squares(view_of(one, one, one, forward=lambda x: -np.sum(x**2 + cubes * x**3))) is found


@pytest.mark.parametrize("unit", [1e-4, 1e4])
def test_a_square_is_seen_in_any_unit(unit):
    one = np.ones(1)
    assert factors._squares(view_of(one, one, one, forward=lambda x: unit * np.sum(x**2))) is True


@pytest.mark.parametrize(("share", "found"), [(5.5e-7, True), (4.5e-7, False)])
def test_a_square_is_seen_beside_what_is_constant_from_a_millionth_of_it_on(share, found):
    one = np.ones(1)
    assert factors._squares(view_of(one, one, one, forward=lambda x: 1 + share * np.sum(x**2))) is found
    assert factors._squares(view_of(one, one, one, forward=lambda x: -1 - share * np.sum(x**2))) is found


def test_what_was_not_looked_at_has_no_opposite_sign():
    right = np.where(np.arange(21).reshape(7, 3) < 10, np.nan, 0.0)
    assert said(factors.opposite_sign, 0 * G, right) is None


@pytest.mark.parametrize(
    ("factor", "named"), [(50.009, True), (50.011, False), (5.0045, True), (5.0055, False)]
)
def test_a_count_is_named_to_a_thousandth_and_a_large_one_to_a_hundredth_of_one(factor, named):
    for found in (said(FACTOR, factor * G, G), said(FACTOR, G / factor, G)):
        assert (f"average over {round(factor)} samples" in found[1]) is named
