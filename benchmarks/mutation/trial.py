"""One assignment's solution, graded in one process with one answer cell replaced, as a mutant is.

``Trial.points_lost`` grades: the cells that depend on the answer, in order, until one loses points.
``Trial.difference`` is for the mutants that lose none. It runs the same cells with other random numbers
(ties and zeros, whole numbers, large ones), notes whatever crosses the border between the graded cells and
the student's code, and says where the mutant differs from the solution, if anywhere.
"""

from __future__ import annotations

import ast
import contextlib
import io
import resource
import signal
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from types import CodeType
from typing import Any

import numpy as np

from autograder.sources.markers import without_markers
from autograder.sources.source import Source, SourceCell
from course_lib.grading import Checks
from course_lib.grading.checks import set_run_seed
from mutation.border import Border, Event, first_difference
from mutation.draws import DRAWS, checks_with

# A mutant may take this many times as long as the solution, and this many seconds of processor time besides.
PATIENCE, GRACE = 20, 2.0
MEMORY = 6 << 30
STUDENT = "<student's "


class TimeIsUp(BaseException):
    """Raised in code that has used up its time."""


@dataclass(frozen=True)
class Cell:
    """A cell to run: its role, its grade id, its source; what it defines, and which names it uses."""

    role: str
    grade_id: str
    source: str
    bound: frozenset[str]
    used: frozenset[str]


class Trial:
    """The solution of one assignment, ready to be graded with any answer in place of its own."""

    def __init__(self, source: Source) -> None:
        cells = [_cell(item) for item in source.cells if item.cell.cell_type == "code" and item.role]
        used = frozenset().union(*(cell.used for cell in cells if cell.role != "readonly"))
        self.cells = [cell for cell in cells if cell.role != "readonly" or cell.bound & used]
        self.worth = {item.grade_id: item.points for item in source.cells if item.role == "graded"}
        self._compiled: dict[str, CodeType] = {}
        self._traces: dict[tuple[str, str], list[Event]] = {}

    @cached_property
    def seconds(self) -> dict[str, float]:
        """The processor time that each graded cell takes with the solution."""
        times: dict[str, float] = {}
        for name, _ in self._graded({}, {cell.grade_id for cell in self.cells}, times=times):
            times.setdefault(name, 0.0)
        return times

    def points_lost(self, answer: str, text: str, seed: int = 0) -> tuple[str, str] | None:
        """The first graded cell that loses points with ``text`` in the answer's place, and what it says."""
        set_run_seed(seed)
        limits = self.seconds
        try:
            for name, checks in self._graded({answer: text}, self.dependent_on(answer), limits):
                for outcome in checks.outcomes:
                    if outcome.points < outcome.max_points:
                        return name, outcome.message or outcome.status
        except TimeIsUp:
            return "the time limit", "time is up"
        except Exception as error:  # the cell itself does not run: nothing in it can earn
            return answer, f"{type(error).__name__}: {error}"
        return None

    def points(self, answer: str, text: str, seed: int = 0) -> dict[str, tuple[float, float]]:
        """What each graded cell that uses the answer earns with ``text`` in its place, and is worth.

        A cell that is not reached, since one before it takes too long or ``text`` does not run, earns 0.
        """
        wanted = self.dependent_on(answer)
        earned = {name: (0.0, worth) for name, worth in self.worth.items() if name in wanted}
        limits = self.seconds
        set_run_seed(seed)
        with contextlib.suppress(TimeIsUp, Exception):
            for name, checks in self._graded({answer: text}, wanted, limits):
                earned[name] = sum(outcome.points for outcome in checks.outcomes), self.worth[name]
        return earned

    def difference(self, answer: str, text: str) -> str | None:
        """Where the mutant behaves otherwise than the solution, in words; None if nowhere that was tried."""
        for draw in DRAWS:
            if (answer, draw) not in self._traces:
                self._traces[answer, draw] = self._trace(answer, None, draw)
            told = first_difference(self._traces[answer, draw], self._trace(answer, text, draw))
            if told:
                return f"{told} ({draw} draws)"
        return None

    def dependent_on(self, answer: str) -> set[str]:
        """The graded cells that use what the answer binds, directly or by way of other answers."""
        changed = {name for cell in self.cells if cell.grade_id == answer for name in cell.bound}
        before: set[str] = set()
        while before != changed:
            before = set(changed)
            for cell in self.cells:
                if cell.role != "graded" and cell.used & changed:
                    changed |= cell.bound
        return {cell.grade_id for cell in self.cells if cell.role == "graded" and cell.used & changed}

    def _trace(self, answer: str, text: str | None, draw: str) -> list[Event]:
        set_run_seed(1)
        border = Border(STUDENT)
        replaced = {} if text is None else {answer: text}
        with contextlib.suppress(TimeIsUp):
            wanted = self.dependent_on(answer)
            for _ in self._graded(replaced, wanted, self.seconds, checks_with(draw), border):
                pass
        return border.events

    def _graded(
        self,
        replaced: dict[str, str],
        wanted: set[str],
        limits: dict[str, float] | None = None,
        checks_class: type[Checks] = Checks,
        border: Border | None = None,
        times: dict[str, float] | None = None,
    ) -> Iterator[tuple[str, Checks]]:
        """Run the cells in order; yield the checks of each graded cell that is wanted."""
        namespace: dict[str, Any] = {"__name__": "__main__"}
        slack = PATIENCE if border is None else 3 * PATIENCE
        for cell in self.cells:
            if cell.role == "graded" and cell.grade_id not in wanted:
                continue
            code = self._code(cell, replaced.get(cell.grade_id))
            limit = GRACE + slack * (limits or {}).get(cell.grade_id, 30.0)
            start = time.process_time()
            with time_limit(limit), contextlib.redirect_stdout(io.StringIO()):
                if border is None or cell.role != "graded":
                    exec(code, namespace)
                else:
                    namespace["Checks"] = checks_class
                    with border:
                        exec(code, namespace)
            if times is not None:
                times[cell.grade_id] = time.process_time() - start
            if cell.role == "graded":
                yield cell.grade_id, namespace["checks"]

    def _code(self, cell: Cell, text: str | None) -> CodeType:
        name = f"{STUDENT}{cell.grade_id}>" if cell.role == "answer" else f"<{cell.grade_id}>"
        if text is not None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Python's remarks on what mutation makes of a line
                return compile(text, name, "exec")
        if cell.grade_id not in self._compiled:
            self._compiled[cell.grade_id] = compile(cell.source, name, "exec")
        return self._compiled[cell.grade_id]


def limit_memory() -> None:
    """Let a mutant that fills the memory fail instead of the machine."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    np.seterr(all="ignore")


def _cell(item: SourceCell) -> Cell:
    text = without_markers(item.cell.source)
    tree = ast.parse(text)
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    used = frozenset(node.id for node in names if isinstance(node.ctx, ast.Load))
    bound = frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef))
    return Cell(str(item.role), item.grade_id, text, bound, used)


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeIsUp in the block after this much processor time: a busy machine counts for nothing."""

    def stop(*_: object) -> None:
        raise TimeIsUp

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
