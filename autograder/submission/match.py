"""Which submitted cell is which released cell, whatever was copied, moved, renamed or retyped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nbformat.notebooknode import NotebookNode

from autograder.roles import MAY_FAIL, grade_id, has_role, is_answer, is_fixed, role_of
from autograder.submission.adopt import Adoption
from autograder.submission.copies import (
    Copies,
    copied_lines,
    find_copies,
    is_edited,
)
from autograder.submission.names import bound_names
from autograder.submission.repairs import Repair, Repairs

START = -1  # the place before the first released cell


@dataclass(frozen=True)
class Matching:
    """Where each submitted cell goes, by index.

    ``source_of`` maps a released answer or plain cell to the submitted cell that fills it, ``refers`` an
    answer to an earlier cell that answers it too. ``further`` maps a released cell, or START, to the
    student's own cells that follow it, in order; ``before`` to those that run right before it. ``repairs``
    says what was not as released, ``missing`` names the answers that no cell fills.
    """

    source_of: Mapping[int, int]
    refers: Mapping[int, int]
    further: Mapping[int, Sequence[int]]
    before: Mapping[int, Sequence[int]]
    repairs: tuple[str, ...]
    missing: tuple[str, ...]


def match_cells(released: Sequence[NotebookNode], submitted: Sequence[NotebookNode]) -> Matching:
    """Match by ``grade_id``; where that is lost, by cell id, by text, by the names defined, or by place."""
    repairs = Repairs()
    copies = find_copies(released, submitted)
    adopted = Adoption(released, submitted, copies, repairs)
    adopted.run()
    before = {index: list(numbers) for index, numbers in adopted.before.items()}
    filled = {index: n for index, n in adopted.source_of.items() if not is_fixed(released[index])}
    used = {*filled.values(), *(number for numbers in before.values() for number in numbers)}
    for index, number in _additions(released, submitted, copies):
        if number not in used:
            before.setdefault(index, []).append(number)
            repairs.add(Repair.ADDED, grade_id(released[index]))
    further = _further_cells(released, submitted, copies, used, adopted.anchors, repairs)
    _report(released, submitted, copies, repairs)
    return Matching(
        filled,
        adopted.refers,
        further,
        before,
        repairs.sentences(),
        adopted.missing,
    )


def _additions(
    released: Sequence[NotebookNode], submitted: Sequence[NotebookNode], copies: Copies
) -> list[tuple[int, int]]:
    """The copies of locked cells into which a student wrote what other cells may need: new names."""
    return [
        (index, number)
        for index, numbers in copies.of.items()
        if is_fixed(released[index]) and released[index].cell_type == "code"
        for number in numbers
        if submitted[number].cell_type == "code"
        and not bound_names(submitted[number].source) <= bound_names(released[index].source)
    ]


def _further_cells(
    released: Sequence[NotebookNode],
    submitted: Sequence[NotebookNode],
    copies: Copies,
    used: set[int],
    anchors: Mapping[int, int],
    repairs: Repairs,
) -> dict[int, list[int]]:
    """The student's own cells, by the released cell that they followed; ``anchors`` are where those stand."""
    copy_of = {number: index for index, numbers in copies.of.items() for number in numbers}
    fixed_lines = [set(cell.source.split("\n")) for cell in released if is_fixed(cell)]
    further: dict[int, list[int]] = {}
    anchor = START
    for number, cell in enumerate(submitted):
        anchor = anchors.get(number, anchor)
        original = released[copy_of[number]] if number in copy_of else None
        if number in used or (original and not (is_answer(original) and is_edited(cell, original))):
            continue
        lines = set() if original else copied_lines(cell)
        if lines and any(lines <= known for known in fixed_lines):
            repairs.add(Repair.REPEATED, number + 1)
        else:
            further.setdefault(anchor, []).append(number)
    return further


def _report(
    released: Sequence[NotebookNode],
    submitted: Sequence[NotebookNode],
    copies: Copies,
    repairs: Repairs,
) -> None:
    for index, cell in enumerate(released):
        if has_role(cell):
            found = [submitted[number] for number in copies.of.get(index, ())]
            _report_cell(cell, found, copies.found.get(index), repairs)
            if is_answer(cell) and any(_is_split(submitted, number) for number in copies.of.get(index, ())):
                repairs.add(Repair.SPLIT, grade_id(cell), "Answer")
    known = {number for numbers in copies.of.values() for number in numbers}
    for number, cell in enumerate(submitted):
        if grade_id(cell) and number not in known:
            repairs.add(Repair.FOREIGN, grade_id(cell))
    order = [numbers[0] for index, numbers in copies.of.items() if len(numbers) == 1]
    if order != sorted(order):
        repairs.add(Repair.MOVED)


def _report_cell(
    cell: NotebookNode, found: Sequence[NotebookNode], sign: Repair | None, repairs: Repairs
) -> None:
    """Take note of what became of one released cell that has a role."""
    name = grade_id(cell)
    if len(found) > 1 and is_answer(cell):
        repairs.add(Repair.STANDS_SEVERAL_TIMES, name, "Answer", times=len(found))
    elif len(found) > 1:
        repairs.add(Repair.COPIED, name, times=len(found))
    if sign is not None:
        repairs.add(sign, name)
    if not is_answer(cell) and not found:
        repairs.add(Repair.DELETED, name)
    if is_fixed(cell) and any(not _came_from(copy, cell) for copy in found):
        repairs.add(Repair.EDITED, name)
    if any(copy.cell_type != cell.cell_type for copy in found):
        repairs.add(Repair.RETYPED, name, kind=found[0].cell_type, own=cell.cell_type)
    if any(_differs_in_metadata(copy, cell) for copy in found if sign is None):
        repairs.add(Repair.METADATA, name)


def _came_from(copy: NotebookNode, cell: NotebookNode) -> bool:
    """Whether a copy is as released: the cell's own lines, of which the hidden tests were taken out."""
    lines = set(cell.source.split("\n"))
    return bool(copy.source.strip()) and all(line in lines for line in copy.source.rstrip().split("\n"))


def _differs_in_metadata(copy: NotebookNode, cell: NotebookNode) -> bool:
    given, own = role_of(copy), role_of(cell)
    changed = any(value != own.get(key) for key, value in given.items())
    return changed or _tags(copy) != _tags(cell)


def _tags(cell: NotebookNode) -> Any:
    """A cell's tags, but for one that releases of before lack, and that changes no grade."""
    tags = cell.metadata.get("tags", [])
    return [tag for tag in tags if tag != MAY_FAIL] if isinstance(tags, list) else tags


def _is_split(submitted: Sequence[NotebookNode], number: int) -> bool:
    """Whether a cell ends within something indented and the next one begins so."""
    pair = submitted[number : number + 2]
    if len(pair) < 2 or any(cell.cell_type != "code" for cell in pair):
        return False
    above, below = ([line for line in cell.source.split("\n") if line.strip()] for cell in pair)
    return bool(
        above and below and below[0][0].isspace() and (above[-1][0].isspace() or above[-1][-1] == ":")
    )
