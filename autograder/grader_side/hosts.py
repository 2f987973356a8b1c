"""Which hosts a graded cell reaches: those that stand in released code, and none that a student names.

This process may reach what no student can: a database, a server of the institution's, this machine itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from types import CodeType
from typing import Any

from autograder.grader_side.audited import is_the_cells, texts_in

_LOOKED_UP = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})
_REACHED = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})


class Hosts:
    """Looks at the hosts that code of these ``codes`` looks up and connects to."""

    def __init__(self, codes: Iterable[CodeType]) -> None:
        self._codes = tuple(codes)
        self._names = frozenset(code.co_filename for code in self._codes)
        self._found = False  # one that stands there: what it is called then is a number

    def look(self, event: str, arguments: tuple[Any, ...]) -> None:
        """PermissionError for a host that is none of the cell's own."""
        if event in _LOOKED_UP:
            host = arguments[0]
        elif event in _REACHED and not self._found:
            address = arguments[1]
            host = address[0] if isinstance(address, tuple) and address else address
        else:
            return
        if host is None and event in _REACHED:  # it is connected already
            return
        if self._stands_there(host):
            self._found = True
        elif is_the_cells(self._names):
            raise PermissionError(f"a graded cell reaches no host that does not stand in it: {host!r:.80}")

    def _stands_there(self, host: Any) -> bool:
        if isinstance(host, bytes):
            host = host.decode("utf-8", "replace")
        name = str(host or "")
        if not name or name.isdigit():  # 0 is this machine
            return False
        before = r"(?<![\w.-])"
        if name.isalnum() and name != "localhost":  # a word, which may stand in any sentence
            before = r"(?:(?<=//)|(?<=@))"
        place = re.compile(rf"{before}{re.escape(name)}(?![\w.-])")
        return any(text == name or place.search(text) for text in texts_in(self._codes))
