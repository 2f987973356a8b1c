"""The same calls again, and gates that keep what an earlier call of forward left behind."""

import numpy as np
import pytest
from pairs_under_test import left_in_memory

from course_lib import Cause, check_gate, check_vjp
from course_lib.gradcheck.arrays import DOUBLE
from course_lib.gradcheck.calls import repeated_calls
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
