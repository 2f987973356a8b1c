"""The first wrong line of student code, looked for where that code is: a hint that never touches a score."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from course_lib.gradcheck.lines.result import Suspect, WrongLine
from course_lib.gradcheck.text import printable

MOST_BYTES = 1 << 16  # of what is said, before it is read
MOST_LINE = 100_000
MOST_SENTENCES = 6
SENTENCE = 300
SOURCE = 200


def asked(searching: Any, function: Any, rest: Sequence[Any], *, dout: Any, seed: int) -> WrongLine:
    """What the student's process finds; no line where it finds none, fails, or says what cannot be.

    ``searching(function, rest, dout, seed)`` asks it, and returns JSON or "".
    """
    name = printable(function[1] if type(function) is list else getattr(function, "__name__", "function"))
    try:
        said = searching(function, list(rest), dout, seed)
        return _read(json.loads(said if len(said) <= MOST_BYTES else ""))
    except (ValueError, TypeError, KeyError, RecursionError):
        return WrongLine(name, reason="no line was found where the function is")


def _read(said: Any) -> WrongLine:
    """The student's words, bounded and printable."""
    line, sentences = said["line"], said["sentences"]
    if type(line) is not int or not 0 < line <= MOST_LINE or type(sentences) is not list:
        raise ValueError("no line")
    function, variable = _text(said["function"], 80), _text(said["variable"], 80)
    source = _text(said["source"], SOURCE)
    return WrongLine(
        function=function,
        line=line,
        source=source,
        variable=variable,
        candidates=(Suspect(function, line, source, variable),),
        sentences=tuple(_text(sentence, SENTENCE) for sentence in sentences[:MOST_SENTENCES]),
    )


def _text(said: Any, most: int) -> str:
    if type(said) is not str:
        raise TypeError("no text")
    return printable(said, most)
