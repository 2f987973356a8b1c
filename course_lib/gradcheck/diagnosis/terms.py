"""Hypothesis: of the two terms of an elementwise derivative, one is missing, reversed or scaled."""

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.dictionary import explain_pair, recognize, single_terms
from course_lib.gradcheck.diagnosis.evidence import Finding, View


def elementwise_terms(view: View) -> Finding | None:
    """Of the two terms of an elementwise derivative, one is missing, reversed or scaled."""
    if not view.elementwise:
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
            return Finding(Cause.DROPPED_PATH | rest, f"{terms}; yours lacks {name}")
        if abs(ratio + 1) < 1e-4:
            return Finding(Cause.SIGN_OF_ONE_TERM, f"{terms}; yours has {name} with the opposite sign")
        if abs(ratio - 1) > 1e-4:
            cause = Cause.FACTOR_2 if min(abs(ratio - 2), abs(ratio - 0.5)) < 1e-4 else Cause.CONSTANT_FACTOR
            return Finding(cause, f"{terms}; yours has {ratio:.4g} x {name}")
    return None


def _different_arrays(view: View, names: tuple[str, str]) -> bool:
    """Whether two terms involve different other arguments, as two paths do."""
    involved = [{other for other in view.others if other in name.split()} for name in names]
    return involved[0] != involved[1]


def _single_term(
    view: View, terms: dict[str, FloatArray], right: FloatArray, yours: FloatArray
) -> Finding | None:
    """Recognize one term of a richer derivative: the one that is kept, lost or reversed."""
    tolerance = 10 * view.relative
    if recognize(terms, right, tolerance) is not None:
        return None
    both_flow = (np.abs(right) > tolerance) & (np.abs(yours) > tolerance)
    if not both_flow.any():  # a mask, and the other way round
        return None
    lost, kept = recognize(terms, right - yours, tolerance), recognize(terms, yours, tolerance)
    common = recognize(terms, right + yours, tolerance)
    for found, sentence in (
        (lost, "yours lacks the term {}, and the local derivative has more"),
        (kept, "yours is only the term {}: the local derivative has more, or is another function"),
    ):
        if found is not None and abs(abs(found[1]) - 1) < 1e-3:
            return Finding(Cause.DROPPED_PATH | Cause.LOCAL_DERIVATIVE, sentence.format(found[0]))
    for found in (lost, common):
        if found is not None and abs(abs(found[1]) - 2) < 1e-3:
            return Finding(
                Cause.SIGN_OF_ONE_TERM, "one of the terms of the local derivative has the opposite sign"
            )
    return None
