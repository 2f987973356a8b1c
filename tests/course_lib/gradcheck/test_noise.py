import numpy as np
import pytest

from course_lib import check_vjp
from course_lib.gradcheck.noise import Residual, computed_in_single, representable_in_single


def rms_of(samples):
    residual = Residual(samples[0])
    for sample in samples[1:]:
        residual.add(sample)
    return residual.rms()


def test_a_straight_line_leaves_no_residual():
    samples = np.outer([0.0, 1.0, 2.0, 3.0], [2.0, -5.0]) + np.array([1.0, 3.0])
    assert rms_of(samples) == pytest.approx([0, 0], abs=1e-12)


def test_what_is_left_of_a_line_is_the_noise():
    samples = np.array([[0.0], [1.0], [-1.0], [0.0]])
    line = np.polynomial.Polynomial.fit(np.arange(4), samples[:, 0], 1)(np.arange(4))
    expected = np.sqrt(((samples[:, 0] - line) ** 2).sum() / 2)
    assert rms_of(samples) == pytest.approx([expected])


def test_entries_with_nan_report_no_noise():
    assert rms_of(np.array([[np.nan], [1.0], [2.0], [5.0]])) == [0.0]


def test_numbers_that_fit_into_float32_are_told_from_numbers_with_few_digits():
    rounded = np.float32(np.random.default_rng(0).normal(size=5)).astype(float)
    assert representable_in_single(rounded)
    assert computed_in_single(rounded)
    assert not computed_in_single(np.array([1.0, 0.5, 3.0]))
    assert not computed_in_single(np.random.default_rng(0).normal(size=5))


@pytest.mark.parametrize("seed", range(5))
def test_a_correct_but_unstable_variance_passes(seed):
    x = np.random.default_rng(seed).normal(size=(8, 3)) + 300

    def forward(x):
        return (x**2).mean(axis=0) - x.mean(axis=0) ** 2

    def backward(dout, cache):
        (x,) = cache
        return dout * (2 * x - 2 * x.mean(axis=0)) / len(x)

    assert check_vjp(forward, backward, x, seed=seed).passed is True


@pytest.mark.parametrize("seed", range(5))
def test_an_unshifted_softmax_passes(seed):
    z = np.random.default_rng(seed).normal(size=(4, 5)) + 300

    def forward(z):
        e = np.exp(z)
        return e / e.sum(axis=1, keepdims=True)

    def backward(dout, cache):
        p = forward(*cache)
        return p * (dout - (dout * p).sum(axis=1, keepdims=True))

    assert check_vjp(forward, backward, z, seed=seed).passed is True


def test_a_saturated_tanh_passes():
    x = np.array([18.0, -19.0, 0.3, 15.0, -2.0])
    assert check_vjp(np.tanh, lambda dout, cache: dout * (1 - np.tanh(cache[0]) ** 2), x).passed is True
