"""Hypotheses: the error is a multiple of the argument or of its signs, or lies beside one: a penalty."""

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.evidence import Finding, View
from course_lib.gradcheck.diagnosis.factors import UNNAMED, is_close_to, named_factor, times

#: How many times farther out a loss is looked at for a penalty that grows with the square.
FAR_OUT = (1e4, 1e5)

#: In so many of its entries, beside its own direction.
DIRECTIONS = 12


def small_penalty(view: View) -> Finding | None:
    """The difference is small and a multiple of x, or of sign(x): a penalty that is missing or mis-scaled."""
    x, difference = view.x[view.use], (view.a - view.n)[view.use]
    size = float(np.abs(difference).max(initial=0.0))
    if x.size < 4 or view.out.ndim or size < 100 * view.noise or size > 1e-2 * view.scale:
        return None
    for column, names in ((x, "x"), (np.sign(x), "sign")):
        if len(set(np.sign(x))) == 1 and names == "sign":
            continue
        norm = float(column @ column)
        if norm and np.abs(difference - float(column @ difference) / norm * column).max() <= 1e-2 * size:
            return _regularization(view, names, (float(column @ difference) / norm,))
    return None


def factor_on_the_data_term(view: View) -> Finding | None:
    """A regularized loss whose data term, and only that, is off by a factor; or only its regularization is
    wrong.

    Fits a = alpha n + beta x + gamma sign(x): the terms of every usual penalty are multiples of x and
    sign(x).
    """
    x, a, n = view.x[view.use], view.a[view.use], view.n[view.use]
    right = _exact_fit(view, (x, np.sign(x)), n)
    if right is not None and len(set(np.sign(x))) > 1:
        return _penalty_alone(view, right, _exact_fit(view, (x, np.sign(x)), a))
    fits: list[tuple[tuple[FloatArray, ...], str]] = [((n, x), "x")]
    if len(set(np.sign(x))) > 1:  # of one sign only, a multiple of it is just a constant
        fits += [((n, np.sign(x)), "sign"), ((n, x, np.sign(x)), "both")]
    for columns, names in fits:
        fit = _exact_fit(view, columns, a)
        if fit is None:
            continue
        alpha = float(fit[0])
        everywhere = {"x": (view.x,), "sign": (np.sign(view.x),), "both": (view.x, np.sign(view.x))}[names]
        penalty = [factor * column for factor, column in zip(fit[1:], everywhere, strict=True)]
        if view.denies(alpha * view.n, *penalty, noise=abs(alpha) * view.allowed):
            continue
        if is_close_to(alpha, 1.0):
            return _regularization(view, names, tuple(map(float, fit[1:])))
        if square_alone(view):  # where alpha and beta are two names of one slip
            return None
        if abs(alpha) < 1e-5:
            return _only_penalty(view, n)
        if names == "both" and not _may_hold(view, float(fit[1]) / (1 - alpha)):
            return None
        named = named_factor(view, alpha) or Finding(Cause.CONSTANT_FACTOR, UNNAMED)
        sentence = f"but for the regularization, yours is {times(alpha)} the numerical one{named.sentence}"
        return Finding(named.cause, sentence, (alpha,))
    return None


def _penalty_alone(view: View, right: FloatArray, yours: FloatArray | None) -> Finding | None:
    """There is no data's gradient: yours and the numerical one are two mixtures of x and sign(x)."""
    if yours is None:
        return None
    size = float(np.abs((yours, right)).max())
    mixtures = [_mixture(view.name, b, g, 1e-9 * size) for b, g in (yours, right)]
    sentence = f"yours is {mixtures[0]}, and it should be {mixtures[1]}"
    return Finding(
        Cause.REGULARIZATION | Cause.LOCAL_DERIVATIVE, sentence, (*map(float, yours), *map(float, right))
    )


def _mixture(name: str, of_x: float, of_sign: float, noise: float) -> str:
    """What is a multiple of x and one of sign(x), as a student would write it."""
    terms = [
        f"{factor:.4g} {what}"
        for factor, what in ((of_x, name), (of_sign, f"sign({name})"))
        if abs(factor) > noise
    ]
    return " + ".join(terms) or "0"


def _regularization(view: View, names: str, strengths: tuple[float, ...]) -> Finding:
    if names == "x" and square_alone(view):
        sentence = (
            f"yours differs from the numerical gradient by a multiple of {view.name}: what a square of "
            f"{view.name} brings is missing, extra or has another factor"
        )
        return Finding(Cause.REGULARIZATION | Cause.LOCAL_DERIVATIVE, sentence, strengths)
    penalty = {
        "x": f"multiple of {view.name}",
        "sign": f"multiple of sign({view.name})",
        "both": "mixture of both penalties",
    }
    return Finding(
        Cause.REGULARIZATION,
        f"yours differs from the numerical gradient by a {penalty[names]}: the regularization's "
        f"gradient is missing or has another strength than in the loss (mind the 2 of the square)",
        strengths,
    )


def _only_penalty(view: View, n: FloatArray) -> Finding | None:
    """The gradient is a multiple of x alone, and the numerical one is not: the data's part is lost."""
    x = view.x[view.use]
    if _exact_fit(view, (x, np.sign(x)), n) is not None:
        return None
    if square_alone(view) or not _grows_like_a_penalty(view, float(view.a[view.use] @ x) / float(x @ x)):
        return None
    sentence = (
        f"yours is only a multiple of {view.name}: the data's gradient is missing, or the regularization "
        f"overwrote it (use +=)"
    )
    return Finding(Cause.OVERWRITTEN, sentence)


def square_alone(view: View) -> bool:
    """Whether the loss is a square of the argument and what is linear in it, as a data term may be."""
    point, rng = view.evidence.point, np.random.default_rng(0)
    size, curvatures = float(np.sqrt(np.mean(view.x**2))) or 1.0, []
    for _ in range(DIRECTIONS):
        move = size * rng.normal(size=view.x.shape)
        before, here, behind = (
            point.dout @ point.value(point.moved(view.k, view.x + t * move)) for t in (-1, 0, 1)
        )
        curvatures.append(float(before - 2 * here + behind) / float(np.sum(move**2)))
    return bool(np.ptp(curvatures) <= 1e-6 * np.abs(curvatures).max() < np.inf)


def _may_hold(view: View, multiple: float) -> bool:
    """Whether the loss may have a penalty of this gradient, a multiple of the argument: it grows as fast far
    out.
    """
    point = view.evidence.point
    if view.out.size != 1:
        return False
    strength = multiple / float(view.dout.ravel()[0])
    units = [unit.reshape(view.x.shape) for unit in np.eye(view.x.size)[:DIRECTIONS]]
    for x in (view.x, *units):  # a loss of squares of the data grows so too, but not in all directions
        square = float(np.sum(x**2))
        near, far = (float(point.value(point.moved(view.k, t * x))[0]) / (t * t * square) for t in FAR_OUT)
        if not (abs(near - far) <= 0.05 * abs(far) and 2 * far >= 0.95 * strength > 0):
            return False
    return True


def _grows_like_a_penalty(view: View, multiple: float) -> bool:
    """Whether it may, and the multiple stays the same elsewhere, where that can be asked."""
    point = view.evidence.point
    if not _may_hold(view, multiple):
        return False
    elsewhere = None if point.pair.given else point.elsewhere(view.k, 1.7 * view.x)
    if elsewhere is None:
        return True
    there = elsewhere[0].gradients(point.dout, elsewhere[1])[view.k]
    return bool(np.allclose(there, 1.7 * multiple * view.x, rtol=1e-3, atol=0))


def _exact_fit(view: View, columns: tuple[FloatArray, ...], target: FloatArray) -> FloatArray | None:
    """Return the coefficients that reproduce the target in every entry, if any do and chance cannot."""
    if target.size < len(columns) + 2:
        return None
    matrix = np.stack(columns, axis=1)
    norms = np.linalg.norm(matrix, axis=0)
    if not norms.all():
        return None
    scaled, _, _, singular = np.linalg.lstsq(matrix / norms, target, rcond=None)
    if singular[-1] < 1e-3:
        return None
    limit = view.relative * float(np.abs(target).max()) + 1e-6 * view.scale
    exact = bool((np.abs(matrix / norms @ scaled - target) <= limit).all())
    return scaled / norms if exact else None
