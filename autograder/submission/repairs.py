"""What was not as released, in sentences: one for each kind of repair, however many cells it was made in."""

from __future__ import annotations

from enum import Enum

from autograder.submission.files import log_name

MOST_NAMED = 4


class Repair(Enum):
    """A kind of repair: what is said of one cell, and of several.

    Not who changed it: the release, too, may be another one than the student was given.
    """

    FOUND_BY_ID = (
        "{cell} had lost its name; the cell that was it is used.",
        "had lost their names and were found by their ids",
    )
    FOUND_BY_TEXT = (
        "{cell} had lost its name and was found by its text.",
        "had lost their names and were found by their text",
    )
    FOUND_BY_DEFINITIONS = (
        "{cell} had lost its name and was found by what it defines.",
        "had lost their names and were found by what they define",
    )
    FOUND_BY_PLACE = (
        "{cell} had lost its name and was found by the cells around it.",
        "had lost their names and were found by the cells around them",
    )
    OWN_CELL = (
        "{cell} was written in a cell of its own, which now stands in its place.",
        "were written in cells of their own, which now stand in their places",
    )
    OTHER_CELL = (
        "{cell} was written in the cell of another exercise or check; what stands there is used.",
        "were written in the cells of other exercises or checks; what stands there is used",
    )
    SPLIT = (
        "{cell} seems to be split inside a function: the cell after it begins with an indented line.",
        "seem to be split inside a function: the cells after them begin with an indented line",
    )
    ADDED = (
        "{cell} was not as released; what it says besides runs before it, as a cell of the student's own.",
        "were not as released; what they say besides runs before them, as cells of the student's own",
    )
    STANDS_SEVERAL_TIMES = (
        "{cell} stands {times} times; the last edited one counts.",
        "stand several times; of each, the last edited one counts",
    )
    COPIED = (
        "{cell} stands {times} times; it was used once, as released.",
        "stand several times; each was used once, as released",
    )
    DELETED = (
        "{cell} was missing; the released one stands there.",
        "were missing; the released ones stand there",
    )
    EDITED = (
        "{cell} was not as released; the released one was used.",
        "were not as released; the released ones were used",
    )
    RETYPED = (
        "{cell} had become a {kind} cell; it is {own} again.",
        "had become cells of other types; they have their own again",
    )
    METADATA = (
        "{cell} had other tags or nbgrader metadata; the released ones were used.",
        "had other tags or nbgrader metadata; the released ones were used",
    )
    MISSING = (
        "{cell} was not handed in; the empty one stands there.",
        "were not handed in; the empty ones stand there",
    )
    AMBIGUOUS = (
        "{cell} cannot be told from others that lost their names; see the student's own cells near it.",
        "cannot be told from others that lost their names; see the student's own cells near them",
    )
    REPEATED = (
        "{cell} repeats a released cell; it was left out.",
        "repeat released cells; they were left out",
    )
    FOREIGN = (
        "{cell} is not of this notebook; it runs as a plain cell.",
        "are not of this notebook; they run as plain cells",
    )
    MOVED = ("Cells stood in another order; the released order was used.", "")


class Repairs:
    """Takes note of repairs, and tells them."""

    def __init__(self) -> None:
        self._names: dict[tuple[Repair, str], list[str]] = {}
        self._words: dict[tuple[Repair, str], dict[str, object]] = {}

    def add(self, repair: Repair, name: object = "", what: str = "Cell", **words: object) -> None:
        """Take note of a cell, by its name or number; ``what`` it is, and what its sentence says besides."""
        self._names.setdefault((repair, what), []).append(log_name(name))
        self._words.setdefault((repair, what), words)

    def sentences(self) -> tuple[str, ...]:
        """One sentence for each kind, in the order in which they were first seen."""
        return tuple(_sentence(*kind, names, self._words[kind]) for kind, names in self._names.items())


def _sentence(repair: Repair, what: str, names: list[str], words: dict[str, object]) -> str:
    one, several = repair.value
    names = list(dict.fromkeys(names))
    if len(names) == 1:
        return one.format(cell=f"{what} {names[0]}", **words)
    return f"{len(names)} {what.lower()}s {several}: {_listing(names)}."


def _listing(names: list[str]) -> str:
    if len(names) <= MOST_NAMED:
        return ", ".join(names[:-1]) + f" and {names[-1]}"
    return ", ".join(names[: MOST_NAMED - 1]) + f" and {len(names) - MOST_NAMED + 1} more"
