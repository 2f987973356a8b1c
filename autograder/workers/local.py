"""This machine's workers: they get ready while the process that starts them imports what it needs itself."""

from __future__ import annotations

import os
import pickle
from concurrent.futures import Future, ThreadPoolExecutor
from tempfile import gettempdir
from typing import TYPE_CHECKING, Any

from autograder.errors import CourseError
from autograder.workers.pool import OPEN_FILES, Pool, start_fork_server
from autograder.workers.worker import LIBRARIES, get_ready, leave, work

if TYPE_CHECKING:  # with it come libraries that take a second, and workers are to be getting ready by then
    from autograder.grading_settings import Settings

_prepared = False
_starting: dict[tuple[int, bytes], Future[Pool[Any, Any]]] = {}


def prepare() -> None:
    """Have imported what workers need, elsewhere; returns at once, and does nothing a second time."""
    global _prepared
    if not _prepared:
        start_fork_server(LIBRARIES)
        _prepared = True


def start(jobs: int, settings: Settings) -> None:
    """Start workers for ``started`` to find; returns at once. 0 is one for each core."""
    # In a thread: a worker can be forked only when the fork server has imported what all of them need.
    _starting[jobs, pickle.dumps(settings)] = ThreadPoolExecutor(1).submit(_pool, jobs, settings)


def started(jobs: int, settings: Settings) -> Pool[Any, Any]:
    """The workers that ``start`` started, or new ones; they are the caller's to close."""
    starting = _starting.pop((jobs, pickle.dumps(settings)), None)
    return starting.result() if starting else _pool(jobs, settings)


def close() -> None:
    """End the workers that nobody came for."""
    while _starting:
        _starting.popitem()[1].result().close()


def _pool(jobs: int, settings: Settings) -> Pool[Any, Any]:
    try:
        prepare()
        return Pool(jobs or len(os.sched_getaffinity(0)), work, get_ready, (pickle.dumps(settings),), leave)
    except OSError as error:
        raise CourseError(
            f"workers cannot be started ({error.strerror or error}): they need {OPEN_FILES} open files each "
            "beside our own (ulimit -n), a /dev/shm to write to, and a short path for their socket, which "
            f"now would lie in {gettempdir()} (TMPDIR)"
        ) from error
