import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from points_under_test import point_of

from course_lib.gradcheck.ladder import Claim, climb, estimate, richardson, settle
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
