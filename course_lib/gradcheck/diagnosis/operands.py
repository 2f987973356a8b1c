"""Hypothesis: a matrix product in backward uses an operand where its transpose belongs, or the reverse."""

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.evidence import Finding, View, close

#: A matrix worse conditioned than this cannot be divided out of a numerical gradient.
WORST_CONDITION = 1e6


def transposed_operand(view: View) -> Finding | None:
    """A product of backward takes Q instead of Q.T, for an argument or an array that forward made."""
    if view.x.ndim == 0:
        return None
    if _axes_of_output_and_argument_exchanged(view):
        return _in_the_same_direction(view) or Finding(
            Cause.TRANSPOSED_OPERAND,
            "a matrix of forward is used transposed in a product (or should be and is not)",
        )
    for name, operand in view.others.items():
        if operand.ndim < 2 or operand.shape[-1] != operand.shape[-2]:
            continue
        if np.linalg.cond(operand).max() < WORST_CONDITION and _exchanged(view, operand):
            other = f"{name}.T" if operand.ndim == 2 else f"{name}.swapaxes(-1, -2)"
            sentence = f"a product uses {name} where {other} belongs (or the reverse)"
            return Finding(Cause.TRANSPOSED_OPERAND, sentence)
    return None


def _axes_of_output_and_argument_exchanged(view: View) -> bool:
    """Whether the Jacobians differ by exchanging axes of the output with those of the argument."""
    if view.jacobians is None:
        return False
    analytic, numerical = view.jacobians
    if close(analytic, numerical, 1e-5):  # what is symmetric is exchanged too
        return False
    if view.out.shape == view.x.shape:
        matrix = numerical.reshape(view.x.size, view.x.size)
        if close(analytic.reshape(matrix.shape), matrix.T, 1e-5):
            return True
    for i in range(view.out.ndim):
        for j in range(view.x.ndim):
            if close(analytic, np.swapaxes(numerical, i, view.out.ndim + j), 1e-5):
                return True
    return False


def _in_the_same_direction(view: View) -> Finding | None:
    """Forward carries entries on along an axis, as a loop over time does, and yours in the same order."""
    if view.jacobians is None or view.out.shape != view.x.shape:
        return None
    where = np.argwhere(~view.jacobian_zero(view.jacobians[1]))
    for axis in range(view.x.ndim):
        steps = where[:, axis] - where[:, view.x.ndim + axis]
        if steps.any() and ((steps >= 0).all() or (steps <= 0).all()):
            sentence = (
                f"yours carries what comes back along axis {axis} in the direction in which forward goes, "
                f"and the way back is the opposite one: reverse the loop or the cumulative sum, or transpose "
                f"the matrix"
            )
            return Finding(Cause.TRANSPOSED_OPERAND | Cause.LOCAL_DERIVATIVE, sentence)
    return None


def _exchanged(view: View, operand: FloatArray) -> bool:
    """Whether a and n come from products with Q and with Q.T of one array d, which need not be known.

    If n = d Q.T and a = d Q, then a = n inv(Q.T) Q; and the same from the left.
    """
    last = view.x.shape[-1]
    stacked: tuple[int, ...] = view.x.shape if operand.ndim > 2 else (-1, last)
    a, n = view.a.reshape(stacked), view.n.reshape(stacked)
    if n.ndim < operand.ndim or close(a, n, 1e-4):  # as with an operand that is symmetric
        return False
    candidates: list[FloatArray] = []
    for q, q_transposed in ((operand, transpose(operand)), (transpose(operand), operand)):
        inverse = np.linalg.inv(q_transposed)
        if n.shape[-1] == q.shape[-1]:
            candidates.append(n @ inverse @ q)
        if n.shape[-2] == q.shape[-1]:
            candidates.append(q @ inverse @ n)
    return any(close(a, candidate, 1e-4) for candidate in candidates)


def transpose(matrices: FloatArray) -> FloatArray:
    """Exchange the last two axes."""
    return np.swapaxes(matrices, -1, -2)
