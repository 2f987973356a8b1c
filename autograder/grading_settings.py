"""How to grade: the sandbox, the limits and the packages of a course, as its configuration sets them.

What plans and records imports this too, and not what grades, which takes a second to import.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from traitlets.config import LazyConfigValue

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
    limits = _set_in(config, "limits", {})
    return Settings(
        sandbox or _set_in(config, "sandbox", "auto"),
        dict(limits) if isinstance(limits, Mapping) else limits,
        CourseFacts(config).shown,
    )


def student_files_of(config: Any) -> list[str]:
    """The files that students may hand in beside a notebook, by name; CourseError for what is no list."""
    names = _set_in(config, "student_files", [])
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise CourseError(f"c.GradeApart.student_files should be a list of names, not {names!r}")
    return list(names)


def _set_in(config: Any, name: str, usual: Any) -> Any:
    """A setting; one that a course appends to, or updates, is only noted there what to do with the usual."""
    found = config.GradeApart.get(name, usual)
    return found.get_value(usual) if isinstance(found, LazyConfigValue) else found
