"""What a graded cell asks of its own process, in which an answer does not run.

An answer may compute there as long as it likes, no alarm of the cell's rings while it does, what it leaves
changed is not seen, nor its text, and a cell that expects the worst of that (``except OSError``) passes.
"""

from __future__ import annotations

import ast
import re

from autograder.grader_side.magics import tree_of

_ASKED = re.compile(
    # of a module or imported from one: an answer may be called so, too
    r"(?:\.|\bimport (?:.*, )?)((?:process|thread)_time(?:_ns)?|getrusage|memory_info|active_count"
    r"|setitimer|settrace|setprofile|getsource(?:lines|file)?)\b"
    r"|\b(weakref)\b|\b(tracemalloc)\.|\b(signal\.alarm)\b|(?<=in )(sys\.modules|os\.environ)\b"
    r"|(?<=assert )(os\.getcwd\(\))"
)


def asked_of_process(text: str) -> str:
    """What a released text asks of its own process, or has stopped there; "" for nothing."""
    found = _ASKED.search(ast.unparse(tree_of(text)))  # without comments
    return next(filter(None, found.groups())) if found else ""
