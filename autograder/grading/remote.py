"""What a Dask worker is asked to do. The scheduler looks into these calls, too: all they need comes later."""

from __future__ import annotations

import contextlib
import importlib
import pickle
import threading
from typing import Any

_one_at_a_time = threading.Lock()


def get_ready() -> None:
    """Import what grading needs, and start a sandbox in the thread that will use it.

    A sandbox ends with the thread that started it; one that cannot be started is for the first task to tell.
    """
    for module in ("quick", "lean"):
        importlib.import_module(f"autograder.grading.{module}")
    from autograder.grader_side import SandboxError
    from autograder.grading.warm import Settings, warm_grader

    with _one_at_a_time, contextlib.suppress(SandboxError):
        warm_grader(Settings())


def work(call: bytes) -> Any:
    """Grade one submission, a pickled (Task, Release, Settings), into a Graded.

    A worker's process has one grader, so that its threads take turns.
    """
    importlib.import_module("autograder.grading.lean")
    from autograder.grading import one

    with _one_at_a_time:
        return one.grade(*pickle.loads(call))
