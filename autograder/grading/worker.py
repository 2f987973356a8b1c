"""What runs in a worker process: one warm grader, one submission at a time."""

from __future__ import annotations

from autograder.grader_side import SandboxError
from autograder.grading.one import Graded, Release, Task, grade
from autograder.grading.warm import Settings, warm_grader

_prepared: tuple[Release, Settings] | None = None
_refused: SandboxError | None = None


def prepare(release: Release, settings: Settings) -> None:
    """Get ready for submissions to ``release``: the sandbox is started while there is nothing to do."""
    global _prepared, _refused
    _prepared = release, settings
    try:
        warm_grader(settings)
    except SandboxError as error:
        _refused = error  # for the first task to tell: an exception here would only end the process


def work(task: Task) -> Graded:
    """Grade one submission to the prepared release; SandboxError when there is no sandbox here."""
    if _prepared is None:
        raise RuntimeError("prepare() has not run in this process")
    if _refused is not None:
        raise _refused
    return grade(task, *_prepared)
