"""Entries that share a kink, tested together.

Where two entries tie for a maximum, each alone may have any share of the gradient from none to all of it, so
giving all of it to both looks right entry by entry. Moved together they have one slope between them, and
their gradients must add up to it. Where three or more tie for the median, none of them moves it alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.first_step import first_steps
from course_lib.gradcheck.nearby import Nearby
from course_lib.gradcheck.rungs import RATIO
from course_lib.gradcheck.stepping import KINK_PERSISTS, Prober, Slopes

#: Slopes that differ by more than this fraction belong to a kink; smooth interactions over one step stay far
#: below.
DISTINCT = 1e-3

#: Of fewer entries that tie, one that is moved alone moves the output.
AT_REST = 3


@dataclass(frozen=True)
class KinkEntry:
    """One entry that sits on a kink: where it is, the student's gradient of it, and its one-sided slopes."""

    argument: int
    index: int
    analytic: float
    slopes: Slopes


class TieTest:
    """Finds kink entries that interact, and tests the gradients of such groups jointly."""

    def __init__(
        self, prober: Prober, inputs: Sequence[FloatArray], seed: int, nearby: Nearby | None = None
    ) -> None:
        self._nearby = nearby
        self._prober = prober
        self._inputs = inputs
        self._usual = [first_steps(x.ravel(), 1.0) for x in inputs]
        self._rng = np.random.default_rng(seed)

    def violations(self, entries: Sequence[KinkEntry]) -> list[list[KinkEntry]]:
        """Return the groups of tied entries whose gradients do not add up to any slope of the group."""
        wrong = []
        for group in connected(entries):
            wrong += self._wrong_groups(group)
        return wrong

    def violations_at_rest(self, entries: Sequence[KinkEntry]) -> list[list[KinkEntry]]:
        """Return the same of entries none of which moves an output alone: all of one size may tie."""
        sizes: dict[float, list[KinkEntry]] = {}
        for entry in entries:
            sizes.setdefault(abs(float(self._inputs[entry.argument].flat[entry.index])), []).append(entry)
        return [group for group in sizes.values() if len(group) >= AT_REST and self._wrong_at_rest(group)]

    def _wrong_at_rest(self, group: Sequence[KinkEntry]) -> bool:
        move = self._distances(group)
        together = self._together(group, move)
        if together is None or not together.outputs.any():
            return False
        return self._outside(group, move, together)

    def _wrong_groups(self, group: list[KinkEntry]) -> list[list[KinkEntry]]:
        if len(group) < 2:
            return []
        patterns = [np.ones(len(group)), self._rng.choice([-1.0, 1.0], len(group)), _growing(group)]
        distances = self._distances(group)
        moves = [(pattern * distances, self._together(group, pattern * distances)) for pattern in patterns]
        if all(slopes is None or _additive(group, move, slopes) for move, slopes in moves):
            return []
        inside = []
        if len(group) > 2:
            middle = len(group) // 2
            halves = [group[:middle], group[middle:]]
            inside = [wrong for half in halves for wrong in self._wrong_groups(half)]
            if all(self._apart(halves, move, slopes) for move, slopes in moves):
                return inside
        broken = any(slopes is not None and self._outside(group, move, slopes) for move, slopes in moves)
        return [group] if broken else inside

    def _apart(
        self, halves: Sequence[Sequence[KinkEntry]], move: FloatArray, together: Slopes | None
    ) -> bool:
        """Whether moving both halves changes the outputs by the sum of what moving each as far does."""
        middle = len(halves[0])
        one, other = self._together(halves[0], move[:middle]), self._together(halves[1], move[middle:])
        if together is None or one is None or other is None:
            return False
        right, left = one.right + other.right, one.left + other.left
        size = float(np.abs(right).sum() + np.abs(left).sum())
        missing = float(np.abs(together.right - right).sum() + np.abs(together.left - left).sum())
        return missing <= DISTINCT * size + 3 * together.rounding

    def _distances(self, group: Sequence[KinkEntry]) -> FloatArray:
        """Return how far to move each entry of a group.

        Each moves in proportion to its usual step, so that what ties goes on to tie, and none farther than
        its own kink was seen.
        """
        usual = np.array([self._usual[entry.argument][entry.index] for entry in group])
        seen = np.array([entry.slopes.step for entry in group])
        return np.asarray(usual * np.min(seen / usual))

    def _together(self, group: Sequence[KinkEntry], move: FloatArray) -> Slopes | None:
        """Measure the slopes of moving all entries at once, each by its own distance."""
        return self._prober.along(self._displacement(group, move), 1.0)

    def _displacement(self, group: Sequence[KinkEntry], move: FloatArray) -> dict[int, FloatArray]:
        displacement: dict[int, FloatArray] = {}
        for entry, distance in zip(group, move, strict=True):
            direction = displacement.setdefault(entry.argument, np.zeros_like(self._inputs[entry.argument]))
            direction.flat[entry.index] = distance
        return displacement

    def _outside(self, group: Sequence[KinkEntry], move: FloatArray, together: Slopes) -> bool:
        """Whether the group's gradients add up to what no move of it gives, here or near by."""
        total, tolerance = _total(group, move, together)
        off = _beyond(total, together)
        if off <= tolerance:
            return False
        closer = self._together(group, move / RATIO)  # of curvature, it shows less
        if closer is None or RATIO * _beyond(total / RATIO, closer) <= KINK_PERSISTS * off:
            return False
        if self._nearby is None:
            return True
        here = together.low if total < together.low else together.high
        displacement = self._displacement(group, move)
        return not self._nearby.allows_move(displacement, total, here, tolerance)


def _beyond(total: float, slopes: Slopes) -> float:
    return max(slopes.low - total, total - slopes.high)


def _growing(group: Sequence[KinkEntry]) -> FloatArray:
    """Return the sign with which each entry, moved alone, makes the output larger."""
    return np.array([-1.0 if (entry.slopes.right + entry.slopes.left).sum() < 0 else 1.0 for entry in group])


def connected(entries: Sequence[KinkEntry]) -> list[list[KinkEntry]]:
    """Group entries that have a kink in a common output."""
    groups: list[tuple[set[int], list[KinkEntry]]] = []
    for entry in entries:
        outputs = _kinky_outputs(entry.slopes)
        members = [entry]
        apart = []
        for known_outputs, known in groups:
            if outputs.isdisjoint(known_outputs):
                apart.append((known_outputs, known))
            else:
                outputs |= known_outputs
                members = known + members
        groups = [*apart, (outputs, members)]
    return [members for _, members in groups]


def _kinky_outputs(slopes: Slopes) -> set[int]:
    distance = np.abs(slopes.right - slopes.left)
    size = np.maximum(np.abs(slopes.right), np.abs(slopes.left))
    return {int(output) for output in np.flatnonzero(distance > DISTINCT * size)}


def _additive(group: Sequence[KinkEntry], move: FloatArray, together: Slopes) -> bool:
    """Whether moving the group changes the outputs by the sum of what each entry does alone."""
    right, left = np.zeros_like(together.right), np.zeros_like(together.left)
    size = 0.0
    for entry, distance in zip(group, move, strict=True):
        ahead, behind = entry.slopes.right, entry.slopes.left
        if distance < 0:
            ahead, behind = behind, ahead
        right += distance * ahead
        left += distance * behind
        size += abs(distance) * float(np.abs(ahead).sum() + np.abs(behind).sum())
    missing = float(np.abs(together.right - right).sum() + np.abs(together.left - left).sum())
    return missing <= DISTINCT * size + 2 * together.rounding


def _total(group: Sequence[KinkEntry], move: FloatArray, together: Slopes) -> tuple[float, float]:
    """Return what a group's gradients add up to when it moves, and by how much that may be off."""
    analytic = np.array([entry.analytic for entry in group])
    tolerance = 2 * together.rounding + 1e-4 * float(np.abs(move) @ np.abs(analytic))
    return float(move @ analytic), tolerance
