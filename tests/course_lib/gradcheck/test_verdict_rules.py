"""The constants and rules of a verdict, each by slopes that are known."""

import numpy as np
import pytest
from judges_under_test import Known, Quiet, judge_of, line, sides
from points_under_test import point_of, slopes_of

from course_lib import check_gradient
from course_lib.gradcheck.arrays import DOUBLE
from course_lib.gradcheck.entries import RIGHT, UNRESOLVED, UNSEEN, WRONG
from course_lib.gradcheck.verdict import Judge


def test_a_first_look_allows_rounding_a_billionth_and_what_curvature_makes_of_it():
    def allowed(half, slope=2.0, rounding=1e-12):
        judge = judge_of([slope], lambda i, h: slopes_of(h, slope - half, slope + half, rounding=rounding))
        judge.judge(np.arange(1))
        assert judge.entries.state[0] == RIGHT
        assert judge.entries.numerical[0] == slope
        return judge.entries.allowed[0]

    assert allowed(0.0) == pytest.approx(1e-12 + 2e-9, rel=1e-6, abs=0)
    assert allowed(1e-5) == pytest.approx(1e-12 + 2e-9 + 4e-10 / 2, rel=1e-6, abs=0)  # the square of the jump
    assert allowed(3e-4, rounding=1e-9) == pytest.approx(1e-9 + 2e-9 + 36e-8 / 2)
    assert allowed(5e-4) == pytest.approx(
        1e-12 + 2e-9 + 100 * 2e-9, rel=1e-6, abs=0
    )  # a hundred finest errors at most


def test_curvature_of_a_slope_of_nothing_allows_nothing():
    judge = judge_of([1.0])
    assert judge._truncation(slopes_of(1.0, 0.0, 0.0)) == 0.0
    assert judge._truncation(slopes_of(1.0, -0.5e-9, 0.5e-9, rounding=2.0)) == pytest.approx(
        5e-19, rel=1e-6, abs=0
    )


@pytest.mark.parametrize(("error", "looks"), [(0.9e-9, 3), (1.1e-9, 4), (-0.9e-9, 3), (-1.1e-9, 4)])
def test_what_a_first_look_allows_needs_no_ladder(error, looks):
    # two looks at how large the steps should be, and the first look; more are a ladder's
    judge = judge_of([1.0 + error], lambda i, h: slopes_of(h, 1.0, 1.0, rounding=1e-14))
    judge.judge(np.arange(1))
    assert (judge.prober.asked[0] > 3) is (looks > 3)


@pytest.mark.parametrize("gradient", [1.0, 3.0, 2.0])
def test_the_ends_and_the_middle_of_a_kink_are_right_at_three_looks(gradient):
    judge = judge_of([gradient], sides(1.0, 3.0))
    judge.judge(np.arange(1))
    assert judge.prober.asked[0] == 5  # two for the size of the steps, one, one closer and one much closer
    assert (judge.entries.state[0], bool(judge.entries.kink[0])) == (RIGHT, True)
    assert judge.edges[0].step == pytest.approx(DOUBLE ** (1 / 3) / 16)


@pytest.mark.parametrize(("jump", "looks"), [(0.98, 3), (1.02, 5)])
def test_sides_a_hundred_steps_apart_are_looked_at_again(jump, looks):
    jump *= 100 * DOUBLE ** (1 / 3)
    for sign in (1.0, -1.0):
        judge = judge_of([sign * (1.0 - jump / 2)], sides(sign * (1.0 - jump), sign * 1.0))
        judge.judge(np.arange(1))
        assert judge.prober.asked[0] == looks
        assert bool(judge.entries.kink[0]) is (looks > 3)


def test_sides_that_meet_at_a_closer_look_are_no_kink():
    smooth = judge_of([2.0], sides(1.99, 2.01, (2.0, 2.0)))
    smooth.judge(np.arange(1))
    assert (smooth.entries.state[0], bool(smooth.entries.kink[0]), bool(smooth.entries.rough[0])) == (
        0,
        False,
        False,
    )
    assert not smooth.edges


def wrong_entries(count, factor=1.5):
    judge = judge_of(np.full(count, factor), line(1.0))
    judge.judge(np.arange(count))
    return judge


def test_after_four_proofs_of_an_error_the_others_are_judged_by_a_look():
    judge = wrong_entries(9)
    assert (judge.entries.state == WRONG).all()
    looks = sorted(judge.prober.asked.values())
    assert looks[:5] == [1] * 5
    assert all(several > 1 for several in looks[5:])


@pytest.mark.parametrize(
    ("analytic", "sides", "wrong"),
    [
        (1 + 1.09e-6, (1.0, 1.0), False),
        (1 + 1.11e-6, (1.0, 1.0), True),
        (1 - 1.09e-6, (1.0, 1.0), False),
        (1 - 1.11e-6, (1.0, 1.0), True),
        (0.5, (0.0, 1.0), False),
        (1 + 1.04e-6, (0.0, 1.0), False),
        (1 + 1.06e-6, (0.0, 1.0), True),
        (-1.04e-6, (0.0, 1.0), False),
        (-1.06e-6, (0.0, 1.0), True),
    ],
)
def test_a_first_look_alone_judges_ten_times_as_generously(analytic, sides, wrong):
    judge = judge_of([0.7, analytic, 0.7])
    judge.entries.allowed[:] = 0.0, 1e-7, 0.0
    judge._judge_by_first_look(1, slopes_of(1e-5, *sides, rounding=0.0))
    assert judge.entries.state.tolist() == [UNSEEN, WRONG if wrong else UNRESOLVED, UNSEEN]


def test_a_first_look_alone_allows_what_curvature_makes_of_its_slope():
    for analytic, state in ((1 + 0.9e-4, UNRESOLVED), (1 + 1.1e-3, WRONG)):
        judge = judge_of([analytic])
        judge.entries.allowed[:] = 1e-7
        judge._judge_by_first_look(0, slopes_of(1e-5, 0.995, 1.005, rounding=0.0))
        assert judge.entries.state[0] == state
        assert judge.entries.allowed[0] == pytest.approx(1e-4, rel=0.01)


@pytest.mark.parametrize(("distance", "kinks"), [(1e-7, 0), (-1e-7, 0), (1e-9, 0), (0.0, 1)])
def test_a_kink_beside_an_entry_is_not_counted_as_its_own(distance, kinks):
    x = np.array([2 + distance, 1.0])
    check = check_gradient(lambda x: np.sum(np.maximum(x - 2, 0)), x, lambda x: np.where(x > 2, 1.0, 0.0))
    assert (check.passed, check.arguments[0].kinks) == (True, kinks)


def test_of_two_ladders_that_contradict_each_other_the_one_of_smaller_steps_is_right():
    scale = np.array([1e12, 1.0, 1e-12])
    check = check_gradient(
        lambda x: np.sum(np.sin(x * scale) / scale[0]),
        1 / scale,
        lambda x: -np.cos(x * scale) * scale / scale[0],
    )
    assert check.passed is False
    assert check.arguments[0].worst_index == (0,)
    assert check.arguments[0].numerical == pytest.approx(np.cos(1.0))


def test_where_there_was_no_first_look_an_entry_stays_unresolved():
    judge = judge_of([1.0], lambda index, step: None)
    judge._judge_by_first_look(0, None)
    assert judge.entries.state[0] == UNRESOLVED
    judge = judge_of([1.0], lambda index, step: None)
    judge.judge(np.arange(1))
    assert judge.entries.state[0] == UNRESOLVED


def test_inside_a_narrow_domain_up_to_five_smaller_steps_are_tried():
    def state(power):
        largest = 1.01 * DOUBLE ** (1 / 3) / 16.0**power
        judge = judge_of([1.0], lambda i, h: slopes_of(h, 1.0, 1.0, rounding=1e-12) if h < largest else None)
        judge.judge(np.arange(1))
        return judge.entries.state[0], judge.prober.asked[0]

    assert [state(power)[0] for power in (1, 2, 3)] == [RIGHT] * 3
    asked = []
    judge = judge_of([1.0], lambda index, step: asked.append(step))
    judge.judge(np.arange(1))
    tried = np.array(asked[2:]) / DOUBLE ** (1 / 3)
    assert tried == pytest.approx(16.0 ** -np.arange(1, len(tried) + 1))
    assert judge._first_inside_domain(0) is None


def test_no_more_than_64_rough_entries_get_a_ladder_after_the_proofs():
    judge = judge_of(np.ones(70))
    judge.entries.rough[:64] = True
    assert judge._worth_a_ladder(0)
    assert not judge._worth_a_ladder(69)
    judge.entries.rough[64] = True
    assert not judge._worth_a_ladder(0)


@pytest.mark.parametrize(("kept", "looks"), [(0.55, 5), (0.45, 6)])
def test_of_a_kink_more_than_half_is_there_at_a_closer_look(kept, looks):
    judge = judge_of([3.0], sides(1.0, 3.0, (3.0 - 2 * kept, 3.0)))
    judge.judge(np.arange(1))
    assert min(judge.prober.asked[0], 6) == looks


@pytest.mark.parametrize("left", [0.0, 3.0])
def test_a_jump_is_seen_beside_the_larger_of_the_two_slopes(left):
    right = left + (1 if left else -1) * 0.9 * 100 * DOUBLE ** (1 / 3) * 3
    judge = judge_of([(left + right) / 2], sides(left, right))
    judge.judge(np.arange(1))
    assert (judge.prober.asked[0] > 3) is (left == 0.0)


def test_rounding_of_the_inputs_moves_a_slope_by_the_curvature_over_their_own_size():
    for own in (1.0, 4.0):
        judge = judge_of(
            [1.0], lambda i, h: slopes_of(h, 1 - 3 * h, 1 + 3 * h), x=[own], variation=np.zeros(1)
        )
        before = judge.allowance.floor(0)
        judge.judge(np.arange(1))
        assert judge.allowance.floor(0) - before == pytest.approx(16 * DOUBLE * 6 * own, rel=1e-3, abs=0)


def test_outputs_whose_sides_meet_count_for_no_kink_at_a_closer_look():
    point = point_of(lambda x: np.array([x[0], x[0]]), np.ones(1))
    judge = Judge(point, Quiet(), 0, np.full(1, 2.0))
    judge.prober = Known(sides([0.0, 0.0], [0.8, 1.2], ([0.0, 0.0], [0.8, 0.01])))
    judge.judge(np.arange(1))
    assert judge.prober.asked[0] > 4  # less than half of the jump has stayed


@pytest.mark.parametrize(("share", "steep"), [(0.009, True), (0.011, False)])
def test_rounding_hides_slopes_of_which_it_is_a_hundredth(share, steep):
    judge = judge_of([1.0], lambda i, h: slopes_of(h, -1 / h, -1 / h, rounding=share / h))
    judge.judge(np.arange(1))
    assert (judge.entries.state[0], bool(judge.entries.steep[0])) == (UNRESOLVED, steep)


@pytest.mark.parametrize(("claimed", "right"), [(1.0, True), (3.0, True), (5.0, True), (2.0, False)])
def test_the_ends_and_the_middle_of_a_kink_need_not_be_right_beside_it(claimed, right):
    def gradient(x):
        return 3 + 2.002 * np.sign(x) if x else claimed

    assert check_gradient(lambda x: 3 * x + 2 * np.abs(x), 0.0, gradient).passed is right


@pytest.mark.parametrize("x", [702.0, 705.0, 709.0])
def test_sizes_near_the_largest_number_let_no_wrong_gradient_pass(x):
    for factor in (1.0, 1.01, 2.0, -1.0):
        check = check_gradient(np.exp, x, lambda x, k=factor: k * np.exp(x))
        assert check.passed is (factor == 1.0)


def test_a_tiny_gradient_is_right_where_outputs_are_zero_wherever_they_are_looked_at():
    x = np.array([298.2, 407.1])
    losses = lambda x: np.log(1 - np.exp(-x)).sum()  # noqa: E731
    assert check_gradient(losses, x, lambda x: 1 / np.expm1(x)).passed
    assert check_gradient(losses, x, lambda x: 1e-12 + 0 * x).passed is False


def test_a_gradient_of_what_is_all_chance_is_neither_right_nor_wrong():
    x = np.array([6.9e149, -2.2e149, 3.5e149])  # neighbours are many periods apart
    for factor in (1.0, 2.0):
        check = check_gradient(
            lambda x: np.sin(x).sum() / 1e150, x, lambda x, k=factor: k * np.cos(x) / 1e150
        )
        assert check.passed is None
