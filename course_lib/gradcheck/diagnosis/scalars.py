"""Hypotheses where every argument is one number: judged at several points, as one fits by chance."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.evidence import Finding, View
from course_lib.gradcheck.diagnosis.factors import times
from course_lib.gradcheck.narrow import representable_in_single

#: So many points decide, out of so many that are tried.
NEEDED, TRIED = 4, 12

#: Factors k / m with small k and m, that people write down; others come from numbers.
SIMPLE, LARGEST = 4, 12

#: What is only said of the point itself.
HERE = Cause.ZERO | Cause.NO_DEPENDENCE

#: What is so where an argument is small may be so because it is; then it is asked where it is not.
SMALL, NOT_SMALL = 0.1, 0.5

#: Relative step of central differences, and the agreement that they allow.
STEP, AGREES = 1e-5, 1e-6


#: Of single numbers, far from saturation errors of a slip are larger than this.
NEAR = 1e-5

NEARLY = (
    "nearly right at every point, as a difference quotient is, or float32, or a constant added against "
    "division by zero: write the derivative, in float64"
)


@dataclass(frozen=True)
class Table:
    """Values, gradients as returned and numerical gradients: one row per point, one column per argument."""

    values: FloatArray
    yours: FloatArray
    numerical: FloatArray


def applies(view: View) -> bool:
    """Whether every argument is one number, and backward can be asked elsewhere."""
    point = view.evidence.point
    return not point.pair.given and not point.single and all(x.size == 1 for x in point.inputs)


def explain(view: View) -> Finding | None:
    """Return what explains the gradient at all generic points, or None."""
    inputs = view.evidence.point.inputs
    table = _measure(view, inputs)
    if table is None:
        return None
    larger = [_not_small(x) for x in inputs]
    far = _measure(view, larger) if any(map(np.any, map(np.subtract, larger, inputs))) else None
    for hypothesis in (
        _nearly_right,
        _no_dependence,
        _factor,
        _another_argument,
        _missing_path,
        _common_factor,
    ):
        finding = hypothesis(view, table)
        if finding is None:
            continue
        if far is None or finding.cause & HERE or _is_found_again(finding, hypothesis(view, far)):
            return finding
    return None


def _not_small(x: FloatArray) -> FloatArray:
    small = (x != 0) & (np.abs(x) < SMALL)  # zero is moved by more than that
    return np.where(small, np.copysign(NOT_SMALL, x), x)


def _is_found_again(finding: Finding, again: Finding | None) -> bool:
    return again is not None and again.sentence == finding.sentence


def _measure(view: View, at: Sequence[FloatArray]) -> Table | None:
    """Return what is seen at some places beside a point, or None where there are too few."""
    point, rng = view.evidence.point, np.random.default_rng(0)
    rows: list[tuple[FloatArray, FloatArray, FloatArray]] = []
    for _ in range(TRIED):
        inputs = [x + rng.uniform(-0.3, 0.3) * (np.abs(x) + (x == 0)) for x in at]
        out, token = point.value_and_token(inputs)
        try:
            yours = np.array([g.item() for g in point.gradients(point.dout, token)])
        except Exception:  # the point is of no use
            continue
        numerical = []
        for j, x in enumerate(inputs):
            step = STEP * float(np.abs(x).item() or 1.0)
            ends = [point.value([*inputs[:j], x + side, *inputs[j + 1 :]]) for side in (step, -step)]
            numerical.append(float(point.dout @ (ends[0] - ends[1])) / (2 * step))
        row = (np.array([x.item() for x in inputs]), yours, np.array(numerical))
        if np.isfinite(out).all() and all(np.isfinite(part).all() for part in row):
            rows.append(row)
        if len(rows) == NEEDED:
            values, returned, differences = (np.stack(part) for part in zip(*rows, strict=True))
            return Table(values, returned, differences)
    return None


def _same(left: FloatArray, right: FloatArray) -> bool:
    size = np.maximum(np.abs(left), np.abs(right))
    return bool((np.abs(left - right) <= AGREES * size).all() and size.any())


def _nearly_right(view: View, table: Table) -> Finding | None:
    """Every gradient is off by little at every point, so that no factor or term says anything."""
    error = np.abs(table.yours - table.numerical)
    if not table.numerical.all() or np.any(error > NEAR * np.abs(table.numerical)):
        return None
    if representable_in_single(view.a) or not error.any():
        return None
    return Finding(Cause.NUMERICAL_DIFFERENTIATION | Cause.FLOAT32, NEARLY)


def _no_dependence(view: View, table: Table) -> Finding | None:
    """Forward does not move with the argument here, as with the smaller one of a maximum; yours is not 0."""
    if table.numerical[:, view.k].any() or not table.yours[:, view.k].all():
        return None
    sentence = (
        f"forward does not depend on {view.name} around this point, so its gradient should be zero here"
    )
    return Finding(Cause.NO_DEPENDENCE | Cause.MISSING_MASK, sentence)


def _factor(view: View, table: Table) -> Finding | None:
    a, n = table.yours[:, view.k], table.numerical[:, view.k]
    if not a.any():
        return Finding(Cause.ZERO, f"your gradient of {view.name} is zero")
    factor = float(a @ n) / (float(n @ n) or np.inf)
    if not factor or not _same(a, factor * n) or abs(factor - 1) <= 1e-5:
        return None
    if abs(factor + 1) < 1e-5:
        return Finding(Cause.SIGN, "yours is the numerical gradient with the opposite sign")
    cause = (
        Cause.FACTOR_2 if min(abs(abs(factor) - 2), abs(abs(factor) - 0.5)) < 1e-5 else Cause.CONSTANT_FACTOR
    )
    if factor < 0:
        cause |= Cause.SIGN
    size = abs(factor)
    simple = any(_whole(size * k) or _whole(k / size) for k in range(1, SIMPLE + 1))
    what = (
        "a constant factor" if simple else f"a factor that {view.name} does not change: a constant, or data"
    )
    cause = cause if simple else Cause.LOCAL_DERIVATIVE
    return Finding(cause, f"yours is {times(factor)} the numerical gradient, at other points too: {what}")


def _whole(number: float) -> bool:
    return 1 <= round(number) <= LARGEST and abs(number - round(number)) < 1e-5


def _another_argument(view: View, table: Table) -> Finding | None:
    """Yours is the gradient of another argument; in a product x z that is x, where z belongs."""
    k = view.k
    for j, name in enumerate(view.evidence.point.names):
        if not _same(table.yours[:, k], table.numerical[:, j]):
            continue
        if _same(table.numerical[:, k], table.numerical[:, j]):  # both are the same, and yours is neither
            continue
        if _same(table.numerical[:, k], table.values[:, j]) or _same(
            table.numerical[:, j], table.values[:, k]
        ):
            sentence = f"yours is the gradient of {name}: a product hands each side the other factor"
        else:
            sentence = f"yours is the gradient of {name}, at other points too"
        return Finding(Cause.SWAPPED_ARGUMENTS, sentence)
    return None


def _missing_path(view: View, table: Table) -> Finding | None:
    """What is missing is another argument or a product of two: a contribution, when the rest is kept."""
    missing = table.numerical[:, view.k] - table.yours[:, view.k]
    for name, value in _contributions(view, table):
        for sign, term in ((1.0, name), (-1.0, f"-{name}")):
            if _same(missing, sign * value):
                sentence = (
                    f"yours lacks the term {term}, at other points too: one of several paths into "
                    f"{view.name} is missing, or overwritten where it should add up"
                )
                return Finding(Cause.DROPPED_PATH | Cause.OVERWRITTEN, sentence)
    return None


def _contributions(view: View, table: Table) -> Iterator[tuple[str, FloatArray]]:
    names = view.evidence.point.names
    for i, name in enumerate(names):
        if i != view.k:
            yield name, table.values[:, i]
            for j in range(i, len(names)):
                yield f"{name} * {names[j]}", table.values[:, i] * table.values[:, j]


def _common_factor(view: View, table: Table) -> Finding | None:
    """Every gradient is off by one factor that changes from point to point."""
    if table.yours.shape[1] < 2 or not table.yours.all() or not table.numerical.all():
        return None
    ratios = table.yours / table.numerical
    if not all(_same(ratios[:, 0], column) for column in ratios.T):
        return None
    sentence = (
        "all gradients are off by one common factor, which changes from point to point: look for what enters "
        "all of them, as the stretch nearest the output does"
    )
    return Finding(Cause.LOCAL_DERIVATIVE, sentence)
