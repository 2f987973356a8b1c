"""How to grade: the sandbox, the limits and the packages of a course, as its configuration sets them.

What plans and records imports this too, and not what grades, which takes a second to import.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.errors import CourseError
from autograder.facts import CourseFacts
from autograder.grader_side.limits import limits_of
from autograder.student_side.packages import NONE, Packages

SANDBOXES = ("auto", "bubblewrap", "landlock", "none")


@dataclass(frozen=True)
class Settings:
    """How to grade: which sandbox, limits by field of :class:`autograder.grader_side.Limits`, and what of the
    course's own packages student code may import. CourseError for a sandbox or limit that is none.
    """

    sandbox: str = "auto"
    limits: Mapping[str, float] = field(default_factory=dict)
    packages: Packages = NONE

    def __post_init__(self) -> None:
        if self.sandbox not in SANDBOXES:
            known = f"{', '.join(SANDBOXES[:-1])} or {SANDBOXES[-1]}"
            raise CourseError(f"c.GradeApart.sandbox should be {known}, not {self.sandbox!r}")
        try:
            limits_of(self.limits)
        except ValueError as error:
            raise CourseError(f"c.GradeApart.{error}") from None


def settings_of(config: Any, sandbox: str = "") -> Settings:
    """The settings in a course's configuration, with another sandbox if one is named.

    CourseError when they, or the facts of the course in it, cannot be used.
    """
    configured = config.GradeApart
    limits = configured.get("limits", {})
    return Settings(
        sandbox or configured.get("sandbox", "auto"),
        dict(limits) if isinstance(limits, Mapping) else limits,
        CourseFacts(config).shown,
    )
