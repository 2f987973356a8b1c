"""Hypotheses: without another argument the error disappears, so what involves it is at fault."""

import numpy as np

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.evidence import Finding, View, dimensions
from course_lib.gradcheck.diagnosis.experiments import SMALL, DirectionalSlopes, outcome_at
from course_lib.gradcheck.diagnosis.factors import COMMON

#: A slope that is a smaller fraction than this of your largest gradient is rounding, and vanishes too.
NOTHING = 1e-8

#: A part that is missing leaves no more of itself than this, and one that is reversed differs by no more.
NEARLY = 1e-2

#: So many times farther the share of a part has to stay the same, by this fraction of the slopes: what
#: vanishes or turns its sign next to zero alone may be two parts that balance there.
TEN, STAYS = 10, 1e-5


def path_through_another(view: View) -> Finding | None:
    """With another argument zero the error disappears, so what involves it is at fault: missing, reversed,
    scaled. It may come through an array that is no argument, and only be multiplied by this one.

    Near zero both gradients grow from the same value, the student's by `share` times as much.
    """
    point = view.evidence.point
    for j, x in enumerate(point.inputs):
        if j == view.k:
            continue
        without = outcome_at(view, point.moved(j, np.zeros_like(x)), 3)
        if without is None:
            continue
        if without.is_zero() and without.size() > NOTHING * float(np.abs(view.a).max()):
            little = outcome_at(view, point.moved(j, SMALL * x))
            if little is None or not little.yours.all():
                continue  # a mask stops it, and no factor
            name = point.names[j]
            sentence = (
                f"when {name} is zero, yours is zero and should not be: what does not pass through {name} is "
                f"lost, or cancels, or {name} enters yours where it should not"
            )
            return Finding(Cause.DROPPED_PATH | Cause.OVERWRITTEN | Cause.LOCAL_DERIVATIVE, sentence)
        finding = _share_of_path(view, j, without)
        if finding is not None:
            return finding
    return None


def _share_of_path(view: View, j: int, without: DirectionalSlopes) -> Finding | None:
    point = view.evidence.point
    name = point.names[j]
    little = outcome_at(view, point.moved(j, SMALL * point.inputs[j]), 3)
    more = outcome_at(view, point.moved(j, TEN * SMALL * point.inputs[j]), 3)
    if little is None or more is None:
        return None
    grown, true_growth = little.yours - without.yours, little.numerical - without.numerical
    if not true_growth.all() or np.abs(true_growth).max() < 1e-4 * little.size():
        return None
    if little.size() <= NOTHING * view.scale:
        return None
    shares = grown / true_growth
    error = more.yours - without.yours - shares * (more.numerical - without.numerical)
    if np.abs(error).max() > STAYS * more.size():
        return None
    if without.is_right():
        path = f"the part that involves {name}"
    elif np.allclose(shares, 1, rtol=0.05) and without.numerical.all():
        shares, path = without.yours / without.numerical, f"the part that does not involve {name}"
    else:
        return None
    if np.abs(shares).max() < NEARLY:
        return Finding(Cause.DROPPED_PATH, f"{path} is missing in yours")
    if np.abs(shares + 1).max() < NEARLY:
        return Finding(Cause.SIGN_OF_ONE_TERM, f"{path} has the opposite sign in yours")
    for length, meaning in dimensions(view).items():
        if min(np.abs(shares / length - 1).max(), np.abs(shares * length - 1).max()) < 0.02:
            sentence = f"{path} is {shares[0]:.3g} times what it should be in yours, and {meaning}"
            if length in (2, *COMMON):
                factor = Cause.FACTOR_2 if length == 2 else Cause.CONSTANT_FACTOR
                return Finding(Cause.SCALE_N | factor, f"{sentence}, or it is a constant factor")
            return Finding(Cause.SCALE_N, sentence)
    return None


def fault_behind_another(view: View) -> Finding | None:
    """The error disappears with another argument zero: say where to look, if nothing more can be said."""
    point = view.evidence.point
    wrong = np.zeros(view.x.shape)
    wrong.flat[view.evidence.judged[view.k].wrong] = 1.0  # others may be right there, and these be nothing
    here = outcome_at(view, point.inputs, among=wrong)
    if here is None or here.is_right():
        return None
    for j, x in enumerate(point.inputs):
        if j == view.k:
            continue
        without = outcome_at(view, point.moved(j, np.zeros_like(x)), 3, wrong)
        if without is not None and without.is_right() and without.size() > 1e-2 * here.size():
            name = point.names[j]
            sentence = f"yours is right when {name} is zero: the slip is in a term that {name} enters"
            return Finding(Cause.DROPPED_PATH | Cause.LOCAL_DERIVATIVE, sentence)
    return None
