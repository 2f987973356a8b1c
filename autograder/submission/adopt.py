"""Answers that do not stand where they should: found by what they define, or by the cells around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nbformat.notebooknode import NotebookNode

from autograder.roles import grade_id, is_answer, is_fixed
from autograder.submission.copies import Copies, is_edited
from autograder.submission.names import asked_names, bound_names, mentions_any
from autograder.submission.repairs import Repair, Repairs

# What a released answer says that is still to be written: to run it has no point.
_BLANK = re.compile(r"NotImplementedError|YOUR (?:CODE|ANSWER)|\b(?:pass|None)\b|\.\.\.")


class Adoption:
    """Fills answers whose cells are lost, blank or another's, in the order of the release.

    An answer is *open* when no cell has its name, when that cell is as blank as it was released, or when
    it binds nothing that it should; if only its checks tell what that is, when it does not even mention
    it. An open answer in code is the cell, or are the cells, that bind its names: one that stands
    between the released neighbours first, the student's own before others, of several the last. A cell
    that answers several exercises fills the first of them. An open answer in words is the student's own
    text between the neighbours.

    After ``run``, ``source_of`` maps released cells to the submitted ones that fill them, ``refers`` an
    answer to an earlier cell that answers it too, ``before`` an answer to cells that belong to it;
    ``anchors`` maps submitted cells to the released ones at whose places they stand; ``missing`` names the
    answers still open.
    """

    def __init__(
        self,
        released: Sequence[NotebookNode],
        submitted: Sequence[NotebookNode],
        copies: Copies,
        repairs: Repairs,
    ) -> None:
        self._released = released
        self._submitted = submitted
        self._copies = copies
        self._repairs = repairs
        self._copy_of = {number: index for index, numbers in copies.of.items() for number in numbers}
        self._binds = {
            number: names
            for number, cell in enumerate(submitted)
            if (cell.cell_type == "code" or self._may_be_code(number))
            and (names := bound_names(cell.source))
            and not self._is_untouched(number)
        }
        self._wanted = dict(self._names_wanted())
        self.source_of = {index: copies.counting(index, released[index], submitted) for index in copies.of}
        self.anchors = {number: index for index, number in self.source_of.items()}
        self._places = {n: index for n, index in self.anchors.items() if not is_fixed(released[index])}
        self.refers: dict[int, int] = {}
        self.before: dict[int, list[int]] = {}
        self.missing: tuple[str, ...] = ()

    def run(self) -> None:
        """Adopt what can be found, and take note of what is missing."""
        answers = [index for index, cell in enumerate(self._released) if is_answer(cell)]
        still_open = [index for index in answers if self._is_open(index)]
        for index in still_open:  # what stands in a cell of another name is there for whoever needs it
            if index in self.source_of:
                self._places.pop(self.source_of[index], None)
        for index in still_open:
            if self._wanted[index] and not self._adopt_by_names(index):
                self._keep(index)
        self._adopt_by_places([index for index in still_open if not self._wanted[index]])
        missing = [index for index in still_open if index not in self.source_of and index not in self.refers]
        self.missing = tuple(grade_id(self._released[index]) for index in missing)

    def _is_open(self, index: int) -> bool:
        number = self.source_of.get(index)
        if number is None:
            return True
        cell, wanted = self._released[index], self._wanted[index]
        if is_edited(self._submitted[number], cell):
            copies = self._copies.of[index]
            if not bound_names(cell.source) and mentions_any(self._submitted[number].source, wanted):
                return False  # as ``x.append(4)`` does
            return bool(wanted) and not any(wanted & self._binds.get(copy, frozenset()) for copy in copies)
        return cell.cell_type != "code" or bool(_BLANK.search(cell.source))

    def _names_wanted(self) -> Iterator[tuple[int, frozenset[str]]]:
        """For each answer, the names it should bind: those of its stub, else those its checks ask for."""
        code = [cell for cell in self._released if cell.cell_type == "code"]
        given = frozenset().union(*(bound_names(cell.source) for cell in code))
        for index, cell in enumerate(self._released):
            if not is_answer(cell):
                continue
            wanted = bound_names(cell.source) if cell.cell_type == "code" else frozenset()
            if cell.cell_type == "code" and not wanted:
                asked = frozenset().union(*(asked_names(check.source) for check in self._checks_of(index)))
                wanted = asked - given
            yield index, wanted

    def _checks_of(self, index: int) -> Iterator[NotebookNode]:
        for cell in self._released[index + 1 :]:
            if is_answer(cell):
                return
            if is_fixed(cell) and cell.cell_type == "code":
                yield cell

    def _adopt_by_names(self, index: int) -> bool:
        """Fill an answer with the cells that bind its names; whether there are any."""
        low, high = self._between(index)
        parts = sorted(self._parts(index, range(low + 1, high)))
        if not parts:
            return False
        *others, last = parts
        self._say_where(index, parts)
        for part in others:
            if part not in self._copy_of and part not in self._places:
                self.before.setdefault(index, []).append(part)
                self._places[part] = index
        if self._places.get(last, index) < index:
            self.source_of.pop(index, None)
            self.refers[index] = self._places[last]
            return True
        self.source_of[index] = last
        self._places[last] = index
        if low < last < high:
            self.anchors.setdefault(last, index)
        return True

    def _say_where(self, index: int, parts: list[int]) -> None:
        name = grade_id(self._released[index])
        if any(part in self._copy_of for part in parts):
            self._repairs.add(Repair.OTHER_CELL, name, "Answer")
        elif index in self._copies.of:
            self._repairs.add(Repair.OWN_CELL, name, "Answer")
        else:
            self._repairs.add(Repair.FOUND_BY_DEFINITIONS, name, "Answer")
        kind = self._submitted[parts[-1]].cell_type
        if kind != "code":
            self._repairs.add(Repair.RETYPED, name, kind=kind, own="code")

    def _keep(self, index: int) -> None:
        """Leave what stands in an answer's place, unless it went to another; or say that it is missing."""
        number = self.source_of.get(index)
        if number is not None and self._places.setdefault(number, index) != index:
            del self.source_of[index]
        if index not in self.source_of:
            self._repairs.add(Repair.MISSING, grade_id(self._released[index]), "Answer")

    def _parts(self, index: int, between: range) -> list[int]:
        """The fewest cells that bind what an answer should bind, or as much of it as any do."""
        wanted, parts = self._wanted[index], []
        able = {number: names & wanted for number, names in self._binds.items() if names & wanted}
        if index in self._copies.of:  # its cell is there; what own words say of its names is no answer
            able = {number: able[number] for number in able if not self._is_own_text(number)}
        while able:
            claims = {number: self._claim(number, len(names), between) for number, names in able.items()}
            best = max(claims, key=lambda number: claims[number])
            parts.append(best)
            covered = able.pop(best)
            able = {number: rest for number, names in able.items() if (rest := names - covered)}
        return parts

    def _claim(self, number: int, names: int, between: range) -> tuple[int, ...]:
        """How well a cell would do as an answer: compared item by item, more is better."""
        code = self._submitted[number].cell_type == "code"
        own = number not in self._copy_of
        return code, names, number in between, own, number not in self._places, number

    def _adopt_by_places(self, indices: list[int]) -> None:
        """Fill answers with the student's own cells of their type between the released neighbours."""
        alike: dict[tuple[int, int, bool], list[int]] = {}
        for index in indices:
            code = self._released[index].cell_type == "code"
            alike.setdefault((*self._between(index), code), []).append(index)
        for (low, high, code), group in alike.items():
            found = [number for number in range(low + 1, high) if self._is_own(number, code)]
            if len(group) == 1 and group[0] in self.source_of:  # what stands below the blank cell comes first
                found.sort(key=lambda number: (number < self.source_of[group[0]], number))
            if len(group) == 1 or len(group) == len(found):
                pairs = dict(zip(group, found, strict=False))
            else:
                pairs = {}
            for index in group:
                self._fill_by_place(index, pairs.get(index), several=bool(found))

    def _fill_by_place(self, index: int, number: int | None, *, several: bool) -> None:
        lost = index not in self._copies.of
        if number is not None:
            self.source_of[index] = number
            self._places[number] = self.anchors[number] = index
            found = Repair.FOUND_BY_PLACE if lost else Repair.OWN_CELL
            self._repairs.add(found, grade_id(self._released[index]), "Answer")
        elif lost:
            how = Repair.AMBIGUOUS if several else Repair.MISSING
            self._repairs.add(how, grade_id(self._released[index]), "Answer")

    def _is_own(self, number: int, code: bool) -> bool:
        cell = self._submitted[number]
        free = number not in self._copy_of and number not in self._places
        return free and (cell.cell_type == "code") == code and bool(cell.source.strip())

    def _between(self, index: int) -> tuple[int, int]:
        """The submitted cells between which an answer stood: those of its nearest released neighbours."""
        stands = {place: number for number, place in self.anchors.items()}
        above = (stands[at] for at in range(index - 1, -1, -1) if at in stands)
        below = (stands[at] for at in range(index + 1, len(self._released)) if at in stands)
        return next(above, -1), next(below, len(self._submitted))

    def _is_own_text(self, number: int) -> bool:
        return number not in self._copy_of and self._submitted[number].cell_type != "code"

    def _may_be_code(self, number: int) -> bool:
        """Whether a cell in words may have been code: a retyped answer, or a cell of the student's."""
        index = self._copy_of.get(number)
        return index is None or (
            is_answer(self._released[index]) and self._released[index].cell_type == "code"
        )

    def _is_untouched(self, number: int) -> bool:
        """Whether a cell is a copy of a released one that says nothing new."""
        index = self._copy_of.get(number)
        if index is None:
            return False
        cell, original = self._submitted[number], self._released[index]
        if is_fixed(original):
            return set(cell.source.split("\n")) <= {*original.source.split("\n"), ""}
        return not is_edited(cell, original)
