"""Hypothesis: the right numbers, cut off after the point, as by `//` or an array of integers."""

import numpy as np

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.evidence import View

#: Fewer entries than this may be whole numbers beside the right ones by chance.
FEWEST = 3

WAYS = (np.floor, np.trunc, np.rint)


def explain(view: View) -> tuple[Cause, str] | None:
    """Say so where yours are whole numbers, each the one below, before or next to the numerical gradient."""
    yours, right = view.a[view.use], view.n[view.use]
    cut = np.abs(yours - right) > view.relative * np.abs(right) + 20 * view.allowed[view.use]
    whole = any(np.array_equal(yours, way(right)) for way in WAYS)
    if np.count_nonzero(cut) < FEWEST or not (whole and yours.any()):  # zeros may be what a mask stops
        return None
    sentence = (
        "yours are the numerical gradients made whole numbers: what comes after the point is cut off, as by "
        "//, int or an array of integers"
    )
    return Cause.LOCAL_DERIVATIVE, sentence
