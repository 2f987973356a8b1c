"""Which submitted cells are copies of which released cell: by name, by id, by what they say."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nbformat.notebooknode import NotebookNode

from autograder.roles import grade_id, has_role, is_fixed
from autograder.submission.names import MOST_CHARACTERS
from autograder.submission.repairs import Repair

COPIED_LINES = 3
REFERS = "# Answered in the cell of"  # what we write into an answer that stands elsewhere
_LETTERS = re.compile(r"\W+")


@dataclass(frozen=True)
class Copies:
    """The submitted cells that are copies of a released one, in order, by its index; and how they were known.

    ``found`` holds the released cells whose copies had lost their names.
    """

    of: Mapping[int, Sequence[int]]
    found: Mapping[int, Repair]

    def counting(self, index: int, cell: NotebookNode, submitted: Sequence[NotebookNode]) -> int:
        """The copy of a released cell that counts: the last that was edited, else the first."""
        edited = [number for number in self.of[index] if is_edited(submitted[number], cell)]
        return edited[-1] if edited else self.of[index][0]


def find_copies(released: Sequence[NotebookNode], submitted: Sequence[NotebookNode]) -> Copies:
    """Copies by ``grade_id``; of cells that have lost it, or never had one, by cell id, or by equal text."""
    by_grade_id = {grade_id(cell): index for index, cell in enumerate(released) if has_role(cell)}
    by_id = {cell.get("id"): index for index, cell in enumerate(released)}
    copies: dict[int, list[int]] = {}
    found: dict[int, Repair] = {}
    rest = []
    for number, cell in enumerate(submitted):
        if grade_id(cell) in by_grade_id:
            copies.setdefault(by_grade_id[grade_id(cell)], []).append(number)
        else:
            rest.append(number)
    for number in rest:
        index = by_id.get(submitted[number].get("id"))
        # A plain cell that was retyped, say to switch it off, is the student's own.
        if index is not None and index not in copies and _may_be(submitted[number], released[index]):
            copies[index], found[index] = [number], Repair.FOUND_BY_ID
    known = {number for numbers in copies.values() for number in numbers}
    texts = _Texts(released, taken=copies)
    for number in rest:
        if number not in known and (index := texts.take(submitted[number])) is not None:
            copies[index], found[index] = [number], Repair.FOUND_BY_TEXT
    return Copies(dict(sorted(copies.items())), found)


class _Texts:
    """The released cells that are still to be found, by what they say; equal ones one after the other."""

    def __init__(self, released: Sequence[NotebookNode], taken: Mapping[int, Sequence[int]]) -> None:
        self._indices: dict[tuple[str, str], deque[int]] = {}
        self._lines: dict[int, set[str]] = {}
        for index, cell in enumerate(released):
            if index not in taken:
                self._indices.setdefault(_text(cell), deque()).append(index)
                if is_fixed(cell):
                    self._lines[index] = set(cell.source.split("\n"))

    def take(self, cell: NotebookNode) -> int | None:
        """The first released cell of this text, or whose lines, without the hidden ones, these may be."""
        indices = self._indices.get(_text(cell))
        index = indices[0] if indices else next(iter(self._containing(cell)), None)
        if index is not None:
            self._lines.pop(index, None)
            for same in self._indices.values():
                if same and same[0] == index:
                    same.popleft()
        return index

    def _containing(self, cell: NotebookNode) -> list[int]:
        lines = copied_lines(cell)
        return [index for index, known in self._lines.items() if lines and lines <= known]


def copied_lines(cell: NotebookNode) -> set[str]:
    """The lines of a cell by which a copy of a locked one is known; none when they are too few to tell."""
    lines = [line for line in cell.source.split("\n") if line.strip()]
    return set(lines) if len(lines) >= COPIED_LINES else set()


def is_edited(cell: NotebookNode, original: NotebookNode) -> bool:
    """Whether a copy says something of the student's: something else than the original."""
    source = cell.source.strip()
    return bool(source) and source != original.source.strip() and not source.startswith(REFERS)


def _may_be(cell: NotebookNode, original: NotebookNode) -> bool:
    return has_role(original) or original.cell_type == cell.cell_type


def _text(cell: NotebookNode) -> tuple[str, str]:
    """What a cell says; of prose, which other editors wrap and escape anew, the letters and digits."""
    source = "\n".join(line.rstrip() for line in cell.source.strip().split("\n"))
    prose = cell.cell_type != "code" and len(source) <= MOST_CHARACTERS
    return cell.cell_type, (prose and _LETTERS.sub("", source)) or source
