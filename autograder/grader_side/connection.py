"""One connection to one child: messages with deadlines, and requests that may be answered by callbacks first.

The child may be hostile. What it sends is bounded before it is kept, decoded without running anything, and
held against the few messages that are allowed at that moment; anything else is a BrokenReply.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Protocol, Self

import numpy as np

from autograder.grader_side.errors import BrokenReply, SandboxError, StudentDied, exception_of
from autograder.grader_side.lending import Lending
from autograder.grader_side.limits import GRACE_SECONDS
from autograder.student_side.wire import Decoder, Encoder, Frames, Tree, WireError, frame

CHUNK = 2**18
MAX_NESTING = 24
MAX_NAMES = 8
USUAL_ERRORS = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}

Event = list[Any]


class Translator(Protocol):
    """Gives meaning to what is not plain data: handles of student objects, functions of the grader's."""

    def encode(self, value: Any) -> Tree:
        """The tree of a handle or a function; TypeError for anything else."""

    def decode(self, tree: list[Any]) -> Any:
        """The handle or function of a tree; WireError for anything else."""

    def function(self, number: int) -> Callable[..., Any]:
        """The grader's function with this number; WireError when there is none."""

    def released(self) -> list[int]:
        """The handles given up since the last call."""


class Connection:
    """Requests to a child, one at a time, nested where a callback makes another."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._frames = Frames()
        self._last = 0
        self._nesting = 0
        self.lending = Lending()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; the child finds out by itself or is killed."""
        self._sock.close()

    def probe(self, deadline: float) -> dict[str, Any]:
        """What a fresh child finds to be in force. Raises SandboxError when it does not answer."""
        try:
            facts = self._exchange("probe", [], deadline, _Plain(), lambda event: None)
        except Exception as error:
            raise SandboxError(f"the probe failed: {error}") from error
        if not isinstance(facts, dict):
            raise SandboxError("the probe failed")
        return facts

    def run(self, source: str, deadline: float, on_event: Callable[[Event], None]) -> None:
        """Run a cell of the student's; what it shows arrives through ``on_event``. Raises StudentDied."""
        self._never_raising("run", [source], deadline, _Plain(), on_event)

    def names(self, names: list[str], deadline: float, translator: Translator) -> dict[str, Any]:
        """The values of those names that the student's namespace has."""
        found = self._never_raising("names", [names], deadline, translator, lambda event: None)
        if type(found) is not dict or not set(found) <= set(names):
            raise BrokenReply("the student's process answered with names that were not asked for")
        return found

    def do(
        self,
        operation: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        deadline: float,
        translator: Translator,
        on_event: Callable[[Event], None],
    ) -> Any:
        """The value of an operation on the student's side.

        Arrays among the arguments that it changed in place are changed here too. An exception raised there is
        raised here; StudentDied when the child is gone or takes too long, BrokenReply when its answer is
        none.
        """
        encoder = Encoder(translator.encode)
        try:
            trees = [operation, encoder.tree(args), encoder.tree(kwargs)]
        except WireError as error:
            raise TypeError(f"this argument cannot be handed to student code: {error}") from None
        # Where the check tells NumPy not to warn, the student's code is not to either.
        errors = np.geterr()
        trees += [self.lending.add(encoder.arrays), None if errors == USUAL_ERRORS else list(errors.values())]
        return self._exchange("do", trees, deadline, translator, on_event)

    def _never_raising(self, *request: Any) -> Any:
        """The answer to a request in which no exception of the student's gets out of an honest process."""
        try:
            return self._exchange(*request)
        except StudentDied:
            raise
        except Exception as error:
            raise BrokenReply(f"the student's process failed ({type(error).__name__})") from None

    def _exchange(
        self,
        kind: str,
        request: list[Any],
        deadline: float,
        translator: Translator,
        on_event: Callable[[Event], None],
    ) -> Any:
        self._last += 1
        number = self._last
        seconds = max(deadline - time.monotonic(), 0.001)
        self._send([kind, number, seconds, translator.released(), *request], deadline)
        while True:
            message = self._receive(deadline + GRACE_SECONDS)
            if message[0] in ("done", "raise"):
                return self._answer(message, number, translator)
            if message[0] == "callback":
                self._call_back(message, translator, deadline)
            else:
                on_event(message)

    def _answer(self, message: list[Any], number: int, translator: Translator) -> Any:
        """The value of a "done" message; raises the exception of a "raise" message, or BrokenReply."""
        error = None
        try:
            if message[0] == "done":
                _, answered, value, changes = message
                result = Decoder(translator.decode).value(value)
            else:
                _, answered, names, arguments, changes = message
                error = _raised(names, arguments)
            if type(answered) is not int or answered != number:
                raise WireError("it answers another request")
            self.lending.write_back(changes)
        except (WireError, ValueError) as broken:
            raise BrokenReply(f"the student's process gave an answer that is none: {broken}") from None
        if error is not None:
            raise error
        return result

    def _call_back(self, message: list[Any], translator: Translator, deadline: float) -> None:
        """Call the grader's function that student code calls, and send what it returns or raises."""
        try:
            _, asked, number, args, kwargs = message
            decoder = Decoder(translator.decode)
            function = translator.function(number)
            arguments, named = decoder.value(args), decoder.value(kwargs)
            if type(arguments) is not tuple or type(named) is not dict or type(asked) is not int:
                raise WireError("a call should have a tuple and a dict of arguments")
        except (WireError, ValueError, TypeError) as error:
            raise BrokenReply(f"the student's process made a call that is none: {error}") from None
        self._nesting += 1
        try:
            if self._nesting > MAX_NESTING:
                raise RecursionError("calls between the student's code and the check's are nested too deep")
            value = Encoder(translator.encode).tree(function(*arguments, **named))
            reply = ["return", asked, value, "", ""]
        except StudentDied:
            raise
        except Exception as error:
            reply = ["return", asked, None, type(error).__name__, str(error)[:2000]]
        finally:
            self._nesting -= 1
        self._send(reply, deadline)

    def _send(self, message: list[Any], deadline: float) -> None:
        self._sock.settimeout(max(deadline + GRACE_SECONDS - time.monotonic(), 0.001))
        try:
            self._sock.sendall(frame(message))
        except TimeoutError:
            raise StudentDied("the student's process stopped listening") from None
        except WireError as error:
            raise TypeError(f"this cannot be handed to student code: {error}") from None
        except OSError:
            raise StudentDied("the student's process is gone") from None

    def _receive(self, deadline: float) -> list[Any]:
        while True:
            try:
                # Also while messages keep coming: a flood of them is no reason to wait longer.
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError
                message = self._frames.next()
                if message is not None:
                    return message
                self._sock.settimeout(left)
                data = self._sock.recv(CHUNK)
            except WireError as error:
                raise BrokenReply(f"the student's process sent what is no message: {error}") from None
            except TimeoutError:
                raise StudentDied("the student's code took too long and could not be interrupted") from None
            except OSError:
                data = b""
            if not data:
                raise StudentDied("the student's process ended")
            self._frames.feed(data)


class _Plain:
    """The translator of requests that carry plain data only."""

    def encode(self, value: Any) -> Tree:
        raise TypeError(f"{type(value).__name__} is not plain data")

    def decode(self, tree: list[Any]) -> Any:
        raise WireError("plain data was expected")

    def function(self, number: int) -> Callable[..., Any]:
        raise WireError("there is no function to call")

    def released(self) -> list[int]:
        return []


def _raised(names: Any, arguments: Any) -> Exception:
    if type(names) is not list or type(arguments) is not list or not 0 < len(names) <= MAX_NAMES:
        raise WireError("an exception should have names and arguments")
    if len(arguments) > 1 or not all(type(part) in (str, int) for part in (*names, *arguments)):
        raise WireError("an exception should have at most one argument, a text or an integer")
    if not all(type(name) is str for name in names):
        raise WireError("an exception's name should be a text")
    return exception_of(names, arguments)
