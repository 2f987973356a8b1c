"""Hypotheses that need new evaluations: does the error disappear where the suspected mistake would not matter?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.evidence import Finding, View
from course_lib.gradcheck.diagnosis.masks import levels
from course_lib.gradcheck.results import FloatArray

#: Relative step of the difference, and the relative error below which a gradient counts as right.
STEP, RIGHT = 1e-6, 1e-5

#: How far an argument is shifted, in its own scale, to bring every unit to one side of its kink.
FAR = 100.0


@dataclass(frozen=True)
class Outcome:
    """What the student's gradient and a difference say along random directions of one argument, at another point."""

    yours: FloatArray
    numerical: FloatArray

    def is_right(self) -> bool:
        """Whether both agree and there is something to agree on."""
        return bool(self.numerical.any() and np.abs(self.yours - self.numerical).max() <= RIGHT * self._size())

    def is_reversed(self) -> bool:
        """Whether the student's has the opposite sign."""
        return bool(self.numerical.any() and np.abs(self.yours + self.numerical).max() <= RIGHT * self._size())

    def is_zero(self) -> bool:
        """Whether the student's is zero where the true one is not."""
        return bool(self.numerical.any() and np.abs(self.yours).max() <= RIGHT * np.abs(self.numerical).max())

    def _size(self) -> float:
        return float(np.abs(self.numerical).max())


def outcome_at(view: View, inputs: Sequence[FloatArray], directions: int = 2) -> Outcome | None:
    """Compare along random directions at another point, or return None where forward or backward fails there."""
    problem, k = view.evidence.problem, view.k
    if problem.pair.given or view.x.size > 100_000:
        return None
    rng = np.random.default_rng(0)
    _, token = problem.value_and_token(inputs)
    try:
        gradient = problem.gradients(problem.dout.copy(), token)[k]
    except Exception:  # the point is of no use
        return None
    scale = float(np.sqrt(np.mean(inputs[k] ** 2))) or 1.0
    step = STEP * scale if not problem.single else 1e-2 * scale
    yours, numerical = [], []
    for _ in range(directions):
        direction = rng.choice([-1.0, 1.0], view.x.shape)
        ends = []
        for side in (step, -step):
            moved = list(inputs)
            moved[k] = inputs[k] + side * direction
            ends.append(problem.value(moved))
        with np.errstate(all="ignore"):
            numerical.append(float(problem.dout @ (ends[0] - ends[1])) / (2 * step))
        yours.append(float((gradient * direction).sum()))
    found = Outcome(np.array(yours), np.array(numerical))
    return found if np.isfinite(found.yours).all() and np.isfinite(found.numerical).all() else None


def symmetric_operand(view: View) -> Finding | None:
    """With one square argument made symmetric, the error disappears: it was used transposed."""
    problem = view.evidence.problem
    for j, operand in enumerate(problem.inputs):
        if j == view.k or operand.ndim != 2 or operand.shape[0] != operand.shape[1] or operand.shape[0] < 2:
            continue
        outcome = outcome_at(view, problem.moved(j, (operand + operand.T) / 2))
        if outcome is not None and outcome.is_right():
            name = problem.names[j]
            sentence = f"yours is right whenever {name} is symmetric: a product uses {name} where {name}.T belongs"
            return Finding(Cause.TRANSPOSED_OPERAND, sentence)
    return None


def all_masks_open(view: View) -> Finding | None:
    """With every unit far on one side of its kink, the error disappears: a mask is at fault."""
    if len(levels(view.n[view.use])) <= 3 or not _has_kinks(view):
        return None
    problem = view.evidence.problem
    for j, x in enumerate(problem.inputs):
        spread = FAR * (float(np.sqrt(np.mean(x**2))) or 1.0)
        for point in (x + spread, x * 1e-4, x - spread):
            outcome = outcome_at(view, problem.moved(j, point))
            if outcome is not None and outcome.is_right():
                sentence = "yours is right where no unit is switched off, and only there: a mask is missing"
                return Finding(Cause.MISSING_MASK, sentence)
    return None


def _has_kinks(view: View) -> bool:
    """Whether forward is piecewise along a long line through the point: second differences that come and go."""
    problem = view.evidence.problem
    scale = float(np.sqrt(np.mean(view.x**2))) or 1.0
    direction = np.random.default_rng(0).choice([-1.0, 1.0], view.x.shape) * scale
    values = np.stack([problem.value(problem.moved(view.k, view.x + t * direction)) for t in np.linspace(-0.02, 0.02, 33)])
    bends = np.abs(np.diff(values @ problem.dout, n=2))
    return bool(np.isfinite(bends).all() and bends.max() > 20 * np.median(bends) + 1e-12 * np.abs(values).max())


def other_argument_zero(view: View) -> Finding | None:
    """With another argument zero, the paths through it are gone; what is left tells which path is at fault."""
    problem = view.evidence.problem
    for j in range(len(problem.inputs)):
        if j == view.k:
            continue
        outcome = outcome_at(view, problem.moved(j, np.zeros_like(problem.inputs[j])))
        if outcome is None:
            continue
        name = problem.names[j]
        if outcome.is_zero():
            sentence = f"with {name} at zero yours vanishes, the true gradient does not: a path that avoids {name} is dropped"
            return Finding(Cause.DROPPED_PATH, sentence)
        if outcome.is_reversed():
            sentence = f"with {name} at zero yours has the opposite sign: a term that does not involve {name} is reversed"
            return Finding(Cause.SIGN_OF_ONE_TERM, sentence)
    return None
