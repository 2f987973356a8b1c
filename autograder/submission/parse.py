"""From bytes to the part of a notebook that a submission may speak for; nothing else is carried on."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec
from msgspec import Raw, Struct
from nbformat.notebooknode import NotebookNode, from_dict

from autograder.remembered import remembered
from autograder.submission.files import BadFileError
from autograder.submission.skim import (
    HALF,
    MAX_ITEMS,
    NULL,
    TooManyItemsError,
    document,
    fields,
    is_utf8,
    items,
    size,
    value,
)

MAX_CELLS = MAX_ITEMS
MAX_SOURCE = 1_000_000  # characters
MAX_TEXT = 10_000_000  # characters, of all cells
MAX_PICTURES = 60_000_000  # bytes, of all cells
MAX_NOTES = 20
MAX_CACHED = 1_000_000

_LONGEST = 12 * MAX_SOURCE  # bytes: each character may be written as the numbers of two halves
_QUOTES = 4_000  # in the pictures of a cell: each has four and its file's name two
_KINDS = {"code": "code", "raw": "raw"}
_CELL_ID = re.compile(r"(?!submitted-)[a-zA-Z0-9_-]{1,64}")  # those we give
_NEWLINE = re.compile("\r\n?")
_NBGRADER_KEYS = ("grade_id", "grade", "solution", "locked", "task", "points", "schema_version")


class _Notebook(Struct):
    nbformat: Raw = NULL
    metadata: Raw = NULL
    cells: Raw = NULL
    worksheets: Raw = NULL  # nbformat 2 and 3 keep the cells there


class _Metadata(Struct):
    kernelspec: Raw = NULL
    language: Raw = NULL
    nbgrader: Raw = NULL
    tags: Raw = NULL


class _Cell(Struct):
    cell_type: Raw = NULL
    id: Raw = NULL
    metadata: Raw = NULL
    attachments: Raw = NULL
    source: Raw = NULL
    input: Raw = NULL  # what nbformat 2 and 3 call the source of code
    code: Raw = NULL  # and nbformat 1, which has text besides
    text: Raw = NULL


class BadNotebookError(Exception):
    """Bytes that are not a notebook; its text completes the sentence "<file> ..."."""


@dataclass(frozen=True)
class Parsed:
    """A notebook, nbformat 4.5, and remarks that complete the sentence "<file> ...".

    Each cell has a type (code, markdown or raw), a unique id, its source as text that UTF-8 can encode, of
    nbgrader's metadata what is a plain number, truth value or short text, its tags and its attachments.
    """

    content: dict[str, Any]
    notes: tuple[str, ...] = ()

    @cached_property
    def notebook(self) -> NotebookNode:
        """The notebook as nbformat has it."""
        return from_dict(self.content)

    def essence(self) -> bytes:
        """The notebook in few bytes, which are the same when all that was taken of two files is the same."""
        try:
            return msgspec.json.encode(self.content, order="sorted")
        except (OverflowError, UnicodeEncodeError):  # a number that only Python holds
            return json.dumps(
                self.content, ensure_ascii=False, sort_keys=True, separators=(",", ":")
            ).encode()


def parse_notebook(data: bytes) -> Parsed:
    """Parse a notebook of nbformat 1 to 4, whatever else is wrong with it; BadNotebookError if it is none.

    Takes time and memory for what it keeps, and next to none for the rest: outputs, widgets, other metadata.
    """
    # A class has many blank releases, and copies; nobody changes what was parsed.
    return _parsed_before(data) if len(data) <= MAX_CACHED else _parsed(data)


def _parsed(data: bytes) -> Parsed:
    if not data or data.isspace():
        raise BadNotebookError("is empty")
    try:
        raw, notes = document(data, _Notebook)
    except BadFileError as error:
        raise BadNotebookError(str(error)) from error
    version = value(raw.nbformat, 100)
    if isinstance(version, bool) or not isinstance(version, int):
        raise BadNotebookError("is JSON but not a notebook: it has no nbformat number")
    if not 1 <= version <= 4:
        raise BadNotebookError(f"has nbformat {str(version)[:20]}; only 1 to 4 are known")
    notes += [f"was nbformat {version} and was upgraded"] if version < 4 else []
    notes += _kernel_notes(raw)
    try:
        cells = list(_raw_cells(raw, version))
    except TooManyItemsError:
        cells = [NULL] * (MAX_CELLS + 1)
    if len(cells) > MAX_CELLS:
        raise BadNotebookError(f"has more than the {MAX_CELLS} cells allowed")
    kept = _with_unique_ids(list(_Cells(notes).read(cells)))
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": kept}
    return Parsed(content, tuple(notes[:MAX_NOTES]))


_parsed_before = remembered(16)(_parsed)


def _kernel_notes(raw: _Notebook) -> list[str]:
    kernel = fields(fields(raw.metadata, _Metadata).kernelspec, _Metadata)
    language = value(kernel.language)
    if isinstance(language, str) and language.lower() != "python":
        return [f"names a kernel for {language[:20]!r}; it is run as Python"]
    return []


def _raw_cells(raw: _Notebook, version: int) -> Iterator[Raw]:
    """The cells as they stand: nbformat 2 and 3 keep them in worksheets."""
    found = [items(raw.cells)]
    if version < 4:
        found += [items(fields(sheet, _Notebook).cells) for sheet in items(raw.worksheets) or []]
    lists = [cells for cells in found if cells is not None]
    if not lists:
        raise BadNotebookError("is JSON but not a notebook: it has no list of cells")
    for cells in lists:
        yield from cells


class _Cells:
    """Reads cells one by one, and bounds what all of them hold together; remarks go to ``notes``."""

    def __init__(self, notes: list[str]) -> None:
        self._notes = notes
        self._text_left = MAX_TEXT
        self._pictures_left = MAX_PICTURES

    def read(self, cells: list[Raw]) -> Iterator[dict[str, Any]]:
        """Each cell that has a text."""
        for number, raw in enumerate(cells, 1):
            cell = fields(raw, _Cell)
            source = self._source(number, cell)
            if source is None:
                continue
            kind = value(cell.cell_type)
            metadata = fields(cell.metadata, _Metadata)
            parsed = {
                "cell_type": _KINDS.get(kind, "markdown") if isinstance(kind, str) else "markdown",
                "id": value(cell.id),
                "metadata": {
                    "nbgrader": _nbgrader(value(metadata.nbgrader)),
                    "tags": _tags(value(metadata.tags, 10_000)),
                },
                "source": source,
            }
            if parsed["cell_type"] == "code":
                yield {**parsed, "execution_count": None, "outputs": []}
            else:
                yield {**parsed, "attachments": self._attachments(number, cell.attachments)}

    def _source(self, number: int, cell: _Cell) -> str | None:
        """The text of a cell, or None, with a note, for what is not a cell."""
        source = None
        for raw in (cell.source, cell.input, cell.code, cell.text):
            if size(raw) > _LONGEST:
                self._notes.append(f"has {size(raw):,} bytes in cell {number}, which is left out")
                return None
            if source is None and (source := value(raw, _LONGEST)) is not None and not is_utf8(raw):
                self._notes.append(f"is not UTF-8 text in cell {number}, which was read as Windows-1252")
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if not isinstance(source, str):
            self._notes.append(f"has no text in cell {number}, which is left out")
            return None
        if len(source) > MAX_SOURCE:
            much = f"{len(source):,} characters in cell {number}, more than {MAX_SOURCE:,}"
            self._notes.append(f"has {much}; the cell is left out")
            return None
        self._text_left -= len(source)
        if self._text_left < 0:
            raise BadNotebookError(f"has more than {MAX_TEXT:,} characters in its cells")
        return self._plain(number, source)

    def _plain(self, number: int, source: str) -> str:
        """The text with the line ends that Python has, and no mark of its byte order."""
        if HALF in source:
            self._notes.append(f"has characters in cell {number} that are no Unicode text; they show as �")
            source = source.replace(HALF, "�")
        return _NEWLINE.sub("\n", source.removeprefix("\ufeff"))

    def _attachments(self, number: int, raw: Raw) -> dict[str, dict[str, str]]:
        self._pictures_left -= size(raw)
        if self._pictures_left < 0 or bytes(raw).count(b'"') > _QUOTES:
            self._notes.append(f"has more pictures in cell {number} than can be kept; they are left out")
            return {}
        return {
            name: {mime: data for mime, data in _dict(bundle).items() if isinstance(data, str)}
            for name, bundle in _dict(value(raw, MAX_PICTURES)).items()
        }


def _nbgrader(raw: Any) -> dict[str, Any]:
    found = _dict(raw)
    return {key: found[key] for key in _NBGRADER_KEYS if _is_plain(found.get(key))}


def _is_plain(said: Any) -> bool:
    if isinstance(said, float):
        return math.isfinite(said)
    return isinstance(said, int) or (isinstance(said, str) and len(said) <= 128)


def _tags(raw: Any) -> list[str]:
    tags = raw if isinstance(raw, list) else []
    return [tag for tag in tags[:20] if isinstance(tag, str) and 0 < len(tag) <= 128 and "," not in tag]


def _with_unique_ids(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Ids are kept where they can be, for they tell which released cell a cell once was."""
    taken: set[str] = set()
    for number, cell in enumerate(cells):
        cell_id = cell["id"]
        if not (isinstance(cell_id, str) and _CELL_ID.fullmatch(cell_id)) or cell_id in taken:
            cell["id"] = f"submitted-{number}"
        taken.add(cell["id"])
    return cells


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
