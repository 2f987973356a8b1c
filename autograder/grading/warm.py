"""This process's warm graders: a sandboxed server takes a second to start and serves many notebooks."""

from __future__ import annotations

import atexit
import os
import socket
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from typing import Any

from autograder.disposable import FORKS, Bounds, Fork, Lost, done_here, in_a_fork
from autograder.fork_side import Done
from autograder.grader_side.borrowed import Borrowed
from autograder.grader_side.errors import SandboxError
from autograder.grader_side.grader import Grader
from autograder.grader_side.limits import Limits, limits_of
from autograder.grader_side.sandbox import Sandbox
from autograder.grading_settings import Settings

READING_SECONDS = 10.0  # for reading and rebuilding, until a notebook's own time begins
READING_BYTES = 256 * 2**20  # where nothing is run

JOBS = 100  # that a fork may do, where it is kept

_graders: dict[tuple[Any, ...], Grader] = {}
_kept: dict[tuple[int, Hashable], Fork] = {}


def warm_grader(settings: Settings) -> Grader:
    """This process's one grader, with these settings, started if need be; SandboxError if it cannot be."""
    key = (os.getpid(), settings.sandbox, settings.packages, *sorted(settings.limits.items()))
    if key not in _graders:
        close_graders()  # one with other settings
        _graders[key] = Grader(limits_of(settings.limits), settings.sandbox, settings.packages).__enter__()
    return _graders[key]


def close_graders() -> None:
    """Close the graders that this process started, and end the fork that it kept."""
    close_kept()
    for key in [key for key in _graders if key[0] == os.getpid()]:
        _graders.pop(key).__exit__(None, None, None)


atexit.register(close_graders)


@dataclass(frozen=True)
class Behind:
    """What a notebook is graded behind: the sandbox, on loan, its limits, and what protects the machine."""

    sandbox: Sandbox | Borrowed
    limits: Limits
    in_force: str


Work = Callable[[Behind, bytes], Done]


def apart(
    begin: Callable[[], Work], settings: Settings, job: bytes = b"", keep_for: Hashable = None
) -> bytes:
    """What is made of a job in a fork of this process with this process's sandbox.

    ``begin`` makes a new fork ready and returns what does the job. The fork is kept for the next job that
    names the same thing to ``keep_for``, if it is as before then; None keeps nothing. Lost when there is no
    result: the work died, raised or took too much, or two sandboxes were lost over it. SandboxError when no
    sandbox can be started at all, which is no fault of the notebook's.
    """
    why = ""
    for _ in range(2):
        grader = warm_grader(settings)
        limits, in_force = grader.limits, grader.in_force
        if not FORKS:
            behind = Behind(grader.sandbox, limits, in_force)
            return done_here(lambda: begin()(behind, job).result, (SandboxError,))  # noqa: B023 (called at once)
        lender = grader.lend()
        fork = _fork(begin, settings, grader, keep_for)
        try:
            return fork.do(job, lender.answer)
        except Lost:
            if lender.lost is None:
                raise
            # The server may have been killed from outside: a fresh one shows whether it was this notebook.
            why = str(lender.lost)
            close_graders()
        finally:
            if keep_for is None:
                fork.close()
            lender.take_back()
    raise Lost(why, again=True)


def _fork(begin: Callable[[], Work], settings: Settings, grader: Grader, keep_for: Hashable) -> Fork:
    """The fork that was kept, or a new one; there is at most one, for classes are graded one by one."""
    if keep_for is not None and (found := _kept.get((os.getpid(), keep_for))) is not None:
        return found
    limits, in_force = grader.limits, grader.in_force
    borrow = partial(Borrowed, packages=settings.packages, shares_machine=grader.sandbox.shares_machine)

    def begun() -> Callable[[socket.socket, bytes], Done]:
        work = begin()
        return lambda owner, job: work(Behind(borrow(owner), limits, in_force), job)

    jobs = 1 if keep_for is None else JOBS
    fork = Fork(begun, Bounds(READING_SECONDS, limits.grader_mb * 2**20, jobs=jobs))
    if keep_for is not None:
        close_kept()
        _kept[os.getpid(), keep_for] = fork
    return fork


def close_kept() -> None:
    """End the fork that this process kept."""
    for key in [key for key in _kept if key[0] == os.getpid()]:
        _kept.pop(key).close()


def reading_apart(work: Callable[[], bytes]) -> bytes:
    """What ``work`` returns, done in a fork of this process without a sandbox; Lost when it has no result."""
    return in_a_fork(lambda owner: work(), Bounds(READING_SECONDS, READING_BYTES))
