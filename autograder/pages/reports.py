"""A checker's message as the lines it was before it was wrapped for a terminal."""

from __future__ import annotations

import re

_DETAIL = re.compile(r"  (?:worst at|likely cause:|reason:|kinks:|note:|inputs:)")
PRINTED = "your code printed:"


def report_lines(message: str) -> list[str]:
    """The lines of a report, each whole: continuations are indented below a headline or a detail."""
    whole: list[str] = []
    for line in message.splitlines():
        if whole and _continues(line, whole[-1]):
            whole[-1] += " " + line.strip()
        else:
            whole.append(line)
    return whole


def is_cause(line: str) -> bool:
    """Whether a line of a report names the likely cause."""
    return line.startswith(("  likely cause:", "  reason:"))


def _continues(line: str, before: str) -> bool:
    if _DETAIL.match(before):
        return line.startswith("    ")
    return line.startswith("  ") and not _DETAIL.match(line) and not before.startswith((" ", PRINTED))
