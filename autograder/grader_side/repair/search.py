"""The search for a repair: edits are made here, and tried where the function is."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from autograder.grader_side.repair.statements import WAVES, Change, changes
from course_lib.gradcheck.lines.edited import Draft, Trials, drafts_of
from course_lib.gradcheck.lines.question import Question
from course_lib.gradcheck.lines.result import WrongLine
from course_lib.gradcheck.lines.source import NotFollowed

#: No more edits of a function are tried: 91 of 95 that mended an answer of assignment 1 were among the first.
MOST = 320

SECONDS = 0.2  # of the processor, for trying them


def worth_trying(drafts: Sequence[Draft], suspects: Sequence[tuple[str, int]], most: int) -> list[Change]:
    """What may mend functions, the likeliest first; nothing where a text cannot be read."""
    found: list[Change] = []
    with contextlib.suppress(NotFollowed, RecursionError):
        for wave in range(len(WAVES)):
            found += changes(drafts, suspects, wave, most - len(found))
    return found


def repair_here(asked: Question, found: WrongLine, seconds: float = SECONDS) -> Change | None:
    """The change that makes all gradients of functions of this process right, if one does."""
    suspects = [(suspect.function, suspect.line) for suspect in found.candidates]
    tried = worth_trying(drafts_of(asked), suspects, MOST)
    try:
        number = Trials(asked).first_right([change.edit for change in tried], seconds)
    except NotFollowed:
        return None
    return None if number is None else tried[number]
