"""What a graded cell measures or bounds of its own process, in which an answer does not run.

An answer may compute there as long as it likes, and no alarm of the cell's rings while it does.
"""

from __future__ import annotations

import re

_MEASURED = re.compile(
    r"\b((?:process|thread)_time(?:_ns)?|getrusage|tracemalloc|signal\.alarm|setitimer"
    r"|settrace|setprofile|in sys\.modules)\b"
)


def measured_by(text: str) -> str:
    """What a released text has that tells of its own process, or stops it; "" for nothing."""
    found = _MEASURED.search(text)
    return found[0] if found else ""
