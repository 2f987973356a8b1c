"""Which of the files handed in is the notebook that was asked for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.submission.files import Entry, log_name

# What browsers, file managers, Jupyter and learning management systems add when a name is taken.
_COPY = re.compile(r"(?:_?\(\d+\)|_(?:copy|kopie|copie)(?:_?\(?\d+\)?)?|_\d+|_final|_solved|_submission)$")
# Canvas collects as smithalice_12345_67890_flat_backprop.ipynb, with _LATE after the name when it was.
_COLLECTED = re.compile(r"^[^_]+(?:_late)?_\d+_\d+_")
_ENDING = re.compile(r"(?:\.ipynb(?:\.txt|\.json|\.download)?)+\Z")
_LISTED = 4


class NotFoundError(Exception):
    """No file, or no single one; its text completes the sentence "<folder> ..."."""


class SeveralError(NotFoundError):
    """Several files that would do, ``paths``: none is taken unless all say the same."""

    def __init__(self, asked: Path, paths: Sequence[Path]) -> None:
        super().__init__(f"holds {len(paths)} files that could be {asked}: {_listing(paths)}")
        self.paths = tuple(paths)


@dataclass(frozen=True)
class FoundNotebook:
    """The file that holds a notebook, and a remark if its name is not the one asked for."""

    path: Path
    note: str = ""


def find_notebook(name: str, expected: Sequence[str], entries: Sequence[Entry]) -> FoundNotebook:
    """The file for the notebook ``name`` (without ending), one of the ``expected`` of its assignment.

    In this order: the very name; the very name in a folder; one near miss; the only notebook there is, when
    only one is expected. Raises NotFoundError, saying what there is, when none would do, and SeveralError.
    """
    asked = Path(f"{name}.ipynb")
    if any(entry.path == asked for entry in entries):
        return FoundNotebook(asked)
    notebooks = [entry.path for entry in entries if entry.regular and _ENDING.search(entry.path.name.lower())]
    in_folders = [path for path in notebooks if path.name == asked.name]
    near = [path for path in notebooks if _means(path.name, expected) == name]
    alone = notebooks if len(expected) == 1 else []
    for candidates in (in_folders, near, alone):
        if len(candidates) == 1:
            return FoundNotebook(candidates[0], taken_for(name))
        if candidates:
            raise SeveralError(asked, candidates)
    held = [entry.path for entry in entries]
    raise NotFoundError(f"holds no {asked}" + (f", but {_listing(held)}" if held else ": no file is in it"))


def taken_for(name: str) -> str:
    """The remark on a file of another name."""
    return f"was taken for {name}.ipynb, the name it should have"


def _means(filename: str, expected: Sequence[str]) -> str | None:
    """The expected name that a file name comes from, adding as little as possible; None if none does."""
    meanings = {_canonical(name): name for name in expected}
    return next((meanings[form] for form in _simpler(_canonical(filename)) if form in meanings), None)


def _canonical(filename: str) -> str:
    text = _ENDING.sub("", unicodedata.normalize("NFKC", filename).casefold())
    return re.sub(r"[\s_-]+", "_", text).strip("_")


def _simpler(form: str) -> Iterator[str]:
    """The form itself, then without what was added to it, step by step."""
    while form:
        yield form
        yield _COLLECTED.sub("", form)
        shorter = _COPY.sub("", form)
        if shorter == form:
            return
        form = shorter


def _listing(paths: Sequence[Path]) -> str:
    more = f" and {len(paths) - _LISTED} more" if len(paths) > _LISTED else ""
    return ", ".join(log_name(path, 60) for path in paths[:_LISTED]) + more
