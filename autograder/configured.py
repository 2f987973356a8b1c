"""What a course sets of how it is graded, ``c.GradeApart``, looked at before anything is graded with it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from traitlets import Bool, Dict, Enum, Integer, List, TraitError, Unicode, validate
from traitlets.config import Config, Configurable

from autograder.errors import CourseError

MOST = 1e12  # of any limit, in its own unit


class GradingSettings(Configurable):  # type: ignore[misc]
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
    limits = Dict(help="Limits on the student's side, by field of autograder.grader_side.Limits.").tag(
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
        for wrong in _wrong(proposal["value"]):
            raise TraitError(wrong)
        return proposal["value"]


def grading_settings(config: Any) -> GradingSettings:
    """The settings in a course's configuration. Raises CourseError for what cannot be one."""
    names = GradingSettings.class_trait_names(config=True)
    section = config.GradeApart
    for name in sorted(set(section) - set(names)):
        if meant := difflib.get_close_matches(name, names, n=1, cutoff=0.75):
            raise CourseError(f"the configuration sets GradeApart.{name}; GradeApart.{meant[0]} is a setting")
    known = Config({name: section[name] for name in names if name in section})
    try:
        found = GradingSettings(config=Config(GradingSettings=known))
    except TraitError as error:
        said = str(error).replace(" of a GradingSettings instance", "")
        raise CourseError(f"the configuration of GradeApart cannot be used: {said}") from None
    return found


def _wrong(limits: dict[Any, Any]) -> Iterator[str]:
    """What is no limit, in words."""
    if not limits:
        return
    from autograder.grader_side.limits import Limits

    usual: dict[str, float] = vars(Limits())
    for name, value in limits.items():
        if name not in usual:
            yield f"there is no limit {name!r}; there is: {', '.join(usual)}"
        elif isinstance(value, bool) or not isinstance(value, int | type(usual[name])):
            yield f"limits: {name} is of type {type(value).__name__}; its usual value is {usual[name]}"
        elif not 0 < value < MOST:
            yield f"limits: {name} should be more than 0 and less than {MOST:g}"
