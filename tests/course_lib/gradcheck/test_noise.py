import numpy as np
import pytest
from points_under_test import point_of

from course_lib import check_vjp
from course_lib.gradcheck.noise import (
    GradientNoise,
    Residual,
    computed_in_single,
    measure,
    representable_in_single,
    scatter,
)


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


def test_the_noise_of_a_plain_number_is_not_taken_for_the_number():
    assert rms_of([np.array(6.0), np.array(7.0), np.array(8.0), np.array(9.0)]) == 0.0
    assert rms_of([np.float64(6.0), np.float64(6.0), np.float64(7.0), np.float64(6.0)]) > 0.1
    assert rms_of([6.0, 6.0, 7.0, 6.0]).shape == ()


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_noise_is_measured_where_squares_overflow_or_vanish(scale):
    assert rms_of(scale * np.array([0.0, 1.0, -1.0, 0.0])) == pytest.approx(
        scale * rms_of(np.array([0.0, 1, -1, 0]))
    )


def test_beside_a_minimum_the_noise_is_that_of_the_inputs_rounding():
    point = measure(point_of(lambda x: np.sum((x - 0.3) ** 2), np.full(3, 0.3)), 0)
    assert point.noise[0] < 1e-30
    assert 1e-24 < point.noise_beside[0] < 1e-20
    point = measure(point_of(lambda x: np.sum((x - 0.3) ** 2), np.full(3, 1.1)), 0)
    assert point.noise_beside[0] == 0.0


def test_the_variation_is_what_a_change_by_their_own_size_does_to_the_outputs():
    point = measure(
        point_of(lambda x: np.array([3 * x[0], 1e15 + 1e-3 * x[1], 7.0]), np.array([2.0, 1.0])), 0
    )
    assert 3.0 <= point.variation[0] <= 6.0
    assert point.variation[1:].tolist() == [0.0, 0.0]


def test_where_outputs_end_a_smaller_change_shows_their_variation():
    point = measure(point_of(lambda x: np.sqrt(1.1 - x), np.array([1.0])), 0)
    slope = 0.5 / np.sqrt(0.1)
    assert 0.3 * slope < point.variation[0] < 2 * slope


def test_one_small_difference_among_the_outputs_does_not_make_the_others_noisy():
    x = np.array([1.0, 1.0 + 1e-13, 5.0])
    point = measure(point_of(lambda x: np.array([(x[1] - x[0]) * 3.0, 2 * x[2], x[2]]), x), 0)
    assert point.noise[1:].max() < 1e-14


def test_the_typical_scatter_leaves_out_a_jump_and_the_largest_does_not():
    typical, largest = scatter([np.array([float(t), float(t > 4)]) for t in range(7)])
    assert typical == pytest.approx([0, 0], abs=1e-15)
    assert largest == pytest.approx([0, 1 / np.sqrt(6)], abs=1e-15)
    noise = np.random.default_rng(0).normal(size=(7, 400))
    assert 0.6 < scatter(list(noise))[0].mean() < 1.1


def gradient_noise(forward, backward, x):
    point = measure(point_of(forward, x, backward=lambda dout, cache: backward(x=cache[0])), 0)
    return GradientNoise(point, [backward(x=x)])


def test_on_a_tie_a_gradient_is_as_noisy_as_beside_it():
    noise = gradient_noise(lambda x: np.abs(x - 1).sum(), lambda x: np.sign(x - 1), np.ones(3))
    assert noise.of(0, 1.0).max() < 1e-12


def test_no_more_than_a_fraction_of_what_matters_counts_as_noise():
    rng = np.random.default_rng(0)
    noise = gradient_noise(lambda x: np.sum(x**2), lambda x: 2 * x + rng.normal(size=3), np.ones(3))
    assert noise.of(0, 2.0).max() == pytest.approx(2e-4)
    assert noise.of(0, 1e6).min() > 1e-2


def test_a_gradient_that_changes_by_its_own_size_says_nothing():
    x = np.array([0.3, 0.7, -1.1])
    rounding = gradient_noise(lambda x: np.sum(x - x.mean()), lambda x: (x - x.mean()).sum() * np.ones(3), x)
    assert rounding.says_nothing(0)
    assert not gradient_noise(lambda x: np.sum(x**2), lambda x: 2 * x, x).says_nothing(0)
    assert not gradient_noise(lambda x: np.sum(x**2), lambda x: 2e-18 * x, x).says_nothing(0)
    assert gradient_noise(lambda x: 1.0, lambda x: 0 * x, x).says_nothing(0)


@pytest.mark.parametrize(("scatter", "nothing"), [(0.3, True), (0.003, False)])
def test_a_gradient_is_rounding_only_if_a_large_part_of_it_scatters(scatter, nothing):
    x = np.array([0.3, 0.7, -1.1])
    noisy = gradient_noise(np.sum, lambda x: 1 + scatter * np.sin(1e14 * x), x)
    assert noisy.says_nothing(0) is nothing


def test_a_change_of_many_rounding_units_is_seen_on_top_of_a_large_constant():
    assert measure(point_of(lambda x: 1e12 + x, np.array([2.0])), 0).variation[0] == pytest.approx(
        1.5, abs=0.6
    )


@pytest.mark.parametrize("y", [1.6, 0.8])
def test_a_quotient_that_fits_into_float32_by_chance_is_not_computed_in_float32(y):
    assert not measure(point_of(lambda x, y: x / y, -3.1, y), 0).single
    assert measure(point_of(lambda x, y: np.float32(x) / np.float32(y), -3.1, y), 0).single
