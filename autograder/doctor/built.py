"""Whether a course is ready to grade: configured, built, and built from what its sources now say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from autograder.authoring.build import stage
from autograder.batch.plan import load_release
from autograder.course import CONFIG, Course
from autograder.doctor.finding import Finding, State
from autograder.errors import CourseError

SETTINGS = {
    "exporter_class": "autograder.plugins.SubmissionExporter",
    "sanitize_preprocessors": "autograder.plugins.Rebuild",
    "autograde_preprocessors": "autograder.plugins.GradeApart",
}
FEEDBACK = "autograder.plugins.FeedbackExporter"


def readiness(course: Course) -> Iterator[Finding]:
    """The course's configuration, its gradebook, and each assignment; nothing is changed or made."""
    yield Finding("course", State.OK, str(course.root))
    config = course.config()
    yield _configured(config)
    yield _feedback(config)
    names = course.assignment_names()
    if not names:
        yield Finding("assignments", State.REFUSED, f"{course.solutions.name}/ holds no source")
        return
    gradebook = _gradebook(config)
    yield gradebook
    if gradebook.state is State.OK:
        for name in names:
            yield _assignment(course, name)


def _configured(config: Any) -> Finding:
    """Whether plain `nbgrader autograde` would grade through our plug-ins."""
    lacking = [name for name, plugin in SETTINGS.items() if plugin not in config.Autograde.get(name, ())]
    if not lacking:
        return Finding("configuration", State.OK, f"{CONFIG} grades behind the wall")
    named = ", ".join(f"c.Autograde.{name}" for name in lacking)
    says = f"plain `nbgrader autograde` would run student code unprotected: {CONFIG} lacks {named}"
    return Finding("configuration", State.LOOK, says, "set them as autograder/plugins/__init__.py says")


def _feedback(config: Any) -> Finding:
    """Whether `nbgrader generate_feedback` would make our page; its own has the hidden tests on it."""
    if config.GenerateFeedback.get("exporter_class") == FEEDBACK:
        return Finding("feedback", State.OK, "shows no hidden test")
    says = f"`nbgrader generate_feedback` would show hidden tests: {CONFIG} does not name {FEEDBACK}"
    return Finding("feedback", State.LOOK, says, "set it as autograder/plugins/__init__.py says")


def _gradebook(config: Any) -> Finding:
    """Whether there is a gradebook that opens; SQLite would make one, so its file is looked for first."""
    text = CourseDirectory(config=config).db_url
    url = make_url(text)
    shown = url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return Finding("gradebook", State.REFUSED, f"not there yet: {url.database}", "course build")
    try:
        with Gradebook(text):
            return Finding("gradebook", State.OK, shown)
    except (SQLAlchemyError, ImportError) as error:
        cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        return Finding("gradebook", State.REFUSED, f"{shown} cannot be opened: {cause}")


def _assignment(course: Course, name: str) -> Finding:
    mend = f"course build {name}"
    try:
        load_release(course, name)
    except CourseError as error:
        return Finding(name, State.REFUSED, str(error), mend)
    try:
        (release,) = stage(course, [name])
    except CourseError as error:
        return Finding(name, State.LOOK, f"can be graded; its source no longer builds: {error}")
    if release.is_current():
        return Finding(name, State.OK, "built, and current")
    return Finding(name, State.LOOK, "can be graded; its source has changed since it was built", mend)
