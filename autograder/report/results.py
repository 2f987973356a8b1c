"""A class's results on one assignment: points from the gradebook, checks from the autograded notebooks."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder.batch.plan import all_students_of, known_assignment, stale
from autograder.course import Course
from autograder.errors import CourseError
from autograder.gradebook.late_penalties import LatePenalties
from autograder.gradebook.naming import Names
from autograder.gradebook.opening import open_gradebook
from autograder.gradebook.scores import Points, points_of, submissions, total
from autograder.grader_side.grader import RunStatus
from autograder.grading.tiers import INSIDE
from autograder.pages import Effort
from autograder.recorded.reading import read_record
from autograder.recorded.record import FAILED, Record, RecordedOutcome
from autograder.report.outline import read_outline
from autograder.submission import ReadingStatus
from autograder.under_way import counted


@dataclass(frozen=True)
class StudentResults:
    """One student's results.

    ``points`` holds by grade id what the gradebook gives, None where a person has yet to; ``score`` is their
    sum less the late ``penalty``, as nbgrader exports it. ``reasons`` says in words why a person should look,
    ``notes`` what was remarked; ``outcomes`` is the record of the checks by grade id.
    """

    student: str
    score: float
    penalty: float
    points: Mapping[str, float | None]
    seconds: float
    seconds_late: float
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    outcomes: Mapping[str, RecordedOutcome]

    @property
    def failed(self) -> bool:
        """Whether it could not be graded at all; it then counts in no rate."""
        return FAILED in self.reasons

    @property
    def waiting(self) -> list[str]:
        """The grade ids that have no points yet."""
        return [name for name, points in self.points.items() if points is None]


@dataclass(frozen=True)
class ClassResults:
    """All submissions to an assignment; what its cells are worth and its exercises are called, in order."""

    assignment: str
    title: str
    max_points: Mapping[str, float]  # by grade id
    titles: Mapping[str, str]  # by exercise
    labels: Mapping[str, str]  # by exercise, in short
    efforts: Mapping[str, Effort]  # by exercise: stars and minutes, as its heading says
    submissions: Sequence[StudentResults]
    ungraded: Sequence[str]  # who handed in something that is not graded yet

    @property
    def inside(self) -> dict[str, float]:
        """The cells that were graded inside students' own processes, and what they are worth."""
        names = {
            name
            for submission in self.submissions
            for name, outcome in submission.outcomes.items()
            if outcome.get("tier") == INSIDE
        }
        return {name: points for name, points in self.max_points.items() if name in names}

    @property
    def max_score(self) -> float:
        """What the assignment is worth."""
        return total(self.max_points.values())

    def anonymous(self) -> ClassResults:
        """The same without names, in an order that tells nothing; notes go, for they quote file names."""
        shuffled = random.SystemRandom().sample(list(self.submissions), len(self.submissions))
        renamed = [
            replace(submission, student=f"student {number}", notes=())
            for number, submission in enumerate(shuffled, 1)
        ]
        hidden = [f"student {len(renamed) + number}" for number, _ in enumerate(self.ungraded, 1)]
        return replace(self, submissions=renamed, ungraded=hidden)


def read_results(course: Course, assignment: str) -> ClassResults:
    """Read a class's results; CourseError when there is no such assignment, or nothing of it is graded."""
    with open_gradebook(course) as gradebook:
        known_assignment(course, gradebook, assignment)
        LatePenalties(course.config(), course.root).bring_up_to_date(gradebook, assignment)
        outline = read_outline(course, gradebook, assignment)
        found, points = submissions(gradebook, assignment), points_of(gradebook, assignment)
        records = {each.student_id: _records(course, assignment, each) for each in counted(found, "records")}
        told = {student: its.values() for student, its in records.items()}
        old = stale(course, gradebook, assignment, told)
        called = outline.called
        results = [
            _submission(each, points.get(each.student_id, {}), records[each.student_id], called, old)
            for each in found
        ]
    graded = {submission.student for submission in results}
    if not graded:
        raise CourseError(f"{assignment}: nothing is graded yet; run `course grade {assignment}`")
    return ClassResults(
        assignment=assignment,
        title=outline.title,
        max_points=outline.max_points,
        titles=outline.titles,
        labels=outline.labels,
        efforts=outline.efforts,
        submissions=results,
        ungraded=[name for name in all_students_of(course, assignment) if name not in graded],
    )


def _records(course: Course, assignment: str, graded: Any) -> dict[str, Record]:
    """What is recorded of a submission, by notebook."""
    folder = course.autograded / graded.student_id / assignment
    return {notebook.name: read_record(folder / f"{notebook.name}.ipynb") for notebook in graded.notebooks}


def _submission(
    graded: Any, given: Points, named: Mapping[str, Record], called: Names, old: Collection[str]
) -> StudentResults:
    records = list(named.values())
    penalty = total(float(notebook.late_submission_penalty or 0.0) for notebook in graded.notebooks)
    late = float(graded.total_seconds_late)
    reasons = [*_reasons(records, graded.student_id in old), *(["late"] if late > 0 else [])]
    return StudentResults(
        student=graded.student_id,
        score=total((max(0.0, total(value or 0.0 for value in given.values()) - penalty),)),
        penalty=penalty,
        points={called[cell]: value for cell, value in given.items()},
        seconds=sum(record.seconds for record in records),
        seconds_late=late,
        reasons=tuple(dict.fromkeys(reasons)),
        notes=tuple(note for record in records for note in (*record.repairs, *record.notes)),
        outcomes={
            called[notebook, name]: outcome
            for notebook, record in named.items()
            for name, outcome in record.outcomes.items()
            if (notebook, name) in called
        },
    )


def _reasons(records: Sequence[Record], is_stale: bool) -> Iterator[str]:
    """Why a person should look at a submission, the gravest first."""
    statuses = [record.status for record in records]
    if FAILED in statuses:
        yield FAILED
    if is_stale:
        yield "changed since it was graded"
    unread = any(record.intake in (ReadingStatus.MISSING, ReadingStatus.REFUSED) for record in records)
    if unread:
        yield "not readable"
    if RunStatus.OUT_OF_TIME in statuses:
        yield "timed out"
    elif RunStatus.REPLACED in statuses or any(record.notes for record in records):
        yield "suspicious"
    if not unread and any(record.repairs for record in records):
        yield "repaired"
    if all(record == Record() for record in records):
        yield "graded elsewhere"  # points without an autograded notebook of ours
