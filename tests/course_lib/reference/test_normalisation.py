from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.reference import normalisation as norm

LAW = settings(max_examples=20, deadline=None, derandomize=True)
SEEDS = st.integers(0, 2**32 - 1)
N, D = 4, 5


def rows(seed: int) -> tuple[np.random.Generator, np.ndarray]:
    """Random rows whose numbers lie apart, so that no deviation is small beside a step of the oracle."""
    rng = np.random.default_rng(seed)
    return rng, rng.permuted(np.tile(np.arange(-2.0, 3.0), (N, 1)), axis=1) + 0.3 * rng.uniform(size=(N, D))


@LAW
@given(seed=SEEDS)
def test_unit_vector_and_logsumexp_agree_with_differences_in_extended_precision(
    assert_vjp: Any, seed: int
) -> None:
    rng, x = rows(seed)
    dout = rng.normal(size=(N, D))
    dx = norm.unit_vector_backward(dout, norm.unit_vector(x)[1])
    assert_vjp(lambda x: x / np.sqrt((x * x).sum(axis=1, keepdims=True)), [x], dout, [dx])
    dz = norm.logsumexp_backward(dout[:, 0], norm.logsumexp(x)[1])
    assert_vjp(lambda z: np.log(np.exp(z).sum(axis=1)), [x], dout[:, 0], [dz])


@LAW
@given(seed=SEEDS)
def test_the_gradient_of_a_unit_vector_is_perpendicular_to_it_and_its_jacobian_symmetric(seed: int) -> None:
    rng, x = rows(seed)
    _, cache = norm.unit_vector(x)
    dx = norm.unit_vector_backward(rng.normal(size=(N, D)), cache)
    np.testing.assert_allclose(np.sum(dx * x, axis=1), 0, atol=1e-12)
    jacobian = [norm.unit_vector_backward(np.tile(row, (N, 1)), cache)[0] for row in np.eye(D)]
    np.testing.assert_allclose(jacobian, np.transpose(jacobian), atol=1e-13)


def test_values_that_can_be_checked_by_hand() -> None:
    u, cache = norm.unit_vector(np.array([[3, 4]]))
    np.testing.assert_allclose(u, [[0.6, 0.8]])
    np.testing.assert_allclose(norm.unit_vector_backward(np.array([[1.0, 0.0]]), cache), [[0.128, -0.096]])
    value, cache = norm.logsumexp(np.log([[1.0, 3.0]]))
    np.testing.assert_allclose(value, np.log([4.0]))
    np.testing.assert_allclose(norm.logsumexp_backward(np.array([8.0]), cache), [[2.0, 6.0]])


@pytest.mark.parametrize("size", [1e4, -1e4])
def test_logsumexp_is_finite_for_large_numbers(size: float) -> None:
    value, cache = norm.logsumexp(np.array([[size, size, 0.0]]))
    dz = norm.logsumexp_backward(np.array([2.0]), cache)
    np.testing.assert_allclose(value, [size + np.log(2) if size > 0 else 0.0])
    np.testing.assert_allclose(dz, [[1.0, 1.0, 0.0] if size > 0 else [0.0, 0.0, 2.0]])


def layernorm(x: Any, gamma: Any, beta: Any) -> Any:
    centred = x - x.mean(axis=1, keepdims=True)
    return gamma * centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5) + beta


@LAW
@given(seed=SEEDS)
def test_layernorm_agrees_with_differences_in_extended_precision(assert_vjp: Any, seed: int) -> None:
    rng, x = rows(seed)
    gamma, beta, dout = rng.normal(size=D), rng.normal(size=D), rng.normal(size=(N, D))
    out, stages = norm.layernorm_forward(x, gamma, beta)
    np.testing.assert_allclose(out, layernorm(x, gamma, beta), atol=1e-12)
    grads = norm.layernorm_backward(dout, stages)
    assert_vjp(layernorm, [x, gamma, beta], dout, [grads["dx"], grads["dgamma"], grads["dbeta"]])


@LAW
@given(seed=SEEDS)
def test_each_stage_of_layernorm_has_the_gradient_of_what_follows_it(assert_vjp: Any, seed: int) -> None:
    rng, x = rows(seed)
    gamma, beta, dout = rng.normal(size=D), rng.normal(size=D), rng.normal(size=(N, D))
    _, stages = norm.layernorm_forward(x, gamma, beta)
    grads = norm.layernorm_backward(dout, stages)

    def after_std(std: Any) -> Any:
        return gamma * stages["centred"] / std + beta

    def after_centred(centred: Any) -> Any:
        return gamma * centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5) + beta

    assert_vjp(lambda xhat: gamma * xhat + beta, [stages["xhat"]], dout, [grads["dxhat"]])
    assert_vjp(after_std, [stages["std"]], dout, [grads["dstd"]])
    assert_vjp(lambda var: after_std(np.sqrt(var + 1e-5)), [stages["var"]], dout, [grads["dvar"]])
    assert_vjp(after_centred, [stages["centred"]], dout, [grads["dcentred"]])
    assert_vjp(lambda mean: after_centred(x - mean), [stages["mean"]], dout, [grads["dmean"]])
    np.testing.assert_allclose(grads["dx"], grads["dcentred"] + grads["dmean"] / D, atol=1e-12)


@LAW
@given(seed=SEEDS)
def test_batchnorm_is_layernorm_of_the_columns(seed: int) -> None:
    rng, x = rows(seed)
    dout = rng.normal(size=(N, D))
    ones, zeros = np.ones(D), np.zeros(D)
    out, cache = norm.batchnorm_forward(x, ones, zeros)
    other, stages = norm.layernorm_forward(x.T, np.ones(N), np.zeros(N))
    np.testing.assert_allclose(out, other.T, atol=1e-12)
    dx = norm.batchnorm_backward(dout, cache)[0]
    np.testing.assert_allclose(dx, norm.layernorm_backward(dout.T, stages)["dx"].T, atol=1e-12)


@LAW
@given(seed=SEEDS)
def test_batchnorm_agrees_with_differences_in_extended_precision(assert_vjp: Any, seed: int) -> None:
    rng, x = rows(seed)
    gamma, beta, dout = rng.normal(size=D), rng.normal(size=D), rng.normal(size=(N, D))
    grads = norm.batchnorm_backward(dout, norm.batchnorm_forward(x, gamma, beta)[1])

    def batchnorm(x: Any, gamma: Any, beta: Any) -> Any:
        return layernorm(x.T, gamma[:, None], beta[:, None]).T

    assert_vjp(batchnorm, [x, gamma, beta], dout, grads)


def test_running_statistics_move_towards_the_batch_and_leave_the_output_alone() -> None:
    rng, x = rows(0)
    gamma, beta = rng.normal(size=D), rng.normal(size=D)
    running = {"mean": np.zeros(D), "var": np.ones(D)}
    first = running["mean"]
    out, _ = norm.batchnorm_forward(x, gamma, beta, running)
    np.testing.assert_array_equal(out, norm.batchnorm_forward(x, gamma, beta)[0])
    np.testing.assert_allclose(running["mean"], 0.1 * x.mean(axis=0))
    np.testing.assert_allclose(running["var"], 0.9 + 0.1 * x.var(axis=0))
    np.testing.assert_array_equal(first, 0)
