from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.reference import windows

LAW = settings(max_examples=12, deadline=None, derandomize=True)
SEEDS = st.integers(0, 2**32 - 1)


def loops(x: Any, w: Any, b: Any, stride: int, pad: int) -> Any:
    """A convolution by its definition, one number at a time."""
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    down = (x.shape[2] - w.shape[2]) // stride + 1
    across = (x.shape[3] - w.shape[3]) // stride + 1
    out = np.zeros((len(x), len(w), down, across), dtype=np.result_type(x, w, b))
    for n, f, i, j in np.ndindex(out.shape):
        top, left = i * stride, j * stride
        out[n, f, i, j] = b[f] + (x[n, :, top : top + w.shape[2], left : left + w.shape[3]] * w[f]).sum()
    return out


@LAW
@given(seed=SEEDS, stride=st.integers(1, 3), pad=st.integers(0, 2))
def test_convolution_agrees_with_loops_and_differences(
    assert_vjp: Any, seed: int, stride: int, pad: int
) -> None:
    rng = np.random.default_rng(seed)
    inputs = [rng.normal(size=(2, 2, 5, 4)), rng.normal(size=(3, 2, 3, 2)), rng.normal(size=3)]
    out, cache = windows.conv_forward(*inputs, stride, pad)
    np.testing.assert_allclose(out, loops(*inputs, stride, pad), atol=1e-12)
    dout = rng.normal(size=out.shape)
    gradients = windows.conv_backward(dout, cache)
    assert_vjp(lambda x, w, b: windows.conv_forward(x, w, b, stride, pad)[0], inputs, dout, gradients)


@LAW
@given(seed=SEEDS, stride=st.integers(1, 3))
def test_patches_and_their_backward_are_transposes_of_each_other(seed: int, stride: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(2, 3, 6, 5))
    seen, cache = windows.patches_forward(x, 3, 2, stride)
    np.testing.assert_array_equal(seen[1, 2, :, :, 1, 1], x[1, 2, stride : stride + 3, stride : stride + 2])
    dout = rng.normal(size=seen.shape)
    np.testing.assert_allclose(np.sum(seen * dout), np.sum(x * windows.patches_backward(dout, cache)))


@LAW
@given(seed=SEEDS, size=st.integers(1, 3), stride=st.integers(1, 3))
def test_max_pool_agrees_with_loops_and_differences(
    assert_vjp: Any, seed: int, size: int, stride: int
) -> None:
    rng = np.random.default_rng(seed)
    x = rng.permutation(2 * 2 * 5 * 4).reshape(2, 2, 5, 4) / 7  # no two pixels are near each other

    def pool(x: Any) -> Any:
        shape = (*x.shape[:2], (5 - size) // stride + 1, (4 - size) // stride + 1)
        out = np.zeros(shape, x.dtype)
        for n, c, i, j in np.ndindex(shape):
            out[n, c, i, j] = x[n, c, i * stride : i * stride + size, j * stride : j * stride + size].max()
        return out

    out, cache = windows.max_pool_forward(x, size, stride)
    np.testing.assert_array_equal(out, pool(x))
    dout = rng.normal(size=out.shape)
    assert_vjp(pool, [x], dout, [windows.max_pool_backward(dout, cache)])


@pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 1)])
def test_a_tie_is_counted_once(size: int, stride: int) -> None:
    out, cache = windows.max_pool_forward(np.zeros((1, 2, 6, 6)), size, stride)
    dout = np.random.default_rng(0).normal(size=out.shape)
    dx = windows.max_pool_backward(dout, cache)
    np.testing.assert_allclose(dx.sum(axis=(2, 3)), dout.sum(axis=(2, 3)))


def test_a_convolution_that_can_be_checked_by_hand() -> None:
    x = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
    w = np.array([[[[1.0, 0.0], [0.0, -1.0]]]])
    out, cache = windows.conv_forward(x, w, np.array([10.0]))
    np.testing.assert_array_equal(out, [[[[6, 6], [6, 6]]]])
    dx, dw, db = windows.conv_backward(np.array([[[[1.0, 2.0], [3.0, 4.0]]]]), cache)
    np.testing.assert_array_equal(dx, [[[[1, 2, 0], [3, 3, -2], [0, -3, -4]]]])
    np.testing.assert_array_equal(dw, [[[[37, 47], [67, 77]]]])
    np.testing.assert_array_equal(db, [10])
