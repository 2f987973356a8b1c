"""Hypotheses about single contributions: an index is summed over or held fast, or a factor belongs to each.

Both Jacobians are looked at, yours from one call of backward per output.
"""

from collections.abc import Iterator
from itertools import permutations

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.axes import alignments
from course_lib.gradcheck.diagnosis.evidence import Finding, View, close

#: How well contributions have to agree, relative to the largest.
AGREE = 1e-5

#: Fewer contributions than this show no factor by themselves, and of more than this no factor is looked for.
FEW, MOST = 4, 100_000


def index_not_kept(view: View) -> Finding | None:
    """Along one axis, all contributions are the sum of those that are right, or one of them."""
    if view.jacobians is None:
        return None
    yours, right = view.jacobians
    kept = alignments(view, right)
    for axis in range(yours.ndim):
        if yours.shape[axis] < 2:
            continue
        of_output = axis < view.out.ndim
        if not of_output and all(other != axis - view.out.ndim for _, other in kept):
            continue  # what a maximum selects along it adds up to what lets all through
        where = f"axis {axis} of the output" if of_output else f"axis {axis - view.out.ndim} of {view.name}"
        if close(yours, np.broadcast_to(right.sum(axis, keepdims=True), right.shape), AGREE):
            sentence = f"yours adds up along {where} what belongs to each index there on its own"
            return Finding(Cause.WRONG_SUM, sentence)
        there = ~view.jacobian_zero(right)
        if there.any() and close(yours[there], right[there], AGREE):
            continue  # only what was stopped differs: a place that stops nothing looks as if it were chosen
        for index, which in ((0, "first"), (-1, "last")):
            if of_output and close(yours, np.broadcast_to(right.take([index], axis), right.shape), AGREE):
                sentence = f"yours takes for every index along {where} what belongs to the {which} one"
                return Finding(Cause.LOCAL_DERIVATIVE, sentence)
    return None


def factor_of_contributions(view: View) -> Finding | None:
    """Each contribution lacks, or has too often, its entry of another argument; or that of a third one."""
    if view.jacobians is None:
        return None
    yours, right = view.jacobians
    if yours.size > MOST or (~view.jacobian_zero(right)).sum() < FEW:
        return None
    factors = list(_factors(view, yours.shape))
    for name, factor in factors:
        if close(yours * factor, right, AGREE):
            return Finding(Cause.LOCAL_DERIVATIVE, f"every contribution lacks a factor, its entry of {name}")
        if close(yours, right * factor, AGREE):
            return Finding(
                Cause.LOCAL_DERIVATIVE, f"every contribution has its entry of {name} once too often"
            )
    for (name, factor), (other, there) in permutations(factors, 2):
        if name != other and close(yours * factor, right * there, AGREE):
            sentence = f"in every contribution an entry of {other} stands where one of {name} belongs"
            return Finding(Cause.LOCAL_DERIVATIVE | Cause.SWAPPED_ARGUMENTS, sentence)
    return None


def _factors(view: View, shape: tuple[int, ...]) -> Iterator[tuple[str, FloatArray]]:
    """The arguments, spread over the axes of a Jacobian in every way that their lengths allow."""
    for name, array in ((view.name, view.x), *view.others.items()):
        if array.ndim > 2 or np.ptp(np.abs(array)) <= AGREE * np.abs(array).max():
            continue
        for axes in permutations(range(len(shape)), array.ndim):
            if all(shape[axis] == length for axis, length in zip(axes, array.shape, strict=True)):
                ordered = array if list(axes) == sorted(axes) else array.T
                spread = [shape[axis] if axis in axes else 1 for axis in range(len(shape))]
                yield name, ordered.reshape(spread)
