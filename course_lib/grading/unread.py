"""Answers that Python could not read when their cells last ran: what is checked is what they were before."""

import ast
import re
import sys
import warnings
from typing import Any

DEFINED = re.compile(r"^(?:async +def|def|class) +(\w+)", re.MULTILINE)
ASSIGNED = re.compile(r"^(\w+)(?: *:[^=\n]+)? *=(?!=)", re.MULTILINE)


def unread(history: list[str], known: dict[str, object]) -> list[str]:
    """Return a sentence for each function or class that the last of these cells names and that is an old one.

    ``history`` are the sources of all cells that ran, in order, ``known`` what the names stand for now.
    """
    names = set(re.findall(r"\w+", history[-1])) & set(known)
    sentences = []
    for source in reversed(history[:-1]):
        here = names.intersection(DEFINED.findall(source))
        names = names - here - set(ASSIGNED.findall(source))  # what older cells say does not count any more
        if not here:
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of a formula in a docstring, Python warned then
                ast.parse(source)
        except SyntaxError as error:
            listed = " and ".join(f"`{name}`" for name in sorted(here))
            why = f"line {error.lineno}: {error.msg}"
            sentences.append(f"Python could not read {listed} ({why}): this checks what was there before")
    return sentences


def unread_here() -> list[str]:
    """The same of the notebook that this runs in; nothing elsewhere."""
    ipython: Any = sys.modules.get("IPython")
    shell = ipython and ipython.get_ipython()
    history = shell and shell.user_ns.get("In")
    return unread(history, shell.user_ns) if isinstance(history, list) and history else []
