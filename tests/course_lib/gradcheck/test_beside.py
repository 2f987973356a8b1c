import numpy as np
import pytest
from points_under_test import point_of

from course_lib.gradcheck.beside import claims_beside
from course_lib.gradcheck.noise import measure

STEP = 1e-4


def beside(backward, distance=1.0):
    """Return claims and slopes beside the kink of |w| + |2 w - distance| at 0."""
    point = point_of(lambda w: np.sum(np.abs(w) + np.abs(2 * w - distance)), np.zeros(1), backward=backward)
    point = measure(point, 0)
    return list(claims_beside(point, 0, 0, STEP, 0.0))


def test_the_claims_on_both_sides_are_those_of_backward_there():
    claims = beside(lambda dout, cache: dout * (np.sign(cache[0]) - 2))
    assert [claimed for claimed, _ in claims] == [-1.0, -3.0]
    assert [found.value for _, found in claims] == pytest.approx([-1.0, -3.0], abs=1e-9)


def test_a_mistake_that_the_kink_hides_shows_beside_it():
    claims = beside(lambda dout, cache: dout * 1.001 * (np.sign(cache[0]) - 2))
    assert all(found.distance(claimed) > found.error for claimed, found in claims)


def test_another_kink_within_the_step_does_not_deceive():
    claims = beside(lambda dout, cache: dout * (np.sign(cache[0]) + 2 * np.sign(2 * cache[0] - STEP)), STEP)
    assert all(found.distance(claimed) <= found.error + 1e-9 for claimed, found in claims)


def test_a_backward_that_fails_beside_the_kink_says_nothing():
    def backward(dout, cache):
        raise ValueError("too close")

    assert beside(backward) == []
