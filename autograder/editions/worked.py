"""`course solutions`: the worked solutions with why, beside the class's commonest slips, to hand out."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from autograder.course import Course
from autograder.gradebook.scores import exercise_of
from autograder.pages import heading, highlighted, render
from autograder.pages.markdown import markdown
from autograder.report.results import ClassResults, read_results
from autograder.report.show import written
from autograder.report.statistics import RAISES, UNNAMED, cause_rows, counted
from autograder.roles import words_of
from autograder.rules.hints import hint_texts
from autograder.sources.exercises import NUMBERED, sections
from autograder.sources.markers import without_markers
from autograder.sources.source import Source, SourceCell, read_source

SLIPS = 5  # the commonest of an answer
FEWEST = 2  # what only one of a class did is nobody else's business


@dataclass(frozen=True)
class Slip:
    """What went wrong for several: the cause, and what share of the class it was."""

    cause: str
    share: float


@dataclass(frozen=True)
class Worked:
    """One answer of an exercise: its code, or its text, why it is so, and the slips."""

    name: str
    code: Markup
    text: Markup
    why: tuple[Markup, ...]
    slips: tuple[Slip, ...]


def write_solutions(course: Course, assignment: str, into: Path) -> Path:
    """Write the page ``<assignment>-solutions.html`` into a directory; its path.

    The class's slips are there once something of it is graded; no student is named, and nothing that one
    wrote is shown. CourseError when there is no such assignment or no place to write.
    """
    source = read_source(course.source_of(assignment))
    results = _results(course, assignment)
    return written(into / f"{assignment}-solutions.html", page(source, results), "the solutions")


def page(source: Source, results: ClassResults | None) -> str:
    """The page as HTML that stands alone and runs nothing."""
    titles = (heading(item.cell.source, 1) for item in source.cells if item.cell.cell_type == "markdown")
    return render(
        "solutions.html",
        title=next((title for title in titles if title), source.path.stem),
        size=len(counted(results)) if results else 0,
        exercises=[found for section in sections(source) if (found := _exercise(source, section, results))],
    )


def _results(course: Course, assignment: str) -> ClassResults | None:
    """The class's results; None while nothing is graded."""
    if not any(course.autograded.glob(f"*/{assignment}")):
        return None
    return read_results(course, assignment)


def _exercise(
    source: Source, section: list[SourceCell], results: ClassResults | None
) -> tuple[str, list[Worked]] | None:
    title = (heading(section[0].cell.source, 2) if section else None) or ""
    answers = [item for item in section if item.role in ("answer", "written")]
    if not NUMBERED.fullmatch(title) or not answers:
        return None
    return title, [_worked(source, section, item, results) for item in answers]


def _worked(
    source: Source, section: list[SourceCell], item: SourceCell, results: ClassResults | None
) -> Worked:
    text = without_markers(item.cell.source)
    is_code = item.cell.cell_type == "code"
    return Worked(
        name=words_of(item.grade_id),
        code=highlighted(text) if is_code else Markup(),
        text=Markup() if is_code else markdown(text),
        why=tuple(markdown(said) for said in _why(source, section, item)),
        slips=tuple(_slips(item.grade_id, results)) if results else (),
    )


def _why(source: Source, section: list[SourceCell], item: SourceCell) -> list[str]:
    """What the author says of it (a ``why`` cell); else the hints above the answer, which lead to it."""
    if item.grade_id in source.reasons:
        return [source.reasons[item.grade_id]]
    above: list[str] = []
    for other in section:
        if other is item:
            break
        if other.role == "answer":
            above = []
        above += hint_texts(other)
    return above


def _slips(exercise: str, results: ClassResults) -> Iterator[Slip]:
    size = len(counted(results))
    rows = [
        row
        for row in cause_rows(results)
        if exercise_of(row.exercise) == exercise and len(row.students) >= FEWEST and row.cause != UNNAMED
    ]
    for row in [row for row in rows if all(map(_is_in_our_words, row.cause.split(" or ")))][:SLIPS]:
        yield Slip(row.cause, len(row.students) / size)


def _is_in_our_words(cause: str) -> bool:
    """Whether a cause has no name in it that students gave a class."""
    return not cause.startswith(RAISES) or hasattr(builtins, cause.removeprefix(RAISES))
