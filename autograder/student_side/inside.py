"""A graded cell that needs real objects, run where they are: in a fork of the student's own process.

What it does to them ends with the fork. All that student code could do to its own process it can do here, to
read the cell included: the verdict is as good as the student.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np

from autograder.student_side.shell import StudentShell
from autograder.student_side.texts import text_of

NUMBERS = (int, float, Decimal, Fraction, np.integer, np.floating)
MAX_TEXT = 1000
MOST_POINTS = 1e9

Verdict = tuple[str, float, str]


def verdict_on(shell: StudentShell, source: str, before: Sequence[str]) -> Verdict:
    """How a graded cell ends, after those whose names it reads: a kind, a number and a text.

    ("raised", its line or 0, the error, or one that it showed), ("nothing", 0, ""), ("truth", 0 or 1, ""),
    ("number", it, "") or ("other", 0, the name of its type).
    """
    for earlier in before:
        shell.execute(earlier)
    result = shell.execute(source)
    error = result.error_before_exec or result.error_in_exec
    if error is not None or shell.shown:
        raised = shell.shown if error is None else f"{type(error).__name__}: {text_of(error)}"
        return "raised", _line_of(shell, error), raised[:MAX_TEXT]
    value = result.result
    if value is None:
        return "nothing", 0.0, ""
    if isinstance(value, bool | np.bool_):
        return "truth", float(value), ""
    if isinstance(value, NUMBERS):
        return "number", float(value if value != value else min(max(value, -1), MOST_POINTS)), ""
    return "other", 0.0, type(value).__name__[:MAX_TEXT]


def _line_of(shell: StudentShell, error: BaseException | None) -> float:
    """The number of the cell's line in which an error was raised; 0 where it is none of its own."""
    trace = None if error is None else error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_globals is shell.user_ns and trace.tb_frame.f_code.co_name == "<module>":
            return float(trace.tb_lineno)
        trace = trace.tb_next
    return 0.0
