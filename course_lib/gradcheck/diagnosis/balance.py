"""Hypothesis: the true gradient is balanced, as it is after a softmax, a mean or a norm, and yours is not."""

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.again import view_elsewhere
from course_lib.gradcheck.diagnosis.evidence import Finding, View, close

BALANCING = "what balances the rest is wrong, missing or in another place (an axis, an index, a transpose)"

#: Points on a line that show whether a loss is piecewise linear.
LINE = 121


def sums_to_zero(view: View) -> Finding | None:
    """The true gradient sums to zero along an axis, as it does after a softmax or a mean; yours does not."""
    if not view.x.ndim:
        return None
    x, a, n = view.whole_rows()
    if not x.size:
        return None
    tolerance = 5e-3 if view.evidence.point.single else 1e-6
    but = unless = ""
    if view.out.ndim == 0 and x.ndim == 2:
        penalty = penalty_on_rows(x, n, tolerance)
        if np.abs(penalty).max() > tolerance * np.abs(n).max():
            but, unless = "but for the regularization, ", ", unless that itself is wrong"
        a, n = a - penalty, n - penalty
    for weight, what in ((np.ones_like(x), "sum"), (x, f"sum of {view.name} times its gradient")):
        for axis in range(view.x.ndim):
            if (
                view.x.shape[axis] > 2
                and vanishes(n * weight, axis, tolerance)
                and not vanishes(a * weight, axis, tolerance)
            ):
                sentence = f"{but}the {what} along axis {axis} should vanish and does not in yours{unless}"
                return _unbalanced(view, sentence, a - n)
    return None


def _unbalanced(view: View, sentence: str, error: FloatArray) -> Finding:
    """Say more where that is known: whether it is a multiple of the argument in each row, as from a norm."""
    either = Cause.DROPPED_PATH | Cause.SIGN_OF_ONE_TERM
    label = _of_true_class(view)
    if label is not None:
        return label
    if _multiple_in_each_row(view.x, error):
        what = f"{sentence}: what brings a multiple of {view.name}, as a norm does, is missing or wrong"
        return Finding(either | Cause.LOCAL_DERIVATIVE, what)
    if view.out.ndim == 0 and piecewise_linear(view):
        what = f"{sentence}: what balances the rest, as the true class's term does, is wrong or missing"
        return Finding(either | Cause.LOCAL_DERIVATIVE, what)
    if view.out.ndim == 0 and view_elsewhere(view) is not None:  # a constant term would be seen there
        either = Cause.LOCAL_DERIVATIVE
    cause = either | Cause.LOCAL_DERIVATIVE
    return Finding(cause, f"{sentence}: {BALANCING}")


def _of_true_class(view: View) -> Finding | None:
    """In scores of examples, whose gradient is negative for the true class alone: only that is wrong."""
    if view.out.ndim or view.x.ndim != 2 or not view.complete or (np.sum(view.n < 0, axis=1) > 1).any():
        return None
    rows = np.arange(len(view.n))
    true = view.n.argmin(axis=1)
    wrong = np.abs(view.a - view.n) > 1e-5 * view.scale
    rest = wrong.copy()
    rest[rows, true] = False
    a, n = view.a[rows, true], view.n[rows, true]
    seen = n < 0
    if np.abs(a).max() <= 1e-6 * view.scale and close(view.a.min(axis=1)[seen], n[seen], 1e-5):
        sentence = "what belongs to the true class stands in another column: a class index is off"
        return Finding(Cause.OFF_BY_ONE, sentence)
    if rest.any() or not wrong.any():
        return None
    sentence = "in every row only the entry of the true class is wrong"
    if close(a, -n, 1e-5):
        return Finding(Cause.SIGN_OF_ONE_TERM, f"{sentence}: it has the opposite sign")
    return Finding(Cause.LOCAL_DERIVATIVE | Cause.DROPPED_PATH, f"{sentence}: look at what it collects")


def _multiple_in_each_row(x: FloatArray, error: FloatArray) -> bool:
    if x.shape != error.shape or x.shape[-1] < 3:
        return False
    share = np.sum(x * error, axis=-1, keepdims=True) / np.sum(x * x, axis=-1, keepdims=True)
    return bool(np.abs(error - share * x).max() <= 1e-5 * np.abs(error).max())


def piecewise_linear(view: View) -> bool:
    """Whether the loss has one curvature along a line but for jumps of its slope: of hinges."""
    point = view.evidence.point
    # of sizes that differ: softmax, for one, does not see what all entries of a row have in common
    direction = np.random.default_rng(0).normal(size=view.x.shape) * np.sqrt(np.mean(view.x**2))
    line = [point.moved(view.k, view.x + t * direction) for t in np.linspace(-0.5, 0.5, LINE)]
    values = np.stack([point.value(inputs) for inputs in line]) @ point.dout
    second = np.diff(values, n=2)
    usual, largest = np.quantile(second, (0.1, 0.6)), np.abs(second).max()
    jumps = np.ptp(second) > 1e-6 * largest  # without one it is a square, and 0 where it does not bend at all
    return bool(0 < largest < np.inf and jumps and np.ptp(usual) <= 1e-6 * largest)


def vanishes(values: FloatArray, axis: int, tolerance: float) -> bool:
    """Whether sums along an axis are all zero, compared with the sizes of what is summed."""
    size = np.abs(values).sum(axis=axis)
    return bool(size.any() and (np.abs(values.sum(axis=axis)) <= tolerance * size.max()).all())


def penalty_on_rows(x: FloatArray, n: FloatArray, tolerance: float) -> FloatArray:
    """Return the multiple of x without which the rows of n sum to zero; zero if no multiple does."""
    rows_of_x, rows_of_n = x.sum(axis=1), n.sum(axis=1)
    if not rows_of_x.any() or vanishes(x, 1, tolerance):  # a multiple of rounding would be any number
        return np.zeros_like(x)
    penalty = np.asarray(float(rows_of_x @ rows_of_n / (rows_of_x @ rows_of_x)) * x)
    nothing_else = close(n, penalty, tolerance)
    return penalty if nothing_else or vanishes(n - penalty, 1, tolerance) else np.zeros_like(x)
