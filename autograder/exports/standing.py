"""How each student stands in an assignment: a final score, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any

from nbgrader.api import MissingEntry

from autograder.batch.plan import all_students_of, stale
from autograder.course import Course
from autograder.errors import CourseError
from autograder.gradebook.late_penalties import LatePenalties
from autograder.gradebook.naming import Names, cell_names
from autograder.gradebook.scores import exercise_of, is_given_by_hand, total
from autograder.recorded.reading import read_head
from autograder.recorded.record import Record

EXERCISES_NAMED = 4


class GradingStatus(StrEnum):
    """Whether there is a final score; only GRADED has one."""

    GRADED = "graded"
    WAITING = "waits for a person"
    FAILED = "could not be graded"
    STALE = "to be graded again: the submission or the assignment has changed"
    UNGRADED = "handed in, not graded yet"
    NOTHING = "no submission"


@dataclass(frozen=True)
class Person:
    """Who it is, as the gradebook knows; empty where it does not."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""

    @property
    def sortable_name(self) -> str:
        """``Last, First``; the id when there is no name."""
        return ", ".join(part for part in (self.last_name, self.first_name) if part) or self.id


@dataclass(frozen=True)
class Standing:
    """One student in one assignment; an exercise without a settled score is None."""

    student: Person
    assignment: str
    max_score: float
    status: GradingStatus
    points: float = 0.0  # what is settled so far, before any penalty
    penalty: float = 0.0
    timestamp: datetime | None = None
    exercises: Mapping[str, float | None] = field(default_factory=dict)
    unsettled: tuple[str, ...] = ()

    @property
    def score(self) -> float | None:
        """The final score, less the late penalty; None while there is none."""
        return total((max(0.0, self.points - self.penalty),)) if self.status is GradingStatus.GRADED else None

    @property
    def mark(self) -> str:
        """Why there is no final score, in words; empty when there is one."""
        if self.status is GradingStatus.GRADED:
            return ""
        if self.status not in (GradingStatus.WAITING, GradingStatus.FAILED):
            return str(self.status)
        named = ", ".join(self.unsettled[:EXERCISES_NAMED])
        more = len(self.unsettled) - EXERCISES_NAMED
        return f"{self.status}: {named}{f' and {more} more' if more > 0 else ''}"


def standings(
    course: Course, gradebook: Any, assignments: Sequence[str], students: Sequence[str]
) -> dict[str, list[Standing]]:
    """By assignment, every student's standing, in the order of their ids.

    Without ``assignments``, those to which somebody handed something in. A student is anybody in the
    gradebook or with a folder of submissions. CourseError for a name that is not known.
    """
    built = {assignment.name: assignment for assignment in gradebook.assignments}
    _known("assignment", assignments, list(built))
    handed_in = {name: set(all_students_of(course, name)) for name in built}
    penalties = LatePenalties(course.config(), course.root)
    for name in assignments or built:
        penalties.bring_up_to_date(gradebook, name)
    graded = {name: _submissions(gradebook, name) for name in built}
    chosen = list(assignments) or [name for name in built if handed_in[name] or graded[name]]
    if not chosen:
        raise CourseError("nothing was handed in yet: there are no grades to export")
    people = {student.id: _person(student) for student in gradebook.students}
    people |= {name: Person(name) for who in handed_in.values() for name in who if name not in people}
    _known("student", students, list(people))
    old = {name: stale(course, gradebook, name, _records(course, name, graded[name])) for name in chosen}
    called = {name: cell_names(built[name], course.assignments / name) for name in chosen}
    wanted = [people[name] for name in sorted(people) if not students or name in students]
    return {
        name: [
            _standing(
                built[name],
                who,
                graded[name].get(who.id),
                handed_in=who.id in handed_in[name],
                is_stale=who.id in old[name],
                called=called[name],
            )
            for who in wanted
        ]
        for name in sorted(chosen)
    }


def _known(kind: str, asked: Sequence[str], known: Sequence[str]) -> None:
    for name in asked:
        if name not in known:
            there = ", ".join([*sorted(known)[:10], *["..."][: len(known) > 10]]) or "none"
            raise CourseError(f"no {kind} {name!r} in the gradebook; there is: {there}")


def _submissions(gradebook: Any, assignment: str) -> dict[str, Any]:
    try:
        return {found.student.id: found for found in gradebook.assignment_submissions(assignment)}
    except MissingEntry:
        return {}


def _records(course: Course, assignment: str, graded: Mapping[str, Any]) -> dict[str, list[Record]]:
    """What is recorded of which submission each grade is of, by student."""
    return {
        student: [
            read_head(course.autograded / student / assignment / f"{notebook.name}.ipynb")
            for notebook in submission.notebooks
        ]
        for student, submission in graded.items()
    }


def _person(student: Any) -> Person:
    return Person(student.id, student.first_name or "", student.last_name or "", student.email or "")


def _standing(
    assignment: Any,
    student: Person,
    submission: Any | None,
    *,
    handed_in: bool,
    is_stale: bool,
    called: Names,
) -> Standing:
    whole = total((float(assignment.max_score),))
    if submission is None:
        status = GradingStatus.UNGRADED if handed_in else GradingStatus.NOTHING
        return Standing(student, assignment.name, whole, status)
    grades = sorted(
        (grade for notebook in submission.notebooks for grade in notebook.grades), key=attrgetter("name")
    )
    belongs = {grade: exercise_of(called[grade.notebook.name, grade.name]) for grade in grades}
    exercises: dict[str, float | None] = {}
    for grade, name in belongs.items():
        points = _points(grade)
        before = exercises.get(name, 0.0)
        exercises[name] = None if points is None or before is None else total((before, points))
    open_grades = [grade for grade in grades if _points(grade) is None or grade.needs_manual_grade]
    return Standing(
        student,
        assignment.name,
        whole,
        GradingStatus.STALE if is_stale else _status(open_grades),
        points=total(_points(grade) or 0.0 for grade in grades),
        penalty=total((float(submission.late_submission_penalty or 0.0),)),
        timestamp=submission.timestamp,
        exercises=exercises,
        unsettled=tuple(dict.fromkeys(belongs[grade] for grade in open_grades)),
    )


def _status(open_grades: Sequence[Any]) -> GradingStatus:
    # Only what the grader could not run leaves a cell that it checks without any score.
    if any(_points(grade) is None and not is_given_by_hand(grade) for grade in open_grades):
        return GradingStatus.FAILED
    return GradingStatus.WAITING if open_grades else GradingStatus.GRADED


def _points(grade: Any) -> float | None:
    """A person's score counts before the grader's, as in nbgrader; None while there is neither."""
    settled = grade.auto_score if grade.manual_score is None else grade.manual_score
    return None if settled is None else float(settled) + float(grade.extra_credit or 0.0)
