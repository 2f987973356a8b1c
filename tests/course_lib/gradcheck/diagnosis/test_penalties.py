"""The rules by which a penalty is named, one at a time."""

import numpy as np
import pytest
from views_under_test import view_of

from course_lib import check_gradient
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis import penalties

RNG = np.random.default_rng(12)
X = RNG.normal(size=(7, 3))
G = RNG.normal(size=(7, 3))


def total(x, *others):
    """A scalar loss, so that nothing is elementwise."""
    return np.sum(np.sin(x))


def said(hypothesis, yours, right, **known):
    view = view_of(yours, right, np.resize(X, np.shape(right)), **{"forward": total} | known)
    with np.errstate(all="ignore"):  # as `ranking` has it
        found = hypothesis(view)
    return found and (found.cause, found.sentence)


PENALTY = penalties.small_penalty
DIFFERS = (
    "yours differs from the numerical gradient by a {}: the regularization's gradient is missing "
    "or has another strength than in the loss (mind the 2 of the square)"
)


def test_a_small_difference_that_is_a_multiple_of_the_argument_or_its_sign_is_a_penalty():
    assert said(PENALTY, G + 1e-3 * X, G) == (Cause.REGULARIZATION, DIFFERS.format("multiple of x0"))
    assert said(PENALTY, G - 1e-3 * np.sign(X), G) == (
        Cause.REGULARIZATION,
        DIFFERS.format("multiple of sign(x0)"),
    )
    strength = PENALTY(view_of(G - 1e-3 * X, G, X, forward=total)).numbers
    assert strength == pytest.approx((-1e-3,))
    assert said(PENALTY, G + 1e-3, G) is None
    assert said(PENALTY, G, G) is None


def test_a_small_penalty_is_small_beside_the_gradient_and_well_above_noise():
    scale, largest = np.abs(G).max(), np.abs(X).max()
    assert said(PENALTY, G + 0.9e-2 * scale / largest * X, G) is not None
    assert said(PENALTY, G + 1.2e-2 * scale / largest * X, G) is None
    assert said(PENALTY, G + 1.1e-7 / largest * X, G) is not None
    assert said(PENALTY, G + 0.9e-7 / largest * X, G) is None


def test_a_small_penalty_takes_four_entries_of_both_signs_and_a_scalar_loss():
    x, g = X[:2], G[:2]
    assert said(PENALTY, g + 1e-3 * x, g) is not None
    assert said(PENALTY, (g + 1e-3 * x).ravel()[:4], g.ravel()[:4], x=x.ravel()[:4]) is not None
    assert said(PENALTY, (g + 1e-3 * x).ravel()[:3], g.ravel()[:3], x=x.ravel()[:3]) is None
    assert said(PENALTY, G + 1e-3 * X, G, forward=np.sin) is None
    positive = np.abs(X)
    view = view_of(G + 1e-3, G, positive, forward=total)
    assert PENALTY(view) is None


def test_a_small_penalty_is_a_multiple_to_a_hundredth():
    spot = np.zeros((7, 3))
    spot[0, 0] = 1e-3 * np.abs(X).max()
    assert said(PENALTY, G + 1e-3 * X + 0.8e-2 * spot, G) is not None
    assert said(PENALTY, G + 1e-3 * X + 1.5e-2 * spot, G) is None


DATA = penalties.factor_on_the_data_term


@pytest.mark.parametrize(
    ("difference", "penalty"),
    [
        (0.3 * X, "multiple of x0"),
        (-0.3 * np.sign(X), "multiple of sign(x0)"),
        (0.3 * X + 0.2 * np.sign(X), "mixture of both penalties"),
    ],
)
def test_a_penalty_that_is_wrong_is_told_by_its_shape(difference, penalty):
    assert said(DATA, G + difference, G) == (Cause.REGULARIZATION, DIFFERS.format(penalty))


@pytest.mark.parametrize(
    ("factor", "cause", "times"),
    [(7.0, Cause.SCALE_N, "7 x"), (-1.0, Cause.SIGN, "-1 x"), (0.5, Cause.FACTOR_2, "1/2 of")],
)
def test_a_factor_on_the_data_alone_is_named_but_for_the_regularization(factor, cause, times):
    found, sentence = said(DATA, factor * G + 0.6 * X, G)
    assert found == cause
    assert sentence.startswith(f"but for the regularization, yours is {times} the numerical one")
    assert said(DATA, factor * G + 0.6 * np.sign(X), G)[0] == cause
    mixed = factor * G + 0.6 * np.sign(X) + (1 - factor) * 0.1 * X
    assert said(DATA, mixed, G, forward=lambda x: total(x) + 0.05 * np.sum(x**2))[0] == cause
    assert said(DATA, mixed, G) is None  # a loss that has no such penalty
    assert DATA(view_of(factor * G + 0.6 * X, G, X, forward=total)).numbers == pytest.approx((factor,))


def test_what_no_penalty_explains_is_left():
    assert said(DATA, G + 1.0, G) is None
    assert said(DATA, RNG.normal(size=(7, 3)), G) is None
    assert DATA(view_of(G + 1.0, G, 0 * X, forward=total)) is None
    assert DATA(view_of(1.0, 2.0, 3.0, forward=total)) is None


def test_a_small_entry_that_is_wrong_by_much_of_itself_denies_a_factor_on_the_data():
    right, x = G.copy(), X.copy()
    right[0, 0] = x[0, 0] = 1e-6
    for off, found in ((0.0, True), (1e-5, False)):
        yours = 7 * right + 0.6 * x
        yours[0, 0] += off
        assert (DATA(view_of(yours, right, x, forward=total)) is not None) is found


def test_two_mixtures_of_penalties_are_told_with_both():
    found = said(DATA, 0.5 * X + 0.25 * np.sign(X), 2 * X - np.sign(X))
    assert found == (
        Cause.REGULARIZATION | Cause.LOCAL_DERIVATIVE,
        "yours is 0.5 x0 + 0.25 sign(x0), and it should be 2 x0 + -1 sign(x0)",
    )
    view = view_of(0.5 * X + 0.25 * np.sign(X), 2 * X - np.sign(X), X, forward=total)
    assert DATA(view).numbers == pytest.approx((0.5, 0.25, 2.0, -1.0))
    assert said(DATA, G, 2 * X - np.sign(X)) is None


def test_of_a_mixture_what_is_rounding_is_not_told():
    told = "yours is {}, and it should be {}"
    assert said(DATA, 0.2 * X, 0.1 * np.sign(X))[1] == told.format("0.2 x0", "0.1 sign(x0)")
    assert said(DATA, 0 * X, 2 * X)[1] == told.format("0", "2 x0")


def ridge(x, strength=0.3):
    return np.sum(np.sin(x)) + strength * np.sum(x**2)


def test_a_penalty_that_is_wrong_has_its_strengths_with_it():
    found = DATA(view_of(G + 0.3 * X + 0.2 * np.sign(X), G, X, forward=total))
    assert found.numbers == pytest.approx((0.3, 0.2))
    assert DATA(view_of(G - 0.3 * X, G, X, forward=total)).numbers == pytest.approx((-0.3,))


def test_of_an_argument_of_one_sign_its_sign_is_a_constant():
    x = np.abs(X)
    for yours in (0.5 * x + 0.25, 0.5 * x - 0.25):
        found = DATA(view_of(yours, 2 * x - 1, x, forward=total))
        assert found is None or "it should be" not in found.sentence


def test_of_an_argument_of_one_sign_a_penalty_on_its_size_is_no_data():
    x = np.abs(X)

    def both(x):
        return 0.3 * np.sum(x**2) + 0.2 * np.sum(np.abs(x))

    view = view_of(0.6 * x, 0.6 * x + 0.2, x, forward=both, backward=lambda d, c: 0.6 * d * c[0])
    assert DATA(view) is None


@pytest.mark.parametrize("entries", [1, 2, 3])
def test_few_entries_are_fitted_by_chance(entries):
    x, g = X.ravel()[:entries], G.ravel()[:entries]
    assert DATA(view_of(g + 0.3 * x, g, x, forward=total)) is None


def test_of_an_argument_of_one_sign_a_small_multiple_is_a_penalty_too():
    positive = np.abs(X)
    for strength in (1e-3, -1e-3):
        found = PENALTY(view_of(G + strength * positive, G, positive, forward=total))
        assert found.sentence == DIFFERS.format("multiple of x0")


def fitted(target, *columns, scale=1.0):
    """The coefficients, where the largest gradient in sight has this size."""
    biggest = np.zeros(8)
    biggest[0] = scale
    return penalties._exact_fit(view_of(biggest, biggest, np.ones(8)), columns, np.array(target))


FIRST, SECOND, THIRD = np.linalg.qr(RNG.normal(size=(8, 3)))[0].T


@pytest.mark.parametrize(("angle", "found"), [(1.5e-3, True), (1.3e-3, False)])
def test_columns_that_are_nearly_the_same_fit_nothing(angle, found):
    near = np.cos(angle) * FIRST + np.sin(angle) * SECOND
    for size in (1e-3, 1.0, 1e3):
        assert (fitted(FIRST + SECOND, FIRST, size * near) is not None) is found


@pytest.mark.parametrize(("off", "found"), [(1.0e-5, True), (1.2e-5, False)])
def test_a_fit_is_exact_to_a_hundred_thousandth_of_what_is_fitted(off, found):
    target = 2 * FIRST - 3 * SECOND
    stray = THIRD / np.abs(THIRD).max() * np.abs(target).max()
    assert (fitted(target + off * stray, FIRST, SECOND, scale=np.abs(target).max()) is not None) is found
    coefficients = fitted(target, 5 * FIRST, SECOND)
    assert coefficients == pytest.approx([0.4, -3.0])


@pytest.mark.parametrize(("off", "found"), [(0.9e-6, True), (1.2e-6, False)])
def test_what_is_small_beside_the_gradients_fits_to_a_millionth_of_these(off, found):
    target = 1e-3 * FIRST
    assert (fitted(target + off * THIRD / np.abs(THIRD).max(), FIRST) is not None) is found


def test_columns_of_nothing_or_too_few_entries_fit_nothing():
    assert fitted(FIRST, 0 * FIRST) is None
    assert fitted(FIRST[:2], FIRST[:2]) is None
    assert fitted(FIRST[:3], FIRST[:3]) is not None
    assert fitted(FIRST[:3], FIRST[:3], SECOND[:3]) is None
    assert fitted(FIRST[:4], FIRST[:4], SECOND[:4]) is not None


def test_a_small_argument_shows_its_penalty_in_its_own_unit():
    x = X / 10
    view = view_of(0.6 * x, np.cos(x) + 0.6 * x, x, forward=ridge, backward=lambda d, c: 0.6 * d * c[0])
    assert DATA(view).cause == Cause.OVERWRITTEN


@pytest.mark.parametrize(("off", "found"), [(0.9e-6, True), (1.2e-6, False)])
def test_what_fits_beside_large_or_small_gradients_fits_beside_these(off, found):
    for scale in (1e-4, 1e4):
        target = scale * (1e-3 * FIRST + off * THIRD / np.abs(THIRD).max())
        assert (fitted(target, FIRST, scale=scale) is not None) is found


def test_a_factor_on_the_data_alone_that_is_no_number_of_anything_is_told_as_it_is():
    assert said(penalties.factor_on_the_data_term, 1.37 * G + 0.6 * X, G) == (
        Cause.CONSTANT_FACTOR,
        "but for the regularization, yours is 1.37 x the numerical one: a number that multiplies all of "
        "them is missing, extra or wrong",
    )


TARGET = RNG.normal(size=6)


@pytest.mark.parametrize(
    ("gradient", "told"),
    [
        (lambda x: x, "a term that depends on no argument"),
        (lambda x: x + TARGET, "a term that depends on no argument"),
        (lambda x: x - 2 * TARGET, "a term that depends on no argument"),
        (lambda x: -TARGET, "what a square of x brings is missing, extra or has another factor"),
        (lambda x: 2 * x - TARGET, "what a square of x brings is missing, extra or has another factor"),
    ],
)
def test_the_square_of_a_data_term_is_no_regularization(gradient, told):
    check = check_gradient(lambda x: 0.5 * np.sum((x - TARGET) ** 2), RNG.normal(size=6), gradient)
    assert told in check.arguments[0].explanation
    assert "regularization" not in check.arguments[0].explanation
