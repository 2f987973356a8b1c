from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.reference.losses import softmax_loss, svm_loss

LAW = settings(max_examples=25, deadline=None, derandomize=True)
Loss = Callable[..., tuple[Any, np.ndarray]]
both = pytest.mark.parametrize("loss", [svm_loss, softmax_loss])


@both
@LAW
@given(seed=st.integers(0, 2**32 - 1), N=st.integers(1, 5), C=st.integers(2, 6))
def test_the_gradient_agrees_with_differences(loss: Loss, assert_vjp: Any, seed: int, N: int, C: int) -> None:
    rng = np.random.default_rng(seed)
    # Multiples of 0.1, shifted by column: no margin comes near its kink.
    x = np.round(rng.normal(size=(N, C)), 1) + 0.011 * np.arange(C)
    y = rng.integers(0, C, size=N)
    assert_vjp(lambda scores: loss(scores, y)[0], [x], 1.0, [loss(x, y)[1]])


@both
def test_a_batch_is_the_mean_of_its_rows(loss: Loss) -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(7, 4)), rng.integers(0, 4, size=7)
    value, dx = loss(x, y)
    rows = [loss(x[i : i + 1], y[i : i + 1]) for i in range(7)]
    assert value == pytest.approx(np.mean([v for v, _ in rows]), rel=1e-14)
    np.testing.assert_allclose(dx, np.concatenate([d for _, d in rows]) / 7, rtol=1e-13)


@both
def test_the_gradient_of_every_row_sums_to_zero(loss: Loss) -> None:
    rng = np.random.default_rng(0)
    _, dx = loss(rng.normal(size=(6, 5)), rng.integers(0, 5, size=6))
    np.testing.assert_allclose(dx.sum(axis=1), 0, atol=1e-15)


@both
def test_scores_of_ten_thousand_give_finite_losses_and_gradients(loss: Loss) -> None:
    x = np.array([[1e4, -1e4, 0.0], [-1e4, 1e4, 1e4]])
    value, dx = loss(x, np.array([1, 0]))
    assert value == pytest.approx({svm_loss: 35002.0, softmax_loss: 20000.0 + np.log(2) / 2}[loss])
    assert np.isfinite(dx).all()


@both
def test_integer_scores_are_not_truncated(loss: Loss) -> None:
    x, y = np.array([[1, 2, 3], [3, 1, 2]]), np.array([0, 1])
    value, dx = loss(x, y)
    expected, expected_dx = loss(x.astype(float), y)
    assert value == expected
    np.testing.assert_array_equal(dx, expected_dx)


@both
def test_scores_and_labels_are_left_alone(loss: Loss) -> None:
    x, y = np.random.default_rng(0).normal(size=(3, 4)), np.array([3, 0, 1])
    kept = x.copy()
    loss(x, y)
    assert np.array_equal(x, kept)
    assert np.array_equal(y, [3, 0, 1])


@both
@pytest.mark.parametrize("y", [[0, 3], [-1, 0], [0.0, 1.0], [True, False]])
def test_labels_that_are_no_classes_are_refused(loss: Loss, y: list[Any]) -> None:
    with pytest.raises(ValueError, match="expected integer labels from 0 to 2"):
        loss(np.zeros((2, 3)), np.array(y))


@both
def test_labels_of_another_shape_are_refused(loss: Loss) -> None:
    with pytest.raises(ValueError, match=r"got shapes \(2, 3\) and \(2, 1\)"):
        loss(np.zeros((2, 3)), np.zeros((2, 1), dtype=int))


def test_equal_scores_cost_the_logarithm_of_the_classes() -> None:
    value, _ = softmax_loss(np.zeros((4, 10)), np.arange(4))
    assert value == pytest.approx(np.log(10), rel=1e-15)


def test_hinge_losses_by_hand() -> None:
    # margins: 5.1 - 3.2 + 1 = 2.9 and none; none and none; 2.2 + 3.1 + 1 = 6.3 and 2.5 + 3.1 + 1 = 6.6
    x = np.array([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]])
    value, dx = svm_loss(x, np.array([0, 1, 2]))
    assert value == pytest.approx((2.9 + 0 + 12.9) / 3)
    np.testing.assert_allclose(3 * dx, [[-1, 1, 0], [0, 0, 0], [1, 1, -2]])
