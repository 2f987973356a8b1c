"""One student's folder to notebooks. Whatever is in it, the outcome is a value with a sentence."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from autograder.submission.files import BadFileError, list_files, log_name, read_regular_file
from autograder.submission.naming import FoundNotebook, NotFoundError, SeveralError, find_notebook, taken_for
from autograder.submission.parse import BadNotebookError, parse_notebook

MAX_COPIES = 10


class ReadingStatus(StrEnum):
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

    status: ReadingStatus
    notebook: NotebookNode | None = None
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Handed:
    """One notebook as it was handed in, without what stands beside the sources; or why there is none."""

    file: str  # whose it is and what it is called, for sentences
    status: ReadingStatus
    data: bytes | None = None  # autograder.submission.parse.Parsed.essence
    note: str = ""
    remarks: tuple[str, ...] = ()
    file_digest: str = ""  # of the file's bytes; "" where more or less than one file was read


def read_submission(folder: Path, student: str, expected: Sequence[str]) -> Mapping[str, Reading]:
    """Read the ``expected`` notebooks (names without ending) that ``student`` handed in; never raises."""
    return {name: parse(handed) for name, handed in collect(folder, student, expected).items()}


def collect(folder: Path, student: str, expected: Sequence[str]) -> Mapping[str, Handed]:
    """Find and read the ``expected`` notebooks in a student's folder; never raises.

    What a notebook says is kept, and its outputs are dropped, whatever their size, before another is read.
    """
    who = log_name(student)
    place = f"{who}: the folder {log_name(folder.name)}"
    try:
        entries = list_files(folder)
    except BadFileError as error:
        return dict.fromkeys(expected, Handed(place, ReadingStatus.REFUSED, note=str(error)))
    found = {}
    for name in expected:
        try:
            found[name] = _read(folder, find_notebook(name, expected, entries), who)
        except SeveralError as error:
            found[name] = _read_equal(folder, name, error, who) or _nothing(place, error)
        except NotFoundError as error:
            found[name] = _nothing(place, error)
    return found


def file_digests(folder: Path, expected: Sequence[str]) -> Mapping[str, str]:
    """The digests that :func:`collect` would find, without a look into any file; none if one is missing."""
    try:
        entries = list_files(folder)
        paths = {name: find_notebook(name, expected, entries).path for name in expected}
        return {
            name: _digest(read_regular_file(folder / path, within=folder)) for name, path in paths.items()
        }
    except (BadFileError, NotFoundError):
        return {}


def parse(handed: Handed) -> Reading:
    """What became of a notebook that was handed in, whatever it is; never raises."""
    if handed.data is None:
        return Reading(handed.status, None, (f"{handed.file} {handed.note}.",))
    notes = (handed.note, *handed.remarks) if handed.note else handed.remarks
    sentences = tuple(f"{handed.file} {note}." for note in notes)
    return Reading(handed.status, parse_notebook(handed.data).notebook, sentences)


def _nothing(place: str, error: NotFoundError) -> Handed:
    return Handed(place, ReadingStatus.MISSING, note=str(error))


def _read(folder: Path, found: FoundNotebook, who: str) -> Handed:
    file = f"{who}: {log_name(found.path)}"
    try:
        data = read_regular_file(folder / found.path, within=folder)
        parsed = parse_notebook(data)
    except (BadFileError, BadNotebookError) as error:
        return Handed(file, ReadingStatus.REFUSED, note=str(error))
    status = ReadingStatus.RENAMED if found.note else ReadingStatus.READ
    return Handed(file, status, parsed.essence(), found.note, parsed.notes, _digest(data))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def _read_equal(folder: Path, name: str, several: SeveralError, who: str) -> Handed | None:
    """The first of several files when all say the same, but for outputs; None when they differ."""
    first, *others = several.paths
    handed = _read(folder, FoundNotebook(first, f"{taken_for(name)}; its copies say the same"), who)
    if handed.data is None or len(others) >= MAX_COPIES:
        return None
    same = all(_read(folder, FoundNotebook(path), who).data == handed.data for path in others)
    return replace(handed, file_digest="") if same else None
