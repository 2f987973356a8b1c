"""What can go wrong on the student's side, as the grader's side sees it."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterator
from types import CodeType, FrameType

from autograder.remembered import remembered
from autograder.student_side.classes import ERRORS
from course_lib.gradcheck.withheld import Withheld
from course_lib.grading import CheckEnded

MOST_TYPES = LONGEST_NAME = 64
RUNS_CELLS = "autograder.grader_side.scoring"


class StudentError(Exception):
    """An exception of the student's own type, raised in the student's code."""


class StudentDied(CheckEnded):
    """The process with the student's code is gone: killed for its time, or ended by the code itself."""

    cause = "did not finish"  # in the words of the class report


class Ended(StudentDied):
    """That process ended by itself, perhaps before it was asked: a thread did, or an earlier cell."""


class Overdue(StudentDied):
    """A graded cell took longer than it may. What it asks at that moment nobody will hear the answer to, so
    that the process that was asked is given up.
    """


class MachineFull(StudentDied):
    """Little is left of what student code shares with others; whose doing it is cannot be told."""


class TimeLimit(CheckEnded):
    """A call was stopped because it took too long."""

    cause = "did not finish"


class ObjectGone(CheckEnded):
    """An object that a check holds belonged to a process that was replaced."""


class BrokenReply(StudentDied):
    """The student's process answered with something that is no answer; it was ended."""


class NotANumber(CheckEnded):
    """A check wanted a number, an array or plain data where student code returned an object of its own."""


class KeptBack(CheckEnded):
    """A context manager of the student's swallowed an exception: what follows in the block never ran."""

    def __init__(self, error: BaseException) -> None:
        said = f": {error}" if str(error) else ""
        super().__init__(
            f"your context manager kept back what was raised in its block, {type(error).__name__}{said}"
        )


class CannotCross(CheckEnded):
    """A check hands student code what cannot be handed over: no fault of the student's."""

    fault_of_check = True
    said = False  # whether it says already which call it was


class Unseen(CannotCross):
    """A check changes in place what student code may hold, which does not see it."""

    said = True

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"this cell changes a {kind} in place after it crossed to or from student code, which sees no "
            "change unless it is handed over again"
        )


class LibraryCalled(CheckEnded, Withheld):
    """An answer called the library for what it should do itself; the student's process refused."""


class SandboxError(RuntimeError):
    """The sandbox could not be set up or was lost; the message says what to do."""


_endings: dict[str, type[CheckEnded]] = {
    "TimeLimit": TimeLimit,
    "WireError": NotANumber,
    "Withheld": LibraryCalled,
}


def exception_of(names: list[str], argument: str | int, whole: Exception | None = None) -> BaseException:
    """The exception for one raised on the student's side: the names of its classes, and its argument.

    ``whole`` is the exception itself, where it came whole (``own_errors``).
    A builtin exception is rebuilt as such. Any other becomes a StudentError with the name of the student's
    type, which is also an instance of the nearest builtin one: ``except ValueError`` catches a subclass of
    it here too. What the student's side itself raised there ends the check.
    """
    if names[0] in _endings:
        return _endings[names[0]](argument)
    error = _rebuilt(names, argument) if whole is None else whole
    error.raised_by_student = True  # type: ignore[attr-defined]
    return error


def ending_no_loop(error: StopIteration) -> Exception:
    """The same, in the same words, unless code of the check's that waits for an answer speaks of it.

    Passed on as it is, it would be the end of any loop that calls for elements: ``all(map(check, numbers))``
    would look at no more of them, and pass.
    """
    kinds = {kind.__name__ for kind in type(error).__mro__ if issubclass(kind, StopIteration)}
    if any(not kinds.isdisjoint(code.co_names) for code in _waiting()):
        return error
    made = _own_type(type(error).__name__, Exception)(str(error))
    vars(made).update({name: told for name, told in vars(error).items() if not name.startswith("_")})
    return made


def _waiting() -> Iterator[CodeType]:
    """The code that waits in this thread, the innermost first: the graded cell's, and its libraries'."""
    frame: FrameType | None = sys._getframe()
    while frame is not None and (module := str(frame.f_globals.get("__name__"))) != RUNS_CELLS:
        if not module.startswith("autograder."):
            yield frame.f_code
        frame = frame.f_back


def _rebuilt(names: list[str], argument: str | int) -> Exception:
    kinds = [kind for name in names if (kind := _known(name)) is not None]
    if kinds and kinds[0].__name__ == names[0]:
        try:
            return kinds[0](argument)
        except TypeError:  # UnicodeDecodeError and its like want five arguments
            del kinds[0]
    return _own_type(names[0], kinds[0] if kinds else Exception)(argument)


def _known(name: str) -> type[Exception] | None:
    kind = ERRORS.get(name, getattr(builtins, name, None))
    return kind if isinstance(kind, type) and issubclass(kind, Exception) else None


@remembered(MOST_TYPES)
def _own_type(name: str, base: type[Exception]) -> type[StudentError]:
    name = name if name.isidentifier() and len(name) <= LONGEST_NAME else "StudentError"
    bases = (StudentError,) if base is Exception else (StudentError, base)
    try:
        return type(name, bases, {"__module__": __name__})
    except TypeError:  # two exceptions that Python lays out differently in memory
        return type(name, (StudentError,), {"__module__": __name__})
