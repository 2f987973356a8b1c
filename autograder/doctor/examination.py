"""The whole examination, in the order in which a person would ask."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from autograder.course import CONFIG, Course
from autograder.doctor.built import readiness
from autograder.doctor.finding import Examined, State
from autograder.doctor.machine import protection, sandbox, software
from autograder.errors import CourseError
from autograder.grading_settings import Settings, settings_of


def examine(root: Path) -> Iterator[Examined]:
    """Everything worth knowing, found one by one; ``root`` may be a course or any other directory."""
    if not root.is_dir():
        raise CourseError(f"{root} is no directory")
    yield from software()
    yield from protection()
    if not (root / CONFIG).is_file():
        yield sandbox(Settings())
        yield Examined("course", State.OPTIONAL, f"{root.resolve()} is none: it has no {CONFIG}")
        return
    try:
        course = Course(root)
        settings = settings_of(course.config())
    except CourseError as error:
        yield Examined("configuration", State.REFUSED, str(error))
        return
    yield sandbox(settings)
    yield from readiness(course)
