"""A child that says what a test has it say, at the other end of a grader's connection."""

import operator

from autograder.grader_side.clock import Clock, Deadline
from autograder.grader_side.errors import CannotCross
from autograder.student_side.frames import Frames, WireError
from autograder.student_side.translator import Plain
from autograder.student_side.wire import Decoder, message


class Translator(Plain):
    """Knows some functions of the grader's, and no object."""

    def __init__(self, *functions):
        self.functions = functions

    def encode(self, value, encoder, depth):
        raise CannotCross(f"a {type(value).__name__}")

    def function(self, number):
        if not 0 <= number < len(self.functions):
            raise WireError("no such function")
        return self.functions[number]

    def released(self):
        return (7, 8)


class Child:
    """The other end: what it says waits to be read, as it may come at any time."""

    def __init__(self, end):
        self._end, self._frames = end, Frames()
        end.settimeout(5)

    def says(self, kind, *parts):
        self._end.sendall(message(kind, *parts))

    def answers(self, value, number=1, changed=()):
        self.says("done", number, value, changed)

    def raises(self, names, argument, number=1, passed_on=None, line="", whole=None):
        self.says("raise", number, passed_on, names, argument, line, whole, ())

    def sends(self, data):
        self._end.sendall(data)

    def hears(self):
        """The next message of the grader's, as its kind and parts."""
        while (received := self._frames.next()) is None:
            data = self._end.recv(2**16)
            assert data, "the connection was closed"
            self._frames.feed(data)
        decoder = Decoder(received, Plain())
        parts = [received.kind]
        while operator.length_hint(decoder.items):
            parts.append(decoder.value())
        return parts

    def hangs_up(self):
        self._end.close()


def soon():
    """A deadline that is far away."""
    return Deadline(Clock(), 60.0)
