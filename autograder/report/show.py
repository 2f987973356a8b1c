"""`course report`: one page that stands alone, or the same as JSON."""

from __future__ import annotations

import json
import statistics
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.errors import CourseError
from autograder.gradebook.scores import total
from autograder.pages import render
from autograder.report.charts import exercise_chart, score_chart, time_chart
from autograder.report.results import ClassResults, read_results
from autograder.report.statistics import cause_rows, check_rows, counted, exercise_rows, line_rows
from autograder.whole import write_whole

FOLDER = "reports"


def write_report(course: Course, assignment: str, to: Path | None, *, as_json: bool, anonymous: bool) -> str:
    """Write the report of an assignment; return what to tell the user: where it is, or the JSON itself.

    The page goes to ``to``, by default ``reports/<assignment>.html`` in the course; JSON goes there only when
    ``to`` is given. CourseError when there is nothing to report on, or no place for it.
    """
    results = read_results(course, assignment)
    if anonymous:
        results = results.anonymous()
    text = json.dumps(as_data(results), indent=1, ensure_ascii=False) if as_json else page(results)
    if as_json and to is None:
        return text
    return f"wrote {written(to or course.root / FOLDER / f'{assignment}.html', text, 'the report')}"


def written(path: Path, text: str, what: str) -> Path:
    """Write a page, with the directories above it; CourseError, which says ``what`` it is, if that fails."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text + "\n")
    except OSError as error:
        raise CourseError(f"{what} cannot be written to {path}: {error.strerror or error}") from error
    return path


def page(results: ClassResults) -> str:
    """The report as HTML."""
    graded = counted(results)
    exercises = exercise_rows(results)
    seconds = [one.seconds for one in graded if one.seconds]  # of what was graded elsewhere nobody knows them
    return render(
        "report.html",
        script="sort.js",
        results=results,
        graded=graded,
        summary=summary(results),
        exercises=exercises,
        checks=check_rows(results),
        causes=cause_rows(results),
        lines=line_rows(results),
        look=[submission for submission in results.submissions if submission.reasons],
        charts={
            "Points": score_chart([one.score for one in graded], results.max_score),
            "Exercises": exercise_chart(exercises, len(graded)),
            **({"Time": time_chart(seconds)} if seconds else {}),
        }
        if graded
        else {},
    )


def summary(results: ClassResults) -> dict[str, Any]:
    """The class in a few numbers; mean and median are None when nothing could be graded."""
    scores = [submission.score for submission in counted(results)]
    return {
        "submissions": len(results.submissions),
        "graded": len(scores),
        "max_score": results.max_score,
        "mean": statistics.fmean(scores) if scores else None,
        "median": statistics.median(scores) if scores else None,
        "waiting": sum(bool(submission.waiting) for submission in counted(results)),
        "ungraded": list(results.ungraded),
        "points_inside": total(results.inside.values()),
    }


def as_data(results: ClassResults) -> dict[str, Any]:
    """The report for programs: everything that the page shows, without the records behind it."""
    kept = ("student", "score", "penalty", "points", "seconds", "seconds_late", "reasons", "notes")
    return {
        "assignment": results.assignment,
        "title": results.title,
        "summary": summary(results),
        "exercises": [{**asdict(row), "part": row.part} for row in exercise_rows(results)],
        "checks": [asdict(row) for row in check_rows(results)],
        "causes": [asdict(row) for row in cause_rows(results)],
        "lines": [asdict(row) for row in line_rows(results)],
        "submissions": [{name: getattr(one, name) for name in kept} for one in results.submissions],
    }
