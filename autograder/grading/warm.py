"""This process's warm graders: a sandboxed server takes a second to start and serves many notebooks."""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograder.grader_side import Borrowed, Bounds, Grader, Limits, Lost, SandboxError, in_a_fork
from autograder.grader_side.sandbox import Sandbox
from autograder.grading.task import Settings

READING_SECONDS = 10.0  # for reading and rebuilding, until a notebook's own time begins

_graders: dict[tuple[Any, ...], Grader] = {}


def warm_grader(settings: Settings) -> Grader:
    """This process's one grader, with these settings, started if need be; SandboxError if it cannot be."""
    key = (os.getpid(), settings.sandbox, settings.packages, *sorted(settings.limits.items()))
    if key not in _graders:
        close_graders()  # one with other settings
        limits: dict[str, Any] = dict(settings.limits)
        _graders[key] = Grader(Limits(**limits), settings.sandbox, settings.packages).__enter__()
    return _graders[key]


def close_graders() -> None:
    """Close the graders that this process started."""
    for key in [key for key in _graders if key[0] == os.getpid()]:
        _graders.pop(key).__exit__(None, None, None)


atexit.register(close_graders)


@dataclass(frozen=True)
class Behind:
    """What a notebook is graded behind: the sandbox, on loan, its limits, and what protects the machine."""

    sandbox: Sandbox | Borrowed
    limits: Limits
    in_force: str


def apart(work: Callable[[Behind], bytes], settings: Settings) -> bytes:
    """What ``work`` returns, done in a fork of this process with this process's sandbox.

    Lost when there is no result: the work died, raised or took too much, or two sandboxes were lost over it.
    SandboxError when no sandbox can be started at all, which is no fault of the notebook's.
    """
    why = ""
    for _ in range(2):
        grader = warm_grader(settings)
        limits, in_force = grader.limits, grader.in_force
        if not hasattr(os, "fork"):
            return _here(work, Behind(grader.sandbox, limits, in_force))
        lender = grader.lend()
        try:
            return in_a_fork(
                lambda owner: work(Behind(Borrowed(owner, settings.packages), limits, in_force)),  # noqa: B023 (called at once)
                Bounds(READING_SECONDS, limits.grader_mb * 2**20),
                lender.answer,
            )
        except Lost:
            if lender.lost is None:
                raise
            # The server may have been killed from outside: a fresh one shows whether it was this notebook.
            why = str(lender.lost)
            close_graders()
        finally:
            lender.take_back()
    raise Lost(why, again=True)


def reading_apart(work: Callable[[], bytes]) -> bytes:
    """What ``work`` returns, done in a fork of this process without a sandbox; Lost when it has no result."""
    if not hasattr(os, "fork"):
        return _here(work)
    return in_a_fork(lambda owner: work(), Bounds(READING_SECONDS, Limits().grader_mb * 2**20))


def _here(work: Callable[..., bytes], *arguments: Behind) -> bytes:
    """What ``work`` returns, where nothing forks: there, nothing is graded but the demo's own answers."""
    try:
        return work(*arguments)
    except SandboxError:
        raise
    except Exception as error:
        raise Lost(f"{type(error).__name__}: {error}") from None
