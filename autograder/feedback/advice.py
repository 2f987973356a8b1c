"""What to look at first: where the most points can be had, and what went wrong in several places."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from autograder.feedback.model import Section
from course_lib.gradcheck.text import plural, printable

FIRST = 3


@dataclass(frozen=True)
class Advice:
    """One exercise worth going back to, and what its checks say about it."""

    exercise: Section
    to_gain: float
    says: str
    cause: str = ""


def advice(exercises: Sequence[Section]) -> list[Advice]:
    """The exercises that were tried and lost most, at most FIRST of them; those not begun are no advice."""
    tried = [item for item in exercises if _lost(item) > 0 and any(_failed(item))]
    tried.sort(key=_lost, reverse=True)  # stable: of two that lost the same, the earlier one comes first
    return [Advice(item, _lost(item), _says(item), _cause(item)) for item in tried[:FIRST]]


def shared_causes(exercises: Sequence[Section]) -> list[tuple[str, list[Section]]]:
    """The causes that were found in several exercises, with these: one thing to learn, points in each."""
    where: dict[str, list[Section]] = {}
    for exercise in exercises:
        for cause in dict.fromkeys(check.causes for check in exercise.checks if check.causes):
            where.setdefault(cause, []).append(exercise)
    return [(cause, found) for cause, found in where.items() if len(found) > 1]


def state(exercise: Section) -> str:
    """How an exercise stands, in a few words."""
    checks = exercise.checks
    lost = sum(not check.passed for check in checks)
    if exercise.waiting:
        return "waits for a person"
    if exercise.points >= exercise.max_points:
        return "all right"
    if not checks:
        return "" if exercise.points else "no points"
    if not any(check.attempted for check in checks):
        return "not written yet"
    if not lost:
        return "points were changed by a person"
    return f"{lost} of {plural(len(checks), 'check')} not passed"


def _failed(exercise: Section) -> Iterator[str]:
    """The names of the checks that failed on an answer that is there."""
    yield from (check.name for check in exercise.checks if check.attempted and not check.passed)


def _lost(exercise: Section) -> float:
    return exercise.max_points - exercise.points - exercise.waiting


def _says(exercise: Section) -> str:
    """The first line of the first report that names a cause, or else of the first report.

    Of an error, the line that it was raised in belongs to it; where a name is missing since the answer's own
    cell ended in an error, it is that error.
    """
    wrong = [check for check in exercise.checks if check.report]
    wrong.sort(key=lambda check: not check.causes)
    if not wrong:
        return ""
    first, second = [*wrong[0].report, ""][:2]
    answers = [piece for piece in exercise.pieces if piece.kind == "answer"]
    errors = [output.text for piece in answers for output in piece.outputs if output.kind == "error"]
    if first.startswith("NameError: ") and errors:
        *shown, last = errors[0].strip().split("\n")
        marked = [line.strip() for line, mark in pairwise(shown) if re.fullmatch(r" *[~^]+ *", mark)]
        where = f", in `{printable(marked[-1], 80)}`" if marked else ""
        return f"your answer ended with {printable(last, 160)}{where}"
    return f"{first}, {second.strip()}" if second.strip().startswith("in `") else first


def _cause(exercise: Section) -> str:
    """The cause that most of the exercise's checks name, with how many do."""
    counts = Counter(check.causes for check in exercise.checks if check.causes)
    if not counts:
        return ""
    cause, count = counts.most_common(1)[0]
    return f"{cause} (named by {plural(count, 'check')})"
