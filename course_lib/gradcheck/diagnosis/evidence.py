"""Everything a hypothesis may look at, arranged for comparing arrays."""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np

from course_lib.gradcheck.arrays import BoolArray, FloatArray
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.contract import Contract
from course_lib.gradcheck.entries import RIGHT, UNRESOLVED, Entries
from course_lib.gradcheck.point import Point

#: Backward is called once per output to form its Jacobian, up to this many outputs.
MOST_OUTPUTS = 600


@dataclass
class Evidence:
    """The point, the gradients as returned, the verdicts, and what is wrong about the use of dout.

    `elsewhere` holds the same of another point, or None where there is none, once that was asked for.
    """

    point: Point
    contract: Contract
    judged: dict[int, Entries]
    faults: dict[int, tuple[Cause, str]]
    elsewhere: "list[Evidence | None] | None" = None


@dataclass(frozen=True)
class Finding:
    """A cause, and a sentence that says it to the student.

    `numbers` were fitted to the numbers of this point, and have to come out the same at another.
    """

    cause: Cause
    sentence: str
    numbers: tuple[float, ...] = ()


class View:
    """One wrong argument, with the student's gradient `a` and the numerical one `n`, both of the shape of
    `x`.

    `n` is nan where no entry was looked at. Comparisons leave out entries on and near kinks, unless only
    these are wrong.
    """

    def __init__(self, evidence: Evidence, k: int) -> None:
        entries = evidence.judged[k]
        point = evidence.point
        self.evidence = evidence
        self.k = k
        self.name = point.names[k]
        self.x = point.inputs[k]
        self.a: FloatArray = entries.analytic.reshape(self.x.shape)
        self.n = entries.numerical.reshape(self.x.shape)
        self.dout = point.dout.reshape(point.out_shape)
        self.out = point.out.reshape(point.out_shape)
        self.relative = 1e-3 if point.single else 1e-5
        self.allowed = np.nan_to_num(entries.allowed.reshape(self.x.shape))
        known = np.isfinite(entries.numerical)
        with np.errstate(invalid="ignore"):
            beside = (entries.state == RIGHT) & (
                np.abs(entries.analytic - entries.numerical) > entries.allowed
            )
        unclear = entries.rough | entries.kink | beside | (entries.state == UNRESOLVED)
        clear = known & ~unclear  # beside a kink, the slopes to both sides decided
        shows = not entries.wrong.size or clear[entries.wrong].any()  # else all that is compared is right
        self.use: BoolArray = (clear if shows and clear.sum() >= 2 else known).reshape(self.x.shape)

    @property
    def others(self) -> dict[str, FloatArray]:
        """The other arguments, by name."""
        point = self.evidence.point
        return {
            name: x for j, (name, x) in enumerate(zip(point.names, point.inputs, strict=True)) if j != self.k
        }

    @property
    def scale(self) -> float:
        """The largest gradient in sight, yours or the numerical one."""
        return float(
            max(np.abs(self.a[self.use]).max(initial=0.0), np.abs(self.n[self.use]).max(initial=0.0))
        )

    @property
    def clear(self) -> FloatArray:
        """The numerical gradient, nan where it is not in use."""
        return np.where(self.use, self.n, np.nan)

    @property
    def noise(self) -> float:
        """The typical allowed error of an entry."""
        return float(np.median(self.allowed[self.use]))

    @property
    def complete(self) -> bool:
        """Whether every entry was looked at."""
        return bool(np.isfinite(self.n).all())

    def matches(self, candidate: FloatArray) -> bool:
        """Whether the student's gradient is this array, over the entries in use; nan matches anything."""
        return self.matches_other(self.a, candidate)

    def matches_other(self, array: FloatArray, candidate: FloatArray) -> bool:
        """The same of another array in the place of the student's gradient."""
        if candidate.shape != array.shape:
            return False
        known = np.isfinite(candidate[self.use])
        return bool(2 * known.sum() >= known.size > 0 and self.equal(array, candidate).all())

    def equal(self, left: FloatArray, right: FloatArray) -> BoolArray:
        """Compare two arrays of the argument's shape, entry by entry, over the entries in use (a flat
        answer).

        An entry of `right` that is nan is unknown and equal to anything.
        """
        left, right = left[self.use], right[self.use]
        size = np.maximum(np.abs(left), np.abs(right))
        limit = self.relative * size + 20 * self.allowed[self.use] + 1e-7 * self.scale
        return np.asarray(~(np.abs(left - right) > limit))

    def denies(self, *terms: FloatArray, noise: FloatArray | float = 0.0) -> bool:
        """Whether yours is not the sum of these arrays in some entry, however small it is beside others.

        Entries beside a kink are asked too where they are right. What is summed has so much noise of its own.
        """
        entries, parts = self.evidence.judged[self.k], np.stack(terms)
        asked = self.use | ((entries.state == RIGHT) & ~entries.kink).reshape(self.x.shape)
        allowed = self.relative * np.abs(parts).max(axis=0) + 20 * (self.allowed + noise)
        return bool((asked & (np.abs(self.a - parts.sum(axis=0)) > allowed)).any())

    def nonzero(self, values: FloatArray) -> BoolArray:
        """Say which entries in use are not zero (a flat answer)."""
        return np.asarray(np.abs(values[self.use]) > 1e-7 * self.scale)

    def whole_rows(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return x, a and n restricted to the first indices at which every entry was looked at."""
        known = np.isfinite(self.n).reshape(len(self.x), -1).all(axis=1)
        return self.x[known], self.a[known], self.n[known]

    @cached_property
    def numerical_jacobian(self) -> FloatArray | None:
        """The Jacobian from differences, of shape (outputs, entries), or None where it was not kept whole."""
        columns = self.evidence.judged[self.k].jacobian
        if len(columns) < self.x.size:
            return None
        return np.stack([columns[j] for j in range(self.x.size)], axis=1)

    @cached_property
    def analytic_jacobian(self) -> FloatArray | None:
        """The Jacobian that backward implies, one call per output, or None where it cannot be formed."""
        point = self.evidence.point
        if point.pair.given or point.out.size > MOST_OUTPUTS or self.k in self.evidence.faults:
            return None
        rows = []
        for output in range(point.out.size):
            unit = np.zeros(point.out.size)
            unit[output] = 1.0
            try:
                rows.append(point.gradients(unit, self.evidence.contract.token)[self.k].ravel())
            except Exception:  # a backward that fails for a unit vector has no Jacobian to look at
                return None
        return np.stack(rows)

    @cached_property
    def jacobians(self) -> tuple[FloatArray, FloatArray] | None:
        """Both Jacobians (yours, numerical), of shape out.shape + x.shape, if the output is an array."""
        if self.out.ndim == 0 or self.out.size == 1:
            return None
        analytic, numerical = self.analytic_jacobian, self.numerical_jacobian
        if analytic is None or numerical is None or not np.isfinite(analytic).all():
            return None
        shape = self.out.shape + self.x.shape
        return analytic.reshape(shape), numerical.reshape(shape)

    @cached_property
    def elementwise(self) -> bool:
        """Whether each output depends on its own entry alone, as far as can be seen."""
        jacobian = self.numerical_jacobian
        if jacobian is None or self.out.shape != self.x.shape or not self.out.ndim:
            return False
        return bool(self.jacobian_zero(jacobian)[~np.eye(len(jacobian), dtype=bool)].all())

    def jacobian_zero(self, jacobian: FloatArray) -> BoolArray:
        """Say which entries of a Jacobian are zero up to the noise of differences."""
        return np.asarray(np.abs(jacobian) <= 1e-6 * float(np.abs(jacobian).max(initial=0.0)))


def close(left: FloatArray, right: FloatArray, relative: float) -> bool:
    """Whether two arrays of the same shape agree within a fraction of the largest entry."""
    if left.shape != right.shape:
        return False
    scale = max(float(np.abs(left).max(initial=0.0)), float(np.abs(right).max(initial=0.0)))
    return bool((np.abs(left - right) <= relative * scale).all())


def dimensions(view: View) -> dict[int, str]:
    """Name the axis lengths that a forgotten or doubled average could involve, the likeliest first."""
    named: dict[int, str] = {}
    for name, shape in _shapes(view):
        for length in shape:
            # numbers cannot tell axes of one length apart
            axes = " or ".join(str(axis) for axis, other in enumerate(shape) if other == length)
            if length > 1:
                named.setdefault(length, f"N = {length} is the length of axis {axes} of {name}")
    return named


def sizes(view: View) -> dict[int, str]:
    """Name the numbers of entries that an average over everything could involve."""
    named: dict[int, str] = {}
    for name, shape in _shapes(view):
        if len(shape) > 1:
            size = int(np.prod(shape))
            named.setdefault(size, f"N = {size} is the number of entries of {name}")
    return named


def parts(view: View) -> dict[int, str]:
    """Name the numbers of entries that an average over some axes, two or more, could involve."""
    named: dict[int, str] = {}
    for name, shape in _shapes(view):
        long = [length for length in shape if length > 1]
        for count in range(2, len(long)):
            for lengths in combinations(long, count):
                size = int(np.prod(lengths))
                named.setdefault(
                    size, f"N = {size} is the number of entries of {name} along {count} of its axes"
                )
    return named


def _shapes(view: View) -> list[tuple[str, tuple[int, ...]]]:
    point = view.evidence.point
    inputs = zip(point.names, point.inputs, strict=True)
    return [("the output", point.out_shape), *((name, x.shape) for name, x in inputs)]
