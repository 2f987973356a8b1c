"""Calls of a student's functions and methods in a row, which are asked for in one message."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from autograder.grader_side.belief import kind_of
from autograder.grader_side.errors import NotANumber
from autograder.grader_side.handles import Handle


class Callee:
    """What can be asked for in a row: it says what a call of it asks, and what to think of the answer."""

    __slots__ = ()

    def _wall_question(self, args: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """The operation and its arguments, first whose it is; None where the answer is found on this side."""
        raise NotImplementedError

    def _wall_believed(self, value: Any) -> Any:
        raise NotImplementedError

    def __in_turn__(self, calls: Sequence[partial[Any]]) -> list[Any]:
        """What the calls return, each as if it had been asked for alone (``course_lib.grading.in_turn``)."""
        callees: list[Any] = [call.func for call in calls]
        questions = [_question(call) for call in calls]
        if None in questions:
            return [call() for call in calls]
        values = _answers(questions)
        return [callee._wall_believed(value) for callee, value in zip(callees, values, strict=True)]


def _question(call: partial[Any]) -> tuple[Any, ...] | None:
    asked = call.func._wall_question(call.args) if isinstance(call.func, Callee) else None
    return asked and (asked[0], asked[1:], tuple(part for pair in call.keywords.items() for part in pair))


def _answers(questions: list[Any]) -> Sequence[Any]:
    handle = questions[0][1][0]
    values = handle._wall.owner.do("in_turn", *questions)
    if isinstance(values, Handle):  # more than a message holds
        values = [handle._wall.owner.do("getitem", values, place) for place in range(len(questions))]
    if not isinstance(values, tuple | list) or len(values) != len(questions):
        raise NotANumber(f"{kind_of(handle)} and others were called, and did not all answer")
    return values
