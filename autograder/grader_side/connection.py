"""One connection to one child: messages with deadlines, and requests that may be answered by callbacks first.

The child may be hostile. What it sends is bounded before it is kept, and held against the few messages that
are allowed at that moment; anything else is a BrokenReply. What they say is read in ``answers``.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from typing import Any, Self

import numpy as np

from autograder.grader_side.answers import (
    Event,
    Ours,
    Translator,
    answer_of,
    call_of,
    ends_the_check,
    event_of,
)
from autograder.grader_side.clock import SHORTEST_NAP, Deadline
from autograder.grader_side.compiled import Said
from autograder.grader_side.errors import (
    BrokenReply,
    CannotCross,
    Ended,
    MachineFull,
    SandboxError,
    StudentDied,
    Unseen,
)
from autograder.grader_side.lending import Lending
from autograder.grader_side.limits import GRACE_SECONDS
from autograder.grader_side.shared import Shared
from autograder.student_side.frames import Frames, Message, WireError, frame
from autograder.student_side.texts import text_of
from autograder.student_side.wire import Encoder, Plain
from course_lib.grading import CheckEnded

CHUNK = 2**16  # read at once: for more, memory is mapped and given back at every message
MAX_NESTING = 24
USUAL_ERRORS = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}


class Connection:
    """Requests to a child, one at a time, nested where a callback makes another."""

    shared: Shared | None = None  # that the child may fill
    said: Said | None = None  # which takes note of what the child says

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._sock.settimeout(SHORTEST_NAP)
        self._frames = Frames()
        self._last = 0
        self._nesting = 0
        self.lending = Lending()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; the child finds out by itself or is killed."""
        self._sock.close()

    def probe(self, deadline: Deadline) -> dict[str, Any]:
        """What a fresh child finds to be in force. Raises SandboxError when it does not answer."""
        try:
            facts = self._exchange("probe", [], deadline, _Plain(), lambda event: None)
        except (Exception, CheckEnded) as error:
            raise SandboxError(f"the probe failed: {error}") from error
        if not isinstance(facts, dict):
            raise SandboxError("the probe failed")
        return facts

    def run(self, source: str, deadline: Deadline, on_event: Callable[[Event], None]) -> None:
        """Run a cell of the student's; what it shows arrives through ``on_event``. Raises StudentDied."""
        self.lending.forget()  # a graded cell above is over, whatever it changed
        try:
            self._never_raising("run", [source], deadline, _Plain(), on_event)
        except CannotCross as error:
            raise StudentDied(f"a cell that cannot be run: {error}") from None

    def names(self, names: list[str], deadline: Deadline, translator: Translator) -> dict[str, Any]:
        """The values of those names that the student's namespace has."""
        found = self._never_raising("names", [tuple(names)], deadline, translator, lambda event: None)
        if type(found) is not dict or not set(found) <= set(names):
            raise BrokenReply("the student's process answered with names that were not asked for")
        return found

    def work_in(self, path: str, deadline: Deadline) -> None:
        """Have student code work in a directory of this path, where it has a file system of its own."""
        self._never_raising("work_in", [path], deadline, _Plain(), lambda event: None)

    def put(self, name: str, data: bytes, fixed: bool, deadline: Deadline) -> None:
        """Put a file into the child's working directory; one of the release's is ``fixed``."""
        self._never_raising("put", [name, data, fixed], deadline, _Plain(), lambda event: None)

    def written(self, deadline: Deadline) -> dict[str, bytes]:
        """The files that student code wrote there, as it says."""
        found = self._never_raising("written", [], deadline, _Plain(), lambda event: None)
        if type(found) is not dict or not all(
            type(name) is str and type(data) is bytes for name, data in found.items()
        ):
            raise BrokenReply("the student's process answered with what are no files")
        return found

    def inside(
        self, source: str, before: tuple[str, ...], deadline: Deadline, on_event: Callable[[Event], None]
    ) -> tuple[str, float, str]:
        """How a graded cell ended over there (:mod:`autograder.student_side.inside`); it may be a lie."""
        self.lending.forget()
        verdict = self._never_raising("inside", [source, before], deadline, _Plain(), on_event)
        if type(verdict) is not tuple or [type(part) for part in verdict] != [str, float, str]:
            raise BrokenReply("the student's process answered with what is no verdict")
        return verdict

    def do(
        self,
        operation: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        deadline: Deadline,
        translator: Translator,
        on_event: Callable[[Event], None],
    ) -> Any:
        """The value of an operation on the student's side.

        Arrays among the arguments that it changed in place are changed here too. An exception raised there is
        raised here; StudentDied when the child is gone or takes too long, BrokenReply when its answer is
        none.
        """
        # Where the check tells NumPy not to warn, the student's code is not to either.
        errors = np.geterr()
        quiet = None if errors == USUAL_ERRORS else tuple(errors.values())
        named = tuple(part for pair in kwargs.items() for part in pair)
        request = [operation, self.lending.next, quiet, args, named]
        return self._exchange("do", request, deadline, translator, on_event)

    def _never_raising(self, *request: Any) -> Any:
        """The answer to a request in which no exception of the student's gets out of an honest process."""
        try:
            return self._exchange(*request)
        except (StudentDied, CannotCross):
            raise
        except (Exception, CheckEnded) as error:
            raise BrokenReply(f"the student's process failed ({type(error).__name__})") from None

    def _exchange(
        self,
        kind: str,
        request: list[Any],
        deadline: Deadline,
        translator: Translator,
        on_event: Callable[[Event], None],
    ) -> Any:
        self._last += 1
        number = self._last
        seconds = max(deadline.seconds, 0.001)
        self._send([kind, number, seconds, translator.released(), *request], deadline, translator)
        ours = Ours()
        while True:
            message = self._receive(deadline)
            # What a cell of the student's own shows, no graded one gets.
            if self.said is not None and (kind == "do" or message.kind != "event"):
                self.said.hear(message)
            if message.kind == "done" or message.kind == "raise":
                return answer_of(message, number, translator, self.lending, ours)
            if message.kind == "callback":
                self._call_back(message, translator, deadline, ours)
            elif message.kind == "event":
                on_event(event_of(message))
            else:
                raise BrokenReply("the student's process sent what nobody asked for")

    def _call_back(self, message: Message, translator: Translator, deadline: Deadline, ours: Ours) -> None:
        """Call the grader's function that student code calls, and send what it returns or raises."""
        asked, function, arguments, keywords = call_of(message, translator)
        self._nesting += 1
        try:
            if ours.ending is not None:
                raise ours.ending
            if self._nesting > MAX_NESTING:
                raise RecursionError("calls between the student's code and the check's are nested too deep")
            value = function(*arguments, **keywords)
            self._send(["return", asked, "", "", self.lending.next, value], deadline, translator)
        except StudentDied:
            raise
        except (Exception, CheckEnded) as error:
            # Student code gets to see it, and may end as it likes; then we go on with what was raised here.
            if ends_the_check(error):
                ours.ending = error
            ours.raised[asked] = error
            kind = "RuntimeError" if isinstance(error, CheckEnded) else type(error).__name__
            whole = error if getattr(error, "_wall", None) is not None else None  # the student's own, of old
            self._send(["return", asked, kind, text_of(error), 0, whole], deadline, translator)
        finally:
            self._nesting -= 1

    def _send(self, parts: list[Any], deadline: Deadline, translator: Translator) -> None:
        encoder = Encoder(translator)
        encoder.items.append(parts[0])
        try:
            for part in parts[1:]:
                encoder.put(part)
            data = frame(encoder.items, encoder.raw)
        except WireError as error:
            raise CannotCross(str(error)) from None
        if kind := self.lending.changed_here(encoder.met):
            raise Unseen(kind)
        self.lending.add(encoder.met)
        self.lending.see(encoder.met)
        rest = memoryview(data)
        try:
            while rest:
                if deadline.nap(GRACE_SECONDS) <= 0:
                    raise StudentDied("the student's process stopped listening")
                with contextlib.suppress(TimeoutError):
                    rest = rest[self._sock.send(rest) :]
        except OSError:
            raise Ended("the student's process is gone") from None

    def _receive(self, deadline: Deadline) -> Message:
        while True:
            try:
                # Also while messages keep coming: a flood of them is no reason to wait longer.
                if deadline.nap(GRACE_SECONDS) <= 0:
                    raise StudentDied("the student's code took too long and could not be interrupted")
                if self.shared is not None and (scarce := self.shared.is_scarce()):
                    raise MachineFull(f"{scarce} when the student's code ran, which was ended")
                message = self._frames.next()
                if message is not None:
                    return message
                data = self._sock.recv(CHUNK)
            except WireError as error:
                raise BrokenReply(f"the student's process sent what is no message: {error}") from None
            except TimeoutError:
                continue
            except OSError:
                data = b""
            if not data:
                raise Ended("the student's process ended")
            self._frames.feed(data)


class _Plain(Plain):
    """The translator of requests that carry plain data only."""

    def encode(self, value: Any, encoder: Encoder, depth: int) -> None:
        raise CannotCross(f"a {type(value).__name__} is not plain data")

    def function(self, number: int) -> Callable[..., Any]:
        raise WireError("there is no function to call")

    def released(self) -> tuple[int, ...]:
        return ()
