"""Each entry is judged by its own slopes, whatever the others are like."""

import numpy as np
import pytest
from judges_under_test import judge_of
from points_under_test import slopes_of

from course_lib import check_vjp
from course_lib.gradcheck.entries import RIGHT, UNRESOLVED, WRONG


def all_but(which, odd):
    """Slopes of 3, but for one entry."""
    return lambda index, step: odd(step) if index == which else slopes_of(step, 3.0, 3.0, rounding=0.0)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_kink_is_recorded_where_it_is(which):
    judge = judge_of(
        [3.0] * which + [2.0] + [3.0] * (2 - which), all_but(which, lambda h: slopes_of(h, 0.0, 2.0))
    )
    judge.judge(np.arange(3))
    assert judge.entries.state.tolist() == [RIGHT] * 3
    assert np.flatnonzero(judge.entries.kink).tolist() == [which]
    assert list(judge.edges) == [which]


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_wrong_entry_is_wrong_alone(which):
    judge = judge_of(
        [3.0] * which + [9.0] + [3.0] * (2 - which),
        all_but(which, lambda h: slopes_of(h, 5.0, 5.0, rounding=0.0)),
    )
    judge.judge(np.arange(3))
    assert np.flatnonzero(judge.entries.state == WRONG).tolist() == [which]
    assert judge.entries.numerical.tolist() == [3.0] * which + [5.0] + [3.0] * (2 - which)


def triplet_loss(a, p, q):
    a, p, q = (x.astype(np.float32) for x in (a, p, q))
    beyond = ((a - p) ** 2).sum(1) - ((a - q) ** 2).sum(1) + np.float32(1)
    return np.maximum(beyond, 0).mean(dtype=np.float32), (a, p, q, beyond > 0)


def test_one_step_that_sees_what_is_claimed_is_enough_where_steps_together_say_less():
    inputs = np.random.default_rng(4).normal(size=(3, 6, 3))
    for factor, right in ((2.0, True), (2.03, False)):

        def backward(dout, cache, factor=factor):
            a, p, q, on = cache
            d = np.float32(factor * dout / len(a)) * on[:, None]
            return d * (q - p), d * (p - a), d * (a - q)

        assert check_vjp(triplet_loss, backward, *inputs).passed is right


@pytest.mark.parametrize(("grows", "state"), [(1.001, RIGHT), (2.0, UNRESOLVED)])
def test_one_step_is_not_enough_where_smaller_ones_see_other_slopes(grows, state):
    longest = []

    def slopes(index, step):
        longest.append(step)
        below = np.log(max(longest) / step) / np.log(16)
        slope = 3.0 * grows ** max(below, 0.0)
        return slopes_of(step, slope, slope, rounding=0.01 if below < 0.5 else 1e-3)

    judge = judge_of([3.0], slopes)
    judge.judge(np.arange(1))
    assert judge.entries.state.tolist() == [state]
