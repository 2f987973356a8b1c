"""How to grade: what a course sets below ``c.GradeApart``, looked at before anything is graded.

What plans and records imports this too, and not what grades, which takes a second to import.
"""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from traitlets import Bool, Dict, Enum, Integer, List, TraitError, Unicode, validate
from traitlets.config import Config, Configurable

from autograder.errors import CourseError
from autograder.facts import CourseFacts
from autograder.grader_side import visible
from autograder.grader_side.limits import limits_of
from autograder.student_side.packages import NONE, Packages


class Configured(Configurable):  # type: ignore[misc]
    """The settings of ``c.GradeApart``, by which `course grade` and nbgrader's own command grade alike."""

    sandbox = Enum(
        ("auto", "bubblewrap", "landlock", "none"),
        default_value="auto",
        help="`auto` takes the strongest sandbox there is and refuses without one; `bubblewrap` and "
        "`landlock` are its rungs; `none` runs student code unprotected, and marks every score it makes.",
    ).tag(config=True)
    seed = Integer(
        None, allow_none=True, min=0, help="Seed of the hidden inputs, to repeat a run; else drawn anew."
    ).tag(config=True)
    limits = Dict(help="Limits on the student's side, by field of autograder.grader_side.limits.Limits.").tag(
        config=True
    )

    refuse_inside = Bool(
        False,
        help="Whether to grade no assignment of which a cell would have to run inside the student's process, "
        "whose code can read that cell and forge its outcome.",
    ).tag(config=True)

    student_files = List(
        Unicode(),
        help="Names, with a shell's wildcards, of files beside the notebook that students hand in and their "
        "code and graded cells may read; nothing else beside a notebook is looked at.",
    ).tag(config=True)

    @validate("limits")  # type: ignore[untyped-decorator]
    def _limits_are_limits(self, proposal: Any) -> Any:
        try:
            limits_of(proposal["value"])
        except ValueError as error:
            raise TraitError(str(error)) from None
        return proposal["value"]


def configured(config: Any) -> Configured:
    """What a course's configuration sets, and else the usual. Raises CourseError for what cannot be set."""
    names = Configured.class_trait_names(config=True)
    section = config.GradeApart
    for name in sorted(set(section) - set(names)):
        if meant := difflib.get_close_matches(name, names, n=1, cutoff=0.75):
            raise CourseError(f"the configuration sets GradeApart.{name}; GradeApart.{meant[0]} is a setting")
    known = Config({name: section[name] for name in names if name in section})
    try:
        return Configured(config=Config(Configured=known))
    except TraitError as error:
        said = str(error).replace(" of a Configured instance", "")
        raise CourseError(f"the configuration of GradeApart cannot be used: {said}") from None


@dataclass(frozen=True)
class Settings:
    """How to grade: which sandbox, limits by field of :class:`autograder.grader_side.limits.Limits`, and what
    of the course's own packages student code may import.

    CourseError where Python leaves out assertions: every check that is written as one would pass.
    """

    sandbox: str = "auto"
    limits: Mapping[str, float] = field(default_factory=dict)
    packages: Packages = NONE

    def __post_init__(self) -> None:
        if sys.flags.optimize:
            raise CourseError(
                "Python was told to leave out assertions (PYTHONOPTIMIZE, or -O), without which wrong work "
                "would pass: grade without that (`unset PYTHONOPTIMIZE`)"
            )


def settings_of(config: Any, sandbox: str = "") -> Settings:
    """The settings in a course's configuration, with another sandbox if one is named.

    CourseError when they, or the facts of the course in it, cannot be used.
    """
    found = configured(config)
    sandbox = sandbox or found.sandbox
    return Settings(sandbox, dict(found.limits), packages_shown(config, sandbox))


def packages_shown(config: Any, sandbox: str) -> Packages:
    """What of the course's own packages student code may import.

    CourseError when the facts of the course cannot be used, or a sandbox would show the course itself.
    """
    root = config.CourseDirectory.get("root")
    course = Path(root if isinstance(root, str) else os.curdir).resolve()
    place = None if sandbox == "none" else visible.shown_with(course)
    if place is not None:
        raise CourseError(
            f"student code may read all of {place}, where Python or the system is, and the course {course} "
            "with its hidden tests is in there: give it, or Python's environment, a directory of its own"
        )
    return CourseFacts(config).shown
