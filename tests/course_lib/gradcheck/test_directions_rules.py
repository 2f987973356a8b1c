"""The rules of directions, each by slopes that are given."""

from types import SimpleNamespace

import numpy as np
import pytest
from directions_under_test import blurred, directions_of, linear
from points_under_test import slopes_of

from course_lib import check_vjp
from course_lib.gradcheck.arrays import DOUBLE, SINGLE
from course_lib.gradcheck.directions import budget
from course_lib.gradcheck.entries import RIGHT, UNRESOLVED, UNSEEN, WRONG


def test_directions_of_small_arguments_cost_42_evaluations_and_of_large_ones_180():
    assert [budget(size) for size in (1, 100_000, 100_001, 10**7)] == [42, 42, 180, 180]


def test_entries_that_are_zero_are_moved_apart_from_the_others():
    parts = directions_of(np.ones(3), x=[0.0, 2.0, 0.0])._parts()
    assert [part.tolist() for part in parts] == [[False, True, False], [True, False, True]]
    for alike in ([1.0, -2.0], [0.0, 0.0]):
        assert [part.tolist() for part in directions_of(np.ones(2), x=alike)._parts()] == [[True, True]]


@pytest.mark.parametrize(("size", "farthest"), [(1.0, 2.0), (30.0, 2.0), (0.01, 200.0)])
def test_no_entry_is_moved_by_more_than_twice_its_size_or_by_two(size, farthest):
    test = directions_of(np.ones(3), x=np.full(3, size), slopes=linear(1.0))
    assert test._measure(np.ones(3), 0.99 * farthest) is not None
    assert test._measure(np.ones(3), 1.05 * farthest) is None


def test_small_weights_in_float32_are_moved_far_enough_to_show_a_gradient():
    weights = np.float32(1e-3) * np.random.default_rng(0).normal(size=(80, 50)).astype(np.float32)
    rows = np.arange(80)

    def forward(w):
        e = np.exp(w.astype(np.float32))
        p = e / e.sum(axis=1, keepdims=True)
        return -np.log(p[rows, rows % 50]).mean(), p

    def backward(dout, p):
        p = p.copy()
        p[rows, rows % 50] -= 1
        return p * np.float32(dout / 80)

    assert check_vjp(forward, backward, weights).passed is True
    assert check_vjp(forward, lambda dout, p: 0 * p, weights).passed is False


def test_an_entry_moves_by_its_size_and_no_farther_than_the_typical_contribution():
    x = np.array([1.0, -4.0, 2.0, 8.0, 1.0])
    size = np.maximum(np.abs(x), np.sqrt(86 / 5))
    gradient = np.array([1.0, -1.0, 100.0, 1.0, 0.0])
    test, signs = directions_of(gradient, x=x), np.array([1.0, -1.0, 1.0, -1.0, 1.0])
    everywhere = np.ones(5, dtype=bool)
    contributions = np.abs(gradient) * size
    expected = signs * size * np.minimum(1, np.median(contributions) / np.maximum(contributions, 1e-300))
    assert test._damped(signs, everywhere) == pytest.approx(expected)
    some = np.array([True, False, True, False, True])
    damped = test._damped(signs, some)
    assert damped[[1, 3]].tolist() == [0.0, 0.0]
    assert abs(gradient * damped).max() == pytest.approx(size[0])  # the median of the part
    only_one = directions_of([0.0, 0.0, 7.0])  # the median is nothing: the largest counts
    assert only_one._damped(np.ones(3), np.ones(3, dtype=bool)).tolist() == [1.0, 1.0, 1.0]
    assert directions_of(np.zeros(2))._damped(np.ones(2), np.ones(2, dtype=bool)).tolist() == [1.0, 1.0]


def test_no_contribution_is_damped_below_what_rounding_lets_be_seen():
    gradient, everywhere = np.array([1e-20, 1e-20, 1.0]), np.ones(3, dtype=bool)
    test = directions_of(gradient, noise=0.0, dout=np.array([2.0]))
    least = 6 * 2 * test._point.noise[0] / (5e-3 * DOUBLE ** (1 / 3))
    assert test._damped(np.ones(3), everywhere) == pytest.approx([1.0, 1.0, least])


@pytest.mark.parametrize(("moved", "number"), [(20, 8), (3, 3)])
def test_a_direction_is_split_into_eight_parts_that_add_up_to_it(moved, number):
    direction = np.zeros((5, 6))
    direction.flat[np.arange(moved)] = np.arange(1.0, moved + 1)
    blocks = directions_of(np.ones((5, 6)))._blocks(direction)
    assert len(blocks) == number
    assert np.array_equal(sum(blocks), direction)
    assert sum(np.count_nonzero(block) for block in blocks) == moved
    assert max(np.count_nonzero(block) for block in blocks) == -(-moved // 8)


def test_whole_rows_are_looked_at_if_they_are_short_and_four_of_them():
    gradient = np.ones((50, 32))
    largest = np.array([3, 40, 70, 1000, 1599])
    rows = directions_of(gradient)._rows(largest)
    expected = [32 * row + k for row in (0, 1, 2, 31) for k in range(32)]
    assert rows.tolist() == expected
    assert directions_of(np.ones((50, 33)))._rows(largest).tolist() == largest.tolist()
    assert directions_of(np.ones(100))._rows(largest).tolist() == largest.tolist()
    assert directions_of(np.ones(20))._rows(np.array([3])).tolist() == list(range(20))


def test_a_direction_allows_ten_times_the_noise_and_eight_rounding_units_of_what_entries_contribute():
    direction = np.array([1.0, -2.0, 0.0, 2.0])
    test = directions_of([3.0] * 4, slopes=linear(3.0), noise=1e-8)
    result = test._test(direction, 9)
    assert (result.analytic, result.size) == pytest.approx((3.0, 9.0))
    assert result.allowed == pytest.approx(10 * 3e-8 + 8 * DOUBLE * 9.0, rel=1e-6, abs=0)
    assert (result.step, result.rounding) == (pytest.approx(DOUBLE ** (1 / 3)), 0.0)
    single = directions_of([3.0] * 4, slopes=linear(3.0), epsilon=SINGLE)._test(direction, 9)
    assert single.allowed == pytest.approx(8 * SINGLE * 9.0)
    assert single.step == pytest.approx(SINGLE ** (1 / 3))


def test_a_gradient_of_mere_rounding_is_allowed_sixteen_units_of_what_it_could_be():
    test = directions_of([0.0, 0.0], slopes=linear(0.0), variation=np.full(1, 7.0))
    result = test._test(np.array([3.0, 4.0]), 9)
    assert result.size == pytest.approx(7.0 * 5.0)
    assert result.allowed == pytest.approx(16 * DOUBLE * 35.0, rel=1e-6, abs=0)
    nothing = directions_of([0.0, 0.0], slopes=linear(0.0), variation=np.zeros(1))._test(np.ones(2), 9)
    assert (nothing.size, nothing.allowed) == (np.inf, 0.0)


@pytest.mark.parametrize(
    ("wanted", "of_one", "epsilon", "accuracy"),
    [
        (1e-7, 0.0, DOUBLE, 1e-7),
        (1e-11, 0.0, DOUBLE, 1e-11),
        (1e-16, 0.0, DOUBLE, 64 * DOUBLE),
        (1e-7, 0.0, SINGLE, 64 * SINGLE),
        (1e-7, 5e-3, DOUBLE, 2.5e-3),  # of one entry of four
    ],
)
def test_a_direction_is_measured_as_accurately_as_wanted_of_what_entries_contribute(
    wanted, of_one, epsilon, accuracy
):
    def rungs(share):
        error = share * accuracy * 6.0 + 8 * epsilon * 6.0 * (share - 1)
        slopes = linear(3.0, rounding=error)
        test = directions_of([3.0] * 4, slopes=slopes, epsilon=epsilon)
        test._wanted = wanted
        test._test(np.array([1.0, -1.0, 1.0, 1.0]), 2, of_one)
        return len(test._prober.asked)

    assert (rungs(0.98), rungs(1.02)) == (1, 2)


def test_directions_are_measured_to_a_ten_millionth_of_what_entries_contribute_unless_asked_for_more():
    for share, rungs in ((0.9, 1), (1.1, 2)):
        test = directions_of([3.0] * 4, slopes=linear(3.0, rounding=share * 1e-7 * 6.0))
        test._test(np.ones(4), 2)
        assert len(test._prober.asked) == rungs


def test_a_direction_that_cannot_be_measured_allows_anything():
    result = directions_of([3.0] * 4, slopes=lambda direction, step: None)._test(np.ones(4), 5)
    assert (result.analytic, result.allowed, result.size) == (12.0, np.inf, 6.0)
    assert result.agrees
    assert not result.resolved


def test_the_entry_that_disagrees_is_found_by_halving():
    for wrong in (0, 5, 11):
        gradient = np.ones(12)
        gradient[wrong] += 0.5
        test = directions_of(gradient.reshape(3, 4), slopes=linear(1.0))
        direction = np.where(np.arange(12) % 2, -2.0, 1.0).reshape(3, 4)
        failed = test._test(direction, 3)
        test._prober.asked.clear()
        assert test._bisect(failed) == wrong
        assert {step for _, step in test._prober.asked} == {failed.step}
        assert 3 <= len(test._prober.asked) <= 4


def test_a_wrong_argument_is_looked_at_in_its_24_largest_entries_as_many_others_and_then_by_halving():
    gradient = np.random.default_rng(1).permutation(np.linspace(1.0, 2.0, 5000)).reshape(100, 50)
    seen = []
    test = directions_of(gradient, slopes=linear(1.0))
    test._judge.judge = lambda indices: seen.append(indices)
    test._locate(test._test(np.ones((100, 50)), 3))
    largest = np.argsort(-gradient.ravel())[:24]
    assert set(largest) <= set(seen[0])
    assert 46 <= seen[0].size <= 48
    assert seen[1].size == 1


def test_as_many_rungs_as_the_evaluations_allow_and_no_fewer_than_three():
    def asked(evaluations, x):
        test = directions_of(np.full(3, 9.0), x=x, slopes=linear(1.0, rounding=0.1))
        test._test_all(evaluations)
        return len(test._prober.asked)

    assert [asked(n, [1.0, 2.0, 3.0]) for n in (0, 8, 12)] == [3, 4, 6]
    assert asked(16, [1.0, 0.0, 3.0]) == 4  # the first part disagrees: the second is not looked at


def test_four_directions_confirm_an_argument_that_fits_into_float32():
    test = directions_of(np.ones(50), slopes=linear(1.0))
    test.confirm()
    known = test._judge.entries.directions
    assert len(known) == 4
    assert all(np.array_equal(np.abs(result.direction), np.ones(50)) for result in known)
    assert len({result.direction.tobytes() for result in known}) == 4
    rough = directions_of(np.ones(50), slopes=linear(1.0, rounding=1e-3))
    rough.confirm()
    assert len(rough._prober.asked) <= 4 * 6
    drowned = directions_of(np.ones(50), slopes=linear(1.0, rounding=90.0))
    drowned.confirm()
    assert drowned._judge.entries.directions == []  # they say nothing


def test_entries_of_a_seed_move_alike_and_of_another_differently():
    def moved(seed):
        test = directions_of(np.ones(64), slopes=linear(1.0), seed=seed)
        test.run(42)
        return test._prober.asked[0][0].tolist()

    assert moved(3) == moved(3) != moved(4)


def test_both_parts_are_tested_and_kinks_a_second_time_with_all_entries_moved_alike():
    x = np.array([1.0, 0.0, -2.0, 0.0])
    smooth = directions_of(np.ones(4), x=x, slopes=linear(1.0))._test_all(42)
    assert [result.tests_ties for result in smooth] == [False, False]
    assert [np.flatnonzero(result.direction).tolist() for result in smooth] == [[0, 2], [1, 3]]

    def kinked(direction, step):
        slope = direction.sum()
        return slopes_of(step, slope - 1, slope + 1, rounding=1e-12)

    results = directions_of(np.ones(4), x=x, slopes=kinked)._test_all(42)
    assert [result.tests_ties for result in results] == [False, True, False, True]
    for result, part in ((results[1], x != 0), (results[3], x == 0)):
        assert result.direction == pytest.approx(part * np.sqrt(5 / 4))


def test_a_direction_that_disagrees_ends_the_test_and_is_tested_again_if_no_entry_is_wrong():
    x = np.array([1.0, 0.0, -2.0, 0.0])
    test = directions_of(np.full(4, 5.0), x=x, slopes=linear(1.0))
    assert len(test._test_all(42)) == 1
    looked = []
    test._judge.judge = looked.append
    test.run(42)
    assert len(looked) == 2  # a sample, and what halving found; neither is wrong
    assert [result.agrees for result in test._judge.entries.directions] == [False, False]


def test_a_direction_that_would_hide_an_entry_is_split_until_each_part_shows_it():
    test = directions_of(np.ones(64), slopes=blurred(5, 0.0, 8))
    results = test._search(np.ones(64), 10_000)
    assert [np.count_nonzero(result.direction) for result in results[:8]] == [8] * 8
    assert sum(result.direction for result in results[:8]).tolist() == [1.0] * 64
    assert all(result.agrees for result in results)
    assert test._search(np.ones(64), 0) == []
    found = directions_of(np.ones(64), slopes=blurred(5, 0.5, 8))._search(np.ones(64), 10_000)
    assert [result.agrees for result in found].count(False) == 1
    assert not found[-1].agrees
    assert found[-1].direction[5] == 1.0


def doubtful(direction, step):
    """Slopes whose sides are far apart along any direction, and more so with smaller steps."""
    slope = direction.sum()
    return slopes_of(step, slope - step**-0.5, slope + step**-0.5, rounding=1e-9)


def test_parts_that_stay_in_doubt_are_split_down_to_entries_which_are_then_judged():
    test = directions_of(np.ones(24), slopes=doubtful)
    looked = []
    test._judge.judge = lambda entries: looked.extend(np.asarray(entries).tolist())
    results = test._search(np.arange(1.0, 25.0), 10_000)
    assert sorted(looked) == list(range(24))
    assert all((result.direction >= 0).all() for result in results)
    known = {float(x) for result in results for x in result.direction[result.direction > 0]}
    assert known == set(np.arange(1.0, 25.0))  # each entry moves as far as in the whole


def test_the_search_ends_at_an_entry_that_is_judged_wrong():
    test = directions_of(np.ones(24), slopes=doubtful)
    looked = []

    def judge(entries):
        looked.extend(np.asarray(entries).tolist())
        test._judge.entries.state[entries] = WRONG if 17 in entries else RIGHT

    test._judge.judge = judge
    test._search(np.ones(24), 10_000)
    assert looked[-1] == 17
    assert len(looked) < 24


def test_rows_are_looked_at_once_and_in_order():
    rows = directions_of(np.ones((9, 4)))._rows(np.array([33, 2, 34, 1, 3, 20]))
    assert rows.tolist() == [0, 1, 2, 3, 20, 21, 22, 23, 32, 33, 34, 35]


def test_what_the_search_finds_is_added_to_the_direction_that_was_searched():
    test = directions_of(np.ones(24), slopes=doubtful)
    test._search = lambda *searched: [SimpleNamespace(agrees=True, searched=searched)]
    first, found = test._test_all(30)
    assert np.count_nonzero(first.direction) == 24
    assert found.searched == (first.direction, 30)


def test_the_second_test_may_cost_as_much_as_the_first():
    test = directions_of(np.full(4, 5.0), slopes=linear(1.0))
    asked = []
    test._test_all = lambda evaluations: asked.append(evaluations) or [test._test(np.ones(4), 2)]
    test._judge.judge = lambda entries: None
    test.run(42)
    assert asked == [42, 42]


def test_only_parts_that_stay_in_doubt_are_split():
    def around_one(direction, step):
        return (doubtful if direction[13] else linear(1.0))(direction, step)

    test = directions_of(np.ones(24), slopes=around_one)
    looked = []
    test._judge.judge = lambda entries: looked.extend(np.asarray(entries).tolist())
    results = test._search(np.ones(24), 10_000)
    assert looked == [13]
    assert len(results) == 8 + 3  # eight parts of three, and the three entries of one of them


@pytest.mark.parametrize(("size", "least", "most"), [(48, 48, 48), (49, 12, 24)])
def test_beside_kinks_few_entries_are_looked_at_or_all_of_few_and_what_one_leaves_open_stays_so(
    size, least, most
):
    def kinked(direction, step):
        return slopes_of(step, direction.sum() - 1, direction.sum() + 1, rounding=1e-12)

    test = directions_of(np.ones(size), slopes=kinked)
    state, looked = test._judge.entries.state, []

    def judge(entries):
        looked.extend(entries.tolist())
        state[entries] = UNRESOLVED
        state[entries[0]] = WRONG

    test._judge.judge = judge
    test._is_wrong_alone = lambda index: index == looked[0]
    test.run(42)
    assert least <= len(looked) == len(set(looked)) <= most
    assert np.flatnonzero(state == WRONG).tolist() == [looked[0]]
    assert np.flatnonzero(state == UNSEEN).size == size - 1
