"""Slopes at places around a point, where entries that tie do so no longer.

Of three entries that tie for the median, any one may be moved without moving it, and in a sorted order an
entry that ties moves to the last of the places or to the first. That it may as well have any other one shows
only where all of them have moved. A gradient is right at a kink if it lies between slopes of places as near
as one likes (Clarke, 1983).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.asked import CLEAR, SAME, Asked
from course_lib.gradcheck.estimate import SMALLEST_KINK
from course_lib.gradcheck.first_step import first_steps
from course_lib.gradcheck.point import Point
from course_lib.gradcheck.stepping import ROUNDING_MARGIN, Prober, Slopes

#: How far away places are, in units of a usual first step, and how much smaller the steps there are. In
#: float32, whose first steps are only some thousand rounding units, no closer place would show a slope.
AWAY, STEP = 1e-2, 2e-2
AWAY_IN_SINGLE = 0.5

#: Of many that tie, some lie within a step; then one so many times smaller is taken, so many times.
CLOSER, TURNS = 32.0, 2

#: So many places show whether anything ties; where something does, so many have all orders of a few.
FIRST_PLACES, PLACES = 12, 64

#: Where one argument moves to one side, the others move by this part of what they do else.
FEWER = 1 / 16

#: So many places are looked at at once: a gradient that is wrong there too needs no others.
LOOKED_AT = 2

#: So many places are tried where others lie on a kink themselves, as the first ones may all do: of w - x.
TRIES = 16

#: Where only numbers were given: what a claim is off by has to be this part of what slopes near by differ by,
#: and they have to differ as much where places are so many times nearer. Else it may be curvature.
CURVED, NEARER = 1e-2, 256.0

#: At so many places of its own an entry moves little where all others move, and at as many it is the other
#: way round: of products with weights it may be the median, or the largest, at none where all move alike.
OWN_PLACES = 20

#: Single entries of larger problems are not looked at from places, and directions only from those that tell
#: most: the first, and those where one argument moves far more than others.
MOST_ENTRIES = 3000

#: A place, and the student's gradients there, none where they are no function.
Place = tuple[Point, list[FloatArray]]

#: What is claimed at a place, its slopes, None where they were not looked at, and the place.
Known = tuple[float, Slopes | None, Point]


class Nearby:
    """The places around one point, made when first asked for."""

    def __init__(self, point: Point) -> None:
        self._point = point
        self._away = AWAY_IN_SINGLE if point.single else AWAY
        self._places: dict[float, list[Place | None]] = {}

    def slopes_of_entry(
        self, argument: int, index: int, claimed: float, here: Slopes, allowed: float
    ) -> Slopes | None:
        """Return the slopes of an entry, from those at the point to those at two places around a claim.

        `claimed` is the student's gradient and `here` what the point itself shows. None where there are no
        such places, where the student's gradient is off by more than `allowed` at those looked at, or where
        the claim hardly differs from `here`.
        """
        x = self._point.inputs[argument]
        usual = float(first_steps(x, self._point.epsilon).flat[index])
        only = np.zeros(x.shape)
        only.flat[index] = 1.0

        def ends(scale: float) -> tuple[Slopes, Slopes] | None:
            step = self._away * STEP * scale * usual
            return self._ends(
                Asked(
                    {argument: only},
                    lambda place: _clear(lambda h: Prober(place).along_entry(argument, index, h), step),
                    claimed,
                    here.central,
                    allowed,
                    scale,
                )
            )

        found = ends(min(1.0, here.step / usual))
        if found is not None and self._point.pair.given:
            found = ends(min(1.0, here.step / usual) / NEARER)
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
        step = self._away * STEP * scale * usual
        asked = Asked(
            direction,
            lambda place: _clear(lambda h: Prober(place).along(direction, h), step),
            unit * claimed,
            unit * here,
            unit * allowed,
            scale,
        )
        return self._outputs_allow(asked)

    def _outputs_allow(self, asked: Asked) -> bool:
        """Whether each output may have its part of a claim from another place, if claims are right there."""
        least, most = np.full(self._point.out.size, np.inf), np.full(self._point.out.size, -np.inf)
        told: list[bool] = []
        off = np.inf
        for claim, measured, place in self._claims(asked, self._places_to_ask(asked)):
            slopes = measured or asked.slopes_of(place)
            agreed = asked.agrees(claim, slopes)
            told += [] if agreed is None else [agreed]
            if not all(told[:LOOKED_AT]):
                return False
            if slopes is not None:
                unseen = ROUNDING_MARGIN * slopes.noise
                least = np.minimum(least, np.minimum(slopes.left, slopes.right) - unseen)
                most = np.maximum(most, np.maximum(slopes.left, slopes.right) + unseen)
            off = max(least.sum() - asked.value, asked.value - most.sum())
            if off <= asked.tolerance and len(told) >= LOOKED_AT:
                return True
        return bool(off <= asked.tolerance)

    def _places_to_ask(self, asked: Asked) -> Iterator[Place | None]:
        """Yield places at which outputs may have another slope: of a large problem, those that tell most."""
        if self._point.size > MOST_ENTRIES:
            one_far = range(FIRST_PLACES, FIRST_PLACES + 2 * len(self._point.inputs))
            yield from (self._place(number, asked.scale) for number in (*range(LOOKED_AT), *one_far))
            return
        yield from (self._place(number, asked.scale) for number in range(PLACES))
        yield from self._own_places(asked)

    def _ends(self, asked: Asked) -> tuple[Slopes, Slopes] | None:
        tolerance, here = asked.tolerance, asked.here
        clear = max(CLEAR * tolerance, SMALLEST_KINK * max(abs(asked.value), abs(here)))
        if self._point.size > MOST_ENTRIES or not asked.apart > clear:
            return None
        known = self._known(asked)
        if known is None:
            return None
        spread = np.ptp([end[0] for end in known]) if known else 0.0
        if self._point.pair.given and asked.apart < CURVED * spread:
            return None
        found = self._around(asked, known)
        return found or self._around(asked, [*known, *self._claims(asked, self._own_places(asked))])

    def _around(self, asked: Asked, known: Sequence[Known]) -> tuple[Slopes, Slopes] | None:
        """Return the slopes of the nearest places to either side of a claim, None where there are none."""

        def blur(end: Known) -> float:
            return asked.tolerance + (end[1].rounding if end[1] and self._point.pair.given else 0.0)

        below = [end for end in known if end[0] <= asked.value + blur(end)]
        above = [end for end in known if end[0] >= asked.value - blur(end)]
        lower = _first_that_agrees(asked, sorted(below, key=_claim, reverse=True))
        upper = _first_that_agrees(asked, sorted(above, key=_claim)) if lower is not None else None
        return (lower, upper) if lower is not None and upper is not None else None

    def _known(self, asked: Asked) -> list[Known] | None:
        """Return what is claimed at the places, None where these tell that no claim is right."""
        known: list[Known] = []
        for number in range(PLACES):
            claims = [asked.value, *map(_claim, known)]
            if number == FIRST_PLACES and max(claims) - min(claims) <= asked.tolerance:
                if abs(asked.value) <= asked.tolerance:
                    return None  # forward may move in steps, and stand still between two
                break
            for claim, slopes, place in self._claims(asked, [self._place(number, asked.scale)]):
                if number < LOOKED_AT:
                    slopes = slopes or asked.slopes_of(place)
                    if asked.agrees(claim, slopes) is False:
                        return None
                known.append((claim, slopes, place))
        return known

    def _claims(self, asked: Asked, places: Iterable[Place | None]) -> Iterator[Known]:
        for place, gradients in filter(None, places):
            if gradients:
                yield asked.claim_of(gradients), None, place
            elif (slopes := asked.slopes_of(place)) is not None:
                yield slopes.central, slopes, place

    def _place(self, number: int, scale: float) -> Place | None:
        """Return a place and the student's gradients there, if they are a function; None without values."""
        places = self._places.setdefault(scale, [])
        while len(places) <= number:
            places.append(self._another(len(places), scale))
        return places[number]

    def _another(self, number: int, scale: float) -> Place | None:
        inputs, size = self._point.inputs, self._point.size
        away = np.random.default_rng(number).uniform(-1, 1, size)
        if number < FIRST_PLACES:
            # Most functions take what ties in the order it comes in, or the other way around; then each
            # entry comes first, last and in between.
            turns, backwards = divmod(number, 2)
            ordered = np.linspace(-1, 1, size) + away / (4 * size)
            away = np.roll(ordered, turns * -(-2 * size // FIRST_PLACES)) * (1 - 2 * backwards)
        parts = self._split(away)
        one, backwards = divmod(number - FIRST_PLACES, 2)
        if 0 <= one < len(inputs):  # one argument far more than others: a bias switches units on, or all off
            parts = [part * FEWER for part in parts]
            parts[one] = np.full(inputs[one].size, 1.0 - 2 * backwards)
        return self._moved(parts, scale)

    def _own_places(self, asked: Asked) -> Iterator[Place | None]:
        """Yield places of the entries that a direction moves: they move little, or all others do."""
        ways = [asked.direction.get(k, np.zeros(x.shape)) for k, x in enumerate(self._point.inputs)]
        chosen = np.concatenate([way.ravel() for way in ways]) != 0
        for number in range(PLACES, PLACES + 2 * OWN_PLACES):
            away = np.random.default_rng(number).uniform(-1, 1, self._point.size)
            fewer = chosen if number % 2 else ~chosen
            yield self._moved(self._split(np.where(fewer, FEWER * away, away)), asked.scale)

    def _split(self, away: FloatArray) -> list[FloatArray]:
        """Return what belongs to each argument, of one number for each entry of all."""
        return np.split(away, np.cumsum([x.size for x in self._point.inputs])[:-1])

    def _moved(self, parts: Sequence[FloatArray], scale: float) -> Place | None:
        """Return the place to which each entry moves by so much."""
        moved = [
            x + scale * self._away * first_steps(x, self._point.epsilon) * part.reshape(x.shape)
            for x, part in zip(self._point.inputs, parts, strict=True)
        ]
        if self._point.pair.given:
            there = self._point.at(moved)
            return there and (there[0], [])
        place = self._point.with_gradients_at(moved)
        return place if place and all(np.isfinite(g).all() for g in place[1]) else None


def _first_that_agrees(asked: Asked, known: Sequence[Known]) -> Slopes | None:
    """The slopes of the nearest place at which they are what is claimed there, None without one.

    At others a kink may lie within the step.
    """
    for claim, slopes, place in known[:TRIES]:
        slopes = slopes or asked.slopes_of(place)
        if asked.agrees(claim, slopes):
            return slopes
    return None


def _clear(measure: Callable[[float], Slopes | None], step: float) -> Slopes | None:
    """Return the slopes at a place for a step, or a smaller one that meets no kink."""
    slopes = measure(step)
    for _ in range(TURNS):
        if slopes is None or slopes.jump <= SAME * abs(slopes.central):
            break
        step /= CLOSER
        slopes = measure(step) or slopes
    return slopes


def _claim(end: Known) -> float:
    return end[0]


def _among(here: Slopes, *ends: Slopes) -> Slopes:
    """Return slopes at the point whose two sides are the least and the largest, output by output, of all."""
    sides = np.stack([here.left, here.right, *(end.left for end in ends)])
    left, right = sides.min(axis=0), sides.max(axis=0)
    return replace(here, low=float(left.sum()), high=float(right.sum()), left=left, right=right)
