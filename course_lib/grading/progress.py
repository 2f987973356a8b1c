"""How far a student is: what the visible checks of the graded cells said when they last ran."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass

from course_lib.grading.checks import Outcome, Status, latest_outcomes

#: The columns, in this order, and the colour of each one's counts in a notebook.
COLUMNS = {Status.PASSED: "46,158,68", Status.FAILED: "214,69,69", Status.NOT_WRITTEN: "128,128,128"}
NOTHING_YET = "No graded cell has run yet: run the notebook's cells from the top, then this one again."
WHAT_IT_COUNTS = (
    "Counted are the checks that you can see, in the graded cells that have run since the kernel started. "
    "Grading runs more."
)


@dataclass(frozen=True)
class Progress:
    """The latest outcome of every visible check, by exercise; ``str`` and a notebook show it as a table."""

    exercises: dict[str, tuple[Outcome, ...]]

    def count(self, status: Status, exercise: str | None = None) -> int:
        """How many checks ended like this, in one exercise or, with None, in all."""
        chosen = self.exercises.values() if exercise is None else [self.exercises[exercise]]
        return sum(outcome.status is status for outcomes in chosen for outcome in outcomes)

    @property
    def headline(self) -> str:
        """The totals, in words."""
        total = sum(len(outcomes) for outcomes in self.exercises.values())
        noun = "check" if total == 1 else "checks"
        counts = ", ".join(f"{self.count(status)} {status}" for status in COLUMNS)
        return f"{total} {noun}: {counts}" if total else NOTHING_YET

    def failures(self) -> Iterator[tuple[str, str]]:
        """Each failed check, as ``1.3 its name``, with the first line of what it said."""
        for exercise, outcomes in self.exercises.items():
            for outcome in outcomes:
                if outcome.status is Status.FAILED:
                    yield f"{exercise} {outcome.name}", outcome.message.partition("\n")[0]

    def __str__(self) -> str:
        if not self.exercises:
            return NOTHING_YET
        rows = [("exercise", *COLUMNS)]
        rows += [(name, *(str(self.count(s, name)) for s in COLUMNS)) for name in self.exercises]
        table = [
            "  ".join(f"{text:>{len(head)}}" for text, head in zip(r, rows[0], strict=True)) for r in rows
        ]
        said = [line for check, message in self.failures() for line in (f"✗ {check}", f"    {message}")]
        return "\n".join([*table, *said, self.headline, WHAT_IT_COUNTS])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        if not self.exercises:
            return f"<p>{html.escape(NOTHING_YET)}</p>"
        head = "".join(f'<th scope="col">{name}</th>' for name in ("exercise", *COLUMNS))
        body = "".join(self._html_row(name) for name in self.exercises)
        said = "".join(
            f"<li><b>{html.escape(check)}</b><br>{html.escape(message)}</li>"
            for check, message in self.failures()
        )
        return (
            f"<table><caption>{html.escape(self.headline)}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody></table>{f'<ul>{said}</ul>' if said else ''}"
            f'<p style="opacity:.75">{html.escape(WHAT_IT_COUNTS)}</p>'
        )

    def _html_row(self, exercise: str) -> str:
        cells = []
        for status, colour in COLUMNS.items():
            count = self.count(status, exercise)
            # Translucent, so that the number keeps the theme's own colour, light or dark.
            background = f' style="background:rgba({colour},.25)"' if count else ""
            cells.append(f"<td{background}>{count or ''}</td>")
        return f'<tr><th scope="row">{html.escape(exercise)}</th>{"".join(cells)}</tr>'


def progress() -> Progress:
    """Return what the visible checks of this notebook's graded cells said when each last ran.

    As the last expression of any cell, or printed, it is a table: how many checks passed, failed or found
    nothing written yet, exercise by exercise, and what the failed ones said. Nothing is run again.
    """
    exercises: dict[str, tuple[Outcome, ...]] = {}
    for exercise, outcome in latest_outcomes():
        exercises[exercise] = (*exercises.get(exercise, ()), outcome)
    return Progress(exercises)
