"""Hypotheses: right but for the last digits."""

import numpy as np

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.evidence import Finding, View
from course_lib.gradcheck.narrow import computed_in_single, representable_in_single

#: Relative errors of arithmetic in float32, and of a difference quotient with a usual step.
SINGLE_ERROR, DIFFERENCE_ERROR = 3e-6, 1e-3

#: An entry that is off by more than this fraction of itself is not nearly right.
ITSELF = 1e-2

#: A relative step that no float32 shows.
FINE = 2e-11


def small_errors(view: View) -> Finding | None:
    """All entries are nearly right, and more than one is a little wrong."""
    fault = view.evidence.faults.get(view.k)
    error = np.abs(view.a - view.n)[view.use]
    relative = float(error.max(initial=0.0)) / (view.scale or 1.0)
    if fault is not None and relative < 10 * SINGLE_ERROR:
        return Finding(*fault)
    wrong = view.evidence.judged[view.k].wrong
    if not wrong.size and not representable_in_single(view.a):
        return None
    alone = wrong.size == 1 and view.use.sum() >= 2 and not computed_in_single(view.a)
    if relative > DIFFERENCE_ERROR or alone or not _small_themselves(view):
        return None
    if relative <= SINGLE_ERROR and not representable_in_single(view.a) and _smooth(view):
        sentence = (
            "nearly right, and in float64: is a small constant, as against division by zero or in a "
            "logarithm, only in one of forward and backward?"
        )
        return Finding(Cause.LOCAL_DERIVATIVE, sentence)
    if relative <= SINGLE_ERROR or representable_in_single(view.a):
        return Finding(Cause.FLOAT32, "right to about 7 digits: somewhere backward computes in float32")
    sentence = (
        "nearly right, as a difference quotient is; or a small constant, a weak term or a factor near 1 is "
        "wrong, missing or too many"
    )
    return Finding(Cause.NUMERICAL_DIFFERENTIATION | Cause.LOCAL_DERIVATIVE, sentence)


def _small_themselves(view: View) -> bool:
    """Whether most of the wrong entries are nearly right, and not just small beside the largest."""
    wrong = view.evidence.judged[view.k].wrong
    if not wrong.size:
        return True
    a, n = view.a.ravel()[wrong], view.n.ravel()[wrong]
    return bool(np.median(np.abs(a - n) - ITSELF * np.abs(n)) <= 0)


def _smooth(view: View) -> bool:
    """Whether yours moves with the last digits of its arguments and of dout, which float32 does not hold."""
    point = view.evidence.point
    if point.pair.given:
        return _one_sided(view)
    inputs = [x * (1 + FINE) for x in point.inputs]
    _, token = point.value_and_token(inputs)
    try:
        moved = [point.gradients(point.dout, token)[view.k]]
        if point.pair.takes_upstream:
            moved.append(point.gradients(point.dout * (1 + FINE), view.evidence.contract.token)[view.k])
    except Exception:  # the point is of no use
        return _one_sided(view)
    size = float(np.abs(view.a).max())
    return all(0 < float(np.abs(there - view.a).max()) < 1e3 * FINE * size for there in moved)


def _one_sided(view: View) -> bool:
    """Whether all of many wrong entries are too large, or all too small: rounding errs to both sides."""
    wrong = view.evidence.judged[view.k].wrong
    larger = np.abs(view.a.ravel()[wrong]) > np.abs(view.n.ravel()[wrong])
    return wrong.size >= 6 and int(larger.sum()) in (0, wrong.size)
