"""One thing the doctor looked at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How it is; REFUSED means that grading would be refused."""

    OK = "ok"
    OPTIONAL = "not here"  # and nothing depends on it
    LOOK = "look"  # works, but less well than it could
    REFUSED = "missing"


@dataclass(frozen=True)
class Examined:
    """What was looked at, how it is, in words, and the command that mends it (empty when nothing does)."""

    name: str
    state: State
    says: str
    mend: str = ""

    def __str__(self) -> str:
        mend = f"\n{'':30}mend: {self.mend}" if self.mend else ""
        return f"{self.state:<10}{self.name:<18}  {self.says}{mend}"
