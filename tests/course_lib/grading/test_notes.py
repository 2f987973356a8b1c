"""Notes of what a function does with tensors, replayed by rules that the function never saw."""

import numpy as np
import pytest

from course_lib.grading.notes import ForeignRule, replay, take_notes
from course_lib.reference.tensor import Tensor as Exact


class Tensor:
    """As in exercise 5.2, with every rule wrong: it computes, and has no gradients to speak of."""

    __array_ufunc__ = None

    def __init__(self, data, inputs=()):
        self.data = np.array(data, dtype=float)
        self.inputs = inputs

    def __add__(self, other):
        return Tensor(self.data + as_tensor(other).data, (self, as_tensor(other)))

    def __mul__(self, other):
        return Tensor(self.data * as_tensor(other).data, (self, as_tensor(other)))

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + other  # the slip


def as_tensor(x):
    return x if isinstance(x, Tensor) else Tensor(x)


def exp(x):
    return x.exp()


def formula(x, w):
    hidden = (x @ w - 1.5).relu() * np.array([1.0, -2.0])
    return (2 / (1 + exp(-hidden)) - x.sum(axis=1, keepdims=True) ** 2).sum() - hidden.sin().sum()


ARRAYS = np.array([[1.0, -2.0, 0.5], [0.3, 0.7, -1.0]]), np.array([[1.0, 2.0], [0.5, -1.0], [3.0, 0.2]])


def test_notes_replayed_with_arrays_give_the_value():
    notes = take_notes(Tensor, formula, ARRAYS)
    exact = formula(*(Exact(array) for array in ARRAYS))
    assert replay(notes, ARRAYS) == pytest.approx(float(exact.data), rel=1e-14)


def test_notes_replayed_with_exact_tensors_give_exact_gradients_whatever_the_class_does():
    notes = take_notes(Tensor, formula, ARRAYS)
    replayed, direct = [Exact(a) for a in ARRAYS], [Exact(a) for a in ARRAYS]
    replay(notes, replayed).backward()
    formula(*direct).backward()
    for one, other in zip(replayed, direct, strict=True):
        np.testing.assert_allclose(one.grad, other.grad, rtol=1e-13)


def test_inputs_by_name_arrive_as_one_dict_and_the_others_after_it():
    notes = take_notes(Tensor, lambda p, factor: p["a"] * factor, {"a": 3.0, "b": 4.0}, 5.0)
    assert [name for name, _, _ in notes] == ["input", "input", "mul", "result"]
    assert replay(notes, [3.0, 4.0]) == 15.0


def test_a_slip_in_an_operator_of_the_class_does_not_matter():
    assert replay(take_notes(Tensor, lambda x, y: x - y, [5.0, 3.0]), [5.0, 3.0]) == 2.0
    assert replay(take_notes(Tensor, lambda x: -x, [5.0]), [5.0]) == -5.0


def test_tensors_that_were_not_computed_from_the_inputs_are_constants():
    constant = Tensor(2.0) * 3
    notes = take_notes(Tensor, lambda x: constant * x + Tensor(x.data), [5.0])
    x = Exact(5.0)
    result = replay(notes, [x])
    result.backward()
    assert (float(result.data), float(x.grad)) == (35.0, 6.0)


def test_a_rule_of_ones_own_cannot_be_replayed():
    def squared(x):
        return Tensor(x.data**2, (x,))

    for function in (squared, lambda x: x + squared(x)):
        notes = take_notes(Tensor, function, [5.0])
        with pytest.raises(ForeignRule):
            replay(notes, [5.0])


def test_a_result_that_is_no_tensor_is_a_constant():
    assert replay(take_notes(Tensor, lambda x: 7.0, [5.0]), [5.0]) == 7.0


def test_ten_thousand_operations_are_noted_and_replayed():
    def long(x):
        for _ in range(10_000):
            x = x * 1.0001
        return x

    x = Exact(2.0)
    replay(take_notes(Tensor, long, [2.0]), [x]).backward()
    assert float(x.grad) == pytest.approx(1.0001**10_000)


def test_comparisons_and_errors_of_the_function_are_its_own():
    with pytest.raises(ZeroDivisionError):
        take_notes(Tensor, lambda x: 1 / 0, [5.0])


def test_what_python_says_of_a_noting_tensor_names_the_class_that_the_student_knows():
    with pytest.raises(TypeError, match="not 'Tensor'"):
        take_notes(Tensor, lambda x: float(x) * x, [2.0])


@pytest.mark.parametrize("inputs", [[2.0], {"x": 2.0}])
def test_a_function_that_calls_backward_itself_is_told_so(inputs):
    def called(x):
        x = x["x"] if isinstance(x, dict) else x
        x.grad = np.ones(())  # as backward leaves it
        return x * x

    with pytest.raises(AssertionError, match="calls `backward` itself"):
        take_notes(Tensor, called, inputs)
