from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.reference import jacobians
from course_lib.reference.stable import log_softmax, softmax

LAW = settings(max_examples=25, deadline=None, derandomize=True)
SEEDS = st.integers(0, 2**32 - 1)


@LAW
@given(seed=SEEDS)
def test_vjps_agree_with_differences_in_extended_precision(assert_vjp: Any, seed: int) -> None:
    rng = np.random.default_rng(seed)
    W, b, x, dy = rng.normal(size=(4, 3)), rng.normal(size=4), rng.normal(size=3), rng.normal(size=(5, 4))
    z = rng.normal(size=(5, 4))
    assert_vjp(softmax, [z[0]], dy[0], [dy[0] @ jacobians.softmax_jacobian(z[0])])
    assert_vjp(log_softmax, [z], dy, [jacobians.log_softmax_vjp(z, dy)])
    loss, *gradients = jacobians.nll_grads(W, b, x, 2)
    assert loss == -log_softmax(W @ x + b)[2]
    assert_vjp(lambda W, b: jacobians.nll_grads(W, b, x, 2)[0], [W, b], 1.0, gradients)


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
