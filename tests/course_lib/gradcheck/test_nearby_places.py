"""Which places near by are looked at: where each entry moves, and how far."""

import numpy as np
import pytest
from points_under_test import point_of, slopes_of

from course_lib import check_vjp
from course_lib.gradcheck import nearby as room
from course_lib.gradcheck.asked import Asked
from course_lib.gradcheck.first_step import first_steps
from course_lib.gradcheck.nearby import Nearby


@pytest.mark.parametrize("sign", [1, -1])
def test_together_no_entry_moves_farther_than_alone(sign, monkeypatch):
    asked = []
    monkeypatch.setattr(Nearby, "_outputs_allow", lambda nearby, *args: bool(asked.append(args)))
    x, w = np.array([300.0, 400.0, 1.0, 0.0]), np.array([6.0])
    nearby = Nearby(point_of(lambda x, w: x.sum() + w, x, w))
    move = {0: np.array([0.0, 2e-3, -1e-3, 0.0]), 1: np.array([-1e-5])}
    assert nearby.allows_move(move, sign * 3.0, sign * 7.0, 0.5) is False
    ((look,),) = asked
    unit = 400.0 / 2e-3
    assert look.direction[0] == pytest.approx(unit * move[0])
    assert look.direction[1] == pytest.approx(unit * move[1])
    usual = 2.0 ** (-52 / 3)
    assert look.scale == pytest.approx(min(1.0, 1 / (unit * usual)))
    assert (look.value, look.allowed) == pytest.approx((sign * 3 * unit, unit / 2))
    point = nearby._point
    assert look.slopes_of(point).step == pytest.approx(2e-4 * look.scale * usual)


def moved(number, scale=1.0):
    """How far each of eight entries is moved, in units of the farthest, at one of the places near by."""
    inputs = np.array([0.3, -1.7, 2.0]), np.array([0.0, 4.0, -8.0, 1.0, 2.0])
    point = point_of(lambda x, w: np.sum(x) + np.sum(w), *inputs)
    point.pair.given = True
    place, gradients = Nearby(point)._another(number, scale)
    assert gradients == []
    usual = [first_steps(x, point.epsilon) for x in inputs]
    parts = [
        (there - x) / (scale * 1e-2 * one) for there, x, one in zip(place.inputs, inputs, usual, strict=True)
    ]
    return np.concatenate(parts)


@pytest.mark.parametrize("scale", [1.0, 0.25])
def test_at_the_first_places_entries_are_in_order_and_each_is_in_turn_the_first_and_the_last(scale):
    for number in range(room.FIRST_PLACES):
        turns, backwards = divmod(number, 2)
        order = np.argsort(-moved(number, scale) if backwards else moved(number, scale))
        assert order.tolist() == [(k + 2 * turns) % 8 for k in range(8)]
    assert moved(0, scale) == pytest.approx(np.linspace(-1, 1, 8), abs=1 / 20)


def test_at_the_next_places_one_argument_moves_to_one_side_far_more_than_the_others():
    for number, one, side in ((12, 0, 1), (13, 0, -1), (14, 1, 1), (15, 1, -1)):
        x, w = np.split(moved(number), [3])
        far, few = (x, w) if one == 0 else (w, x)
        assert far == pytest.approx(np.full(far.size, side), rel=1e-6)
        assert 0 < np.abs(few).max() <= 1 / 16
    later = [moved(number) for number in (16, 17, 40)]
    assert all(1 / 4 < np.abs(one).max() <= 1 for one in later)
    assert np.ptp(later, axis=0).min() > 1e-3


@pytest.mark.parametrize("sign", [1, -1])
def test_each_output_may_have_its_part_of_a_move_from_another_place(sign, monkeypatch):
    monkeypatch.setattr(room, "PLACES", 4)
    monkeypatch.setattr(room, "OWN_PLACES", 0)
    nearby, numbers = Nearby(point_of(lambda x: x, np.ones(2))), []

    def allows(claimed, allowed, sides, gradient=None, noise=0.0):
        numbers.clear()
        sides = iter(sides)
        nearby._place = lambda number, scale: (
            numbers.append(number) or (("place", gradient or []) if number != 1 else None)
        )

        def slopes(place):
            known = next(sides, None)
            return known and slopes_of(0.5, *(sign * np.array(side) for side in known), noise=noise)

        asked = Asked({0: np.ones(2)}, slopes, sign * claimed, sign * -100.0, allowed, 1.0)
        return nearby._outputs_allow(asked)

    known = ([1.0, -3.0], [2.0, 0.0]), None, ([0.0, 1.0], [4.0, -1.0])
    assert allows(5.0, 0.0, known) is True
    assert allows(5.2, 0.1, known) is False
    assert allows(-3.2, 0.1, known) is False
    assert allows(-3.05, 0.1, known) is True
    assert allows(1.0, 9.0, ()) is False
    unseen = 0.05 / room.ROUNDING_MARGIN  # of each of two outputs
    assert [allows(claimed, 0.0, known, noise=unseen) for claimed in (5.09, 5.11)] == [True, False]
    assert [allows(claimed, 0.0, known, noise=unseen) for claimed in (-3.09, -3.11)] == [True, False]
    there = ([1.0, 2.0], [1.0, 2.0]), ([4.0, 5.0], [4.0, 5.0]), ([-4.0, 1.0], [-4.0, 1.0])
    claimed = [sign * np.array([1.0, 2.0])]
    assert allows(3.0, 0.0, there, claimed) is False  # right at the first, not at the next
    assert allows(3.0, 0.0, [there[0], None, there[2]], claimed) is False
    assert allows(3.0, 0.0, [there[0], there[0], there[2]], claimed) is True
    monkeypatch.setattr(room, "MOST_ENTRIES", 2)
    assert allows(5.0, 0.0, known) is True
    assert allows(5.2, 0.1, known) is False
    assert numbers == [0, 1, 2, 3]
    monkeypatch.setattr(
        room, "MOST_ENTRIES", 1
    )  # of many entries, only those places that tell most are asked
    assert allows(5.2, 0.1, known) is False
    assert numbers == [0, 1, room.FIRST_PLACES, room.FIRST_PLACES + 1]


def test_at_its_own_places_an_entry_moves_little_where_others_move_and_the_other_way_round():
    inputs = np.array([0.3, -1.7, 2.0]), np.array([0.0, 4.0, -8.0, 1.0])
    point = point_of(lambda x, w: np.sum(x) + np.sum(w), *inputs)
    point.pair.given = True
    asked = Asked({1: np.array([0.0, 0.0, 3.0, 0.0])}, lambda place: None, 1.0, 0.0, 0.0, 0.25)
    places = [place for place, _ in Nearby(point)._own_places(asked)]
    away = np.array(
        [
            np.concatenate([(there - x) / (0.25e-2 * first_steps(x, point.epsilon)) for there, x in pairs])
            for pairs in (zip(place.inputs, inputs, strict=True) for place in places)
        ]
    )
    far = np.abs(away).max(axis=0)
    little, others = np.abs(away[1::2]), np.abs(away[::2])
    assert len(places) == 2 * room.OWN_PLACES
    assert far == pytest.approx(np.ones(7), abs=0.2)
    assert little[:, 5].max() <= 1 / 16 < np.delete(little, 5, axis=1).max(axis=1).min()
    assert np.delete(others, 5, axis=1).max() <= 1 / 16 < others[:, 5].max()


@pytest.mark.parametrize(("share", "right"), [(1.0, True), (2.0, False)])
def test_in_float32_places_are_far_enough_away_to_show_which_of_equal_entries_is_the_median(share, right):
    def backward(dout, cache):
        gradient = np.zeros((5, 2))
        gradient[np.argsort(cache[0], axis=0, kind="stable")[2], [0, 1]] = share * dout
        return gradient

    forward = lambda x: np.median(x.astype(np.float32), axis=0)  # noqa: E731
    assert check_vjp(forward, backward, np.ones((5, 2))).passed is right
