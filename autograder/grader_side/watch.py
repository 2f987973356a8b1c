"""A limit on our own checks: the student's data decides how often their loops run."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

RING_AGAIN = 1.0


@contextmanager
def stopped_after(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in the block when it takes longer, and again each second for one that goes on.

    Only where the main thread runs the block, for only it gets signals; and between bytecodes, so that one
    long computation of NumPy's or of an integer is not stopped.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001), RING_AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def _ring(number: int, where: FrameType | None) -> None:
    raise TimeoutError("the check took longer than the notebook may")
