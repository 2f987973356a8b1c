"""The same calls again, and gates that keep what an earlier call of forward left behind."""

import numpy as np
import pytest

from course_lib import Cause, check_gate, check_vjp
from course_lib.gradcheck.arrays import DOUBLE
from course_lib.gradcheck.calls import _fits, _of_an_earlier_call, repeated_calls
from course_lib.gradcheck.causes import ContractError
from course_lib.gradcheck.contract import Contract, first_backward, first_forward
from course_lib.gradcheck.pairs import CachedPair
from course_lib.gradcheck.point import Point
from course_lib.gradcheck.problem import Problem

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(2, 3)), RNG.normal(size=(2, 3))


class Product:
    """It keeps the inputs of its first call, and no others."""

    kept = None

    def forward(self, x, y):
        if self.kept is None:
            self.kept = x, y
        return x * y

    def backward(self, dout):
        x, y = self.kept
        return dout * y, dout * x


class Once(Product):
    """It keeps them for each call."""

    def forward(self, x, y):
        self.kept = None
        return super().forward(x, y)


def test_a_gate_that_keeps_its_first_inputs_is_told_so():
    check = check_gate(Product(), X, Y)
    assert check.passed is False
    assert Cause.FOREIGN_CACHE in check.arguments[0].diagnosis
    assert "backward still gives the gradients of the first call" in " ".join(str(check).split())


class Maximum:
    """Its gradients are the same wherever the same side is larger, and right."""

    def forward(self, x, y):
        self.larger = x >= y
        return np.maximum(x, y)

    def backward(self, dout):
        return dout * self.larger, dout * ~self.larger


class Rectified:
    def forward(self, x):
        self.on = x > 0
        return np.maximum(x, 0)

    def backward(self, dout):
        return (dout * self.on,)


class Sum:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout, dout


@pytest.mark.parametrize(
    ("gate", "inputs"),
    [
        (Once(), (X, Y)),
        (Sum(), (X, Y)),
        (Maximum(), (X, Y)),
        (Rectified(), (np.array([-1.0, 0.0, 2.0]),)),
    ],
)
def test_gradients_that_are_the_same_everywhere_may_be_right(gate, inputs):
    assert check_gate(gate, *inputs).passed is True


class Scaled:
    def forward(self, x):
        return 3 * x

    def backward(self, dout):
        return (dout / 3,)


def test_a_gradient_that_is_wrong_at_once_is_no_earlier_call_s():
    assert "first call" not in str(check_gate(Scaled(), X))


def test_a_tie_is_no_earlier_call():
    check = check_gate(Maximum(), X, X)
    assert "first call" not in str(check)


def second_calls(forward, backward, x=None):
    """What is said of a pair whose first call was right."""
    x = np.array([1.0, -2.0, 3.0]) if x is None else x
    problem = Problem(CachedPair(forward, backward), [x], ["x"], "f")
    out, token = first_forward(problem, scalar=False)
    point = Point.of(problem, out, np.ones(out.shape))
    with pytest.raises(ContractError) as caught:
        repeated_calls(point, first_backward(point, token))
    return caught.value.cause, caught.value.where, caught.value.sentence


def test_a_backward_that_adds_to_what_it_left_behind_is_told_so():
    total = np.zeros(3)

    def backward(dout, x):
        total[...] += 2 * dout * x
        return total.copy()

    cause, where, sentence = second_calls(lambda x: (x**2, x), backward)
    assert (cause, where) == (Cause.MUTATED, "cache")
    assert sentence.startswith("calling backward again adds to the gradient of x that the first call left")


def test_a_backward_that_answers_differently_or_fails_the_second_time_is_told_so():
    calls = []

    def counting(dout, x):
        calls.append(1)
        return dout * len(calls) ** 2

    assert "with one cache gives two answers" in second_calls(lambda x: (x, x), counting)[2]

    def once(dout, cache):
        return dout * next(cache)

    assert "with one cache fails" in second_calls(lambda x: (x**2, iter([2 * x])), once)[2]


def test_a_forward_that_drifts_is_told_what_may_have_been_left_behind():
    count = []

    def forward(x):
        count.append(1)
        return x * len(count), x

    cause, where, sentence = second_calls(forward, lambda dout, x: dout)
    assert (cause, where) == (Cause.NOT_DETERMINISTIC, "forward")
    assert sentence.startswith("forward gives another output for the same inputs: fix its seed")


def test_a_backward_may_repeat_to_rounding_and_no_worse():
    calls = []

    def after(error):
        def backward(dout, x):
            calls.append(1)
            return 2 * dout * x + (error if len(calls) > 1 else 0.0)

        calls.clear()
        return check_vjp(lambda x: (x**2, x), backward, np.array([1.0, -2.0, 3.0]), dout=np.ones(3))

    assert after(0.5e-10 * 6).passed is True
    assert Cause.MUTATED in after(3e-10 * 6).arguments[0].diagnosis


def test_a_gradient_of_mere_rounding_may_repeat_up_to_sixteen_units_of_what_it_could_be():
    def contract(units):
        problem = Problem(
            CachedPair(lambda x: x * 0 + 3.0, lambda dout, c: dout * 0), [np.full(2, 2.0)], ["x"], "f"
        )
        out, token = first_forward(problem, scalar=False)
        point = Point.of(problem, out, np.ones(2))
        gradients = [np.full(2, units * DOUBLE * 6.0 / 2.0)]  # outputs of 3 and 3 change over a size of 2
        repeated_calls(point, Contract(gradients, token=token))

    contract(15.5)
    with pytest.raises(ContractError):
        contract(16.5)


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


def left_in_memory(*values):
    """What np.empty gives, with these numbers in it at the first calls."""
    left = iter(values)

    def empty(x):
        value = next(left, None)
        return np.empty_like(x) if value is None else np.full_like(x, value)

    return empty


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


def test_where_two_sides_differ_no_gradient_is_said_to_fit():
    for kink, fits in ((0.0, True), (0.8e-2, True), (2.2e-2, None), (1.0, None)):
        point, _, _ = called_at(lambda x, k=kink: x + k * np.maximum(x, 0), lambda d, c: d, np.zeros(1))
        assert _fits(point, [np.zeros(1)], [np.ones(1)])[0] is fits


class Sine:
    """It keeps the inputs of its first call, in whatever way."""

    def forward(self, x):
        if not hasattr(self, "slope"):
            self.slope = lambda dout: dout * np.cos(x)
        return np.sin(x)

    def backward(self, dout):
        return (self.slope(dout),)


class Rectifier(Rectified):
    def forward(self, x):
        return super().forward(x.astype(np.float32))


@pytest.mark.parametrize("seed", range(8))
def test_gradients_of_an_earlier_call_are_told_from_others_along_one_of_several_directions(seed):
    x = np.random.default_rng(seed).normal(size=(4, 3))
    assert "gradients of the first call" in " ".join(str(check_gate(Sine(), x)).split())
    assert check_gate(Rectifier(), x).passed is True


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


@pytest.mark.parametrize("left", [(0, 1, 2), (np.nan,)])
def test_entries_that_backward_never_writes_are_told_from_a_changed_cache(left):
    empty = left_in_memory(*left)

    def all_but_one_row(dout, x):
        gradient = empty(x)
        gradient[:-1] = 2 * dout[:-1] * x[:-1]
        return gradient

    x = np.arange(1.0, 13.0).reshape(3, 4)
    cause, where, sentence = second_calls(lambda x: (x**2, x), all_but_one_row, x)
    assert (cause, where) == (Cause.NOT_DETERMINISTIC, "x")
    assert sentence.startswith(
        "backward does not write every entry of the gradient of x: that at [2, 0] holds"
    )


def test_entries_that_forward_never_writes_are_told_from_noise():
    empty = left_in_memory(0, 1)

    def all_but_one(x):
        out = empty(x)
        out[1:] = x[1:]
        return out, x

    cause, where, sentence = second_calls(all_but_one, lambda dout, x: dout)
    assert (cause, where) == (Cause.NOT_DETERMINISTIC, "forward")
    assert "forward does not write every entry of its output: that at [0]" in sentence


def test_no_cache_is_blamed_where_new_calls_differ_too():
    rng = np.random.default_rng(0)
    cause, where, sentence = second_calls(lambda x: (x, x), lambda dout, x: dout * rng.normal())
    assert (cause, where) == (Cause.MUTATED | Cause.NOT_DETERMINISTIC, "backward")
    assert "so do new calls of forward and backward" in sentence
    assert "must not change its cache" not in sentence


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
