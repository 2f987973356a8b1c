from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.reference import jacobians
from course_lib.reference.stable import log_softmax, softmax

LAW = settings(max_examples=25, deadline=None, derandomize=True)
SEEDS = st.integers(0, 2**32 - 1)


def contract(dy: np.ndarray, jacobian: np.ndarray) -> np.ndarray:
    """Upstream gradient times full Jacobian."""
    return np.tensordot(dy, jacobian, axes=dy.ndim)


def test_derivative_shapes_join() -> None:
    assert jacobians.derivative_shape((), ()) == ()
    assert jacobians.derivative_shape((), (3, 4)) == (3, 4)
    assert jacobians.derivative_shape((5,), (3, 4)) == (5, 3, 4)


def test_the_numerical_jacobian_has_the_joined_shape_and_leaves_x_alone() -> None:
    x = np.arange(6).reshape(2, 3)
    jacobian = jacobians.numerical_jacobian(lambda x: (x**2).sum(axis=1), x)
    assert jacobian.shape == (2, 2, 3)
    np.testing.assert_allclose(jacobian, np.eye(2)[:, :, np.newaxis] * 2 * x, rtol=1e-8, atol=1e-8)
    np.testing.assert_array_equal(x, np.arange(6).reshape(2, 3))
    assert jacobians.numerical_jacobian(lambda x: x**2, np.array(3.0)) == pytest.approx(6)


def test_the_relu_of_the_lecture() -> None:
    x, dy = np.array([1, -2, 3, -1]), np.array([4, -1, 5, 9])
    np.testing.assert_array_equal(jacobians.relu_jacobian(x), np.diag([1, 0, 1, 0]))
    np.testing.assert_array_equal(jacobians.relu_vjp(x, dy), [4, 0, 5, 0])
    np.testing.assert_array_equal(jacobians.relu_vjp(x, dy), dy @ jacobians.relu_jacobian(x))


def test_the_squared_norm_of_the_lecture() -> None:
    f, dW, dx = jacobians.squared_norm(np.array([[0.1, 0.5], [-0.3, 0.8]]), np.array([0.2, 0.4]))
    assert f == pytest.approx(0.116)
    np.testing.assert_allclose(dW, [[0.088, 0.176], [0.104, 0.208]])
    np.testing.assert_allclose(dx, [-0.112, 0.636])


def test_the_matrix_product_of_the_lecture() -> None:
    x = np.array([[2, -1, 3], [-3, 4, 2]])
    w = np.array([[3, 2, 1, -1], [2, 1, 3, 2], [3, 2, 1, -2]])
    dy = np.array([[2, 3, -3, 9], [-8, 1, 4, 6]])
    dx, dw = jacobians.matmul_vjp(x, w, dy)
    np.testing.assert_array_equal(dx, [[0, 16, -9], [-24, 9, -30]])
    np.testing.assert_array_equal(dw, [[28, 3, -18, 0], [-34, 1, 19, 15], [-10, 11, -1, 39]])
    dy_dx, dy_dw = jacobians.matmul_jacobians(x, w)
    assert (dy_dx.shape, dy_dw.shape) == ((2, 4, 2, 3), (2, 4, 3, 4))
    np.testing.assert_array_equal(contract(dy, dy_dx), dx)
    np.testing.assert_array_equal(contract(dy, dy_dw), dw)


@LAW
@given(seed=SEEDS)
def test_jacobians_agree_with_differences(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, w, z = rng.normal(size=(2, 3)), rng.normal(size=(3, 4)), rng.normal(size=5)
    dy_dx, dy_dw = jacobians.matmul_jacobians(x, w)
    np.testing.assert_allclose(jacobians.numerical_jacobian(lambda x: x @ w, x), dy_dx, atol=1e-8)
    np.testing.assert_allclose(jacobians.numerical_jacobian(lambda w: x @ w, w), dy_dw, atol=1e-8)
    np.testing.assert_allclose(
        jacobians.numerical_jacobian(softmax, z), jacobians.softmax_jacobian(z), atol=1e-8
    )


@LAW
@given(seed=SEEDS)
def test_vjps_agree_with_differences_in_extended_precision(assert_vjp: Any, seed: int) -> None:
    rng = np.random.default_rng(seed)
    W, b, x, dy = rng.normal(size=(4, 3)), rng.normal(size=4), rng.normal(size=3), rng.normal(size=(5, 4))
    X, z = rng.normal(size=(5, 4)), rng.normal(size=(5, 4))
    assert_vjp(lambda W, x: ((W @ x) ** 2).sum(), [W, x], 1.0, jacobians.squared_norm(W, x)[1:])
    assert_vjp(lambda W: W @ x, [W], b, [jacobians.linear_dW(x, b)])
    assert_vjp(lambda w: X @ w, [W], dy[:, :3], [jacobians.linear_dW(dy[:, :3], X).astype(float)])
    assert_vjp(log_softmax, [z], dy, [jacobians.log_softmax_vjp(z, dy)])
    assert_vjp(lambda b: z + b, [b], dy, [jacobians.bias_vjp(dy)])
    loss, *gradients = jacobians.nll_grads(W, b, x, 2)
    assert loss == -log_softmax(W @ x + b)[2]
    assert_vjp(lambda W, b: jacobians.nll_grads(W, b, x, 2)[0], [W, b], 1.0, gradients)


def test_rows_outer_product_and_batch_agree() -> None:
    rng = np.random.default_rng(0)
    x, dh = rng.normal(size=(5, 3)), rng.normal(size=(5, 4))
    one_by_one = sum(jacobians.linear_dW_by_rows(a, b) for a, b in zip(x, dh, strict=True))
    np.testing.assert_allclose(jacobians.linear_dW(x, dh), one_by_one, rtol=1e-13, atol=1e-14)
    np.testing.assert_array_equal(jacobians.linear_dW(x[0], dh[0]), jacobians.linear_dW_by_rows(x[0], dh[0]))


@pytest.mark.parametrize("shape", [(), (1,), (4,), (1, 4), (3, 1), (1, 1), (3, 4), (2, 3, 4), (2, 1, 1)])
def test_unbroadcast_undoes_broadcasting(assert_vjp: Any, shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    variable, other, dout = rng.normal(size=shape), rng.normal(size=(2, 3, 4)), rng.normal(size=(2, 3, 4))
    assert_vjp(lambda v: v + other, [variable], dout, [jacobians.unbroadcast(dout, shape)])


@pytest.mark.parametrize("shape", [(3,), (2, 4), (1, 3, 4)])
def test_unbroadcast_refuses_a_shape_that_does_not_broadcast(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"does not broadcast to the gradient's shape \(3, 4\)"):
        jacobians.unbroadcast(np.ones((3, 4)), shape)


def test_logits_of_ten_thousand_give_finite_losses_and_gradients() -> None:
    W, b, x = np.array([[1e4], [-1e4], [0.0]]), np.zeros(3), np.array([1.0])
    loss, dW, db = jacobians.nll_grads(W, b, x, 1)
    assert loss == 2e4
    np.testing.assert_array_equal(dW, [[1.0], [-1.0], [0.0]])
    np.testing.assert_array_equal(db, [1.0, -1.0, 0.0])
    assert np.isfinite(jacobians.softmax_jacobian(W[:, 0])).all()


def test_the_memory_of_the_lecture() -> None:
    assert jacobians.jacobian_bytes(64, 4096, 4096) == (256 * 2**30, 16 * 2**40)
    assert jacobians.vjp_bytes(64, 4096, 4096) == (2**20, 64 * 2**20)
    assert jacobians.vjp_bytes(1, 1, 1, itemsize=8) == (8, 8)


@pytest.mark.parametrize(
    ("dims", "forward", "reverse"),
    [([5, 3], 0, 0), ([2, 3, 5], 30, 30), ([100, 10, 10, 1], 11000, 1100), ([1, 10, 10, 100], 1100, 11000)],
)
def test_chain_costs_by_hand(dims: list[int], forward: int, reverse: int) -> None:
    assert jacobians.chain_cost(dims, "reverse") == reverse
    assert jacobians.chain_cost(dims, "forward") == forward


@LAW
@given(dims=st.lists(st.integers(1, 9), min_size=2, max_size=6))
def test_turning_a_chain_round_swaps_the_modes(dims: list[int]) -> None:
    assert jacobians.chain_cost(dims, "forward") == jacobians.chain_cost(dims[::-1], "reverse")


@LAW
@given(dims=st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_reverse_never_loses_from_a_wide_input_to_a_scalar(dims: list[int]) -> None:
    chain = [max(dims), *dims, 1]
    assert jacobians.chain_cost(chain, "reverse") <= jacobians.chain_cost(chain, "forward")


def test_another_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="got 'sideways'"):
        jacobians.chain_cost([1, 2], "sideways")
