"""Hypotheses: how the gradient of one argument follows from those of the others.

In `x - y` the gradients are opposite; that of a bias is a sum of that of what it was added to. Where the
numerical gradients are related so, yours should be as well, and how they are not says what is wrong.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.evidence import Finding, View, close
from course_lib.gradcheck.diagnosis.experiments import outcome_at
from course_lib.gradcheck.diagnosis.paths import STAYS

#: Agreement of numerical gradients with each other, relative to the largest entry.
RELATED = 1e-6


def others_gradients(view: View) -> Iterator[tuple[str, FloatArray]]:
    """Yield name and numerical gradient of every other argument that was looked at as a whole."""
    point = view.evidence.point
    for j, entries in view.evidence.judged.items():
        gradient = entries.numerical.reshape(point.inputs[j].shape)
        if j != view.k and np.isfinite(gradient).all() and gradient.any():
            yield point.names[j], gradient


def part_of_a_sum(view: View) -> Finding | None:
    """The gradient is a sum of another one; yours is one slice of that, or a sum along another axis."""
    for name, whole in others_gradients(view):
        for axis in range(whole.ndim):
            if whole.shape[axis] < 2:
                continue
            total = whole.sum(axis=axis)
            for sign in (1.0, -1.0):
                if close(view.n, sign * total, RELATED):
                    finding = _part(view, name, sign * whole, axis)
                    if finding is not None:
                        return finding
    return None


def _part(view: View, name: str, whole: FloatArray, axis: int) -> Finding | None:
    for index, which in ((-1, "last"), (0, "first")):
        if view.matches(np.take(whole, index, axis=axis)):
            sentence = f"yours is the {which} slice of a sum along axis {axis} of {name}: use += or a sum"
            return Finding(Cause.OVERWRITTEN, sentence)
    for other in range(whole.ndim):
        if other != axis and view.matches(whole.sum(axis=other)):
            sentence = f"yours is summed along axis {other} of {name}; it should be axis {axis}"
            return Finding(Cause.WRONG_AXIS, sentence)
    return None


def combination_of_others(view: View) -> Finding | None:
    """The gradient is a combination of the others, as where only differences matter; yours is not."""
    same_shape = {name: g for name, g in others_gradients(view) if g.shape == view.x.shape}
    if not view.complete or len(same_shape) < 2 or view.x.size < 2 * len(same_shape) + 2:
        return None
    matrix = np.stack([g.ravel() for g in same_shape.values()], axis=1)
    right, yours = _coefficients(matrix, view.n), _coefficients(matrix, view.a)
    if right is None or yours is None or np.abs(right).min() < 1e-3 or not _meet(view, same_shape):
        return None
    for name, of_right, of_yours in zip(same_shape, right, yours, strict=True):
        share = of_yours / of_right
        if abs(share) < 1e-4:
            return Finding(Cause.DROPPED_PATH, f"the path that also leads to {name} is missing in yours")
        if abs(share + 1) < 1e-4:
            return Finding(
                Cause.SIGN_OF_ONE_TERM, f"the term that also goes to {name} has the opposite sign in yours"
            )
    return None


def _meet(view: View, names: Iterable[str]) -> bool:
    """Whether the gradient changes with all of these arguments, as where they come together, or with none.

    In `f(a - b) + g(a - c)` that of `c` does not change with `b`: no path leads to both.
    """
    point = view.evidence.point
    here, changes = outcome_at(view, point.inputs), set()
    for j in map(point.names.index, names):
        there = outcome_at(view, point.moved(j, 1.1 * point.inputs[j] + 0.1))
        if here is not None and there is not None:
            changes.add(bool(np.abs(there.numerical - here.numerical).max() > STAYS * here.size()))
    return len(changes) < 2


def _coefficients(matrix: FloatArray, target: FloatArray) -> FloatArray | None:
    """Return how a gradient is combined from others, if it is exactly."""
    if np.linalg.matrix_rank(matrix, 1e-6 * float(np.abs(matrix).max())) < matrix.shape[1]:
        return None
    found = np.asarray(np.linalg.lstsq(matrix, target.ravel(), rcond=None)[0], dtype=np.float64)
    return found if close(matrix @ found, target.ravel(), 1e-5) else None
