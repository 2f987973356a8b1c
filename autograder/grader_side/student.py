"""The student's side of one notebook, as seen from the grader's: a child that is replaced when it dies."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from autograder.grader_side.answers import Event
from autograder.grader_side.borrowed import Borrowed
from autograder.grader_side.clock import Clock, Deadline
from autograder.grader_side.compiled import Said
from autograder.grader_side.connection import Connection
from autograder.grader_side.crossing import Crossing
from autograder.grader_side.errors import CannotCross, Ended, MachineFull, SandboxError, StudentDied
from autograder.grader_side.limits import Limits
from autograder.grader_side.outputs import CallOutputs
from autograder.grader_side.patience import Patience, described
from autograder.grader_side.recursion_limit import RecursionLimit
from autograder.grader_side.repair.statements import Change
from autograder.grader_side.sandbox import Sandbox
from autograder.grader_side.seeds import Seeds
from autograder.grader_side.shared import Shared
from autograder.grader_side.workplace import Workplace
from course_lib.grading import CheckEnded

Hear = Callable[[Event], None]
Value = TypeVar("Value")

SEARCH_SECONDS = 10.0  # so long wrong lines are looked for in a notebook


@dataclass
class _Cell:
    """A cell that was run, and whether it ended its process: then it is not run again with the others."""

    source: str
    deadly: bool = False


class Student:
    """Runs a notebook's cells in a child, and operations on the objects they leave there.

    A child that dies is replaced by one in which the cells so far are run again: twice for each cell,
    and once for each graded cell. All time counts against the notebook's but that in which
    the sandbox got ready, and that in which a child waited for a core (``Clock``). ``deaths`` says what
    children died of; ``lost`` is the error when it was the sandbox that failed, no fault of the student's.
    ``why_dead`` says it of the last one; ``starved`` tells whether the wall's clock stopped something whose
    own time was not used up, or a machine that was nearly full.
    """

    def __init__(
        self, sandbox: Sandbox | Borrowed, limits: Limits, workplace: Workplace | None = None
    ) -> None:
        self._sandbox = sandbox
        self._workplace = workplace
        self.hands_over_files = False  # whether what it writes is looked for after each call
        self._limits = limits
        self._clock = Clock(self._waits)
        self._end = Deadline(self._clock, limits.notebook_seconds)
        self._cells: list[_Cell] = []
        self._connection: Connection | None = None
        self._replacements = 0
        self.why_dead = ""
        self._methods: dict[str, set[str]] = {}
        self._crossing = Crossing(self)
        self._heard = CallOutputs(limits.output_kb)
        self._patience = Patience(limits.call_seconds)
        self.said = Said()
        self._searched = 0.0
        self.repairs: dict[tuple[str, ...], Change | None] = {}
        self.deaths: list[str] = []
        self.faults: list[str] = []
        self.lost: SandboxError | None = None
        self.starved = False
        self._watched = False
        self._turn = threading.RLock()  # of a cell's threads that ask: each would hear another's answer
        self.seeds: Seeds | None = None  # where a graded cell sets some
        self.recursion_limit = RecursionLimit()

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

    @property
    def places(self) -> tuple[str, tuple[Path, ...]]:
        """The directory in which graded cells work, "" for none, and the release's files."""
        place = self._workplace
        return ("", ()) if place is None else (str(place.path), tuple(place.files.values()))

    def close(self) -> None:
        """End the child and all that it started."""
        if self._connection is not None:
            try:  # first, or it would find the connection closed and end by itself, which takes longer
                with contextlib.suppress(SandboxError):  # then it ended with its sandbox
                    self._sandbox.end_notebook()
            finally:
                self._connection.close()
                self._connection = None

    def run(self, source: str, on_event: Hear) -> None:
        """Run a cell of the student's; raises StudentDied when it ends its process or the time is used up."""
        self._methods.clear()
        cell = _Cell(source)
        try:
            self._in_a_live_child(lambda connection, heard: self._run(connection, cell, heard), on_event)
        finally:  # also where another cell ended the process: those below may need what this one binds
            self._cells.append(cell)

    def run_inside(self, source: str, before: tuple[str, ...], on_event: Hear) -> tuple[str, float, str]:
        """How a graded cell ends that runs in the student's own process, in a fork; StudentDied."""

        def run(connection: Connection, heard: Hear) -> tuple[str, float, str]:
            deadline = self._deadline(self._limits.cell_seconds)
            try:
                return connection.inside(source, before, deadline, heard)
            except StudentDied as error:
                raise self._buried(connection, error) from None
            finally:
                self._note_stop(deadline)

        return self._in_a_live_child(run, on_event)

    def _in_a_live_child(self, run: Callable[[Connection, Hear], Value], on_event: Hear) -> Value:
        """What came of running a cell; a child that ends before anything is heard may have been dead before.

        Its death may be the work of a thread, or of a cell above; then the cell is run in a new one, once.
        """
        started = False

        def heard(event: Event) -> None:
            nonlocal started
            started = True
            on_event(event)

        self._replacements = 2
        try:
            return run(self._ready(), heard)
        except Ended:
            if started:
                raise
            return run(self._ready(), heard)

    def _put_files(self, connection: Connection) -> None:
        for name, path in self._workplace.files.items() if self._workplace else ():
            began = self._clock.wall()
            connection.put(name, path.read_bytes(), True, self._deadline(self._limits.cell_seconds))
            self._end.put_off(self._clock.wall() - began)  # it is not the student's time
        for name, data in self._workplace.extra.items() if self._workplace else ():
            connection.put(name, data, False, self._deadline(self._limits.cell_seconds))

    def fetch_written(self) -> None:
        """Have copies of the files that student code wrote, where graded cells look for them."""
        if self._workplace is None or not self.hands_over_files:
            return
        connection = self._ready()
        try:
            self._workplace.mirror(connection.written(self._deadline(self._limits.call_seconds)))
        except StudentDied as error:
            raise self._buried(connection, error) from None

    def begin_graded_cell(self, watched: bool = False) -> None:
        """Forget what the last graded cell handed over, and allow the child to be replaced once more.

        A ``watched`` cell is stopped (Unseen) where in a notebook student code might see a change of its.
        """
        self._replacements = 1
        self._watched = watched
        self.seeds = None
        if self._connection is not None:
            self._connection.lending.forget(watched)
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
            found = connection.names(names, deadline, self._crossing)
        except StudentDied as error:
            self._note_stop(deadline)
            raise self._buried(connection, error) from None
        return {name: self._crossing.named(name, value) for name, value in found.items()}

    def do(self, operation: str, *args: Any, **kwargs: Any) -> Any:
        """The value of an operation on the student's side; see Connection.do."""
        with self._turn:
            return self._done(operation, args, kwargs)

    def _done(self, operation: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        connection = self._ready()
        deadline = self._deadline(self._patience.seconds_for(operation, *args))
        heard = self._heard
        try:
            if self.seeds is not None and (states := self.seeds.states()) is not None:
                connection.do("set_states", states, {}, deadline, self._crossing, _ignore)
            if (limit := self.recursion_limit.asked()) is not None:
                connection.do("set_recursion_limit", (limit,), {}, deadline, self._crossing, _ignore)
            value = connection.do(operation, args, kwargs, deadline, self._crossing, heard.add)
            self.fetch_written()
            return value
        except StudentDied as error:
            self._note_stop(deadline)
            raise self._buried(connection, error) from None
        except CannotCross as error:
            raise self._at_fault(operation, args, error) from None
        finally:
            if not deadline.is_sure:
                self._note_stop(deadline)
                if deadline.over:
                    self._patience.hung(operation, *args)
            heard.warn()

    def search(self, operation: str, *args: Any) -> Any:
        """What an operation of student_side.line_search says; None where it fails, or no time is left."""
        connection = self._connection
        if connection is None or self._searched > SEARCH_SECONDS:
            return None
        began, deadline = self._clock.now(), self._deadline(self._limits.call_seconds)
        try:
            return connection.do(operation, args, {}, deadline, self._crossing, _ignore)
        except StudentDied as error:
            self._buried(connection, error)
            return None
        except (Exception, CheckEnded):
            return None
        finally:
            if not deadline.is_sure:
                self._clock.look()
            self._searched += max(0.0, self._clock.now() - began)

    def release(self, number: int, generation: int) -> None:
        """Take note of a handle that nobody holds."""
        self._crossing.release(number, generation)

    def is_of_student(self, value: Any) -> bool:
        """Whether a value is an object of the student's, or stands for one."""
        return self._crossing.is_of_student(value)

    def methods_of(self, kind: str) -> set[str]:
        """The names found to be methods of the student's class of this name, in this child."""
        return self._methods.setdefault(kind, set())

    # Life and death

    def _ready(self) -> Connection:
        if self._end.seconds <= 0:
            raise StudentDied(f"the notebook's time of {self._limits.notebook_seconds:g} s is used up")
        if self._connection is not None:
            return self._connection
        if self._replacements == 0:
            raise StudentDied(self.why_dead)
        if self._crossing.generation:
            self._replacements -= 1
        self._crossing.begin_child()
        self._methods.clear()
        began = self._clock.wall()
        try:
            self._connection = self._crossing.connection = Connection(self._sandbox.start_child())
        except SandboxError as error:
            self.lost = error
            raise StudentDied(str(error)) from None
        finally:
            # A machine that is slow to set a sandbox up must not cost points.
            self._end.put_off(self._clock.wall() - began)
        self._connection.shared = Shared() if self._sandbox.shares_machine else None
        self._connection.said = self.said
        self._connection.lending.forget(self._watched)
        self._put_files(self._connection)
        for cell in self._cells:
            if not cell.deadly:
                self._run(self._connection, cell, lambda event: None)
        return self._connection

    def _run(self, connection: Connection, cell: _Cell, on_event: Hear) -> None:
        deadline = self._deadline(self._limits.cell_seconds)
        try:
            connection.run(cell.source, deadline, on_event)
            cell.deadly = False
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
        self.starved = self.starved or isinstance(error, MachineFull)
        connection.close()
        self._connection = None
        try:
            how = self._sandbox.end_child()
        except SandboxError as lost:
            how, self.lost = "", lost
        self.why_dead = f"{error} ({how})" if how else str(error)
        self.deaths.append(self.why_dead)
        return type(error)(self.why_dead)

    def _at_fault(self, operation: str, args: tuple[Any, ...], error: CannotCross) -> CannotCross:
        """Take note that a check asks for what cannot be; the error that says so."""
        if error.said:  # by a call inside this one
            return error
        error = CannotCross(
            "this check cannot be decided, which is no fault of yours: it hands over what cannot cross\n"
            f"{described(operation, *args)}: {error}"
        )
        error.said = True
        self.faults.append(" ".join(str(error).split()))
        return error


def _ignore(*heard: Any) -> None:
    """What a search prints is nobody's."""
