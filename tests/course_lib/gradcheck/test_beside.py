import numpy as np
import pytest
from points_under_test import point_of

from course_lib.gradcheck import beside as room
from course_lib.gradcheck.beside import claims_beside
from course_lib.gradcheck.noise import measure
from course_lib.gradcheck.pairs import ScalarWithGradient
from course_lib.gradcheck.point import Point
from course_lib.gradcheck.problem import Problem

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


KINK = np.array([5.0, 6.0, 2.0, 7.0, 8.0])


def entry_two_of_w(slope, forward=lambda w: w, backward=None, floor=0.0):
    """Return where entry 2 of the second argument was looked at, in steps from 2, and what was found there.

    `forward` and `backward`, which returns the gradient of that entry, are handed how far from 2 it is.
    """
    places = []

    def watched(x, w, b):
        places.append((w[2] - 2.0) / STEP)
        assert np.array_equal(np.delete(w, 2), [5.0, 6.0, 7.0, 8.0])
        return np.sum(x) + slope * forward(w[2] - 2.0)

    def gradients(dout, cache):
        own = slope if backward is None else backward(cache[1][2] - 2.0)
        return np.ones(5), np.array([0.0, 0.5, own, 0.25, 0.125]), np.full(5, 9.0)

    point = point_of(watched, np.ones(5), KINK.copy(), np.ones(5), backward=gradients)
    places.clear()
    found = list(claims_beside(point, 1, 2, STEP, floor))
    assert np.array_equal(point.inputs[1], KINK)
    return places, found


def test_it_looks_two_fifths_of_a_step_to_both_sides_with_a_tenth_of_it():
    places, found = entry_two_of_w(3.0)
    assert places == pytest.approx([0.4, 0.5, 0.3, -0.4, -0.3, -0.5])
    assert [claimed for claimed, _ in found] == [3.0, 3.0]


def test_a_claim_that_nothing_confirms_is_given_up_after_ten_rungs():
    places, found = entry_two_of_w(3.0, backward=lambda w: 2.0)
    assert len(places) == 2 * (1 + 2 * 10)
    assert [estimate.value for _, estimate in found] == pytest.approx([3.0, 3.0])


def test_a_side_where_backward_or_forward_has_no_value_is_left_out():
    def raises_above(w):
        if w > 0:
            raise ValueError("too close")
        return 3.0

    def ends_below(w):
        if w < -0.1 * STEP:
            raise ValueError("outside")
        return w

    assert [claimed for claimed, _ in entry_two_of_w(3.0, backward=raises_above)[1]] == [3.0]
    assert entry_two_of_w(3.0, backward=lambda w: np.inf)[1] == []
    assert [claimed for claimed, _ in entry_two_of_w(3.0, backward=lambda w: np.nan if w < 0 else w)[1]] == [
        pytest.approx(0.4 * STEP, abs=1e-12)
    ]
    places, found = entry_two_of_w(3.0, ends_below)
    assert len(found) == 1
    assert places[-1] == pytest.approx(-0.4)


def test_a_point_that_has_a_value_alone_is_left_out():
    islands = (0.4 * STEP, -0.4 * STEP, 0.0)
    assert (
        entry_two_of_w(3.0, lambda w: w if min(abs(w - i) for i in islands) < 0.01 * STEP else np.nan)[1]
        == []
    )


def test_a_gradient_that_was_given_as_numbers_is_known_nowhere_else():
    pair = ScalarWithGradient(lambda w: abs(w[0]), np.ones(1))
    point = Point.of(Problem(pair, [np.zeros(1)], ["w"], "f"), np.array(0.0), np.array(1.0))
    assert list(claims_beside(point, 0, 0, STEP, 0.0)) == []


@pytest.mark.parametrize("slope", [3.0, -3.0])
def test_a_millionth_of_the_claim_is_wanted_beside_what_is_allowed_anyway(monkeypatch, slope):
    claims = []
    climb = room.climb
    monkeypatch.setattr(
        room,
        "climb",
        lambda measure, first, claim, n: (claims.append(claim), climb(measure, first, claim, n))[1],
    )
    entry_two_of_w(slope, floor=1e-4)
    assert [(claim.value, claim.floor) for claim in claims] == [(slope, 1e-4)] * 2
    assert [claim.wanted for claim in claims] == pytest.approx([1e-4 + 3e-6] * 2)
