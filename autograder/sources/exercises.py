"""The exercises of a source: what each trains, how hard it is, and what copying earns there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import CourseError
from autograder.gradebook.scores import exercise_of
from autograder.pages.words import effort, exact, heading, percent
from autograder.whole import write_whole

if TYPE_CHECKING:
    from autograder.sources.source import Source, SourceCell

BEGIN, END = "<!-- exercises -->", "<!-- end of exercises -->"
NUMBERED = re.compile(r"(\d+(?:\.\d+)*)\s+(.*)")
ROW = re.compile(r"^\|\s*(\d+(?:\.\d+)*)\s*\|\s*(.*?)\s*\|", re.MULTILINE)


@dataclass(frozen=True)
class Exercise:
    """One exercise, from its ``## `` heading to the next; ``trains`` is its line in the notebook's overview.

    ``automatic`` is what graded cells are worth, ``given`` the part of it that types a printed formula,
    ``unmarked`` the part whose answers do not say whether it does.
    """

    line: int
    number: str
    title: str
    points: float
    promised: float  # by the heading; 0 if it says nothing
    stars: int
    minutes: int
    trains: str
    text: str
    automatic: float
    given: float
    unmarked: float
    formula: str


def exercises(source: Source) -> list[Exercise]:
    """The numbered sections of a source that are worth points, in order."""
    trains = dict(row for item in source.cells[:1] for row in ROW.findall(item.cell.source))
    return [found for section in sections(source) if (found := _exercise(section, trains)) is not None]


def transcription(found: Sequence[Exercise]) -> str:
    """How much of the automatic points is typing what is printed, in a line."""
    automatic = sum(exercise.automatic for exercise in found)
    if not automatic:
        return "no exercise with automatic points has a heading with its number"
    given, unmarked = (sum(getattr(one, name) for one in found) for name in ("given", "unmarked"))
    said = f"{exact(given)} of {exact(automatic)} automatic points type a printed formula"
    said += f" ({percent(given / automatic)})"
    return said + (f"; answers worth {exact(unmarked)} do not say (formula=)" if unmarked else "")


def table(found: Sequence[Exercise]) -> str:
    """The exercises as a Markdown table, for instructors."""
    rows = ["| exercise | what it trains | points | stars | minutes | formula |", "|---|---|---|---|---|---|"]
    rows += [
        f"| {one.number} {one.title} | {one.trains} | {exact(one.points)} | {'★' * one.stars} "
        f"| {one.minutes or ''} | {one.formula} |"
        for one in found
    ]
    return "\n".join(rows)


def put_into(page: Path, text: str) -> None:
    """Replace what stands between a page's two comments; CourseError when they are not there once each."""
    parts = page.read_text(encoding="utf-8").split(BEGIN)
    rest = parts[1].split(END) if len(parts) == 2 else []
    if len(rest) != 2:
        raise CourseError(f"{page} must have the comments {BEGIN} and {END}, once each and in this order")
    write_whole(page, f"{parts[0]}{BEGIN}\n\n{text}\n\n{END}{rest[1]}")


def sections(source: Source) -> Iterator[list[SourceCell]]:
    """The cells from each ``## `` heading to the next; the first are those before any."""
    section: list[SourceCell] = []
    for item in source.cells:
        if item.cell.cell_type == "markdown" and heading(item.cell.source, 2) is not None:
            yield section
            section = []
        section.append(item)
    yield section


def _exercise(section: list[SourceCell], trains: dict[str, str]) -> Exercise | None:
    title = NUMBERED.fullmatch(heading(section[0].cell.source, 2) or "") if section else None
    worth = sum(item.points for item in section)
    if title is None or not worth:
        return None
    said = effort(section[0].cell.source)
    graded = [item for item in section if item.role == "graded"]
    shares = [_share(item, section) for item in graded]
    return Exercise(
        line=section[0].line,
        number=title[1],
        title=title[2],
        points=worth,
        promised=said.points,
        stars=said.stars,
        minutes=said.minutes,
        trains=trains.get(title[1], ""),
        text="\n\n".join(item.cell.source for item in section if item.cell.cell_type == "markdown"),
        automatic=sum(item.points for item in graded),
        given=sum(given for given, _ in shares),
        unmarked=sum(unmarked for _, unmarked in shares),
        formula=_formula(section),
    )


def _share(graded: SourceCell, section: list[SourceCell]) -> tuple[float, float]:
    """Of a graded cell's points, those for a formula that is given, and those whose answer does not say.

    A cell that looks at several answers of its exercise counts by the share of them.
    """
    answers = [item for item in section if item.role == "answer"]
    if graded.formula:  # said on the cell itself: its answer stands elsewhere
        return graded.points * (graded.formula == "given"), 0.0
    own = [item for item in answers if item.grade_id == exercise_of(graded.grade_id)]
    looked_at = own or answers
    if not looked_at:
        return 0.0, 0.0  # nothing is typed there: it looks at answers of other exercises
    part = graded.points / len(looked_at)
    return (
        part * sum(item.formula == "given" for item in looked_at),
        part * sum(not item.formula for item in looked_at),
    )


def _formula(section: list[SourceCell]) -> str:
    """In words: given, withheld, or given for some answers by name; empty where there is no code to write."""
    answers = {
        item.grade_id.partition("_")[2]: item.formula
        for item in section
        if item.role == "answer" or item.formula
    }
    kinds = sorted({kind for kind in answers.values() if kind})
    if kinds != ["given", "withheld"]:
        return kinds[0] if kinds else ""
    return "given: " + ", ".join(f"`{name}`" for name, kind in answers.items() if kind == "given")
