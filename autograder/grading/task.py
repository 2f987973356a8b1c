"""What goes into grading one submission and what comes out: plain values, for processes to exchange.

The process that plans and records imports this and not what grades, which takes a second to import.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from autograder.submission import Handed


@dataclass(frozen=True)
class Release:
    """What submissions are rebuilt on: the assignment's notebooks with hidden tests, as JSON by name."""

    assignment: str
    notebooks: Mapping[str, str]
    files: Mapping[str, Path] = field(default_factory=dict)  # beside the notebooks, by name
    files_digest: str = ""

    @cached_property
    def digest(self) -> str:
        """Changes with any cell of any notebook, and with the files beside them."""
        parts = [part for item in sorted(self.notebooks.items()) for part in item]
        return _digest(*parts, *([self.files_digest] if self.files_digest else []))

    @property
    def modules(self) -> str:
        """The folder that helper modules are imported from; "" when there are no files."""
        return next((str(path)[: -len(name) - 1] for name, path in self.files.items()), "")


@dataclass(frozen=True)
class Task:
    """What one student handed in, by notebook, when, and with which seed to grade it (None: draw one)."""

    student: str
    handed: Mapping[str, Handed]
    timestamp: datetime | None = None
    seed: int | None = None
    extra: Mapping[str, bytes] = field(default_factory=dict)  # files that the course asks for, by name

    @property
    def digest(self) -> str:
        """Changes with what was handed in and when."""
        parts = [
            part for name, item in sorted(self.handed.items()) for part in (name, item.data or item.note)
        ]
        more: list[str | bytes] = [part for item in sorted(self.extra.items()) for part in item]
        return _digest(str(self.timestamp), *parts, *more)

    @property
    def facts(self) -> dict[str, str]:
        """What a record says of which submission it is of."""
        files = {name: item.file_digest for name, item in self.handed.items()}
        return {"submission": self.digest, "files": files_digest(self.timestamp, files, self.extra)}


def files_digest(timestamp: datetime | None, files: Mapping[str, str], extra: Mapping[str, bytes]) -> str:
    """Changes with any byte of what was handed in, and when; "" where that is not known of every notebook.

    ``files`` are the digests of the notebooks' files by name. Where it is the same nobody has to look into
    them; where it is not, they may still say the same but for their outputs.
    """
    parts: list[str | bytes] = [part for item in sorted(files.items()) for part in item]
    more: list[str | bytes] = [part for item in sorted(extra.items()) for part in item]
    return _digest(str(timestamp), *parts, *more) if all(files.values()) and files else ""


@dataclass(frozen=True)
class Graded:
    """What came of a task: per notebook its executed JSON and, by grade id, its points (None: by hand)."""

    student: str
    timestamp: datetime | None = None
    contents: Mapping[str, str] = field(default_factory=dict)
    scores: Mapping[str, Mapping[str, float | None]] = field(default_factory=dict)
    untouched: Mapping[str, frozenset[str]] = field(default_factory=dict)
    status: str = ""
    notes: tuple[str, ...] = ()
    review: bool = False
    timed_out: bool = False
    starved: bool = False  # something was stopped while the machine was busy, or its disk full
    seconds: float = 0.0


def _digest(*parts: str | bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:32]
