"""One student's folder to notebooks. Whatever is in it, the outcome is a value with a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from autograder.submission.files import BadFileError, list_files, printable, read_regular_file
from autograder.submission.naming import NotFoundError, find_notebook
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


def read_submission(folder: Path, student: str, expected: Sequence[str]) -> Mapping[str, Reading]:
    """Read the ``expected`` notebooks (names without ending) that ``student`` handed in; never raises."""
    who = printable(student)
    try:
        entries = list_files(folder)
    except BadFileError as error:
        refused = Reading(Status.REFUSED, None, (f"{who}: the folder {printable(folder.name)} {error}.",))
        return dict.fromkeys(expected, refused)
    readings = {}
    for name in expected:
        try:
            found = find_notebook(name, expected, entries)
        except NotFoundError as error:
            sentence = f"{who}: the folder {printable(folder.name)} {error}."
            readings[name] = Reading(Status.MISSING, None, (sentence,))
        else:
            readings[name] = _read(folder, found.path, who, found.note)
    return readings


def _read(folder: Path, path: Path, who: str, note: str) -> Reading:
    file = f"{who}: {printable(path)}"
    try:
        parsed = parse_notebook(read_regular_file(folder / path))
    except (BadFileError, BadNotebookError) as error:
        return Reading(Status.REFUSED, None, (f"{file} {error}.",))
    status = Status.RENAMED if note else Status.READ
    notes = (note, *parsed.notes) if note else parsed.notes
    return Reading(status, parsed.notebook, tuple(f"{file} {remark}." for remark in notes))
