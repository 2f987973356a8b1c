"""The grader's side of the wall: starts the sandbox, runs graded cells here, and never any student code.

``docs/security.md`` says what is promised. In short: the student's process may send anything; what comes
of it here is an exact plain value, a handle or an error, and points come only from a
graded cell's last expression.
"""

from autograder.grader_side.borrowed import Borrowed
from autograder.grader_side.errors import BrokenReply, SandboxError, StudentDied, StudentError
from autograder.grader_side.grader import GradedNotebook, Grader, RunStatus
from autograder.grader_side.limits import Limits
from autograder.grader_side.scoring import CellOutcome

__all__ = [
    "Borrowed",
    "BrokenReply",
    "CellOutcome",
    "GradedNotebook",
    "Grader",
    "Limits",
    "RunStatus",
    "SandboxError",
    "StudentDied",
    "StudentError",
]
