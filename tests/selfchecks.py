"""Run a notebook's visible self-checks as a student's kernel would, and say what they found."""

import ast
import contextlib
import io
import os
import warnings
from functools import cache
from unittest.mock import patch

from autograder.rehearsal.compose import Composer
from course_lib.grading import Checks, Status

FAILED, PASSED, SILENT = "failed", "passed", "silent"


class Notebook:
    """The code of one assignment; runs the self-checks and the visible graded cells of one exercise.

    Of other exercises' read-only cells only the definitions run: their figures say nothing here.
    """

    def __init__(self, composer: Composer) -> None:
        self.cells = [
            (cell.metadata["nbgrader"]["grade_id"], cell)
            for cell in composer.release.cells
            if cell.cell_type == "code" and cell.metadata.get("nbgrader")
        ]
        self.solution = composer.solution
        self.answers = composer.answers

    def self_checks(self, answer):
        """What the self-checks of the answer's exercise say."""
        return self._said_of(answer, by_graded_cells=False)

    def graded_cells(self, answer):
        """What the visible checks of the exercise's graded cells say, after its self-checks."""
        return self._said_of(answer, by_graded_cells=True)

    def _said_of(self, answer, *, by_graded_cells):
        os.environ.setdefault("MPLBACKEND", "Agg")
        namespace = {"__name__": "__main__"}
        said = []
        judged = self.judged_with(answer.exercise)
        checks = self.checks_of(judged)
        texts = {**self.solution, answer.exercise: answer.source}
        for name, cell in self.cells[: self.last_of(judged) + 1]:
            role = cell.metadata["nbgrader"]
            own = name.partition("_")[0] == answer.exercise.partition("_")[0]
            if role["grade"]:
                if by_graded_cells and name.partition("-")[0] in judged:
                    said.append(run(cell.source, namespace))
            elif role["solution"]:
                run_definitions(texts[name], namespace, whole=True)
            elif "setup" in cell.metadata.get("tags", []):
                run_definitions(cell.source, namespace, whole=True)
            elif name in checks:
                verdict = run(cell.source, namespace)
                said += [] if by_graded_cells else [verdict]
            elif "figure" in name or ("check" in name and name.partition("-")[0] in self.solution):
                continue  # a picture, or of another answer
            else:
                run_definitions(cell.source, namespace, whole=own)
            if FAILED in said:
                break
        return summed_up(said)

    def last_of(self, judged):
        """The place of the last cell that says something of them; a training after it does not."""
        checks = self.checks_of(judged)
        return max(
            place
            for place, (name, _) in enumerate(self.cells)
            if name.partition("-")[0] in judged or name in checks
        )

    def judged_with(self, exercise):
        """The exercise, and those without an answer of their own that its known answers lose points in."""
        lost = {
            cell.partition("-")[0] for one in self.answers if one.exercise == exercise for cell in one.points
        }
        return {exercise, *(lost - self.solution.keys())}

    def checks_of(self, judged):
        """The names of the self-checks of these exercises."""
        return {name for exercise in judged for name in checks_of(exercise, self.cells, self.solution)}


def checks_of(exercise, cells, solution):
    """The self-checks of an exercise: its own, or those of its number that are of no other answer."""
    names = [name for name, cell in cells if "check" in name and not cell.metadata["nbgrader"]["grade"]]
    own = [name for name in names if name.startswith(f"{exercise}-")]
    number = exercise.partition("_")[0]
    return own or [
        name for name in names if name.partition("-")[0] not in solution and name.partition("_")[0] == number
    ]


def summed_up(verdicts):
    if FAILED in verdicts:
        return FAILED
    return PASSED if PASSED in verdicts else SILENT


def run_definitions(source, namespace, *, whole):
    """Run a cell for what it defines; with ``whole`` false, without the expressions that show something."""
    code = definitions(source, whole)
    with quiet(), contextlib.suppress(Exception):
        exec(code, namespace)


@cache  # here and below: the same cells stand around hundreds of answers
def definitions(source, whole):
    tree = ast.parse(source)
    if not whole:
        kinds = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef | ast.Assign
        tree.body = [node for node in tree.body if isinstance(node, kinds)]
    return compile(tree, "<cell>", "exec")


class FirstFailureError(Exception):
    """A check failed, and its cell with it, whatever its other checks would say."""


def _adding(checks, outcome, add=Checks._add):
    add(checks, outcome)
    if outcome.status is not Status.PASSED:
        raise FirstFailureError


def run(source, namespace):
    """Run a cell and show its last expression: whether what it shows is a failure, a success, or neither."""
    shown = []
    namespace["display"] = lambda *values: shown.extend(values)
    statements, last = statements_and_last_expression(source)
    before = set(map(id, namespace.values()))
    with quiet() as printed, patch.object(Checks, "_add", _adding):
        try:
            exec(statements, namespace)
            if last is not None:
                shown.append(eval(last, namespace))
        except Exception:
            return FAILED
    shown += [
        value for value in list(namespace.values()) if isinstance(value, Checks) and id(value) not in before
    ]
    return summed_up([verdict(value) for value in shown] + [of_text(printed.getvalue())])


@cache
def statements_and_last_expression(source):
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    shown = last and compile(ast.Expression(last.value), "<cell>", "eval")
    return compile(tree, "<cell>", "exec"), shown


def verdict(value):
    if isinstance(value, Checks):
        return summed_up([PASSED if one.status is Status.PASSED else FAILED for one in value.outcomes])
    if isinstance(value, str):
        return of_text(value)
    if isinstance(value, tuple | list):
        return summed_up([verdict(one) for one in value])
    if hasattr(value, "passed"):
        return PASSED if value.passed is True else FAILED
    return SILENT


def of_text(text):
    if "✗" in text or "○" in text:
        return FAILED
    return PASSED if "✓" in text else SILENT


@contextlib.contextmanager
def quiet():
    printed = io.StringIO()
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield printed
