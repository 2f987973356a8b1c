"""A slip: one wrong answer of a student, as an edit of the solution, with what is really wrong in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Slip:
    """An answer with a slip, and the planted truth.

    Each of `edits` replaces a piece of the solution's bare source that occurs exactly once, or of `writing`,
    another right answer. `causes` are the names of the causes that are true of it, and `lines` the lines that
    may be called wrong: those that were changed, and where one was taken out, those whose gradient it spoils.
    """

    title: str
    edits: tuple[tuple[str, str], ...]
    causes: frozenset[str]
    lines: tuple[str, ...] = ()
    says: str = ""
    writing: str = ""

    def applied(self, solution: str) -> str:
        """The answer with the slip in it; ValueError where an edit does not fit."""
        source = self.writing or solution
        for old, new in self.edits:
            if source.count(old) != 1:
                raise ValueError(f"{self.title}: {old!r} occurs {source.count(old)} times")
            source = source.replace(old, new)
        return source

    def wrong_lines(self, solution: str) -> set[str]:
        """The texts of the lines that may be called wrong."""
        before = Counter(line.strip() for line in (self.writing or solution).split("\n"))
        after = Counter(line.strip() for line in self.applied(solution).split("\n"))
        return {*(after - before), *self.lines}


def slip(
    title: str,
    old: str,
    new: str,
    causes: str,
    *more: tuple[str, str],
    lines: tuple[str, ...] = (),
    says: str = "",
) -> Slip:
    """A slip that puts `new` in the place of `old`; `causes` are separated by commas."""
    names = frozenset(name.strip() for name in causes.split(",") if name.strip())
    return Slip(title, ((old, new), *more), names, lines, says)


def written(writing: str, *slips: Slip) -> list[Slip]:
    """Slips in another right answer than the solution."""
    return [replace(each, writing=writing.strip("\n") + "\n") for each in slips]
