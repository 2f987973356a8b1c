"""The line of a student's in which an error was raised."""

import linecache
import os
import sysconfig
import traceback
from pathlib import Path
from types import CodeType

import numpy as np

PACKAGES = Path(__file__).parents[2]

#: Where code is that no student wrote.
NOBODYS = tuple(
    f"{folder}{os.sep}"
    for folder in (
        PACKAGES,
        PACKAGES.with_name("autograder"),
        Path(np.__file__).parent,
        *map(sysconfig.get_path, ("stdlib", "purelib", "platlib")),
    )
)


def raised_in(error: BaseException, check: str = "") -> str:
    """Return the innermost line that a student wrote of those in which an error was raised, or "".

    Behind the wall, it stands in the error: only the student's process has seen it. Elsewhere, none is known
    where the innermost is in the file ``check``, that of the check itself.
    """
    told = getattr(error, "__dict__", {}).get("raised_in", "")
    if isinstance(told, str) and told:
        return told
    code, line = innermost(error)
    return "" if code is None or code.co_filename == check else line


def raised_by(error: BaseException, check: str = "") -> str:
    """Return the name of the innermost function that a student wrote of those in which an error was raised.

    It is "" where none is known: behind the wall, of what has no name, and in the file ``check``.
    """
    if "raised_in" in getattr(error, "__dict__", {}):
        return ""
    code, _ = innermost(error)
    if code is None or code.co_filename == check:
        return ""
    # a function or method, also from a comprehension in it
    name = code.co_qualname.partition(".<locals>.<")[0].rpartition("<locals>.")[2]
    return "" if "<" in name else name


def innermost(error: BaseException) -> tuple[CodeType | None, str]:
    """Return the innermost code of an error's traceback that is no library's, with its line; None if none."""
    for frame, number in reversed(list(traceback.walk_tb(error.__traceback__))):
        file = frame.f_code.co_filename
        # Of a text that was run no lines are known; from 3.13 on, those of ``python -c`` have the same name.
        if file.startswith(NOBODYS) or file == "<string>":
            continue
        linecache.checkcache(file)
        if line := linecache.getline(file, number or 0, frame.f_globals).strip():
            return frame.f_code, line
    return None, ""
