"""Named checks worth points. Closed by default: a check earns only when its block ran to the end."""

from __future__ import annotations

import contextlib
import io
import math
import re
import sys
import traceback
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from types import FrameType

import numpy as np

from course_lib.gradcheck import Cause, ContractError, GradientCheck, GradientMismatch
from course_lib.gradcheck.lines.raised import raised_by
from course_lib.gradcheck.outputs import WrongCallError
from course_lib.gradcheck.text import printable, where_raised
from course_lib.gradcheck.withheld import Asking, Withheld
from course_lib.grading.unread import unread_here

NOT_WRITTEN_YET = "not written yet"
# Whose text needs no name of a class before it.
SPEAK_FOR_THEMSELVES = (AssertionError, ContractError, Withheld, WrongCallError)
MESSAGE_LINES = 16
LINE_WIDTH = 200

#: What Python says where a result is taken apart that has not so many parts, or none.
UNFIT = re.compile(
    r"values to unpack|cannot unpack|not subscriptable|not iterable|indices must be|has no len|"
    r"'(numpy[.\w]*|list|tuple|dict|float|int|str)' object has no attribute"
)

#: Frames of a block's own lines, which Pythons before 3.12 give a frame.
COMPREHENSIONS = frozenset({"<listcomp>", "<dictcomp>", "<setcomp>", "<genexpr>"})

_run_seed = 0
_latest: dict[tuple[str, str], Outcome] = {}  # by exercise and check, in the order in which they first ran


def set_run_seed(seed: int) -> None:
    """Begin a run: set the seed that every check's random generator is derived from, and forget the last
    run's outcomes; a grader draws a new seed for each.
    """
    global _run_seed
    _run_seed = seed
    _latest.clear()


def latest_outcomes() -> list[tuple[str, Outcome]]:
    """Every check of a named exercise that has run, with its exercise: the latest outcome of each."""
    return [(exercise, outcome) for (exercise, _), outcome in _latest.items()]


class CheckEnded(BaseException):
    """Ends the check that it is raised in, without points: raised by what runs the check, not by student
    code.

    No Exception, so that neither ``except Exception`` in a check nor ``expect_raises`` takes it for one of
    the student's. ``fault_of_check`` says that the check asked for what cannot be; a class may say
    by ``cause`` what that is in the class report.
    """

    fault_of_check = False


# Of a check, with what a text may raise that is made of the student's values.
ENDINGS = (Exception, SystemExit, CheckEnded, Withheld)


class Status(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_WRITTEN = NOT_WRITTEN_YET


#: What stands before a check's name: what nobody has touched yet is no mistake.
MARKS = {Status.PASSED: "✓", Status.FAILED: "✗", Status.NOT_WRITTEN: "○"}


@dataclass(frozen=True)
class Outcome:
    """One check, done: its name, what it earned of what it is worth, and what to tell the student."""

    name: str
    status: Status
    points: float
    max_points: float
    message: str = ""
    causes: tuple[str, ...] = ()
    line: str = ""  # the first wrong line of the student's code, with the name of its function
    repair: str = ""  # what mends it, where a grader found that: for instructors


class Checks:
    """The checks of one graded cell, run one after the other; none can stop the next.

    Each check is a ``with`` block. It passes when the block reaches its end, and fails when anything is
    raised in it; what was printed there, on either stream, is kept out of the cell's output. The block
    receives a random generator derived from the run's seed and the check's name, so that checks do not
    disturb each other::

        checks = Checks("1.3")
        with checks("f at (-2, 5, -4) is -12", points=1):
            f, grads = product_of_sum(-2.0, 5.0, -4.0)
            expect_close("f", f, -12.0)
        with checks("gradients at random points", points=2) as rng:
            ...
        checks.score()

    ``exercise``, the number in its heading, is what :func:`course_lib.progress` lists the checks under;
    checks without one are not listed.
    """

    def __init__(self, exercise: str = "") -> None:
        self.exercise = exercise
        self.outcomes: list[Outcome] = []

    @contextlib.contextmanager
    def __call__(self, name: str, points: float = 0) -> Iterator[np.random.Generator]:
        """Run the block as the check ``name``; yields its random generator. Raises nothing of the block's."""
        if not (math.isfinite(points) and points >= 0):
            raise ValueError(f"check {name!r}: points must be a finite number >= 0, not {points!r}")
        printed = io.StringIO()
        block = sys._getframe(2)  # 1 is contextlib's
        try:
            with _quiet(printed), Asking(block):
                yield np.random.default_rng([_run_seed, zlib.crc32(name.encode())])
        except ENDINGS as error:
            if _is_unwritten(error):
                missing = _unwritten(error, block.f_code.co_filename)
                self._add(Outcome(name, Status.NOT_WRITTEN, 0.0, points, missing))
            else:
                message = _message(error, printed.getvalue(), block)
                found = _wrong_line(error), _repair(error)
                self._add(Outcome(name, Status.FAILED, 0.0, points, message, _causes(error), *found))
        except KeyboardInterrupt as stopped:  # somebody waited for a loop long enough: show which
            message = f"stopped by hand{where_raised(stopped, block.f_code.co_filename)}"
            self._add(Outcome(name, Status.FAILED, 0.0, points, message))
            print(self)
            raise
        else:
            self._add(Outcome(name, Status.PASSED, points, points))

    def _add(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        if self.exercise:
            _latest[self.exercise, outcome.name] = outcome

    def score(self, of: float | None = None) -> float:
        """Print the table and return the points earned, a plain float: a graded cell's last expression.

        ``of`` is what the cell is worth in all, which the build writes here: where the checks that ran are
        worth less, a line says how many points are seen to only while grading.
        """
        if self.outcomes:
            print(self)
        # Rounded, or checks of 0.1 and 0.2 points would add up to more than the cell's 0.3.
        earned = round(math.fsum(outcome.points for outcome in self.outcomes), 9)
        seen = round(math.fsum(outcome.max_points for outcome in self.outcomes), 9)
        if of is not None and (unseen := round(of - seen, 9)) > 0:
            verb = "is" if unseen == 1 else "are"
            shown = (
                f"{earned:g} of {seen:g}; {unseen:g} more" if self.outcomes else f"nothing; {of:g} of {of:g}"
            )
            print(f"seen: {shown} {verb} checked at grading")
        return earned

    def __str__(self) -> str:
        width = max((len(outcome.name) for outcome in self.outcomes), default=0)
        said: set[str] = set()
        lines = [f"! {sentence}" for sentence in unread_here()]
        for outcome in self.outcomes:
            long = "\n" in outcome.message
            again = replace(outcome, message="the same as above") if outcome.message in said else outcome
            lines += _rows(again, width)
            said |= {outcome.message} if long else set()
        return "\n".join(lines)


@contextlib.contextmanager
def _quiet(printed: io.StringIO) -> Iterator[None]:
    """Collect what the block prints or warns: neither earns nor costs points."""
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        warnings.catch_warnings(record=True) as warned,
    ):
        warnings.simplefilter("default")
        try:
            yield
        finally:
            for warning in warned:
                printed.write(f"{warning.category.__name__}: {warning.message}\n")


def _rows(outcome: Outcome, width: int) -> Iterator[str]:
    mark = MARKS[outcome.status]
    worth = f"  {outcome.points:g} of {outcome.max_points:g}" if outcome.max_points else ""
    if outcome.status is Status.NOT_WRITTEN:
        yield f"{mark} {outcome.name:<{width}}{worth}  {outcome.message or NOT_WRITTEN_YET}"
        return
    yield f"{mark} {outcome.name:<{width}}{worth}"
    for line in outcome.message.splitlines():
        yield f"    {line}"


def _is_unwritten(error: BaseException) -> bool:
    """Whether a stub was called, by the check itself or by the gradient checker, which then says so."""
    checked = _checked(error)
    unwritten = checked is not None and checked.message.startswith(NOT_WRITTEN_YET)
    return unwritten or isinstance(error, NotImplementedError)


def _unwritten(error: BaseException, check: str) -> str:
    """What is not written yet, where that is known: an answer may call another that is a stub."""
    checked = _checked(error)
    name = checked.message.partition(": ")[2] if checked is not None else printable(raised_by(error, check))
    return f"{NOT_WRITTEN_YET}: {name}" if name else ""


def _causes(error: BaseException) -> tuple[str, ...]:
    """What the error is a case of, for the class report; nothing for a value that is just wrong.

    A gradient check names causes, an expectation its own; anything else was raised by the student's code.
    """
    checked = _checked(error)
    arguments = checked.arguments if checked is not None else ()
    named = [str(cause) for argument in arguments for cause in argument.diagnosis or ()]
    if not named and (cause := _told_by(error)):
        named = [str(cause)]
    if not named and not isinstance(error, AssertionError | CheckEnded):
        named = [str(Cause.RAISED)]
    return tuple(dict.fromkeys(named))


def _checked(error: BaseException) -> GradientCheck | None:
    """The gradient check that an error tells of."""
    check = vars(error).get("check") if isinstance(error, GradientMismatch) else None
    return check if isinstance(check, GradientCheck) else None  # whoever raises it may hand over anything


def _told_by(error: BaseException) -> Cause | str:
    """The cause that an error of ours has: a student's exception may have anything by that name."""
    if isinstance(error, CheckEnded | Withheld):
        return str(getattr(error, "cause", ""))
    cause = vars(error).get("cause")
    return cause if isinstance(cause, Cause) else ""


def _wrong_line(error: BaseException) -> str:
    """The first wrong line that a gradient check found, for the class report."""
    checked = _checked(error)
    line = checked.line if checked is not None else None
    return f"{line.function}: {line.source}" if line is not None and line.line is not None else ""


def _repair(error: BaseException) -> str:
    """The change that mends that line, if a grader's search added it."""
    checked = _checked(error)
    found = getattr(checked.line, "repair", "") if checked is not None else ""
    return found if isinstance(found, str) else ""


def _misshapen(error: BaseException, block: FrameType) -> str:
    """What to say where the check itself, no code of the student's, stumbled over what that returned."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    names = [frame.f_code.co_name for frame in frames[frames.index(block) + 1 :]] if block in frames else [""]
    if not COMPREHENSIONS.issuperset(names):
        return ""
    text = _text(error)
    if isinstance(error, KeyError):
        return "your result has no such key"
    if isinstance(error, IndexError) and "out of" in text:
        return "your result has fewer entries than the check asks for"
    if isinstance(error, TypeError | AttributeError) and "NoneType" in text:
        return "your result is None: did you forget the return statement?"
    if isinstance(error, IndexError) or (
        isinstance(error, TypeError | ValueError | AttributeError) and UNFIT.search(text)
    ):
        return "your result has another form than the check asks for"
    return ""


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except ENDINGS as unprintable:  # a student's own exception class may say nothing, or anything
        return f"(its message could not be shown: {type(unprintable).__name__})"


def _message(error: BaseException, printed: str, block: FrameType) -> str:
    text, misshapen = _text(error), _misshapen(error, block)
    no_fault = isinstance(error, CheckEnded) and error.fault_of_check
    speaks_for_itself = no_fault or isinstance(error, SPEAK_FOR_THEMSELVES)
    if not (speaks_for_itself and text):
        text = f"{type(error).__name__}: {text}" if text else type(error).__name__
        if where := where_raised(error, block.f_code.co_filename):
            text += "\n  " + where.removeprefix(", ").removeprefix("; ")
    if misshapen:
        text = f"{misshapen} ({text})"
    lines = _clip(text, MESSAGE_LINES)
    if printed.strip():
        lines += ["your code printed:", *("  " + line for line in _clip(printed, 4))]
    return "\n".join(lines)


def _clip(text: str, most: int) -> list[str]:
    """The first lines of a text, each of bounded width, without characters that could drive a terminal."""
    lines = [line[:LINE_WIDTH] for line in text.strip()[: 10 * most * LINE_WIDTH].splitlines()]
    shown = [_printable(line) for line in lines[:most]]
    return [*shown, "..."] if len(lines) > most else shown


def _printable(line: str) -> str:
    return line if line.isprintable() else "".join(c if c.isprintable() else "�" for c in line)
