"""Small pieces of text: numbers as people write them, headings, and what no page should tell."""

from __future__ import annotations

import re
from dataclasses import dataclass

# What stands behind a heading: points, stars for how hard it is, how long it takes.
# The last two may be missing.
_EFFORT = re.compile(
    r"\s*\((?P<points>\d+(?:\.\d+)?) points?(?:, (?P<stars>★+))?(?:, (?P<minutes>\d+) min(?:ute)?s?)?\)\s*$"
)
_RULES = re.compile(r"\A(?:(?:-{3,}|\*{3,}|_{3,})[ \t]*\n\s*)+")  # lines drawn above a heading
# Two steps or more from the root or from home: a place on the grader's machine. Divisions and web addresses
# have a word or a colon before the slash.
_PATH = re.compile(r"(?<![\w:/~])~?(?:/[\w.+@~-]+)+(?=/)(/[\w.+@~-]+)")


@dataclass(frozen=True)
class Effort:
    """What a heading says of its exercise: points, stars, minutes; 0 for what it does not say."""

    points: float = 0.0
    stars: int = 0
    minutes: int = 0


def exact(value: float) -> str:
    """A number of points: at most two decimals, none that say nothing."""
    return f"{round(value, 2):g}"


def percent(share: float) -> str:
    """A share from 0 to 1 as a whole percentage; only all is 100 %, and only nothing 0 %."""
    whole = round(100 * share)
    return f"{min(max(whole, 1), 99) if 0 < share < 1 else whole} %"


def heading(source: str, level: int) -> str | None:
    """The text of the Markdown heading of this level with which ``source`` starts, without its effort."""
    first = _first_line(source)
    mark = "#" * level + " "
    return _EFFORT.sub("", first.removeprefix(mark)).strip() if first.startswith(mark) else None


def effort(source: str) -> Effort:
    """What the heading with which ``source`` starts says about the exercise below it."""
    said = _EFFORT.search(_first_line(source))
    if said is None:
        return Effort()
    return Effort(float(said["points"]), len(said["stars"] or ""), int(said["minutes"] or 0))


def _first_line(source: str) -> str:
    return _RULES.sub("", source.strip()).split("\n", 1)[0]


def without_paths(text: str) -> str:
    """The text with all but the last part of every absolute path left out: students need no more of it."""
    return _PATH.sub(r"…\1", text)
