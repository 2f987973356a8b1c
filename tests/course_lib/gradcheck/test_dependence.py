from dataclasses import replace

import numpy as np
import pytest

from course_lib import Cause, check_gate, check_gradient, check_parameters, check_vjp
from course_lib.gradcheck.dependence import _ignores, with_ignored
from course_lib.gradcheck.pairs import CachedPair

X = np.array([1.0, -2.0, 3.0])


def square(x):
    return np.sum(x**2)


def test_a_loss_that_ignores_its_parameters_is_told_so():
    outside = {"w": X}
    check = check_parameters(lambda p: square(outside["w"]), {"w": X}, {"w": 2 * X})
    assert check.arguments[0].diagnosis == Cause.NO_DEPENDENCE
    assert check.arguments[0].explanation.startswith("the loss does not depend on w: does")
    flat = check_parameters(lambda p: 1e-300 * square(p["w"]), {"w": X}, {"w": 2 * X})
    assert flat.arguments[0].diagnosis != Cause.NO_DEPENDENCE


@pytest.mark.parametrize("gradient", [np.zeros(3) + 1, lambda x: np.ones(3)])
def test_a_loss_that_is_the_same_everywhere_ignores_its_argument(gradient):
    def outside(x):
        return float(X @ X) + 0 * np.sum(x)

    argument = check_gradient(outside, X, gradient).arguments[0]
    assert argument.diagnosis is Cause.NO_DEPENDENCE
    assert argument.explanation.startswith(
        "outside does not depend on x: does it use what it is given, or read var"
    )


@pytest.mark.parametrize(
    "loss",
    [
        lambda x: 1.0 if abs(x[0]) < 50 else 2.0,  # elsewhere it is another
        lambda x: 1.0 if abs(x[0] - 1) < 1e-2 else 2.0,
        lambda x: 1.0 if abs(x[0]) < 50 else np.linalg.inv(np.zeros((2, 2))),  # or fails
    ],
)
def test_a_loss_that_only_stays_the_same_close_by_does_not(loss):
    check = check_gradient(loss, X, np.ones(3))
    assert check.passed is False
    assert check.arguments[0].diagnosis is not Cause.NO_DEPENDENCE


@pytest.mark.parametrize("side", [1, -1])
def test_a_number_that_a_loss_depends_on_to_one_side_only_is_not_ignored(side):
    check = check_gradient(lambda x: 1.0 + max(side * x - 50, 0.0), 1.0, 1.0)
    assert check.arguments[0].diagnosis is not Cause.NO_DEPENDENCE


def test_of_several_parameters_those_with_wrong_gradients_are_said_to_be_ignored():
    params = {"w": X, "mode": "train", "b": 2.0}
    check = check_parameters(lambda p: 1.0 if p["mode"] == "train" else 0.0, params, {"w": X, "b": 0.0})
    assert [argument.diagnosis for argument in check.arguments] == [Cause.NO_DEPENDENCE, None]
    assert "does not depend on w, b: does" in check.arguments[0].explanation
    one = check_parameters(lambda p: p["b"] ** 2, params, {"w": X, "b": 4.0})
    assert one.arguments[0].explanation == "the loss does not depend on w: is it used on the way forward?"


def test_of_several_arguments_the_one_that_a_loss_ignores_is_named():
    def cost(params):
        return np.sum((params["w"] * X) ** 2)

    params = {"w": X.copy(), "b": X.copy()}
    check = check_parameters(cost, params, lambda p: {"w": 2 * p["w"] * X**2, "b": 2 * p["w"] * X})
    assert [argument.diagnosis for argument in check.arguments] == [None, Cause.NO_DEPENDENCE]
    assert check.arguments[1].explanation == "cost does not depend on b: is it used on the way forward?"

    def masked(params):
        return cost(params) + np.sum(np.maximum(params["b"] - 5, 0))

    check = check_parameters(masked, params, lambda p: {"w": 2 * p["w"] * X**2, "b": np.cos(p["w"])})
    assert check.arguments[1].diagnosis is not Cause.NO_DEPENDENCE


def test_a_loss_that_ignores_its_argument_is_named():
    x = X.copy()
    check = check_parameters(lambda p: np.sum(x**2), {"x": x}, {"x": 2 * x})
    assert check.arguments[0].diagnosis is Cause.NO_DEPENDENCE
    assert "does not depend on x: does it use what it is given" in str(check)


def test_of_many_parameters_four_are_listed():
    for count, listed in ((4, "w0, w1, w2, w3"), (5, "w0, w1, w2, w3, ...")):
        params = {f"w{k}": 1.0 for k in range(count)}
        check = check_parameters(lambda p: 3.0, params, dict.fromkeys(params, 1.0))
        assert f"does not depend on {listed}: does" in check.arguments[0].explanation


class WithoutBias:
    def forward(self, x, w, b):
        self.x, self.w = x, w
        return x @ w

    def backward(self, dout):
        return dout @ self.w.T, self.x.T @ dout, dout.sum(axis=0)


def test_an_argument_that_forward_forgets_is_named():
    gate, inputs = WithoutBias(), [np.outer(X, [1.0, 0.5]), np.array([[1.0, 2.0, -1.0], X]), X]
    check = check_vjp(
        lambda x, w, b: (x @ w, (x, w)), lambda d, c: (d @ c[1].T, c[0].T @ d, d.sum(0)), *inputs
    )
    for found in (check, check_gate(gate, *inputs)):
        assert [argument.diagnosis for argument in found.arguments] == [None, None, Cause.NO_DEPENDENCE]
        assert "forward does not depend on b: is it used on the way forward?" in str(found)
    far = check_vjp(lambda x, b: (x + np.maximum(b - 50, 0), x), lambda d, x: (d, d * x), X, X)
    assert far.arguments[1].diagnosis is not Cause.NO_DEPENDENCE


def test_an_ignored_argument_is_found_beside_settings():
    params = {"mode": "train", "w": X, "b": X}
    check = check_parameters(lambda p: square(p["w"]), params, {"w": 2 * X, "b": np.cos(X)})
    assert [argument.diagnosis for argument in check.arguments] == [None, Cause.NO_DEPENDENCE]


def test_another_cause_that_is_known_stays():
    check = check_vjp(lambda x, b: (x * 2, x), lambda d, c: (d, d.sum()), X, 3)
    assert check.arguments[0].diagnosis is not Cause.NO_DEPENDENCE  # whatever is wrong with b
    check = with_ignored(
        replace(
            check, arguments=tuple(replace(a, diagnosis=Cause.SIGN, numerical=0.0) for a in check.arguments)
        ),
        None,
        CachedPair(lambda x, b: (1.0, None), lambda d, c: (d, d)),
        {"x": X, "b": 3.0},
    )
    assert {argument.diagnosis for argument in check.arguments} == {Cause.SIGN}


@pytest.mark.parametrize("only", [None, 2])
def test_forward_is_asked_at_two_points_near_and_two_far_away_and_of_one_argument_beside_other_values(only):
    asked, rng = [], np.random.default_rng(0)

    class Spy:
        def forward(self, inputs):
            asked.append(inputs)
            return 1.0, None

    def way():
        return rng.normal(size=3), rng.normal(size=())

    assert _ignores(Spy(), [X, "train", 2.0], only)
    places = iter(asked)
    for beside in (0.0,) if only is None else (0.0, 0.1, 1.0):
        start, near, far = way(), way(), way()
        for scale, along in ((0.0, near), (1.0, near), (1e3, far), (-1e3, far)):
            x, mode, b = next(places)
            assert mode == "train"
            assert x == pytest.approx(X + beside * start[0] + (only is None) * scale * along[0], rel=1e-12)
            assert b == pytest.approx(2.0 + beside * start[1] + scale * along[1], rel=1e-12)
    assert next(places, None) is None
