"""Hypotheses: sums, broadcasts and indices that run along another axis than forward's."""

from itertools import combinations

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.evidence import Finding, View, close

OF_A_VARIANCE = "what a variance or a standard deviation brings is missing, reversed or has another factor"
OR_NOTHING = "and what adds nothing to a total, as what comes through a variance"


def wrong_axis(view: View) -> Finding | None:
    """A sum, a broadcast or an argmax runs along another axis than in forward."""
    sentence = f"the gradient of {view.name} runs along another axis than forward did: check every axis="
    if view.jacobians is not None:
        analytic, numerical = view.jacobians
        if _mixes(view, analytic, numerical):
            mixed = f"entries of {view.name} that forward keeps apart mix in yours: an axis is summed over"
            return Finding(Cause.WRONG_SUM, mixed)
        if _axes_exchanged(view, analytic, numerical) or _aligned_elsewhere(view, analytic, numerical):
            return Finding(Cause.WRONG_AXIS, sentence)
        return None
    if view.x.ndim != 1 or view.x.size < 2 or not view.complete:
        return None
    if view.use.all() and view.matches_other(np.sort(view.a), np.sort(view.n)):
        sentence = f"yours holds the right numbers of {view.name} in another order: look at each index"
        return Finding(Cause.OFF_BY_ONE | Cause.LOCAL_DERIVATIVE, sentence)
    total = float(view.n.sum())
    if abs(total) > 1e-3 * view.scale and abs(float(view.a.sum()) - total) <= view.relative * view.scale:
        return _shared_out_otherwise(view)
    return None


def _shared_out_otherwise(view: View) -> Finding:
    """The total is right, as it is after a sum along another axis, at another index, or where what comes
    through a variance, which adds nothing to it, is wrong.
    """
    error, centred = view.a - view.n, view.x - view.x.mean()
    if close(error, float(error @ centred) / (float(centred @ centred) or 1.0) * centred, 1e-5):
        what = f"{view.name} less its mean"
        sentence = f"yours differs from the numerical gradient by a multiple of {what}: {OF_A_VARIANCE}"
        return Finding(Cause.DROPPED_PATH | Cause.SIGN_OF_ONE_TERM | Cause.LOCAL_DERIVATIVE, sentence)
    sentence = f"the total over all entries of {view.name} is right, and what each of them gets is not"
    either = Cause.OFF_BY_ONE | Cause.LOCAL_DERIVATIVE
    if any(array.ndim > 1 for array in (view.out, *view.others.values())):
        return Finding(
            Cause.WRONG_AXIS | either, f"{sentence}: check every axis= and every index, {OR_NOTHING}"
        )
    return Finding(either, f"{sentence}: check every index, {OR_NOTHING}")


def _mixes(view: View, analytic: FloatArray, numerical: FloatArray) -> bool:
    """Whether an axis that is kept apart in forward is not in yours, and nothing else is wrong."""
    lost = alignments(view, numerical) - alignments(view, analytic)
    kept = ~view.jacobian_zero(numerical)
    several = kept.reshape(view.out.size, -1).sum(axis=1).max() > 1
    return bool(lost) and bool(several) and close(analytic[kept], numerical[kept], 1e-5)


def mixed_entries(view: View) -> Finding | None:
    """Along an axis of the argument that is one of the output's, forward keeps apart what yours mixes."""
    if view.jacobians is None:
        return None
    analytic, numerical = view.jacobians
    # By their axes alone: of few entries, those of another axis of the output may agree by chance.
    kept = {axis for _, axis in alignments(view, analytic, whole=False)}
    lost = sorted({axis for _, axis in alignments(view, numerical)} - kept)
    if not lost or not analytic.any():
        return None
    sentence = (
        f"along axis {lost[0]} of {view.name}, forward keeps entries apart, and yours mixes them: "
        f"check every axis=, every transpose and every index"
    )
    return Finding(Cause.WRONG_AXIS | Cause.WRONG_SUM | Cause.LOCAL_DERIVATIVE, sentence)


def _axes_exchanged(view: View, analytic: FloatArray, numerical: FloatArray) -> bool:
    """Whether exchanging two axes of the output makes the Jacobians equal."""
    for i, j in combinations(range(view.out.ndim), 2):
        if close(analytic, np.swapaxes(numerical, i, j), 1e-5):
            return True
    return False


def _aligned_elsewhere(view: View, analytic: FloatArray, numerical: FloatArray) -> bool:
    """Whether an axis of x that follows one axis of the output in forward follows another one in backward."""
    yours, right = alignments(view, analytic), alignments(view, numerical)
    return bool(right - yours) and bool(yours - right)


def alignments(view: View, jacobian: FloatArray, *, whole: bool = True) -> set[tuple[int, int]]:
    """Return the pairs (axis of out, axis of x) whose indices agree wherever the Jacobian is not zero.

    Each of them has to occur if it is to be `whole`: the few that masks leave may agree by chance.
    """
    where = np.argwhere(~view.jacobian_zero(jacobian))
    pairs = set()
    for i, length in enumerate(view.out.shape):
        for j, other in enumerate(view.x.shape):
            here, there = where[:, i], where[:, view.out.ndim + j]
            occur = not whole or len(np.unique(here)) == length
            if length == other > 1 and (here == there).all() and occur:
                pairs.add((i, j))
    return pairs


def wrong_sum(view: View) -> Finding | None:
    """The gradient was summed or averaged over an axis that it should keep."""
    if not view.complete:
        return None
    for axis in range(view.x.ndim):
        if view.x.shape[axis] < 2 or len(np.unique(np.round(np.abs(view.n) / (view.scale or 1.0), 9))) < 3:
            continue  # sums of a few equal numbers are such numbers by chance
        if view.matches(np.broadcast_to(view.n.sum(axis, keepdims=True), view.x.shape)):
            sentence = (
                f"every entry along axis {axis} holds the sum over that axis: is it summed there, or does "
                f"each of them lack a factor of its own?"
            )
            return Finding(Cause.WRONG_SUM, sentence)
    return None
