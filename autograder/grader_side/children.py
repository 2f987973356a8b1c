"""The children of one notebook, one after the other: each takes the place of one that died."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from autograder.grader_side.answers import Event
from autograder.grader_side.borrowed import Borrowed
from autograder.grader_side.clock import Clock, Deadline
from autograder.grader_side.connection import Connection
from autograder.grader_side.errors import Ended, MachineFull, SandboxError, StudentDied
from autograder.grader_side.limits import Limits
from autograder.grader_side.sandbox import Sandbox
from autograder.grader_side.shared import Shared
from autograder.grader_side.workplace import Workplace
from autograder.student_side.busy import seconds_without_a_core

Hear = Callable[[Event], None]
Value = TypeVar("Value")


@dataclass
class _Cell:
    """A cell that was run, and whether it ended its process: then it is not run again with the others."""

    source: str
    deadly: bool = False


class Children:
    """Runs a notebook's cells in a child.

    A child that dies is replaced by one in which the cells so far are run again: twice for each cell,
    and once for each graded cell. All time counts against the notebook's but that in which the sandbox got
    ready, and that in which a child, or this process, waited for a core (``Clock``). ``deaths`` says what
    children died of; ``lost`` is the error when it was the sandbox that failed, no fault of the student's.
    ``why_dead`` says it of the last one; ``starved`` tells whether the wall's clock stopped something whose
    own time was not used up, or a machine that was nearly full.
    """

    def __init__(self, sandbox: Sandbox | Borrowed, limits: Limits, workplace: Workplace | None) -> None:
        self._sandbox = sandbox
        self._workplace = workplace
        self._limits = limits
        self._own_waits = seconds_without_a_core()
        self._clock = Clock(self._waits)
        self._end = Deadline(self._clock, limits.notebook_seconds)
        self._cells: list[_Cell] = []
        self._connection: Connection | None = None
        # Of threads that ask, a cell's among them, which may outlive it: each would hear another's answer.
        self._turn = threading.RLock()
        self._had_one = False
        self._replacements = 0
        self.why_dead = ""
        self.deaths: list[str] = []
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
        # First: a cell's thread that still waits for an answer is not to end this child, or start another.
        connection, self._connection = self._connection, None
        self.why_dead, self._replacements = "the notebook is over", 0
        if connection is not None:
            try:  # before the connection, or it would find that closed and end by itself, which takes longer
                with contextlib.suppress(SandboxError):  # then it ended with its sandbox
                    self._sandbox.end_notebook()
            finally:
                connection.close()

    def run(self, source: str, on_event: Hear) -> None:
        """Run a cell of the student's; raises StudentDied when it ends its process or the time is used up."""
        cell = _Cell(source)
        try:
            self._in_a_live_child(lambda connection, heard: self._run(connection, cell, heard), on_event)
        finally:  # also where another cell ended the process: those below may need what this one binds
            self._cells.append(cell)

    def run_inside(self, source: str, before: tuple[str, ...], on_event: Hear) -> tuple[str, float, str]:
        """How a graded cell ends that runs in the student's own process, in a fork; StudentDied."""

        def run(connection: Connection, heard: Hear) -> tuple[str, float, str]:
            with self._asked(connection, self._limits.cell_seconds) as deadline:
                return connection.inside(source, before, deadline, heard)

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

        with self._turn:
            self._replacements = 2
            try:
                return run(self._ready(), heard)
            except Ended:
                if started:
                    raise
                return run(self._ready(), heard)

    def _begin_child(self) -> None:
        """What is to be forgotten before there is a new child."""

    def _equip(self, connection: Connection) -> None:
        """What a new child's connection is to know, before anything is asked over it."""

    def _ready(self) -> Connection:
        if self._end.seconds <= 0:
            raise StudentDied(f"the notebook's time of {self._limits.notebook_seconds:g} s is used up")
        if self._connection is not None:
            return self._connection
        if self._replacements == 0:
            raise StudentDied(self.why_dead)
        if self._had_one:
            self._replacements -= 1
        self._had_one = True
        self._begin_child()
        began = self._clock.wall()
        try:
            self._connection = Connection(self._sandbox.start_child())
        except SandboxError as error:
            self.lost = error
            raise StudentDied(str(error)) from None
        finally:
            # A machine that is slow to set a sandbox up must not cost points.
            self._end.put_off(self._clock.wall() - began)
        self._connection.shared = Shared() if self._sandbox.shares_machine else None
        self._equip(self._connection)
        self._put_files(self._connection)
        for cell in self._cells:
            if not cell.deadly:
                self._run(self._connection, cell, lambda event: None)
        return self._connection

    def _put_files(self, connection: Connection) -> None:
        if self._workplace and self._workplace.of_students and not self._sandbox.shares_machine:
            with self._asked(connection, self._limits.cell_seconds) as deadline:
                connection.work_in(str(self._workplace.path), deadline)
        for name, path in self._workplace.files.items() if self._workplace else ():
            began = self._clock.wall()
            with self._asked(connection, self._limits.cell_seconds) as deadline:
                connection.put(name, path.read_bytes(), True, deadline)
            self._end.put_off(self._clock.wall() - began)  # it is not the student's time
        for name, data in self._workplace.extra.items() if self._workplace else ():
            with self._asked(connection, self._limits.cell_seconds) as deadline:
                connection.put(name, data, False, deadline)

    def _run(self, connection: Connection, cell: _Cell, on_event: Hear) -> None:
        cell.deadly = False
        try:
            with self._asked(connection, self._limits.cell_seconds) as deadline:
                connection.run(cell.source, deadline, on_event)
        except StudentDied:
            cell.deadly = True
            raise

    @contextlib.contextmanager
    def _asked(self, connection: Connection, seconds: float) -> Iterator[Deadline]:
        """How long a child may take for what it is asked in the block; note is taken of its death there."""
        deadline = self._deadline(seconds)
        try:
            yield deadline
        except StudentDied as error:
            self._note_stop(deadline)
            raise self._buried(connection, error) from None
        self._note_stop(deadline)

    def _note_stop(self, deadline: Deadline) -> None:
        """Take note if the wall's clock ended something whose own time was not used up."""
        self.starved = self.starved or deadline.starved

    def _waits(self) -> float:
        """How long a child waited for a core, and how long this process did, for which a child then waits."""
        mine = seconds_without_a_core() - self._own_waits
        try:
            return mine + self._sandbox.seconds_without_a_core()
        except SandboxError:  # which the next request finds out
            return mine

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
