"""The grader's side of the wall: starts the sandbox, runs graded cells here, and never any student code.

``docs/security.md`` says what is promised. In short: the student's process may send anything; what comes
of it here is an exact plain value, a handle or an error, and points come only from a
graded cell's last expression.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.grader_side.borrowed import Borrowed as Borrowed
    from autograder.grader_side.errors import BrokenReply as BrokenReply
    from autograder.grader_side.errors import SandboxError as SandboxError
    from autograder.grader_side.errors import StudentDied as StudentDied
    from autograder.grader_side.errors import StudentError as StudentError
    from autograder.grader_side.grader import GradedNotebook as GradedNotebook
    from autograder.grader_side.grader import Grader as Grader
    from autograder.grader_side.grader import RunStatus as RunStatus
    from autograder.grader_side.limits import Limits as Limits
    from autograder.grader_side.scoring import CellOutcome as CellOutcome

_HOME = {
    "Borrowed": "borrowed",
    "BrokenReply": "errors",
    "CellOutcome": "scoring",
    "GradedNotebook": "grader",
    "Grader": "grader",
    "Limits": "limits",
    "RunStatus": "grader",
    "SandboxError": "errors",
    "StudentDied": "errors",
    "StudentError": "errors",
}
__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    """Import what is asked for: who looks at the limits alone needs none of what grades."""
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
