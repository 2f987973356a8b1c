"""What a finished ladder says: an estimate is right within its own error, and a kink is an interval."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ladders_under_test import ladder, plain
from points_under_test import digits_of, slopes_of

from course_lib.gradcheck.estimate import Estimate, estimate, kink_at_bottom


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


def test_the_error_of_a_kinks_sides_covers_their_curvature():
    rungs, _ = ladder(lambda t: abs(t) + 50 * t**2, 0.0, 7.0)
    found = estimate(rungs)
    assert found.kink
    assert max(abs(found.low + 1), abs(found.high - 1)) <= found.error < 1e-2


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


def gasp(t):
    return 3 * t + t * t if t >= 0 else np.nan


# Only sums, products and absolute values, which every machine computes alike: (rungs, error, kink, alone).
KNOWN_ERRORS = {
    "square": (lambda t: t * t + t, 1.0, 3.0, 11, 1.141e-13),
    "cube": (lambda t: t * t * t - t, 0.5, -0.25, 11, 6.671e-10),
    "bend at the point": (lambda t: max(t, 0.0) * t + 0.5 * t, 1e-5, 0.50002, 11, 1.214e-13),
    "kink nearby": (lambda t: abs(t - 1e-4) + t * t, 0.0, -1.0, 9, 3.582e-13),
    "on top of a constant": (lambda t: 1e7 + t * t, 3.0, 6.0, 8, 6.460e-07),
    "quotient": (lambda t: 1 / (1 + t * t), 2.0, -0.16, 11, 7.188e-11),
    "cancellation": (lambda t: (t + 1e4) - 1e4 + t * t, 0.25, 1.5, 11, 2.994e-10),
    "edge of the domain": (gasp, 0.0, 3.0, 11, 2.146e-11),
    "minimum": (lambda t: t * t, 0.0, 0.0, 11, 4.765e-28),
}


KNOWN_KINKS = {  # low, high, error, the step at which it shows, the step up to which it is alone
    "curved": (lambda t: abs(t) + 2 * t * t + t, 0.0, 2.0, 9.423e-11, 5.722e-12, 9.6e-5),
    "noisy": (lambda t: 1e3 + abs(t), -1.0, 1.0, 5.124e-12, 0.3932, 0.3932),
    "two": (lambda t: abs(t) + 3 * abs(t - 1e-7) + t * t, -4.0, -2.0, 1.254e-10, 5.722e-12, 2.344e-8),
}


@pytest.mark.parametrize("name", KNOWN_ERRORS)
def test_the_error_of_an_estimate_is_as_small_as_it_is_known_to_be(name):
    f, x, slope, rungs, error = KNOWN_ERRORS[name]
    climbed, _ = ladder(f, x, 0.123)
    found = estimate(climbed)
    assert len(climbed) == rungs
    assert found.error == digits_of(error, rel=1e-2)
    assert abs(found.value - slope) <= found.error
    assert (found.low, found.high, found.kink) == (found.value, found.value, 0.0)


@pytest.mark.parametrize("name", KNOWN_KINKS)
def test_the_error_of_a_kinks_sides_is_as_small_as_it_is_known_to_be(name):
    f, low, high, error, kink, alone = KNOWN_KINKS[name]
    found = estimate(ladder(f, 0.0, 7.0)[0])
    assert (found.error, found.kink, found.alone) == digits_of((error, kink, alone), rel=1e-2)
    assert max(abs(found.low - low), abs(found.high - high)) <= found.error


def test_an_interval_is_left_by_what_lies_beyond_its_ends_and_a_value_by_any_difference():
    kink = Estimate(0.5, 0.0, -1.0, 2.0, kink=1e-6)
    assert [kink.distance(slope) for slope in (-1.5, -1.0, 0.0, 2.0, 2.25)] == [0.5, 0.0, 0.0, 0.0, 0.25]
    assert [replace(kink, kink=0.0).distance(slope) for slope in (0.25, 0.5, 1.0)] == [0.25, 0.0, 0.5]


def test_one_rung_alone_may_be_off_by_four_times_itself_and_its_sides():
    found = estimate([slopes_of(1.0, 1.9, 2.1, rounding=0.01)])
    assert (found.value, found.error) == pytest.approx((2.0, 4 * (0.2 + 2.01) + 0.01))
    found = estimate([plain(1.0, 2.0, rounding=0.01, one_sided=True)])
    assert found.error == pytest.approx(4 * (2.0 + 2.01) + 0.01)


def test_two_rungs_show_noise_as_large_as_what_lies_between_them():
    found = estimate([plain(1.0, 2.0), plain(1 / 16, 1.5)])
    noise = 4 * 0.5 / 16
    assert (found.value, found.error) == (1.5, 4 * 0.5 / 16 + noise * 16)


def sides(left, right, step, rounding=1e-12, **known):
    return slopes_of(step, left, right, rounding=rounding, **known)


def test_a_jump_is_a_kink_if_it_stays_exceeds_a_ten_thousandth_and_four_times_the_rounding():
    def kink(left, right, above=None, rounding=1e-12):
        at = sides(*(above or (left, right)), 1.0), sides(left, right, 1 / 16, rounding)
        return kink_at_bottom(at) is not None

    assert kink(-1.0, 1.0)
    assert (kink(1.0, 1.00011), kink(1.0, 1.00009)) == (True, False)
    assert (kink(-1.00011, -1.0), kink(-1.00009, -1.0)) == (True, False)
    assert (kink(0.0, 1.0, rounding=0.24), kink(0.0, 1.0, rounding=0.26)) == (True, False)
    assert (kink(0.0, 1.0, (0.0, 1.9)), kink(0.0, 1.0, (0.0, 2.1))) == (False, False)
    assert (kink(0.0, 1.0, (0.0, 1.4)), kink(0.0, 1.0, (0.0, 1.6))) == (True, False)  # a bend
    assert kink(0.0, 1.0, (0.0, 0.45)) is False
    assert (kink(0.0, 1.0, (0.4, 1.4)), kink(0.0, 1.0, (0.6, 1.6))) == (True, False)
    assert kink_at_bottom([sides(-1.0, 1.0, 1.0)]) is None
    assert kink_at_bottom([sides(-1.0, 1.0, 1.0, one_sided=True), sides(-1.0, 1.0, 0.1)]) is None


@pytest.mark.parametrize(("rounding", "found"), [(0.126, True), (0.124, False)])
def test_below_a_kink_there_is_nothing_but_rounding(rounding, found):
    rungs = [sides(0.0, 1.0, 1.0), sides(0.0, 1.0, 0.1), sides(0.0, 0.4, 0.01, rounding)]
    assert (kink_at_bottom(rungs) is not None) is found


def test_the_same_kink_is_seen_where_sides_move_by_less_than_a_thousandth_of_it():
    def alone(moved):
        rungs = [sides(-1.0, 1.0 + moved, 100.0), sides(-1.0, 1.0, 10.0), sides(-1.0, 1.0, 1.0)]
        return kink_at_bottom(rungs).alone

    assert (alone(1.9e-3), alone(2.1e-3)) == (100.0, 10.0)
    assert (alone(-1.9e-3), alone(-2.1e-3)) == (100.0, 10.0)


def test_the_error_of_a_kink_is_how_far_its_sides_move_beside_their_rounding():
    rungs = [sides(-1.0, 1.001, 10.0, 3e-5), sides(-1.0, 1.0, 1.0, 1e-3), sides(-1.0, 1.0, 0.1, 1e-2)]
    found = kink_at_bottom(rungs)
    # 1: 1e-3 of rounding, and four times a ninth of the 1e-3 by which the larger step's sides are elsewhere;
    # 10: moved by 1e-3, or a thousandth of 1.001 by curvature, and 3e-5
    assert found.kink == 10.0
    assert found.error == pytest.approx(1e-3 + 3e-5)
    assert (found.low, found.high) == (-1.0, 1.001)


def test_sides_may_also_move_by_their_rounding_and_blur():
    def alone(moved, **known):
        rungs = [sides(-1.0, 1.0 + moved, 10.0), sides(-1.0, 1.0, 1.0, **known), sides(-1.0, 1.0, 0.1)]
        return kink_at_bottom(rungs).alone

    assert (alone(2.19e-2, rounding=1e-2), alone(2.21e-2, rounding=1e-2)) == (10.0, 1.0)
    noisy = {"noise": 1e-2, "rounding": 1e-12}  # 2e-2 of blur, and the jump is less by so much
    assert (alone(2.19e-2, **noisy), alone(2.21e-2, **noisy)) == (10.0, 1.0)
