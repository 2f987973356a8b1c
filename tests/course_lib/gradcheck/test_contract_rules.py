"""What an output and a gradient may be, and what counts as changed: the rules, one at a time."""

import numpy as np
import pytest

from course_lib import Cause, check_vjp
from course_lib.gradcheck.causes import ContractError
from course_lib.gradcheck.contract import (
    Contract,
    arrays_in,
    fingerprints,
    first_forward,
    gradient_fault,
    same,
)
from course_lib.gradcheck.pairs import CachedPair
from course_lib.gradcheck.problem import Problem


def outputs_of(out, scalar):
    problem = Problem(CachedPair(lambda x: (out, x), lambda dout, x: dout), [np.ones(3)], ["x"], "f")
    return first_forward(problem, scalar)[0]


@pytest.mark.parametrize("out", [3, 3.0, np.float32(3), np.array(3), np.array([3.0]), np.array([[3]])])
def test_the_one_number_of_a_loss_may_come_in_any_shape_and_kind(out):
    found = outputs_of(out, scalar=True)
    assert (found.shape, found.dtype, float(found)) == ((), np.float64, 3.0)
    assert outputs_of(out, scalar=False).shape == np.shape(out)


def test_a_loss_of_several_numbers_is_refused_and_an_output_of_several_is_not():
    with pytest.raises(
        ContractError, match=r"^the function returned shape \(2,\); expected a scalar$"
    ) as caught:
        outputs_of(np.ones(2), scalar=True)
    assert (caught.value.cause, caught.value.where) == (Cause.WRONG_SHAPE, "forward")
    assert outputs_of(np.ones(2), scalar=False).tolist() == [1.0, 1.0]


def test_an_output_is_copied_before_anything_can_change_it():
    out = np.ones(2)
    found = outputs_of(out, scalar=False)
    out[0] = 9.0
    assert found.tolist() == [1.0, 1.0]


def fault_of(gradient, x):
    problem = Problem(CachedPair(lambda x: x, lambda dout, x: dout), [x], ["x"], "f")
    return gradient_fault(problem, 0, gradient)


def test_a_gradient_of_a_number_may_be_any_number_and_of_an_array_only_floats():
    for number in (2, 2.0, np.float32(2), np.int64(2), np.array(2)):
        assert fault_of(number, np.array(1.0)) is None
    assert fault_of(np.array(True), np.array(1.0)) == (
        Cause.WRONG_DTYPE,
        "the gradient of x has dtype bool; expected float64",
    )
    assert fault_of(np.ones(2, dtype=np.float32), np.ones(2)) is None
    assert fault_of(np.ones(2, dtype=int), np.ones(2))[0] == Cause.WRONG_DTYPE
    assert fault_of([1.0, 2.0], np.ones(2)) is None
    assert fault_of(["a", "b"], np.ones(2)) == (
        Cause.WRONG_TYPE,
        "the gradient of x is a list; expected a NumPy array of shape (2,)",
    )
    assert fault_of("a", np.ones(()))[1] == "the gradient of x is a str; expected a number"


@pytest.mark.parametrize(
    ("actual", "expected", "hint"),
    [
        ((2, 3), (3, 2), ": it looks transposed"),
        ((1, 3), (3,), ": an axis of length 1 is too many"),
        ((3,), (3, 1), ": an axis of length 1 is missing"),
        ((1, 3, 1), (3, 1, 1), ": an axis of length 1 is in another place"),
        ((5, 3), (3,), ": sum over the axes that broadcasting added"),
        ((2, 5, 3), (5, 1), ": sum over the axes that broadcasting added"),
        ((3, 2, 3), (6, 3), ""),
        ((3,), (4,), ""),
        ((3,), (2, 4), ""),
    ],
)
def test_a_wrong_shape_is_said_with_what_it_looks_like(actual, expected, hint):
    sentence = f"the gradient of x has shape {actual}; expected {expected}, the shape of x itself{hint}"
    assert fault_of(np.ones(actual), np.ones(expected)) == (Cause.WRONG_SHAPE, sentence)


@pytest.mark.parametrize("x", [np.ones(3), np.ones((1, 3)), 2.0])
def test_a_cache_of_one_array_that_was_not_unpacked_is_told(x):
    for forward in (np.sin, lambda x: (np.sin(x), (x,))):
        check = check_vjp(forward, lambda dout, cache: dout * np.cos(cache), x)
        assert check.arguments[0].explanation.endswith("is a tuple of one: take its entry [0]")
        assert check_vjp(forward, lambda dout, cache: dout * np.cos(cache[0]), x).passed
    two = check_vjp(lambda x: (np.sin(x), (x, x)), lambda dout, cache: dout * np.cos(cache), x)
    assert "tuple of one" not in two.arguments[0].explanation
    check = check_vjp(lambda x: (np.sin(x), x), lambda dout, x: (dout * np.cos(x))[None], x)
    assert check.arguments[0].explanation.endswith("an axis of length 1 is too many")
    check = check_vjp(np.sin, lambda dout, cache: (dout * np.cos(*cache))[None], x)
    assert check.arguments[0].explanation.endswith("an axis of length 1 is too many")


@pytest.mark.parametrize("x", [np.ones(3), np.ones((2, 3)), 2.0])
def test_so_is_one_whose_entry_is_taken_for_an_array_in_any_other_way(x):
    unpack = "; the second argument of backward is a tuple of one: take its entry [0]"
    twice = check_vjp(np.square, lambda dout, x: 2 * x * dout, x)  # two entries, or no product
    first = "the gradient of x has shape" if np.ndim(x) else "backward raised TypeError"
    assert twice.arguments[0].explanation.startswith(first)
    assert twice.arguments[0].explanation.endswith(unpack)
    assert "axes that broadcasting added" not in twice.arguments[0].explanation
    for shape, told in ((lambda x: x.shape, np.ndim(x) > 0), (lambda x: x.shap, False)):
        raised = check_vjp(np.sum, lambda dout, x, shape=shape: dout * np.ones(shape(x)), x)
        assert raised.arguments[0].explanation.endswith(unpack) is told  # else the entry raises, too


def test_the_first_entry_that_is_no_number_is_named_and_all_are_counted():
    gradient = np.ones((2, 3))
    gradient[1, [0, 2]] = np.nan, -np.inf
    cause, sentence = fault_of(gradient, np.ones((2, 3)))
    assert cause == Cause.NON_FINITE
    assert sentence.startswith("the gradient of x holds 2 nan or inf, first at [1, 0]: look for")
    assert "holds 1 nan or inf, there: look" in fault_of(np.nan, np.array(1.0))[1]


def test_answers_are_the_same_within_a_ten_billionth_of_the_largest_entry_or_an_absolute_error():
    expected = np.array([1.0, -1e3, 0.0])
    for error, alike in ((0.95e-7, True), (1.2e-7, False), (-1.2e-7, False)):
        assert same(expected + np.array([0.0, 0.0, error]), expected) is alike
    assert same(expected + 1e-4, expected, absolute=1.01e-4) is True
    assert same(expected + 1e-4, expected, absolute=0.98e-4) is False
    assert same(expected + 1e-4, expected, tolerance=1.1e-7) is True
    assert same(np.array([np.nan, np.inf, 1.0]), np.array([np.nan, np.inf, 1.0])) is True
    assert same(np.array([np.nan, 1.0]), np.array([1.0, 1.0])) is False
    assert same(np.array([2.0, np.inf]), np.array([1.0, np.inf])) is False
    assert same(np.zeros(0), np.zeros(0)) is True


def test_arrays_are_found_in_tuples_lists_and_dicts_four_deep():
    a, b, c = np.ones(1), np.ones(2), np.ones(3)
    assert [x.size for x in arrays_in((a, [b, {"c": c}], "text", 5, {a.size}))] == [1, 2, 3]
    assert [x.size for x in arrays_in(c)] == [3]
    for wrap in (lambda x: [x], lambda x: (x,), lambda x: {"x": x}):
        nested = a
        for _ in range(4):
            nested = wrap(nested)
        assert len(list(arrays_in(nested))) == 1
        assert not list(arrays_in(wrap(nested)))


def test_a_fingerprint_changes_with_any_number_and_passes_over_what_holds_none():
    arrays = [np.arange(6.0).reshape(2, 3), np.arange(3), np.array([True]), np.array([1j])]
    before = fingerprints(iter(arrays))
    assert len(set(before)) == 4
    assert fingerprints(iter([array.copy() for array in arrays])) == before
    for k, array in enumerate(arrays):
        array.flat[-1] = not array.flat[-1]
        assert [old != new for old, new in zip(before, fingerprints(iter(arrays)), strict=True)][k]
    assert fingerprints(iter([np.zeros((0, 2)), np.array(["a"]), np.array([None])])) == [0]
    assert fingerprints(iter([arrays[0].T])) == fingerprints(iter([arrays[0].T.copy()]))


def test_a_contract_knows_which_gradients_can_be_compared():
    known = Contract([np.ones(2), None, np.zeros(1)], {1: (Cause.WRONG_TYPE, "none")})
    assert known.sound() == [0, 2]
    assert known.gradient(2).tolist() == [0.0]
    with pytest.raises(KeyError, match="1"):
        known.gradient(1)
