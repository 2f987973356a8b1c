import numpy as np
import pytest
from pairs_under_test import affine_backward, affine_forward, affine_inputs, affine_with

from course_lib import Cause, check_vjp
from course_lib.gradcheck.causes import ContractError
from course_lib.gradcheck.contract import (
    first_forward,
)
from course_lib.gradcheck.pairs import CachedPair
from course_lib.gradcheck.problem import Problem


def only_fault(check):
    faults = [argument for argument in check.arguments if argument.diagnosis]
    assert check.passed is False
    assert len(faults) == 1
    return faults[0]


def affine(backward, forward=affine_forward):
    return only_fault(check_vjp(forward, backward, *affine_inputs()))


def test_a_function_that_is_not_written_yet_is_neither_right_nor_wrong():
    def affine_backward(dout, cache):
        raise NotImplementedError("not written yet")

    check = check_vjp(affine_forward, affine_backward, *affine_inputs())
    assert check.passed is None
    assert str(check).startswith("affine_backward: not written yet")


@pytest.mark.parametrize(
    ("changes", "cause", "words"),
    [
        ({"b": lambda g: g[None]}, Cause.WRONG_SHAPE, "shape (1, 4); expected (4,)"),
        ({"b": lambda g: g[:, None]}, Cause.WRONG_SHAPE, "an axis of length 1 is too many"),
        ({"w": np.transpose}, Cause.WRONG_SHAPE, "it looks transposed"),
        ({"b": lambda g: np.ones((6, 4))}, Cause.WRONG_SHAPE, "sum over the axes that broadcasting added"),
        ({"w": lambda g: g.astype(int)}, Cause.WRONG_DTYPE, "dtype int64; expected float64"),
        ({"w": lambda g: g > 0}, Cause.WRONG_DTYPE, "dtype bool"),
        ({"w": lambda g: g + 0j}, Cause.WRONG_DTYPE, "dtype complex128"),
        ({"w": lambda g: g.astype(object)}, Cause.WRONG_DTYPE, "dtype object"),
        ({"w": lambda g: None}, Cause.WRONG_TYPE, "the gradient of w is None"),
        ({"w": lambda g: {"w": g}}, Cause.WRONG_TYPE, "is a dict; expected a NumPy array"),
        ({"w": lambda g: g / 0}, Cause.NON_FINITE, "holds 12 nan or inf, first at [0, 0]"),
    ],
)
def test_a_malformed_gradient_is_named_before_any_value_is_compared(changes, cause, words):
    fault = affine(affine_with(**changes))
    assert fault.diagnosis == cause
    assert words in fault.explanation
    assert fault.checked == 0


def test_the_other_gradients_are_still_judged():
    check = check_vjp(affine_forward, affine_with(b=lambda g: g[None], w=np.negative), *affine_inputs())
    assert [argument.diagnosis for argument in check.arguments] == [None, Cause.SIGN, Cause.WRONG_SHAPE]


@pytest.mark.parametrize(
    ("returned", "words"), [(None, "returned None"), ((1.0, 2.0), "returned 2 gradients; expected 3")]
)
def test_a_wrong_number_of_gradients_is_one_sentence(returned, words):
    assert words in affine(lambda dout, cache: returned).explanation


def test_a_backward_that_raises_is_reported_with_its_exception_and_its_line():
    fault = affine(lambda dout, cache: 1 / 0)
    assert fault.diagnosis == Cause.RAISED
    said = (
        "backward raised ZeroDivisionError: division by zero, in `fault = affine(lambda dout, cache: 1 / 0)`"
    )
    assert fault.explanation == said


def test_a_product_of_shapes_that_do_not_fit_asks_for_the_transpose():
    fault = affine(lambda dout, cache: (dout @ cache[1], cache[0].T @ dout, dout.sum(0)))
    assert fault.diagnosis == Cause.RAISED
    assert fault.explanation.endswith(
        "does an operand of the product have to be transposed? For two vectors there is np.outer"
    )


@pytest.mark.parametrize(
    ("out", "cause"),
    [
        (None, Cause.WRONG_TYPE),
        ([1.0, 2.0], Cause.WRONG_TYPE),
        ("3", Cause.WRONG_TYPE),
        (np.array([None]), Cause.WRONG_DTYPE),
        (np.zeros((0, 3)), Cause.WRONG_SHAPE),
        (np.array([1.0, np.nan]), Cause.NON_FINITE),
        ((1.0, 2.0, 3.0), Cause.WRONG_COUNT),
    ],
)
def test_a_malformed_output_is_named(out, cause):
    assert affine(affine_backward, lambda x, w, b: out).diagnosis == cause


def test_a_forward_that_raises_is_reported_with_its_exception():
    fault = affine(affine_backward, lambda x, w, b: w @ x)
    assert fault.diagnosis == Cause.RAISED
    assert fault.explanation.startswith("forward raised ValueError")


def test_a_backward_that_zeroes_dout_in_place_fails():
    def backward(dout, cache):
        gradients = affine_backward(dout, cache)
        dout[...] = 0
        return gradients

    fault = affine(backward)
    assert (fault.name, fault.diagnosis) == ("dout", Cause.MUTATED)


def test_a_forward_that_changes_its_argument_fails():
    def forward(x, w, b):
        x -= x.mean(axis=0)
        return affine_forward(x, w, b)

    fault = affine(affine_backward, forward)
    assert (fault.name, fault.diagnosis) == ("x", Cause.MUTATED)


def test_a_backward_that_changes_its_cache_fails_even_if_the_gradient_is_right():
    def forward(x):
        return np.maximum(x, 0), {"mask": (x > 0) * 1.0}

    def backward(dout, cache):
        cache["mask"] *= dout
        return cache["mask"].copy()

    fault = only_fault(check_vjp(forward, backward, np.array([1.0, -2.0, 3.0])))
    assert (fault.name, fault.diagnosis) == ("cache", Cause.MUTATED)


class Opaque:
    """A cache that nothing can be seen of, like a handle to another process."""

    def __init__(self, value):
        self._value = value

    def __copy__(self):
        raise TypeError("cannot be copied")

    __deepcopy__ = __copy__


def test_an_opaque_cache_is_only_handed_back():
    def backward(dout, cache):
        return 2 * dout * cache._value

    assert check_vjp(lambda x: (x**2, Opaque(x)), backward, np.array([1.0, -2.0, 3.0])).passed is True


def test_an_opaque_cache_that_is_used_up_is_noticed():
    def backward(dout, cache):
        value, cache._value = cache._value, 0
        return 2 * dout * value

    fault = only_fault(check_vjp(lambda x: (x**2, Opaque(x)), backward, np.array([1.0, -2.0, 3.0])))
    assert (fault.name, fault.diagnosis) == ("cache", Cause.MUTATED)


def test_a_backward_that_reads_what_the_last_forward_left_behind_fails():
    last = {}

    def forward(x):
        last["x"] = x
        return x**2, x

    fault = only_fault(
        check_vjp(forward, lambda dout, cache: 2 * dout * last["x"], np.array([1.0, -2.0, 3.0]))
    )
    assert fault.diagnosis == Cause.FOREIGN_CACHE


def test_a_forward_with_noise_fails():
    noise = np.random.default_rng(0)
    fault = only_fault(
        check_vjp(lambda x: x * noise.normal(), lambda dout, cache: dout, np.array([1.0, 2.0]))
    )
    assert fault.diagnosis == Cause.NOT_DETERMINISTIC


@pytest.mark.parametrize(
    ("backward", "cause"),
    [
        (lambda dout, c: (c[0] > 0) * 1.0, Cause.UPSTREAM_IGNORED),
        (lambda dout, c: dout * (dout > 0), Cause.MASK_FROM_WRONG_TENSOR),
        (lambda dout, c: dout * (c[0] > 0) * (dout > 0), Cause.MASK_FROM_WRONG_TENSOR),
        (lambda dout, c: dout * (np.abs(dout) < 1.2), Cause.MASK_FROM_WRONG_TENSOR),
        (lambda dout, c: dout**2, Cause.UPSTREAM_MISUSED),
        (lambda dout, c: dout * (c[0] > 0) + c[0], Cause.UPSTREAM_MISUSED),
    ],
)
def test_what_a_backward_does_with_dout_is_checked(backward, cause):
    x = np.array([1.0, -2.0, 3.0, -4.0, 5.0, 0.5])
    assert only_fault(check_vjp(lambda x: np.maximum(x, 0), backward, x)).diagnosis == cause


def test_ignoring_dout_fails_even_where_dout_is_one():
    check = check_vjp(lambda x: np.sum(x**2), lambda dout, c: 2 * c[0], np.array([1.0, 2.0, 3.0]), dout=1.0)
    assert only_fault(check).diagnosis == Cause.UPSTREAM_IGNORED


@pytest.mark.parametrize(
    ("out", "sentence"),
    [
        (None, "forward returned None; did you forget the return statement?"),
        ([1.0, 2.0], "forward returned a list; expected a number or a NumPy array"),
        (True, "forward returned a bool; expected a number or a NumPy array"),
        (np.array([None]), "forward's output has dtype object; expected floats"),
        (np.array([1j]), "forward's output has dtype complex128; expected floats"),
        (np.array([True]), "forward's output has dtype bool; expected floats"),
        (np.zeros((0, 3)), "forward's output is empty, of shape (0, 3)"),
        (np.array([1.0, np.inf]), "forward's output holds nan or inf at this point"),
    ],
)
def test_the_sentence_about_a_malformed_output_says_what_it_is(out, sentence):
    fault = affine(affine_backward, lambda x, w, b: (out, (x, w, b)))
    assert fault.explanation.startswith(sentence)
    assert fault.name == "forward"
    if not (isinstance(out, np.ndarray) and out.size == 2):  # more than one number is refused otherwise
        with pytest.raises(ContractError) as caught:
            outputs_of(out, scalar=True)
        assert str(caught.value).startswith(sentence.replace("forward", "the function"))


def outputs_of(out, scalar):
    problem = Problem(CachedPair(lambda x: (out, x), lambda dout, x: dout), [np.ones(3)], ["x"], "f")
    return first_forward(problem, scalar)[0]


@pytest.mark.parametrize("error", [SystemExit("stop"), ZeroDivisionError("zero")])
def test_whatever_a_function_raises_is_said_and_not_let_through(error):
    def raising(*arguments):
        raise error

    for side, check in (
        ("forward", lambda: affine(affine_backward, raising)),
        ("backward", lambda: affine(raising)),
    ):
        fault = check()
        assert (fault.name, fault.diagnosis) == (side, Cause.RAISED)
        assert fault.explanation.startswith(f"{side} raised {type(error).__name__}: ")


def test_a_forward_that_is_not_written_yet_is_neither_right_nor_wrong():
    def forward(x, w, b):
        raise NotImplementedError

    assert check_vjp(forward, affine_backward, *affine_inputs()).passed is None


def test_a_backward_that_changes_an_argument_is_named_with_it():
    def backward(dout, cache):
        gradients = affine_backward(dout, cache)
        cache[1][...] *= 2
        return gradients

    fault = affine(backward, lambda x, w, b: (x @ w + b, (x, w, b)))
    assert (fault.name, fault.diagnosis) == ("w", Cause.MUTATED)
    assert fault.explanation == "backward changed its argument w in place; work on a copy of it"


def test_a_backward_that_changes_an_array_of_its_cache_is_told_so():
    def backward(dout, cache):
        cache["list"][0][...] += 1
        return 2 * dout * cache["x"]

    fault = only_fault(check_vjp(lambda x: (x**2, {"x": x, "list": (np.ones(2),)}), backward, np.ones(3)))
    assert fault.explanation == "backward changed an array in its cache; work on a copy of it"
