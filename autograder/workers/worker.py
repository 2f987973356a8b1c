"""What a worker is asked to do, of this machine or of a cluster.

The process that asks imports this module, and so does Dask's scheduler, which looks into the calls that it
passes on: what only a worker needs is imported there.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pickle
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from autograder.errors import CourseError

if TYPE_CHECKING:
    from autograder.grading.task import Graded, Release, Task
    from autograder.grading_settings import Settings

    Call = tuple[Task, Release, Settings]

LIBRARIES = ("autograder.workers.put_off", "autograder.grading.grade")

_one_at_a_time = threading.Lock()
_core: int | None = None


def get_ready(settings: bytes = b"", core: int | None = None) -> None:
    """Import what grading needs, and start a sandbox in the thread that will use it; both stay on ``core``.

    A sandbox ends with the thread that started it. One that cannot be started is for the first call to tell;
    without ``settings``, which are pickled, there is none yet.
    """
    global _core
    _core = core
    _import_libraries()
    from autograder.grader_side.errors import SandboxError
    from autograder.grading.warm import warm_grader

    if settings:
        with _one_at_a_time, _on_its_core(), contextlib.suppress(SandboxError):
            warm_grader(pickle.loads(settings))


def work(call: Call) -> Graded:
    """Grade one submission; CourseError when there is no sandbox here.

    A process has one grader, so that the threads of a cluster's worker take turns.
    """
    _import_libraries()
    from autograder.grader_side.errors import SandboxError
    from autograder.grading.grade import grade, without_result

    try:
        with _one_at_a_time, _on_its_core():
            return grade(*call)
    except SandboxError as error:
        raise CourseError(str(error)) from None
    except CourseError:
        raise
    except Exception as error:  # an error of ours costs this submission, and never the class
        task, release, _ = call
        return without_result(task, release, f"{type(error).__name__} in the grader: {str(error)[:200]}")


def work_on(pickled: bytes) -> Graded:
    """Grade one submission that nobody on the way could look into."""
    _import_libraries()
    call: Call = pickle.loads(pickled)
    return work(call)


def leave() -> None:
    """End the sandbox that this process started, with all that is in it."""
    from autograder.grading.warm import close_graders

    close_graders()


@contextlib.contextmanager
def _on_its_core() -> Iterator[None]:
    """Keep this thread, and what it starts, on the worker's core; then let it go where it could before."""
    if _core is None:
        yield
        return
    before = os.sched_getaffinity(0)
    with contextlib.suppress(OSError):  # a core that was taken from it makes it slower, no more
        os.sched_setaffinity(0, {_core})
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # likewise
            os.sched_setaffinity(0, before)


def _import_libraries() -> None:
    for module in LIBRARIES:
        importlib.import_module(module)
