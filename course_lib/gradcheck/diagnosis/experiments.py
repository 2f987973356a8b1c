"""Hypotheses that need new evaluations: where does the error disappear?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from course_lib.gradcheck.arrays import FloatArray, typical_size
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.evidence import Finding, View
from course_lib.gradcheck.diagnosis.factors import named_factor
from course_lib.gradcheck.diagnosis.masks import levels
from course_lib.gradcheck.diagnosis.operands import transpose

#: Relative step of the difference, and the relative error below which a gradient counts as right.
STEP, RIGHT = 1e-6, 1e-6

#: Sizes of an entry of a direction. Were all alike, three entries that balance might be seen in none.
SIZES = (0.5, 1.5)

#: So many points beside a kink decide.
AWAY = 3

#: How far an argument is shifted, in its own scale, to bring every unit to one side of its kink.
FAR = 100.0

#: The place where an error ends is halved so often; a tenth before it, an error below this died away.
HALVINGS, DIES_AWAY = 14, 1e-4

#: Half way to the place from there, an error that ends at once is no smaller, or by a power below the third.
FADES = 5.0

#: A gradient jumps where the error ends if it changes by so much of the error there.
JUMPS = 0.1

#: A slope bends there if it then changes by so much more or less, and not by less than is seen of it at all.
BENDS, SEEN = 1e-2, 1e-7

#: Small enough to leave no unit switched off where an offset holds it on, and large enough for smooth errors
#: to show.
SMALL = 1e-2


@dataclass(frozen=True)
class DirectionalSlopes:
    """What the student's gradient and differences say along random directions at another point."""

    yours: FloatArray
    numerical: FloatArray

    def is_right(self) -> bool:
        """Whether both agree and there is something to agree on."""
        return bool(self.numerical.any() and np.abs(self.yours - self.numerical).max() <= RIGHT * self.size())

    def is_zero(self) -> bool:
        """Whether the student's is zero where the true one is not."""
        return bool(self.numerical.any() and np.abs(self.yours).max() <= RIGHT * np.abs(self.numerical).max())

    def size(self) -> float:
        """The largest slope."""
        return float(np.abs(self.numerical).max())


def outcome_at(
    view: View, inputs: Sequence[FloatArray], directions: int = 2, among: FloatArray | float = 1.0
) -> DirectionalSlopes | None:
    """Compare along random directions at another point, or return None if it is of no use.

    `among` is 1 where entries are to move, and 0 elsewhere.
    """
    point, k = view.evidence.point, view.k
    if point.pair.given or view.x.size > 100_000:
        return None
    rng = np.random.default_rng(0)
    _, token = point.value_and_token(inputs)
    try:
        gradient = point.gradients(point.dout, token)[k]
    except Exception:  # the point is of no use
        return None
    scale = typical_size(inputs[k])
    step = STEP * scale if not point.single else 1e-2 * scale
    yours, numerical = [], []
    for _ in range(directions):
        direction = rng.choice([-1.0, 1.0], view.x.shape)
        if view.x.size > 1:
            direction *= rng.uniform(*SIZES, view.x.shape)
        direction *= among
        ends = []
        for side in (step, -step):
            moved = list(inputs)
            moved[k] = inputs[k] + side * direction
            ends.append(point.value(moved))
        with np.errstate(all="ignore"):
            numerical.append(float(point.dout @ (ends[0] - ends[1])) / (2 * step))
        yours.append(float((gradient * direction).sum()))
    found = DirectionalSlopes(np.array(yours), np.array(numerical))
    return found if np.isfinite(found.yours).all() and np.isfinite(found.numerical).all() else None


def factor_away_from_kinks(view: View) -> Finding | None:
    """With too few entries clear of kinks, a factor is looked for beside the point."""
    entries = view.evidence.judged[view.k]
    if not (entries.rough | entries.kink).any():
        return None
    rng, yours, numerical = np.random.default_rng(1), [], []
    for _ in range(AWAY):
        move = rng.uniform(-0.1, 0.1, view.x.shape) * typical_size(view.x)
        outcome = outcome_at(view, view.evidence.point.moved(view.k, view.x + move))
        if outcome is not None:
            yours.append(outcome.yours)
            numerical.append(outcome.numerical)
    if len(yours) < AWAY:
        return None
    a, n = np.concatenate(yours), np.concatenate(numerical)
    if len(np.unique(np.round(np.abs(n) / (np.abs(n).max() or 1.0), 6))) < 2:
        return None
    factor = float(a @ n) / (float(n @ n) or np.inf)
    if not factor or np.abs(a - factor * n).max() > RIGHT * np.abs(factor * n).max():
        return None
    named = named_factor(view, factor)
    if named is None:
        return None
    sentence = f"beside the kink, yours is {factor:.6g} x the numerical gradient{named.sentence}"
    return Finding(named.cause, sentence)


def symmetric_operand(view: View) -> Finding | None:
    """With one square argument made symmetric, the error disappears: it was used transposed."""
    point = view.evidence.point
    for j, operand in enumerate(point.inputs):
        if j == view.k or operand.ndim < 2 or operand.shape[-1] != operand.shape[-2] or operand.shape[-1] < 2:
            continue
        outcome = outcome_at(view, point.moved(j, (operand + transpose(operand)) / 2))
        if outcome is not None and outcome.is_right():
            name = point.names[j]
            if operand.ndim == 2:
                where = f"{name} is symmetric: a product uses {name} where {name}.T belongs, or both do"
            else:
                where = f"the last two axes of {name} may change places: they do in yours, or should"
            sentence = f"yours is right whenever {where}"
            return Finding(Cause.TRANSPOSED_OPERAND, sentence)
    return None


def all_masks_open(view: View) -> Finding | None:
    """With every unit far on one side of its kink, the error disappears: a mask is at fault.

    An elementwise function shows its masks directly, and a smooth one may be right far out for other reasons.
    """
    if view.out.shape == view.x.shape or len(levels(view.n[view.use])) <= 3:
        return None
    point = view.evidence.point
    here = outcome_at(view, point.inputs)
    if here is None or here.is_right():
        return None
    for j, x in enumerate(point.inputs):
        spread = FAR * typical_size(x)
        for elsewhere, far in ((x + spread, True), (x * SMALL, False)):
            outcome = outcome_at(view, point.moved(j, elsewhere))
            if (
                outcome is not None
                and outcome.is_right()
                and outcome.size() > 0.1 * here.size()
                and _becomes_right_at_once(view, j, elsewhere)
                and not (far and _no_mask_on_the_other_side(view, j, x - spread))
            ):
                sentence = (
                    "yours is right where nothing on the way changes its sign or is switched off, and only "
                    "there: a mask (or the sign of an absolute value) is missing or wrong"
                )
                return Finding(Cause.MISSING_MASK, sentence)
    return None


def _no_mask_on_the_other_side(view: View, j: int, elsewhere: FloatArray) -> bool:
    """Whether no mask is wrong, by what is seen where everything is on the other side of its kink.

    One that is missing or wrong lets through there what is stopped, or turns its sign. What is a sum of other
    things belongs to a branch that is wrong in itself, and that is switched off where yours is right; where
    yours is right on both sides, that branch lies between them.
    """
    outcome = outcome_at(view, view.evidence.point.moved(j, elsewhere), 3)
    if outcome is None or not outcome.numerical.any():
        return False
    a, n = outcome.yours, outcome.numerical
    factor = float(a @ n) / float(n @ n)
    return outcome.is_right() or bool(np.abs(a - factor * n).max() > RIGHT * outcome.size())


def _becomes_right_at_once(view: View, j: int, elsewhere: FloatArray) -> bool:
    """Whether the error ends at some place on the way, as where the last unit passes its kink, and does not
    die away, as where something saturates.
    """
    point, start = view.evidence.point, view.evidence.point.inputs[j]
    wrong, right = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (wrong + right) / 2
        outcome = outcome_at(view, point.moved(j, start + middle * (elsewhere - start)))
        if outcome is None:
            return False
        if outcome.is_right():
            right = middle
        else:
            wrong = middle
    errors = []
    for before in (0.9, 0.95):
        there = outcome_at(view, point.moved(j, start + before * right * (elsewhere - start)))
        if there is None:
            return False
        errors.append(float(np.abs(there.yours - there.numerical).max()) / (there.size() or 1.0))
    if errors[0] <= DIES_AWAY or errors[0] > FADES * errors[1]:
        return False
    beyond = 2 * right - wrong
    times = (2 * wrong - right, wrong, right, beyond)
    found = [outcome_at(view, point.moved(j, start + t * (elsewhere - start))) for t in times]
    ends = [end for end in found if end is not None]
    return not (_switched_together(ends[-3:]) or _switched_where_forward_bends(ends))


def _switched_together(ends: Sequence[DirectionalSlopes]) -> bool:
    """Whether both gradients jump where the error ends: what is wrong is then switched as in forward, by a
    mask that is right, and is wrong in itself. `ends` are before the place, behind it and as far again.
    """
    if len(ends) < 3:
        return False
    before, behind, beyond = ends
    error = float(np.abs(before.yours - before.numerical).max())
    return all(
        _jump(slopes) > JUMPS * error
        for slopes in (
            (before.yours, behind.yours, beyond.yours),
            (before.numerical, behind.numerical, beyond.numerical),
        )
    )


def _jump(slopes: Sequence[FloatArray]) -> float:
    before, behind, beyond = slopes
    return float(np.abs(behind - before).max() - 2 * np.abs(beyond - behind).max())


def _switched_where_forward_bends(ends: Sequence[DirectionalSlopes]) -> bool:
    """Whether yours jumps where the error ends, and the true gradient bends there, as a Huber loss's does:
    the mask is right, and what it switches is wrong. `ends` are twice as far before the place, and as above.
    """
    if len(ends) < 4:
        return False
    earlier, before, behind, beyond = ends
    error = float(np.abs(before.yours - before.numerical).max())
    there, here = before.numerical - earlier.numerical, beyond.numerical - behind.numerical
    change = float(np.abs((there, here)).max())
    bends = float(np.abs(here - there).max()) > BENDS * change > BENDS * SEEN * before.size()
    return bends and _jump((before.yours, behind.yours, beyond.yours)) > JUMPS * error
