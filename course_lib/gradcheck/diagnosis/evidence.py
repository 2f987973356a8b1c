"""Everything a hypothesis may look at."""

from dataclasses import dataclass

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.contract import Contract
from course_lib.gradcheck.problem import Problem
from course_lib.gradcheck.verdict import Entries


@dataclass(frozen=True)
class Evidence:
    """The problem, the gradients as returned, every argument's entries, and the faults of the upstream gradient."""

    problem: Problem
    contract: Contract
    judged: dict[int, Entries]
    faults: dict[int, tuple[Cause, str]]
