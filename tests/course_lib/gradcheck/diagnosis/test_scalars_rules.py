"""The rules by which what is wrong with gradients of numbers is named, one at a time."""

from dataclasses import replace

import numpy as np
import pytest
from views_under_test import view_of

from course_lib import Cause
from course_lib.gradcheck.diagnosis import scalars
from course_lib.gradcheck.diagnosis.evidence import View

AT = (2.0, -3.0, 0.5)


def said(forward, gradients, at=AT, k=0):
    """Return what is said of the gradient of argument `k`: `gradients(*at)` returns those of all."""

    def backward(dout, cache):
        return tuple(dout * np.asarray(g) for g in gradients(*cache))

    found = scalars.explain(view_of(1.0, 2.0, *at, k=k, forward=forward, backward=backward))
    return found and (found.cause, found.sentence)


def product(x, y, z):
    return x * y + np.sin(z)


def of_product(x, y, z):
    return y, x, np.cos(z)


def changed(**changes):
    def gradients(x, y, z):
        right = dict(zip("xyz", of_product(x, y, z), strict=True))
        return tuple({**right, **{name: change(x, y, z) for name, change in changes.items()}}.values())

    return gradients


def test_a_number_that_forward_does_not_depend_on_should_have_no_gradient():
    found = said(lambda x, y, z: max(x, y) + z, lambda x, y, z: (1.0, 1.0, 1.0), k=1)
    assert found == (
        Cause.NO_DEPENDENCE | Cause.MISSING_MASK,
        "forward does not depend on x1 around this point, so its gradient should be zero here",
    )
    assert said(lambda x, y, z: max(x, y) + z, lambda x, y, z: (1.0, 0.0, 1.0), k=1) == (
        Cause.ZERO,
        "your gradient of x1 is zero",
    )


@pytest.mark.parametrize(
    ("factor", "cause", "words"),
    [
        (-1.0, Cause.SIGN, "yours is the numerical gradient with the opposite sign"),
        (2.0, Cause.FACTOR_2, "yours is 2 x the numerical gradient, at other points too: a constant factor"),
        (
            0.5,
            Cause.FACTOR_2,
            "yours is 1/2 of the numerical gradient, at other points too: a constant factor",
        ),
        (
            -2.0,
            Cause.FACTOR_2 | Cause.SIGN,
            "yours is -2 x the numerical gradient, at other points too: a con",
        ),
        (
            12.0,
            Cause.CONSTANT_FACTOR,
            "yours is 12 x the numerical gradient, at other points too: a constant",
        ),
        (
            1.25,
            Cause.CONSTANT_FACTOR,
            "yours is 1.25 x the numerical gradient, at other points too: a constant",
        ),
        (
            0.75,
            Cause.CONSTANT_FACTOR,
            "yours is 0.75 x the numerical gradient, at other points too: a constant",
        ),
        (
            -3.0,
            Cause.CONSTANT_FACTOR | Cause.SIGN,
            "yours is -3 x the numerical gradient, at other points too: ",
        ),
        (
            13.0,
            Cause.LOCAL_DERIVATIVE,
            "yours is 13 x the numerical gradient, at other points too: a factor that ",
        ),
        (
            1.234,
            Cause.LOCAL_DERIVATIVE,
            "yours is 1.234 x the numerical gradient, at other points too: a factor ",
        ),
        (0.0, Cause.ZERO, "your gradient of x0 is zero"),
    ],
)
def test_a_factor_that_is_the_same_at_four_points_is_named(factor, cause, words):
    found = said(product, changed(x=lambda x, y, z: factor * y))
    assert found[0] == cause
    assert found[1].startswith(words)


def test_a_factor_that_no_constant_makes_does_not_change_with_the_argument():
    found = said(product, changed(x=lambda x, y, z: 1.234 * y))[1]
    assert found.endswith("too: a factor that x0 does not change: a constant, or data")


def test_a_gradient_that_is_right_at_other_points_has_no_explanation():
    assert said(product, changed(x=lambda x, y, z: (1 + 0.5e-5) * y)) is None
    assert said(product, changed(x=lambda x, y, z: (1 + 2e-5) * y))[0] == Cause.LOCAL_DERIVATIVE


def test_the_gradient_of_another_argument_is_named():
    assert said(product, changed(x=lambda x, y, z: x)) == (
        Cause.SWAPPED_ARGUMENTS,
        "yours is the gradient of x1: a product hands each side the other factor",
    )
    assert said(product, changed(x=lambda x, y, z: np.cos(z))) == (
        Cause.SWAPPED_ARGUMENTS,
        "yours is the gradient of x2, at other points too",
    )


def three_paths(x, y, z):
    return x * y + x * z + x * y * z + x**3 / 3


@pytest.mark.parametrize(
    ("lacks", "term"),
    [
        (lambda x, y, z: y, "x1"),
        (lambda x, y, z: z, "x2"),
        (lambda x, y, z: y * z, "x1 * x2"),
    ],
)
def test_a_contribution_that_is_another_argument_or_a_product_of_two_is_missing(lacks, term):
    def gradients(x, y, z, sign=1.0):
        return sign * (y + z + y * z + x**2) - lacks(x, y, z), x + x * z, x + x * y

    assert said(three_paths, gradients) == (
        Cause.DROPPED_PATH | Cause.OVERWRITTEN,
        f"yours lacks the term {term}, at other points too: "
        f"one of several paths into x0 is missing, or overwritten where it should add up",
    )
    reversed_ = said(
        lambda x, y, z: -three_paths(x, y, z),
        lambda x, y, z: (-(y + z + y * z + x**2) + lacks(x, y, z), -x - x * z, -x - x * y),
    )
    assert reversed_[1].startswith(f"yours lacks the term -{term}, at other points too")


def test_a_factor_that_all_gradients_share_and_that_changes_lies_in_a_shared_stretch():
    def too_large(x, y, z):
        return tuple((1 + x * x) * g for g in of_product(x, y, z))

    expected = (
        "all gradients are off by one common factor, which changes from point to point: "
        "look for what enters all of them, as the stretch nearest the output does"
    )
    assert said(product, too_large) == (Cause.LOCAL_DERIVATIVE, expected)
    assert said(product, changed(x=lambda x, y, z: (1 + x * x) * y)) is None
    assert said(lambda x: x**3, lambda x: (x**5,), at=(2.0,)) is None


def test_points_without_a_value_or_a_gradient_are_passed_over():
    tried = []

    def partly(x, y, z):
        tried.append(float(x))
        if x > 2.0:
            raise ValueError("outside")
        return product(x, y, z)

    found = said(partly, changed(x=lambda x, y, z: 2 * y), at=(1.9, -3.0, 0.5))
    assert found[0] == Cause.FACTOR_2
    assert any(x > 2.0 for x in tried)
    assert said(lambda x, y, z: np.nan * x, changed(x=lambda x, y, z: 2 * y)) is None


def test_four_points_decide_of_twelve_that_are_tried():
    calls = []

    def counted(x, y, z):
        calls.append(1)
        return changed(x=lambda x, y, z: 2 * y)(x, y, z)

    assert said(product, counted)[0] == Cause.FACTOR_2
    assert len(calls) == 4
    calls.clear()
    assert said(lambda x, y, z: np.nan * x, counted) is None
    assert len(calls) == 12


def test_points_lie_within_three_tenths_of_each_number_or_of_one_for_zero():
    points = []

    def gradients(x, y, z):
        points.append((float(x), float(y), float(z)))
        return 2 * y, x, np.cos(z)

    said(product, gradients, at=(2.0, -30.0, 0.0))
    moves = (np.array(points) - (2.0, -30.0, 0.0)) / (2.0, 30.0, 1.0)
    assert np.abs(moves).max() <= 0.3
    assert np.abs(moves).max() > 0.15
    assert len(set(moves.ravel().tolist())) == moves.size


def test_what_only_holds_where_an_argument_is_small_is_not_said():
    def forward(x, y):
        return 1 / (1 + np.exp(-x * y))

    def gradients(x, y):
        return y, np.sign(x)  # where x is small, 4 times the slope, nearly

    assert said(forward, gradients, at=(1e-6, 1.3)) is None
    assert said(forward, gradients, at=(0.4, 1.3)) is None
    twice = said(lambda x, y: x * y, lambda x, y: (2 * y, x), at=(1e-6, 1.3))
    assert twice == (
        Cause.FACTOR_2,
        "yours is 2 x the numerical gradient, at other points too: a constant factor",
    )
    nothing = said(lambda x, y: x * y, lambda x, y: (0.0 if x < 0.1 else 1.0, x), at=(1e-6, 1.3))
    assert nothing == (Cause.ZERO, "your gradient of x0 is zero")


def test_it_applies_to_numbers_whose_gradients_can_be_asked_for_elsewhere():
    view = view_of(1.0, 2.0, 1.0, np.ones((1, 1)), forward=lambda x, y: x * y.item())
    assert scalars.applies(view)
    assert not scalars.applies(view_of(1.0, 2.0, 1.0, np.ones(2), forward=lambda x, y: x * y.sum()))
    single = replace(view.evidence.point, epsilon=2.0**-23)
    assert not scalars.applies(View(replace(view.evidence, point=single), 0))
    view.evidence.point.pair.given = True
    assert not scalars.applies(view)


def table(yours, numerical, values=None):
    yours, numerical = np.array(yours), np.array(numerical)
    return scalars.Table(np.ones_like(yours) if values is None else np.array(values), yours, numerical)


@pytest.mark.parametrize(
    ("share", "same"), [(0.98e-6, True), (1.02e-6, False), (-0.98e-6, True), (-1.02e-6, False)]
)
def test_numbers_are_the_same_to_a_millionth_of_each(share, same):
    left = np.array([1e3, -1e-3])
    for entry in np.eye(2):
        right = left * (1 + share * entry)
        assert scalars._same(left, right) is scalars._same(right, left) is same
    assert not scalars._same(np.zeros(2), np.zeros(2))


def test_numbers_that_are_small_are_moved_to_a_half_of_their_sign():
    x = np.array([0.0, 0.05, -0.05, 0.1, -0.2, 3.0])
    assert scalars._not_small(x).tolist() == [0.0, 0.5, -0.5, 0.1, -0.2, 3.0]


def test_what_is_found_where_arguments_are_small_is_asked_where_they_are_not(monkeypatch):
    view = view_of(1.0, 2.0, np.array(0.05), np.array(-3.0), np.array(-0.02))
    asked = []

    def measure(view, at):
        asked.append([float(x) for x in at])
        return table([[1.0] * 3] * 4, [[2.0] * 3] * 4)

    monkeypatch.setattr(scalars, "_measure", measure)
    assert scalars.explain(view).cause == Cause.FACTOR_2
    assert asked == [[0.05, -3.0, -0.02], [0.5, -3.0, -0.5]]
    found = iter((scalars.Finding(Cause.SIGN, "here"), scalars.Finding(Cause.SIGN, "there")))
    monkeypatch.setattr(scalars, "_factor", lambda view, table: next(found, None))
    assert scalars.explain(view).cause != Cause.SIGN
    found = iter((scalars.Finding(Cause.ZERO, "only here"), None))
    assert scalars.explain(view).sentence == "only here"


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("share", "nearly"), [(0.98e-5, True), (1.02e-5, False)])
def test_each_gradient_is_nearly_right_to_a_hundred_thousandth_of_itself(sign, share, nearly):
    numerical = np.array([[1000.3, -1e-3], [3.1, 0.7]])
    for k in range(4):
        off = np.zeros(4)
        off[k] = sign * share
        given = table(numerical * (1 + off.reshape(2, 2)), numerical)
        assert (scalars._nearly_right(view_of(0.1, 0.1), given) is not None) is nearly
    assert scalars._nearly_right(view_of(0.1, 0.1), table(numerical, numerical)) is None
    assert scalars._nearly_right(view_of(0.5, 0.1), table(numerical * (1 + 1e-6), numerical)) is None
    zero = numerical * [[1.0, 0.0], [1.0, 1.0]]
    assert scalars._nearly_right(view_of(0.1, 0.1), table(zero, zero)) is None


def test_one_factor_of_all_gradients_changes_from_point_to_point():
    numerical = np.array([[1.0, -2.0], [3.0, 0.5]])
    factors = np.array([[2.0], [-3.0]])
    assert scalars._common_factor(None, table(numerical * factors, numerical)).cause == Cause.LOCAL_DERIVATIVE
    assert scalars._common_factor(None, table(numerical * factors * [[1.0, 1.1]], numerical)) is None
    assert scalars._common_factor(None, table(numerical[:, :1] * factors, numerical[:, :1])) is None
    assert scalars._common_factor(None, table(numerical * factors * [[1.0, 0.0]], numerical)) is None
