"""An answer as an edit of another: what stands on the page is the slip.

An edit is lines of comments. ``# - `` takes a line out, ``# + `` puts one in, ``# ~ `` changes one, in which
``[-this goes-]`` and ``{+this comes+}``, and ``#   `` is a line that stays, to say where. Such lines make one
hunk, or several: the next begins where after a ``# + `` or ``# ~ `` comes anything but a ``# + ``, and after
``# @``. What a hunk says of the lines before it fits exactly once: there they follow one another.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from autograder.grader_side.magics import tree_of

OUT, IN, CHANGED, STAYS, NEXT = "# - ", "# + ", "# ~ ", "#   ", "# @"
GOES = re.compile(r"\[-(.+?)-\]")
COMES = re.compile(r"\{\+(.+?)\+\}")


def edited(base: str, edit: str) -> str:
    """``base`` after ``edit``; ValueError, with the reason, when a hunk does not fit exactly once."""
    lines = base.split("\n")
    for hunk in _hunks(edit):
        before = [before for before, _ in hunk if before is not None]
        after = [after for _, after in hunk if after is not None]
        places = fitting(lines, before)
        if len(places) != 1:
            shown = next((line for line in before if line.strip()), "").strip()
            raise ValueError(f"the hunk at {shown!r} fits {len(places)} times, not once")
        lines[places[0] : places[0] + len(before)] = after
    return "\n".join(lines)


def _hunks(edit: str) -> Iterator[list[tuple[str | None, str | None]]]:
    """Each hunk's lines, before and after; None where there is none."""
    hunk: list[tuple[str | None, str | None]] = []
    mark = NEXT
    for line in [*(line.rstrip() for line in edit.strip().split("\n")), NEXT]:
        last, mark = mark, NEXT if line == NEXT else f"{line:<4}"[:4]  # an empty line's blanks were cut off
        if mark == NEXT or (last in (IN, CHANGED) and mark != IN):
            if hunk:
                yield hunk
            hunk = []
        if mark != NEXT:
            hunk.append(_both_sides(mark, line))


def _both_sides(mark: str, line: str) -> tuple[str | None, str | None]:
    text = line[4:]
    if mark == CHANGED:
        before, after = COMES.sub("", GOES.sub(r"\1", text)), GOES.sub("", COMES.sub(r"\1", text))
        if before == after:
            raise ValueError(f"{line!r} has neither '[-what goes-]' nor '{{+what comes+}}'")
        return before.rstrip(), after.rstrip()
    if mark not in (OUT, IN, STAYS):
        raise ValueError(f"{line!r} begins with none of {OUT!r}, {IN!r}, {CHANGED!r} and {STAYS!r}")
    return (None if mark == IN else text), (None if mark == OUT else text)


def fitting(lines: Sequence[str], before: Sequence[str]) -> list[int]:
    """Where in ``lines`` all of ``before`` follow one another; nothing fits nowhere."""
    if not before:
        return []
    size = len(before)
    return [k for k in range(len(lines) - size + 1) if list(lines[k : k + size]) == list(before)]


def bare(source: str) -> str:
    """Python source without docstrings, comments on lines of their own and empty lines inside functions."""
    lines = source.split("\n")
    gone: set[int] = set()
    for node in ast.walk(tree_of(source)):
        body = getattr(node, "body", None)
        if (
            isinstance(node, ast.FunctionDef | ast.ClassDef)
            and ast.get_docstring(node)
            and len(body or ()) > 1
        ):
            doc = node.body[0]
            gone.update(range(doc.lineno - 1, doc.end_lineno or doc.lineno))
    kept = [line for k, line in enumerate(lines) if k not in gone and not line.lstrip().startswith("#")]
    return "\n".join(line.rstrip() for line in _without_gaps(kept)).strip("\n")


def _without_gaps(lines: Sequence[str]) -> Iterator[str]:
    """Lines with the empty ones left out that follow `def` or `class`."""
    for before, line in zip(["", *lines], lines, strict=False):
        if line.strip() or not before.rstrip().endswith(":"):
            yield line
