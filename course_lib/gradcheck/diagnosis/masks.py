"""Hypotheses: entries let through that should be stopped, and the reverse."""

import numpy as np

from course_lib.gradcheck.arrays import BoolArray, FloatArray
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.dictionary import recognize, terms_of
from course_lib.gradcheck.diagnosis.evidence import Finding, View, close
from course_lib.gradcheck.text import plural


def zero_in_part(view: View) -> Finding | None:
    """Some entries are zero that should not be; all others are right."""
    zero = ~view.nonzero(view.a)
    missing = zero & view.nonzero(view.n)
    if not missing.any() or not view.equal(view.a, view.n)[~missing].all() or zero.all():
        return None
    axis = _one_slice(view, missing)
    if axis is not None:
        sentence = f"one slice along axis {axis} gets no gradient at all; the rest is right"
        return Finding(Cause.ZERO_IN_PART | Cause.DROPPED_PATH, sentence)
    count = int(missing.sum())
    those = f"{plural(count, 'entry', 'entries')} {'is' if count == 1 else 'are'}"
    return Finding(Cause.ZERO_IN_PART, f"{those} zero that should not be; the rest is right")


def _one_slice(view: View, missing: BoolArray) -> int | None:
    """Return the axis along which all missing entries share one index, if there is one."""
    where = np.argwhere(view.use)[np.flatnonzero(missing)]
    for axis in range(view.x.ndim):
        if view.x.shape[axis] > 2 and len(set(where[:, axis])) == 1 and len(where) > 1:
            return axis
    return None


def inverted_mask(view: View) -> Finding | None:
    """Gradient flows exactly where it should not, and not where it should."""
    yours, right = view.nonzero(view.a), view.nonzero(view.n)
    sentence = "gradient flows exactly where it should not: the mask is inverted"
    disjoint = right.any() and yours.any() and not (yours & right).any()
    elementwise = view.out.shape == view.x.shape
    if disjoint and not right.all() and ((yours | right).all() or not elementwise):
        return Finding(Cause.INVERTED_MASK, sentence)
    slopes = _local_slopes(view)
    if slopes is None:
        return None
    on = float(slopes[1][np.argmax(np.abs(slopes[1]))])
    yours_on, right_on = _near(slopes[0], on), _near(slopes[1], on)
    if right_on.any() and not right_on.all() and (yours_on == ~right_on).all():
        return Finding(Cause.INVERTED_MASK, sentence)
    return None


def missing_mask(view: View) -> Finding | None:
    """Gradient flows everywhere as it should flow only where the mask is on."""
    yours, right = view.nonzero(view.a), view.nonzero(view.n)
    same = view.equal(view.a, view.n)
    sentence = "gradient also flows where forward stopped it: the mask is missing"
    slopes = _local_slopes(view)
    extra = yours & ~right
    if right.any() and not right.all() and same[right].all() and extra.any():
        if slopes is None or _of_one_kind(slopes[0], extra, right):
            return Finding(Cause.MISSING_MASK, sentence)
        return None
    if slopes is not None:
        on = float(slopes[0][0])
        beyond = np.abs(slopes[1]) > abs(on) * (1 + 1e-5)
        if _near(slopes[0], on).all() and _near(slopes[1], on).sum() > 1 and not beyond.any():
            return Finding(Cause.MISSING_MASK, sentence)
    return _missing_in_jacobian(view)


def _of_one_kind(slope: FloatArray, extra: BoolArray, right: BoolArray) -> bool:
    """Whether what flows where it should not is what flows elsewhere, where that is one number."""
    on = levels(slope[right])
    return len(on) > 1 or bool(_near(slope[extra], on[0]).any())


def _missing_in_jacobian(view: View) -> Finding | None:
    """The same, contribution by contribution: for arguments that many outputs share."""
    if view.jacobians is None:
        return None
    analytic, numerical = view.jacobians
    yours, right = ~view.jacobian_zero(analytic), ~view.jacobian_zero(numerical)
    extra = yours & ~right
    if (
        not extra.any()
        or (right & ~yours).any()
        or not right.any()
        or not close(analytic[right], numerical[right], 1e-5)
    ):
        return None
    if extra.sum() > 3 * right.sum():
        return None
    return Finding(
        Cause.MISSING_MASK,
        "contributions that forward stopped are let through: a mask is missing, or a sum runs too far",
    )


def wrong_slope(view: View) -> Finding | None:
    """Of the few slopes of a piecewise linear function, one is wrong."""
    slopes = _local_slopes(view)
    if slopes is None or not 1 < len(levels(slopes[1])) <= 3:
        return None
    wrong = [
        level for level in levels(slopes[1]) if not _near(slopes[0][_near(slopes[1], level)], level).all()
    ]
    if len(wrong) != 1:
        return None
    yours = levels(slopes[0][_near(slopes[1], wrong[0])])
    what = f"it is {yours[0] + 0.0:.4g} in yours" if len(yours) == 1 else "yours varies"
    sentence = f"where the slope should be {wrong[0] + 0.0:.4g}, {what}; elsewhere yours is right"
    return Finding(Cause.LOCAL_DERIVATIVE, sentence)


def one_branch(view: View) -> Finding | None:
    """An elementwise function that is right to one side of a threshold of its argument, and wrong to the
    other.
    """
    slopes = _local_slopes(view)
    if slopes is None:
        return None
    x, right = view.x[view.use], _near_each(slopes[0], slopes[1])
    if min(right.sum(), (~right).sum()) < 2:
        return None
    for above in (True, False):
        inside, outside = (x[~right], x[right]) if above else (x[right], x[~right])
        if inside.min() > outside.max():
            border, side = (float(inside.min()) + float(outside.max())) / 2, "above" if above else "below"
            where = "0" if outside.max() < 0 < inside.min() else f"about {border:.2g}"
            sentence = f"yours is wrong only where {view.name} is {side} {where}: look at what it does there"
            cause = Cause.MISSING_MASK if _one_formula(x, slopes[0]) else Cause.LOCAL_DERIVATIVE
            return Finding(cause | Cause.LOCAL_DERIVATIVE, sentence)
    return None


def _one_formula(x: FloatArray, slope: FloatArray) -> bool:
    """Whether a slope is one simple function of the argument on both sides."""
    terms = terms_of({"x": x})
    return recognize(terms, slope, 1e-5) is not None


def _near_each(values: FloatArray, others: FloatArray) -> BoolArray:
    return np.asarray(np.abs(values - others) <= 1e-5 * np.maximum(np.abs(others), 1e-3))


def mask_from_wrong_tensor(view: View) -> Finding | None:
    """A mask of the right kind, but of other entries."""
    yours, right = view.nonzero(view.a), view.nonzero(view.n)
    both = yours & right
    if not both.any() or not (yours & ~right).any() or not (right & ~yours).any():
        return None
    if not view.equal(view.a, view.n)[both].all():
        return None
    sentence = (
        "gradient is let through at other entries than in forward: a mask is taken from the wrong array, or "
        "an index is off"
    )
    return Finding(Cause.MASK_FROM_WRONG_TENSOR, sentence)


def _local_slopes(view: View) -> tuple[FloatArray, FloatArray] | None:
    """For an elementwise function: both gradients divided by dout, over the entries in use."""
    if view.out.shape != view.x.shape or not view.out.ndim:
        return None
    if view.numerical_jacobian is not None and not view.elementwise:
        return None
    dout = view.dout[view.use]
    if not dout.all():
        return None
    return view.a[view.use] / dout, view.n[view.use] / dout


def _near(values: FloatArray, level: float) -> BoolArray:
    return np.asarray(np.abs(values - level) <= 1e-5 * max(abs(level), 1e-3))


def levels(values: FloatArray) -> list[float]:
    """The distinct values, if they are few: slopes of a piecewise linear function."""
    levels: list[float] = []
    for value in values:
        if not any(abs(value - level) <= 1e-5 * max(abs(level), 1e-3) for level in levels):
            levels.append(float(value))
        if len(levels) > 3:
            break
    return levels
