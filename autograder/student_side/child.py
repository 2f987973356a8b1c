"""One notebook's child: runs the student's cells, then answers calls by value until it is killed."""

from __future__ import annotations

import builtins
import os
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any

import numpy as np

from autograder.student_side import files
from autograder.student_side.alarm import Alarm, TimeLimit
from autograder.student_side.channel import Channel
from autograder.student_side.classes import NAMES_OF_CLASSES
from autograder.student_side.confine import probe
from autograder.student_side.errors import described, line_of
from autograder.student_side.exact import error_parts
from autograder.student_side.forked import in_a_fork
from autograder.student_side.frames import MAX_FRAME, Message, WireError, frame
from autograder.student_side.inside import verdict_on
from autograder.student_side.objects import done
from autograder.student_side.outputs import Outputs, captured
from autograder.student_side.shell import StudentShell
from autograder.student_side.spare import Spare
from autograder.student_side.texts import clean, text_of
from autograder.student_side.values import Kept, Values
from autograder.student_side.wire import Decoder, Encoder, message
from course_lib.gradcheck.lines.calling import as_it_is
from course_lib.gradcheck.withheld import Asking


class Child:
    """Answers the grader's side, one request at a time; requests nest when student code calls a callback."""

    def __init__(self, channel: Channel, shell: StudentShell, outputs: Outputs, spare: Spare) -> None:
        self._channel = channel
        self._spare = spare
        self._shell = shell
        self._outputs = outputs
        self._values = Values(self._ask)
        self._asked = 0
        self._turn = threading.RLock()  # of threads that ask: each would hear another's answer
        self._home = os.getcwd()

    def serve(self) -> None:
        """Answer until the connection ends."""
        while True:
            received = self._read()
            if received.kind != "return":  # one that comes late, for a callback that a time limit ended
                self._answer(received)

    def _read(self) -> Message:
        try:
            return self._channel.read()
        except (MemoryError, WireError):  # what the grader's side sends is well formed where it can be read
            self._spare.give_up()
            return self._channel.read()

    def _answer(self, request: Message) -> None:
        """Send the reply to a request, also where student code took all the memory that there is."""
        decoder = Decoder(request, self._values)
        number, seconds, released = decoder.value(), decoder.value(), decoder.value()
        self._values.handles.release(released)
        asked = os.getpid()
        try:
            reply = self._reply(request.kind, number, seconds, decoder)
        except MemoryError as error:
            self._spare.give_up()
            reply = message("raise", number, 0, *_named(error), None, ())
        if os.getpid() != asked:  # student code forked, and did not end what it made: one of the two answers
            os._exit(0)
        with suppress(MemoryError):  # what was shown is lost, and the reply is not
            self._outputs.flush()
        self._channel.write(reply)
        self._spare.keep()

    def _reply(self, kind: str, number: int, seconds: float, request: Decoder) -> bytes:
        # Made at every request: kept in an attribute, student code could empty it.
        actions: dict[str, Callable[[int, float, Decoder], bytes]] = {
            "do": self._do,
            "run": self._run,
            "inside": self._inside,
            "work_in": self._work_in,
            "put": self._put,
            "written": self._written,
            "names": self._names,
            "probe": self._probe,
        }
        try:
            return actions[kind](number, seconds, request)
        except BaseException as error:
            # Whatever student code raises is an answer, SystemExit too; only the grader ends this process.
            return self._raised(number, error)

    def _done(self, number: int, value: Any) -> bytes:
        """The answer to a request: its value, and what student code changed in place."""
        encoder = Encoder(self._values)
        encoder.items += "done", number
        encoder.put(value)
        return self._with_changes(encoder)

    def _with_changes(self, encoder: Encoder) -> bytes:
        changed = self._values.lent.changed()
        encoder.all(b"t", changed)
        data = frame(encoder.items, encoder.raw)
        self._values.lent.settle(changed)
        return data

    def _raised(self, number: int, error: BaseException) -> bytes:
        """The same, of a request that ended with an exception; whether it is one that a callback raised."""
        passed_on = getattr(error, "_asked", 0)
        encoder = Encoder(self._values)
        encoder.items += "raise", number
        for part in ((type(passed_on) is int and passed_on) or 0, *_named(error)):
            encoder.put(part)
        try:
            encoder.put(_whole(error))
            return self._with_changes(encoder)
        except WireError as broken:
            return message("raise", number, 0, *_named(broken), None, ())

    def _probe(self, number: int, seconds: float, request: Decoder) -> bytes:
        return self._done(number, probe())

    def _run(self, number: int, seconds: float, request: Decoder) -> bytes:
        source = request.value()
        self._outputs.start()
        Alarm.listen()
        try:
            with Alarm(seconds):
                succeeded = self._shell.run(source)
        except MemoryError:  # not even for the words to say so
            self._spare.give_up()
            succeeded = False
            self._outputs.error("MemoryError", "", ["MemoryError"])
        return message("done", number, succeeded, ())

    def _work_in(self, number: int, seconds: float, request: Decoder) -> bytes:
        self._home = files.work_in(self._home, request.value())
        return self._done(number, None)

    def _put(self, number: int, seconds: float, request: Decoder) -> bytes:
        files.put(self._home, request.value(), request.value(), request.value())
        return self._done(number, None)

    def _written(self, number: int, seconds: float, request: Decoder) -> bytes:
        with Alarm(seconds):
            return self._done(number, files.written(self._home))

    def _inside(self, number: int, seconds: float, request: Decoder) -> bytes:
        source, before = request.value(), request.value()
        self._outputs.start()
        Alarm.listen()

        def work() -> bytes:
            try:
                with Alarm(seconds):
                    verdict = verdict_on(self._shell, source, before)
            except BaseException as error:  # what student code raises, an exit too, is how its cell ended
                verdict = "raised", 0.0, f"{type(error).__name__}: {text_of(error)}"
            self._outputs.flush()
            return message("done", number, (*verdict[:2], clean(verdict[2])), ())

        return in_a_fork(work) or message("done", number, ("raised", 0.0, "Stopped: its process ended"), ())

    def _names(self, number: int, seconds: float, request: Decoder) -> bytes:
        wanted: list[str] = request.value()
        Alarm.listen()  # once for each graded cell: at every call it would cost more than the timer does
        try:
            return self._named_values(number, seconds, wanted)
        except MemoryError:  # without them, nothing that the cell calls is there
            self._spare.give_up()
            return self._named_values(number, seconds, wanted)

    def _named_values(self, number: int, seconds: float, wanted: list[str]) -> bytes:
        found = {name: self._shell.user_ns[name] for name in wanted if name in self._shell.user_ns}
        with Alarm(seconds):
            try:
                return self._done(number, found)
            except WireError:  # too large: what takes more than its share stays, and is asked for its parts
                share = MAX_FRAME // (len(found) + 1)
                kept = {
                    name: value if self._values.size_of(value) < share else Kept(value)
                    for name, value in found.items()
                }
                return self._done(number, kept)

    def _do(self, number: int, seconds: float, request: Decoder) -> bytes:
        operation, first, errors = request.value(), request.value(), request.value()
        arguments, named = request.value(), request.value()
        self._values.lent.add(first, request.met)
        with captured(self._outputs):
            try:
                with Alarm(seconds), nullcontext() if errors is None else _errstate(*errors):
                    if operation == "in_turn":
                        return self._in_turn(number, arguments)
                    with Asking():
                        value = done(operation, arguments, named)
                    try:
                        return self._done(number, value)
                    except WireError:  # too large
                        return self._done(number, Kept(value))
            except BaseException as error:
                return self._raised(number, error)

    def _in_turn(self, number: int, calls: tuple[Any, ...]) -> bytes:
        """The answer to calls in a row: what each returned, as it was before the next one was made."""
        encoder, too_large, values = Encoder(self._values), False, []
        encoder.items += "done", number, b"t", len(calls)
        for call in calls:
            with Asking():
                values.append(as_it_is(done(*call)))
            try:
                if not too_large:
                    encoder.put_anew(values[-1], depth=1)
            except WireError:
                too_large = True
        with suppress(WireError):
            if not too_large:
                return self._with_changes(encoder)
        return self._done(number, Kept(values))

    def _ask(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function of the grader's side; while it runs there, answer what it asks of us."""
        with self._turn:
            return self._hear(number, args, kwargs)

    def _hear(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self._asked += 1
        asked = self._asked
        encoder = Encoder(self._values)
        encoder.items += "callback", asked, number
        encoder.put(args)
        encoder.put(encoder.pairs(kwargs))
        self._channel.write(frame(encoder.items, encoder.raw))
        # Put back to what it was, an argument has changed again, compared with what went over here.
        self._values.lent.settle(encoder.met)
        while True:
            received = self._read()
            if received.kind != "return":
                self._answer(received)
                continue
            answer = Decoder(received, self._values)
            if answer.value() == asked:
                break
        error, text, first = answer.value(), answer.value(), answer.value()
        if error:
            whole = answer.value()
            raised: Any = (
                whole if isinstance(whole, Exception) else getattr(builtins, error, RuntimeError)(text)
            )
            raised._asked = asked
            raise raised
        value = answer.value()
        self._values.lent.add(first, answer.met)
        return value


def _errstate(divide: Any, over: Any, under: Any, invalid: Any) -> AbstractContextManager[Any]:
    """NumPy's handling of floating-point errors as the check has it."""
    return np.errstate(divide=divide, over=over, under=under, invalid=invalid)


def _named(error: BaseException) -> list[Any]:
    """An exception as its class names, its own first, its argument or text, and the line that raised it."""
    names, argument = described(error)
    if isinstance(error, TimeLimit):
        names = ["TimeLimit", "TimeoutError"]
    if isinstance(error, WireError):
        names = ["WireError"]  # ours: it must not pass for the ValueError that a check may expect
    return [names, argument, line_of(error)]


def _whole(error: BaseException) -> Exception | None:
    """The exception itself, where its class or its arguments say more than its names and its text."""
    if not issubclass(type(error), Exception) or isinstance(error, WireError):
        return None
    own = type(error) not in NAMES_OF_CLASSES
    if own:
        error.__traceback__ = None  # it would keep all that the call's frames hold
    return error if own or (len(error.args) != 1 and error_parts(error) is not None) else None  # type: ignore[return-value]
