"""What a class's results come to: per exercise, per check, and per cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.gradebook.scores import exercise_of, total
from autograder.pages import is_cause, report_lines
from autograder.report.results import ClassResults, StudentResults
from course_lib.grading import Status

#: A value that is wrong, for which nobody named a cause.
UNNAMED = "wrong value, cause not known"
RAISES = "raises "  # before the name of a class, which a student may have made
NOT_WRITTEN = "NotImplementedError"  # what the note on a plain cell begins with where a stub was left


@dataclass(frozen=True)
class ExerciseRow:
    """One exercise: of the ``graded`` submissions, how many have it whole, in part and not at all.

    ``unwritten`` of them did not begin; ``mean`` is the mean of the points given. ``stars`` and ``minutes``
    are what the exercise's heading says, 0 where it says nothing.
    """

    exercise: str
    title: str
    label: str
    max_points: float
    graded: int
    whole: int
    nothing: int
    unwritten: int
    mean: float
    stars: int = 0
    minutes: int = 0

    @property
    def part(self) -> int:
        """How many have some of the points."""
        return self.graded - self.whole - self.nothing


@dataclass(frozen=True)
class CheckRow:
    """One check of a graded cell: how many passed it, failed it, or had not begun."""

    exercise: str
    cell: str
    check: str
    points: float
    passed: int
    failed: int
    unwritten: int

    @property
    def rate(self) -> float:
        """The share that passed."""
        return self.passed / max(self.passed + self.failed + self.unwritten, 1)


@dataclass(frozen=True)
class CauseRow:
    """One thing that went wrong in one exercise, for whom, and what the checker told one of them."""

    exercise: str
    title: str
    cause: str
    students: tuple[str, ...]
    example: str


@dataclass(frozen=True)
class LineRow:
    """A line of code that is the first wrong one in an exercise, for whom, and the change that mended it.

    `repair` is the commonest of the changes that were found, "" where none was.
    """

    exercise: str
    title: str
    function: str
    source: str
    students: tuple[str, ...]
    repair: str = ""


def counted(results: ClassResults) -> list[StudentResults]:
    """The submissions that count in rates: all that could be graded."""
    return [submission for submission in results.submissions if not submission.failed]


def exercise_rows(results: ClassResults) -> list[ExerciseRow]:
    """One row per exercise, in the notebook's order."""
    return [_exercise_row(results, exercise) for exercise in results.titles]


def _exercise_row(results: ClassResults, exercise: str) -> ExerciseRow:
    cells = [name for name in results.max_points if exercise_of(name) == exercise]
    most = total(results.max_points[name] for name in cells)
    given = []
    unwritten = 0
    for submission in counted(results):
        points = [submission.points.get(name) for name in cells]
        if None not in points:  # a written answer that nobody has read yet is in no rate
            given.append(total(value or 0.0 for value in points))
            unwritten += _not_begun(submission, cells)
    return ExerciseRow(
        exercise=exercise,
        title=results.titles[exercise],
        label=results.labels[exercise],
        max_points=most,
        graded=len(given),
        whole=sum(value >= most - 1e-9 for value in given),
        nothing=sum(value <= 1e-9 < most for value in given),
        unwritten=unwritten,
        mean=sum(given) / len(given) if given else 0.0,
        stars=results.efforts[exercise].stars,
        minutes=results.efforts[exercise].minutes,
    )


def _not_begun(submission: StudentResults, cells: Sequence[str]) -> bool:
    statuses = [
        check["status"] for name in cells for check in submission.outcomes.get(name, {}).get("checks", ())
    ]
    notes = [submission.outcomes.get(name, {}).get("note", "") for name in cells]
    if not statuses:  # cells of plain asserts, which have no checks of a name
        return any(notes) and all(note.startswith(NOT_WRITTEN) for note in notes)
    return all(status == Status.NOT_WRITTEN for status in statuses)


def check_rows(results: ClassResults) -> list[CheckRow]:
    """One row per check, in the notebook's order."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    worth: dict[tuple[str, str], float] = {}
    for submission in counted(results):
        for name in results.max_points:
            for check in submission.outcomes.get(name, {}).get("checks", ()):
                key = (name, check["name"])
                counts.setdefault(key, Counter())[check["status"]] += 1
                worth[key] = check["max_points"]
    order = {name: number for number, name in enumerate(results.max_points)}
    return [
        CheckRow(
            exercise=exercise_of(cell),
            cell=cell,
            check=check,
            points=worth[cell, check],
            passed=counts[cell, check][Status.PASSED],
            failed=counts[cell, check][Status.FAILED],
            unwritten=counts[cell, check][Status.NOT_WRITTEN],
        )
        for cell, check in sorted(counts, key=lambda key: order[key[0]])  # stable: checks stay in their order
    ]


def cause_rows(results: ClassResults) -> list[CauseRow]:
    """What went wrong: named causes first, most frequent first.

    Causes that fit the same students of an exercise are one row.
    """
    students: dict[tuple[str, str], list[str]] = {}
    examples: dict[tuple[str, str], str] = {}
    for submission in counted(results):
        for exercise, cause, example in dict.fromkeys(_causes(submission)):
            names = students.setdefault((exercise, cause), [])
            names += [submission.student] * (submission.student not in names)
            examples.setdefault((exercise, cause), example)
    merged: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (exercise, cause), names in students.items():
        merged.setdefault((exercise, tuple(names)), []).append(cause)
    rows = [
        CauseRow(
            exercise, results.titles[exercise], " or ".join(causes), names, examples[exercise, causes[0]]
        )
        for (exercise, names), causes in merged.items()
    ]
    return sorted(rows, key=lambda row: (row.cause == UNNAMED, -len(row.students)))


def line_rows(results: ClassResults) -> list[LineRow]:
    """The first wrong lines that gradient checks named, most frequent first; spaces make no difference."""
    students: dict[tuple[str, str, str], list[str]] = {}
    shown: dict[tuple[str, str, str], str] = {}
    repairs: dict[tuple[str, str, str], Counter[str]] = {}
    for submission in counted(results):
        for exercise, function, source, repair in dict.fromkeys(_lines(submission)):
            key = (exercise, function, "".join(source.split()))
            names = students.setdefault(key, [])
            names += [submission.student] * (submission.student not in names)
            shown.setdefault(key, source)
            repairs.setdefault(key, Counter()).update([repair] * bool(repair))
    rows = [
        LineRow(
            exercise,
            results.titles[exercise],
            function,
            shown[exercise, function, text],
            tuple(names),
            next((repair for repair, _ in repairs[exercise, function, text].most_common(1)), ""),
        )
        for (exercise, function, text), names in students.items()
    ]
    return sorted(rows, key=lambda row: -len(row.students))


def _lines(submission: StudentResults) -> Iterator[tuple[str, str, str, str]]:
    """Exercise, function and source of each first wrong line, and what mends it; records of old have none."""
    for name, outcome in submission.outcomes.items():
        for check in outcome["checks"]:
            function, _, source = str(check.get("line", "")).partition(": ")
            if source:
                yield exercise_of(name), function, source, str(check.get("repair", ""))


def _causes(submission: StudentResults) -> Iterator[tuple[str, str, str]]:
    """Exercise, cause and message; an unnamed cause only where the exercise has no named one."""
    failing: dict[str, list[tuple[str, str]]] = {}
    for name, outcome in submission.outcomes.items():
        for check in outcome["checks"]:
            if check["status"] == Status.FAILED:
                message = _in_short(str(check.get("message", "")))
                found = failing.setdefault(exercise_of(name), [])
                found += [(cause, message) for cause in check["causes"] or [UNNAMED]]
        note = str(outcome.get("note", ""))
        if note and not outcome["checks"] and not note.startswith(NOT_WRITTEN):
            kind = note.partition(":")[0]
            cause = UNNAMED if kind == "AssertionError" else f"{RAISES}{kind}"
            failing.setdefault(exercise_of(name), []).append((cause, _in_short(note.rstrip(": "))))
    for exercise, found in failing.items():
        named = [item for item in found if item[0] != UNNAMED]
        yield from ((exercise, cause, message) for cause, message in named or found)


def _in_short(message: str) -> str:
    """The headline of a report, and the first cause it names."""
    lines = report_lines(message)
    return "; ".join([*lines[:1], *[line.strip() for line in lines if is_cause(line)][:1]])
