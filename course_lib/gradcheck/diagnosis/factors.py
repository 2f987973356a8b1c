"""Hypotheses: the right numbers times something."""

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.again import view_elsewhere
from course_lib.gradcheck.diagnosis.evidence import Finding, View, dimensions, sizes

#: How many times farther out a loss is looked at for a penalty that grows with the square.
FAR_OUT = (1e4, 1e5)

#: In so many of its entries, beside its own direction.
DIRECTIONS = 12

#: A factor is an integer, or one divided by it, if it is so close to one.
NEAR_COUNT = 0.01

#: Lengths that a slip in a factor (of a cube, 2 squared, half for 2) is as likely to give as an average.
COMMON = (3, 4)

TOO_LARGE = "average over it once, not zero times"
TOO_SMALL = "it is divided by once too often"


def all_zero(view: View) -> Finding | None:
    """Nothing was written into the gradient at all."""
    if view.a.any():
        return None
    return Finding(Cause.ZERO, f"your gradient of {view.name} is zero everywhere")


def opposite_sign(view: View) -> Finding | None:
    """Every entry has the opposite sign."""
    if view.n[view.use].any() and view.matches(-view.n) and not view.denies(-view.n):
        return Finding(Cause.SIGN, "yours is the numerical gradient with the opposite sign")
    return None


def constant_factor(view: View) -> Finding | None:
    """Every entry is off by the same factor: 2, the length of an axis, or something else."""
    factor = _ratio(view.a[view.use], view.n[view.use])
    if factor is None or abs(factor - 1) < 1e-5 or not view.matches(factor * view.n):
        return None
    if view.denies(factor * view.n, noise=abs(factor) * view.allowed):
        return None
    informative = view.nonzero(view.n).sum() > 1
    named = named_factor(view, factor)
    if named is None and not informative:
        return None
    yours = f"yours is {times(factor)} the numerical gradient"
    if named is None:
        sentence = f"{yours} in every entry: a number that multiplies all of them is missing, extra or wrong"
        return Finding(Cause.CONSTANT_FACTOR, sentence, (factor,))
    return Finding(named.cause, f"{yours}{named.sentence}", (factor,))


def factor_that_changes(view: View) -> Finding | None:
    """Every entry is off by one factor, which is another at another point: it multiplies all of them."""
    factor = _ratio(view.a[view.use], view.n[view.use])
    elsewhere = view_elsewhere(view)
    if factor is None or elsewhere is None or view.nonzero(view.n).sum() < 2:
        return None
    other = _ratio(elsewhere.a[elsewhere.use], elsewhere.n[elsewhere.use])
    if other is None or not (view.matches(factor * view.n) and elsewhere.matches(other * elsewhere.n)):
        return None
    sentence = (
        f"every entry is off by one factor, {factor:.4g} here and {other:.4g} at another point: the slip "
        f"is in the stretch that all entries share, nearest the output"
    )
    return Finding(Cause.LOCAL_DERIVATIVE, sentence)


def nearly_one(view: View) -> Finding | None:
    """Every entry is off by the same factor close to 1: the small difference itself is proportional."""
    a, n = view.a[view.use], view.n[view.use]
    factor = _ratio(a, n)
    if factor is None or not 1e-5 < abs(factor - 1) <= 1e-2 or view.nonzero(view.n).sum() < 4:
        return None
    size = float(np.abs(a - n).max())
    if size < 100 * view.noise or np.abs(a - factor * n).max() > 1e-2 * size:
        return None
    sentence = f"yours is {factor:.6g} x the numerical gradient in every entry: a constant factor is extra"
    return Finding(Cause.CONSTANT_FACTOR, sentence)


def another_argument(view: View) -> Finding | None:
    """Every entry lacks, or has too often, a factor that is another argument, broadcast over this one."""
    for name, other in view.others.items():
        try:
            factor = np.broadcast_to(other, view.x.shape)
        except ValueError:  # of shapes that do not go together
            continue
        if len(np.unique(factor[view.use][view.nonzero(view.n)])) < 3:
            continue
        where = (
            "" if other.shape == view.x.shape else f", along the last {'axis' if other.ndim == 1 else 'axes'}"
        )
        if view.matches(np.where(factor == 0, np.nan, view.n / factor)):
            return Finding(
                Cause.LOCAL_DERIVATIVE, f"a factor is missing that is another argument, {name}{where}"
            )
        if view.matches(view.n * factor):
            return Finding(
                Cause.LOCAL_DERIVATIVE, f"a factor is one too many: another argument, {name}{where}"
            )
    return None


def named_factor(view: View, factor: float) -> Finding | None:
    """Name a factor: 2 or 1/2, an axis length N or 1/N, a sign; None where it means nothing in particular."""
    cause, sentences = Cause(0), []
    size = abs(factor)
    if _is(size, 1.0):
        return Finding(Cause.SIGN, ": the sign is reversed") if factor < 0 else None
    if _is(size, 2.0) or _is(size, 0.5):
        square = size < 1 and _squares(view)
        cause |= Cause.FACTOR_2 if size < 1 else Cause.FACTOR_2 | Cause.CONSTANT_FACTOR
        missing = "a 2 is missing" + (": differentiate the square" if square else "")
        sentences.append("a factor 2 is too many" if size > 1 else missing)
    elementwise = view.elementwise
    if elementwise and (count := _count(size)) is not None and count > 2:
        which = "too many" if size > 1 else "missing"
        return Finding(Cause.CONSTANT_FACTOR, f": a factor {count} is {which}")  # nothing is averaged
    lengths = [(length, name, Cause.SCALE_N) for length, name in dimensions(view).items() if not elementwise]
    lengths += [(size, name, Cause.SCALE_N | Cause.CONSTANT_FACTOR) for size, name in sizes(view).items()]
    for length, name, likely in lengths:
        if _is(size, length) or _is(size, 1 / length):
            cause |= likely
            sentences.append(f"{name}: {TOO_LARGE if size > 1 else TOO_SMALL}")
            if length in COMMON:
                cause |= Cause.CONSTANT_FACTOR
                sentences.append(f"a factor {length} is {'too many' if size > 1 else 'missing'}")
            break
    if not sentences:
        return _unnamed_count(size)
    if factor < 0:
        cause |= Cause.SIGN
    return Finding(cause, ", and " + ", or ".join(sentences))


def _squares(view: View) -> bool:
    """Whether the output is quadratic in the argument, along the argument itself."""
    point = view.evidence.point
    along = [point.dout @ point.value(point.moved(view.k, t * view.x)) for t in (1.0, 2.0, 3.0, 4.0)]
    second, third = np.diff(along, 2), np.diff(along, 3)
    return bool(np.abs(third[0]) <= 1e-6 * np.abs(second[0]) and np.abs(second[0]) > 1e-6 * np.abs(along[3]))


def _unnamed_count(size: float) -> Finding | None:
    """Name an integer that is no length in sight: as likely the number of samples as any other constant."""
    count = _count(size)
    if count is None:
        return None
    sentence = f": if the loss averages over {count} samples, average once; else look for a constant factor"
    return Finding(Cause.SCALE_N | Cause.CONSTANT_FACTOR, sentence)


def _count(size: float) -> int | None:
    """Return the integer that a factor or its inverse is: among large ones, every number is close to one."""
    count = round(max(size, 1 / size))
    return count if abs(max(size, 1 / size) - count) <= min(1e-3 * count, NEAR_COUNT) else None


def small_penalty(view: View) -> Finding | None:
    """The difference is small and a multiple of x, or of sign(x): a penalty that is missing or mis-scaled."""
    x, difference = view.x[view.use], (view.a - view.n)[view.use]
    size = float(np.abs(difference).max(initial=0.0))
    if x.size < 6 or view.out.ndim or size < 100 * view.noise or size > 1e-2 * view.scale:
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
        if _is(alpha, 1.0):
            return _regularization(view, names, tuple(map(float, fit[1:])))
        if abs(alpha) < 1e-5:
            return _only_penalty(view, n)
        named = named_factor(view, alpha)
        if named is not None:
            sentence = (
                f"but for the regularization, yours is {times(alpha)} the numerical one{named.sentence}"
            )
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
    if any(_exact_fit(view, columns, n) is not None for columns in ((x, np.sign(x)), (x,))):
        return None
    if not _grows_like_a_penalty(view, float(view.a[view.use] @ x) / float(x @ x)):
        return None
    sentence = (
        f"yours is only a multiple of {view.name}: the regularization overwrote the data's gradient (use +=)"
    )
    return Finding(Cause.OVERWRITTEN, sentence)


def _grows_like_a_penalty(view: View, multiple: float) -> bool:
    """Whether the loss may have a penalty of this gradient, a multiple of the argument: it grows as fast far
    out, and the multiple stays the same elsewhere, where that can be asked.
    """
    point = view.evidence.point
    if view.out.size != 1:
        return False
    units = np.eye(view.x.size)[:DIRECTIONS].reshape(-1, *view.x.shape)
    for x in (view.x, *units):  # a loss of squares of the data grows so too, but not in all directions
        square = float(np.sum(x**2)) or 1.0
        near, far = (float(point.value(point.moved(view.k, t * x))[0]) / (t * t * square) for t in FAR_OUT)
        if not (abs(near - far) <= 0.05 * abs(far) and 2 * far >= 0.95 * multiple > 0):
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


def _ratio(a: FloatArray, n: FloatArray) -> float | None:
    """Return the factor that fits best, by least squares, unless there is none."""
    size = float(n @ n)
    factor = float(a @ n) / size if size else 0.0
    return factor or None


def _is(value: float, expected: float) -> bool:
    return abs(value - expected) <= 1e-3 * abs(expected)


def times(factor: float) -> str:
    """Say by how much a gradient is off: `3 x`, `1/7 of`."""
    part = round(1 / abs(factor))
    if part > 1 and _is(1 / abs(factor), part):
        return f"{'-' if factor < 0 else ''}1/{part} of"
    return f"{factor:.6g} x"
