"""Graded cells, run in the grader's own process with handles for the student's names: they make the score."""

from __future__ import annotations

import builtins
import contextlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from types import ModuleType
from typing import Any

from nbformat import NotebookNode

from autograder.grader_side.audited import audited
from autograder.grader_side.belief import as_function
from autograder.grader_side.cells import (
    Code,
    bound_by,
    compiled_cell,
    looks_at_all_names,
    named_in_text,
    read_by,
    runs_text,
)
from autograder.grader_side.compiled import Compiled
from autograder.grader_side.contents import written_in_json
from autograder.grader_side.errors import StudentDied
from autograder.grader_side.failures import bounded, failing_in_words, line_of
from autograder.grader_side.handles import Handle
from autograder.grader_side.hosts import Hosts
from autograder.grader_side.limits import GRACE_SECONDS
from autograder.grader_side.openings import Files
from autograder.grader_side.outputs import CellOutputs, Printed, output
from autograder.grader_side.own_process import asked_of_process
from autograder.grader_side.pickled import look_at_pickles
from autograder.grader_side.programs import Programs
from autograder.grader_side.replaced import replaced_by
from autograder.grader_side.scope import DISPLAY, Scope, imported_by
from autograder.grader_side.score import NoScore, points_for, value_of
from autograder.grader_side.seeds import Seeds, sets_seeds
from autograder.grader_side.student import Student
from autograder.grader_side.surroundings import (
    drawing_on_no_screen,
    failing_with_its_threads,
    kept_out_of_the_output,
    standing_for_main,
)
from autograder.grader_side.told_apart import told_apart_by
from autograder.grader_side.workplace import asks_for_files
from autograder.watch import bounded_memory, stopped_after
from course_lib.grading import Checks, Outcome
from course_lib.grading.expect import GRADED


class Tier(StrEnum):
    """How well a graded cell is protected; ``course check`` finds out, by the solution."""

    APART = "apart"  # in the grader's process
    INSIDE = "inside"  # in the student's, whose code can read the cell and forge its own outcome


@dataclass(frozen=True)
class GradedCell:
    """A graded cell as released, and what ``course check`` found of it by the solution.

    ``takes`` are names that it takes from the student although a cell of the release binds them, ``imports``
    statements of the solution's that import what it reads, ``lends`` statements of its own that import what
    answers read; ``shows`` tells that its last value is shown, and no score; ``watched`` that it is the
    check's own run, in which what apart comes out otherwise is stopped, as where it asserts that answers left
    the name ``unmoved`` alone.
    """

    source: str
    name: str
    points: float
    takes: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    lends: tuple[str, ...] = ()
    shows: bool = False
    watched: bool = False
    unmoved: str = ""
    tier: Tier = Tier.APART


@dataclass(frozen=True)
class CellOutcome:
    """What a graded cell earned, its checks as they ended, a note when it earned nothing, its tier."""

    points: float
    max_points: float
    checks: tuple[Outcome, ...] = ()
    note: str = ""
    tier: Tier = Tier.APART


Scored = tuple[list[NotebookNode], CellOutcome]


def grade_cell(
    cell: GradedCell, setup: list[Code], scope: Scope, later: Collection[str], student: Student
) -> Scored:
    """Run a graded cell after the setup cells above it; its outputs and its outcome.

    The namespace is fresh: what student code did to a fixture handed to it ends with the cell. What
    :func:`autograder.grader_side.score.points_for` makes of the value of the last expression is the score; an
    exception earns 0. Names that cells further down read (``later``) stay in the scope.
    """
    printed = Printed(student.output_kb)
    main = ModuleType("__main__")
    namespace = vars(main)
    namespace |= {"__builtins__": builtins, GRADED: True}
    failures: list[str] = []
    earned = 0.0
    with failing_in_words(cell, failures), kept_out_of_the_output(printed):
        student.begin_graded_cell(cell.watched and not scope.only_imports)  # its time, too
        with (
            stopped_after(lambda: student.check_seconds_left + GRACE_SECONDS, student.overdue),
            bounded_memory(student.memory_bytes),
            failing_in_words(cell, failures),
            standing_for_main(main),
            drawing_on_no_screen(),
            failing_with_its_threads(),
            contextlib.ExitStack() as several,
        ):
            student.hands_over_files = asks_for_files(cell.source)
            several.enter_context(student.recursion_limit)
            several.enter_context(written_in_json())
            if sets_seeds(cell.source) or scope.sets_seeds:
                student.seeds = several.enter_context(Seeds())
            value = _run(cell, setup, scope, student, namespace)
            earned = points_for(None if cell.shows else value, cell.points)
    checks = _outcomes(namespace)
    if not scope.keep(bound_by(cell.source), namespace, later):
        namespace.clear()
    return as_scored(cell, printed.shown, "".join(failures[:1]), earned, checks)


def grade_inside(cell: GradedCell, before: tuple[str, ...], student: Student, output_kb: int) -> Scored:
    """Have a graded cell run in a fork of the student's process, after the cells whose names it reads."""
    shown = CellOutputs(0, output_kb, 1)
    failure, earned = "", 0.0
    try:
        kind, number, text = student.run_inside(cell.source, before, shown.add)
        if kind == "raised":
            failure = bounded(text) or "Exception:"
            failure += f" {line_of(cell, number)}" if failure.endswith(":") else ""
        else:
            earned = points_for(None if cell.shows else value_of(kind, number, text), cell.points)
    except (StudentDied, NoScore) as error:
        failure = f"{type(error).__name__}: {bounded(str(error))}"
    printed = "".join(item.text for item in shown.outputs if item.get("name") == "stdout")
    return as_scored(cell, printed, failure, earned)


def as_scored(
    cell: GradedCell, printed: str, failure: str, earned: float, checks: tuple[Outcome, ...] = ()
) -> Scored:
    """The outputs and the outcome of a cell that ran: what it printed, then its points or why it has none."""
    text = [output("stream", name="stdout", text=printed)] if printed else []
    if failure:
        kind, _, message = failure.partition(": ")
        outputs = [*text, output("error", ename=kind, evalue=message, traceback=[failure])]
        return outputs, CellOutcome(0.0, cell.points, checks, failure, cell.tier)
    data = NotebookNode({"text/plain": repr(earned)})
    result = output("execute_result", data=data, metadata=NotebookNode(), execution_count=None)
    return [*text, result], CellOutcome(earned, cell.points, checks, tier=cell.tier)


def _run(
    graded: GradedCell, setup: list[Code], scope: Scope, student: Student, namespace: dict[str, Any]
) -> Any:
    cell = compiled_cell(graded.source, graded.name)
    if why := _why_not_here(graded, scope):
        raise ValueError(f"a cell that {why}")
    student.fetch_written()
    codes = (cell.body, cell.last, *(code.body for code in setup), *scope.codes)
    looking = Files(*student.places, codes), Hosts(codes), Programs(codes), Compiled(codes, student.said)
    with audited(*(each.look for each in looking), look_at_pickles):
        _make_names(graded, cell, setup, scope, student, namespace)
        exec(cell.body, namespace)
        return eval(cell.last, namespace)


def _why_not_here(graded: GradedCell, scope: Scope) -> str:
    """What a cell does that is dangerous apart, or, in the check's own run, comes out otherwise there."""
    if graded.watched and graded.unmoved:
        return f"asserts what {graded.unmoved} is sees no change of an answer's in it"
    if scope.only_imports:
        return ""
    if text := runs_text(graded.source, scope.imported):
        return f"uses {text} cannot run here, for what it is given may be the student's"
    if text := looks_at_all_names(graded.source):
        return f"goes through all names, by {text}, finds few of them here"
    if graded.watched and (text := replaced_by(graded.source, scope.imported)):
        return f"puts something in the place of {text} does so where no answer sees it"
    if graded.watched and (text := told_apart_by(graded.source, scope.imported)):
        return f"asserts {text} has a copy of each"
    release = (scope.bound_as(read_by(graded.source)), *graded.imports) if graded.watched else ()
    if graded.watched and (text := asked_of_process("\n".join((graded.source, *release)))):
        return f"goes by {text} asks a process in which no answer runs"
    return ""


def _make_names(
    graded: GradedCell,
    cell: Code,
    setup: list[Code],
    scope: Scope,
    student: Student,
    namespace: dict[str, Any],
) -> None:
    """Have what a graded cell reads in its namespace: what the release makes, and the student's."""
    if DISPLAY not in graded.takes and not scope.binds(DISPLAY):
        namespace[DISPLAY] = _display
    for code in setup:
        exec(code.body, namespace)
    wanted = cell.free_names.union(*(code.free_names for code in setup)) - namespace.keys()
    by_text = named_in_text(graded.source)

    def lookup(names: list[str]) -> dict[str, Any]:
        try:
            return {
                name: as_function(value) if name in scope.functions else value
                for name, value in student.lookup(names).items()
            }
        except StudentDied as error:
            # Each check then says why it fails, instead of the names being undefined.
            return {name: _gone(name, str(error)) for name in names if name not in by_text}

    _import(graded.imports, namespace, student)
    scope.supply(wanted - namespace.keys(), cell.of_python, graded.takes, namespace, lookup)
    student.recursion_limit.forget()
    if student.seeds is not None:
        student.seeds.forget()


def _display(*objects: Any, **options: Any) -> Any:
    """What every notebook has by the name of ``display``."""
    from IPython.display import display

    return display(*objects, **options)


def _import(statements: tuple[str, ...], namespace: dict[str, Any], student: Student) -> None:
    """Make the imports of the solution's answers, as far as this student's bind their names.

    To import something may be the whole exercise. What is plain data is no module, and stays the student's.
    """
    wanted = {name: text for text in statements for name in sorted(imported_by(text))}
    for name, value in student.lookup(sorted(wanted)).items() if wanted else ():
        if issubclass(type(value), Handle):
            exec(wanted[name], namespace)
        else:
            namespace[name] = value


def _gone(name: str, why: str) -> Callable[..., Any]:
    def gone(*args: Any, **kwargs: Any) -> Any:
        raise StudentDied(why)

    gone.__name__ = name
    return gone


def _outcomes(namespace: dict[str, Any]) -> tuple[Outcome, ...]:
    """The outcomes of all checks of the cell, in the order in which the Checks were made."""
    found = [value for value in namespace.values() if type(value) is Checks]
    return tuple(outcome for checks in dict.fromkeys(found) for outcome in checks.outcomes)
