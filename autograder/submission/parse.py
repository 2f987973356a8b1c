"""From bytes to the part of a notebook that a submission may speak for; nothing else is carried on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from nbformat.notebooknode import NotebookNode, from_dict

# Brackets and commas bound the number of Python objects that JSON turns into; each costs up to 100 bytes.
MAX_NODES = 2_000_000
MAX_CELLS = 2_000
MAX_SOURCE = 1_000_000
MAX_NOTES = 20

_KINDS = {"code": "code", "raw": "raw"}
_SURROGATE = re.compile("[\ud800-\udfff]")
_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_NBGRADER_KEYS = ("grade_id", "grade", "solution", "locked", "task", "points", "schema_version")


class BadNotebookError(Exception):
    """Bytes that are not a notebook; its text completes the sentence "<file> ..."."""


@dataclass(frozen=True)
class Parsed:
    """A notebook, nbformat 4.5, and remarks that complete the sentence "<file> ...".

    Each cell has a type (code, markdown or raw), a unique id, its source as text that UTF-8 can encode, of
    nbgrader's metadata what is a plain number, truth value or short text, its tags and its attachments.
    """

    notebook: NotebookNode
    notes: tuple[str, ...] = ()


@lru_cache(maxsize=16)  # a class has many blank releases, and copies; nobody changes what was parsed
def parse_notebook(data: bytes) -> Parsed:
    """Parse a notebook of nbformat 1 to 4, whatever else is wrong with it; BadNotebookError if it is none."""
    document = _load(data)
    version = document.get("nbformat")
    if isinstance(version, bool) or not isinstance(version, int):
        raise BadNotebookError("is JSON but not a notebook: it has no nbformat number")
    if not 1 <= version <= 4:
        raise BadNotebookError(f"has nbformat {str(version)[:20]}; only 1 to 4 are known")
    notes = [f"was nbformat {version} and was upgraded"] if version < 4 else []
    notes += _kernel_notes(document)
    cells = list(_raw_cells(document))
    if len(cells) > MAX_CELLS:
        raise BadNotebookError(f"has {len(cells)} cells, more than the {MAX_CELLS} allowed")
    parsed = [_cell(number, cell, notes) for number, cell in enumerate(cells, 1)]
    kept = _with_unique_ids([cell for cell in parsed if cell is not None])
    notebook = from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": kept})
    return Parsed(notebook, tuple(notes[:MAX_NOTES]))


def _load(data: bytes) -> dict[str, Any]:
    if not data.strip():
        raise BadNotebookError("is empty")
    if sum(data.count(mark) for mark in (b"[", b"{", b",")) > MAX_NODES:
        raise BadNotebookError(
            f"has more than {MAX_NODES:,} brackets and commas: it is no notebook a person made"
        )
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadNotebookError(f"is not UTF-8 text (byte {error.start})") from error
    except json.JSONDecodeError as error:
        raise BadNotebookError(f"is not JSON: {error.msg} (line {error.lineno})") from error
    except RecursionError as error:
        raise BadNotebookError("is nested too deeply to be a notebook") from error
    except ValueError as error:
        raise BadNotebookError(f"is not JSON that can be read: {str(error)[:80]}") from error
    if not isinstance(document, dict):
        raise BadNotebookError(f"is JSON but not a notebook: it holds a {type(document).__name__}")
    return document


def _kernel_notes(document: dict[str, Any]) -> list[str]:
    kernel = _dict(_dict(document.get("metadata")).get("kernelspec"))
    language = kernel.get("language", "python")
    if isinstance(language, str) and language.lower() != "python":
        return [f"names a kernel for {language[:20]!r}; it is run as Python"]
    return []


def _raw_cells(document: dict[str, Any]) -> Iterator[Any]:
    """The cells as they stand: nbformat 2 and 3 keep them in worksheets."""
    found = [document.get("cells")]
    if document["nbformat"] < 4 and isinstance(document.get("worksheets"), list):
        found += [_dict(sheet).get("cells") for sheet in document["worksheets"]]
    lists = [cells for cells in found if isinstance(cells, list)]
    if not lists:
        raise BadNotebookError("is JSON but not a notebook: it has no list of cells")
    for cells in lists:
        yield from cells


def _cell(number: int, raw: Any, notes: list[str]) -> dict[str, Any] | None:
    """One cell, or None, with a note, for what is not a cell."""
    cell = _dict(raw)
    # nbformat 4 says source; 2 and 3 say input for code; 1 says code and text.
    source = next((cell[key] for key in ("source", "input", "code", "text") if key in cell), None)
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        notes.append(f"has no text in cell {number}, which is left out")
        return None
    if len(source) > MAX_SOURCE:
        raise BadNotebookError(f"has {len(source):,} characters in cell {number}, more than {MAX_SOURCE:,}")
    if _SURROGATE.search(source):
        notes.append(f"has characters in cell {number} that are no Unicode text; they show as �")
        source = _SURROGATE.sub("�", source)
    kind = cell.get("cell_type")
    metadata = _dict(cell.get("metadata"))
    parsed = {
        "cell_type": _KINDS.get(kind, "markdown") if isinstance(kind, str) else "markdown",
        "id": cell.get("id"),
        "metadata": {"nbgrader": _nbgrader(metadata.get("nbgrader")), "tags": _tags(metadata.get("tags"))},
        "source": source,
    }
    if parsed["cell_type"] == "code":
        return {**parsed, "execution_count": None, "outputs": []}
    return {**parsed, "attachments": _attachments(cell.get("attachments"))}


def _nbgrader(raw: Any) -> dict[str, Any]:
    values = {key: _dict(raw).get(key) for key in _NBGRADER_KEYS}
    return {
        key: value
        for key, value in values.items()
        if isinstance(value, bool | int | float) or (isinstance(value, str) and len(value) <= 128)
    }


def _tags(raw: Any) -> list[str]:
    tags = raw if isinstance(raw, list) else []
    return [tag for tag in tags[:20] if isinstance(tag, str) and 0 < len(tag) <= 128 and "," not in tag]


def _attachments(raw: Any) -> dict[str, dict[str, str]]:
    return {
        name: {mime: data for mime, data in _dict(bundle).items() if isinstance(data, str)}
        for name, bundle in _dict(raw).items()
    }


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
