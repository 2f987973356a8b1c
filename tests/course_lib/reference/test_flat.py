from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.reference import flat

LAW = settings(max_examples=25, deadline=None, derandomize=True)
SEEDS = st.integers(0, 2**32 - 1)
SCALAR_FUNCTIONS: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "product_of_sum": (flat.product_of_sum, ("x", "y", "z")),
    "sigmoid_neuron": (flat.sigmoid_neuron, ("w0", "x0", "w1", "x1", "w2")),
    "sigmoid_neuron_grouped": (flat.sigmoid_neuron_grouped, ("w0", "x0", "w1", "x1", "w2")),
    "sin_product": (flat.sin_product, ("x1", "x2")),
    "patterns": (flat.patterns, ("x", "y", "z", "w")),
    "rational": (flat.rational, ("x", "y")),
}


@pytest.mark.parametrize(("function", "names"), SCALAR_FUNCTIONS.values(), ids=SCALAR_FUNCTIONS)
@LAW
@given(seed=SEEDS)
def test_gradients_agree_with_differences(
    function: Callable[..., Any], names: tuple[str, ...], assert_vjp: Any, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    # In steps of 0.1 with distinct remainders: no tie in max, no tiny denominator.
    point = np.round(rng.uniform(-2, 2, size=len(names)), 1) + 0.013 * np.arange(len(names))
    gradients = function(*point)[1]
    assert tuple(gradients) == names
    if function is flat.rational:
        point = np.abs(point) + 0.1
        gradients = function(*point)[1]
    assert_vjp(lambda *x: function(*x)[0], list(point), 1.0, list(gradients.values()))


def test_the_numbers_of_the_lecture() -> None:
    assert flat.product_of_sum(-2.0, 5.0, -4.0) == (-12.0, {"x": -4.0, "y": -4.0, "z": 3.0})
    assert flat.patterns(3.0, -4.0, 2.0, -1.0) == (-20.0, {"x": -8.0, "y": 6.0, "z": 2.0, "w": 0.0})


def test_the_stages_of_the_sigmoid_neuron() -> None:
    f, grads, stages = flat.sigmoid_neuron(2.0, -1.0, -3.0, -2.0, -3.0)
    assert f == pytest.approx(0.7311, abs=5e-5)
    expected = {"w0": -0.1966, "x0": 0.3932, "w1": -0.3932, "x1": -0.5898, "w2": 0.1966}
    assert grads == pytest.approx(expected, abs=5e-5)
    by_hand = {
        "w0x0": (-2.0, 0.1966),
        "w1x1": (6.0, 0.1966),
        "sum": (4.0, 0.1966),
        "dot": (1.0, 0.1966),
        "negated": (-1.0, -0.1966),
        "exp": (0.3679, -0.5344),
        "plus_one": (1.3679, -0.5344),
        "reciprocal": (0.7311, 1.0),
    }
    assert {name: pytest.approx(pair, abs=5e-5) for name, pair in by_hand.items()} == stages


def test_a_tie_of_patterns_is_shared_without_loss() -> None:
    _, grads = flat.patterns(1.0, 1.0, 3.0, 3.0)
    assert grads["z"] + grads["w"] == 2.0


@LAW
@given(seed=SEEDS)
def test_vector_gradients_agree_with_differences(assert_vjp: Any, seed: int) -> None:
    rng = np.random.default_rng(seed)
    w, x, b, y = rng.normal(size=4), rng.normal(size=4), rng.normal(), rng.normal()
    assert_vjp(lambda w: flat.logistic_loss(w, x)[0], [w], 1.0, flat.logistic_loss(w, x)[1:])
    gradients = flat.linear_regression(w, b, x, y)[1:]
    assert_vjp(lambda w, b: flat.linear_regression(w, b, x, y)[0], [w, b], 1.0, gradients)


@pytest.mark.parametrize(("score", "loss", "dw"), [(1e4, 0.0, 0.0), (-1e4, 1e4, -1.0)])
def test_the_logistic_loss_is_finite_far_out(score: float, loss: float, dw: float) -> None:
    value, gradient = flat.logistic_loss(np.array([score]), np.array([1.0]))
    assert value == loss
    np.testing.assert_array_equal(gradient, [dw])
