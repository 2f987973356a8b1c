import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from points_under_test import point_of

from course_lib.gradcheck.ladder import (
    RATIO,
    Claim,
    climb,
    confirmation,
    estimate,
    richardson,
    settle,
    smooth_at,
)
from course_lib.gradcheck.stepping import Prober


def prober_of(f, x):
    return Prober(point_of(f, float(x)))


def ladder(f, x, claimed, step=6e-6):
    prober = prober_of(f, x)
    first = prober.along_entry(0, 0, step)
    claim = Claim.of_entry(claimed, 1e-9 * abs(claimed), first, 1e-6 * abs(claimed))
    return climb(lambda h: prober.along_entry(0, 0, h), first, claim), claim


@given(st.floats(-3, 3), st.floats(0.1, 5))
def test_the_estimate_of_a_smooth_function_is_right_within_its_own_error(x, rate):
    rungs, _ = ladder(lambda t: float(np.sin(rate * t) + t), x, 1e3)
    found = estimate(rungs)
    assert abs(found.value - (rate * np.cos(rate * x) + 1)) <= found.error
    assert found.error < 1e-6


@pytest.mark.parametrize("distance", [1e-3, 1e-5, 1e-7, 1e-9])
def test_a_kink_nearby_does_not_deceive(distance):
    rungs, _ = ladder(lambda t: max(t, 0.0), distance, 0.123)
    assert estimate(rungs).value == pytest.approx(1.0, abs=1e-6)
    rungs, _ = ladder(lambda t: max(t, 0.0), -distance, 0.123)
    assert estimate(rungs).value == pytest.approx(0.0, abs=1e-6)


def test_a_kink_at_the_point_is_an_interval():
    rungs, _ = ladder(abs, 0.0, 0.3)
    found = estimate(rungs)
    assert found.kink
    assert (found.low, found.high) == pytest.approx((-1.0, 1.0))
    assert found.distance(0.3) == 0.0
    assert found.distance(1.5) == pytest.approx(0.5)


def test_a_right_claim_ends_the_climb_early():
    rungs, claim = ladder(np.exp, 1.0, float(np.e))
    assert len(rungs) < 9
    assert settle(rungs, claim).distance(float(np.e)) < 1e-8


def test_richardson_cancels_the_square_of_the_step():
    prober = prober_of(lambda t: t**3, 1.0)
    large, small = prober.along_entry(0, 0, 1e-2), prober.along_entry(0, 0, 1e-3)
    assert abs(large.central - 3) > 5e-5
    assert richardson(large, small) == pytest.approx(3.0, abs=1e-11)


@pytest.mark.parametrize("distance", [1e-3, 1e-5, 1e-7, 1e-9])
def test_a_second_kink_nearby_does_not_widen_the_interval(distance):
    rungs, _ = ladder(lambda t: abs(t) + abs(2 * t - distance), 0.0, 7.0)
    found = estimate(rungs)
    assert (found.low, found.high) == pytest.approx((-3.0, -1.0), abs=1e-6)
    assert 0 < found.kink <= found.alone < distance
    assert found.error < 1e-6


def test_no_kink_is_seen_where_only_the_curvature_jumps():
    for x in (0.0, 1e-8, 1e-6, -1e-5):
        rungs, _ = ladder(lambda t: t * abs(t) + 1.0, x, 0.5)
        found = estimate(rungs)
        assert not found.kink
        assert abs(found.value - 2 * abs(x)) <= found.error < 1e-5


@pytest.mark.parametrize("x", [0.0, 1e-9, 3e-6, -2e-5, 0.3])
def test_the_error_covers_a_bend_wherever_it_is(x):
    rungs, _ = ladder(lambda t: max(t, 0.0) ** 2 + 0.7 * t + 1.0, x, 5.0)
    found = estimate(rungs)
    assert abs(found.value - (2 * max(x, 0.0) + 0.7)) <= found.error < 1e-6


def test_noise_beside_a_kink_shows_in_the_slopes_of_the_smallest_steps():
    rungs, _ = ladder(lambda t: max((t + 2.0) - 2.0, 0.0), 0.0, 7.0)
    found = estimate(rungs)
    assert found.kink
    assert max(abs(found.low), abs(found.high - 1.0)) <= found.error


def test_a_kink_far_below_the_other_slopes_is_left_alone():
    rungs, _ = ladder(lambda t: 3 * t + 1e-5 * abs(t), 0.0, 7.0)
    assert not estimate(rungs).kink
    rungs, _ = ladder(lambda t: 3 * t + 1e-3 * abs(t), 0.0, 7.0)
    assert estimate(rungs).kink


def test_a_claim_is_confirmed_by_no_rung_less_accurate_than_wanted():
    prober = prober_of(lambda t: 1e6 + t, 1.0)
    first = prober.along_entry(0, 0, 6e-6)
    assert confirmation([first], Claim.of_entry(1.0, 0.0, first, 1e-6)) is None
    assert confirmation([first], Claim.of_entry(1.0, 0.0, first, 1e-2)) is not None


def test_a_claim_that_disagrees_must_be_confirmed_more_accurately_than_it_disagrees():
    first = prober_of(np.exp, 0.0).along_entry(0, 0, 6e-6)
    assert Claim.of_entry(1.0 + 1e-8, 0.0, first, 1e-3).wanted == pytest.approx(5e-9, rel=1e-2)
    assert Claim.of_entry(1.0, 0.0, first, 1e-3).wanted == pytest.approx(1e-3)


def test_curvature_is_smooth_beside_the_size_that_matters():
    slopes = prober_of(lambda t: t**2, 0.0).along_entry(0, 0, 1e-4)
    assert not smooth_at(slopes)
    assert smooth_at(slopes, 1.0)


def test_drowned_slopes_are_sought_with_larger_steps_first():
    prober = prober_of(lambda t: 1e7 + t, 1.0)
    first = prober.along_entry(0, 0, 2.0**-17)
    claim = Claim.of_entry(1.0, 0.0, first, 1e-6)
    rungs = climb(lambda step: prober.along_entry(0, 0, step), first, claim)
    assert [rung.step for rung in rungs] == [2.0**-5, 2.0**-9, 2.0**-13, 2.0**-17]
    assert RATIO == 2.0**4


def test_the_error_of_a_kinks_sides_covers_their_curvature():
    rungs, _ = ladder(lambda t: abs(t) + 50 * t**2, 0.0, 7.0)
    found = estimate(rungs)
    assert found.kink
    assert max(abs(found.low + 1), abs(found.high - 1)) <= found.error < 1e-2


def test_sides_that_differ_by_a_good_part_of_the_slope_are_not_smooth():
    assert not smooth_at(prober_of(lambda t: t + 0.05 * abs(t), 0.0).along_entry(0, 0, 1e-4))
    assert smooth_at(prober_of(lambda t: t + 0.001 * abs(t), 0.0).along_entry(0, 0, 1e-4))


@pytest.mark.parametrize("distance", [1e-8, -1e-8])
def test_one_side_says_what_a_kink_close_to_the_other_hides(distance):
    rungs, _ = ladder(lambda t: 2 * abs(t - 1 - distance) + 0.3 * t, 1.0, 0.123)
    found = estimate(rungs)
    right = 0.3 - 2 * np.sign(distance)
    assert abs(found.value - right) <= found.error < 2e-5


@pytest.mark.parametrize("distance", [1e-7, 3e-8, 1e-8, 1e-9])
def test_a_bend_close_by_is_no_reason_to_trust_one_side(distance):
    def huber_beside_a_kink(t):
        r = t - distance
        bend = r - 0.5 if r > 1 else 0.5 * r**2
        return bend + abs(t - 1 + 1e-5)

    rungs, _ = ladder(huber_beside_a_kink, 1.0, 0.123)
    found = estimate(rungs)
    assert abs(found.value - (2 - distance)) <= found.error


def test_where_the_curvature_jumps_the_change_of_the_slope_is_not_taken_for_noise():
    rungs, _ = ladder(lambda t: 0.02 * t + max(0.0, t - 1) ** 2, 1.0, 0.02 * (1 + 1e-5))
    found = estimate(rungs)
    assert abs(found.value - 0.02) <= found.error < 1e-7
