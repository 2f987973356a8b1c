"""A student's function that a check is written around, for the search for its first wrong line.

The search is here, where the check's own functions are; the function runs where it always does, in forks.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.grader_side.line_search import Searching
from course_lib.gradcheck.lines.source import LONGEST, NotFollowed, Written, written
from course_lib.gradcheck.lines.tape import Event, Tape
from course_lib.gradcheck.lines.twin import Site
from course_lib.gradcheck.text import printable

MOST_SITES = 2000
MOST_BYTES = 1 << 16
UNKNOWN = "no line was found where the function is"

#: The fields of a place, and their types.
_FIELDS: dict[str, type] = {
    "number": int,
    "function": str,
    "line": int,
    "name": str,
    "kind": str,
    "plain": bool,
    "container": str,
    "weight": int,
    "divides": bool,
    "part": bool,
    "attribute": bool,
    "unpacks": bool,
}


@dataclass(frozen=True)
class InsideThere:
    """The function, as `course_lib.gradcheck.lines.around.Inside` has it."""

    source: Written
    sites: dict[int, Site]
    _owner: Searching
    _function: Any
    _first: int

    def call(self, tape: Tape, *args: Any, **kwargs: Any) -> Any:
        """Call it over there, with what the tape changes of it."""
        changes = [
            [number, turn, change(np.zeros(0))] for (number, turn), change in _of(tape, self.sites).items()
        ]
        said = _said(self._owner.search("traced", self._function, self._first, list(args), kwargs, changes))
        if tape.recording:
            tape.events += _events(said, self.sites)
        return _value(said["result"])

    def edited(self, source: Written) -> Callable[..., Any]:
        """Not over there: each text would be another fork."""
        raise NotFollowed(UNKNOWN)


def _of(tape: Tape, sites: dict[int, Site]) -> dict[Any, Any]:
    return {moment: change for moment, change in tape.changes.items() if moment[0] in sites}


def inside(owner: Searching, function: Any, first: int) -> InsideThere:
    """The function's places, numbered from `first`. Raises NotFollowed where none are told."""
    try:
        said = _said(owner.search("inside", function, first))
        if type(said["text"]) is not str or len(said["text"]) > LONGEST:
            raise ValueError("no text")
        sites = [_site(one) for one in said["sites"][:MOST_SITES]]
        return InsideThere(written(said["text"]), {one.number: one for one in sites}, owner, function, first)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise NotFollowed(UNKNOWN) from None


def _said(text: Any) -> Any:
    return json.loads(text if type(text) is str and len(text) <= MOST_BYTES else "")


def _site(said: Any) -> Site:
    for name, kind in _FIELDS.items():
        if type(said[name]) is not kind:
            raise TypeError(name)
    words = {name: printable(said[name], 80) for name, kind in _FIELDS.items() if kind is str}
    reads = frozenset(printable(name, 80) for name in said["reads"] if type(name) is str)
    return Site(**{**{name: said[name] for name in _FIELDS}, **words, "reads": reads})


def _events(said: Any, sites: dict[int, Site]) -> list[Event]:
    return [
        Event((number, turn), _array(value), bool(mask))
        for number, turn, value, mask in said["events"]
        if number in sites and type(turn) is int
    ]


def _value(said: Any) -> Any:
    if type(said) is dict and "parts" in said:
        return tuple(_value(part) for part in said["parts"])
    array = _array(said)
    return float(array) if array is not None and array.ndim == 0 else array


def _array(said: Any) -> Any:
    if said is None:
        return None
    return np.array(said["numbers"], dtype=np.float64).reshape([int(size) for size in said["shape"]])
