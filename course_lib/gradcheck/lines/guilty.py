"""What was wrong first, and the lines that may be at fault: in order, with how many match the first."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from course_lib.gradcheck.lines.site import Site
from course_lib.gradcheck.lines.slopes import Measured
from course_lib.gradcheck.lines.tape import Event

#: What is measured where no value is looked at.
NOTHING = Measured(np.zeros(()), np.zeros(()))

#: Lines that may be named beside the first.
MOST_DOUBTS = 5


@dataclass(frozen=True)
class FirstWrong:
    """A value that was wrong and made all others wrong: where, what it should be, and what was seen.

    `target` is the value whose gradient it is, "" of a value that was found in another way, whatever it may
    be the gradient of; `sentence` says what was seen. `right_before` counts the gradients that were looked at
    before it, all right, or is None where one of them was not; `mended` counts those after it that were wrong
    and become right with it. `whole` says that with it every returned gradient is right.
    """

    event: Event
    site: Site
    target: str = ""
    measured: Measured = NOTHING
    right_before: int | None = None
    mended: int = 0
    whole: bool = True
    sentence: str = ""


@dataclass(frozen=True)
class Blame:
    """Sites that may be at fault, the likeliest first, and a sentence where a contribution is lost.

    The first `doubts` sites after the first one could not be cleared: any of them may be wrong in its place.
    `more` says that there are others, which these read.
    """

    sites: tuple[Site, ...] = ()
    sentence: str = ""
    doubts: int = 0
    more: bool = False


def others(first: Site, sites: Iterable[Site]) -> list[Site]:
    """The first sites of other lines than the first, each line once."""
    seen, kept = {(first.function, first.line)}, []
    for site in sites:
        if (site.function, site.line) not in seen:
            seen.add((site.function, site.line))
            kept.append(site)
    return kept


def ordered(first: Site, doubts: Iterable[Site], rest: Iterable[Site] = (), sentence: str = "") -> Blame:
    """Every line once, in this order."""
    by_line: dict[tuple[str, int], Site] = {}
    for site in (first, *doubts):
        by_line.setdefault((site.function, site.line), site)
    doubted = len(by_line) - 1
    for site in rest:
        by_line.setdefault((site.function, site.line), site)
    return Blame(tuple(by_line.values()), sentence, doubted)
