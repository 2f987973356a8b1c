"""Hypotheses: of the contributions of several outputs to one entry, some are missing, reversed or
overwritten.

Both Jacobians are looked at, yours from one call of backward per output.
"""

from itertools import combinations

import numpy as np

from course_lib.gradcheck.arrays import BoolArray
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.evidence import Finding, View

#: Where two uses of an argument meet in one entry of the Jacobian, that entry is neither right nor missing;
#: this share of the contributions may be so.
MIXED = 0.35


def kept_one_contribution(view: View) -> Finding | None:
    """Where several outputs contribute to an entry, only some contributions are kept: often just the last."""
    if view.jacobians is None:
        return None
    yours, right = (jacobian.reshape(view.out.size, -1) for jacobian in view.jacobians)
    contributes: BoolArray = ~view.jacobian_zero(right)
    kept: BoolArray = ~view.jacobian_zero(yours)
    several = np.flatnonzero(contributes.sum(axis=0) > 1)
    lost = contributes & ~kept
    if (kept & ~contributes).any() or not lost[:, several].any() or not kept[:, several].any():
        return None
    limit = 1e-5 * float(np.abs(right).max())
    mixed = kept & (np.abs(yours - right) > limit)
    if (mixed & (np.abs(yours + right) <= limit)).any():  # reversed, not missing
        return None
    if mixed.sum() > MIXED * contributes.sum() or not (kept & ~mixed).any():
        return None
    if not mixed.any() and _is_lookup(contributes) and _one_each_kept(contributes, kept):
        sentence = (
            "where an index repeats, contributions are lost: each has to be added, with +=; an array of "
            "indices takes np.add.at(g, rows, d), for g[rows] += d adds to each row once"
        )
        return Finding(Cause.OVERWRITTEN, sentence)
    if not mixed.any() and _only_extreme_kept(view, contributes, kept):
        sentence = (
            "of several contributions one is kept: the others are overwritten or not summed (use += or sum), "
            "come on a path that is dropped, or a loop ends before them"
        )
        return Finding(Cause.OVERWRITTEN | Cause.DROPPED_PATH, sentence)
    others = "others" if mixed.any() else "all others"
    sentence = (
        f"some contributions are missing, {others} are right: a path is dropped, or overwritten later, or "
        f"stopped by a mask or the end of a loop{', or goes to another index' if mixed.any() else ''}"
    )
    return Finding(Cause.OVERWRITTEN | Cause.DROPPED_PATH, sentence)


def _is_lookup(contributes: BoolArray) -> bool:
    """Whether every output is one entry of the argument, and not every entry is taken equally often."""
    taken = contributes.sum(axis=0)
    return bool((contributes.sum(axis=1) == 1).all() and len(set(taken.tolist())) > 1)


def _one_each_kept(contributes: BoolArray, kept: BoolArray) -> bool:
    """Whether every entry that is taken keeps one contribution, as `g[rows] += d` leaves it."""
    return bool((kept.sum(axis=0) == contributes.any(axis=0)).all())


def _only_extreme_kept(view: View, contributes: BoolArray, kept: BoolArray) -> bool:
    """Whether each entry keeps just its last (or first) contributions, in the order of a loop."""
    index = np.unravel_index(np.arange(view.out.size), view.out.shape)
    loops = [(axis,) for axis in range(view.out.ndim)] + list(combinations(range(view.out.ndim), 2))
    for axes in loops:
        shape = [view.out.shape[axis] for axis in axes]
        turn = np.asarray(np.ravel_multi_index([index[axis] for axis in axes], shape))[:, None]
        last = np.where(contributes, turn, -1).max(axis=0)
        first = np.where(contributes, turn, view.out.size).min(axis=0)
        for extreme in (last, first, turn.max(), turn.min()):
            if (kept == (contributes & (turn == extreme))).all():
                return True
    return False


def reversed_contributions(view: View) -> Finding | None:
    """Some outputs contribute with the opposite sign, all others are right."""
    if view.jacobians is None:
        return None
    yours, right = view.jacobians
    size = np.abs(right)
    limit = 1e-5 * float(size.max())
    differs = np.abs(yours - right) > limit
    reversed_ = differs & (np.abs(yours + right) <= limit)
    mixed = differs & ~reversed_
    too_large = np.abs(yours) > size + limit
    if not reversed_.any() or mixed.sum() > MIXED * (size > limit).sum() or too_large.any():
        return None
    others = "others" if mixed.any() else "all others"
    return Finding(Cause.SIGN_OF_ONE_TERM, f"some contributions have the opposite sign, {others} are right")
