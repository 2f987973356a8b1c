"""Hypothesis: the true gradient is balanced, as it is after a softmax, a mean or a norm, and yours is not."""

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.evidence import Finding, View


def sums_to_zero(view: View) -> Finding | None:
    """The true gradient sums to zero along an axis, as it does after a softmax or a mean; yours does not."""
    if not view.x.ndim:
        return None
    x, a, n = view.whole_rows()
    if not x.size:
        return None
    tolerance = 5e-3 if view.evidence.point.single else 1e-6
    if view.out.ndim == 0 and x.ndim == 2:
        penalty = penalty_on_rows(x, n, tolerance)
        a, n = a - penalty, n - penalty
    for weight, what in ((np.ones_like(x), "sum"), (x, f"sum of gradient x {view.name}")):
        for axis in range(view.x.ndim):
            if (
                view.x.shape[axis] > 2
                and vanishes(n * weight, axis, tolerance)
                and not vanishes(a * weight, axis, tolerance)
            ):
                sentence = (
                    f"the {what} along axis {axis} should vanish and does not in yours: a contribution that "
                    f"balances the others is missing (or has the opposite sign)"
                )
                return Finding(Cause.DROPPED_PATH | Cause.SIGN_OF_ONE_TERM, sentence)
    return None


def vanishes(values: FloatArray, axis: int, tolerance: float) -> bool:
    """Whether sums along an axis are all zero, compared with the sizes of what is summed."""
    size = np.abs(values).sum(axis=axis)
    return bool(size.any() and (np.abs(values.sum(axis=axis)) <= tolerance * size.max()).all())


def penalty_on_rows(x: FloatArray, n: FloatArray, tolerance: float) -> FloatArray:
    """Return the multiple of x without which the rows of n sum to zero; zero if no multiple does."""
    rows_of_x, rows_of_n = x.sum(axis=1), n.sum(axis=1)
    if not rows_of_x.any():
        return np.zeros_like(x)
    penalty = np.asarray(float(rows_of_x @ rows_of_n / (rows_of_x @ rows_of_x)) * x)
    return penalty if vanishes(n - penalty, 1, tolerance) else np.zeros_like(x)
