"""This process's warm graders: a sandboxed server takes a second to start and serves many notebooks."""

from __future__ import annotations

import atexit
import os
from dataclasses import dataclass
from typing import Any

from nbformat.notebooknode import NotebookNode

from autograder.grader_side import GradedNotebook, Grader, Limits
from autograder.grading.values import Settings
from autograder.submission.files import printable

_graders: dict[tuple[Any, ...], Grader] = {}


def warm_grader(settings: Settings) -> Grader:
    """This process's one grader, with these settings, started if need be; SandboxError if it cannot be."""
    key = (os.getpid(), settings.sandbox, *sorted(settings.limits.items()))
    if key not in _graders:
        close_graders()  # one with other settings
        limits: dict[str, Any] = dict(settings.limits)
        _graders[key] = Grader(limits=Limits(**limits), sandbox=settings.sandbox).__enter__()
    return _graders[key]


def close_graders() -> None:
    """Close the graders that this process started."""
    for key in [key for key in _graders if key[0] == os.getpid()]:
        _graders.pop(key).__exit__(None, None, None)


atexit.register(close_graders)


@dataclass(frozen=True)
class Run:
    """A graded notebook and what protected the machine; without a result, the reason."""

    result: GradedNotebook | None
    note: str


def grade_twice_if_need_be(notebook: NotebookNode, seed: int, settings: Settings) -> Run:
    """Grade a notebook; one over which two servers were lost has no result.

    SandboxError when no server can be started at all, which is no fault of the notebook's.
    """
    reason = ""
    for _ in range(2):
        grader = warm_grader(settings)
        try:
            return Run(grader.grade(notebook, seed=seed), grader.in_force)
        except Exception as error:  # whatever it is, it must not stop the class, and is recorded
            # The server may have been killed from outside: a fresh one shows whether it was this notebook.
            reason = f"{type(error).__name__}: {error}"
            close_graders()
    return Run(None, f"The submission could not be graded ({printable(reason, 200)}).")
