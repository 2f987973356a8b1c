"""The markers between which nbgrader strips: in exactly its words, balanced, in cells where they belong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from autograder.errors import CourseError

if TYPE_CHECKING:
    from autograder.sources.source import Source

# Written loosely, so that a marker the stripper would overlook (another case, a missing space) is refused.
MARKER = re.compile(
    r"\b(BEGIN|END)[\s_-]*(SOLUTIONS?|HIDDEN[\s_-]*TESTS?|MARK[\s_-]*SCHEMES?)\b", re.IGNORECASE
)
CANONICAL = re.compile(r"\s*### (BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)\s*")
MARKER_IN_BYTES = re.compile(rb"### BEGIN (SOLUTION|HIDDEN TESTS|MARK SCHEME)")
ALLOWED_IN = {"SOLUTION": ("answer", "written"), "HIDDEN TESTS": ("graded",), "MARK SCHEME": ("task",)}


def check_markers(source: Source) -> None:
    """Refuse, with file and line, a marker that nbgrader would overlook or that is not balanced."""
    for item in source.cells:
        opened: tuple[str, int] | None = None
        seen = False
        lines = item.cell.source.split("\n")
        for number, text in enumerate(lines, item.line + 1):
            if not (meant := MARKER.search(text)):
                continue
            where = f"{source.path}:{number}"
            marker = CANONICAL.fullmatch(text)
            if marker is None:
                right = _as_it_is_written(*meant.groups())
                raise CourseError(
                    f"{where}: {text.strip()!r} is not a marker nbgrader strips; write `{right}`"
                )
            edge, kind = marker.groups()
            if item.role not in ALLOWED_IN[kind]:
                raise CourseError(
                    f"{where}: {kind} belongs in a cell of role {' or '.join(ALLOWED_IN[kind])}"
                )
            if (edge == "BEGIN") != (opened is None) or (opened and opened[0] != kind):
                raise CourseError(f"{where}: unbalanced {edge} {kind}" + _opened_at(opened))
            below = next(filter(_is_code, lines[number - item.line :]), text)
            if edge == "BEGIN" and item.role == "answer" and _indented(below) != _indented(text):
                raise CourseError(
                    f"{where}: BEGIN SOLUTION is not indented like the code below it, in whose place "
                    "students would get the stub"
                )
            opened = (kind, number) if edge == "BEGIN" else None
            seen = True
        if opened:
            raise CourseError(
                f"{source.path}:{opened[1]}: BEGIN {opened[0]} has no END {opened[0]} in its cell"
            )
        if item.role in ("answer", "written") and not seen:
            raise CourseError(f"{source.path}:{item.line}: {item.grade_id} has no SOLUTION region")


def _as_it_is_written(edge: str, kind: str) -> str:
    """The marker that somebody nearly wrote."""
    whole = next(known for known in ALLOWED_IN if known[:4] == kind[:4].upper())
    return f"### {edge.upper()} {whole}"


def _is_code(line: str) -> bool:
    """Whether a line says where its block stands, as comments need not, but for markers."""
    return MARKER.search(line) is not None or line.lstrip()[:1] not in ("", "#")


def _indented(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _opened_at(opened: tuple[str, int] | None) -> str:
    return f"; {opened[0]} was opened at line {opened[1]}" if opened else "; nothing is open here"


def without_markers(source: str) -> str:
    """A solution cell as a student would hand it in."""
    return "\n".join(line for line in source.split("\n") if not CANONICAL.fullmatch(line))
