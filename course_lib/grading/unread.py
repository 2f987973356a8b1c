"""Answers that Python could not read when their cells last ran: what is checked is what they were before."""

import ast
import re
import sys
from typing import Any

DEFINED = re.compile(r"^(?:async +def|def|class) +(\w+)", re.MULTILINE)


def unread(history: list[str], known: dict[str, object]) -> list[str]:
    """Return a sentence for each function or class that the last of these cells names and that is an old one.

    ``history`` are the sources of all cells that ran, in order, ``known`` what the names stand for now.
    """
    names = set(re.findall(r"\w+", history[-1])) & set(known)
    sentences = []
    for source in reversed(history[:-1]):
        if not (here := names.intersection(DEFINED.findall(source))):
            continue
        names -= here  # what older cells say of these does not count any more
        try:
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
