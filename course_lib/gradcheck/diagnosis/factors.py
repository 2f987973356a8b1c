"""Hypotheses: the right numbers times something."""

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.again import view_elsewhere
from course_lib.gradcheck.diagnosis.evidence import Finding, View, dimensions, parts, sizes

#: A factor is an integer, or one divided by it, if it is so close to one.
NEAR_COUNT = 0.01

#: A gradient that is so small beside the numerical one is what is left where numbers cancel.
ROUNDING = 1e-13

#: Lengths that a slip in a factor (of a cube, 2 squared, half for 2) is as likely to give as an average.
COMMON = (3, 4)

TOO_LARGE = "average over it once, not zero times"
TOO_SMALL = "it is divided by once too often"
UNNAMED = ": a number that multiplies all of them is missing, extra or wrong"


def all_zero(view: View) -> Finding | None:
    """Nothing was written into the gradient at all, or what cancels."""
    if np.abs(view.a).max(initial=0.0) > ROUNDING * view.scale:
        return None
    rounding = ", up to rounding" if view.a.any() else ""
    return Finding(Cause.ZERO, f"your gradient of {view.name} is zero everywhere{rounding}")


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
    named = named or Finding(Cause.CONSTANT_FACTOR, f" in every entry{UNNAMED}")
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
    numbers = [
        (name, x.item(), elsewhere.others[name].item()) for name, x in view.others.items() if x.size == 1
    ]
    for name, here, there in numbers:
        if is_close_to(factor * here, 1.0) and is_close_to(other * there, 1.0):
            return Finding(Cause.LOCAL_DERIVATIVE, f"a factor is missing that is another argument, {name}")
        if is_close_to(factor, here) and is_close_to(other, there):
            return Finding(Cause.LOCAL_DERIVATIVE, f"a factor is one too many: another argument, {name}")
    sentence = (
        f"every entry is off by one factor, {factor:.4g} here and {other:.4g} at another point: look for "
        f"what multiplies all of them"
    )
    return Finding(Cause.LOCAL_DERIVATIVE, sentence)


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
        if view.matches(view.n / factor):  # where it is zero, nothing is known
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
    if is_close_to(size, 1.0):
        return Finding(Cause.SIGN, ": the sign is reversed") if factor < 0 else None
    if is_close_to(size, 2.0) or is_close_to(size, 0.5):
        square = size < 1 and _squares(view)
        cause |= Cause.FACTOR_2 if size < 1 else Cause.FACTOR_2 | Cause.CONSTANT_FACTOR
        missing = "a 2 is missing" + (": differentiate the square" if square else "")
        sentences.append("a factor 2 is too many" if size > 1 else missing)
    elementwise = view.elementwise
    if elementwise and (count := _count(size)) is not None and count > 2:
        which = "too many" if size > 1 else "missing"
        return Finding(Cause.CONSTANT_FACTOR, f": a factor {count} is {which}")  # nothing is averaged
    lengths = [(length, name, Cause.SCALE_N) for length, name in dimensions(view).items() if not elementwise]
    some = parts(view)
    lengths += [
        (size, name, Cause.SCALE_N | Cause.CONSTANT_FACTOR) for size, name in (some | sizes(view)).items()
    ]
    for length, name, likely in lengths:
        if is_close_to(size, length) or is_close_to(size, 1 / length):
            cause |= likely
            sentences.append(f"{name}: {TOO_LARGE if size > 1 else TOO_SMALL}")
            if length in COMMON or Cause.CONSTANT_FACTOR in likely:
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
    (second, _), (third,) = np.abs(np.diff(along, 2)), np.abs(np.diff(along, 3))
    return bool(third <= 1e-6 * second and second > 1e-6 * np.abs(along[3]))


def _unnamed_count(size: float) -> Finding | None:
    """Name an integer that is no length in sight: as likely the number of samples as any other constant."""
    count = _count(size)
    if count is None:
        return None
    which, average = ("too many", "missing") if size > 1 else ("missing", "made twice")
    sentence = f": a factor {count} is {which}, or an average over {count} samples is {average}"
    return Finding(Cause.SCALE_N | Cause.CONSTANT_FACTOR, sentence)


def _count(size: float) -> int | None:
    """Return the integer that a factor or its inverse is: among large ones, every number is close to one."""
    count = round(max(size, 1 / size))
    return count if abs(max(size, 1 / size) - count) <= min(1e-3 * count, NEAR_COUNT) else None


def _ratio(a: FloatArray, n: FloatArray) -> float | None:
    """Return the factor that fits best, by least squares, unless there is none."""
    size = float(n @ n)
    factor = float(a @ n) / size if size else 0.0
    return factor or None


def is_close_to(value: float, expected: float) -> bool:
    """Whether a factor is this one, to a thousandth."""
    return abs(value - expected) <= 1e-3 * abs(expected)


def times(factor: float) -> str:
    """Say by how much a gradient is off: `3 x`, `1/7 of`."""
    part = round(1 / abs(factor))
    if part > 1 and is_close_to(1 / abs(factor), part):
        return f"{'-' if factor < 0 else ''}1/{part} of"
    return f"{factor:.6g} x"
