"""The search for a repair: edits are made here, and tried where the function is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from autograder.grader_side.repair.statements import MOST, WAVES, Change, changes
from course_lib.gradcheck.lines.edited import Draft, Edit, Trials, drafts_of
from course_lib.gradcheck.lines.question import Question
from course_lib.gradcheck.lines.result import WrongLine
from course_lib.gradcheck.lines.source import NotFollowed

SECONDS = 0.1  # of the processor, for what is tried in one go


def repair(
    drafts: Sequence[Draft],
    suspects: Sequence[tuple[str, int]],
    first_right: Callable[[list[Edit]], int | None],
) -> Change | None:
    """The change that makes all gradients right, if one does; `first_right` tries edits in their order."""
    left = MOST
    for wave in range(len(WAVES)):
        try:
            tried = changes(drafts, suspects, wave, left)
        except (NotFollowed, RecursionError):
            return None
        number = first_right([change.edit for change in tried]) if tried else None
        if number is not None:
            return tried[number]
        left -= len(tried)
        if left <= 0:
            break
    return None


def repair_here(asked: Question, found: WrongLine, seconds: float = SECONDS) -> Change | None:
    """The same for functions of this process."""
    try:
        trials = Trials(asked)
    except NotFollowed:
        return None
    suspects = [(suspect.function, suspect.line) for suspect in found.candidates]
    return repair(drafts_of(asked), suspects, lambda edits: trials.first_right(edits, seconds))
