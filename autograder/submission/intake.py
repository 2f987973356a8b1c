"""One student's folder to notebooks. Whatever is in it, the outcome is a value with a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from autograder.submission.files import BadFileError, list_files, printable, read_regular_file
from autograder.submission.naming import Found, NotFoundError, find_notebook
from autograder.submission.parse import BadNotebookError, parse_notebook


class Status(StrEnum):
    """How the reading of a submitted notebook ended."""

    READ = "read"
    RENAMED = "read under another name"
    MISSING = "missing"
    REFUSED = "not readable"


@dataclass(frozen=True)
class Reading:
    """What became of one notebook of one student.

    ``notebook`` is what :mod:`autograder.submission.parse` made of it, None unless it was read. ``sentences``
    name the student, the file and the reason; there is at least one unless the status is READ.
    """

    status: Status
    notebook: NotebookNode | None = None
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Handed:
    """One notebook as it was handed in: its bytes, or why there are none; not yet looked into."""

    file: str  # whose it is and what it is called, for sentences
    status: Status
    data: bytes | None = None
    note: str = ""


def read_submission(folder: Path, student: str, expected: Sequence[str]) -> Mapping[str, Reading]:
    """Read the ``expected`` notebooks (names without ending) that ``student`` handed in; never raises."""
    return {name: parse(handed) for name, handed in collect(folder, student, expected).items()}


def collect(folder: Path, student: str, expected: Sequence[str]) -> Mapping[str, Handed]:
    """Find the ``expected`` notebooks in a student's folder and read their bytes; never raises."""
    who = printable(student)
    place = f"{who}: the folder {printable(folder.name)}"
    try:
        entries = list_files(folder)
    except BadFileError as error:
        return dict.fromkeys(expected, Handed(place, Status.REFUSED, note=str(error)))
    found = {}
    for name in expected:
        try:
            match = find_notebook(name, expected, entries)
        except NotFoundError as error:
            found[name] = Handed(place, Status.MISSING, note=str(error))
        else:
            found[name] = _collect(folder, match, who)
    return found


def parse(handed: Handed) -> Reading:
    """Look into the bytes of a notebook, whatever they are; never raises."""
    if handed.data is None:
        return Reading(handed.status, None, (f"{handed.file} {handed.note}.",))
    try:
        parsed = parse_notebook(handed.data)
    except BadNotebookError as error:
        return Reading(Status.REFUSED, None, (f"{handed.file} {error}.",))
    notes = (handed.note, *parsed.notes) if handed.note else parsed.notes
    return Reading(handed.status, parsed.notebook, tuple(f"{handed.file} {note}." for note in notes))


def _collect(folder: Path, found: Found, who: str) -> Handed:
    file = f"{who}: {printable(found.path)}"
    try:
        data = read_regular_file(folder / found.path)
    except BadFileError as error:
        return Handed(file, Status.REFUSED, note=str(error))
    return Handed(file, Status.RENAMED if found.note else Status.READ, data, found.note)
