"""The student's side of one notebook, as seen from the grader's: operations on what its cells left there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.grader_side.borrowed import Borrowed
from autograder.grader_side.children import Children, Hear, Value
from autograder.grader_side.clock import Deadline
from autograder.grader_side.compiled import Said
from autograder.grader_side.connection import Connection
from autograder.grader_side.crossing import Crossing
from autograder.grader_side.errors import CannotCross, Overdue, StudentDied, ending_no_loop
from autograder.grader_side.limits import Limits
from autograder.grader_side.outputs import CallOutputs
from autograder.grader_side.patience import Patience, described
from autograder.grader_side.recursion_limit import RecursionLimit
from autograder.grader_side.repair.statements import Change
from autograder.grader_side.sandbox import Sandbox
from autograder.grader_side.seeds import Seeds
from autograder.grader_side.workplace import Workplace
from course_lib.grading import CheckEnded

KEPT_FOR_LATER = 4  # of what is left of a notebook's time a graded cell leaves this part, or a cell's time
SEARCH_SECONDS = 10.0  # so long wrong lines are looked for in a notebook


class Student(Children):
    """Runs a notebook's cells in a child, and operations on the objects they leave there."""

    def __init__(
        self, sandbox: Sandbox | Borrowed, limits: Limits, workplace: Workplace | None = None
    ) -> None:
        super().__init__(sandbox, limits, workplace)
        self.hands_over_files = False  # whether what it writes is looked for after each call
        self._methods: dict[str, set[str]] = {}
        self._crossing = Crossing(self)
        self._heard = CallOutputs(limits.output_kb)
        self._patience = Patience(limits.call_seconds)
        self.said = Said()
        self._searched = 0.0
        self.repairs: dict[tuple[str, ...], Change | None] = {}
        self.faults: list[str] = []
        self._watched = False
        self._kept_for_later = 0.0
        self.seeds: Seeds | None = None  # where a graded cell sets some
        self.recursion_limit = RecursionLimit()

    @property
    def places(self) -> tuple[str, tuple[Path, ...]]:
        """The directory in which graded cells work, "" for none, and the release's files."""
        place = self._workplace
        return ("", ()) if place is None else (str(place.path), tuple(place.files.values()))

    @property
    def output_kb(self) -> int:
        """How much a cell may print."""
        return self._limits.output_kb

    @property
    def check_seconds_left(self) -> float:
        """How much of its time is left to a graded cell."""
        return self.seconds_left - self._kept_for_later

    def overdue(self) -> Overdue:
        """What ends a graded cell whose time is over, of which note is taken."""
        self.faults.append("a check took longer than it may, and was stopped")
        return Overdue("the check took longer than it may")

    def run(self, source: str, on_event: Hear) -> None:
        """Run a cell of the student's; raises StudentDied when it ends its process or the time is used up."""
        self._methods.clear()
        super().run(source, on_event)

    def _in_a_live_child(self, run: Callable[[Connection, Hear], Value], on_event: Hear) -> Value:
        self._kept_for_later = 0.0
        return super()._in_a_live_child(run, on_event)

    def _deadline(self, seconds: float) -> Deadline:
        return super()._deadline(min(seconds, self.check_seconds_left))

    def _begin_child(self) -> None:
        self._crossing.begin_child()
        self._methods.clear()

    def _equip(self, connection: Connection) -> None:
        self._crossing.connection = connection
        connection.said = self.said
        connection.lending.forget(self._watched)

    def fetch_written(self) -> None:
        """Have copies of the files that student code wrote, where graded cells look for them."""
        if self._workplace is None or not self.hands_over_files:
            return
        with self._turn:
            connection = self._ready()
            with self._asked(connection, self._limits.call_seconds) as deadline:
                self._workplace.mirror(connection.written(deadline))

    def begin_graded_cell(self, watched: bool = False) -> None:
        """Forget what the last graded cell handed over, and allow the child to be replaced once more.

        Whatever it computes of what student code returned, or asks of it, leaves time for the cells below.
        A ``watched`` cell is stopped (Unseen) where in a notebook student code might see a change of its.
        """
        self._replacements = 1
        self._kept_for_later = min(self._limits.cell_seconds, self.seconds_left / KEPT_FOR_LATER)
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
        with self._turn:
            connection = self._ready()
            with self._asked(connection, self._limits.call_seconds) as deadline:
                found = connection.names(names, deadline, self._crossing)
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
        except StopIteration as error:
            raise (error if operation == "next" else ending_no_loop(error)) from None
        finally:
            if not deadline.is_sure:
                self._note_stop(deadline)
                if deadline.over:
                    self._patience.hung(operation, *args)
            heard.warn()

    def search(self, operation: str, *args: Any) -> Any:
        """What an operation of student_side.line_search says; None where it fails, or no time is left."""
        with self._turn:
            return self._searched_for(operation, args)

    def _searched_for(self, operation: str, args: tuple[Any, ...]) -> Any:
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
