"""Hypotheses about the difference of yours and the numerical gradient: one term, the same everywhere."""

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.again import view_elsewhere
from course_lib.gradcheck.diagnosis.evidence import Finding, View, close
from course_lib.gradcheck.diagnosis.experiments import outcome_at

#: A gradient that changes by less than this fraction from one point to another says nothing there.
CHANGES = 1e-2


def path_that_hands_on(view: View) -> Finding | None:
    """The difference is dout itself: a path that hands it on is missing, reversed or counted twice."""
    if view.out.shape != view.x.shape or not view.out.ndim:
        return None
    for share, cause, what in (
        (-1.0, Cause.DROPPED_PATH, "is missing, or one that negates it is counted twice"),
        (1.0, Cause.DROPPED_PATH, "is counted twice, or one that negates it is missing"),
        (-2.0, Cause.SIGN_OF_ONE_TERM, "has the opposite sign"),
    ):
        if view.nonzero(view.n).any() and view.matches(view.n + share * view.dout):
            if close(view.n[view.use], -share * view.dout[view.use], 1e-5):
                return None  # there is no other path
            times = "" if share in (1.0, -1.0) else "twice "
            sentence = (
                f"yours and the numerical gradient differ by {times}dout itself: the path that hands it on "
                f"unchanged to {view.name} {what}"
            )
            return Finding(cause, sentence)
    return None


def constant_term(view: View) -> Finding | None:
    """The difference is the same at another point, where all arguments are others."""
    difference = constant_difference(view)
    if difference is None:
        return None
    if turns_with_the_signs(view):
        sentence = (
            f"yours differs from the numerical gradient by numbers that only change with the signs of "
            f"{view.name}: what absolute values bring, as those of a regularization, is missing, extra or "
            f"has another factor"
        )
        return Finding(Cause.REGULARIZATION | Cause.LOCAL_DERIVATIVE, sentence)
    same = "yours differs from the numerical gradient by numbers that are the same at another point"
    if spread_alike(difference):
        sentence = (
            f"{same}: what one column of each row loses, all others gain alike: "
            f"are the targets smoothed in only one of forward and backward?"
        )
        return Finding(Cause.LOCAL_DERIVATIVE, sentence)
    if abs(difference.sum()) <= 1e-6 * np.abs(difference).sum():
        sentence = f"{same}, and add up to zero: a term from a label or a target stands at another index"
        return Finding(Cause.OFF_BY_ONE | Cause.LOCAL_DERIVATIVE, sentence)
    sentence = (
        f"{same}: a term that depends on no argument, as one from a label or a target, is missing, too many, "
        f"reversed or in another place"
    )
    return Finding(_of_term(view, difference), sentence)


def spread_alike(difference: FloatArray) -> bool:
    """Whether one column of each row loses what all others, three or more in all, gain alike."""
    if difference.ndim != 2 or difference.shape[1] < 3:
        return False
    alike = np.sort(difference * np.sign(np.median(difference, axis=1, keepdims=True)), axis=1)
    size = np.abs(difference).max()
    balanced = np.abs(difference.sum(axis=1)).max() <= 1e-6 * size
    return bool(balanced and (alike[:, -1] > 0).all() and np.ptp(alike[:, 1:], axis=1).max() <= 1e-5 * size)


def constant_difference(view: View) -> FloatArray | None:
    """Yours minus the numerical gradient, if it is the same elsewhere and the gradient is another there."""
    elsewhere = view_elsewhere(view)
    if elsewhere is None:
        return None
    use = view.use & elsewhere.use
    here, there = view.a - view.n, elsewhere.a - elsewhere.n
    size = max(view.scale, elsewhere.scale)
    moved = np.abs(view.n - elsewhere.n)[use].max(initial=0.0)
    limit = 1e-6 * size + 20 * view.noise
    if use.sum() < 2 or moved < CHANGES * size or np.abs(here[use]).max() < 100 * limit:
        return None
    return here if (np.abs(here - there)[use] <= limit).all() else None


def turns_with_the_signs(view: View) -> bool:
    """Whether the difference turns its sign where the argument does, as what belongs to absolute values."""
    point = view.evidence.point
    here, there = (outcome_at(view, point.moved(view.k, sign * view.x)) for sign in (1, -1))
    if here is None or there is None:
        return False
    return close(here.yours - here.numerical, there.numerical - there.yours, 1e-4)


def _of_term(view: View, difference: FloatArray) -> Cause:
    """Which it is, missing or reversed, where the scores of N examples are looked at: 1/N or 2/N of each."""
    either = Cause.DROPPED_PATH | Cause.SIGN_OF_ONE_TERM
    if not view.out.ndim and view.x.ndim == 1:
        return either | Cause.LOCAL_DERIVATIVE
    if view.out.ndim or view.x.ndim != 2 or view.x.shape[1] < 2:
        return either
    nonzero = np.abs(difference) > 1e-6 * np.abs(difference).max()
    sizes = difference[nonzero]
    if (nonzero.sum(axis=1) != 1).any() or not close(sizes, np.full(sizes.shape, sizes[0]), 1e-5):
        return either | Cause.LOCAL_DERIVATIVE
    for count in (len(view.x), 1):
        for share, cause in ((1, Cause.DROPPED_PATH), (2, Cause.SIGN_OF_ONE_TERM)):
            if np.isclose(sizes[0], share * float(view.dout) / count, rtol=1e-4):
                return cause
    return either | Cause.LOCAL_DERIVATIVE
