"""A checker's message as the lines it was before it was wrapped for a terminal."""

from __future__ import annotations

from course_lib.gradcheck.report import WIDTH


def report_lines(message: str) -> list[str]:
    """The lines of a report, each whole."""
    whole: list[str] = []
    last = ""
    for line in message.splitlines():
        if whole and _continues(line, last, whole[-1]):
            whole[-1] += " " + line.strip()
        else:
            whole.append(line)
        last = line
    return whole


def is_cause(line: str) -> bool:
    """Whether a line of a report names the likely cause, or the line at fault."""
    return line.startswith(("  likely cause:", "  reason:", "  the first wrong line"))


def _continues(line: str, last: str, begun: str) -> bool:
    """Whether a line is the rest of the one before: indented two more, its first word did not fit there."""
    words = line.split()
    deeper = _indent(line) == _indent(begun) + 2
    return bool(words) and deeper and len(last) + 1 + len(words[0]) > WIDTH


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
