"""Graded cells, run in the grader's own process with handles for the student's names: they make the score."""

from __future__ import annotations

import builtins
import contextlib
import io
import math
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from autograder.grader_side.cells import Code, compiled_cell
from autograder.grader_side.errors import StudentDied
from autograder.grader_side.limits import GRACE_SECONDS
from autograder.grader_side.outputs import output
from autograder.grader_side.student import Student
from autograder.grader_side.watch import bounded_memory, stopped_after
from course_lib.grading import CheckEnded, Checks, Outcome

MAX_MESSAGE = 500


@dataclass(frozen=True)
class CellOutcome:
    """What a graded cell earned, its checks as they ended, and a note when it earned nothing by rule."""

    points: float
    max_points: float
    checks: tuple[Outcome, ...] = ()
    note: str = ""


def grade_cell(
    source: str, name: str, points: float, setup: list[Code], student: Student
) -> tuple[list[NotebookNode], CellOutcome]:
    """Run a graded cell after the setup cells above it; its outputs and its outcome.

    The namespace is fresh: what student code did to a fixture handed to it ends with the cell. The value of
    the last expression is the score if it is exactly a float between 0 and ``points``; anything else, or an
    exception, is none, and earns 0.
    """
    printed = io.StringIO()
    namespace: dict[str, Any] = {"__builtins__": builtins, "__name__": "__graded__"}
    student.begin_graded_cell()
    value: Any = None
    failure = ""
    try:
        with (
            _kept_out_of_the_output(printed),
            stopped_after(lambda: student.seconds_left + GRACE_SECONDS),
            bounded_memory(student.memory_bytes),
        ):
            value = _run(source, name, setup, student, namespace)
    except (Exception, SystemExit, CheckEnded) as error:
        # A MemoryError or RecursionError too; only the operator's own interrupt goes on.
        failure = f"{type(error).__name__}: {_bounded(str(error))}"
    else:
        failure = _why_no_score(value, points)
    finally:
        checks = _outcomes(namespace)
        namespace.clear()
    text = [output("stream", name="stdout", text=printed.getvalue())] if printed.getvalue() else []
    if failure:
        name, _, message = failure.partition(": ")
        outputs = [*text, output("error", ename=name, evalue=message, traceback=[failure])]
        return outputs, CellOutcome(0.0, points, checks, failure)
    data = NotebookNode({"text/plain": repr(value)})
    result = output("execute_result", data=data, metadata=NotebookNode(), execution_count=None)
    return [*text, result], CellOutcome(value, points, checks)


@contextlib.contextmanager
def _kept_out_of_the_output(printed: io.StringIO) -> Iterator[None]:
    # A line on stderr would cost all points at nbgrader's, wherever it came from.
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(record=True),
    ):
        warnings.simplefilter("default")
        yield


def _run(source: str, name: str, setup: list[Code], student: Student, namespace: dict[str, Any]) -> Any:
    cell = compiled_cell(source, name)
    for code in setup:
        exec(code.body, namespace)
    wanted = cell.free_names.union(*(code.free_names for code in setup))
    missing = sorted(wanted - namespace.keys())
    try:
        namespace.update(student.lookup(missing) if missing else {})
    except StudentDied as error:
        # Each check then says why it fails, instead of the names being undefined.
        namespace.update({name: _gone(name, str(error)) for name in missing})
    exec(cell.body, namespace)
    return eval(cell.last, namespace)


def _gone(name: str, why: str) -> Callable[..., Any]:
    def gone(*args: Any, **kwargs: Any) -> Any:
        raise StudentDied(why)

    gone.__name__ = name
    return gone


def _why_no_score(value: Any, points: float) -> str:
    if type(value) is not float or not math.isfinite(value):
        shown = f"{type(value).__name__} {_bounded(repr(value))}"
        return f"NoScore: the cell's value should be a plain float, not {shown}"
    if not 0 <= value <= points:
        return f"NoScore: the cell's value {value!r} is not between 0 and {points:g}"
    return ""


def _outcomes(namespace: dict[str, Any]) -> tuple[Outcome, ...]:
    """The outcomes of all checks of the cell, in the order in which the Checks were made."""
    found = [value for value in namespace.values() if type(value) is Checks]
    return tuple(outcome for checks in dict.fromkeys(found) for outcome in checks.outcomes)


def _bounded(text: str) -> str:
    text = "".join(character if character.isprintable() else " " for character in text[:MAX_MESSAGE])
    return " ".join(text.split())
