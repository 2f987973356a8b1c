"""What fits at one point by chance is asked for at another, and not named."""

import dataclasses

import numpy as np
import pytest
from points_under_test import point_of
from views_under_test import entries_of, explanation, view_of

from course_lib import Cause, check_gradient, check_vjp
from course_lib.gradcheck.contract import Contract
from course_lib.gradcheck.diagnosis.again import (
    LARGEST,
    _judged,
    _places,
    holds_elsewhere,
    view_elsewhere,
    view_with_other_signs,
)
from course_lib.gradcheck.diagnosis.evidence import Evidence, Finding, View
from course_lib.gradcheck.entries import RIGHT, UNSEEN, WRONG
from course_lib.gradcheck.pairs import ScalarWithGradient
from course_lib.gradcheck.point import Point
from course_lib.gradcheck.problem import Problem

X = np.array([0.5, -1.2, 2.0, 0.7])


def test_a_factor_that_is_another_number_elsewhere_is_no_constant():
    def gradient(w):
        z = float(w @ X)
        return 2 * z * abs(z) * X

    check = check_gradient(lambda w: (w @ X) ** 2, np.array([1.0, 2.0, -0.5, 1.5]), gradient)
    assert check.arguments[0].diagnosis is Cause.LOCAL_DERIVATIVE
    assert "look for what multiplies all of them" in explanation(check)


def test_a_factor_that_is_the_same_elsewhere_is_named():
    check = check_gradient(lambda w: (w @ X) ** 2, X + 1, lambda w: 2.5 * 2 * (w @ X) * X)
    assert check.arguments[0].diagnosis is Cause.CONSTANT_FACTOR
    assert explanation(check).startswith("yours is 2.5 x")


def test_a_multiple_of_x_that_is_another_one_elsewhere_is_no_penalty():
    def norm_taken_for_constant(x):
        return X / np.linalg.norm(x)

    check = check_gradient(
        lambda x: float(x @ X / np.linalg.norm(x)), 2 * np.cos(X * 3), norm_taken_for_constant
    )
    assert Cause.REGULARIZATION not in check.arguments[0].diagnosis


def test_gradients_that_were_handed_over_have_no_other_point():
    check = check_gradient(lambda w: (w @ X) ** 2, X + 1, 2.5 * 2 * ((X + 1) @ X) * X)
    assert check.arguments[0].diagnosis is Cause.CONSTANT_FACTOR


def test_a_point_outside_the_domain_is_not_taken():
    x = np.array([1e-3, 2e-3, 1.0, 5.0])
    check = check_vjp(lambda x: (np.log(x), x), lambda dout, x: -dout / x, x)
    assert check.arguments[0].diagnosis is Cause.SIGN


def double(dout, cache):
    return tuple(2 * dout * np.cos(x) for x in cache)


def view(forward=lambda x, w: np.sin(x) + np.sin(w), backward=double, x=X, k=0, **known):
    """Return the view of one of two arguments, whose gradient is twice what it should be."""
    return view_of(2 * np.cos(x), np.cos(x), x, x, k=k, forward=forward, backward=backward, **known)


def test_the_same_argument_is_looked_at_where_all_arguments_are_others():
    here = view(k=1, others={0: np.cos(X)}, faults={0: (Cause.UPSTREAM_MISUSED, "")})
    there = view_elsewhere(here)
    point = there.evidence.point
    assert (there.k, there.name) == (1, "x1")
    assert set(there.evidence.judged) == {0, 1}
    assert there.evidence.faults == here.evidence.faults
    assert all((x != X).all() for x in point.inputs)
    assert point.out.tolist() == (np.sin(point.inputs[0]) + np.sin(point.inputs[1])).tolist()
    assert there.a == pytest.approx(2 * np.cos(there.x))
    assert there.n == pytest.approx(np.cos(there.x))
    assert there.evidence.contract.token[0] is not here.evidence.contract.token[0]
    assert [x.tolist() for x in there.evidence.contract.token] == [x.tolist() for x in point.inputs]


def test_the_other_point_is_looked_at_once_for_all_arguments():
    calls = []

    def counted(dout, cache):
        calls.append(1)
        return double(dout, cache)

    here = view(backward=counted, others={1: np.cos(X)})
    assert view_elsewhere(here) is not None
    assert view_elsewhere(View(here.evidence, 1)).name == "x1"
    assert len(calls) == 1


def test_nothing_is_seen_elsewhere_where_the_gradient_is_right_or_was_not_judged():
    assert view_elsewhere(view(backward=lambda dout, cache: tuple(dout * np.cos(x) for x in cache))) is None
    here = view()
    there = view_elsewhere(here).evidence
    other = dataclasses.replace(here.evidence, judged={1: entries_of(X, X)}, elsewhere=[there])
    assert view_elsewhere(View(other, 1)) is None


@pytest.mark.parametrize(("size", "seen"), [(LARGEST, True), (LARGEST + 2, False)])
def test_large_points_have_no_other(size, seen):
    assert LARGEST == 600
    x = np.linspace(0.1, 1.0, size // 2)
    assert (view_elsewhere(view(x=x, forward=lambda x, w: np.sum(np.sin(x) + np.sin(w)))) is not None) is seen


def test_functions_in_float32_and_gradients_that_were_handed_over_have_no_other_point():
    here = view()
    point = dataclasses.replace(here.evidence.point, epsilon=2.0**-23)
    assert view_elsewhere(View(dataclasses.replace(here.evidence, point=point), 0)) is None
    pair = ScalarWithGradient(lambda x: np.sum(np.sin(x)), 2 * np.cos(X))
    point = Point.of(Problem(pair, [X], ["x"], "f"), np.sum(np.sin(X)), np.array(1.0))
    evidence = Evidence(point, Contract([2 * np.cos(X)]), {0: entries_of(2 * np.cos(X), np.cos(X))}, {})
    assert view_elsewhere(View(evidence, 0)) is None


def test_three_places_are_tried_the_last_with_all_signs_kept():
    inputs = (np.array([3.0, -4.0, 0.0]), np.zeros(2))
    places = list(_places(inputs))
    assert len(places) == 3
    rng = np.random.default_rng(3)
    size = np.sqrt(25 / 3)
    for far, (x, w) in zip((0.5, 0.2), places[:2], strict=True):
        assert x == pytest.approx(inputs[0] + far * size * rng.normal(size=3))
        assert w == pytest.approx(far * rng.normal(size=2))
    ratios = places[2][0][:2] / inputs[0][:2]
    assert ((ratios >= 0.8) & (ratios <= 1.25) & (ratios != 1)).all()
    assert places[2][1].tolist() == [0.0, 0.0]


def test_entries_of_one_sign_keep_it_at_all_places():
    x = np.arange(1.0, 9.0)
    for up, down in _places((x, -x)):
        assert (up > 0).all()
        assert (down < 0).all()
    (both, _), *_ = _places((x - 4.5, x))
    assert (np.sign(both) != np.sign(x - 4.5)).any()


def inside_only(usable):
    """A function that has a value, or a gradient, at the n-th of its other points only."""
    places = list(_places((X, X)))

    def turn(x):
        return next((n for n, place in enumerate(places) if np.allclose(place[0], x, atol=1e-2)), usable)

    def forward(x, w):
        return np.full(4, np.nan) if turn(x) < usable else np.sin(x) + np.sin(w)

    def backward(dout, cache):
        if turn(cache[0]) < usable:
            raise ValueError("not there")
        return double(dout, cache)

    return places, forward, backward


@pytest.mark.parametrize("usable", [0, 1, 2])
def test_a_place_without_a_value_or_a_gradient_is_passed_over(usable):
    places, forward, backward = inside_only(usable)
    assert view_elsewhere(view(forward)).x.tolist() == places[usable][0].tolist()
    assert view_elsewhere(view(backward=backward)).x.tolist() == places[usable][0].tolist()


def test_where_no_place_can_be_used_there_is_none():
    _, forward, backward = inside_only(3)
    assert view_elsewhere(view(forward)) is None
    assert view_elsewhere(view(backward=backward)) is None


def judged(f, gradient, x, **known):
    return _judged(point_of(f, np.array(x), **known), 0, np.array(gradient))


def test_entries_elsewhere_are_wrong_from_a_hundred_thousandth_of_the_largest():
    entries = judged(
        lambda x: np.array([1.0, -100.0, 3.0]) * x, [1.0 + 0.9e-3, -100.0 + 1.1e-3, 3.0], [1.0, 2.0, 0.0]
    )
    assert entries.numerical == pytest.approx([1.0, -100.0, 3.0])
    assert entries.allowed == pytest.approx([1e-7] * 3)
    assert entries.state.tolist() == [RIGHT, WRONG, RIGHT]
    assert entries.jacobian[1] == pytest.approx([0.0, -100.0, 0.0])
    assert entries.analytic.tolist() == [1.0 + 0.9e-3, -100.0 + 1.1e-3, 3.0]


def test_entries_near_a_kink_are_not_looked_at_elsewhere():
    entries = judged(lambda x: np.abs(x), [5.0, 5.0], [1e-6, 3.0])
    assert entries.rough.tolist() == [True, False]
    assert entries.state.tolist() == [UNSEEN, WRONG]


def test_differences_elsewhere_are_exact_to_the_fourth_order_and_weighed_by_dout():
    entries = judged(lambda x: np.array([x[0] ** 3, x[0]]), [0.0], [2.0], dout=[10.0, -1.0])
    assert entries.numerical == pytest.approx([10 * 12 - 1], rel=1e-10)
    steps = []
    judged(lambda x: (steps.append(float(x[0])), x[0])[1], [1.0], [3.0])
    assert np.array(steps[1:]) - 3 == pytest.approx([6e-4, -6e-4, 3e-4, -3e-4])
    steps.clear()
    judged(lambda x: (steps.append(float(x[0])), x[0])[1], [1.0], [0.0])
    assert steps[1:] == pytest.approx([2e-4, -2e-4, 1e-4, -1e-4])


@pytest.mark.parametrize(("bend", "rough"), [(0.9e-5, False), (1.2e-5, True)])
def test_an_entry_is_near_a_kink_where_two_differences_disagree(bend, rough):
    x, step = 3.0, 6e-4  # coarse - fine is step^2 times the third derivative over 8, here of c x^3

    def f(x):
        third = bend / step**2 / (6 / 8)
        return x + third * (x - 3.0) ** 3

    for sign in (1, -1):
        assert judged(lambda x, sign=sign: sign * f(x), [5.0], [x]).rough.tolist() == [rough]


def test_a_finding_holds_where_a_cause_and_all_numbers_come_again():
    finding = Finding(Cause.SIGN | Cause.ZERO, "", (2.5, -1.0))
    assert holds_elsewhere(finding, Finding(Cause.SIGN, "", (2.5, -1.0)))
    assert holds_elsewhere(finding, Finding(Cause.SIGN, "", (2.5 * (1 + 0.9e-4), -1.0)))
    assert not holds_elsewhere(finding, Finding(Cause.SIGN, "", (2.5 * (1 + 1.2e-4), -1.0)))
    assert not holds_elsewhere(finding, Finding(Cause.SIGN, "", (2.5, 1.0)))
    assert not holds_elsewhere(finding, Finding(Cause.FACTOR_2, "", (2.5, -1.0)))
    assert not holds_elsewhere(finding, None)
    assert holds_elsewhere(Finding(Cause.SIGN, ""), Finding(Cause.SIGN, "", (3.0,)))


def test_signs_that_are_the_arguments_by_chance_are_no_penalty():
    y = np.array([0.0, 0.3, -0.3, -0.9, -0.5, -1.0, 0.1])
    q = np.array([1.3, -0.5, -0.6, 0.5, 0.4, 0.1, -0.9])  # signs of q - y

    def pinball(q):
        return np.maximum(0.2 * (y - q), 0.8 * (q - y)).mean()

    def reversed_mask(q):
        return np.where(y < q, -0.2, 0.8) / y.size

    check = check_gradient(pinball, q, reversed_mask)
    assert Cause.REGULARIZATION not in check.arguments[0].diagnosis

    def lasso(w):
        return np.sum(np.sin(w)) + 0.1 * np.sum(np.abs(w))

    without = check_gradient(lasso, q, np.cos)
    assert without.arguments[0].diagnosis == Cause.REGULARIZATION


def test_the_other_signs_are_those_of_every_other_entry():
    x = np.array([1.0, 2.0, -3.0])

    def view(gradient):
        def backward(dout, cache):
            return dout * gradient(cache[0])

        return view_of(gradient(x), 3 * x**2, x, forward=lambda x: np.sum(x**3), backward=backward)

    np.testing.assert_array_equal(view_with_other_signs(view(lambda x: x**2)).x, [1.0, -2.0, -3.0])
    assert view_with_other_signs(view(lambda x: 3 * x**2 + (x[1] > 0))) is None


def test_what_is_nearly_right_here_and_far_off_elsewhere_is_no_difference_quotient():
    here = np.array([0.5, 0.48, 0.47, 0.46, 0.49, 0.51])
    check = check_gradient(lambda x: np.sum(x**2), here, lambda x: 2 * x + 1e-4)
    assert Cause.NUMERICAL_DIFFERENTIATION in check.arguments[0].diagnosis
    check = check_gradient(lambda x: np.sum(x**2 + 0.1 * x**12), here, lambda x: 2 * x)
    assert Cause.NUMERICAL_DIFFERENTIATION not in check.arguments[0].diagnosis
