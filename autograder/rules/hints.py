"""Hints: three steps for each exercise of weight, none of which is the line that the student is to write."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.errors import CourseError
from autograder.rules.links import ASIDE
from autograder.sources.exercises import Exercise, exercises

if TYPE_CHECKING:
    from autograder.sources.source import Source, SourceCell

STEPS = (1, 2, 3)
WEIGHT = 5.0  # points from which on an exercise has hints, in a notebook that has any
# Shorter ones (`dx = dy`) are said in any explanation; counted without blanks.
TELLING = 14
HINT = re.compile(r"<summary>\s*Hint (\d+)\b.*?</summary>(.*?)</details>", re.DOTALL)
ASSIGNED = re.compile(r"(?<![=!<>])[-+*/@]?=(?!=)")


@dataclass(frozen=True)
class Hint:
    """One step: where its cell begins in the source, its number, what it says."""

    line: int
    number: int
    text: str


def check_hints(source: Source) -> None:
    """Refuse, with file and line, a hint that holds a line of a solution."""
    telling = {line: _bare(line) for line in _telling_lines(source)}
    for hint in _hints(source):
        said = _bare(hint.text)
        for line, bare in telling.items():
            if bare in said:
                raise CourseError(
                    f"{source.path}:{hint.line}: hint {hint.number} holds a line of the solution: {line}"
                )


def unclosed(source: Source) -> Iterator[int]:
    """The lines of the text cells in which a `<details>` has no end, so that all below it would be folded."""
    for item in source.cells:
        text = ASIDE.sub("", item.cell.source) if item.cell.cell_type == "markdown" else ""
        if text.count("<details") != text.count("</details>"):
            yield item.line


def lacking_hints(source: Source) -> list[Exercise]:
    """The exercises of weight that lack one of the three steps, in a source that gives hints at all."""
    return [one for one in exercises(source) if _lacks_hints(one)] if any(_hints(source)) else []


def _lacks_hints(exercise: Exercise) -> bool:
    steps = tuple(int(number) for number, _ in HINT.findall(exercise.text))
    return exercise.automatic >= WEIGHT and steps[:3] != STEPS


def hint_texts(item: SourceCell) -> list[str]:
    """What the hints of a cell say, in their order; nothing for a cell without."""
    if item.cell.cell_type != "markdown":
        return []
    return [text.strip() for _, text in HINT.findall(item.cell.source)]


def _hints(source: Source) -> Iterator[Hint]:
    for item in source.cells:
        if item.cell.cell_type == "markdown":
            for number, text in HINT.findall(item.cell.source):
                yield Hint(item.line, int(number), text)


def _telling_lines(source: Source) -> set[str]:
    """What a student is to write, statement by statement, and the right sides of assignments."""
    lines = set()
    for line in (line for region in source.regions("SOLUTION") for line in region):
        code = _without_comment(line.strip())
        for part in (code, *_right_sides(code), code.removeprefix("return ").strip()):
            if len(_bare(part)) >= TELLING and any(sign in part for sign in "+-*/@(["):
                lines.add(part)
    return lines


def _right_sides(code: str) -> Iterator[str]:
    """What stands behind each sign that assigns, but for those within brackets: they name arguments."""
    for sign in ASSIGNED.finditer(code):
        before = code[: sign.start()]
        if all(before.count(opens) == before.count(closes) for opens, closes in ("()", "[]", "{}")):
            yield code[sign.end() :].strip()


def _without_comment(line: str) -> str:
    """The line's code; all of it where it is no line of code by itself."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(line).readline))
    except (tokenize.TokenError, SyntaxError):
        return line
    starts = [token.start[1] for token in tokens if token.type == tokenize.COMMENT]
    return line[: starts[0]].strip() if starts else line


def _bare(text: str) -> str:
    return "".join(text.split())
