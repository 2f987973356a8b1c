"""Who may grade at once: one `course grade` per course, or per assignment where a server keeps order."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from autograder.course import Course
from autograder.errors import CourseError

LOCK = ".course-grade.lock"
TAKEN = (errno.EAGAIN, errno.EACCES)  # what flock says when somebody has it, here or over NFS


@contextlib.contextmanager
def only_one(course: Course, assignment: str) -> Iterator[None]:
    """Hold the lock of the course; with a gradebook on a server, that of the assignment, which must exist.

    SQLite has one writer at a time, so that a second grader would only wait for the first. CourseError when
    another `course grade` has the lock. A dead holder holds nothing, and nothing is left of the lock.
    """
    on_server = not str(course.directories().db_url).startswith("sqlite")
    path = course.root / (f".course-grade-{assignment}.lock" if on_server else LOCK)
    try:
        lock = _locked(path)
    except BlockingIOError:
        what = f"{assignment} of {course.root}" if on_server else course.root
        raise CourseError(f"another `course grade` is at work on {what}; wait for it to end") from None
    except OSError as error:
        raise CourseError(f"{path} cannot be locked: {error.strerror}") from error
    with lock:
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def _locked(path: Path) -> IO[str]:
    """The file, open and locked; BlockingIOError if somebody has it, another OSError if it cannot be had."""
    while True:
        lock = path.open("w", encoding="utf-8")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_at(path, lock):
                return lock
        except OSError as error:
            lock.close()
            if error.errno in TAKEN:
                raise BlockingIOError(error.errno, error.strerror) from error
            raise
        lock.close()  # its last holder removed it between our two steps


def _is_at(path: Path, file: IO[str]) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False
