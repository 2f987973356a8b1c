"""Hypotheses: the right numbers in the wrong places."""

from itertools import combinations

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.again import view_elsewhere
from course_lib.gradcheck.diagnosis.evidence import Finding, View, close

#: An entry that is off by less than this, relative to the largest gradient, is no slip of its own.
LITTLE = 1e-7

#: Nor is one that is off by less than this fraction of itself as well.
NEARLY = 1e-2

#: Nor is one beside which others are off by this fraction of it, if by less than is allowed.
OTHERS = 1e-3

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
    (place,) = wrong.tolist()
    index = [int(i) for i in np.unravel_index(place, view.x.shape)]
    yours, numerical = float(view.a.flat[place]), float(view.n.flat[place])
    beside = view.use.ravel().copy()
    beside[place] = False
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
    return Finding(
        Cause.SWAPPED_ARGUMENTS, f"{both}: swapped where they are returned, or where they are made"
    )


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
