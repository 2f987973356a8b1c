"""How a run is shown: a bar on a terminal, plain lines in a log, one JSON object a line for machines."""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder.grading.task import Graded
from autograder.recorded.record import FAILED
from autograder.submission.files import log_name

PLAIN_SECONDS = 5.0
ALREADY = "already graded"


@dataclass(frozen=True)
class PointsChange:
    """A graded cell whose automatic points are not what they were; None: no points, or none yet."""

    student: str
    cell: str
    before: float | None
    after: float | None

    def __str__(self) -> str:
        return f"{self.student}: {self.cell} {_points(self.before)} -> {_points(self.after)}"


@dataclass
class Summary:
    """What a run did so far."""

    total: int
    counts: Counter[str] = field(default_factory=Counter)
    look: dict[str, list[str]] = field(default_factory=dict)  # student -> why a person should look
    changes: list[PointsChange] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    def add(self, graded: Graded, changes: list[PointsChange]) -> None:
        """Count one submission."""
        self.counts[kind_of(graded)] += 1
        self.changes += changes
        if graded.review or kind_of(graded) != "graded":
            self.look.setdefault(graded.student, []).extend(graded.notes or [graded.status])

    def of(self, student: str) -> str:
        """Why a person should look at one student's, in a line that has the name once."""
        notes = [note.removeprefix(f"{log_name(student)}: ") for note in self.look[student]]
        return f"{student}: {' '.join(notes)}"

    @property
    def done(self) -> int:
        """How many submissions are settled, those that were graded before included."""
        return self.counts.total()

    @property
    def rate(self) -> float:
        """Submissions graded per second."""
        fresh = self.done - self.counts[ALREADY]
        return fresh / max(time.monotonic() - self.started, 1e-9)

    def line(self) -> str:
        """The counts in words."""
        parts = [f"{number} {kind}" for kind, number in sorted(self.counts.items())]
        return f"{self.done} of {self.total}: {', '.join(parts) or 'nothing yet'}; {self.rate:.1f} a second"


def kind_of(graded: Graded) -> str:
    """How a submission counts: graded, failed or timed out."""
    if graded.status == FAILED:
        return "failed"
    return "timed out" if graded.timed_out else "graded"


class Reporter(ABC):
    """Something that shows a run; a context manager around it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    @abstractmethod
    def show(self, summary: Summary, student: str, kind: str, graded: Graded | None) -> None:
        """Show that a submission is settled: how, and unless it was graded before, what came of it."""


class Bar(Reporter):
    """A progress bar with rate and time left."""

    def __init__(self, console: Console, total: int) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=console)
        self._task = self._progress.add_task("starting", total=total)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def show(self, summary: Summary, student: str, kind: str, graded: Graded | None) -> None:
        """Move the bar."""
        kinds = ("graded", "failed", "timed out")
        counts = [f"{summary.counts[name]} {name}" for name in kinds if summary.counts[name]]
        text = " · ".join([f"{summary.rate:.1f}/s", *counts])
        self._progress.update(self._task, completed=summary.done, description=text)


class LogLines(Reporter):
    """A line every few seconds, for logs."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._last = time.monotonic()

    def show(self, summary: Summary, student: str, kind: str, graded: Graded | None) -> None:
        """Write a line when the last one is old, or a submission needs a look; the summary comes after."""
        if student in summary.look:
            self._out.write(f"{summary.of(student)}\n")
        if time.monotonic() - self._last > PLAIN_SECONDS:
            self._last = time.monotonic()
            self._out.write(f"{summary.line()}\n")
        self._out.flush()


class Events(Reporter):
    """One JSON object a line: an event for every submission, and the summary last."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def show(self, summary: Summary, student: str, kind: str, graded: Graded | None) -> None:
        """Write the event of one submission."""
        event: dict[str, Any] = {"event": "submission", "student": student, "kind": kind}
        if graded is not None:
            points = [p for cells in graded.scores.values() for p in cells.values() if p is not None]
            event |= {"points": sum(points), "seconds": graded.seconds, "notes": list(graded.notes)}
        self._write({**event, "done": summary.done, "total": summary.total})

    def finish(self, summary: Summary) -> None:
        """Write the summary."""
        changes = [asdict(change) for change in summary.changes]
        counts = dict(summary.counts)
        self._write({"event": "summary", "counts": counts, "look": summary.look, "changes": changes})

    def _write(self, event: dict[str, Any]) -> None:
        self._out.write(json.dumps(event) + "\n")
        self._out.flush()


def _points(points: float | None) -> str:
    return "no score" if points is None else f"{points:g}"
