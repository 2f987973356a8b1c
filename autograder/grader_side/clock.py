"""The time that counts against a limit: the wall's, less what a student's process waited for a core."""

from __future__ import annotations

import time
from collections.abc import Callable

from autograder.student_side.busy import longest

FIRST_LOOK = 0.1  # seconds; what takes less costs no look at the machine
SHORTEST_NAP = 0.02  # between two looks
NEARLY_OVER = 0.02  # of the seconds: what was stopped at its limit, by a clock of its own


class Clock:
    """Counts seconds; ``waited`` tells how many of all of them were waits, and is asked by ``look`` alone."""

    def __init__(
        self, waited: Callable[[], float] = lambda: 0.0, wall: Callable[[], float] = time.monotonic
    ) -> None:
        self._waited = waited
        self.excused = 0.0  # as of the last look
        self.wall = wall
        self._began = wall()

    def now(self) -> float:
        """The seconds that count, as of the last look."""
        return self.wall() - self.excused

    def look(self) -> float:
        """How many seconds fewer than before count; no more than are over, in which two may have waited."""
        waited, over = self._waited(), self.wall() - self._began
        before, self.excused = self.excused, max(self.excused, min(waited, over))
        return self.excused - before


class Deadline:
    """When ``seconds`` that count from now on are over, or ``longest`` of them by the wall's clock.

    Not later than ``within``, if given: a request ends with its notebook.
    """

    def __init__(self, clock: Clock, seconds: float, within: Deadline | None = None) -> None:
        self.clock = clock
        self._within = within
        self._began = clock.wall()
        self._seconds = seconds
        self._end = clock.now() + seconds
        self._wall_end = self._began + longest(seconds)
        self._looked = False
        # Most requests end long before: until then nothing can be over, whatever the clocks say.
        sure = self.seconds - FIRST_LOOK > NEARLY_OVER * seconds
        self._sure_until = self._began + (FIRST_LOOK if sure else 0.0)

    @property
    def is_sure(self) -> bool:
        """Whether it began so short a time ago that it is neither over nor starved."""
        return self.clock.wall() < self._sure_until

    @property
    def seconds(self) -> float:
        """The seconds that count that are left, as of the last look; 0 or less when it is over."""
        left = min(self._end + self.clock.excused, self._wall_end) - self.clock.wall()
        return left if self._within is None else min(left, self._within.seconds)

    @property
    def used(self) -> float:
        """The seconds that count that are over, as of the last look."""
        return self._seconds - (self._end - self.clock.now())

    @property
    def over(self) -> bool:
        """Whether what had this deadline was stopped at it, perhaps a moment early by its own clock."""
        return not self.is_sure and self.seconds <= NEARLY_OVER * self._seconds

    @property
    def starved(self) -> bool:
        """Whether the wall's clock ended it, or the deadline it is within, before its time was used."""
        mine = self._wall_end <= self.clock.wall() and self._end > self.clock.now()
        return mine or (self._within is not None and self._within.starved)

    def put_off(self, seconds: float) -> None:
        """Give as many seconds more, by the wall's clock: nothing could be done in them."""
        self._wall_end += seconds
        self._end += seconds

    def nap(self, grace: float = 0.0) -> float:
        """How long to wait before this is asked again; 0 or less when it has been over for ``grace``."""
        if not self._looked:
            soon = self._began + FIRST_LOOK - self.clock.wall()
            if soon > 0:
                sure = self._sure_until > self._began
                return soon if sure else min(soon, max(self.seconds + grace, SHORTEST_NAP))
            self._looked = True
            self._end -= self.clock.look()  # waits from before this began, for the most part
        left = self.seconds + grace
        if left <= 0:
            self.clock.look()
            left = self.seconds + grace
        return max(left, SHORTEST_NAP) if left > 0 else left
