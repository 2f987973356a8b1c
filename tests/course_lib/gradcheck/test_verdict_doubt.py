"""What happens to entries that a first look leaves in doubt, one rule at a time."""

from dataclasses import replace

import numpy as np
import pytest
from judges_under_test import Known, Quiet, judge_of, judged, line
from points_under_test import point_of, slopes_of

from course_lib import check_gradient, check_vjp
from course_lib.gradcheck import verdict
from course_lib.gradcheck.arrays import DOUBLE
from course_lib.gradcheck.entries import RIGHT, UNRESOLVED, UNSEEN, WRONG
from course_lib.gradcheck.estimate import Estimate
from course_lib.gradcheck.verdict import Judge

USUAL = DOUBLE ** (1 / 3)


def test_a_gradient_is_significant_unless_what_matters_is_larger():
    assert judge_of([0.5, -2.0]).significant is True
    assert judge_of([0.0, 0.0]).significant is False


@pytest.mark.parametrize(("jump", "seen"), [(0.9e-9, False), (1.1e-9, True)])
def test_curvature_is_seen_where_sides_differ_by_more_than_rounding(jump, seen):
    judge = judge_of(
        [2.0, 2.0, 2.0],
        lambda i, h: slopes_of(h, 2.0, 2.0 + (i == 1) * jump, rounding=1e-9),
        x=[1.0, 4.0, 1.0],
    )
    judge.judge(np.arange(3))
    assert judge.allowance.by_curvature == ({1: pytest.approx(jump / USUAL)} if seen else {})


@pytest.mark.parametrize("sides", [([2.0, 0.0], [0.0, 0.0]), ([0.0, 0.0], [2.0, 0.0])])
def test_only_outputs_that_moved_say_what_an_entry_could_be(sides):
    point = replace(point_of(lambda x: np.array([x[0], x[0]]), np.ones(1)), variation=np.array([1.5, 100.0]))
    judge = Judge(point, Quiet(), 0, np.full(1, 2.0))
    judge.prober = Known(lambda index, step: slopes_of(step, *sides))
    judge._look(0)
    assert judge.allowance.at_rest[0][0] == pytest.approx(1.5)


def test_after_four_ladders_that_show_no_more_than_a_look_the_others_are_taken_by_theirs():
    def asked(rounding):
        judge = judge_of(np.ones(9), lambda i, h: slopes_of(h, 1.0, 1.0, rounding=rounding(h) if i else 1e-9))
        judge.judge(np.arange(9))
        assert judge.entries.state.tolist() == [RIGHT] * 9
        return [judge.prober.asked[k] > 1 for k in range(1, 9)]

    assert sorted(asked(lambda step: 1e-5)) == [False] * 4 + [True] * 4
    assert all(asked(lambda step: 1e-5 * min(1.0, USUAL / step)))  # these ladders show more


def test_entries_are_in_doubt_by_how_many_times_their_allowance_they_are_off():
    judge = judge_of([1.5, 0.0])
    judge.entries.allowed[:] = 0.25, 0.0
    assert judge._excess(0, slopes_of(1.0, 1.0, 1.0)) == 2.0
    assert judge._excess(1, slopes_of(1.0, 0.0, 0.0)) == 0.0
    assert judge._excess(1, slopes_of(1.0, 1.0, 1.0)) > 1e200
    assert judge._excess(0, None) == 0.0


def test_without_a_value_anywhere_an_entry_is_unresolved_because_no_step_is_small_enough():
    judge = judge_of([1.0] * 3, lambda i, h: None if i == 1 else slopes_of(h, 1.0, 1.0, rounding=0.0))
    judge.judge(np.arange(3))
    assert judge.entries.state.tolist() == [RIGHT, UNRESOLVED, RIGHT]
    assert judge.entries.steep.tolist() == [False, True, False]


def test_five_smaller_steps_of_an_entrys_own_are_tried_inside_a_domain():
    asked = []
    judge = judge_of([1.0] * 3, lambda i, h: asked.append((i, h)), x=[1.0, 1000.0, 1.0])
    assert judge._first_inside_domain(1) is None
    assert asked == [(1, pytest.approx(1000 * USUAL / 16**k)) for k in range(1, 6)]


def test_whether_a_kink_lies_beside_an_entry_is_seen_with_a_65536th_of_the_step():
    asked = []

    def slopes(index, step, jump=1.0):
        asked.append((index, step))
        return slopes_of(step, 0.0, jump)

    first = slopes_of(1e-3, 0.0, 1.0)
    judge = judge_of([1.0] * 3, slopes)
    assert judge._lies_beside(1, first) is False
    assert asked == [(1, pytest.approx(1e-3 / 65536))]
    assert judge_of([1.0], lambda i, h: slopes(i, h, 0.4))._lies_beside(0, first) is True
    assert judge_of([1.0], lambda i, h: None)._lies_beside(0, first) is False


@pytest.mark.parametrize(
    ("x", "step", "far"),
    [
        ([1e-3, 1.0, 1.0], 0.9e-4, False),
        ([1e-3, 1.0, 1.0], 1.1e-4, True),
        ([0.0, 1.0, 1.0], 1.0, False),
        ([0.9 * DOUBLE, 1.0, 1.0], 1e-6, False),  # an entry that is nothing beside the others is 0
        ([1.1 * DOUBLE, 1.0, 1.0], 1e-6, True),
        ([0.9 * DOUBLE, -1.0, 1.0, 0.0, 0.0, 0.0, 0.0], 1e-6, False),
    ],
)
def test_a_step_reaches_far_if_it_is_more_than_a_tenth_of_an_entry_that_is_not_0(x, step, far):
    assert judge_of(np.ones(len(x)), x=x)._reaches_far(0, step) is far


@pytest.mark.parametrize(("share", "kinked"), [(0.45, False), (0.55, True)])
def test_outputs_with_more_than_half_of_the_jump_make_a_kink_and_fewer_are_looked_at_again(share, kinked):
    point = point_of(lambda x: np.array([x[0], x[0]]), np.ones(1))
    judge = Judge(point, Quiet(), 0, np.full(1, 2.5))
    near, left = [1 + share, 1.0], [1.0, 1.0]
    judge.prober = Known(
        lambda index, step: slopes_of(
            step, left, near if step < 0.5 * USUAL else [1 + share, 2 - share], rounding=1e-12
        )
    )
    judge._look(0)
    assert judge._settled(0, judge._look(0)) is kinked
    assert list(judge.edges) == [0] * kinked


def test_what_rounding_hides_of_an_output_near_1_is_right_and_what_shows_wrong():
    def forward(x):
        return np.array([np.sin(x[0]), 1 + np.exp(x[1] - 50), np.exp(x[1] - 50)])

    def gradient(x):
        return np.array([np.cos(x[0]), 2 * np.exp(x[1] - 50)])

    x = np.array([0.3, 1.0])
    assert judged(forward, gradient, x).entries.state.tolist() == [RIGHT, RIGHT]
    off = judged(forward, lambda x: gradient(x) + np.array([0.0, 1e-6]), x)
    assert off.entries.state.tolist() == [RIGHT, WRONG]


def test_seconds_after_a_large_time_are_judged_in_their_own_place():
    x = np.array([0.4, 0.01681918, 0.8])
    for factor, state in ((1.0, RIGHT), (1.01, WRONG)):
        factors = np.array([1.0, factor, 1.0])
        judge = judged(lambda x: (1e8 + x) - 1e8, lambda x, f=factors: f, x)
        assert judge.entries.state.tolist() == [RIGHT, state, RIGHT]


BETWEEN = Estimate(2.0, 0.1, 1.0, 3.0, kink=1e-3, alone=0.25)


def on_kink(monkeypatch, analytic, claimed):
    asked = []

    def beside(point, argument, index, alone, floor):
        asked.append((argument, index, alone, pytest.approx(floor)))
        return [(7.0, Estimate(7.0, 0.2, 7.0, 7.0)), (claimed, Estimate(5.0, 0.2, 5.0, 5.0))]

    monkeypatch.setattr(verdict, "claims_beside", beside)
    judge = judge_of([9.0, analytic, 9.0], noise=0.01)
    floor = judge.allowance.floor(1)
    judge._judge_on_kink(1, BETWEEN, slopes_of(1e-3, 1.0, 3.0))
    assert judge.entries.state[[0, 2]].tolist() == [UNSEEN, UNSEEN]
    assert asked in ([], [(0, 1, 0.25, floor)])
    return judge, floor


def test_what_is_neither_an_end_nor_the_middle_of_a_kink_has_to_be_right_beside_it(monkeypatch):
    for analytic in (0.81, 1.19, 1.81, 2.19, 2.81, 3.19):
        judge, _ = on_kink(monkeypatch, analytic, 0.0)
        assert (judge.entries.state[1], list(judge.edges)) == (RIGHT, [1])
    for analytic in (1.22, 1.78, 2.22, 2.78):
        for claimed, wrong in ((5.31, True), (4.69, True), (5.29, False), (4.71, False)):
            judge, floor = on_kink(monkeypatch, analytic, claimed)
            assert judge.entries.state[1] == (WRONG if wrong else RIGHT)
            assert judge.entries.kink.tolist() == [False, not wrong, False]
            if wrong:
                assert judge.entries.numerical[1] == 5.0
                assert judge.entries.allowed[1] == pytest.approx(0.2 + floor)


def test_a_look_that_needs_a_closer_one_settles_nothing_where_that_has_no_value():
    judge = judge_of([1.0], lambda i, h: slopes_of(h, 0.0, 2.0) if h > 0.5 * USUAL else None)
    look = judge._look(0)
    assert judge._settled(0, look) is False
    plain = judge_of([1.0], line(1.0))
    assert plain._settled(0, plain._look(0)) is True


class Around:
    """In place of what is nearby: slopes that are known, and what they were asked for."""

    def __init__(self, slopes):
        self.slopes, self.asked = slopes, []

    def slopes_of_entry(self, *arguments):
        self.asked.append(arguments)
        return self.slopes


def test_slopes_that_are_right_nearby_make_a_kink_of_the_entry_that_they_are_asked_for():
    judge = judge_of([1.0, 3.0, 1.0], line(1.0))
    judge.nearby = Around(slopes_of(1e-9, 1.0, 3.0))
    judge.judge(np.arange(3))
    [(argument, index, analytic, _, allowed)] = judge.nearby.asked
    assert (argument, index, analytic) == (0, 1, 3.0)
    assert 0 < allowed < 1e-6
    assert judge.entries.allowed[1] == allowed
    assert judge.entries.state.tolist() == [RIGHT] * 3
    assert judge.entries.kink.tolist() == [False, True, False]
    assert judge.entries.numerical[1] == 1.0
    assert judge.edges[1] is judge.nearby.slopes


def test_of_a_kink_that_a_ladder_finds_the_slopes_are_kept_where_it_shows_best():
    def slopes(index, step):
        if index != 1:
            return slopes_of(step, 1.0, 1.0, rounding=0.0)
        return slopes_of(step, 1.0 - step, 3.0 + step, rounding=1e-13 / step)

    judge = judge_of([1.0, 3.0, 1.0], slopes)
    first = judge._look(1)
    judge._judge_by_ladder(1, first)
    assert judge.entries.kink.tolist() == [False, True, False]
    found = judge.edges[1]
    assert max(abs(found.low - 1.0), abs(found.high - 3.0)) < 1e-6


def test_a_closer_look_is_at_the_same_entry():
    judge = judge_of(
        [2.0, 1.0, 2.0], lambda i, h: slopes_of(h, *((1.0, 3.0) if i == 1 else (2.0, 2.0)), rounding=1e-12)
    )
    assert judge._settled(1, judge._look(1)) is True
    assert list(judge.edges) == [1]


def test_what_changes_by_its_own_size_between_neighbouring_floats_is_neither_right_nor_wrong():
    assert check_gradient(np.sin, 1e15, np.cos).passed is None
    assert check_gradient(np.sin, 1e15, lambda x: -np.cos(x)).passed is None


@pytest.mark.parametrize("x", [0.31, 0.8, 1.7])
def test_a_wave_that_larger_steps_of_float32_see_past_is_not_refused(x):
    def wavy(x):
        x = np.float32(x)
        return x + np.float32(1e-3) * np.sin(np.float32(1e3) * x)

    assert check_gradient(wavy, x, lambda x: 1 + np.cos(1e3 * np.float32(x))).passed is not False
    assert check_gradient(wavy, x, lambda x: 9 + 0 * x).passed is False


def log_softmax(z):
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


@pytest.mark.parametrize(("size", "seed"), [(1e-6, 2), (1e-5, 5)])
def test_steps_that_outputs_move_in_are_not_taken_for_all_of_their_rounding(size, seed):
    equal = np.full((2, 3), 1 / 3)
    z = size * np.random.default_rng(seed).normal(size=equal.shape)

    def divergence(z):
        return (equal * (np.log(equal) - log_softmax(z))).sum(axis=1).mean()

    def verdict(factor):
        return check_gradient(divergence, z, lambda z: factor * (np.exp(log_softmax(z)) - equal) / 2).passed

    assert verdict(1) is True
    assert verdict(-1) is False


def entropy_verdict(z, factor=1.0):
    def forward(z):
        logs = log_softmax(z)
        return -(np.exp(logs) * logs).sum(axis=1), logs

    def backward(dout, logs):
        entropy = -(np.exp(logs) * logs).sum(axis=1, keepdims=True)
        return -factor * dout[:, np.newaxis] * np.exp(logs) * (logs + entropy)

    return check_vjp(forward, backward, np.array(z)).passed


def test_a_part_of_a_tiny_output_that_is_rounded_away_is_missed_by_no_right_gradient():
    saturated = [1.0, 0.3, 60.0]
    assert entropy_verdict([saturated, [0.1, 0.2, -0.3]]) is True
    assert entropy_verdict([saturated, [0.1, 0.2, -0.3]], np.array([[1.0], [1.001]])) is False
    assert entropy_verdict([saturated]) is not False


@pytest.mark.parametrize(("gap", "seed", "passed"), [(10, 1, True), (28, 0, None), (28, 2, None)])
def test_a_cross_entropy_of_logits_far_apart_has_no_right_gradient_called_wrong(gap, seed, passed):
    right = np.eye(3)[[0, 2, 1, 2]]
    z = np.random.default_rng(seed).normal(size=(4, 3)) + gap * right

    def loss(z):
        return -np.mean(log_softmax(z)[right > 0])

    def verdict(factor):
        return check_gradient(loss, z, lambda z: factor * (np.exp(log_softmax(z)) - right) / 4).passed

    assert verdict(1) is passed
    assert verdict(-1) is False
