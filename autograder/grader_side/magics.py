"""Magics in released cells that run on this side: what is for looks is left out, the rest is named."""

from __future__ import annotations

import ast
import re

from autograder.remembered import remembered

# What they do is for whoever looks, or for working in the notebook: no value of a check depends on it.
FOR_LOOKS = frozenset(
    ("matplotlib", "config", "load_ext", "reload_ext", "autoreload", "precision", "timeit", "prun", "memit")
)
RUNS_THE_REST = frozenset({"time"})  # `%time x = f(3)` is `x = f(3)`
AROUND_PYTHON = frozenset({"time", "capture"})  # `%%time` above a cell that is Python

_CELL = re.compile(r"\s*%%(\w+)")
_LINE = re.compile(r"^(\s*)(?:%(\w+)[ \t]*(.*)|!+(.*)|\?+[\w.*]+|[\w.]+\?{1,2})\s*$")
_ASSIGNED = re.compile(r"^\s*[\w, ]+=\s*(?:%(\w+)|!)")


@remembered()
def python_of(source: str) -> tuple[str, tuple[str, ...]]:
    """A cell's Python, line for line, and the magics in it that do more than look, as they are written.

    Those are left out too: whoever needs what they do must say so.
    """
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        pass  # there may be magics in it
    else:
        return source, ()
    lines, beyond = source.split("\n"), []
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if found := _CELL.match(lines[first]):
        if found[1] not in AROUND_PYTHON:
            return "", (f"%%{found[1]}",)
        kept = [word for word in lines[first].split()[1:] if word.isidentifier()]
        # What was printed is missing by that name here, for whoever reads it.
        lines[first] = f"{kept[0]} = None" if kept and found[1] == "capture" else ""
        if found[1] == "capture":  # which shows no value, whatever it is
            lines.append("pass")
    for number, line in enumerate(lines):
        if found := _LINE.match(line):
            indent, name, rest, shell = found[1], found[2], found[3], found[4]
            lines[number] = indent + (rest if name in RUNS_THE_REST and rest else "pass")
            if shell is not None:
                beyond.append("!")
            elif name is not None and name not in FOR_LOOKS | RUNS_THE_REST:
                beyond.append(f"%{name}")
        elif found := _ASSIGNED.match(line):
            lines[number] = ""
            beyond.append(f"%{found[1]}" if found[1] else "!")
    return "\n".join(lines), tuple(dict.fromkeys(beyond))


def tree_of(source: str) -> ast.Module:
    """The syntax tree of a cell's Python; one of nothing where it is none."""
    try:
        return ast.parse(python_of(source)[0])
    except (SyntaxError, ValueError):
        return ast.Module([], [])
