import numpy as np
import pytest
from points_under_test import point_of, slopes_of

from course_lib import check_gradient, check_vjp
from course_lib.gradcheck import nearby as room
from course_lib.gradcheck.nearby import Nearby
from course_lib.gradcheck.noise import measure

TIED = np.array([0.3, 1.7, 1.7, 1.7, 2.9])
WEIGHTS = np.array([1.0, -2.0, 5.0, 0.5, 3.0])


def ordered(x):
    return np.argsort(x, kind="stable")


def sorted_sum(x):
    return np.sort(x) @ WEIGHTS


def placed(dout, cache):
    gradient = np.zeros(5)
    gradient[ordered(cache[0])] = WEIGHTS * dout
    return gradient


def around(claimed, forward=sorted_sum, backward=placed, x=TIED, here=None, allowed=1e-9, dout=None):
    point = measure(point_of(forward, x, backward=backward, dout=dout), 0)
    here = slopes_of(1e-5, -2.0, 0.5) if here is None else here
    return Nearby(point).slopes_of_entry(0, 2, claimed, here, allowed)


def test_an_entry_that_ties_may_take_any_place_that_it_takes_near_by():
    found = around(5.0)
    assert (found.low, found.high) == pytest.approx((-2.0, 5.0))
    assert around(4.0) is not None
    assert around(5.01) is None
    assert around(-2.01) is None


def test_sides_are_the_least_and_the_largest_of_each_output():
    def backward(dout, cache):
        gradient = np.zeros(5)
        gradient[ordered(cache[0])] = dout
        return gradient

    here = slopes_of(1e-5, [0.0, -2.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.5, 0.0])
    found = around(5.0, np.sort, backward, here=here, dout=WEIGHTS)
    assert found.left == pytest.approx([0, -2, 0, 0, 0], abs=1e-6)
    assert found.right == pytest.approx([0, 0, 5, 0.5, 0], abs=1e-6)
    assert (found.low, found.high) == pytest.approx((-2.0, 5.5))


def test_a_gradient_that_is_wrong_near_by_is_wrong():
    def doubled(dout, cache):
        return 2 * placed(dout, cache)

    assert around(10.0, backward=doubled) is None
    assert around(5.0 * 1.00001, backward=lambda dout, cache: 1.00001 * placed(dout, cache)) is None


def test_where_nothing_ties_few_places_are_looked_at(monkeypatch):
    calls = []

    def forward(x):
        calls.append(x)
        return np.sum(x**2)

    here = slopes_of(1e-5, 3.0, 3.0)
    assert around(2.0, forward, lambda dout, cache: dout * 2 * cache[0], np.ones(5), here) is not None
    looked = len(calls)
    monkeypatch.setattr(room, "FIRST_PLACES", 24)
    calls.clear()
    around(2.0, forward, lambda dout, cache: dout * 2 * cache[0], np.ones(5), here)
    assert len(calls) == looked + 12


def test_a_claim_that_all_places_give_is_right_there_but_none_of_nothing():
    def kept(x):  # which entry is left out changes with the place, and few are
        return np.sort(x)[1:-1].mean()

    def share(dout, cache):
        gradient = np.zeros(40)
        gradient[ordered(cache[0])[1:-1]] = dout / 38
        return gradient

    assert check_vjp(kept, share, np.ones(40)).passed is True
    assert check_vjp(kept, lambda dout, cache: share(dout, cache) / 2, np.ones(40)).passed is False
    steps = np.array([0.3, -0.8])
    assert check_vjp(lambda x: np.round(x, 7), lambda dout, x: 0 * dout, steps).passed is not True


def test_a_gradient_that_is_wrong_at_a_first_place_needs_no_others():
    claims, wrong_ones = [], []

    def backward(dout, cache):
        claims.append(None)
        return dout * (3 if len(claims) in wrong_ones else 2) * cache[0]

    point = measure(point_of(lambda x: np.sum(x**2), np.ones(5), backward=backward), 0)
    for wrong, looked_at in ((1, 1), (2, 2), (3, room.PLACES)):
        claims.clear()
        wrong_ones[:] = [wrong]
        Nearby(point).slopes_of_entry(0, 2, 2.0, slopes_of(1e-5, 3.0, 3.0), 0.2)
        assert len(claims) == looked_at


def test_a_claim_that_hardly_differs_and_a_large_problem_are_not_looked_at(monkeypatch):
    assert around(5.0, here=slopes_of(1e-5, 5.0004, 5.0004)) is None
    assert around(5.0, here=slopes_of(1e-5, 5.0006, 5.0006)) is not None
    assert around(5.0, allowed=1.4) is not None
    assert around(5.0, allowed=1.5) is None
    monkeypatch.setattr(room, "MOST_ENTRIES", 4)
    assert around(5.0) is None


def test_places_are_no_farther_than_a_hundredth_of_the_step_that_shows_the_slope():
    seen = []

    def forward(x):
        seen.append(x)
        return sorted_sum(x)

    for step, farthest in ((1.0, 1e-2), (1e-8, 1e-2 * 1e-8)):
        seen.clear()
        point = measure(point_of(forward, TIED, backward=placed), 0)
        seen.clear()
        Nearby(point).slopes_of_entry(0, 2, 5.0, slopes_of(step, -2.0, 0.5), 1e-9)
        usual = np.finfo(float).eps ** (1 / 3) * 2.9
        limit = min(farthest * usual, farthest) if step == 1.0 else farthest * 1.8
        away = max(float(np.abs(x - TIED).max()) for x in seen)
        assert limit / 2 < away < 1.1 * limit


def test_what_is_claimed_is_that_of_a_place_to_a_millionth():
    assert around(5.0 * (1 + 0.9e-6)) is not None
    assert around(5.0 * (1 + 1.1e-6)) is None


def test_where_something_ties_64_places_are_looked_at_and_the_first_by_a_fiftieth_of_their_distance():
    seen = []

    def forward(x):
        seen.append(x)
        return sorted_sum(x)

    point = measure(point_of(forward, TIED, backward=placed), 0)
    seen.clear()
    assert Nearby(point).slopes_of_entry(0, 2, 5.01, slopes_of(1.0, -2.0, 0.5), 1e-9) is None
    assert len(seen) == 64 + 2 * room.LOOKED_AT + 2 * room.OWN_PLACES
    usual = np.finfo(float).eps ** (1 / 3) * np.sqrt(np.mean(TIED**2))
    assert seen[1][2] - seen[2][2] == pytest.approx(2 * usual / 100 / 50, rel=1e-3)


@pytest.mark.parametrize(("kinked", "known"), [(15, True), (16, False)])
def test_sixteen_places_are_tried_where_others_lie_on_a_kink(kinked, known, monkeypatch):
    asked = {}

    class Kinked:
        def __init__(self, place):
            self.number = asked.setdefault(id(place), len(asked))

        def along_entry(self, argument, index, step):
            return slopes_of(step, 5.0, 5.0 if self.number >= kinked else 9.0)

    monkeypatch.setattr(room, "Prober", Kinked)
    monkeypatch.setattr(room, "OWN_PLACES", 0)
    assert (around(5.0) is not None) is known


def test_a_backward_that_fails_near_by_says_nothing():
    def backward(dout, cache):
        raise ValueError("too close")

    assert around(5.0, backward=backward) is None


def test_given_numbers_are_held_against_the_slopes_near_by():
    right = np.zeros(5)
    right[ordered(TIED)] = WEIGHTS
    assert check_gradient(sorted_sum, TIED, right).passed is True
    wrong = right.copy()
    wrong[2] = 5.01
    assert check_gradient(sorted_sum, TIED, wrong).passed is False


@pytest.mark.parametrize("factor", [1.001, 1.01, 2.0])
@pytest.mark.parametrize("offset", [1e-5, 1e-7])
def test_curvature_is_no_tie(factor, offset):
    a = np.arange(1.0, 30.0)
    factors = np.where(np.arange(29) == 14, factor, 1.0)

    def gradient(x):
        return 2 * (x - a) * factors

    for given in (gradient, gradient(a + offset)):
        assert check_gradient(lambda x: np.sum((x - a) ** 2), a + offset, given).passed is False


def test_a_given_number_that_is_off_by_less_than_a_hundredth_of_what_slopes_differ_by_may_be_curvature():
    point = measure(point_of(sorted_sum, TIED), 0)
    point.pair.given = True
    for claimed, known in ((4.96, False), (4.98, True)):  # around, slopes are from -2 to 5
        found = Nearby(point).slopes_of_entry(0, 2, claimed, slopes_of(1e-5, 4.9, 4.9), 1e-9)
        assert (found is not None) is known


def test_entries_that_move_together_add_up_to_what_they_do_near_by():
    point = measure(point_of(sorted_sum, TIED, backward=placed), 0)
    move = {0: np.array([0.0, 1.0, -1.0, 2.0, 0.0]) * 1e-5}
    total = float(placed(1.0, (TIED,)) @ move[0])
    assert Nearby(point).allows_move(move, total, total - 1e-5, 1e-12)
    assert not Nearby(point).allows_move(move, 13e-5, 5e-5, 1e-12)
