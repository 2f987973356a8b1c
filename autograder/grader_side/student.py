"""The student's side of one notebook, as seen from the grader's: a child that is replaced when it dies."""

from __future__ import annotations

import contextlib
import weakref
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.grader_side.borrowed import Borrowed
from autograder.grader_side.clock import Clock, Deadline
from autograder.grader_side.connection import Connection, Event
from autograder.grader_side.errors import CannotCross, ObjectGone, SandboxError, StudentDied
from autograder.grader_side.handles import Handle, HandleClasses, Reference, as_operand
from autograder.grader_side.limits import Limits
from autograder.grader_side.outputs import CallOutputs
from autograder.grader_side.records import Records
from autograder.grader_side.sandbox import Sandbox
from autograder.student_side.frames import WireError
from autograder.student_side.wire import MAX_DEPTH, Decoder, Encoder
from course_lib.grading import CheckEnded

MAX_NAME = 80
SHORTER = 2  # what was stopped for its time has half of it when it is called again,
SEARCH_SECONDS = 10.0  # after so long no more wrong lines are looked for in a notebook
SHORTEST_SECONDS = 1.0  # and never less than this, unless calls are given less


@dataclass
class _Cell:
    """A cell that was run, and whether it ended its process: then it is not run again with the others."""

    source: str
    deadly: bool = False


class Student:
    """Runs a notebook's cells in a child, and operations on the objects they leave there.

    A child that dies is replaced by one in which the cells so far are run again: whenever a cell needs it,
    and once for each graded cell. All time counts against the notebook's but that in which
    the sandbox got ready, and that in which a child waited for a core (``Clock``). ``deaths`` says what
    children died of; ``lost`` is the error when it was the sandbox that failed, no fault of the student's.
    ``starved`` tells whether the wall's clock stopped something whose own time was not used up.
    """

    deepest = MAX_DEPTH

    def __init__(self, sandbox: Sandbox | Borrowed, limits: Limits) -> None:
        self._sandbox = sandbox
        self._limits = limits
        self._clock = Clock(self._waits)
        self._end = Deadline(self._clock, limits.notebook_seconds)
        self._cells: list[_Cell] = []
        self._connection: Connection | None = None
        self._generation = 0
        self._replacements = 0
        self._why_dead = ""
        self._functions: list[Callable[..., Any]] = []
        self._released: list[int] = []
        self._methods: dict[str, set[str]] = {}
        self._classes = HandleClasses()
        self._records = Records()
        self._kept: dict[int, tuple[weakref.ref[Any], Reference]] = {}
        self._heard = CallOutputs(limits.output_kb)
        self._hung: Counter[str] = Counter()
        self._searched = 0.0
        self.deaths: list[str] = []
        self.faults: list[str] = []
        self.lost: SandboxError | None = None
        self.starved = False

    @property
    def seconds_left(self) -> float:
        """How much of the notebook's time is left; negative when it is used up."""
        return self._end.seconds

    @property
    def seconds_used(self) -> float:
        """How much of the notebook's time was used."""
        return self._end.used

    @property
    def memory_bytes(self) -> int:
        """What a process of the student's may take; a check needs no more for what comes back."""
        return self._limits.memory_mb * 2**20

    def close(self) -> None:
        """End the child and all that it started."""
        if self._connection is not None:
            try:  # first, or it would find the connection closed and end by itself, which takes longer
                with contextlib.suppress(SandboxError):  # then it ended with its sandbox
                    self._sandbox.end_notebook()
            finally:
                self._connection.close()
                self._connection = None

    def run(self, source: str, on_event: Callable[[Event], None]) -> None:
        """Run a cell of the student's; raises StudentDied when it ends its process or the time is used up."""
        self._replacements = 1
        self._methods.clear()
        connection = self._ready()
        cell = _Cell(source)
        self._cells.append(cell)
        self._run(connection, cell, on_event)

    def begin_graded_cell(self) -> None:
        """Forget what the last graded cell handed over, and allow the child to be replaced once more."""
        self._replacements = 1
        self._functions.clear()
        if self._connection is not None:
            self._connection.lending.forget()
        self._heard = CallOutputs(self._limits.output_kb)

    def lookup(self, names: list[str]) -> dict[str, Any]:
        """The student's values for those of these global names that exist: plain data, or named handles."""
        try:
            return self._looked_up(names)
        except StudentDied:
            # It may have died unnoticed since the last cell; now there is a new one, if one is allowed.
            return self._looked_up(names)

    def _looked_up(self, names: list[str]) -> dict[str, Any]:
        connection = self._ready()
        deadline = self._deadline(self._limits.call_seconds)
        try:
            found = connection.names(names, deadline, self)
        except StudentDied as error:
            self._note_stop(deadline)
            raise self._buried(connection, error) from None
        for name, value in found.items():
            if isinstance(value, Handle):
                value._wall.name = name
        return dict(found)

    def do(self, operation: str, *args: Any, **kwargs: Any) -> Any:
        """The value of an operation on the student's side; see Connection.do."""
        connection = self._ready()
        deadline = self._deadline(self._seconds_for(operation, args))
        heard = self._heard
        try:
            return connection.do(operation, args, kwargs, deadline, self, heard.add)
        except StudentDied as error:
            self._note_stop(deadline)
            raise self._buried(connection, error) from None
        except CannotCross as error:
            raise self._at_fault(operation, args, error) from None
        finally:
            self._note_stop(deadline)
            if deadline.over:
                self._hung[_described(operation, *args)] += 1
            heard.warn()

    def search_line(self, function: Any, rest: list[Any], dout: Any, seed: int) -> str:
        """What the student's process finds of a wrong line (student_side.line_search); "" for nothing."""
        connection = self._connection
        if connection is None or self._searched > SEARCH_SECONDS:
            return ""
        began, deadline = self._clock.wall(), self._deadline(self._limits.call_seconds)
        try:
            found = connection.do("find_line", (function, rest, dout, seed), {}, deadline, self, _ignore)
        except StudentDied as error:
            self._buried(connection, error)
            return ""
        except (Exception, CheckEnded):
            return ""
        finally:
            self._searched += self._clock.wall() - began
        return found if type(found) is str else ""

    def _seconds_for(self, operation: str, args: tuple[Any, ...]) -> float:
        """How long a call may take: a function that hangs must not use up the time of those that do not."""
        most = self._limits.call_seconds
        if not self._hung:
            return most
        shorter: float = most / SHORTER ** min(self._hung[_described(operation, *args)], 9)
        return max(shorter, min(most, SHORTEST_SECONDS))

    def release(self, number: int, generation: int) -> None:
        """Take note of a handle that nobody holds; the child is told with the next request."""
        if generation == self._generation:
            self._released.append(number)

    def methods_of(self, kind: str) -> set[str]:
        """The names found to be methods of the student's class of this name, in this child."""
        return self._methods.setdefault(kind, set())

    # What is not plain data, on its way across (connection.Translator)

    @property
    def marks(self) -> bool:
        """Whether an array may stand for one of a subclass."""
        return bool(self._kept)

    def encode(self, value: Any, encoder: Encoder, depth: int) -> None:
        """Put a handle, found again by name if its child was replaced, a named tuple or a function."""
        if isinstance(value, Handle):
            self._bring_up_to_date(value._wall)
            encoder.items += b"h", value._wall.number
        elif (number := self._records.number_of(type(value), self._generation)) is not None:
            encoder.items += b"n", number
            encoder.all(b"t", value, depth + 1)
        elif isinstance(value, type) or not callable(value):
            raise CannotCross(f"{_shown(value)} is no plain data, array or function")
        else:
            number = next((i for i, known in enumerate(self._functions) if known is value), None)
            if number is None:
                number = len(self._functions)
                self._functions.append(value)
            encoder.items += b"c", number, str(getattr(value, "__name__", "function"))

    def mark(self, value: Any, encoder: Encoder) -> None:
        """Put the number of an array that is of a subclass on the student's side, to be itself again."""
        if (kept := self._kept.get(id(value))) is not None and kept[0]() is value:
            encoder.items += b"k", kept[1].number

    def decode(self, tag: bytes, decoder: Decoder, depth: int) -> Any:
        """An object of the student's, a function of the check's, or what was lent, that comes back."""
        number = decoder.scalar(int)
        if tag == b"h":
            return self._handle(number, decoder)
        if tag == b"c":
            return self._function(number)
        if tag == b"L" and self._connection is not None:
            changed, place = decoder.scalar(bool), len(decoder.met)
            value = self._connection.lending.take_back(number, changed, decoder.marked(depth, b"k"))
            decoder.met[place : place + 1] = [value]
            return value
        if tag == b"k":
            return self._keep(number, decoder.marked(depth))
        if tag == b"n":
            return self._records.read(number, self._generation, decoder, depth)
        raise WireError("a value is neither plain data nor an object")

    def _handle(self, number: int, decoder: Decoder) -> Handle:
        kind, own_name = decoder.scalar(str), decoder.scalar(str)
        can_be_called, is_mapping = decoder.scalar(bool), decoder.scalar(bool)
        if len(kind) > MAX_NAME or len(own_name) > MAX_NAME:
            raise WireError("an object's name is too long")
        own_name = own_name if own_name.isprintable() else ""
        reference = Reference(self, number, self._generation, own_name, can_be_called)
        return self._classes.find(kind, can_be_called, is_mapping)(reference)

    def _keep(self, number: int, value: Any) -> Any:
        """Take note that an array stands for one of a subclass."""
        if not isinstance(value, np.ndarray):
            raise WireError("an array of a subclass should come as an array")
        key = id(value)
        reference = Reference(self, number, self._generation, "", False)
        self._kept[key] = weakref.ref(value, lambda _: self._kept.pop(key, None)), reference
        return value

    def function(self, number: int) -> Callable[..., Any]:
        """The check's function with this number; what student code hands it may be compared."""
        function = self._function(number)

        def called(*args: Any, **kwargs: Any) -> Any:
            return function(
                *map(as_operand, args), **{key: as_operand(value) for key, value in kwargs.items()}
            )

        return called

    def _function(self, number: int) -> Callable[..., Any]:
        if not 0 <= number < len(self._functions):
            raise WireError("there is no function with this number")
        return self._functions[number]

    def released(self) -> tuple[int, ...]:
        """The handles given up since the last request."""
        released, self._released = self._released, []
        return tuple(released)

    def _bring_up_to_date(self, wall: Reference) -> None:
        if wall.generation == self._generation:
            return
        if not wall.name:
            raise ObjectGone(f"this object died with its process: {self._why_dead}")
        fresh = self.lookup([wall.name]).get(wall.name)
        if not isinstance(fresh, Handle):
            raise NameError(f"name {wall.name!r} is not defined")
        wall.number, wall.generation = fresh._wall.number, self._generation
        wall.renewed = fresh._wall  # alive as long as this one, for the number is its

    # Life and death

    def _ready(self) -> Connection:
        if self._end.seconds <= 0:
            raise StudentDied(f"the notebook's time of {self._limits.notebook_seconds:g} s is used up")
        if self._connection is not None:
            return self._connection
        if self._replacements == 0:
            raise StudentDied(self._why_dead)
        if self._generation:
            self._replacements -= 1
        self._generation += 1
        self._released.clear()
        self._methods.clear()
        self._kept.clear()
        began = self._clock.wall()
        try:
            self._connection = Connection(self._sandbox.start_child())
        except SandboxError as error:
            self.lost = error
            raise StudentDied(str(error)) from None
        finally:
            # A machine that is slow to set a sandbox up must not cost points.
            self._end.put_off(self._clock.wall() - began)
        for cell in self._cells:
            if not cell.deadly:
                self._run(self._connection, cell, lambda event: None)
        return self._connection

    def _run(self, connection: Connection, cell: _Cell, on_event: Callable[[Event], None]) -> None:
        deadline = self._deadline(self._limits.cell_seconds)
        try:
            connection.run(cell.source, deadline, on_event)
            self._note_stop(deadline)
        except StudentDied as error:
            self._note_stop(deadline)
            cell.deadly = True
            raise self._buried(connection, error) from None

    def _note_stop(self, deadline: Deadline) -> None:
        """Take note if the wall's clock ended something whose own time was not used up."""
        self.starved = self.starved or deadline.starved

    def _waits(self) -> float:
        try:
            return self._sandbox.seconds_without_a_core()
        except SandboxError:  # which the next request finds out
            return 0.0

    def _deadline(self, seconds: float) -> Deadline:
        return Deadline(self._clock, seconds, self._end)

    def _buried(self, connection: Connection, error: StudentDied) -> StudentDied:
        """Take note of a child's death, and give up its connection; the error that says what it died of."""
        if self._connection is not connection:  # a callback inside found it dead first
            return error
        connection.close()
        self._connection = None
        try:
            how = self._sandbox.end_child()
        except SandboxError as lost:
            how, self.lost = "", lost
        self._why_dead = f"{error} ({how})" if how else str(error)
        self.deaths.append(self._why_dead)
        return type(error)(self._why_dead)

    def _at_fault(self, operation: str, args: tuple[Any, ...], error: CannotCross) -> CannotCross:
        """Take note that a check asks for what cannot be; the error that says so."""
        if error.said:  # by a call inside this one
            return error
        error = CannotCross(
            "this check cannot be decided, which is no fault of yours: it hands over what cannot cross\n"
            f"{_described(operation, *args)}: {error}"
        )
        error.said = True
        self.faults.append(" ".join(str(error).split()))
        return error


def _ignore(*heard: Any) -> None:
    """What a search prints is nobody's."""


def _shown(value: Any) -> str:
    """A value of a check's as it is written, if that is short."""
    try:
        shown = repr(value)
    except Exception:
        shown = ""
    kind = f"a value of type {type(value).__name__}"
    return f"{kind} ({shown})" if 0 < len(shown) <= MAX_NAME else kind


def _described(operation: str, *args: Any) -> str:
    """An operation and what it is done on, by name: the same words for the same function or method."""
    if not args or not isinstance(args[0], Handle):
        return operation
    name = args[0]._wall.name or args[0]._wall.own_name or type(args[0]).__name__
    return f"{operation} {name}.{args[1]}" if operation == "method" else f"{operation} {name}"
