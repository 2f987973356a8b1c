"""What passes a twin's probes in one run, and what is put in its place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course_lib.gradcheck.arrays import FloatArray

#: A place in the source and how often it had been passed before in this run.
Moment = tuple[int, int]
Change = Callable[[FloatArray], FloatArray]

#: Loops of more turns are not followed to their end.
MOST_EVENTS = 20_000


@dataclass(frozen=True)
class Event:
    """A value on its way through a probe, copied; None for what is not made of real numbers.

    `mask` says that it is made of truth values.
    """

    moment: Moment
    value: FloatArray | None
    mask: bool = False


class TooLong(BaseException):
    """Raised inside a twin that passes more probes than can be followed."""


@dataclass
class Tape:
    """One run: `changes` says what is done to the value of a moment, `events` what was there before."""

    changes: Mapping[Moment, Change] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    recording: bool = True
    _turns: dict[int, int] = field(default_factory=dict)
    _changed: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        """Note the places at which something changes: most probes of most runs are at others."""
        self._changed = frozenset(place for place, _ in self.changes)

    def probe(self, place: int, value: Any) -> Any:
        """Record a value on its way into a variable; return it, or what is put in its place."""
        if not self.recording and place not in self._changed:
            return value
        turn = self._turns.get(place, 0)
        self._turns[place] = turn + 1
        moment = (place, turn)
        if max(turn, len(self.events)) >= MOST_EVENTS:
            raise TooLong
        if self.recording:
            self.events.append(Event(moment, as_numbers(value), _is_mask(value)))
        change = self.changes.get(moment)
        if change is None:
            return value
        numbers = as_numbers(value)
        return value if numbers is None else _like(value, change(numbers))


def as_numbers(value: Any) -> FloatArray | None:
    """Return a float64 copy of a number or an array of real numbers or truth values, None for all else."""
    if type(value) is not np.ndarray and not isinstance(value, int | float | np.number | np.bool_):
        return None
    try:
        array = np.asarray(value)
        usable = array.dtype.kind in "fiub" and array.size > 0
        return np.array(array, dtype=np.float64) if usable else None
    except OverflowError:  # a whole number beyond all floats
        return None


def _is_mask(value: Any) -> bool:
    return getattr(value, "dtype", np.dtype(type(value) if isinstance(value, bool) else object)).kind == "b"


def _like(value: Any, numbers: FloatArray) -> Any:
    """Return numbers as plain as the value that they replace."""
    if _is_mask(value) and np.isin(numbers, (0.0, 1.0)).all():
        numbers = numbers != 0
        return numbers if isinstance(value, np.ndarray) else bool(numbers)
    return numbers if isinstance(value, np.ndarray) or numbers.ndim else float(numbers)
