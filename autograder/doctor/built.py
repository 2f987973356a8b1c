"""Whether a course is ready to grade: configured, built, and built from what its sources now say."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from sqlalchemy.engine import make_url

from autograder.authoring.build import stage
from autograder.batch.plan import load_release
from autograder.course import CONFIG, Course
from autograder.doctor.finding import Examined, State
from autograder.errors import CourseError
from autograder.gradebook.opening import NotBuilt, check_gradebook
from autograder.grading.tiers import APART, read_tiers
from autograder.plugins.settings import lacking

MEND = "write `from autograder import plugins` and `plugins.configure(c)` into it"


def readiness(course: Course) -> Iterator[Examined]:
    """The course's configuration, its gradebook, and each assignment; nothing is changed or made."""
    if os.access(course.root, os.W_OK):
        yield Examined("course", State.OK, str(course.root))
    else:
        yield Examined("course", State.REFUSED, f"{course.root} may not be written to, where grades go")
    config = course.config()
    yield from _configured(config)
    names = [*course.assignment_names(), *course.notebook_names()]
    if not names:
        yield Examined("assignments", State.REFUSED, f"{course.solutions.name}/ holds no source")
        return
    gradebook = _gradebook(course, course.released_by(names[0]))
    yield gradebook
    if gradebook.state is State.OK:
        for name in names:
            yield _assignment(course, name)


def _configured(config: Any) -> Iterator[Examined]:
    """Whether nbgrader's own commands work through our plug-ins, and what happens where they do not."""
    wrong = list(lacking(config))
    if not wrong:
        yield Examined(
            "configuration", State.OK, f"{CONFIG} grades behind the wall, and feedback shows no hidden test"
        )
    for without, settings in wrong:
        says = f"{without}: {CONFIG} lacks {', '.join(map(str, settings))}"
        yield Examined("configuration", State.LOOK, says, MEND)


def _gradebook(course: Course, mend: str) -> Examined:
    """Whether there is a gradebook that grading would open; none is made."""
    shown = ""
    try:
        url = make_url(course.directories().db_url)
        shown = str(url)  # without its password
        check_gradebook(url)
    except NotBuilt:  # whose sentence names the command of a course with sources
        return Examined("gradebook", State.REFUSED, f"not there yet: {shown}", mend)
    except CourseError as error:
        return Examined("gradebook", State.REFUSED, str(error))
    return Examined("gradebook", State.OK, shown)


def _assignment(course: Course, name: str) -> Examined:
    mend = course.released_by(name)
    try:
        load_release(course, name)
    except CourseError as error:
        return Examined(name, State.REFUSED, str(error), mend)
    if name in course.notebook_names():
        return _checked(course, name)
    try:
        (release,) = stage(course, [name])
    except CourseError as error:
        return Examined(name, State.LOOK, f"can be graded; its source no longer builds: {error}")
    if release.is_current():
        return Examined(name, State.OK, "built, and current")
    return Examined(name, State.LOOK, "can be graded; its source has changed since it was built", mend)


def _checked(course: Course, name: str) -> Examined:
    """How well the graded cells of an assignment are protected, as far as that is known."""
    tiers = read_tiers(course.root, name)
    if not tiers:
        return Examined(
            name,
            State.LOOK,
            "can be graded; how well is not known before its solution is",
            f"course check {name}",
        )
    cells = [facts for notebook in tiers.values() for facts in notebook.values()]
    apart = sum(facts.get("tier", APART) == APART for facts in cells)
    return Examined(
        name, State.OK, f"released, and checked: {apart} of {len(cells)} graded cells are graded apart"
    )
