"""A product with Q in the place of Q.T, or the reverse."""

import numpy as np
import pytest
from views_under_test import linear, view_of

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.operands import transpose, transposed_operand

RNG = np.random.default_rng(3)
Q = RNG.normal(size=(3, 3))
D = RNG.normal(size=(5, 3))


def said(yours, numerical, q=Q, **known):
    inputs = np.ones(np.shape(yours)), q
    found = transposed_operand(view_of(yours, numerical, *inputs, **known))
    if found is not None:
        assert found.cause == Cause.TRANSPOSED_OPERAND
    return found and found.sentence


NAMED = "a product uses x1 where x1.T belongs (or the reverse)"


@pytest.mark.parametrize("of", [Q, Q.T])
def test_a_product_from_the_right_or_from_the_left_is_found(of):
    assert said(D @ of, D @ of.T) == NAMED
    assert said(of @ D.T, of.T @ D.T) == NAMED


def test_products_of_stacks_of_matrices_and_of_vectors_are_found():
    stack, d = RNG.normal(size=(2, 3, 3)), RNG.normal(size=(2, 4, 3))
    of_stack = NAMED.replace("x1.T", "x1.swapaxes(-1, -2)")
    assert said(d @ stack, d @ transpose(stack), stack) == of_stack
    assert said(transpose(stack) @ transpose(d), stack @ transpose(d), stack) == of_stack
    assert said(D[0] @ Q, D[0] @ Q.T) == NAMED
    d = RNG.normal(size=(2, 5, 3))
    assert said(d @ Q, d @ Q.T) == NAMED


def test_other_gradients_are_no_exchanged_operand():
    other = RNG.normal(size=(5, 3))
    assert said(other, D @ Q.T) is None
    assert said(D @ Q + 1e-3, D @ Q.T) is None
    assert said(2 * D @ Q, D @ Q.T) is None


def test_agreement_is_asked_to_a_ten_thousandth():
    yours, numerical = D @ Q, D @ Q.T
    off = np.zeros((5, 3))
    off[np.unravel_index(np.argmax(np.abs(yours)), yours.shape)] = np.abs(yours).max()
    assert said(yours + 0.8e-4 * off, numerical) == NAMED
    assert said(yours + 1.3e-4 * off, numerical) is None


@pytest.mark.parametrize("q", [np.ones((3, 4)), Q + Q.T, np.ones(3), np.diag([1.0, 1.0, 1e-7]) @ Q])
def test_an_operand_that_is_no_square_symmetric_or_nearly_singular_is_left_out(q):
    numerical = D @ q.T if q.shape == (3, 3) else D
    yours = D @ q if q.shape == (3, 3) else -D
    assert said(yours, numerical, q) is None


def test_of_an_operand_that_is_symmetric_or_nearly_the_gradient_may_be_off_by_anything_else():
    for q in (Q + Q.T, Q + Q.T + 1e-6 * Q):
        assert said(D @ q * (1 + 5e-5), D @ q.T, q) is None


@pytest.mark.parametrize(("condition", "found"), [(0.5e6, True), (2e6, False)])
def test_an_operand_is_divided_out_up_to_a_condition_of_a_million(condition, found):
    left, _, right = np.linalg.svd(Q)
    q = left @ np.diag([1.0, 0.5, 1 / condition]) @ right
    assert (said(D @ q, D @ q.T, q) is not None) is found


def test_a_gradient_that_is_not_known_whole_or_is_a_number_is_left_out():
    numerical = D @ Q.T
    numerical[0, 0] = np.nan
    assert said(D @ Q, numerical) is None
    assert said(3.0, 4.0) is None


FORWARD = "a matrix of forward is used transposed in a product, or a filter back to front, or should be"


def with_jacobians(analytic, numerical, forward, x):
    """Return what is said of a backward with one Jacobian of a function with another, (outputs, entries)."""

    def backward(dout, cache):
        return (np.ravel(dout) @ analytic).reshape(x.shape)

    view = view_of(np.ones(analytic.shape[0]) @ analytic, np.ones(analytic.shape[0]) @ numerical, x.ravel())
    view = view_of(
        view.a.reshape(x.shape),
        view.n.reshape(x.shape),
        x,
        forward=forward,
        backward=backward,
        jacobian=numerical,
    )
    found = transposed_operand(view)
    return found and found.sentence


def test_a_matrix_that_forward_made_shows_in_the_jacobians():
    x = RNG.normal(size=3)
    assert with_jacobians(Q, Q.T, lambda x: Q.T @ x, x) == FORWARD
    assert with_jacobians(Q + Q.T, Q + Q.T, lambda x: (Q + Q.T) @ x, x) is None
    assert with_jacobians(2 * Q, Q.T, lambda x: Q.T @ x, x) is None


def test_a_symmetric_jacobian_that_is_nearly_right_is_no_exchanged_one():
    x = RNG.normal(size=3)
    slopes = np.diag([1.0, 2.0, 3.0])
    assert with_jacobians(slopes + np.diag([2e-5, 0.0, 0.0]), slopes, lambda x: x, x) is None
    assert with_jacobians(slopes[:, [1, 0, 2]], slopes, lambda x: x, x) is None


def test_a_matrix_that_is_made_of_each_row_shows_in_the_jacobians():
    x = RNG.normal(size=(4, 3))
    stack = RNG.normal(size=(4, 3, 3))
    analytic, numerical = np.zeros((12, 12)), np.zeros((12, 12))
    for k in range(4):
        numerical[3 * k : 3 * k + 3, 3 * k : 3 * k + 3] = stack[k]
        analytic[3 * k : 3 * k + 3, 3 * k : 3 * k + 3] = stack[k].T
    assert with_jacobians(analytic, numerical, lambda x: x, x) == FORWARD


def test_axes_of_one_length_may_be_exchanged_where_output_and_argument_differ():
    x = RNG.normal(size=(2, 3))
    numerical = RNG.normal(size=(3, 2, 3))
    analytic = np.swapaxes(numerical, 0, 2)
    flat = (3, 6)
    assert with_jacobians(analytic.reshape(flat), numerical.reshape(flat), lambda x: x[0], x) == FORWARD
    assert with_jacobians(-analytic.reshape(flat), numerical.reshape(flat), lambda x: x[0], x) is None
    largest = np.unravel_index(np.argmax(np.abs(analytic)), analytic.shape)
    for off, found in ((0.9e-5, FORWARD), (1.2e-5, None)):
        yours = analytic.copy()
        yours[largest] *= 1 + off
        assert with_jacobians(yours.reshape(flat), numerical.reshape(flat), lambda x: x[0], x) == found


def test_an_axis_of_one_entry_is_exchanged_with_no_other():
    x = RNG.normal(size=(1, 2))
    numerical = RNG.normal(size=(1, 3, 2)).reshape(3, 2)
    assert with_jacobians(numerical, numerical, lambda x: np.ones((1, 3)), x) is None


def test_a_vector_has_no_product_with_a_stack_of_matrices():
    assert said(D[0], D[1], RNG.normal(size=(2, 3, 3))) is None


def test_all_axes_of_output_and_argument_may_be_exchanged_at_once():
    x = RNG.normal(size=(2, 3))
    numerical = RNG.normal(size=(6, 6))
    largest = np.zeros((6, 6))
    largest[np.unravel_index(np.argmax(np.abs(numerical.T)), (6, 6))] = np.abs(numerical).max()

    def exchanged(analytic):
        return with_jacobians(analytic, numerical, lambda x: x, x)

    assert exchanged(numerical.T) == FORWARD
    assert exchanged(-numerical.T) is None
    assert exchanged(numerical.T + 0.9e-5 * largest) == FORWARD
    assert exchanged(numerical.T + 1.2e-5 * largest) is None


def test_an_operand_that_is_not_square_or_of_which_one_matrix_is_singular_is_left_out():
    assert said(D, -D, RNG.normal(size=(3, 4))) is None
    stack, d = RNG.normal(size=(2, 3, 3)), RNG.normal(size=(2, 4, 3))
    stack[1] = np.diag([1.0, 1.0, 1e-8]) @ stack[1]
    assert said(d @ stack, d @ transpose(stack), stack) is None
    assert said(d, -d, RNG.normal(size=(2, 3, 4))) is None


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("shape", "axis", "along"),
    [
        ((4,), 0, np.tri(4)),
        ((3, 2), 0, np.kron(np.tri(3), np.eye(2))),
        ((2, 3), 1, np.kron(np.eye(2), np.tri(3))),
    ],
)
def test_what_is_carried_on_along_an_axis_comes_back_in_the_opposite_order(shape, axis, along, turned):
    right = along.T if turned else along
    cause, sentence = linear(transposed_operand, right.T, right, shape, shape)
    assert cause == Cause.TRANSPOSED_OPERAND | Cause.LOCAL_DERIVATIVE
    assert sentence.startswith(f"yours carries what comes back along axis {axis} in the direction in which f")


def test_where_entries_are_carried_both_ways_a_matrix_is_transposed():
    both = RNG.normal(size=(4, 4))
    cause, sentence = linear(transposed_operand, both.T, both, (4,), (4,))
    assert (cause, sentence) == (
        Cause.TRANSPOSED_OPERAND,
        FORWARD,
    )
