"""Work in a fork of this process: what it breaks, keeps or never finishes is lost with the fork."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
import warnings
from collections.abc import Callable

Answer = Callable[[bytes], bytes]
Meanwhile = Callable[[float | None], None]

MOST_BYTES = 1 << 16


def in_a_fork(
    work: Callable[[], bytes],
    wall_seconds: float | None = None,
    meanwhile: Meanwhile | None = None,
    most: int = MOST_BYTES,
) -> bytes:
    """What ``work`` returns, done in a fork that ends with it; nothing if it died before, or took too long.

    No more than ``most`` bytes come back.

    ``meanwhile`` is done here, given the moment until which it may wait. Where processes cannot be forked all
    is done here.
    """
    if not hasattr(os, "fork"):
        return work()
    until = None if wall_seconds is None else time.monotonic() + wall_seconds
    receiving, sending = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # student code may have started threads
        child = os.fork()
    if child == 0:
        try:
            _write(sending, work(), most)
        finally:
            os.kill(os.getpid(), signal.SIGKILL)  # it may not go on, whatever student code made of os._exit
    os.close(sending)
    try:
        if meanwhile is not None:
            meanwhile(until)
        return _received(receiving, until, most)
    finally:
        os.close(receiving)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def asking_in_a_fork(
    work: Callable[[Answer], bytes], answer: Answer, wall_seconds: float | None = None
) -> bytes:
    """The same for work that may ask one question, by calling what it gets; ``answer`` is given here."""
    if not hasattr(os, "fork"):
        return work(answer)
    (question, asking), (answered, answering) = os.pipe(), os.pipe()

    def ask(said: bytes) -> bytes:
        for ours in (question, answering):
            os.close(ours)
        _write(asking, said)
        return _received(answered, None)  # whoever answers ends this fork in time

    def meanwhile(until: float | None) -> None:
        os.close(asking)
        os.close(answered)
        said = _received(question, until)
        os.close(question)
        with contextlib.suppress(OSError):  # nobody is there any more
            _write(answering, answer(said) if said else b"")

    return in_a_fork(lambda: work(ask), wall_seconds, meanwhile)


def _write(pipe: int, data: bytes, most: int = MOST_BYTES) -> None:
    with open(pipe, "wb") as file:
        file.write(data[:most])


def _received(receiving: int, until: float | None, most: int = MOST_BYTES) -> bytes:
    data = bytearray()
    while len(data) <= most:
        left = None if until is None else max(0.0, until - time.monotonic())
        ready, _, _ = select.select([receiving], [], [], left)
        if not ready:
            return b""
        piece = os.read(receiving, MOST_BYTES)
        if not piece:
            return bytes(data)
        data += piece
    return b""
