"""Who may grade at once: one `course grade` per course, or per assignment where a server keeps order."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator

from autograder.course import Course
from autograder.errors import CourseError
from autograder.grading.opening import is_on_a_server

LOCK = ".course-grade.lock"


@contextlib.contextmanager
def only_one(course: Course, assignment: str) -> Iterator[None]:
    """Hold the lock of the course; with a gradebook on a server, that of the assignment, which must exist.

    SQLite has one writer at a time, so that a second grader would only wait for the first. CourseError when
    another `course grade` has the lock. A dead holder holds nothing.
    """
    on_server = is_on_a_server(course)
    path = course.root / (f".course-grade-{assignment}.lock" if on_server else LOCK)
    with path.open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            what = f"{assignment} of {course.root}" if on_server else course.root
            raise CourseError(f"another `course grade` is at work on {what}; wait for it to end") from None
        yield
