"""Each step of a judge by itself, at one entry of several."""

from types import SimpleNamespace

import numpy as np
import pytest
from judges_under_test import judge_of, line
from points_under_test import slopes_of

from course_lib.gradcheck import verdict
from course_lib.gradcheck.arrays import HALF
from course_lib.gradcheck.entries import RIGHT, UNRESOLVED, UNSEEN, WRONG
from course_lib.gradcheck.ladder import SIGN, Claim
from course_lib.gradcheck.size import UNITS_OF_NOTHING

ONE = 3  # the entry that is asked about, of five
SIZES = [1.0, 2.0, 3.0, 40.0, 5.0]


def judge_that_sees(slopes, gradient=1.0, **changes):
    """A judge of five entries for whom slopes, by their steps, are what they are said to be for one."""
    judge = judge_of([gradient * (1 + (k != ONE)) for k in range(5)], line(9.0), x=SIZES, **changes)
    judge.measure = lambda index, step, unit=0.0: slopes(step) if index == ONE else slopes_of(step, 7.0, 7.0)
    judge._scales = SimpleNamespace(
        own=lambda index: 1e-9 if index == ONE else 1.0,
        moves_farther=lambda index, slopes, little: False,
        surest=lambda index, usual, climbed: (usual, None, False),
        until_something_moves=lambda index, rungs: rungs,
    )
    return judge


def test_entries_that_look_right_and_move_nothing_are_at_rest_at_their_usual_steps():
    judge = judge_that_sees(None)
    nothing, something = np.zeros(1), np.ones(1)
    judge.entries.state[:] = RIGHT, WRONG, UNSEEN, RIGHT, RIGHT
    judge.entries.jacobian = {0: something, 1: nothing, 2: nothing, 3: nothing, 4: nothing}
    (three, there), (four, last) = judge.at_rest()
    assert (three, four) == (3, 4)
    assert (there.step, last.step) == (judge._usual[3], judge._usual[4])
    assert there.outputs is there.left is there.right is there.noise is nothing
    assert there.central == there.low == there.high == there.rounding == 0.0


@pytest.mark.parametrize(
    ("rounding", "closer", "seen"),
    [
        (SIGN * 1.01, (3.0, 0.5 * SIGN), 3.0),
        (SIGN * 1.01, (3.0, 2 * SIGN), 5.0),
        (SIGN * 1.01, None, 5.0),
        (SIGN * 0.99, (3.0, 0.5 * SIGN), 5.0),
    ],
)
def test_a_look_that_hides_the_sign_is_taken_again_beside_the_entry_itself(rounding, closer, seen):
    def slopes(step):
        if step > 1e-8:
            return slopes_of(step, 5.0, 5.0, rounding=rounding)
        return closer and slopes_of(step, closer[0], closer[0], rounding=closer[1])

    judge = judge_that_sees(slopes, gradient=-1.0)
    assert judge._look(ONE).central == judge.entries.numerical[ONE] == seen
    assert np.isnan(judge.entries.numerical[[0, 1, 2, 4]]).all()
    judge._scales.own = lambda index: judge._steps[ONE] / 15  # hardly another step
    judge._look(ONE)
    assert judge.entries.numerical[ONE] == 5.0
    judge.entries.analytic[ONE] = 0.0  # of nothing, there is no sign
    judge._scales.own = lambda index: 1e-9
    judge._look(ONE)
    assert judge.entries.numerical[ONE] == 5.0


@pytest.mark.parametrize(
    ("unit", "wanted", "asked"),
    [(1.0, np.inf, 0.03), (0.0, np.inf, np.inf), (1.0, 0.5, 0.5), (0.0, 0.5, 0.5)],
)
def test_where_nothing_matters_a_hundredth_of_a_gradient_is_asked_of_steps_of_a_unit(
    unit, wanted, asked, monkeypatch
):
    judge, first = judge_that_sees(line(1.0)), slopes_of(1.0, -3.0, -3.0, rounding=1.0)
    judge.entries.analytic[ONE] = -3.0
    judge.allowance.wanted = lambda index: wanted if index == ONE else 7.0
    judge.measure = lambda *asked: asked
    monkeypatch.setattr(verdict, "climb", lambda measure, first, claim: [first, measure(2.0)])
    claim, rungs = judge._climb(ONE, first, 0.25, unit)
    assert claim == Claim(-3.0, 0.25, asked + 0.25, judge.size)
    assert rungs == [first, (ONE, 2.0, unit)]


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("rounding", "steep"), [(0.029, True), (0.031, False)])
def test_a_slope_is_steep_where_rounding_is_less_than_a_hundredth_of_the_larger_side(sign, rounding, steep):
    bottom = slopes_of(1e-9, sign * 1.0, sign * 3.0, rounding=rounding)
    found = SimpleNamespace(kink=0.0, error=1.0)
    claim = Claim(100.0, 0.0, 1e-12)
    for epsilon, expected in ((None, steep), (HALF, False)):
        judge = judge_that_sees(None, **({} if epsilon is None else {"epsilon": epsilon}))
        judge.allowance.resolves = lambda index, error: False
        rungs = [slopes_of(1.0, 0.0, 0.0, rounding=9.0), bottom]
        assert judge._is_steep(ONE, found, claim, rungs) is expected
        judge.allowance.resolves = lambda index, error: index == ONE
        assert not judge._is_steep(ONE, found, claim, rungs)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_gradient_is_nothing_up_to_sixteen_units_of_what_cannot_be_seen(sign):
    judge = judge_that_sees(None)
    judge._point = SimpleNamespace(invisible=lambda argument: 1e-7 if argument == 0 else np.nan)
    assert judge._is_nothing(sign * 0.99e-7 * UNITS_OF_NOTHING)
    assert not judge._is_nothing(sign * 1.01e-7 * UNITS_OF_NOTHING)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    ("closer", "settled", "rough"),
    [
        (([0.0, 0.0], [0.0, 0.0]), True, False),  # the sides meet
        (
            ([0.0, 0.0], [1.5, 0.0]),
            False,
            True,
        ),  # one of two outputs keeps its kink, which is not half of all
        (None, False, True),
    ],
)
def test_sides_that_are_apart_have_to_meet_at_a_closer_look(sign, closer, settled, rough):
    asked = []

    def slopes(step):
        asked.append(step)
        return closer and slopes_of(step, *(sign * np.array(side) for side in closer))

    judge = judge_that_sees(slopes, gradient=2.0 * sign)
    judge.entries.rough[ONE] = True
    judge.entries.allowed[ONE] = 1e-9
    look = slopes_of(1e-4, sign * np.array([0.0, 0.0]), sign * np.array([2.0, 2.0]), rounding=0.0)
    assert judge._settled(ONE, look) is settled
    assert asked == [1e-4 / 16]
    assert judge.entries.rough[ONE] == rough
    assert judge.entries.state[ONE] == (RIGHT if settled else UNSEEN)
    assert not judge.edges


@pytest.mark.parametrize("sign", [1, -1])
def test_sides_are_apart_by_a_part_of_the_larger_one_and_rounding(sign):
    for jump, looks in ((0.98, 0), (1.02, 1)):
        asked = []

        def slopes(step, asked=asked):
            asked.append(step)

        judge = judge_that_sees(slopes)
        apart = jump * (judge._kink_jump * 3.0 + 1e-6)
        near = slopes_of(1e-4, sign * (3.0 - apart), sign * 3.0, rounding=1e-6)
        judge.entries.analytic[ONE] = near.central
        judge.entries.allowed[ONE] = 1e-9
        judge.allowance.resolves = lambda index, error: True
        judge._settled(ONE, near, 1.0)
        assert len(asked) == looks


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("distance", "state"), [(0.98e-4, UNRESOLVED), (1.02e-4, WRONG)])
def test_a_first_look_alone_leaves_a_ten_millionth_of_a_slope(sign, distance, state):
    judge = judge_that_sees(None)
    judge.entries.analytic[ONE], judge.entries.allowed[ONE] = sign * (1000.0 + distance), 0.0
    judge._judge_by_first_look(ONE, slopes_of(1e-5, sign * 1000.0, sign * 1000.0))
    assert judge.entries.state.tolist() == [UNSEEN] * 3 + [state, UNSEEN]


@pytest.mark.parametrize(("gradient", "state"), [(2.0, UNRESOLVED), (2.5, WRONG)])
def test_what_is_right_is_doubted_where_steps_of_one_see_another_slope(gradient, state):
    judge = judge_that_sees(line(2.0).__get__(0), gradient=gradient)
    judge._scales.surest = lambda index, usual, climbed: (usual, None, index == ONE)
    judge._judge_by_ladder(ONE, slopes_of(1e-5, 2.0, 2.0, rounding=1e-12))
    assert judge.entries.state.tolist() == [UNSEEN] * 3 + [state, UNSEEN]
    assert judge.entries.numerical[ONE] == 2.0
    assert list(judge.entries.jacobian) == [ONE]


def test_the_rounding_that_scales_show_is_known_around_the_entry_unless_more_is_known():
    for known, kept in ((None, 1e-9), (1e-10, 1e-9), (1e-8, 1e-8)):
        judge = judge_that_sees(line(2.0).__get__(0), gradient=2.0)
        if known:
            judge.allowance.around[ONE] = np.array([known])
        judge._scales.surest = lambda index, usual, climbed: (usual, np.array([1e-9]), False)
        judge._judge_by_ladder(ONE, slopes_of(1e-5, 2.0, 2.0, rounding=1e-12))
        assert {index: around.tolist() for index, around in judge.allowance.around.items()} == {ONE: [kept]}


def test_what_is_off_by_the_noise_of_the_gradient_needs_no_ladder():
    judge = judge_of(
        [2.0, 1.0, 1.0 + 5e-9, 1.0], lambda i, h: slopes_of(h, 1.0 + (i == 0), 1.0 + (i == 0)), noise=1e-9
    )
    judge.judge(np.arange(4))
    assert judge.entries.state.tolist() == [RIGHT] * 4
    assert judge.prober.asked[2] == judge.prober.asked[1] == 1
    assert judge.entries.allowed[1] == pytest.approx(1e-9)
    assert judge.entries.allowed[2] == pytest.approx(judge.allowance.floor(2))
    assert judge.allowance.floor(2) > 1e-8
