"""One check from beginning to end: its upstream gradient, its verdict, the worst entry, its report."""

import numpy as np
import pytest

from course_lib import Cause, check_gate, check_gradient, check_parameters, check_vjp
from course_lib.gradcheck import check as room
from course_lib.gradcheck.causes import ContractError
from course_lib.gradcheck.check import EXHAUSTIVE, _overall, _verdict, _worst, upstream_gradient
from course_lib.gradcheck.directions import DirectionTest, budget
from course_lib.gradcheck.entries import RIGHT, UNRESOLVED, UNSEEN, WRONG, DirectionResult, Entries
from course_lib.gradcheck.estimate import Estimate
from course_lib.gradcheck.results import ArgumentCheck
from course_lib.gradcheck.ties import TieTest


@pytest.mark.parametrize("shape", [(), (1,), (5, 8), (41,)])
def test_an_upstream_gradient_is_of_both_signs_with_no_small_entries(shape):
    drawn = [upstream_gradient(shape, None, seed) for seed in range(20)]
    assert {dout.shape for dout in drawn} == {shape}
    size = drawn[0].size
    for dout in drawn:
        assert abs(int((dout > 0).sum()) - int((dout < 0).sum())) <= size % 2
        assert np.abs(dout).min() >= 0.5
        assert np.abs(dout).max() <= 1.5
    if size > 10:
        assert np.ptp(np.abs(drawn[0])) > 0.7
        assert not np.array_equal(np.sign(drawn[0]), np.sign(drawn[1]))  # signs are shuffled
        assert (np.diff(np.sign(drawn[0].ravel())) == 0).any()
    assert np.array_equal(upstream_gradient(shape, None, 3), drawn[3])


def test_the_first_sign_is_negative_where_there_is_but_one():
    assert upstream_gradient((), None, 0) < 0


def test_the_callers_upstream_gradient_is_taken_in_the_shape_of_the_output():
    assert upstream_gradient((2,), [3, -4], 0).tolist() == [3.0, -4.0]
    with pytest.raises(
        ContractError, match=r"^forward's output has shape \(2,\); dout has shape \(2, 1\)$"
    ) as error:
        upstream_gradient((2,), [[3], [4]], 0)
    assert (error.value.cause, error.value.where) == (Cause.WRONG_SHAPE, "forward")
    with pytest.raises(ValueError, match=r"^dout is zero everywhere"):
        upstream_gradient((2,), [0.0, 0.0], 0)


class Below(BaseException):
    """Raised below zero, where a loop that approaches a root never ends."""


@pytest.mark.parametrize("factor", [1, -1, 2, 0])
def test_a_gross_mistake_at_positive_numbers_is_named_without_a_look_below_zero(factor):
    def forward(x):
        if (x < 0).any():
            raise Below
        return np.sqrt(x), x

    check = check_vjp(forward, lambda dout, x: factor * dout / (2 * np.sqrt(x)), np.array([2.0, 3.0, 5.0]))
    assert check.passed is (factor == 1)


@pytest.mark.parametrize("calls", [4, 10])
def test_a_forward_that_changes_after_some_calls_is_said_to_do_so(calls):
    seen = []

    def forward(x):
        seen.append(x)
        return x**2 + 0.5 * (len(seen) > calls), x

    check = check_vjp(forward, lambda dout, x: 2 * x * dout, np.arange(1.0, 5.0))
    assert [argument.diagnosis for argument in check.arguments] == [Cause.NOT_DETERMINISTIC]
    assert check.message.startswith("forward gives another output for the same inputs")


@pytest.mark.parametrize(
    ("verdicts", "passed"),
    [("TT", True), ("TF", False), ("NF", False), ("FN", False), ("TN", None), ("N", None)],
)
def test_one_wrong_argument_is_enough_and_one_unknown_leaves_all_unknown(verdicts, passed):
    values = {"T": True, "F": False, "N": None}
    assert _overall(tuple(ArgumentCheck("x", values[v]) for v in verdicts)) is passed


def entries_of(*states, steep=()):
    entries = Entries.unseen(np.arange(1.0, len(states) + 1))
    entries.state[:] = states
    entries.steep[list(steep)] = True
    return entries


def direction(analytic=1.0, value=1.0, error=0.0, size=1.0):
    return DirectionResult(np.ones(4), analytic, size, Estimate(value, error, value, value), error)


def test_a_verdict_is_right_only_if_every_entry_is_known():
    assert _verdict(entries_of(RIGHT, RIGHT)) == (True, "")
    assert _verdict(entries_of(RIGHT, UNSEEN)) == (True, "")
    assert _verdict(entries_of(RIGHT, WRONG, UNRESOLVED)) == (False, "")
    passed, why = _verdict(entries_of(UNRESOLVED, RIGHT, UNRESOLVED))
    assert (passed, why) == (None, "2 entries could not be resolved above rounding noise")
    passed, why = _verdict(entries_of(UNRESOLVED, RIGHT, UNRESOLVED, steep=[1, 2]))
    assert (passed, why) == (None, "1 entry could not be resolved above rounding noise")
    passed, why = _verdict(entries_of(UNRESOLVED, RIGHT, UNRESOLVED, steep=[0, 2]))
    assert passed is None
    assert why.startswith("the slope of 2 entries goes on to change down to the smallest steps, as at a jump")


@pytest.mark.parametrize(
    ("directions", "passed", "words"),
    [
        ([direction()], True, ""),
        (
            [direction(value=2.0)],
            None,
            "one random direction disagrees, but no entry and no other direction does",
        ),
        ([direction(value=2.0), direction()], None, "one random direction disagrees"),
        ([direction(value=2.0), direction(value=2.0)], False, ""),
        ([direction(), direction(value=np.nan, error=np.inf)], None, "forward is not finite along a random"),
        ([direction(error=np.inf)], None, "kinks, jumps or rounding noise hide the slope"),
        ([direction(error=0.06)], None, "kinks, jumps or rounding noise hide the slope"),
        ([direction(error=0.04)], True, ""),
    ],
)
def test_a_verdict_on_a_large_argument_is_that_of_its_directions(directions, passed, words):
    entries = entries_of(UNSEEN, UNSEEN)
    entries.directions = directions
    found, why = _verdict(entries)
    assert found is passed
    assert why.startswith(words)
    assert bool(why) is bool(words)


def worst_of(analytic, numerical, allowed, states, shape):
    entries = Entries.unseen(np.array(analytic))
    entries.numerical[:], entries.allowed[:], entries.state[:] = numerical, allowed, states
    return _worst(entries, shape)


def test_the_worst_entry_is_off_by_most_of_the_wrong_ones_or_by_most_of_what_is_allowed():
    wrong = worst_of([1, 2, 3, 40.0], [1, 3, 7, 80.0], [1, 1, 1, 100], [RIGHT, WRONG, WRONG, RIGHT], (2, 2))
    assert (wrong["worst_index"], wrong["analytic"], wrong["numerical"]) == ((1, 0), 3.0, 7.0)
    assert wrong["allowed_error"] == 1.0
    assert wrong["relative_error"] == pytest.approx(4 / 7)
    assert wrong["error_map"].tolist() == [[0.0, 1.0], [4.0, 0.4]]
    right = worst_of([1, 2, 3.0], [1, 3, 3.5], [1, 4, 1], [RIGHT] * 3, (3,))
    assert (right["worst_index"], right["relative_error"]) == ((2,), pytest.approx(1 / 7))
    larger = worst_of([-8.0], [2.0], [1.0], [WRONG], ())
    assert (larger["worst_index"], larger["relative_error"]) == ((), pytest.approx(10 / 8))


def test_there_is_no_worst_entry_where_none_has_a_numerical_value():
    assert worst_of([1.0], [np.nan], [np.nan], [UNRESOLVED], (1,)) == {}
    one = worst_of([1.0, 2.0, 3.0], [np.nan, 2.5, 1.0], [1, 1, 1], [UNRESOLVED, RIGHT, UNSEEN], (3,))
    assert one["worst_index"] == (1,)
    assert worst_of([0.0], [0.0], [0.0], [RIGHT], (1,))["relative_error"] == 0.0


@pytest.mark.parametrize(("size", "mapped"), [(EXHAUSTIVE, True), (EXHAUSTIVE + 1, False)])
def test_errors_are_mapped_and_entries_looked_at_one_by_one_up_to_3000(size, mapped):
    assert EXHAUSTIVE == 3000
    check = check_gradient(lambda x: np.sum(x**2), np.ones(size), lambda x: 2 * x)
    assert check.passed is True
    assert (check.arguments[0].checked == size) is mapped
    assert (worst_of(*np.ones((3, size)), [RIGHT] * size, (size,))["error_map"] is not None) is mapped


def test_a_check_that_stops_says_where_and_how_often_forward_was_called():
    def forward(x, y):
        raise ValueError("no")

    check = check_vjp(forward, lambda dout, cache: dout, np.ones((2, 3)), 2.0, seed=6)
    assert (check.passed, check.evaluations) == (False, 1)
    assert [(a.name, a.passed, a.diagnosis) for a in check.arguments] == [("forward", False, Cause.RAISED)]
    assert check.message == check.arguments[0].explanation
    assert check.message == "forward raised ValueError: no"
    assert check.inputs == "x (2, 3) float64, y scalar float64, seed 6"
    counted = check_vjp(lambda x, y: x, lambda dout, cache: dout, np.ones(2, np.float32), 2.0)
    assert counted.arguments[0].name == "x"  # no place is at fault but the call as a whole
    assert counted.notes == ("x was promoted from float32 to float64",)


def test_what_is_not_written_yet_is_neither_right_nor_wrong():
    def forward(x):
        raise NotImplementedError

    check = check_vjp(forward, lambda dout, cache: dout, 1.0)
    assert (check.passed, check.arguments, check.message) == (None, (), "not written yet: forward")


def test_a_stub_is_named_where_it_is_not_the_function_itself():
    class Layer:
        def forward(self, x):
            return x

        def backward(self, dout):
            raise NotImplementedError

    def undone(dout, cache):
        return Layer().backward(dout)

    assert check_gate(Layer(), 1.0).message == "not written yet"
    assert check_vjp(lambda x: x, undone, 1.0).message == "not written yet: Layer.backward"
    assert check_vjp(lambda x: x, Layer().backward, 1.0).message == "not written yet"


def test_tied_entries_whose_shares_do_not_add_up_are_wrong_with_their_number():
    def backward(dout, x):
        return dout * (x == x.max())

    x = np.array([1.0, 2.0, 2.0, 0.5])
    argument = check_vjp(lambda x: (x.max(), x), backward, x).arguments[0]
    assert (argument.wrong, argument.diagnosis) == (2, Cause.TIE_COUNTED_TWICE)
    assert argument.explanation.startswith(
        "2 entries tie and share one slope, but your gradients do not add up"
    )
    shared = check_vjp(lambda x: (x.max(), x), lambda d, x: backward(d, x) / 2, x)
    assert shared.passed is True
    both = check_vjp(lambda a, b: (max(a, b), None), lambda dout, cache: (dout, dout), 2.0, 2.0)
    assert [a.diagnosis for a in both.arguments] == [Cause.TIE_COUNTED_TWICE] * 2


def test_float32_is_noted_where_forward_computes_in_it():
    def forward(x):
        return np.tanh(x.astype(np.float32)), x

    check = check_vjp(forward, lambda dout, x: dout * (1 - np.tanh(x) ** 2), np.linspace(-1, 1, 5))
    assert check.passed is True
    assert check.notes == (
        "forward computes in float32, so nothing finer than float32 rounding is asked for",
    )


def test_data_that_fit_into_float32_are_looked_at_along_directions_too():
    x = np.random.default_rng(0).normal(size=40)
    rounded = np.cos(x).astype(np.float32).astype(np.float64)
    check = check_gradient(lambda x: 1e3 + np.sum(np.sin(x)), x, rounded)
    assert check.passed is False
    assert check.arguments[0].diagnosis is Cause.FLOAT32


def test_arguments_are_described_in_their_own_places():
    def backward(dout, cache):
        a, b, c = cache
        return dout * b * c, -dout * a * c, dout * a * b

    a, b, c = np.random.default_rng(1).normal(size=(3, 4))
    check = check_vjp(lambda a, b, c: (a * b * c, (a, b, c)), backward, a, b, c)
    assert [(x.name, x.passed, x.wrong, x.size, x.checked) for x in check.arguments] == [
        ("a", True, 0, 4, 4),
        ("b", False, 4, 4, 4),
        ("c", True, 0, 4, 4),
    ]
    assert check.arguments[1].diagnosis is Cause.SIGN
    assert check.evaluations > 24


def test_an_argument_whose_gradient_is_no_gradient_is_told_in_its_own_place():
    def backward(dout, cache):
        return dout, np.zeros(2), dout

    a, b, c = np.random.default_rng(1).normal(size=(3, 4))
    check = check_vjp(lambda a, b, c: a + b + c, backward, a, b, c)
    assert [argument.passed for argument in check.arguments] == [True, False, True]
    broken = check.arguments[1]
    assert (broken.name, broken.size, broken.diagnosis) == ("b", 4, Cause.WRONG_SHAPE)
    assert broken.explanation.startswith("the gradient of b has shape (2,)")


def test_an_answer_that_is_withheld_is_refused_before_anything_is_called(monkeypatch):
    def refuse():
        raise Below

    monkeypatch.setattr(room, "refuse_answers", refuse)
    with pytest.raises(Below):
        check_gradient(lambda x: x, 1.0, 1.0)


@pytest.mark.parametrize("size", [4, EXHAUSTIVE + 2])
def test_directions_and_ties_are_drawn_from_the_seed_and_each_argument_has_its_part_of_the_budget(
    size, monkeypatch
):
    seeds, budgets = [], []

    class Directions(DirectionTest):
        def __init__(self, point, noise, judge, seed):
            seeds.append(seed)
            super().__init__(point, noise, judge, seed)

        def run(self, most):
            budgets.append(most)
            super().run(most)

    class Ties(TieTest):
        def __init__(self, prober, inputs, seed, nearby):
            seeds.append(seed)
            super().__init__(prober, inputs, seed, nearby)

    monkeypatch.setattr(room, "DirectionTest", Directions)
    monkeypatch.setattr(room, "TieTest", Ties)
    x, w = np.random.default_rng(0).normal(size=(2, size // 2)).astype(np.float32).astype(np.float64)
    check_parameters(lambda p: p["x"] @ p["w"], {"x": x, "w": w}, {"x": w, "w": x}, seed=7)
    assert set(seeds) == {7}
    assert len(seeds) == (3 if size == 4 else 2)
    assert budgets == ([] if size == 4 else [budget(size) // 2] * 2)
