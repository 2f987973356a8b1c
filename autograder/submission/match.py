"""Which submitted cell is which released cell, whatever was copied, moved, renamed or retyped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from nbformat.notebooknode import NotebookNode

from autograder.submission.files import printable
from autograder.submission.released import has_role, is_answer

START = -1  # the place before the first released cell
COPIED_LINES = 3
_DEFINITION = re.compile(r"^(?:async\s+)?(?:def|class)\s+(\w+)", re.MULTILINE)


@dataclass
class Matching:
    """Where each submitted cell goes, by index.

    ``source_of`` maps a released answer or plain cell to the submitted cell that fills it. ``further`` maps a
    released cell, or START, to the student's own cells that follow it, in order. ``repairs`` says in
    sentences what was not as released, ``missing`` names the answers that no cell fills.
    """

    source_of: dict[int, int] = field(default_factory=dict)
    further: dict[int, list[int]] = field(default_factory=dict)
    repairs: list[str] = field(default_factory=list)
    missing: tuple[str, ...] = ()


def match_cells(released: Sequence[NotebookNode], submitted: Sequence[NotebookNode]) -> Matching:
    """Match by ``grade_id``; where that is lost, by cell id, by equal source, or by the names defined."""
    matching = Matching()
    copies = _copies(released, submitted)
    matching.source_of = {
        index: _counts(released[index], found, submitted) for index, found in copies.items()
    }
    _adopt_lost_answers(released, submitted, copies, matching)
    _place_further_cells(released, submitted, copies, matching)
    _report(released, submitted, copies, matching)
    matching.source_of = {i: s for i, s in matching.source_of.items() if not is_fixed(released[i])}
    return matching


def is_fixed(cell: NotebookNode) -> bool:
    """Whether the student has no say in the cell's source: graded, read-only and task cells."""
    return has_role(cell) and not is_answer(cell)


def _copies(released: Sequence[NotebookNode], submitted: Sequence[NotebookNode]) -> dict[int, list[int]]:
    """For each released cell that was handed in, the submitted cells that are copies of it, in order."""
    by_grade_id = {_grade_id(cell): index for index, cell in enumerate(released) if has_role(cell)}
    by_id = {cell.get("id"): index for index, cell in enumerate(released)}
    by_source = {_text(cell): index for index, cell in enumerate(released) if not has_role(cell)}
    copies: dict[int, list[int]] = {}
    unnamed = []
    for number, cell in enumerate(submitted):
        if _grade_id(cell) in by_grade_id:
            copies.setdefault(by_grade_id[_grade_id(cell)], []).append(number)
        else:
            unnamed.append(number)
    for number in unnamed:
        cell = submitted[number]
        index = by_id.get(cell.get("id"), by_source.get(_text(cell)))
        # A plain cell that was retyped, say to switch it off, is the student's own.
        if (
            index is not None
            and index not in copies
            and (has_role(released[index]) or released[index].cell_type == cell.cell_type)
        ):
            copies[index] = [number]
    return dict(sorted(copies.items()))


def _counts(cell: NotebookNode, copies: list[int], submitted: Sequence[NotebookNode]) -> int:
    """The copy that counts: the last that was edited, else the first."""
    edited = [number for number in copies if _is_edited(submitted[number], cell)]
    return edited[-1] if edited else copies[0]


def _adopt_lost_answers(
    released: Sequence[NotebookNode],
    submitted: Sequence[NotebookNode],
    copies: dict[int, list[int]],
    matching: Matching,
) -> None:
    """Find a code answer that lost its name in the last unmatched cell that defines what it should define."""
    known = {number for found in copies.values() for number in found}
    defined = {n: _defined_names(cell) for n, cell in enumerate(submitted) if n not in known}
    missing = []
    for index, cell in enumerate(released):
        if not is_answer(cell) or index in copies:
            continue
        names = _defined_names(cell)
        able = [number for number, theirs in defined.items() if names and names <= theirs]
        if able:
            copies[index] = [able[-1]]
            del defined[able[-1]]
            matching.source_of[index] = able[-1]
        else:
            missing.append(_grade_id(cell))
            matching.repairs.append(
                f"Answer {_grade_id(cell)} was not handed in; the empty one stands there."
            )
    matching.missing = tuple(missing)


def _place_further_cells(
    released: Sequence[NotebookNode],
    submitted: Sequence[NotebookNode],
    copies: dict[int, list[int]],
    matching: Matching,
) -> None:
    released_at = {number: index for index, number in matching.source_of.items()}
    copy_of = {number: index for index, found in copies.items() for number in found}
    fixed_lines = [set(cell.source.split("\n")) for cell in released if is_fixed(cell)]
    anchor = START
    for number, cell in enumerate(submitted):
        if number in released_at:
            anchor = released_at[number]
        elif number in copy_of:
            original = released[copy_of[number]]
            if is_answer(original) and _is_edited(cell, original):
                matching.further.setdefault(anchor, []).append(number)
        elif _repeats(cell, fixed_lines):
            matching.repairs.append(f"Cell {number + 1} repeats a released cell; it was left out.")
        else:
            matching.further.setdefault(anchor, []).append(number)


def _repeats(cell: NotebookNode, fixed_lines: Sequence[set[str]]) -> bool:
    """Whether an unnamed cell holds nothing but lines of one read-only or graded cell."""
    lines = [line for line in cell.source.split("\n") if line.strip()]
    return len(lines) >= COPIED_LINES and any(set(lines) <= known for known in fixed_lines)


def _report(
    released: Sequence[NotebookNode],
    submitted: Sequence[NotebookNode],
    copies: dict[int, list[int]],
    matching: Matching,
) -> None:
    for index, cell in enumerate(released):
        found = [submitted[number] for number in copies.get(index, [])]
        if has_role(cell):
            matching.repairs += _repairs_of(cell, found)
    matched = {number for found in copies.values() for number in found}
    for number, cell in enumerate(submitted):
        name = _grade_id(cell)
        if name and number not in matched:
            matching.repairs.append(
                f"Cell {printable(name)} is not of this notebook; it runs as a plain cell."
            )
    order = [matching.source_of[index] for index in sorted(matching.source_of)]
    if order != sorted(order):
        matching.repairs.append("Cells were moved; the released order was used.")


def _repairs_of(cell: NotebookNode, found: Sequence[NotebookNode]) -> list[str]:
    """Sentences on what became of one released cell that has a role."""
    name = _grade_id(cell)
    if is_answer(cell):
        times = f"Answer {name} stands {len(found)} times; the last edited one counts."
    else:
        times = f"Cell {name} stands {len(found)} times; it was used once, as released."
    repairs = [times] if len(found) > 1 else []
    if any(_grade_id(copy) != name for copy in found):
        repairs.append(f"Cell {name} had lost its name; the cell that was it is used.")
    if not is_answer(cell) and not found:
        repairs.append(f"Cell {name} was deleted; it was put back.")
    if is_fixed(cell) and any(not _came_from(copy, cell) for copy in found):
        repairs.append(f"Cell {name} was edited; it was used as released.")
    if any(copy.cell_type != cell.cell_type for copy in found):
        repairs.append(f"Cell {name} had become a {found[0].cell_type} cell; it is {cell.cell_type} again.")
    if any(_differs_in_metadata(copy, cell) for copy in found):
        repairs.append(f"Cell {name} had other tags or nbgrader metadata; the released ones were used.")
    return repairs


def _came_from(copy: NotebookNode, cell: NotebookNode) -> bool:
    """Whether a copy is as released: the cell's own lines, of which the hidden tests were taken out."""
    lines = set(cell.source.split("\n"))
    return bool(copy.source.strip()) and all(line in lines for line in copy.source.rstrip().split("\n"))


def _differs_in_metadata(copy: NotebookNode, cell: NotebookNode) -> bool:
    given, own = copy.metadata.get("nbgrader", {}), cell.metadata.nbgrader
    tags = copy.metadata.get("tags", [])
    changed = any(value != own.get(key) for key, value in given.items() if key != "grade_id")
    return changed or tags != cell.metadata.get("tags", [])


def _defined_names(cell: NotebookNode) -> frozenset[str]:
    """The functions and classes that a code cell defines at its top level."""
    # Not by ast, whose parser can exhaust the stack of this process on hostile text.
    return frozenset(_DEFINITION.findall(cell.source)) if cell.cell_type == "code" else frozenset()


def _is_edited(cell: NotebookNode, original: NotebookNode) -> bool:
    return bool(cell.source.strip()) and cell.source.strip() != original.source.strip()


def _grade_id(cell: NotebookNode) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def _text(cell: NotebookNode) -> tuple[str, str]:
    return cell.cell_type, cell.source.strip()
