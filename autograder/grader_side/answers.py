"""What a child's messages say: a value or an exception, a call of one of our functions, something shown.

The child may be hostile: all is decoded without running anything, and what is none of these is a BrokenReply.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from autograder.grader_side.errors import BrokenReply, exception_of
from autograder.grader_side.lending import Lending
from autograder.student_side.frames import Message, WireError
from autograder.student_side.wire import Decoder, Plain
from autograder.student_side.wire import Translator as Values
from course_lib.grading import CheckEnded

MAX_NAMES = 8

Event = list[Any]


class Translator(Values, Protocol):
    """Gives meaning to what is not plain data: handles of student objects, functions of the grader's."""

    def function(self, number: int) -> Callable[..., Any]:
        """The grader's function with this number; WireError when there is none."""

    def released(self) -> tuple[int, ...]:
        """The handles given up since the last call."""


class Ours:
    """What our own functions raised while student code called them: by the call, and what ends the check."""

    __slots__ = ("ending", "raised")

    def __init__(self) -> None:
        self.raised: dict[int, BaseException] = {}
        self.ending: BaseException | None = None


def answer_of(message: Message, number: int, translator: Translator, lending: Lending, ours: Ours) -> Any:
    """The value of a "done" message; raises the exception of a "raise" message, or BrokenReply.

    What one of our own functions raised meanwhile is raised here, if student code passed it on, or if it
    ends the check.
    """
    decoder = Decoder(message, translator)
    error: BaseException | None = None
    value = None
    try:
        if decoder.scalar(int) != number:
            raise WireError("it answers another request")
        if message.kind == "done":
            value = decoder.value()
        else:
            error = _raised(ours, *(decoder.value() for _ in range(5)))
        decoder.value()  # what was changed in place is changed here, too, while it is read
        lending.see(decoder.met)
    except (WireError, ValueError) as broken:
        raise BrokenReply(f"the student's process gave an answer that is none: {broken}") from None
    if (error := ours.ending or error) is not None:
        raise error
    return value


def call_of(
    message: Message, translator: Translator
) -> tuple[int, Callable[..., Any], tuple[Any, ...], dict[str, Any]]:
    """What a "callback" message asks for: its number, a function of the grader's, and arguments for it."""
    try:
        decoder = Decoder(message, translator)
        asked = decoder.scalar(int)
        function = translator.function(decoder.scalar(int))
        arguments, named = decoder.value(), decoder.value()
        if type(arguments) is not tuple or type(named) is not tuple:
            raise WireError("a call should have a tuple of arguments, and one of names with theirs")
        keywords = dict(zip(named[::2], named[1::2], strict=True))
        if not all(type(name) is str for name in keywords):
            raise WireError("an argument's name should be a text")
    except (WireError, ValueError, TypeError) as error:
        raise BrokenReply(f"the student's process made a call that is none: {error}") from None
    return asked, function, arguments, keywords


def event_of(message: Message) -> Event:
    """What a cell or a call shows. Raises BrokenReply when it is no list."""
    try:
        event = Decoder(message, Plain()).value()
    except WireError as error:
        raise BrokenReply(f"the student's process sent what is no message: {error}") from None
    if type(event) is not list:
        raise BrokenReply("the student's process sent what is no message: an event should be a list")
    return event


def _raised(ours: Ours, passed_on: Any, names: Any, argument: Any, line: Any, whole: Any) -> BaseException:
    if type(names) is not list or not 0 < len(names) <= MAX_NAMES:
        raise WireError("an exception should have names")
    if not all(type(name) is str for name in names) or type(argument) not in (str, int):
        raise WireError("an exception should have names, and a text or an integer as its argument")
    if type(line) is not str:
        raise WireError("the line that an exception was raised in should be a text")
    if type(passed_on) is int and passed_on in ours.raised:
        return ours.raised[passed_on]
    error = exception_of(names, argument, whole if isinstance(whole, Exception) else None)
    error.raised_in = line  # type: ignore[attr-defined]
    return error


def ends_the_check(error: BaseException) -> bool:
    """Whether student code may not keep to itself what a function of the check's raised: it is a verdict."""
    asserts = isinstance(error, AssertionError) and not getattr(error, "raised_by_student", False)
    return asserts or isinstance(error, CheckEnded)
