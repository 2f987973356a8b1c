"""The noise of a gradient: at the point and beside it, and where it says nothing."""

import numpy as np
import pytest
from points_under_test import point_of

from course_lib.gradcheck.arrays import DOUBLE
from course_lib.gradcheck.noise import (
    GradientNoise,
    measure,
)


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


def jumping(size, near=True, there=1.0):
    """The noise of a gradient that is 1 at the point, and jumps an ulp away (or beyond a first step)."""

    def gradient(x):
        away = abs(float(x[0]) - 1.0)
        jumps = 0 < away < 1e-12 if near else away > 1.6 * DOUBLE ** (1 / 3)
        return np.array([there + size * jumps])

    return gradient_noise(np.sum, gradient, np.ones(1))


JUMP = np.hypot(1 / 2, 1 / np.sqrt(20)) / np.sqrt(2)  # what is left of the samples 0, 1, 1, 1


def test_from_a_hundred_millionth_of_what_matters_noise_must_show_beside_the_point_too():
    small, large = 0.97e-8 / JUMP, 1.03e-8 / JUMP
    assert jumping(small).of(0, 1.0)[0] == pytest.approx(0.97e-8, rel=1e-5)
    assert jumping(large).of(0, 1.0)[0] == pytest.approx(DOUBLE, rel=1e-6, abs=0)
    assert jumping(-large, there=-1.0).of(0, 1.0)[0] == pytest.approx(DOUBLE, rel=1e-6, abs=0)
    assert jumping(large).of(0, 2.0)[0] == pytest.approx(1.03e-8, rel=1e-5)


def test_a_gradient_says_nothing_if_a_sixteenth_of_it_scatters_at_the_point_or_beside_it():
    for share, nothing in ((1.03, True), (0.97, False)):
        assert jumping(share / 16 / JUMP).says_nothing(0) is nothing
        assert jumping(-share / 16 / JUMP, there=-1.0).says_nothing(0) is nothing
        assert jumping(share / 16 * np.sqrt(6), near=False).says_nothing(0) is nothing


def test_beside_the_point_six_equal_steps_are_taken():
    seen = []

    def gradient(x):
        seen.append(x.copy())
        return np.array([1.0, 1.0])

    noise = gradient_noise(np.sum, gradient, np.array([1.0, -3.0]))
    seen.clear()
    assert not noise.says_nothing(0)
    ulps, steps = seen[:3], [(x - [1.0, -3.0]) / [1.0, 3.0] for x in seen[3:]]
    assert [x.tolist() for x in ulps] == [[1 + k * DOUBLE, -3 * (1 + k * DOUBLE)] for k in (1, 2, 3)]
    assert len(steps) == 6
    assert np.array(steps) == pytest.approx(np.outer(np.arange(1, 7), steps[0]), rel=1e-6)
    assert (np.abs(steps[0]) / DOUBLE ** (1 / 3) >= 0.5).all()
    assert (np.abs(steps[0]) <= DOUBLE ** (1 / 3)).all()


def test_no_gradient_and_a_gradient_of_zero_say_nothing():
    point = point_of(lambda x, y: np.sum(x) + np.sum(y), np.ones(2), np.ones(2))
    noise = GradientNoise(point, [None, np.zeros(2)])
    assert noise.of(0, 1.0).shape == (0,)
    assert noise.says_nothing(0)
    assert noise.says_nothing(1)


def test_where_backward_has_no_value_beside_the_point_it_has_no_noise():
    def raising(x):
        if x[0] != 1.0:
            raise ValueError("only at one")
        return np.ones(1)

    assert gradient_noise(np.sum, raising, np.ones(1)).of(0, 1.0).tolist() == [DOUBLE]
    edge = gradient_noise(lambda x: np.sum(x) if x[0] == 1.0 else np.nan, lambda x: 1 / x, np.ones(1))
    assert edge.of(0, 1.0).tolist() == [DOUBLE]
