"""What a notebook may use while it is graded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

GRACE_SECONDS = 0.8
CLOSING_SECONDS = 1.0  # after a notebook's time, all that was done with it is over, or is ended

MOST = 1e12  # of any limit, in its own unit


@dataclass(frozen=True)
class Limits:
    """Times in seconds, sizes as named; generous for honest notebooks.

    Of a time counts what the student's process ran or idled, not what it, or the grader that it waits for,
    waited for a core that others had; the wall's clock ends it after four times as long, or ten seconds more.
    A cell or call that runs out of it is stopped and fails, and if it does not let itself be stopped, its
    process is killed ``GRACE_SECONDS`` later and replaced. A function that was stopped has less time when it
    is called again. A graded cell leaves a part of the notebook's time to those below.
    ``notebook_seconds`` is for everything: cells, calls and replays. ``memory_mb`` is for each process of the
    student's; ``grader_mb`` is what the grader itself takes for one notebook, with the libraries that its
    release imports, and ``shown_mb`` what all of its cells may show.
    """

    cell_seconds: float = 30.0
    call_seconds: float = 30.0
    notebook_seconds: float = 180.0
    memory_mb: int = 2048
    grader_mb: int = 1024
    processes: int = 64
    file_mb: int = 64
    open_files: int = 256
    output_kb: int = 200
    rich_kb: int = 8192
    shown_mb: int = 24

    def __post_init__(self) -> None:
        for known in fields(self):
            usual: Any = known.default
            name, value = known.name, getattr(self, known.name)
            if isinstance(value, bool) or not isinstance(value, int | type(usual)):
                raise ValueError(f"limits: {name} is of type {type(value).__name__}; usually it is {usual}")
            if not 0 < value < MOST:
                raise ValueError(f"limits: {name} should be more than 0 and less than {MOST:g}")


def limits_of(given: Mapping[str, Any]) -> Limits:
    """The usual limits but for those that are ``given`` by name; ValueError for what is none."""
    if not isinstance(given, Mapping):
        raise ValueError(f"limits: they should be a dict of numbers by name, not {given!r}")
    known = [known.name for known in fields(Limits)]
    for name in given:
        if name not in known:
            raise ValueError(f"limits: there is no {name!r}; there are {', '.join(known)}")
    return Limits(**given)
