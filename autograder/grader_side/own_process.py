"""What a graded cell asks of its own process, in which an answer does not run.

An answer may compute there as long as it likes, no alarm of the cell's rings while it does, what it leaves
changed is not seen, nor its text, and a cell that expects the worst of that (``except OSError``) passes.
"""

from __future__ import annotations

import re

_ASKED = re.compile(
    r"\b(?:process|thread)_time(?:_ns)?\b|\bgetrusage\b|\btracemalloc\b|\bmemory_info\b"
    r"|\bsignal\.alarm\b|\bsetitimer\b|\bsettrace\b|\bsetprofile\b|\bactive_count\b"
    r"|\bgetsource(?:lines|file)?\b|(?<=in )sys\.modules\b"
    r"|(?<=assert )os\.getcwd\(\)|(?<=in )os\.environ\b"
)


def asked_of_process(text: str) -> str:
    """What a released text asks of its own process, or has stopped there; "" for nothing."""
    found = _ASKED.search(text)
    return found[0] if found else ""
