"""Which programs a graded cell starts: none, but those that a library starts by words of its own.

What a program is given (a command, a script, a file to read) may be a student's, and it has the rights of
whoever grades. What ``platform`` or Matplotlib's search for fonts start stands in their code, word by word.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from types import CodeType
from typing import Any

from autograder.grader_side.audited import frames, texts_in

_STARTED = {  # events of Python's audit, and which of their arguments say what is started
    "subprocess.Popen": (0, 1),
    "os.system": (0,),
    "os.exec": (0, 1),
    "os.spawn": (1, 2),
    "os.posix_spawn": (0, 1),
    "pty.spawn": (0,),
}


class Programs:
    """Looks at what code of these ``codes`` starts."""

    def __init__(self, codes: Iterable[CodeType]) -> None:
        self._names = frozenset(code.co_filename for code in codes)

    def look(self, event: str, arguments: tuple[Any, ...]) -> None:
        """PermissionError for a program that is not started by a library's own words."""
        if (places := _STARTED.get(event)) is None:
            return
        own = "\n".join(text for code in self._libraries() for text in texts_in(code.co_consts))
        for word in (word for place in places for word in _words(arguments[place])):
            if word not in own:
                raise PermissionError(f"a graded cell starts no program: {word:.80}")

    def _libraries(self) -> Iterator[CodeType]:
        for frame in frames():
            if frame.f_code.co_filename in self._names:
                return
            yield frame.f_code


def _words(given: Any) -> list[str]:
    if given is None:
        return []
    if isinstance(given, str | bytes | os.PathLike):
        return [os.fsdecode(given)]
    return [os.fsdecode(word) for word in given]
