"""Answers that Python could not read when their cells last ran: what is checked is what they were before."""

import ast
import inspect
import linecache
import re
import sys
import warnings
from collections.abc import Mapping, Sequence
from types import FunctionType
from typing import Any

#: What a cell defines, and what it may: inside, or in the text that a magic runs.
DEFINED = re.compile(r"^(?:async +def|def|class) +(\w+)", re.MULTILINE)
MAY_DEFINE = re.compile(r"(?:def|class) +(\w+)")


def unread(history: Sequence[str], known: Mapping[str, object]) -> list[str]:
    """Return a sentence for the functions and classes that the last of these cells uses, and are old ones.

    `history` are the sources of all cells that ran, in order, `known` what the names stand for now.
    """
    why: dict[str, list[str]] = {}
    for name in sorted(_used(history[-1]) & set(known)):
        if reason := _why_old(name, history[:-1], known[name]):
            why.setdefault(reason, []).append(f"`{name}`")
    return [
        f"Python could not read {' and '.join(names)} ({reason}): this checks what was there before"
        for reason, names in why.items()
    ]


def unread_here() -> list[str]:
    """The same of the notebook that this runs in; nothing elsewhere."""
    ipython: Any = sys.modules.get("IPython")
    shell = ipython and ipython.get_ipython()
    # Not `In`, which may be a variable of the notebook's own.
    history = shell and getattr(shell.history_manager, "input_hist_parsed", None)
    return unread(history, shell.user_ns) if history else []


def _used(cell: str) -> set[str]:
    """The variables in a cell: not the words of its texts."""
    tree, _ = _parsed(cell)
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} if tree else set()


def _why_old(name: str, history: Sequence[str], thing: object) -> str:
    """What Python could not read in the last cell that defines a name, if what it stands for is older."""
    cells = [cell for cell in history if name in MAY_DEFINE.findall(cell)]
    if not cells or name not in DEFINED.findall(cells[-1]) or not (reason := _parsed(cells[-1])[1]):
        return ""
    made_in = _cell_of(thing)
    is_old = name in DEFINED.findall(made_in) and made_in in map(str.strip, cells[:-1])
    return reason if is_old else ""


def _cell_of(thing: object) -> str:
    """The source of the cell that made a function or a class, as far as Python remembers it."""
    parts = [thing, *vars(thing).values()] if isinstance(thing, type) else [thing]
    for function in parts:
        if isinstance(function, FunctionType):
            code = getattr(inspect.unwrap(function), "__code__", None)
            return "".join(linecache.getlines(code.co_filename)).strip() if code else ""
    return ""


def _parsed(cell: str) -> tuple[ast.Module | None, str]:
    """A cell's tree, or None and why Python cannot read it; it warns of nothing a second time."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(cell), ""
    except SyntaxError as error:
        return None, f"line {error.lineno}: {error.msg}" if error.lineno else ""
    except (ValueError, RecursionError, MemoryError):
        return None, ""
