"""The lines that may be at fault, in order, and how many of them could not be told from the first."""

from collections.abc import Iterable
from dataclasses import dataclass

from course_lib.gradcheck.lines.site import Site

#: Lines that may be named beside the first.
MOST_DOUBTS = 5


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


def few(first: Site, sites: Iterable[Site]) -> list[Site]:
    """The first sites of other lines than the first, each line once, as many as may be named beside it."""
    return others(first, sites)[:MOST_DOUBTS]


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
