"""Where each graded cell of a solution is graded, apart or inside, while it is found out by grading it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from autograder.grader_side.cells import bound_by, read_by
from autograder.grader_side.scoring import Tier
from autograder.roles import grade_id

ENDLESS = re.compile(r"TimeLimit: |StudentDied: the student's code took too long")  # in one call
NOT_A_SCORE = "NoScore: the cell's value should be"
FOR_ANOTHER = ", which is graded inside, reads what it binds"

Cells = dict[str, dict[str, Any]]
Outcomes = Mapping[str, Mapping[str, Any]]


class Places:
    """The facts of each graded cell, apart at first, and ``because`` of what some were put inside.

    ``known`` are facts that need no run, ``graded`` the cells, from top to bottom, ``asked`` the names that
    each may take from the student.
    """

    def __init__(self, known: Cells, graded: list[Any], asked: Mapping[str, list[str]]) -> None:
        self.facts: Cells = {cell: {"tier": str(Tier.APART), **facts} for cell, facts in known.items()}
        self.because: dict[str, str] = {}
        self._sources: dict[str, str] = {grade_id(cell): cell.source for cell in graded}
        self._asked = dict(asked)
        self._apart: dict[str, float] = {}  # the points it earned there

    def put_inside(self, short: Collection[str], outcomes: Outcomes) -> bool:
        """Change how cells are graded that did not earn their points; whether anything was to change."""
        self._apart |= {cell: float(outcomes[cell]["points"]) for cell in short if self._is_apart(cell)}
        changed = [cell for cell in short if self._changed(cell, outcomes[cell])]
        return bool(changed)

    def put_back(self, short: Collection[str], outcomes: Outcomes) -> list[str]:
        """Grade apart again what was put inside for itself and earns no more there; the cells.

        What was put inside for them is put back, too: others may read what they bind.
        """
        back = [cell for cell in short if self._is_no_better(cell, outcomes[cell])]
        for cell, why in list(self.because.items()):
            if cell in back or why in [f"{other}{FOR_ANOTHER}" for other in back]:
                self.facts[cell]["tier"] = str(Tier.APART)
                del self.because[cell]
        return back

    def _is_no_better(self, cell: str, outcome: Mapping[str, Any]) -> bool:
        if self._is_apart(cell) or self.because[cell].endswith(FOR_ANOTHER):
            return False
        if self._may_show(cell, outcome) or any(map(self._is_apart, self._above(cell))):
            return False  # which it may need there
        return self._apart[cell] >= float(outcome["points"]) - 1e-9

    def _may_show(self, cell: str, outcome: Mapping[str, Any]) -> bool:
        return str(outcome["note"]).startswith(NOT_A_SCORE) and "shows" not in self.facts[cell]

    def _changed(self, cell: str, outcome: Mapping[str, Any]) -> bool:
        note, facts = str(outcome["note"]), self.facts[cell]
        if self._may_show(cell, outcome):
            facts["shows"] = True
            return True
        if self._is_apart(cell) and (may_take := self._asked.pop(cell, [])):
            facts["takes"] = sorted({*facts.get("takes", ()), *may_take})
            return True
        if ENDLESS.match(note):  # which takes as long inside
            return False
        if self._is_apart(cell):
            said = self._gone_inside(cell, note) or note
            said = said or next(filter(None, map(_said, outcome["checks"])), "its checks do not pass")
            self._set_inside(cell, said)
            return True
        earlier = [other for other in self._above(cell) if self._is_apart(other)]
        for other in earlier:
            self._set_inside(other, f"{cell}{FOR_ANOTHER}")
        return bool(earlier)

    def _gone_inside(self, cell: str, note: str) -> str:
        """That it reads what a graded cell above binds which is inside itself; "" where it does not."""
        missing = re.match(r"NameError: name '(\w+)' is not defined", note)
        for other in self._above(cell) if missing else ():
            if missing and not self._is_apart(other) and missing[1] in bound_by(self._sources[other]):
                return f"it reads {missing[1]}, which {other} binds, and that is graded inside"
        return ""

    def _is_apart(self, cell: str) -> bool:
        return bool(self.facts[cell]["tier"] == Tier.APART)

    def _set_inside(self, cell: str, because: str) -> None:
        self.facts[cell]["tier"] = str(Tier.INSIDE)
        self.because[cell] = because

    def _above(self, cell: str) -> Iterator[str]:
        """The graded cells above one that bind names which it reads."""
        for name, source in self._sources.items():
            if name == cell:
                return
            if bound_by(source) & read_by(self._sources[cell]):
                yield name


def _said(check: Mapping[str, Any]) -> str:
    return " ".join(str(check["message"]).split("\n", 1)[0].split())
