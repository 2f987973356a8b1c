"""Forward is called again elsewhere: what that leaves behind, and gradients that fit there."""

import numpy as np
import pytest
from pairs_under_test import left_in_memory

from course_lib import Cause
from course_lib.gradcheck.calls import _fits, _of_an_earlier_call, repeated_calls
from course_lib.gradcheck.causes import ContractError
from course_lib.gradcheck.contract import first_backward, first_forward
from course_lib.gradcheck.pairs import CachedPair
from course_lib.gradcheck.point import Point
from course_lib.gradcheck.problem import Problem

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(2, 3)), RNG.normal(size=(2, 3))


def called_at(forward, backward, *inputs):
    """The point and the first gradients of a pair, and what forward was called with from then on."""
    seen = []

    def seen_forward(*xs):
        seen.append(xs)
        return forward(*xs), xs

    names = [f"x{k}" for k in range(len(inputs))]
    problem = Problem(CachedPair(seen_forward, backward), inputs, names, "f")
    out, token = first_forward(problem, scalar=False)
    point = Point.of(problem, out, np.ones(out.shape))
    contract = first_backward(point, token)
    seen.clear()
    return point, contract, seen


def test_forward_is_called_again_at_the_point_and_then_a_quarter_farther_out():
    point, contract, seen = called_at(lambda x: x**2, lambda d, c: 2 * d * c[0], np.array([1.0, -2.0]))
    repeated_calls(point, contract)
    assert [xs[0].tolist() for xs in seen] == [[1.0, -2.0], [1.25, -2.5]]


def test_a_backward_that_reads_what_the_last_forward_left_behind_is_told_so():
    last = []

    def forward(x):
        last[:] = [x]
        return x**2

    point, contract, _ = called_at(forward, lambda d, c: 2 * d * last[0], np.array([1.0, -2.0]))
    with pytest.raises(
        ContractError, match=r"^backward uses what the last forward call left behind"
    ) as caught:
        repeated_calls(point, contract)
    assert (caught.value.cause, caught.value.where) == (Cause.FOREIGN_CACHE, "cache")


def test_a_backward_without_a_cache_may_read_what_the_last_forward_left_behind_but_not_count_its_calls():
    last, calls = [], []

    def forward(x):
        last[:] = [x]
        calls.append(None)
        return x**2

    for backward, counted in (
        (lambda d: 2 * d * last[0], False),
        (lambda d: 2 * d * last[0] * len(calls), True),
    ):
        calls.clear()
        point, contract, _ = called_at(forward, backward, np.array([1.0, -2.0]))
        if not counted:
            repeated_calls(point, contract)
            continue
        with pytest.raises(ContractError, match=r"^after forward was called with other inputs") as caught:
            repeated_calls(point, contract)
        assert (caught.value.cause, caught.value.where) == (Cause.NOT_DETERMINISTIC, "backward")

    empty = left_in_memory(0, 0, 1)

    def half_written(d):
        gradient = empty(d)
        gradient[0] = 2 * d[0] * last[0][0]
        return gradient

    point, contract, _ = called_at(forward, half_written, np.array([1.0, -2.0]))
    with pytest.raises(ContractError, match=r"^backward does not write every entry"):
        repeated_calls(point, contract)


@pytest.mark.parametrize("unit", [1e-3, 1.0, 1e3])
@pytest.mark.parametrize(
    ("factor", "fits"), [(1.0, True), (1.0005, True), (1.01, False), (0.99, False), (-1, False)]
)
def test_gradients_fit_to_a_thousandth_of_the_slope(factor, fits, unit):
    x, y = unit * X, np.zeros((2, 3))
    point, _, _ = called_at(
        lambda x, y: np.sum((x / unit) ** 2) + np.sum(y), lambda d, c: (0 * X, 0 * Y), x, y
    )
    gradients = [factor * 2 * x / unit**2, factor * np.ones((2, 3))]
    assert _fits(point, [x, y], gradients)[0] is fits


def test_a_small_slope_is_no_rounding():
    point, _, _ = called_at(lambda x: 1e-6 * x, lambda d, c: d, np.zeros(1))
    assert [_fits(point, [np.zeros(1)], [claim * np.ones(1)])[0] for claim in (1e-6, 2e-6)] == [True, False]


def test_where_two_sides_differ_no_gradient_is_said_to_fit():
    for kink, fits in ((0.0, True), (0.8e-2, True), (2.2e-2, None), (1.0, None)):
        point, _, _ = called_at(lambda x, k=kink: x + k * np.maximum(x, 0), lambda d, c: d, np.zeros(1))
        assert _fits(point, [np.zeros(1)], [np.ones(1)])[0] is fits


def test_gradients_of_an_earlier_call_are_the_same_and_wrong_there():
    def earlier(there, here=2.0, forward=lambda x: x**2):
        point, contract, _ = called_at(
            forward, lambda d, c: d * (here if c[0][0] == 1 else there), np.ones(1)
        )
        return _of_an_earlier_call(point, contract, [np.full(1, 1.25)])

    assert earlier(2.0) is True
    assert earlier(2.5) is False
    assert earlier(2.0 + 1e-12) is False
    assert earlier(3.0, 3.0) is False
    assert earlier(2.0, forward=lambda x: 2 * x) is False
    assert earlier(None) is False


def test_of_several_arguments_all_have_to_repeat():
    calls = []

    def second(d, c):
        calls.append(1)
        return d, d * (1.0 if len(calls) == 1 else 2.0)

    point, contract, _ = called_at(lambda x, y: x + y, second, np.ones(2), np.ones(2))
    with pytest.raises(ContractError, match="gives two answers"):
        repeated_calls(point, contract)


def said_of_three(backward):
    """What is said of a second call of backward, of three arguments."""
    point, contract, _ = called_at(
        lambda x, y, z: x + 2 * y + 4 * z, backward, np.ones(2), np.ones(2), np.ones(2)
    )
    with pytest.raises(ContractError) as caught:
        repeated_calls(point, contract)
    return caught.value.sentence


def test_the_argument_whose_gradient_adds_up_is_named():
    for which in range(3):
        totals = [np.zeros(2) for _ in range(3)]

        def backward(dout, cache, which=which, totals=totals):
            totals[which] += 2**which * dout
            return tuple(totals[k].copy() if k == which else 2**k * dout for k in range(3))

        assert f"adds to the gradient of x{which} that the first call left behind" in said_of_three(backward)


def test_an_answer_that_differs_only_once_is_two_answers_all_the_same():
    calls = []

    def once(dout, cache):
        calls.append(1)
        return dout, 2 * dout * (2.0 if len(calls) == 2 else 1.0), 4 * dout

    assert "with one cache gives two answers" in said_of_three(once)


def test_steps_along_a_direction_are_a_ten_thousandth_of_each_argument():
    unit = 1e3
    point, _, seen = called_at(
        lambda x, y: np.sum(x) + np.sum(y), lambda d, c: (d, d), unit * np.ones(400), np.zeros(400)
    )
    _fits(point, point.inputs, [np.ones(400), np.ones(400)])
    here, ahead, behind, *others = seen
    assert len(others) == 6  # along three directions more
    for k, size in ((0, unit), (1, 1.0)):
        moves = [(there[k] - here[k]) / size for there in (ahead, behind)]
        assert moves[0] == pytest.approx(-moves[1], abs=1e-12)
        assert np.sqrt(np.mean(moves[0] ** 2)) == pytest.approx(1e-4, rel=0.1)


def test_where_parts_of_a_slope_cancel_gradients_fit_to_a_thousandth_of_the_parts():
    first, second = np.random.default_rng(0).normal(size=2)
    weights = 1e3 * np.array([second, -first]) + [1.0, 0.0]  # along this direction little changes
    point, _, _ = called_at(lambda x: weights @ x, lambda d, c: d * weights, np.ones(2))
    for error, fits in ((1.3e-3, True), (-1.3e-3, True), (1.5e-3, False), (-1.5e-3, False)):
        assert _fits(point, [np.ones(2)], [weights * (1 + np.array([error, 0.0]))])[0] is fits


def test_what_a_call_at_other_inputs_leaves_behind_must_not_enter_the_next_call():
    last, largest = [], [0.0]

    def forward(x):
        last[:] = [x]
        largest[0] = max(largest[0], np.abs(x).max())
        return x**2

    point, contract, _ = called_at(forward, lambda d: d * last[0] * largest[0], np.array([1.0, -2.0]))
    with pytest.raises(ContractError, match=r"^after forward was called with other inputs"):
        repeated_calls(point, contract)


def test_memory_that_differs_only_after_a_call_at_other_inputs_is_no_foreign_cache():
    empty = left_in_memory(0, 0, 1)

    def half_written(d, cache):
        gradient = empty(d)
        gradient[0] = 2 * d[0] * cache[0][0]
        return gradient

    point, contract, _ = called_at(lambda x: x**2, half_written, np.array([1.0, -2.0]))
    with pytest.raises(ContractError, match=r"^backward does not write every entry"):
        repeated_calls(point, contract)
