"""Limits on our own checks: the student's data decides how long they run and how large arrays get."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from autograder.student_side.confine import address_space_in_use

try:
    import resource
except ImportError:  # not on Windows
    resource = None  # type: ignore[assignment]

RING_AGAIN = 1.0


@contextmanager
def stopped_after(left: Callable[[], float], over: Callable[[], BaseException]) -> Iterator[None]:
    """Raise ``over`` in the block when no seconds are left, and again each second for one that goes on.

    Only where there are such alarms (not on Windows), and where the main thread runs the block, for only it
    gets signals; and between bytecodes, so that one long computation of NumPy's or of an integer is not
    stopped.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, where: FrameType | None) -> None:
        seconds = left()
        if seconds <= 0:
            raise over()
        signal.setitimer(signal.ITIMER_REAL, seconds, RING_AGAIN)  # more than when it was set

    previous = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, max(left(), 0.001), RING_AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


@contextmanager
def bounded_memory(most_bytes: int) -> Iterator[None]:
    """Give this process ``most_bytes`` of address space more in the block; beyond that, a MemoryError.

    Otherwise the product of two vectors that a student returned could end the grader, and the class with it.
    Only on Linux, which counts address space so.
    """
    if resource is None or sys.platform != "linux":
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    bounds = [
        address_space_in_use() + most_bytes,
        *(limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY),
    ]
    resource.setrlimit(resource.RLIMIT_AS, (min(bounds), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
