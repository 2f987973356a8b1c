"""Beside poles and the edges of a domain: where no step is small enough, nothing is known."""

import numpy as np
import pytest
from ladders_under_test import ladder, rungs_with

from course_lib import check_gradient, check_vjp
from course_lib.gradcheck.estimate import estimate


@pytest.mark.parametrize("distance", [1.37 * 10.0**-k for k in range(2, 15)])
@pytest.mark.parametrize(
    ("edge", "function", "slope"),
    [
        (1.0, np.arcsin, lambda x: 1 / np.sqrt((1 - x) * (1 + x))),
        (1.0, np.arctanh, lambda x: 1 / ((1 - x) * (1 + x))),
        (1.0, lambda x: np.sqrt(1 - x), lambda x: -0.5 / np.sqrt(1 - x)),
        (np.pi / 2, np.tan, lambda x: 1 / np.cos(x) ** 2),
    ],
)
def test_a_slope_that_changes_over_less_than_a_step_is_within_the_error(edge, function, slope, distance):
    x = edge - distance
    with np.errstate(all="ignore"):
        found = estimate(ladder(function, x, -slope(x))[0])
    assert abs(found.value - slope(x)) <= found.error


@pytest.mark.parametrize(("growth", "known"), [(2.1, False), (1.9, True)])
def test_a_step_that_sees_less_than_half_of_what_the_next_one_sees_says_nothing(growth, known):
    found = estimate(rungs_with(1.0, growth))
    assert np.isfinite(found.error) is np.bool_(known)


@pytest.mark.parametrize(
    ("moves", "noise", "known"),
    [
        ((-3.0, -3.0, -3.0), 0.0, False),
        ((4.0, 2.04, 1.05), 0.0, False),
        ((4.0, 1.96, 1.0), 0.0, True),  # less each time
        ((4.0, 2.04, 1.0), 0.0, True),
        ((-3.0, -3.0, 3.0), 0.0, True),  # to and fro
        ((-3.0, -3.0), 0.0, True),  # too few to know
        ((-0.1, -0.19, -0.37), 0.0, False),
        ((-0.1, -0.21, -0.43), 0.0, True),  # as rounding does
        ((-3.0, -3.0, -3.0), 0.1, True),  # rounding may do that
    ],
)
def test_a_slope_that_moves_as_far_from_rung_to_rung_has_not_settled(moves, noise, known):
    found = estimate(rungs_with(*(100.0 + np.cumsum((0.0, *moves))), noise=noise))
    assert np.isfinite(found.error) is np.bool_(known)


@pytest.mark.parametrize("tiny", [1e-300, 1e-30, 1e-13, 1e-11])
@pytest.mark.parametrize("p", [[0.0, 0.3, 0.7], [0.0, 0.0]])
def test_a_right_gradient_of_an_entropy_is_not_wrong_at_a_probability_of_zero(tiny, p):
    for factor, verdicts in ((1.0, (True, None)), (-1.0, (False, None))):
        check = check_vjp(
            lambda p: (-p * np.log(p + tiny), p),
            lambda dout, p, k=factor: -k * dout * (np.log(p + tiny) + p / (p + tiny)),
            np.array(p),
        )
        assert check.passed in verdicts


def test_rungs_below_the_growth_may_settle_what_those_above_do_not():
    found = estimate(rungs_with(1.0, 30.0, *[1000.0] * 6))
    assert found.value == pytest.approx(1000.0)
    assert found.error < 1.0


def test_what_two_smaller_steps_do_not_see_says_nothing_however_well_large_ones_agree():
    found = estimate(rungs_with(1.0, 1.0, 1.0, 1000.0, 1000.0, 1000.0, 1000.0))
    assert found.value == pytest.approx(1000.0)


@pytest.mark.parametrize("seed", range(4))
def test_a_right_gradient_of_what_swings_a_million_times_within_a_step_is_not_wrong(seed):
    x = np.random.default_rng(seed).normal(size=3) * 1e3
    check = check_gradient(lambda x: np.sum(np.sin(1e6 * x)), x, lambda x: 1e6 * np.cos(1e6 * x))
    assert check.passed is not False


def test_what_grows_within_rounding_does_not_grow():
    assert np.isfinite(estimate(rungs_with(1.0, 1.0, 1.0, 3.0, noise=1e-3)).error)
    assert np.isfinite(estimate(rungs_with(1.0, 1.0, 1.0, 3.0, noise=1e-9)).error)  # the larger ones agree


@pytest.mark.parametrize(
    "function", [lambda t: np.heaviside(t, 0.5), lambda t: t**0.25 if t >= 0 else np.nan]
)
def test_at_a_jump_and_where_a_root_begins_no_step_is_small_enough(function):
    assert estimate(ladder(function, 0.0, 0.0)[0]).error == np.inf


@pytest.mark.parametrize("distance", [1.5 * 10.0**-k for k in range(3, 10)])
def test_a_slip_of_1e_5_beside_a_pole_is_more_than_the_error(distance):
    slope = 1 / (distance * (2 - distance))
    found = estimate(ladder(np.arctanh, 1 - distance, slope * (1 + 1e-5))[0])
    assert abs(found.value - slope * (1 + 1e-5)) > found.error


@pytest.mark.parametrize(("slope", "right"), [(1.0, True), (1.5, True), (1.51, False), (0.99, False)])
def test_in_float32_curvature_moves_the_sides_of_a_kink_by_more_within_a_usual_step(slope, right):
    def forward(x):
        single = x.astype(np.float32)
        return np.where(x > 0, single, np.float32(1.5) * np.expm1(np.minimum(single, 0)))

    check = check_vjp(forward, lambda dout, x: np.float32(slope) * dout, np.zeros(3))
    assert check.passed is right
