"""Hypothesis: a loss of scores whose label is another class, or whose margins all count."""

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.balance import penalty_on_rows, piecewise_linear, vanishes
from course_lib.gradcheck.diagnosis.differences import constant_difference, spread_alike
from course_lib.gradcheck.diagnosis.evidence import Finding, View, close


def label_off_by_one(view: View) -> Finding | None:
    """A loss of scores takes another class: what one class lost, its neighbour gained.

    Where the true gradient of the scores sums to zero over the classes, yours does so too, and still differs.
    """
    if view.out.ndim or view.x.ndim != 2 or view.x.shape[1] < 3:
        return None
    x, a, n = view.whole_rows()
    if not x.size:
        return None
    tolerance = 5e-3 if view.evidence.point.single else 1e-6
    numerical = n - penalty_on_rows(x, n, tolerance)
    error = a - n
    noticeable = np.abs(error).max() > 1e-4 * np.abs(numerical).max()
    if not (noticeable and vanishes(numerical, 1, tolerance) and vanishes(error, 1, tolerance)):
        return None
    if _all_margins_count(a, n):
        sentence = "gradient also flows to classes whose margin is not violated: the margin's mask is missing"
        return Finding(Cause.MISSING_MASK, sentence)
    sentence = (
        "gradient moved from one column to another while every row's sum is right: a class index is off"
    )
    if spread_alike(error):
        return None
    margins = Finding(
        Cause.OFF_BY_ONE | Cause.MISSING_MASK | Cause.LOCAL_DERIVATIVE,
        f"{sentence}, or a margin's mask is missing or wrong",
    )
    moved = (np.abs(error) > 1e-6 * np.abs(error).max()).sum(axis=1)
    if set(moved) <= {0, 2} or constant_difference(view) is not None:
        return margins if piecewise_linear(view) else Finding(Cause.OFF_BY_ONE, sentence)
    of_weights = (np.sum(n < 0, axis=1) > 1).any()  # of scores, the true class's alone is negative
    if of_weights and piecewise_linear(view) and not close(a, penalty_on_rows(x, a, tolerance), 1e-6):
        return margins
    return None


def _all_margins_count(a: FloatArray, n: FloatArray) -> bool:
    """Whether every entry but the lowest of a row is as large as those where a margin is violated."""
    size = float(n.max())
    rest = np.ones(n.shape, dtype=bool)
    rest[np.arange(len(a)), a.argmin(axis=1)] = False
    violated = np.abs(n[rest] - size) <= 1e-5 * size
    satisfied = np.abs(n[rest]) <= 1e-5 * size
    alike = np.abs(a[rest] - size) <= 1e-5 * size
    return bool((violated | satisfied).all() and satisfied.any() and alike.all())
