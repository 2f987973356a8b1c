import numpy as np
import pytest

from course_lib.reference.stable import as_float, log_softmax, sigmoid, softmax


def test_integers_become_float64_and_floats_keep_their_precision() -> None:
    assert as_float([1, 2]).dtype == np.float64
    assert as_float(np.ones(2, np.float32)).dtype == np.float32
    assert as_float(np.ones(2, np.longdouble)).dtype == np.longdouble


def test_sigmoid_keeps_relative_accuracy_in_both_tails() -> None:
    x = np.array([-700.0, -40.0, -1.0, 0.0, 1.0, 40.0])
    expected = 1 / (1 + np.exp(-x.astype(np.longdouble)))
    np.testing.assert_allclose(sigmoid(x), expected.astype(float), rtol=1e-14)


def test_sigmoid_is_finite_at_any_size() -> None:
    np.testing.assert_array_equal(sigmoid([-1e4, 1e4]), [0.0, 1.0])


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.longdouble])
def test_the_functions_keep_floating_dtypes(dtype: type) -> None:
    x = np.array([-1, 2, 0.5], dtype=dtype)
    assert sigmoid(x).dtype == log_softmax(x).dtype == softmax(x).dtype == dtype


def test_log_softmax_is_finite_at_logits_of_ten_thousand() -> None:
    np.testing.assert_array_equal(log_softmax([[1e4, -1e4, 0.0]]), [[0.0, -2e4, -1e4]])


def test_softmax_rows_sum_to_one_and_ignore_a_shift() -> None:
    z = np.random.default_rng(0).normal(size=(5, 3))
    np.testing.assert_allclose(softmax(z).sum(axis=1), 1, rtol=1e-14)
    np.testing.assert_allclose(softmax(z + 1000), softmax(z), rtol=1e-12)
