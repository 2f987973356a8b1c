"""Hypothesis: a matrix product in backward uses an operand where its transpose belongs, or the reverse."""

import numpy as np

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.evidence import Finding, View, close
from course_lib.gradcheck.results import FloatArray

#: A matrix worse conditioned than this cannot be divided out of a numerical gradient.
WORST_CONDITION = 1e6


def transposed_operand(view: View) -> Finding | None:
    """The last product of backward takes Q instead of Q.T, for a square argument Q.

    If n = d Q.T and a = d Q, with whatever d came from upstream, then a = n inv(Q.T) Q: d need not be known.
    """
    if view.x.ndim == 0 or not view.complete:
        return None
    a, n = view.a.reshape(-1, view.x.shape[-1]), view.n.reshape(-1, view.x.shape[-1])
    for name, operand in view.others.items():
        if operand.ndim != 2 or operand.shape[0] != operand.shape[1] or close(operand, operand.T, 1e-9):
            continue
        if np.linalg.cond(operand) < WORST_CONDITION and _exchanged(a, n, operand, view.x.ndim == 1):
            sentence = f"a product uses {name} where {name}.T belongs (or the reverse)"
            return Finding(Cause.TRANSPOSED_OPERAND, sentence)
    return None


def _exchanged(a: FloatArray, n: FloatArray, operand: FloatArray, vector: bool) -> bool:
    candidates = []
    if n.shape[1] == len(operand):
        candidates += [n @ np.linalg.inv(q.T) @ q for q in (operand, operand.T)]
    if n.shape[0] == len(operand) and not vector:
        candidates += [q @ np.linalg.inv(q.T) @ n for q in (operand, operand.T)]
    return any(close(a, candidate, 1e-4) for candidate in candidates)
