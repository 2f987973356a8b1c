"""One notebook's child: runs the student's cells, then answers calls by value until it is killed."""

from __future__ import annotations

import builtins
import signal
import socket
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from types import FrameType
from typing import Any

import numpy as np

from autograder.student_side.confine import probe
from autograder.student_side.lent import Lent
from autograder.student_side.objects import OPERATIONS, Handles
from autograder.student_side.outputs import Outputs, captured
from autograder.student_side.shell import StudentShell
from autograder.student_side.wire import Decoder, Encoder, Frames, Tree, WireError, frame

CHUNK = 2**18
MAX_MESSAGE = 2000
RING_AGAIN = 0.5  # seconds in which an interrupted cell can show its error, or an ``except:`` let go


class TimeLimit(BaseException):
    """The time for a cell or a call is over; no Exception, so that ``except Exception`` lets it through."""


class Alarm:
    """A wall-clock limit by SIGALRM: a block that takes longer gets a TimeLimit. Blocks may be nested."""

    deadlines: list[float] = []  # noqa: RUF012 (one clock for the process)
    sending = False

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        Alarm.deadlines.append(time.monotonic() + self._seconds)
        Alarm.set()

    def __exit__(self, *error: object) -> None:
        Alarm.deadlines.pop()
        Alarm.set()

    @classmethod
    def listen(cls) -> None:
        """Answer the signal, whatever student code did with it; unanswered, a limit ends the process."""
        if hasattr(signal, "SIGALRM"):  # not on Windows, where the grader's side ends the process instead
            signal.signal(signal.SIGALRM, cls.ring)

    @classmethod
    def set(cls) -> None:
        """Set the timer to the nearest deadline; it rings again for code that catches everything."""
        left = max(min(cls.deadlines) - time.monotonic(), 0.001) if cls.deadlines else 0.0
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, left, RING_AGAIN)

    @classmethod
    def ring(cls, number: int, where: FrameType | None) -> None:
        """Raise TimeLimit, unless the limit is over meanwhile; a little later if a message is half sent."""
        if cls.deadlines and time.monotonic() >= min(cls.deadlines):
            if not cls.sending:
                raise TimeLimit("stopped: this took longer than it may")
            signal.setitimer(signal.ITIMER_REAL, 0.01, RING_AGAIN)


class Channel:
    """Messages over a blocking socket."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._frames = Frames()

    def send(self, message: list[Any]) -> None:
        """Send one message whole; a time limit that runs out meanwhile waits."""
        Alarm.sending = True
        try:
            self._connection.sendall(frame(message))
        finally:
            Alarm.sending = False

    def read(self) -> list[Any]:
        """The next message; raises EOFError when the grader's side is gone."""
        while True:
            message = self._frames.next()
            if message is not None:
                return message
            data = self._connection.recv(CHUNK)
            if not data:
                raise EOFError("the grader's side closed the connection")
            self._frames.feed(data)


class Child:
    """Answers the grader's side, one request at a time; requests nest when student code calls a callback."""

    def __init__(self, channel: Channel, shell: StudentShell, outputs: Outputs) -> None:
        self._channel = channel
        self._shell = shell
        self._outputs = outputs
        self._handles = Handles()
        self._lent = Lent()
        self._callbacks: dict[int, Callable[..., Any]] = {}
        self._callback_numbers: dict[int, int] = {}
        self._asked = 0

    def serve(self) -> None:
        """Answer until the connection ends."""
        while True:
            message = self._channel.read()
            if message[0] != "return":  # one that comes late, for a callback that a time limit ended
                self._answer(message)

    def _answer(self, request: list[Any]) -> None:
        kind, number, seconds, released, *rest = request
        self._handles.release(released)
        # Made at every request: kept in an attribute, student code could empty it.
        actions: dict[str, Callable[..., list[Any]]] = {
            "do": self._do,
            "run": self._run,
            "names": self._names,
            "probe": self._probe,
        }
        try:
            reply = actions[kind](number, seconds, *rest)
        except BaseException as error:
            # Whatever student code raises is an answer, SystemExit too; only the grader ends this process.
            reply = ["raise", number, *_described(error), []]
        self._send(reply)

    def _send(self, reply: list[Any]) -> None:
        try:
            self._outputs.flush()
            self._channel.send(reply)
        except WireError as error:
            self._channel.send(["raise", reply[1], *_described(error), []])

    def _probe(self, number: int, seconds: float) -> list[Any]:
        return ["done", number, Encoder(self._other).tree(probe()), []]

    def _run(self, number: int, seconds: float, source: str) -> list[Any]:
        self._outputs.start()
        Alarm.listen()
        with Alarm(seconds):
            succeeded = self._shell.run(source)
        return ["done", number, succeeded, []]

    def _names(self, number: int, seconds: float, names: list[str]) -> list[Any]:
        found: list[Any] = ["d"]
        Alarm.listen()  # once for each graded cell: at every call it would cost more than the timer does
        with Alarm(seconds):
            for name in names:
                if name in self._shell.user_ns:
                    found += [name, self._tree_or_handle(self._shell.user_ns[name])]
        return ["done", number, found, []]

    def _tree_or_handle(self, value: Any) -> Tree:
        try:
            return Encoder(self._other).tree(value)
        except WireError:
            return self._other(value)

    def _do(
        self,
        number: int,
        seconds: float,
        operation: str,
        args: Tree,
        kwargs: Tree,
        first: int,
        errors: list[str] | None,
    ) -> list[Any]:
        decoder = Decoder(self._decoded)
        arguments, named = decoder.value(args), decoder.value(kwargs)
        self._lent.add(first, decoder.arrays)
        reply: list[Any]
        with captured(self._outputs):
            try:
                with Alarm(seconds), nullcontext() if errors is None else _errstate(*errors):
                    value = OPERATIONS[operation](*arguments, **named)
                    reply = ["done", number, Encoder(self._other).tree(value)]
            except BaseException as error:
                reply = ["raise", number, *_described(error)]
        return [*reply, self._lent.changes()]

    def _other(self, value: Any) -> Tree:
        number = self._callback_numbers.get(id(value))
        return self._handles.keep(value) if number is None else ["c", number]

    def _decoded(self, tree: list[Any]) -> Any:
        tag, number, *rest = tree
        return self._handles.get(number) if tag == "h" else self._callback(number, rest[0])

    def _callback(self, number: int, name: str) -> Callable[..., Any]:
        if number not in self._callbacks:

            def callback(*args: Any, **kwargs: Any) -> Any:
                return self._ask(number, args, kwargs)

            callback.__name__ = callback.__qualname__ = name
            self._callbacks[number] = callback
            self._callback_numbers[id(callback)] = number
        return self._callbacks[number]

    def _ask(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function of the grader's side; while it runs there, answer what it asks of us."""
        self._asked += 1
        asked = self._asked
        encoder = Encoder(self._other)
        self._channel.send(["callback", asked, number, encoder.tree(args), encoder.tree(kwargs)])
        while True:
            message = self._channel.read()
            if message[0] != "return":
                self._answer(message)
            elif message[1] == asked:
                break
        _, _, value, error, text = message
        if error:
            raise getattr(builtins, error, RuntimeError)(text)
        return Decoder(self._decoded).value(value)


def _errstate(divide: Any, over: Any, under: Any, invalid: Any) -> AbstractContextManager[Any]:
    """NumPy's handling of floating-point errors as the check has it."""
    return np.errstate(divide=divide, over=over, under=under, invalid=invalid)


def _nothing_else(value: Any) -> Tree:
    raise WireError(f"an array of dtype {getattr(value, 'dtype', None)} cannot be written back")


def _described(error: BaseException) -> list[Any]:
    """An exception as its class names, its own first, and its arguments if they are plain, else its text."""
    names = [str(kind.__name__)[:MAX_MESSAGE] for kind in type(error).__mro__[:-2]]
    if isinstance(error, TimeLimit):
        names = ["TimeLimit", "TimeoutError"]
    if isinstance(error, WireError):
        names = ["WireError"]  # ours: it must not pass for the ValueError that a check may expect
    arguments = getattr(error, "args", ())
    if type(arguments) is tuple and len(arguments) == 1 and type(arguments[0]) in (str, int):
        arguments = list(arguments)
    else:
        arguments = [_text_of(error)]
    plain = [item[:MAX_MESSAGE] if type(item) is str else item for item in arguments]
    return [names[:8], [Encoder(_nothing_else).tree(item) for item in plain]]


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as second:
        return f"(its text could not be made: {type(second).__name__})"
