"""A class report and a feedback page, made by grading the demo's class."""

from __future__ import annotations

import contextlib
import io
import tempfile
from pathlib import Path

from autograder.course import Course
from autograder.errors import CourseError
from autograder.rehearsal.demo import run
from autograder.report import write_report

STUDENTS = 12
PAGE = """# Samples

The demo's class of {students}: its members are made of the known right and wrong answers, and graded as
yours would be.

* <a href="samples/report.html">The class at a glance</a>: scores, and what went wrong for whom.
* <a href="samples/feedback.html">What one student gets back</a>: points, causes, and where to read on.
"""
NONE = "# Samples\n\nThis site was built without samples; `course demo` makes them on your machine.\n"


def stage_samples(course: Course, source: Path, *, graded: bool) -> None:
    """Write the page of samples, and if ``graded`` the samples, which stand alone, below ``source/extra``.

    CourseError when the demo's scores are not what they must be: a site shows no wrong grades.
    """
    extra = source / "extra" / "samples"
    extra.mkdir(parents=True)
    if not graded:
        (source / "samples.md").write_text(NONE, encoding="utf-8")
        return
    assignment = course.assignment_names()[0]
    with tempfile.TemporaryDirectory() as scratch:
        into = Path(scratch) / "demo"
        with contextlib.redirect_stdout(io.StringIO()) as said:
            right = run(course, into, STUDENTS, assignment)
        if not right:
            raise CourseError(f"the demo's scores are not what they must be:\n{said.getvalue()}")
        demo = Course(into)
        write_report(demo, assignment, extra / "report.html", as_json=False, anonymous=False)
        student = max(path.name for path in demo.feedback.iterdir())  # the last ones made mistakes
        (page,) = (demo.feedback / student / assignment).glob("*.html")
        (extra / "feedback.html").write_bytes(page.read_bytes())
    (source / "samples.md").write_text(PAGE.format(students=STUDENTS), encoding="utf-8")
