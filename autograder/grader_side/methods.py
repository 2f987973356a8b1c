"""Bound methods of a student's objects, and the signatures of what can be called."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

from autograder.grader_side import line_search, lines_inside
from autograder.grader_side.belief import kind_of, said_by, told_as
from autograder.grader_side.contents import content_of
from autograder.grader_side.errors import NotANumber
from autograder.grader_side.handles import Handle
from autograder.grader_side.in_turn import Callee
from autograder.grader_side.special_names import COMPARING, MEASURING, SOUGHT
from course_lib.gradcheck.lines.question import Question
from course_lib.gradcheck.lines.result import WrongLine


class Method(Callee):
    """A bound method of the student's, called by name: one message for each call."""

    def __init__(self, handle: Handle, name: str) -> None:
        self._handle = handle
        self.__name__ = name
        self.__qualname__ = f"{type(handle).__name__}.{name}"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: D102 (Python's contract)
        wall, name = self._handle._wall, self.__name__
        made = wall.made_by_check
        compares = name in COMPARING and not all(isinstance(value, Handle) for value in args)
        if (compares or name in SOUGHT) and not made:
            if hasattr(content := content_of(self._handle), name):
                return getattr(content, name)(*args, **kwargs)
            if compares:
                raise NotANumber(
                    f"{kind_of(self._handle)} cannot be compared by {name}; plain data was expected"
                )
        return self._wall_believed(wall.owner.do("method", self._handle, name, *args, **kwargs))

    def _wall_question(self, args: tuple[Any, ...]) -> tuple[Any, ...] | None:
        name = self.__name__
        return None if name in COMPARING or name in SOUGHT else ("method", self._handle, name, *args)

    def _wall_believed(self, value: Any) -> Any:
        return (said_by if self.__name__ in MEASURING else told_as)(self._handle, value)

    @property
    def __doc__(self) -> Any:  # type: ignore[override]
        return self._handle._wall.owner.do("of_method", self._handle, self.__name__, "__doc__")

    def __find_line__(self, rest: Sequence[Any], dout: Any, seed: int) -> WrongLine:
        owner, method = self._handle._wall.owner, [self._handle, self.__name__]
        return line_search.asked(owner, method, rest, dout=dout, seed=seed)

    def __inside__(self, first: int) -> lines_inside.InsideThere:
        return lines_inside.inside(self._handle._wall.owner, [self._handle, self.__name__], first)

    def __mended__(self, asked: Question, found: WrongLine) -> WrongLine:
        return lines_inside.mended(self._handle._wall.owner, [self._handle, self.__name__], asked, found)

    @property
    def __self__(self) -> Any:
        return self._handle

    @property
    def __signature__(self) -> inspect.Signature:
        return signature_of(self._handle, self.__name__)


def signature_of(handle: Handle, *method: str) -> inspect.Signature:
    """The signature of a callable or of a method of an object."""
    described = handle._wall.owner.do("signature", handle, *method)
    try:
        returns, *described = described
        parameters = [
            inspect.Parameter(
                name,
                inspect._ParameterKind(kind),
                default=default[0] if default else inspect.Parameter.empty,
                annotation=annotation[0] if annotation else inspect.Parameter.empty,
            )
            for name, kind, default, annotation in described
        ]
        annotation = returns[0] if returns else inspect.Signature.empty
        return inspect.Signature(parameters, return_annotation=annotation)
    except (TypeError, ValueError, IndexError) as error:
        raise AttributeError(f"the signature is not one: {error}") from None
