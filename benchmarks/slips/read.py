"""Run a slip in the student's notebook, in one process, and read what it shows."""

from __future__ import annotations

import ast
import contextlib
import io
import linecache
import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from inprocess import composer_of
from selfchecks import is_check_of, run_definitions

from autograder.rehearsal.edits import bare
from course_lib import GradientCheck
from course_lib.gradcheck.causes import Cause
from course_lib.grading import Checks, Status, set_run_seed
from slips.slip import Slip

#: Says no more than that something is wrong; right or not, nobody is misled by it.
NO_CAUSE = {str(Cause.LOCAL_DERIVATIVE), str(Cause.RAISED)}


@dataclass(frozen=True)
class Reading:
    """What is read at one place after a slip: the text, the causes and the lines that it names."""

    where: str
    text: str
    causes: frozenset[str]
    lines: frozenset[str]
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
        for name, cell in self.cells:
            role = cell.metadata["nbgrader"]
            if role["grade"]:
                if name.startswith(f"{exercise}-"):
                    found["graded"].append(shown(self.full[name], namespace))
            elif role["solution"]:
                define(answer if name == exercise else self.solution[name], namespace, name)
            elif "setup" in cell.metadata.get("tags", []):
                run_definitions(cell.source, namespace, whole=True)
            elif is_check_of(name, exercise, self.cells):
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
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    with quiet() as printed:
        try:
            exec(compile(tree, "<cell>", "exec"), namespace)
            if isinstance(last, ast.Expr):
                values.append(eval(compile(ast.Expression(last.value), "<cell>", "eval"), namespace))
        except Exception as error:
            printed.write(f"\n✗ {type(error).__name__}: {error}")
    if isinstance(namespace.get("checks"), Checks):
        values.append(namespace["checks"])
    return printed.getvalue(), values


def reading(where: str, shows: list[tuple[str, Any]], slip: Slip, lines: set[str]) -> Reading:
    """Judge what the cells of one place have shown."""
    texts, causes, named, failed = [], set(), [], False
    for printed, values in shows:
        failed = failed or "✗" in printed
        texts.append(printed)
        for value in values:  # what a table of checks says has been printed
            if isinstance(value, GradientCheck) and value.passed is not True:
                failed = True
                texts.append(str(value))
                for argument in value.arguments:
                    causes.update(str(cause) for cause in argument.diagnosis or ())
                if value.line is not None and value.line.line is not None:
                    named.append(value.line.source)
            elif isinstance(value, Checks):
                for outcome in value.outcomes:
                    if outcome.status is not Status.PASSED:
                        failed = True
                        causes.update(outcome.causes)
                        named += [outcome.line.partition(": ")[2]] if outcome.line else []
    text = "\n".join(part.rstrip() for part in texts if part.strip())
    verdict = judged(text, causes, {line.strip() for line in named}, slip, lines) if failed else ""
    return Reading(where, text, frozenset(causes), frozenset(named), verdict)


def judged(text: str, causes: set[str], named: set[str], slip: Slip, lines: set[str]) -> str:
    """`misleading` if a cause or a line is named that is none of the planted ones, else `right` or `vague`."""
    if causes - slip.causes - NO_CAUSE or named - lines:
        return "misleading"
    if named or (causes & slip.causes) - NO_CAUSE or (slip.says and slip.says in text):
        return "right"
    return "vague"


@contextlib.contextmanager
def quiet() -> Iterator[io.StringIO]:
    """Collect what is printed."""
    printed = io.StringIO()
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield printed
