"""Which files a graded cell opens, changes or removes: none that a student's text alone could name.

A path may come from the student (``open(save())``), and this process has the rights of whoever grades. What a
cell finds is in its working directory, among what it made with ``tempfile``, where Python, its libraries and
the system have theirs, or below a path that stands in released code.
What is in its working directory is data there: code is read from no file but the release's.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import Any
from urllib.parse import unquote

from autograder.grader_side.audited import is_an_import, is_the_cells, texts_in
from autograder.grader_side.visible import EXCHANGE

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES = {  # events of Python's audit, and which of their arguments are what is changed
    "os.remove": (0,),
    "os.rmdir": (0,),
    "os.mkdir": (0,),
    "os.truncate": (0,),
    "os.chmod": (0,),
    "os.chown": (0,),
    "os.rename": (0, 1),
    "os.link": (0, 1),
    "os.symlink": (1,),
    "shutil.rmtree": (0,),
    "os.utime": (0,),
    "os.setxattr": (0,),
    "os.removexattr": (0,),
}
_LISTS = frozenset({"os.listdir", "os.scandir"})
_MADE = frozenset({"tempfile.mkstemp", "tempfile.mkdtemp"})
_CODE = {"import": 1, "ctypes.dlopen": 0}  # and which of their arguments is a file that is run
_OF_THE_SYSTEM = """
    /usr /lib /lib64 /bin /nix /sys /etc/fonts /etc/localtime /etc/timezone /etc/ssl /etc/pki
    /etc/mime.types /etc/os-release /etc/apache /etc/apache2 /etc/httpd /var/cache/fontconfig
    /dev/urandom /dev/random /proc/meminfo /proc/cpuinfo /proc/stat
"""
_OF_LIBRARIES = """
    .cache .config/matplotlib .matplotlib .fonts .local/share/fonts .local/lib
    nltk_data scikit_learn_data seaborn-data .keras
"""


class Files:
    """Looks at what code of these ``codes`` opens, changes and removes.

    That may be what is in the directory ``work`` ("" for none), the release's ``files``, to be read, and what
    a text in the code names.
    """

    def __init__(self, work: str, files: Iterable[Path], codes: Iterable[CodeType]) -> None:
        self._work = os.path.realpath(work) if work else ""
        self._files = frozenset(map(os.path.realpath, files))
        self._codes = tuple(codes)
        self._began_in = os.getcwd()  # a cell may go where a student's text leads it
        self._names = frozenset(code.co_filename for code in self._codes)
        self._made: set[str] = set()

    def look(self, event: str, arguments: tuple[Any, ...]) -> None:
        """PermissionError for a path that is none of the cell's own."""
        if event in _MADE:
            self._make(os.path.abspath(os.fsdecode(arguments[0])))
        elif event in _CODE:
            self._refuse_code(arguments[_CODE[event]])
        elif event == "open":
            if is_an_import(self._names):
                self._refuse_code(arguments[0])
            self._ask(arguments[0], writes=bool(arguments[2] & _WRITES))
        elif event in _LISTS:
            self._ask(arguments[0] or ".", writes=False)
        elif event == "sqlite3.connect":
            self._ask(_database(arguments[0]), writes=True)
        else:
            for place in _CHANGES.get(event, ()):
                self._ask(arguments[place], writes=True)

    def _make(self, path: str) -> None:
        if not _is_below(path, os.path.abspath(tempfile.gettempdir())):
            self._refuse(path, writes=True)
        self._made.add(path)

    def _refuse_code(self, given: Any) -> None:
        """PermissionError for a module or a library that a student may have written."""
        if not isinstance(given, str | bytes | os.PathLike) or not os.path.exists(given):
            return
        real = os.path.realpath(os.fsdecode(given))
        if real not in self._files and self._is_here(real):
            raise PermissionError(f"a graded cell runs no code that was written here: {os.fsdecode(given)}")

    def _is_here(self, real: str) -> bool:
        """Whether a file is in the working directory, or among what the cell made with ``tempfile``."""
        return any(_is_below(real, os.path.realpath(place)) for place in (self._work, *self._made) if place)

    def _ask(self, path: Any, *, writes: bool) -> None:
        # A number is a file that is open; what stands after it in place of -1 is a directory that is.
        # Whether an object of a student's is true says nothing of where it leads.
        if isinstance(path, str | bytes | os.PathLike) and os.fspath(path) and is_the_cells(self._names):
            self._refuse(path, writes=writes)

    def _refuse(self, given: Any, *, writes: bool) -> None:
        path = os.path.abspath(os.fsdecode(given))
        real = os.path.realpath(path)
        if writes and real in self._files and _is_below(os.path.realpath(os.path.dirname(path)), self._work):
            os.remove(path)  # a link: the cell has a copy of its own, from now on
            shutil.copyfile(real, path)
        elif not (
            real == os.devnull
            or self._is_here(real)
            or (not writes and (real in self._files or _is_known(real) or not os.path.lexists(path)))
            or self._is_written_down(path)
        ):
            raise PermissionError(f"a graded cell opens no other files than its own: {os.fsdecode(given)}")

    def _is_written_down(self, path: str) -> bool:
        """Whether a path, or a directory above it, is a text in released code."""
        for text in texts_in(self._codes):
            place = os.path.expanduser(text)
            if os.path.isabs(place):
                too_much = len(Path(place).parts) < 2 or text == "~"
                if not too_much and _is_below(path, os.path.abspath(place)):
                    return True
            elif os.path.normpath(os.path.join(self._began_in, place)) == path and not os.path.islink(path):
                return True
        return False


def _database(given: Any) -> str:
    """The path of a database; "" for one in memory."""
    name = os.fsdecode(given)
    if name.startswith("file:"):
        name = unquote(name[5:].partition("?")[0])
        name = name[name.find("/", 2) :] if name.startswith("//") else name
    return "" if name == ":memory:" else name


def _is_below(path: str, place: str) -> bool:
    return place != "" and (path == place or path.startswith(place.rstrip(os.sep) + os.sep))


def _is_known(real: str) -> bool:
    """Whether a file is Python's, a library's or the system's, to be read.

    A library may be anywhere, as in a checkout: what is in its package is its data, and of modules the source
    of those that are imported.
    """
    if _is_below(real, str(EXCHANGE)):
        return False
    if any(_is_below(real, place) for place in _places()):
        return True
    modules = list(sys.modules.items())
    if real.endswith(".py"):
        files = (getattr(module, "__file__", None) for _, module in modules)
        return any(isinstance(file, str) and os.path.realpath(file) == real for file in files)
    packages = (module for name, module in modules if "." not in name and getattr(module, "__file__", None))
    places = (place for module in packages for place in getattr(module, "__path__", ()))
    return any(_is_below(real, os.path.realpath(place)) for place in places)


@lru_cache(maxsize=1)
def _places() -> tuple[str, ...]:
    found = [sys.prefix, sys.base_prefix, sys.exec_prefix, *_OF_THE_SYSTEM.split()]
    found += [os.path.join(os.path.expanduser("~"), place) for place in _OF_LIBRARIES.split()]
    return tuple({os.path.realpath(place) for place in found} - {os.sep})
