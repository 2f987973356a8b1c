"""An answer as an edit of another: what stands on the page is the slip.

An edit is a list of hunks of comments: ``# - `` takes a line out, ``# + `` puts one in, and ``#   `` is a
line that stays, to say where. The lines of a hunk that are there before it follow one another, exactly once,
in what it edits; ``# @`` stands between two hunks.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

OUT, IN, STAYS, NEXT = "# - ", "# + ", "#   ", "# @"


def edited(base: str, edit: str) -> str:
    """``base`` after ``edit``; ValueError, with the reason, when a hunk does not fit exactly once."""
    lines = base.split("\n")
    for hunk in _hunks(edit):
        before = [line[4:] for line in hunk if not line.startswith(IN)]
        after = [line[4:] for line in hunk if not line.startswith(OUT)]
        places = _places(lines, before)
        if len(places) != 1:
            shown = next((line for line in before if line.strip()), "").strip()
            raise ValueError(f"the hunk at {shown!r} fits {len(places)} times, not once")
        lines[places[0] : places[0] + len(before)] = after
    return "\n".join(lines)


def _hunks(edit: str) -> Iterator[list[str]]:
    hunk: list[str] = []
    for line in [*(line.rstrip() for line in edit.strip().split("\n")), NEXT]:
        if line == NEXT:
            if hunk:
                yield hunk
            hunk = []
            continue
        marked = f"{line:<4}"  # the blanks of an empty line were cut off
        if marked[:4] not in (OUT, IN, STAYS):
            raise ValueError(f"{line!r} begins with none of {OUT!r}, {IN!r} and {STAYS!r}")
        hunk.append(marked)


def _places(lines: Sequence[str], before: Sequence[str]) -> list[int]:
    if not before:
        return []
    size = len(before)
    return [k for k in range(len(lines) - size + 1) if list(lines[k : k + size]) == list(before)]


def edit_between(base: str, target: str) -> str:
    """The edit that makes ``target`` of ``base``, with as few lines as say where."""
    old, new = base.split("\n"), target.split("\n")
    changes = [op for op in SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if op[0] != "equal"]
    now, shift, hunks = list(old), 0, []
    for _, i1, i2, j1, j2 in changes:
        start, end = i1 + shift, i2 + shift
        first, last = start, end
        while len(_places(now, now[first:last])) != 1 and (first > 0 or last < len(now)):
            if first > 0 and (start - first <= last - end or last == len(now)):
                first -= 1
            else:
                last += 1
        stays = [STAYS + line for line in now[first:start]], [STAYS + line for line in now[end:last]]
        changed = [OUT + line for line in now[start:end]] + [IN + line for line in new[j1:j2]]
        hunks.append("\n".join(line.rstrip() for line in (*stays[0], *changed, *stays[1])))
        now[start:end] = new[j1:j2]
        shift += (j2 - j1) - (i2 - i1)
    return f"\n{NEXT}\n".join(hunks)


def bare(source: str) -> str:
    """Python source without docstrings, comments on lines of their own and empty lines inside functions."""
    lines = source.split("\n")
    gone: set[int] = set()
    for node in ast.walk(ast.parse(source)):
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
