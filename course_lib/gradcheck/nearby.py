"""Slopes at places around a point, where entries that tie do so no longer.

Of three entries that tie for the median, any one may be moved without moving it, and in a sorted order an
entry that ties moves to the last of the places or to the first. That it may as well have any other one shows
only where all of them have moved. A gradient is right at a kink if it lies between slopes of places as near
as one likes (Clarke, 1983).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.estimate import SMALLEST_KINK
from course_lib.gradcheck.first_step import first_steps
from course_lib.gradcheck.point import Point
from course_lib.gradcheck.stepping import Prober, Slopes

#: How far away places are, in units of a usual first step, and how much smaller the steps there are.
AWAY, STEP = 1e-2, 2e-2

#: So many places show whether anything ties; where something does, so many have all orders of a few.
FIRST_PLACES, PLACES = 12, 64

#: Where one argument moves to one side, the others move by this part of what they do else.
FEWER = 1 / 16

#: What is claimed near by is the slope there up to this fraction: a move so small is rounded itself.
SAME = 1e-6

#: A claim has to differ from the slope at the point by so many times what it may be off near by.
CLEAR = 4.0

#: So many places are looked at at once: a gradient that is wrong there too needs no others.
LOOKED_AT = 2

#: So many places are tried where others lie on a kink themselves.
TRIES = 8

#: Where only numbers were given: what a claim is off by has to be this part of what slopes near by differ by,
#: and they have to differ as much where places are so many times nearer. Else it may be curvature.
CURVED, NEARER = 1e-2, 256.0

#: Larger problems than this are not looked at from so many places.
MOST_ENTRIES = 3000

#: What is claimed at a place, its slopes, None where they were not looked at, and the place.
Known = tuple[float, Slopes | None, Point]


class Nearby:
    """The places around one point, made when first asked for."""

    def __init__(self, point: Point) -> None:
        self._point = point
        self._places: dict[float, list[tuple[Point, list[FloatArray]] | None]] = {}

    def slopes_of_entry(
        self, argument: int, index: int, claimed: float, here: Slopes, allowed: float
    ) -> Slopes | None:
        """Return the slopes of an entry, from those at the point to those at two places around a claim.

        `claimed` is the student's gradient and `here` what the point itself shows. None where there are no
        such places, where the student's gradient is off by more than `allowed` at those looked at, or where
        the claim hardly differs from `here`.
        """
        usual = float(first_steps(self._point.inputs[argument], self._point.epsilon).flat[index])
        scale = min(1.0, here.step / usual)

        def ends(scale: float) -> tuple[Slopes, Slopes] | None:
            return self._ends(
                lambda gradients: float(gradients[argument].flat[index]),
                lambda place: Prober(place).along_entry(argument, index, AWAY * STEP * scale * usual),
                claimed,
                here.central,
                allowed,
                scale,
            )

        found = ends(scale)
        if found is not None and self._point.pair.given:
            found = ends(scale / NEARER)
        return None if found is None else _among(here, *found)

    def allows_move(
        self, move: Mapping[int, FloatArray], claimed: float, here: float, allowed: float
    ) -> bool:
        """Whether a claimed change of the output, when entries move together, is one of those near by.

        One that hardly differs from what moves `here` show may be. So may one that no place gives, if each
        output has a part of it at some place: outputs whose entries do not meet are moved together here.
        """
        if abs(claimed - here) <= CLEAR * (allowed + SAME * abs(claimed)):
            return True
        sizes = {k: first_steps(self._point.inputs[k], 1.0) for k in move}
        unit = min(
            float(np.min(sizes[k][moved != 0] / np.abs(moved[moved != 0]))) for k, moved in move.items()
        )
        direction = {k: unit * moved for k, moved in move.items()}
        usual = self._point.epsilon ** (1 / 3)
        scale = min(1.0, 1 / (unit * usual))
        step = AWAY * STEP * scale * usual
        return self._outputs_allow(direction, step, unit * claimed, unit * allowed, scale)

    def _outputs_allow(
        self, direction: Mapping[int, FloatArray], step: float, claimed: float, allowed: float, scale: float
    ) -> bool:
        if self._point.size > MOST_ENTRIES:
            return False
        places = [found[0] for n in range(PLACES) for found in (self._place(n, scale),) if found]
        known = [slopes for place in places for slopes in (Prober(place).along(direction, step),) if slopes]
        sides = np.array([side for slopes in known for side in (slopes.left, slopes.right)])
        if not known:
            return False
        return bool(sides.min(axis=0).sum() - allowed <= claimed <= sides.max(axis=0).sum() + allowed)

    def _ends(
        self,
        claim_of: Callable[[Sequence[FloatArray]], float],
        slopes_of: Callable[[Point], Slopes | None],
        claimed: float,
        here: float,
        allowed: float,
        scale: float,
    ) -> tuple[Slopes, Slopes] | None:
        tolerance = allowed + SAME * abs(claimed)
        clear = max(CLEAR * tolerance, SMALLEST_KINK * max(abs(claimed), abs(here)))
        if self._point.size > MOST_ENTRIES or not abs(claimed - here) > clear:
            return None

        def agrees(claim: float, slopes: Slopes | None) -> bool | None:
            if slopes is None or slopes.jump + slopes.rounding > abs(claimed - here) / CLEAR:
                return None  # it lies on a kink itself
            off = abs(slopes.central - claim)
            agreed = bool(off <= tolerance + slopes.rounding)
            return None if not agreed and off <= slopes.jump else agreed

        known = self._known(claim_of, slopes_of, claimed, tolerance, agrees, scale)
        if known is None:
            return None
        spread = max(end[0] for end in known) - min(end[0] for end in known) if known else 0.0
        if self._point.pair.given and abs(claimed - here) < CURVED * spread:
            return None

        def blur(end: Known) -> float:
            return tolerance + (end[1].rounding if end[1] and self._point.pair.given else 0.0)

        below = sorted((end for end in known if end[0] <= claimed + blur(end)), key=_claim, reverse=True)
        above = sorted((end for end in known if end[0] >= claimed - blur(end)), key=_claim)
        lower = _first_that_agrees(below, slopes_of, agrees)
        upper = _first_that_agrees(above, slopes_of, agrees) if lower is not None else None
        return (lower, upper) if lower is not None and upper is not None else None

    def _known(
        self,
        claim_of: Callable[[Sequence[FloatArray]], float],
        slopes_of: Callable[[Point], Slopes | None],
        claimed: float,
        tolerance: float,
        agrees: Callable[[float, Slopes | None], bool | None],
        scale: float,
    ) -> list[Known] | None:
        """Return what is claimed at the places, None where these tell that no claim is right."""
        known: list[Known] = []
        for number in range(PLACES):
            if number == FIRST_PLACES and not _differ(
                [claimed, *(claim for claim, _, _ in known)], tolerance
            ):
                if abs(claimed) <= tolerance:
                    return None  # forward may move in steps, and stand still between two
                break
            found = self._place(number, scale)
            if found is None:
                continue
            place, gradients = found
            slopes = slopes_of(place) if self._point.pair.given else None
            if gradients:
                claim = claim_of(gradients)
                slopes = slopes_of(place) if number < LOOKED_AT else None
                if slopes is not None and agrees(claim, slopes) is False:
                    return None
                known.append((claim, slopes, place))
            elif slopes is not None:
                known.append((slopes.central, slopes, place))
        return known

    def _place(self, number: int, scale: float) -> tuple[Point, list[FloatArray]] | None:
        """Return a place and the student's gradients there, if they are a function; None without values."""
        places = self._places.setdefault(scale, [])
        while len(places) <= number:
            places.append(self._another(len(places), scale))
        return places[number]

    def _another(self, number: int, scale: float) -> tuple[Point, list[FloatArray]] | None:
        inputs, size = self._point.inputs, self._point.size
        away = np.random.default_rng(number).uniform(-1, 1, size)
        if number < FIRST_PLACES:
            # Most functions take what ties in the order it comes in, or the other way around; then each
            # entry comes first, last and in between.
            turns, backwards = divmod(number, 2)
            ordered = np.linspace(-1, 1, size) + away / (4 * size)
            away = np.roll(ordered, turns * -(-2 * size // FIRST_PLACES)) * (1 - 2 * backwards)
        parts = np.split(away, np.cumsum([x.size for x in inputs])[:-1])
        one, backwards = divmod(number - FIRST_PLACES, 2)
        if 0 <= one < len(inputs):  # one argument far more than others: a bias switches units on, or all off
            parts = [part * FEWER for part in parts]
            parts[one] = np.full(inputs[one].size, 1.0 - 2 * backwards)
        moved = [
            x + scale * AWAY * first_steps(x, self._point.epsilon) * part.reshape(x.shape)
            for x, part in zip(inputs, parts, strict=True)
        ]
        there = self._point.at(moved)
        if there is None or self._point.pair.given:
            return None if there is None else (there[0], [])
        place, token = there
        try:
            gradients = place.gradients(place.dout, token)
        except Exception:  # so close to a kink a student's function may raise whatever it likes
            return None
        return (place, gradients) if all(np.isfinite(g).all() for g in gradients) else None


def _first_that_agrees(
    known: Sequence[Known],
    slopes_of: Callable[[Point], Slopes | None],
    agrees: Callable[[float, Slopes | None], bool | None],
) -> Slopes | None:
    """The slopes of the nearest place at which they are what is claimed there, None without one.

    At others a kink may lie within the step.
    """
    for claim, slopes, place in known[:TRIES]:
        slopes = slopes or slopes_of(place)
        if agrees(claim, slopes):
            return slopes
    return None


def _claim(end: Known) -> float:
    return end[0]


def _differ(claims: Sequence[float], tolerance: float) -> bool:
    return max(claims) - min(claims) > tolerance


def _among(here: Slopes, *ends: Slopes) -> Slopes:
    """Return slopes at the point whose two sides are the least and the largest, output by output, of all."""
    sides = np.stack([here.left, here.right, *(end.left for end in ends)])
    left, right = sides.min(axis=0), sides.max(axis=0)
    return replace(here, low=float(left.sum()), high=float(right.sum()), left=left, right=right)
