"""Hypotheses: one array where another one belongs, or a factor that is missing or one too many."""

from collections.abc import Callable, Iterator
from itertools import permutations

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.evidence import Finding, View, close
from course_lib.gradcheck.diagnosis.operands import transpose

#: Factors that local derivatives are made of, by the way to write them.
FACTORS: dict[str, Callable[[FloatArray], FloatArray]] = {
    "{}": lambda u: u,
    "{}**2": lambda u: u**2,
    "{}**3": lambda u: u**3,
    "(1 - {})": lambda u: 1 - u,
    "(1 - {}**2)": lambda u: 1 - u**2,
    "cos({})": np.cos,
    "sin({})": np.sin,
    "exp({})": np.exp,
    "log({})": np.log,
    "sign({})": np.sign,
}

#: Fewer entries than this show no relation by themselves.
FEW = 3


def factor_of_array(view: View) -> Finding | None:
    """A factor that is an array in sight, or a simple function of one, is missing, or is one too many."""
    if not _many(view):
        return None
    for name, array in _alike(view).items():
        for form, function in FACTORS.items():
            factor = np.asarray(function(array))
            if not np.isfinite(factor).all() or np.ptp(np.abs(factor)[view.use]) <= 1e-3:
                continue
            written = form.format(name)
            if view.matches(np.where(factor == 0, np.nan, view.n / factor)):
                return Finding(Cause.LOCAL_DERIVATIVE, f"yours lacks the factor {written}")
            if view.matches(view.n * factor):
                return Finding(Cause.LOCAL_DERIVATIVE, f"yours has the factor {written} once too often")
    return None


def factor_of_each_row(view: View) -> Finding | None:
    """Every row is off by a factor of its own, as by the norm or the sum that its entries share."""
    if view.x.ndim < 2 or not view.use.all():
        return None
    rows_of_a, rows_of_n = (values.reshape(-1, view.x.shape[-1]) for values in (view.a, view.n))
    factors = np.sum(rows_of_a * rows_of_n, axis=1) / np.sum(rows_of_n**2, axis=1)
    spread = np.ptp(factors) > 1e-3 * np.abs(factors).max()
    named = np.isclose(factors, 1, rtol=1e-3) | np.isclose(factors, 0, atol=1e-3)  # right, or without any
    several = (np.abs(rows_of_n) > 1e-7 * view.scale).sum(axis=1).min() > 1
    if not (several and spread) or named.any():
        return None
    if not view.matches((rows_of_n * factors[:, np.newaxis]).reshape(view.x.shape)):
        return None
    sentence = (
        "every row is off by a factor of its own: what multiplies all entries of a row, as a norm, a sum or "
        "the gradient of what they enter, is missing, wrong, extra or has another power"
    )
    return Finding(Cause.LOCAL_DERIVATIVE, sentence)


def array_in_anothers_place(view: View) -> Finding | None:
    """Of two arrays of one shape, yours has one where the other belongs; as factors or as divisors, which
    the numbers cannot tell, nor so which of them is the wrong one.
    """
    if not _many(view):
        return None
    for (name, array), (other, there) in permutations(_alike(view).items(), 2):
        if np.ptp((array / there)[view.use]) <= 1e-3 or not view.matches(view.n * there / array):
            continue
        if "the output" in (name, other) and _is_factor_of_output(view):
            continue  # what it is multiplied with may be what is missing, or too many
        sentence = f"of {name} and {other}, one stands where the other belongs"
        return Finding(Cause.LOCAL_DERIVATIVE | Cause.SWAPPED_ARGUMENTS, sentence)
    return None


def operand_in_anothers_place(view: View) -> Finding | None:
    """A product of backward takes another matrix of the same shape."""
    if view.x.ndim != 2:
        return None
    matrices = {name: x for name, x in view.others.items() if x.ndim == 2}
    for (name, right), (other, wrong) in permutations(matrices.items(), 2):
        if right.shape != wrong.shape or close(right, wrong, 1e-6):
            continue
        for q, p in ((right, wrong), (right.T, wrong.T)):
            if any(close(view.a, candidate, 1e-6) for candidate in _with_another(view.n, q, p)):
                sentence = f"{other} stands where {name} belongs, an array of the same shape"
                return Finding(Cause.LOCAL_DERIVATIVE | Cause.SWAPPED_ARGUMENTS, sentence)
    return None


def transposed_intermediate(view: View) -> Finding | None:
    """A square matrix that forward or backward makes is multiplied as it is where its transpose belongs."""
    if view.x.ndim < 2:
        return None
    for name, q in view.others.items():
        if q.shape != view.x.shape:
            continue
        for n, a, factor in ((view.n, view.a, q), (transpose(view.n), transpose(view.a), transpose(q))):
            if not 2 <= n.shape[-2] <= n.shape[-1]:
                continue
            middle = n @ np.linalg.pinv(factor)
            exact = close(middle @ factor, n, 1e-6) and not close(middle, transpose(middle), 1e-6)
            if exact and close(transpose(middle) @ factor, a, 1e-6):
                sentence = f"what is multiplied with {name} has to be transposed, or is and should not be"
                return Finding(Cause.TRANSPOSED_OPERAND, sentence)
    return None


def _with_another(n: FloatArray, q: FloatArray, p: FloatArray) -> Iterator[FloatArray]:
    """What n = d q, or n = q d, becomes with p in the place of q."""
    if n.shape[1] == q.shape[1]:
        d = n @ np.linalg.pinv(q)
        if close(d @ q, n, 1e-8):
            yield d @ p
    if n.shape[0] == q.shape[0]:
        d = np.linalg.pinv(q) @ n
        if close(q @ d, n, 1e-8):
            yield p @ d


def _alike(view: View) -> dict[str, FloatArray]:
    """The arrays of the argument's shape that forward saw or made: the argument, its output, the others."""
    found = {view.name: view.x}
    for name, x in (*view.others.items(), ("the output", view.out)):
        along = view.x.shape[view.x.ndim - x.ndim :] if x.ndim <= view.x.ndim else ()
        if x.ndim and along and all(n in (1, m) for n, m in zip(x.shape, along, strict=True)):
            found[name] = np.broadcast_to(x, view.x.shape)
    return found


def _is_factor_of_output(view: View) -> bool:
    """Whether every output is an entry of the argument times what does not depend on that."""
    alike = view.out.shape == view.x.shape
    return alike and bool(
        np.allclose((view.n * view.x)[view.use], (view.dout * view.out)[view.use], rtol=1e-5)
    )


def _many(view: View) -> bool:
    """Whether enough entries are not zero in both gradients, and no one factor explains them."""
    both = view.nonzero(view.n) & view.nonzero(view.a)
    return bool(both.sum() >= FEW)
