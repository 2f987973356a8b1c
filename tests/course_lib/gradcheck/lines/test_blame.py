"""What is said of the line to blame stays quiet where a kink leaves a gradient unmeasured."""

import warnings

import numpy as np

from course_lib import check_vjp


def forward(x, y):
    return np.maximum(x, y), (x, y)


def backward(dz, cache):
    x, y = cache
    dx = dz * 1.0
    return dx, np.where(x < y, dz, 0)


def test_a_tie_of_two_inputs_draws_no_warning_from_numpy():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = check_vjp(forward, backward, np.array([1.0, 2.0, 3.0]), np.array([2.0, 1.0, 3.0]))
    assert not result.passed
    assert "kink" in str(result)
    assert "the first wrong line" in str(result)
