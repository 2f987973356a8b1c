"""Run a slip in the student's notebook, in one process, and read what it shows."""

from __future__ import annotations

import ast
import contextlib
import linecache
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from inprocess import composer_of
from selfchecks import checks_of, quiet, run_definitions

from autograder.rehearsal.edits import bare
from course_lib import GradientCheck, GradientMismatch
from course_lib.gradcheck.causes import Cause
from course_lib.grading import Checks, Status, set_run_seed
from slips.slip import Slip
from slips.words import NOTHING

#: Says no more than that something is wrong; right or not, nobody is misled by it.
NO_CAUSE = {str(Cause.LOCAL_DERIVATIVE), str(Cause.RAISED)}


@dataclass(frozen=True)
class Reading:
    """What is read at one place after a slip, and whether it is right; no verdict where nothing fails."""

    where: str
    text: str
    verdict: str


class Reader:
    """The notebook of one assignment, with the solution everywhere but where a slip is."""

    def __init__(self, assignment: str) -> None:
        composer, source = composer_of(assignment)
        self.solution = composer.solution
        self.full = {item.grade_id: item.cell.source for item in source.cells if item.role == "graded"}
        self.cells = [
            (cell.metadata["nbgrader"]["grade_id"], cell)
            for cell in composer.release.cells
            if cell.cell_type == "code" and cell.metadata.get("nbgrader")
        ]

    def readings(self, exercise: str, slip: Slip) -> list[Reading]:
        """What is read in the self-checks of the exercise and in its graded cells, where anything fails."""
        os.environ.setdefault("MPLBACKEND", "Agg")
        set_run_seed(0)
        solution = bare(self.solution[exercise])
        answer = slip.applied(solution)
        namespace: dict[str, Any] = {"__name__": "__main__"}
        found: dict[str, list[tuple[str, Any]]] = {"self-check": [], "graded": []}
        checks = checks_of(exercise, self.cells, self.solution)
        for name, cell in self.cells:
            role = cell.metadata["nbgrader"]
            if role["grade"]:
                if name.startswith(f"{exercise}-"):
                    found["graded"].append(shown(self.full[name], namespace))
            elif role["solution"]:
                define(answer if name == exercise else self.solution[name], namespace, name)
            elif "setup" in cell.metadata.get("tags", []):
                run_definitions(cell.source, namespace, whole=True)
            elif name in checks:
                if not any(map(fails, found["self-check"])):  # the first that fails is what is looked at
                    found["self-check"].append(shown(cell.source, namespace))
            else:
                own = name.partition("_")[0] == exercise.partition("_")[0]
                run_definitions(cell.source, namespace, whole=own and "figure" not in name)
        lines = slip.wrong_lines(solution)
        read = (reading(where, shows, slip, lines) for where, shows in found.items())
        return [each for each in read if each.verdict]


def define(source: str, namespace: dict[str, Any], name: str) -> None:
    """Run an answer from a file that only the line cache knows, so that its lines are found."""
    path = f"<{name}>"
    linecache.cache[path] = (len(source), None, source.splitlines(keepends=True), path)
    with quiet(), contextlib.suppress(Exception):
        exec(compile(source, path, "exec"), namespace)


def shown(source: str, namespace: dict[str, Any]) -> tuple[str, list[Any]]:
    """Run a cell and return what it prints and what it shows, its last expression among it."""
    values: list[Any] = []
    namespace["display"] = lambda *each: values.extend(each)
    namespace.pop("checks", None)
    reports: list[GradientCheck] = []
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    with quiet() as printed, kept(reports):
        try:
            exec(compile(tree, "<cell>", "exec"), namespace)
            if isinstance(last, ast.Expr):
                values.append(eval(compile(ast.Expression(last.value), "<cell>", "eval"), namespace))
        except Exception as error:
            printed.write(f"\n✗ {type(error).__name__}: {error}")
    if isinstance(namespace.get("checks"), Checks):
        values.append(namespace["checks"])
    return printed.getvalue(), [*values, *reports]


@contextlib.contextmanager
def kept(reports: list[GradientCheck]) -> Iterator[None]:
    """Keep the reports of the assertions that fail: a table of checks holds no more than their text."""
    made = GradientMismatch.__init__

    def init(self: GradientMismatch, check: GradientCheck) -> None:
        made(self, check)
        reports.append(check)

    with patch.object(GradientMismatch, "__init__", init):
        yield


def reading(where: str, shows: list[tuple[str, list[Any]]], slip: Slip, lines: set[str]) -> Reading:
    """Judge what the cells of one place have shown."""
    texts, verdicts = [], []
    for printed, values in shows:
        texts.append(printed)
        told = [value for value in values if isinstance(value, GradientCheck) and value.passed is not True]
        texts += [str(value) for value in values if value in told and str(value) not in printed]
        outcomes = [o for value in values if isinstance(value, Checks) for o in value.outcomes]
        if fails((printed, values)):
            verdicts += [judged(report, slip, lines) for report in told]
            named = {cause for o in outcomes for cause in o.causes if not told}
            verdicts += ["right" for cause in named & slip.causes - NO_CAUSE]
            verdicts.append("right" if slip.says and slip.says in printed else "vague")
    return Reading(where, "\n".join(part.rstrip() for part in texts if part.strip()), worst_or_best(verdicts))


def fails(show: tuple[str, list[Any]]) -> bool:
    """Whether something that a cell shows is wrong."""
    printed, values = show
    told = any(isinstance(value, GradientCheck) and value.passed is not True for value in values)
    outcomes = [o for value in values if isinstance(value, Checks) for o in value.outcomes]
    return told or "✗" in printed or any(o.status is not Status.PASSED for o in outcomes)


def judged(report: GradientCheck, slip: Slip, lines: set[str]) -> str:
    """`misleading` where a cause or a line is named that is none of the planted ones; else `right` where one
    is, or `vague`.
    """
    right = False
    for argument in report.arguments:
        causes = {str(cause) for cause in argument.diagnosis or ()}
        if not causes:
            continue
        raised = str(Cause.RAISED) in causes
        if causes & slip.causes - NO_CAUSE or (
            raised and any(line in argument.explanation for line in lines)
        ):
            right = True
        elif not causes & NO_CAUSE:
            return "misleading"
        elif str(Cause.LOCAL_DERIVATIVE) in causes & slip.causes and NOTHING not in argument.explanation:
            right = True  # no cause with a name, but a sentence about it
    if report.line is not None and report.line.line is not None:
        named = report.line.candidates[: 1 + report.line.doubts]
        return "right" if any(suspect.source.strip() in lines for suspect in named) else "misleading"
    return "right" if right else "vague"


def worst_or_best(verdicts: list[str]) -> str:
    """What misleads does so beside what is right; what is vague does not hurt there."""
    return next((each for each in ("misleading", "right", "vague") if each in verdicts), "")
