import math
from dataclasses import replace

import numpy as np
import pytest
from points_under_test import digits_of, point_of

from course_lib import check_vjp
from course_lib.gradcheck.arrays import DOUBLE, SINGLE
from course_lib.gradcheck.noise import (
    FAR,
    Residual,
    _noise_beside,
    _output_noise,
    _probe_forward,
    _variation,
    measure,
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
    assert rms_of(scale * np.array([0.0, 1.0, -1.0, 0.0])) == digits_of(
        scale * rms_of(np.array([0.0, 1, -1, 0]))
    )


@pytest.mark.parametrize("distance", [1e-7, 1e-6, -1e-5])
def test_inputs_are_moved_to_the_next_numbers_so_that_a_steep_slope_is_no_noise(distance):
    x = np.array([np.pi / 2 - distance, 0.0])
    point = measure(point_of(lambda x: np.tan(x[:1]), x), 0)
    assert point.noise[0] < 4 * DOUBLE * abs(point.out[0])


@pytest.mark.parametrize("factor", [1e3, 1e6, 1e9, 0.9, 1.1])
def test_the_rounding_of_a_product_with_almost_a_power_of_two_is_seen(factor):
    noise = [
        measure(point_of(lambda x: np.sin(factor * x), np.full(1, 1.2345e7 * k / factor)), 0).noise[0]
        for k in (1, 3, 5)
    ]
    assert min(noise) > 1e-11  # of 1e7, one rounding unit is 2e-9


def test_beside_a_minimum_the_noise_is_that_of_what_cancels():
    point = measure(point_of(lambda x: np.sum((3 * x - 0.9) ** 2), np.full(3, 0.3)), 0)
    assert point.noise[0] < 1e-30
    assert 1e-24 < point.noise_beside[0] < 1e-20
    point = measure(point_of(lambda x: np.sum((3 * x - 0.9) ** 2), np.full(3, 1.1)), 0)
    assert point.noise_beside[0] == 0.0


@pytest.mark.parametrize("x", [20.0, 100.0, 300.0])
def test_an_exponential_varies_no_more_than_nearby(x):
    point = measure(point_of(lambda x: np.exp(x), np.full(1, x)), 0)
    assert point.variation[0] < 1e8 * point.out[0]
    assert measure(point_of(lambda x: (x - 1) ** 8, np.full(1, 1.0)), 0).variation[0] > 0.1
    assert measure(point_of(lambda x: np.maximum(0, x - 2), np.full(1, 1.2)), 0).variation[0] > 0.1


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


def test_a_change_of_many_rounding_units_is_seen_on_top_of_a_large_constant():
    assert measure(point_of(lambda x: 1e12 + x, np.array([2.0])), 0).variation[0] == pytest.approx(
        1.5, abs=0.6
    )


@pytest.mark.parametrize("y", [1.6, 0.8])
def test_a_quotient_that_fits_into_float32_by_chance_is_not_computed_in_float32(y):
    assert not measure(point_of(lambda x, y: x / y, -3.1, y), 0).single
    assert measure(point_of(lambda x, y: np.float32(x) / np.float32(y), -3.1, y), 0).single


@pytest.mark.parametrize(
    ("out", "own", "expected"),
    [
        ([1, 1, 1, 1, 1], [0, 0, 0, 0, 5], [1, 1, 1, 1, 5]),  # one noisy output is itself alone
        ([1, -1, 1, 1, 1], [0, 0, 0, 4, 5], [4.2, 4.2, 4.2, 4.2, 5]),  # two of five make the others noisy
        ([1, 1, 1, 1, 100], [0, 4, 4, 4, 5], [4, 4, 4, 4, 100]),  # none noisier than the noisiest
        ([1, 2, 2, 2, 3], [0, 8, 8, 8, 9], [4, 8, 8, 8, 9]),
        ([0, 0], [3, 0], [3, 0]),  # an output of zero has no rounding of its own
        ([0, 1], [0, 0], [0, 1]),
    ],
)
def test_an_output_is_as_noisy_as_itself_its_rounding_and_four_fifths_of_the_others(out, own, expected):
    noise = _output_noise(np.array(out) * 1.0, np.array(own) * 1e-3, 1e-3)
    assert noise == pytest.approx(np.array(expected) * 1e-3, rel=1e-9)


@pytest.mark.parametrize("x", [5.0, -5.0])
def test_a_difference_of_few_digits_that_has_more_on_one_side_is_not_computed_in_float32(x):
    tail = np.vectorize(lambda x: 1 - math.erf(abs(x)))
    assert not measure(point_of(tail, np.array([x, 1.1 * x])), 0).single


def test_forward_is_probed_a_few_units_away_and_in_single_precision_one_two_and_three():
    seen = []

    def forward(x):
        seen.append(float(x[0]))
        return x

    measure(point_of(forward, np.full(1, 2.0)), 0)
    assert seen[1:5] == [2.0 * (1 + k * DOUBLE) for k in (11, 29, 41, 59)]
    _probe_forward(point_of(forward, np.full(1, 2.0)), (np.full(1, 2.0),), np.full(1, 2.0), SINGLE)
    assert seen[-3:] == [2.0 * (1 + k * SINGLE) for k in (1, 2, 3)]


def in_single(x):
    return np.float32(x) * np.float32(1 / 3)


def test_a_function_that_computes_in_single_precision_has_its_noise():
    x = np.array([0.3, 0.7, 1.9])
    single, double = measure(point_of(in_single, x), 0), measure(point_of(lambda x: x / 3, x), 0)
    assert (single.epsilon, double.epsilon) == (SINGLE, DOUBLE)
    assert (single.noise >= SINGLE * single.out).all()
    assert (single.noise < 4 * SINGLE * single.out).all()
    calls = []

    def only_here(x):
        calls.append(1)
        return in_single(x) if len(calls) < 3 else x / 3

    assert measure(point_of(only_here, x), 0).epsilon == DOUBLE


def test_noise_beside_the_point_counts_from_four_times_that_at_it():
    def beside(share):
        point = point_of(lambda x: (x - 0.3) ** 2, np.full(1, 0.3))
        own = _noise_beside(replace(point, noise=np.zeros(1)), np.random.default_rng(0))
        again = _noise_beside(replace(point, noise=own / share), np.random.default_rng(0))
        return own[0] > 0 and again[0] == own[0]

    assert (beside(4.1), beside(3.9)) == (True, False)


def test_an_infinite_output_beside_the_point_is_no_noise():
    point = point_of(lambda x: np.stack([np.where(x >= 0, x, -np.inf).sum(), x[1]]), np.array([0.3, 0.0]))
    moved_to_minus = [np.random.default_rng(seed) for seed in range(8)]
    noise = [_noise_beside(point, rng) for rng in moved_to_minus]
    assert np.max(noise) < 1e-15


def test_noise_beside_is_measured_one_first_step_away_to_both_sides():
    seen = []

    def forward(x):
        seen.append(x.copy())
        return np.sum(x)

    x = np.where(np.arange(40) % 2, 2.0, -3.0)
    point = point_of(forward, x)
    seen.clear()
    _noise_beside(point, np.random.default_rng(0))
    moved = (seen[0] - x) / np.abs(x) / DOUBLE ** (1 / 3)
    assert (np.abs(moved).min() > 0.49, np.abs(moved).max() < 1.01) == (True, True)
    assert {*np.sign(moved)} == {-1.0, 1.0}
    assert [np.abs((probe - seen[0]) / seen[0]).max() / DOUBLE for probe in seen[1:]] == pytest.approx(
        [11, 29, 41, 59], abs=1.1
    )


def test_outputs_vary_as_all_inputs_move_away_from_zero_by_what_forward_bears():
    seen = []

    def forward(x, largest=0.0):
        seen.append(x.copy())
        return np.sum(x) if np.abs(x).max() <= 5 * (1 + largest) else np.nan

    x = np.array([5.0, -3.0, 0.0, 4.0, -5.0])
    for first in range(4):
        point = point_of(lambda x, largest=FAR[first]: forward(x, largest), x)
        seen.clear()
        variation = _variation(point, np.random.default_rng(0))
        assert len(seen) == first + 1
        change = abs(float(np.sum(seen[-1]) - 1.0))
        assert variation[0] == pytest.approx(change / FAR[first])
        for moved, far in zip(seen, FAR, strict=False):
            scale = np.where(x == 0, np.sqrt(15), np.abs(x))
            share = (moved - x) / scale / far
            assert (np.abs(share) >= 0.5).all()
            assert (np.abs(share) <= 1.0).all()
            assert (share * np.array([1, -1, 1, 1, -1]) > 0).all()
    nowhere = replace(point_of(lambda x: -3.0 if np.array_equal(x, np.ones(1)) else np.nan, np.ones(1)))
    seen.clear()
    assert _variation(nowhere, np.random.default_rng(0)).tolist() == [3.0]


def test_the_steps_for_the_variation_go_from_twice_the_inputs_to_a_two_hundredth():
    assert FAR == (2.0, 0.5, 0.05, 0.005)


def test_a_change_of_an_output_counts_from_four_times_its_noise():
    point = point_of(lambda x: 7.0 + x, np.ones(1))
    change = _variation(point, np.random.default_rng(0))[0] * FAR[0]
    for share, counts in ((4.1, True), (3.9, False)):
        noisy = replace(point, noise=np.full(1, change / share))
        assert bool(_variation(noisy, np.random.default_rng(0))[0]) is counts


@pytest.mark.parametrize("limit", [0.5, -0.5, 3.0])
def test_a_jump_on_one_side_of_a_limit_is_no_noise(limit):
    steps = {
        "above": lambda x: np.where(x > limit, 2 * x, x),
        "below": lambda x: np.where(x < limit, 2 * x, x),
    }
    for step in steps.values():
        assert (measure(point_of(step, np.array([limit, 1.7 * limit])), 0).noise < 1e-14).all()


def test_outputs_that_jump_on_different_sides_have_no_noise():
    def both(x):
        return np.array([2 * x[0] if x[0] > 0.5 else x[0], 2 * x[0] if x[0] < 0.5 else x[0]])

    assert (measure(point_of(both, np.array([0.5])), 0).noise < 1e-14).all()


def test_noise_on_both_sides_is_noise_however_large():
    grains = measure(point_of(lambda x: np.round(x * 1e15) % 7 + 1, np.array([0.3, 0.8])), 0)
    assert (grains.noise > 0.1).all()
