"""Reading the record in an autograded notebook, and no more of the notebook than that."""

from __future__ import annotations

from pathlib import Path

from msgspec import Raw, Struct

from autograder.recorded.record import RECORD, Record
from autograder.submission.files import MAX_BYTES, BadFileError
from autograder.submission.skim import NULL, document, fields, value


class _Notebook(Struct):
    metadata: Raw = NULL


class _Metadata(Struct, rename={"record": RECORD}):
    record: Raw = NULL


class _Head(Struct):
    submission: Raw = NULL
    release: Raw = NULL
    files: Raw = NULL
    status: Raw = NULL
    again: Raw = NULL
    seed: Raw = NULL


def read_record(path: Path) -> Record:
    """The record in an autograded notebook; one of nothing when there is no notebook, or none of ours."""
    return Record.of_metadata(value(_record_at(path), MAX_BYTES))


def read_head(path: Path) -> Record:
    """The same, but only what the grade is of, and whether it was made to the end."""
    head = fields(_record_at(path), _Head)
    return Record.of_metadata({name: value(getattr(head, name)) for name in _Head.__struct_fields__})


def _record_at(path: Path) -> Raw:
    try:
        notebook, _ = document(path.read_bytes(), _Notebook)
    except (OSError, BadFileError):
        return NULL
    return fields(notebook.metadata, _Metadata).record
