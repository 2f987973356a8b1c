"""The grader's end of a child that lives in this process: requests before, answers after."""

import contextlib
import operator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from autograder.student_side.child import Child
from autograder.student_side.frames import Frames, frame
from autograder.student_side.outputs import Outputs
from autograder.student_side.spare import Spare
from autograder.student_side.wire import Decoder, Encoder, Plain, message


@dataclass(frozen=True)
class Object:
    """An object that stayed with the student's code, by its number, and its type's name."""

    number: int
    kind: str = ""


@dataclass(frozen=True)
class Function:
    """A function of the grader's side."""

    number: int


@dataclass(frozen=True)
class Lent:
    """A thing of the grader's: its number, whether it has changed, what it holds."""

    number: int
    changed: bool
    holds: Any


@dataclass(frozen=True)
class OwnError:
    """An exception of a class of the student's: its classes, arguments and text."""

    classes: tuple[str, ...]
    arguments: tuple[Any, ...]
    text: str


class Ends(Plain):
    """Puts objects and functions by their numbers, and reads them as what they are said to be."""

    def encode(self, value, encoder, depth):
        encoder.items += (
            (b"c", value.number, "ours", "") if isinstance(value, Function) else (b"h", value.number)
        )

    def decode(self, tag, decoder, depth):
        number = decoder.scalar(int)
        if tag == b"h":
            kind, _, _ = (decoder.scalar(str) for _ in range(3))
            return Object(number, kind)
        if tag == b"L":
            return Lent(number, decoder.scalar(bool), decoder.marked(depth))
        if tag == b"c":
            return Function(number)
        assert tag == b"I"
        classes = [_class(decoder) for _ in range(decoder.scalar(int))]
        return OwnError(tuple(reversed(classes)), decoder.value(), decoder.value())


def _class(decoder):
    _, name, _ = decoder.scalar(int), decoder.scalar(str), decoder.scalar(str)
    for _ in range(decoder.scalar(int)):
        next(decoder.items)
    return name


class Shell:
    """Runs plain Python in one namespace, as far as a child asks for it."""

    def __init__(self, user_ns):
        self.user_ns, self.shown = user_ns, ""

    def run(self, source):
        exec(source, self.user_ns)
        return self.user_ns.get("succeeded", True)

    def execute(self, source):
        result = SimpleNamespace(error_before_exec=None, error_in_exec=None, result=None)
        try:
            result.result = eval(source, self.user_ns)
        except Exception as error:
            result.error_in_exec = error
        return result


class World:
    """A child, and in the place of its connection two lists of messages: those said to it, and those heard.

    ``names`` is the student's namespace; ``outputs`` stands in it, so that cells can show something.
    """

    def __init__(self, send=None, text_bytes=1000):
        self._said, self._heard, self._number = Frames(), Frames(), 0
        self.outputs = Outputs(send or self.send, text_bytes, 1000)
        self.names = {"outputs": self.outputs}
        self._child = Child(self, Shell(self.names), self.outputs, Spare())

    # what a child asks of its channel

    def read(self):
        received = self._said.next()
        if received is None:
            raise EOFError
        return received

    def write(self, data):
        self._heard.feed(data)

    def send(self, event):
        self.write(message("event", event))

    # the grader's end

    def says(self, kind, *parts):
        encoder = Encoder(Ends())
        for part in (kind, *parts):
            encoder.put(part)
        self._said.feed(frame(encoder.items, encoder.raw))

    def requests(self, kind, *parts, seconds=60.0, released=()):
        """Put a request before the child; its number."""
        self._number += 1
        self.says(kind, self._number, seconds, released, *parts)
        return self._number

    def requests_to_do(self, operation, *arguments, first=1, errors=None, seconds=60.0, **named):
        pairs = tuple(part for pair in named.items() for part in pair)
        return self.requests("do", operation, first, errors, arguments, pairs, seconds=seconds)

    def returns(self, asked, value, first=0):
        """Put before the child what one of our functions returns."""
        self.says("return", asked, "", "", first, value)

    def raises(self, asked, kind, text, whole=None):
        """Put before the child what one of our functions raises."""
        self.says("return", asked, kind, text, 0, whole)

    def hears(self):
        """All that the child says to what was put before it."""
        with contextlib.suppress(EOFError):
            self._child.serve()
        heard = []
        while (received := self._heard.next()) is not None:
            decoder = Decoder(received, Ends())
            heard.append([received.kind])
            while operator.length_hint(decoder.items):
                heard[-1].append(decoder.value())
        return heard

    def ask(self, kind, *parts, **options):
        """The one answer to a request."""
        number = self.requests(kind, *parts, **options)
        (answer,) = self.hears()
        assert answer[1] == number
        return [answer[0], *answer[2:]]

    def do(self, operation, *arguments, **options):
        """The one answer to an operation."""
        number = self.requests_to_do(operation, *arguments, **options)
        (answer,) = self.hears()
        assert answer[1] == number
        return [answer[0], *answer[2:]]

    def handle_of(self, value):
        """The handle of an object of the student's."""
        self.names["it"] = value
        kind, found, changed = self.ask("names", ("it",))
        assert (kind, changed) == ("done", ())
        return found["it"]
