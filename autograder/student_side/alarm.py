"""The limit on a cell or a call in a child, by what that took itself on a machine that others use too."""

from __future__ import annotations

import signal
import time
from types import FrameType

from autograder.student_side.busy import longest, seconds_waited

RING_AGAIN = 0.5  # seconds in which an interrupted cell can show its error, or an ``except:`` let go
SOON = 0.01  # seconds after which it rings again where nothing may be raised
DEEP = 8  # calls, the last that a block's beginning or end makes within another is the sixth
LONG = 0.1  # seconds


class TimeLimit(BaseException):
    """The time for a cell or a call is over; no Exception, so that ``except Exception`` lets it through."""


class Alarm:
    """A limit by SIGALRM: a block that takes longer gets a TimeLimit. Blocks may be nested.

    What counts is the wall's time less what the process waited for a core, and the wall's clock behind it, as
    on the grader's side, which ends the process if this does not.
    """

    running: list[Alarm] = []  # noqa: RUF012 (one clock for the process)
    sending = False
    schedule = -1  # the descriptor that tells how long this process waited for a core
    # When it last listened, or a block took long: to read it at every call would hand the interpreter to
    # threads that spin, and not to read it after a long one would give the next that one's patience, too.
    waited = 0.0

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        self._began, self._waited = time.monotonic(), Alarm.waited
        Alarm.running.append(self)
        Alarm.set()

    def __exit__(self, *error: object) -> None:
        Alarm.running.pop()
        if time.monotonic() - self._began > LONG:
            Alarm.waited = seconds_waited(Alarm.schedule)
        Alarm.set()

    def _left(self) -> float:
        """The seconds for which it does not ring; asked again then, there may be more."""
        took = time.monotonic() - self._began
        if took < self._seconds:
            return self._seconds - took
        counts = took - (seconds_waited(Alarm.schedule) - self._waited)
        return min(self._seconds - counts, longest(self._seconds) - took)

    @classmethod
    def listen(cls) -> None:
        """Answer the signal, whatever student code did with it; unanswered, a limit ends the process."""
        cls.waited = seconds_waited(cls.schedule)
        if hasattr(signal, "SIGALRM"):  # not on Windows, where the grader's side ends the process instead
            signal.signal(signal.SIGALRM, cls.ring)

    @classmethod
    def set(cls) -> None:
        """Set the timer to the nearest deadline; it rings again for code that catches everything."""
        left = max(min(alarm._left() for alarm in cls.running), 0.001) if cls.running else 0.0
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, left, RING_AGAIN)

    @classmethod
    def ring(cls, number: int, where: FrameType | None) -> None:
        """Raise TimeLimit, unless there is time left.

        A little later if a message is half sent, or a block begins or ends: the interpreter puts a signal off
        until the next call, which after a long step in C is ``__exit__``, and what is raised there would
        leave a limit behind that is over, and ends the process wherever it rings next.
        """
        if not cls.running:
            return
        if (left := min(alarm._left() for alarm in cls.running)) > 0:
            signal.setitimer(signal.ITIMER_REAL, left, RING_AGAIN)
        elif cls.sending or _begins_or_ends(where):
            signal.setitimer(signal.ITIMER_REAL, SOON, RING_AGAIN)
        else:
            raise TimeLimit("stopped: this took longer than it may")


def _begins_or_ends(where: FrameType | None) -> bool:
    """Whether a block's beginning or end was interrupted here."""
    for _ in range(DEEP):
        if where is None:
            return False
        if where.f_code in (Alarm.__enter__.__code__, Alarm.__exit__.__code__):
            return True
        where = where.f_back
    return False
