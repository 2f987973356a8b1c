"""What is particular to one course, in one place: read from its configuration, and asked for by all others.

    c.CourseFacts.total_points = 100
    c.CourseFacts.packages = ["my_course.data"]

The defaults fit a course of which nothing is known.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from traitlets import Bool, Float, List, TraitError, Unicode
from traitlets.config import Config, Configurable

from autograder.errors import CourseError
from autograder.student_side.packages import Packages

_DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.ASCII)
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")


class CourseFacts(Configurable):  # type: ignore[misc]
    """The facts of a course, which do not change once they are read."""

    title = Unicode("", help="What the course is called, for people.").tag(config=True)
    summary = Unicode("", help="What its packages hold, in a sentence; for the student kit.").tag(config=True)
    kit_name = Unicode("course-kit", help="What the wheel of the student kit is called.").tag(config=True)
    install_from = Unicode(
        "", help="What pip installs where course_lib is missing, as on Colab: a name or a wheel's address."
    ).tag(config=True)
    total_points = Float(
        None, allow_none=True, help="What the points of every assignment add up to; None for any sum."
    ).tag(config=True)
    checks_in_every_cell = Bool(
        False, help="Whether every graded cell of a source has to end with `checks.score()`."
    ).tag(config=True)
    packages = List(
        Unicode(), help="Packages beside the checker that student code may import; in the kit too."
    ).tag(config=True)
    figure_packages = List(
        Unicode(), help="The same, of those that draw: imported ahead only for notebooks that may draw."
    ).tag(config=True)
    late_modules = List(
        Unicode(), help="Modules of these that are not imported ahead, because few notebooks want them."
    ).tag(config=True)
    hidden_packages = List(Unicode(), help="Packages that hidden tests import and no student may see.").tag(
        config=True
    )

    def __init__(self, config: Any) -> None:
        unknown = sorted(set(config.CourseFacts) - set(self.class_trait_names(config=True)))
        if unknown:
            known = ", ".join(sorted(self.class_trait_names(config=True)))
            raise CourseError(f"the configuration sets CourseFacts.{unknown[0]}; there is: {known}")
        try:
            super().__init__(config=Config(CourseFacts=config.CourseFacts))
        except TraitError as error:
            raise CourseError(f"the configuration of CourseFacts cannot be used: {error}") from None
        for wrong in self._wrong():
            raise CourseError(f"the configuration of CourseFacts cannot be used: {wrong}")
        self._read = True

    def __setattr__(self, name: str, value: Any) -> None:
        if vars(self).get("_read") and self.has_trait(name):
            raise AttributeError(f"the facts of a course do not change: {name}")
        super().__setattr__(name, value)

    @property
    def shown(self) -> Packages:
        """What student code may import of the course's own, and when that is imported."""
        return Packages(tuple(self.packages), tuple(self.figure_packages), tuple(self.late_modules))

    def _wrong(self) -> Iterator[str]:
        """What no course can mean, in words."""
        hidden, shown = set(self.hidden_packages), {*self.packages, *self.figure_packages}
        for name in (*self.hidden_packages, *self.packages, *self.figure_packages, *self.late_modules):
            if not _DOTTED.fullmatch(name):
                yield f"{name!r} is no module's name"
        if hidden & shown:
            yield f"{min(hidden & shown)} is both shown to students and hidden from them"
        if not _FILE_NAME.fullmatch(self.kit_name):
            yield f"kit_name is {self.kit_name!r}; letters, digits and hyphens make one"
        if self.install_from and not re.fullmatch(r"[^\s-]\S*", self.install_from):
            yield f"install_from is {self.install_from!r}; it is one name or address for pip"
        if self.total_points is not None and not 0 < self.total_points < math.inf:
            yield f"total_points is {self.total_points:g}, which no points add up to"


UNKNOWN = CourseFacts(Config())
