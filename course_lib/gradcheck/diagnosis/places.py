"""Hypotheses: the right numbers in the wrong places."""

from itertools import combinations

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.again import view_elsewhere
from course_lib.gradcheck.diagnosis.balance import penalty_on_rows, piecewise_linear, vanishes
from course_lib.gradcheck.diagnosis.differences import constant_difference, spread_alike
from course_lib.gradcheck.diagnosis.evidence import Finding, View, close

#: An entry that is off by less than this, relative to the largest gradient, is no slip of its own.
LITTLE = 1e-7

#: Nor is one that is off by less than this fraction of itself as well.
NEARLY = 1e-2

#: Nor is one beside which others are off by this fraction of it, if by less than is allowed.
OTHERS = 1e-3

OF_A_VARIANCE = "what a variance or a standard deviation brings is missing, reversed or has another factor"
OR_NOTHING = "and what adds nothing to a total, as what comes through a variance"

#: Where no more entries than this are not zero, one alone may be wrong by chance.
TELLING = 3


def outside_of_kinks(view: View) -> Finding | None:
    """All that is wrong sits on kinks, where many slopes are right."""
    entries = view.evidence.judged[view.k]
    if not (entries.wrong.size and entries.kink[entries.wrong].all()):
        return None
    sentence = "on a kink any slope between those of its two sides is right, and yours lies outside of them"
    return Finding(Cause.LOCAL_DERIVATIVE, sentence)


def one_entry(view: View) -> Finding | None:
    """All entries but one are right."""
    entries = view.evidence.judged[view.k]
    wrong = entries.wrong
    if wrong.size != 1 or view.use.sum() < 3 or _several_elsewhere(view):
        return None
    index = [int(i) for i in np.unravel_index(int(wrong[0]), view.x.shape)]
    yours, numerical = float(view.a.flat[wrong[0]]), float(view.n.flat[wrong[0]])
    beside = view.use.ravel().copy()
    beside[wrong[0]] = False
    off = abs(yours - numerical)
    others = float(np.nan_to_num(np.abs(view.a - view.n)).ravel()[beside].max(initial=0.0))
    if off < NEARLY * abs(numerical) and (off < LITTLE * view.scale or others > OTHERS * off):
        sentence = (
            f"only the entry at {index} is off by more than is allowed, and by little: was it measured?"
        )
        return Finding(Cause.ONE_ENTRY | Cause.NUMERICAL_DIFFERENTIATION, sentence)
    if not yours:
        sentence = f"only the entry at {index} is wrong: it is zero and should not be"
        return Finding(Cause.ONE_ENTRY | Cause.ZERO_IN_PART, sentence)
    if abs(numerical) < LITTLE * abs(yours):
        sentence = (
            f"only the entry at {index} is wrong: it should be zero, as where a mask stops the gradient"
        )
        return Finding(Cause.ONE_ENTRY | Cause.MISSING_MASK, sentence)
    return Finding(Cause.ONE_ENTRY, f"only the entry at {index} is wrong; look for what is special about it")


def _several_elsewhere(view: View) -> bool:
    """Whether few entries tell anything here, and at another point several are wrong."""
    if view.nonzero(view.n).sum() > TELLING:
        return False
    elsewhere = view_elsewhere(view)
    return elsewhere is not None and elsewhere.evidence.judged[view.k].wrong.size > 1


def transposed(view: View) -> Finding | None:
    """Two axes of equal length are exchanged."""
    for i, j in combinations(range(view.x.ndim), 2):
        if view.x.shape[i] == view.x.shape[j] and view.matches(np.swapaxes(view.n, i, j)) and view.complete:
            if _constant_along(view.n, i) or _constant_along(view.n, j):
                return Finding(
                    Cause.WRONG_AXIS, "yours is broadcast along another axis than the one forward summed over"
                )
            axes = "" if view.x.ndim == 2 else f" (axes {i} and {j})"
            return Finding(Cause.TRANSPOSED, f"yours is the transpose of the numerical gradient{axes}")
    if view.x.ndim == 2 and view.complete and view.matches(view.n.T.reshape(view.x.shape)):
        return Finding(Cause.TRANSPOSED, "yours is the transpose of the numerical gradient, reshaped")
    return None


def _constant_along(values: FloatArray, axis: int) -> bool:
    return close(values, np.broadcast_to(values.mean(axis, keepdims=True), values.shape), 1e-6)


def swapped_arguments(view: View) -> Finding | None:
    """The gradient is that of another argument."""
    names = view.evidence.point.names
    for j, entries in view.evidence.judged.items():
        if j == view.k or view.evidence.point.inputs[j].shape != view.x.shape:
            continue
        other = entries.numerical.reshape(view.x.shape)
        if not (entries.wrong.size and np.isfinite(other).all() and other.any() and view.matches(other)):
            continue
        if not view.denies(other, noise=np.nan_to_num(entries.allowed).reshape(view.x.shape)):
            return _swapped(view, names[j], entries.analytic)
    return None


def _more_wrong(view: View) -> bool:
    """Whether an argument is wrong whose gradient is not that of another one: an order explains not all."""
    judged, inputs = view.evidence.judged, view.evidence.point.inputs

    def is_anothers(k: int) -> bool:
        return any(
            j != k
            and inputs[j].shape == inputs[k].shape
            and close(entries.numerical, judged[k].analytic, 1e-5)
            for j, entries in judged.items()
        )

    return any(entries.wrong.size and not is_anothers(k) for k, entries in judged.items())


def _swapped(view: View, other: str, others: FloatArray) -> Finding:
    """Say what is exchanged: two results, or the layers of a net, parameters called `layer.name`."""
    yours = f"yours is the gradient of {other}"
    layer, _, name = view.name.rpartition(".")
    if layer and name == other.rpartition(".")[2]:
        return Finding(
            Cause.SWAPPED_ARGUMENTS, f"{yours}: do the layers run in reverse order on the way back?"
        )
    if not view.matches_other(others.reshape(view.x.shape), view.n):
        return Finding(Cause.SWAPPED_ARGUMENTS, yours)
    both = f"{yours}, and that of {other} is yours"
    if _more_wrong(view):
        said = f"{both}, and another is wrong: is what goes to the one sent to the other?"
        return Finding(Cause.SWAPPED_ARGUMENTS | Cause.INVERTED_MASK, said)
    return Finding(Cause.SWAPPED_ARGUMENTS, f"{both}: the order of the returned gradients is swapped")


def shifted(view: View) -> Finding | None:
    """The gradient is that of the neighbouring index, along some axis."""
    for axis in range(view.x.ndim):
        moved = [np.roll(view.clear, by, axis) for by in (1, -1)]
        if view.x.shape[axis] > 2 and view.complete and any(map(view.matches, moved)):
            return _off_by_one(view, axis)
    if view.jacobians is None:
        return None
    analytic, numerical = view.jacobians
    for axis in range(analytic.ndim):
        if analytic.shape[axis] > 2 and _neighbours(analytic, numerical, axis, view.relative):
            return _off_by_one(view, axis - view.out.ndim)
    return None


def _off_by_one(view: View, axis: int) -> Finding:
    where = f"axis {axis} of {view.name}" if axis >= 0 else "an axis of the output"
    return Finding(
        Cause.OFF_BY_ONE, f"yours belongs to the neighbouring index along {where}: an index is off by one"
    )


def _neighbours(analytic: FloatArray, numerical: FloatArray, axis: int, relative: float) -> bool:
    """Whether one Jacobian is the other moved by one along an axis, whatever comes in at the border."""
    a, n = np.moveaxis(analytic, axis, 0), np.moveaxis(numerical, axis, 0)
    if close(a, n, relative) or not n[1:-1].any() or close(n[1:], n[:-1], relative):
        return False
    return close(a[1:], n[:-1], relative) or close(a[:-1], n[1:], relative)


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
    moved = (np.abs(error) > 1e-6 * np.abs(error).max()).sum(axis=1)
    if set(moved) <= {0, 2} or constant_difference(view) is not None:
        return Finding(Cause.OFF_BY_ONE, sentence)
    of_weights = (np.sum(n < 0, axis=1) > 1).any()  # of scores, the true class's alone is negative
    if of_weights and piecewise_linear(view) and not close(a, penalty_on_rows(x, a, tolerance), 1e-6):
        sentence = f"{sentence}, or a margin's mask is missing or wrong"
        return Finding(Cause.OFF_BY_ONE | Cause.MISSING_MASK | Cause.LOCAL_DERIVATIVE, sentence)
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
    lost = sorted(alignments(view, numerical) - alignments(view, analytic))
    if not lost or not analytic.any():
        return None
    sentence = (
        f"along axis {lost[0][1]} of {view.name}, forward keeps entries apart, and yours mixes them: "
        f"check every axis=, every transpose and every index"
    )
    return Finding(Cause.WRONG_AXIS | Cause.WRONG_SUM | Cause.LOCAL_DERIVATIVE, sentence)


def _axes_exchanged(view: View, analytic: FloatArray, numerical: FloatArray) -> bool:
    """Whether exchanging two axes of the output makes the Jacobians equal."""
    for i, j in combinations(range(view.out.ndim), 2):
        if numerical.shape[i] == numerical.shape[j] and close(analytic, np.swapaxes(numerical, i, j), 1e-5):
            return True
    return False


def _aligned_elsewhere(view: View, analytic: FloatArray, numerical: FloatArray) -> bool:
    """Whether an axis of x that follows one axis of the output in forward follows another one in backward."""
    yours, right = alignments(view, analytic), alignments(view, numerical)
    return bool(right - yours) and bool(yours - right)


def alignments(view: View, jacobian: FloatArray) -> set[tuple[int, int]]:
    """Return the pairs (axis of out, axis of x) whose indices agree wherever the Jacobian is not zero."""
    where = np.argwhere(~view.jacobian_zero(jacobian))
    pairs = set()
    for i, length in enumerate(view.out.shape):
        for j, other in enumerate(view.x.shape):
            if length == other > 1 and where.size and (where[:, i] == where[:, view.out.ndim + j]).all():
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
