"""Verdicts on whole gradients: minima, kinks, scales, constants, noise."""

import numpy as np
import pytest
from judges_under_test import judged

from course_lib import check_gate, check_gradient, check_parameters, check_vjp
from course_lib.gradcheck import verdict
from course_lib.gradcheck.entries import RIGHT, UNRESOLVED, WRONG


class Product:
    def __init__(self, factor):
        self.factor = factor

    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout):
        return dout * self.y * self.factor, dout * self.x


def verdicts_of_all_checks(number, factor):
    """Check x**2 at a number, with its gradient times a factor, in all four ways."""
    grads = {"x": 2 * float(number) * factor}
    return [
        check_gradient(lambda x: x**2, number, lambda x: 2 * x * factor).passed,
        check_vjp(lambda x: x**2, lambda dout, cache: dout * 2 * cache[0] * factor, number).passed,
        check_gate(Product(factor), number, 0.7).passed,
        check_parameters(lambda p: p["x"] ** 2, {"x": number}, grads).passed,
    ]


@pytest.mark.parametrize("number", [3.0, np.array(3.0), np.float64(3.0), 3])
def test_a_small_error_in_a_plain_number_is_wrong_in_all_four_checks(number):
    assert verdicts_of_all_checks(number, 1.0) == [True] * 4
    for error in (1e-3, 1e-4, 1e-6, 1e-8):
        assert verdicts_of_all_checks(number, 1 + error) == [False] * 4


MINIMA = {
    "bowl": (lambda x: np.sum((x - 1) ** 2), lambda x: 2 * (x - 1), np.ones(3)),
    "rosenbrock": (
        lambda x: np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2),
        lambda x: (
            np.concatenate([-400 * x[:-1] * (x[1:] - x[:-1] ** 2) - 2 * (1 - x[:-1]), [0.0]])
            + np.concatenate([[0.0], 200 * (x[1:] - x[:-1] ** 2)])
        ),
        np.ones(5),
    ),
    "cube": (lambda x: np.sum(x**3), lambda x: 3 * x**2, np.zeros(3)),
    "cosine": (lambda x: np.sum(np.cos(x)), lambda x: -np.sin(x), np.pi * np.array([2.0, -3.0, 1.0])),
}


@pytest.mark.parametrize("name", MINIMA)
def test_at_minima_and_inflections_rounding_is_right_and_a_millionth_is_wrong(name):
    f, gradient, x = MINIMA[name]
    check = check_gradient(f, x, gradient)
    assert check.passed is True
    assert check.arguments[0].kinks == 0
    assert check_gradient(f, x, gradient(x)).passed is True
    assert check_gradient(f, x, lambda x: gradient(x) + 1e-6).passed is False


def check_on_top_of(constant, factor):
    x = np.random.default_rng(0).normal(size=4)
    return check_gradient(lambda x: constant + np.sum(1e-3 * x**2), x, lambda x: factor * 2e-3 * x)


@pytest.mark.parametrize(
    ("constant", "factor"), [(1e12, 1), (1e12, -1), (1e12, 0), (1e12, 2), (1e15, 1), (1e15, -1)]
)
def test_what_drowns_in_rounding_is_inconclusive_right_or_wrong(constant, factor):
    check = check_on_top_of(constant, factor)
    assert check.passed is None
    assert "could not be resolved above rounding noise" in str(check)


@pytest.mark.parametrize(("factor", "expected"), [(1, True), (1.01, False), (-1, False), (0, False)])
def test_a_larger_step_resolves_what_a_first_one_does_not(factor, expected):
    assert check_on_top_of(1e7, factor).passed is expected


@pytest.mark.parametrize("seed", range(4))
def test_a_naive_variance_at_a_large_mean_passes(seed):
    x = np.random.default_rng(seed).normal(size=(8, 3)) + 1e5

    def forward(x):
        return (x**2).mean(axis=0) - x.mean(axis=0) ** 2

    def backward(dout, cache):
        return dout * (2 * cache[0] - 2 * cache[0].mean(axis=0)) / 8

    assert check_vjp(forward, backward, x, seed=seed).passed is True


@pytest.mark.parametrize("seed", range(6))
def test_a_right_subgradient_between_several_kinks_is_right(seed):
    rng = np.random.default_rng(seed)
    X, w, e = rng.integers(-2, 3, (7, 3)) * 1.0, np.array([1.0, -0.5, 2.0]), rng.normal(size=7)
    e[:2], e[2] = 0, 10 ** rng.uniform(-9, -3)
    y = X @ w + e
    check = check_gradient(lambda w: np.abs(y - X @ w).mean(), w, lambda w: -np.sign(y - X @ w) @ X / 7)
    assert check.passed is True


@pytest.mark.parametrize(("factor", "expected"), [(1, True), (-1, False), (1 + 1e-6, False)])
@pytest.mark.parametrize("scale", [1e-150, 1e-60, 1e60, 1e150])
def test_verdicts_do_not_depend_on_scale(scale, factor, expected):
    x = np.array([0.3, -1.2, 2.0]) * scale

    def backward(dout, cache):
        return dout * factor * (1 - np.tanh(cache[0] / scale) ** 2) / scale

    assert check_gradient(np.sum, x, lambda x: factor * np.ones(3)).passed is expected
    assert check_vjp(lambda x: np.tanh(x / scale), backward, x).passed is expected


def test_an_entry_much_smaller_than_its_neighbours_is_looked_at_in_its_own_scale():
    c = np.array([1e9, 1e-6, 1.0])

    def gradient(x):
        return np.cos(x / c) / c

    assert judged(lambda x: np.sin(x / c), gradient, c).entries.state.tolist() == [RIGHT] * 3
    wrong = judged(lambda x: np.sin(x / c), lambda x: gradient(x) * np.array([1, 1 + 1e-5, 1]), c)
    assert wrong.entries.state[1] == WRONG


def test_smooth_entries_are_not_said_to_sit_on_kinks():
    a = np.arange(1.0, 200.0)
    for offset in (0.0, 1e-7, 1e-4, 0.1):
        check = check_gradient(lambda x: np.sum((x - a) ** 2), a + offset, lambda x: 2 * (x - a))
        assert check.passed is True
        assert check.arguments[0].kinks == 0


def test_who_waits_for_many_entries_sees_how_many_there_are(monkeypatch):
    seen = []
    monkeypatch.setattr(verdict, "watched", lambda steps, label: seen.append((label, len(steps))) or steps)
    check_gradient(lambda w: np.sum(w**2), np.arange(1.0, 8.0), lambda w: w)
    assert seen == [("checking w", 7), ("checking w again", 7)]


def test_a_kink_is_recorded_with_its_slopes_where_it_persists():
    judge = judged(lambda x: np.sum(np.abs(x)), np.sign, np.array([0.0, 1.0, 0.0]))
    assert judge.entries.kink.tolist() == [True, False, True]
    assert sorted(judge.edges) == [0, 2]
    assert judge.edges[0].low == pytest.approx(-1)


def test_a_slope_between_those_of_a_kink_must_be_right_beside_it():
    assert check_gradient(np.abs, 0.0, lambda x: np.sign(x) if x else 0.3).passed is True
    assert check_gradient(np.abs, 0.0, lambda x: 1.001 * np.sign(x) if x else 0.3).passed is False


def test_most_entries_cost_two_evaluations_or_three_and_minima_four():
    x = np.random.default_rng(0).uniform(0.3, 2.0, 200)
    assert check_gradient(lambda x: np.sum(np.sin(x)), x, np.cos).evaluations < 3 * x.size
    assert check_gradient(lambda y: np.sum((y - x) ** 2), x, lambda y: 2 * (y - x)).evaluations < 4.2 * x.size


@pytest.mark.parametrize(("constant", "state"), [(1e9, RIGHT), (1e12, UNRESOLVED)])
def test_an_entry_is_resolved_only_to_a_small_part_of_what_matters(constant, state):
    judge = judged(lambda x: constant + np.sum(1e-2 * x**2), lambda x: 2e-2 * x, np.array([1.0, 2.0]))
    assert judge.entries.state.tolist() == [state] * 2


def test_a_kink_much_smaller_than_the_slope_is_reported_too():
    check = check_gradient(lambda x: np.sum(x + 0.1 * np.abs(x)), np.zeros(2), lambda x: 1 + 0.1 * np.sign(x))
    assert check.passed is True
    assert check.arguments[0].kinks == 2


def test_a_noisy_gradient_is_allowed_its_noise_and_not_much_more():
    x = np.array([0.3, 0.7, -1.1])

    def noisy(x, error=0.0):
        return 2 * x * (1 + 1e-8 * np.sin(1e17 * x) + np.array([0.0, error, 0.0]))

    assert check_gradient(lambda x: np.sum(x**2), x, noisy).passed is True
    assert check_gradient(lambda x: np.sum(x**2), x, lambda x: noisy(x, 1e-5)).passed is False


def test_at_a_maximum_data_may_be_off_by_the_rounding_of_the_inputs():
    x = np.pi * np.array([2.0, 2.0, 1.0, -3.0])
    assert check_gradient(lambda x: np.sum(np.cos(x)), x, -np.sin(x)).passed is True


@pytest.mark.parametrize("given", [True, False])
def test_the_rounding_of_a_gradient_is_right_where_the_function_is_constant(given):
    z = np.array([0.3, -1.1, 0.8, 2.0, -0.4])

    def loss(c):
        e = np.exp(z + c)
        return float(-np.log(e[2] / e.sum()))

    def rounding(c):
        e = np.exp(z + c)
        return (e / e.sum()).sum() - 1 + 3e-17

    assert check_gradient(loss, -0.7, rounding(-0.7) if given else rounding).passed is True
    assert check_gradient(loss, -0.7, 1e-6).passed is False


def test_a_gradient_that_a_large_constant_hides_is_no_rounding():
    assert check_gradient(lambda x: 1e17 + x**2, 1.5, 3.0).passed is None
    assert check_gradient(lambda x: 1e17 + x**2, 1.5, lambda x: 2 * x).passed is None


def test_at_a_bend_whose_far_side_is_flat_the_curvature_says_what_matters():
    x, w = np.array([[1.0, 2.0], [0.5, -1.0], [3.0, 1.0]]), np.array([0.7, 0.4])
    y = x @ w + 1e-16

    def loss(w):
        return np.sum(np.maximum(0, y - x @ w) ** 2)

    def gradient(w):
        return -2 * np.maximum(0, y - x @ w) @ x

    assert check_gradient(loss, w, gradient(w)).passed is True
    assert check_gradient(loss, w, gradient).passed is True
    assert check_gradient(loss, w, gradient(w) + 1e-6).passed is False


def test_a_small_entry_is_known_as_well_as_steps_of_its_own_size_show_it():
    x = np.array([1.3, 1.7e-5])

    def wrong(x):
        return 2 * np.abs(x) * np.array([1, 1 + 1e-3])

    assert check_gradient(lambda x: np.sum(x * np.abs(x)), x, lambda x: 2 * np.abs(x)).passed is True
    assert check_gradient(lambda x: np.sum(x * np.abs(x)), x, wrong).passed is False


@pytest.mark.parametrize("x", [20.0, 100.0, 600.0])
@pytest.mark.parametrize(("factor", "passed"), [(1, True), (-1, False), (2, False), (1.001, False)])
def test_a_gradient_that_grows_beyond_measure_is_no_rounding(x, factor, passed):
    x = np.array([x, 0.9 * x, 0.3])
    assert check_gradient(lambda x: np.sum(np.exp(x)), x, lambda x: factor * np.exp(x)).passed is passed


@pytest.mark.parametrize("wrong", range(4))
def test_a_kink_at_0_is_not_that_of_an_entry_beside_it_however_large_the_others(wrong):
    x = np.array([1e-6, 3.0, -2.0, 4e12])
    flipped = np.where(np.arange(4) == wrong, -1.0, 1.0)
    assert check_vjp(np.abs, lambda dout: dout * np.sign(x), x).passed is True
    assert check_vjp(np.abs, lambda dout: dout * np.sign(x) * flipped, x).passed is False


def test_what_no_step_can_tell_from_a_neighbouring_kink_is_inconclusive():
    x = np.array([3.0, 1.0, 4e12])  # whose sum shows no step below a thousandth
    clipped = [check_gradient(lambda x: np.maximum(x, 2.9).sum(), x, np.array([s, 0, 1])) for s in (1.0, 0.0)]
    assert [check.passed for check in clipped] == [None, False]
    x = np.array([1e-6, 3.0, 4e12])
    for sign in (1.0, -1.0):
        assert check_gradient(lambda x: np.abs(x).sum(), x, np.array([sign, 1, 1])).passed is None


def test_a_tie_of_small_entries_is_one_beside_large_ones():
    x = np.array([1e-6, 1e-6, 5000.0])
    for share in (0.0, 0.5, 1.0):
        gradient = np.array([share, 1 - share, 1.0])
        assert check_gradient(lambda x: max(x[0], x[1]) + x[2], x, gradient).passed is True
    assert check_gradient(lambda x: max(x[0], x[1]) + x[2], x, np.array([-1.0, 2.0, 1.0])).passed is False


HALF = {
    "tanh": (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    "exp": (np.exp, np.exp),
    "square": (np.square, lambda x: 2 * x),
    "sine": (np.sin, np.cos),
}


@pytest.mark.parametrize("back", [np.float16, np.float64])
@pytest.mark.parametrize(("function", "slope"), HALF.values(), ids=HALF)
def test_a_forward_in_float16_refuses_no_right_gradient_and_accepts_no_other_sign(function, slope, back):
    x = np.array([0.5, 1.2, -0.7])

    def forward(x):
        return function(x.astype(np.float16)).astype(back)

    right = check_vjp(forward, lambda dout: dout * slope(x), x)
    assert right.passed is True
    assert "forward computes in float16" in str(right)
    assert check_vjp(forward, lambda dout: -dout * slope(x), x).passed is False
    assert check_vjp(forward, lambda dout: 2 * dout * slope(x), x).passed is False
