"""Hypotheses: a gradient is a sum of contributions, and one of them is missing, reversed or scaled."""

import numpy as np

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.dictionary import explain_pair
from course_lib.gradcheck.diagnosis.evidence import Finding, View, close, dimensions
from course_lib.gradcheck.results import FloatArray


def kept_one_contribution(view: View) -> Finding | None:
    """Where several outputs contribute to an entry, only some contributions are kept: often just the last."""
    if view.jacobians is None:
        return None
    yours, right = (jacobian.reshape(view.out.size, -1) for jacobian in view.jacobians)
    contributes, kept = ~view.jacobian_zero(right), ~view.jacobian_zero(yours)
    several = contributes.sum(axis=0) > 1
    lost = contributes & ~kept
    if (kept & ~contributes).any() or not lost[:, several].any() or not kept.any(axis=0)[several].all():
        return None
    if not close(yours[kept], right[kept], 1e-5):
        return None
    if _only_extreme_kept(view, contributes, kept):
        sentence = "only one of several contributions is kept: a later one overwrites the earlier (use += or a sum)"
        return Finding(Cause.OVERWRITTEN, sentence)
    sentence = "some outputs' contributions are missing altogether, all others are right: a path is dropped"
    return Finding(Cause.DROPPED_PATH, sentence)


def _only_extreme_kept(view: View, contributes: FloatArray, kept: FloatArray) -> bool:
    """Whether each entry keeps just the contributions with the last (or the first) index along some output axis."""
    positions = np.unravel_index(np.arange(view.out.size), view.out.shape)
    for position in positions:
        column = position[:, None]
        last = np.where(contributes, column, -1).max(axis=0)
        first = np.where(contributes, column, view.out.size).min(axis=0)
        for extreme in (last, first):
            if (kept == (contributes & (column == extreme))).all():
                return True
    return False


def sums_to_zero(view: View) -> Finding | None:
    """The true gradient sums to zero along an axis, as it does after a softmax or a mean; yours does not."""
    if not view.complete:
        return None
    for weight, what in ((np.ones_like(view.x), "sum"), (view.x, f"sum of gradient x {view.name}")):
        for axis in range(view.x.ndim):
            if view.x.shape[axis] > 2 and _vanishes(view.n * weight, axis) and not _vanishes(view.a * weight, axis):
                sentence = (
                    f"the {what} along axis {axis} should vanish and does not in yours: a contribution that "
                    f"balances the others is missing"
                )
                return Finding(Cause.DROPPED_PATH, sentence)
    return None


def _vanishes(values: FloatArray, axis: int) -> bool:
    size = np.abs(values).sum(axis=axis)
    return bool(size.any() and (np.abs(values.sum(axis=axis)) <= 1e-6 * size.max()).all())


def elementwise_terms(view: View) -> Finding | None:
    """Of the two terms of an elementwise derivative, one is missing, reversed or scaled."""
    if view.out.shape != view.x.shape or not view.out.ndim or not _diagonal(view):
        return None
    usable = view.use & (np.abs(view.dout) > 1e-6 * np.abs(view.dout).max())
    arrays = {view.name: view.x, "out": view.out}
    arrays |= {name: array for name, array in view.others.items() if array.shape == view.x.shape}
    values = {name: array[usable] for name, array in arrays.items()}
    pair = explain_pair(values, (view.n / view.dout)[usable], (view.a / view.dout)[usable], 10 * view.relative)
    if pair is None:
        return None
    terms = f"the local derivative has two terms, {pair.names[0]} and {pair.names[1]}"
    for (right, yours), name in zip(pair.coefficients, pair.names, strict=True):
        ratio = yours / right
        if abs(ratio) < 1e-4:
            several = any(other in pair.names[0] + pair.names[1] for other in values if other not in (view.name, "out"))
            rest = Cause.OVERWRITTEN if several else Cause.LOCAL_DERIVATIVE
            return Finding(Cause.DROPPED_PATH | rest, f"{terms}; yours lacks {name}: add up all paths into {view.name}")
        if abs(ratio + 1) < 1e-4:
            return Finding(Cause.SIGN_OF_ONE_TERM, f"{terms}; yours has {name} with the opposite sign")
        if abs(ratio - 1) > 1e-4:
            cause = Cause.FACTOR_2 if min(abs(ratio - 2), abs(ratio - 0.5)) < 1e-4 else Cause.CONSTANT_FACTOR
            return Finding(cause, f"{terms}; yours has {ratio:.4g} x {name}")
    return None


def _diagonal(view: View) -> bool:
    """Whether each output depends on its own entry alone."""
    jacobian = view.numerical_jacobian
    if jacobian is None:
        return False
    return bool(view.jacobian_zero(jacobian)[~np.eye(len(jacobian), dtype=bool)].all())


def shared_statistic(view: View) -> Finding | None:
    """A path through a mean, a variance or a norm of the inputs is missing, reversed or scaled.

    Such a path makes outputs depend on other entries than their own. Off the diagonal the Jacobian shows nothing else,
    so its part along the error tells how much of that path is in yours (0: missing; -1: reversed; N: not averaged).
    """
    if view.jacobians is None or view.out.shape != view.x.shape:
        return None
    yours, right = (jacobian.reshape(view.x.size, -1) for jacobian in view.jacobians)
    error = right - yours
    off = ~np.eye(view.x.size, dtype=bool)
    size = float(np.abs(right[off]).max())
    if np.abs(error[off]).max(initial=0.0) <= 1e-5 * size or np.linalg.matrix_rank(error, 1e-5 * size) > view.x.size / 2:
        return None
    along = float(right[off] @ error[off])
    if abs(along) < 1e-3 * float(error[off] @ error[off]):
        return None
    share = float(yours[off] @ error[off]) / along
    where = "the path through a value that entries share (a mean, a variance, a norm, a softmax's sum)"
    if abs(share) < 0.2:
        return Finding(Cause.DROPPED_PATH, f"{where} is missing")
    if abs(share + 1) < 0.35:
        return Finding(Cause.SIGN_OF_ONE_TERM, f"{where} has the opposite sign")
    for length, name in dimensions(view).items():
        if abs(share / length - 1) < 0.3 or abs(share * length - 1) < 0.1:
            return Finding(Cause.SCALE_N, f"{where} is off by a factor of about {share:.2g}, and {name}")
    return None
