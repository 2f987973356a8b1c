"""Hypotheses: a gradient is a sum of contributions, and one of them is missing, reversed or scaled."""

from itertools import combinations

import numpy as np

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.dictionary import explain_pair, recognize, single_terms
from course_lib.gradcheck.diagnosis.evidence import Finding, View, close
from course_lib.gradcheck.results import BoolArray, FloatArray


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
    if not close(np.where(kept, yours, 0.0), np.where(kept, right, 0.0), 1e-5):
        return None
    if _only_extreme_kept(view, contributes, kept):
        sentence = "of several contributions one is kept: a later one overwrites the others (use += or sum)"
        return Finding(Cause.OVERWRITTEN, sentence)
    if not kept[:, several].any(axis=0).all():
        return None
    sentence = "some contributions are missing, all others are right: a path is dropped, or overwritten later"
    return Finding(Cause.OVERWRITTEN | Cause.DROPPED_PATH, sentence)


def _only_extreme_kept(view: View, contributes: BoolArray, kept: BoolArray) -> bool:
    """Whether each entry keeps just its last (or first) contributions, in the order of a loop over some
    output axes.
    """
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
    limit = 1e-5 * float(np.abs(right).max())
    differs = np.abs(yours - right) > limit
    if not differs.any() or not (np.abs(yours + right)[differs] <= limit).all():
        return None
    return Finding(Cause.SIGN_OF_ONE_TERM, "some contributions have the opposite sign, all others are right")


def sums_to_zero(view: View) -> Finding | None:
    """The true gradient sums to zero along an axis, as it does after a softmax or a mean; yours does not."""
    if not view.x.ndim:
        return None
    x, a, n = view.whole_rows()
    if not x.size:
        return None
    tolerance = 5e-3 if view.evidence.problem.single else 1e-6
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
                    f"balances the others is missing"
                )
                return Finding(Cause.DROPPED_PATH, sentence)
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


def elementwise_terms(view: View) -> Finding | None:
    """Of the two terms of an elementwise derivative, one is missing, reversed or scaled."""
    if view.out.shape != view.x.shape or not view.out.ndim or not _diagonal(view):
        return None
    usable = view.use & (np.abs(view.dout) > 1e-6 * np.abs(view.dout).max())
    arrays = {view.name: view.x, "out": view.out}
    arrays |= {name: array for name, array in view.others.items() if array.shape == view.x.shape}
    values = {name: array[usable] for name, array in arrays.items()}
    right, yours = (view.n / view.dout)[usable], (view.a / view.dout)[usable]
    pair = explain_pair(values, right, yours, 10 * view.relative)
    if pair is None:
        return _single_term(view, single_terms(values), right, yours)
    rest = Cause.OVERWRITTEN if _different_arrays(view, pair.names) else Cause.LOCAL_DERIVATIVE
    terms = f"the local derivative has two terms, {pair.names[0]} and {pair.names[1]}"
    for (of_right, of_yours), name in zip(pair.coefficients, pair.names, strict=True):
        ratio = of_yours / of_right
        if abs(ratio) < 1e-4:
            return Finding(
                Cause.DROPPED_PATH | rest, f"{terms}; yours lacks {name}: add up all paths into {view.name}"
            )
        if abs(ratio + 1) < 1e-4:
            return Finding(Cause.SIGN_OF_ONE_TERM, f"{terms}; yours has {name} with the opposite sign")
        if abs(ratio - 1) > 1e-4:
            cause = Cause.FACTOR_2 if min(abs(ratio - 2), abs(ratio - 0.5)) < 1e-4 else Cause.CONSTANT_FACTOR
            return Finding(cause, f"{terms}; yours has {ratio:.4g} x {name}")
    return None


def _different_arrays(view: View, names: tuple[str, str]) -> bool:
    """Whether two terms involve different other arguments, as two paths do, and not two terms of one
    derivative.
    """
    involved = [{other for other in view.others if other in name.split()} for name in names]
    return involved[0] != involved[1]


def _single_term(
    view: View, terms: dict[str, FloatArray], right: FloatArray, yours: FloatArray
) -> Finding | None:
    """Recognize a term of a derivative that is too rich for the dictionary: the one kept, the one lost, or
    reversed.
    """
    tolerance = 10 * view.relative
    if recognize(terms, right, tolerance) is not None:
        return None
    lost, kept = recognize(terms, right - yours, tolerance), recognize(terms, yours, tolerance)
    common = recognize(terms, right + yours, tolerance)
    for found, sentence in ((lost, "yours lacks the term"), (kept, "yours is only the term")):
        if found is not None and abs(abs(found[1]) - 1) < 1e-3:
            return Finding(
                Cause.DROPPED_PATH | Cause.LOCAL_DERIVATIVE,
                f"{sentence} {found[0]}: add up all paths into {view.name}",
            )
    for found in (lost, common):
        if found is not None and abs(abs(found[1]) - 2) < 1e-3:
            return Finding(
                Cause.SIGN_OF_ONE_TERM, "one of the terms of the local derivative has the opposite sign"
            )
    return None


def _diagonal(view: View) -> bool:
    """Whether each output depends on its own entry alone."""
    jacobian = view.numerical_jacobian
    if jacobian is None:
        return False
    return bool(view.jacobian_zero(jacobian)[~np.eye(len(jacobian), dtype=bool)].all())
