"""Which files a graded cell opens, changes or removes: none that a student's text alone could name.

A path may come from the student (``open(save())``), and this process has the rights of whoever grades. What a
cell finds is in its working directory, among what it made with ``tempfile``, where Python, its libraries and
the system have theirs, or below a path that stands in released code.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import Any
from urllib.parse import unquote

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
}
_MADE = frozenset({"tempfile.mkstemp", "tempfile.mkdtemp"})
_OF_THE_SYSTEM = """
    /usr /lib /lib64 /bin /nix /sys /etc/fonts /etc/localtime /etc/timezone /etc/ssl /etc/pki
    /etc/mime.types /etc/os-release /etc/apache /etc/apache2 /etc/httpd /var/cache/fontconfig
    /dev/urandom /dev/random /proc/meminfo /proc/cpuinfo /proc/stat
"""
_OF_LIBRARIES = """
    .cache .config/matplotlib .matplotlib .fonts .local/share/fonts .local/lib
    nltk_data scikit_learn_data seaborn-data .keras
"""
_OURS = "autograder."
_HANDED_OVER = f"{_OURS}grader_side.crossing", "called"  # where student code calls a function of the cell's
_DATABASES = f"{_OURS}grader_side.workplace"  # whose function opens them for the cell
_watching: _Own | None = None


class _Own:
    """What one graded cell may open: in ``work``, of the release's ``files``, by texts in ``codes``."""

    def __init__(self, work: str, files: Iterable[Path], codes: Iterable[CodeType]) -> None:
        self._work = os.path.realpath(work) if work else ""
        self._files = frozenset(map(os.path.realpath, files))
        self._codes = tuple(codes)
        self._began_in = os.getcwd()  # a cell may go where a student's text leads it
        self.names = frozenset(code.co_filename for code in self._codes)
        self.made: set[str] = set()

    def refuse(self, given: Any, *, writes: bool) -> None:
        """PermissionError for a path that is none of the cell's own."""
        path = os.path.abspath(os.fsdecode(given))
        real = os.path.realpath(path)
        if writes and real in self._files and _is_below(os.path.realpath(os.path.dirname(path)), self._work):
            os.remove(path)  # a link: the cell has a copy of its own, from now on
            shutil.copyfile(real, path)
        elif not (
            real == os.devnull
            or _is_below(real, self._work)
            or any(_is_below(real, os.path.realpath(made)) for made in self.made)
            or (not writes and (real in self._files or _is_known(real) or not os.path.lexists(path)))
            or self._is_written_down(path)
        ):
            raise PermissionError(f"a graded cell opens no other files than its own: {os.fsdecode(given)}")

    def _is_written_down(self, path: str) -> bool:
        """Whether a path, or a directory above it, is a text in released code."""
        for text in _texts_in(self._codes):
            place = os.path.expanduser(text)
            if os.path.isabs(place):
                if len(Path(place).parts) > 1 and _is_below(path, os.path.abspath(place)):
                    return True
            elif os.path.normpath(os.path.join(self._began_in, place)) == path and not os.path.islink(path):
                return True
        return False


@contextlib.contextmanager
def only_own_files(work: str, files: Iterable[Path], codes: Iterable[CodeType]) -> Iterator[None]:
    """In the block, code of these opens, changes and removes what is its own, and nothing else.

    That is what is in the directory ``work`` ("" for none) and the release's ``files``, to be read.
    """
    global _watching
    _watch()
    _watching = _Own(work, files, codes)
    try:
        yield
    finally:
        _watching = None


@lru_cache(maxsize=1)  # Python takes no such hook back
def _watch() -> None:
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    own = _watching
    if own is None:
        return
    if event in _MADE:
        own.made.add(os.path.abspath(os.fsdecode(arguments[0])))
    elif event == "open":
        path, _, flags = arguments
        if isinstance(path, str | bytes) and not _is_not_the_cells(own):
            own.refuse(path, writes=bool(flags & _WRITES))
    elif event == "sqlite3.connect":
        if (path := _database(arguments[0])) and not _is_not_the_cells(own):
            own.refuse(path, writes=True)
    elif event in _CHANGES and not _is_not_the_cells(own):
        for place in _CHANGES[event]:
            # A number is a file that is open; what stands after it in place of -1 is a directory that is.
            path = arguments[place]
            if isinstance(path, str | bytes | os.PathLike):
                own.refuse(path, writes=True)


def _is_not_the_cells(own: _Own) -> bool:
    """Whether an import, tempfile or the grader does it, or what removes a directory that was looked at."""
    frame = sys._getframe(2)
    while frame is not None and frame.f_code.co_filename not in own.names:
        code, module = frame.f_code, str(frame.f_globals.get("__name__"))
        if (module, code.co_name) == _HANDED_OVER:
            return False
        ours = module.startswith(_OURS) and module != _DATABASES
        if ours or module == "tempfile" or code.co_filename.startswith("<frozen importlib"):
            return True
        if module == "shutil" and code.co_name.startswith("_rmtree"):
            return True
        frame = frame.f_back  # type: ignore[assignment]
    return False


def _database(given: Any) -> str:
    """The path of a database; "" for one in memory."""
    name = os.fsdecode(given)
    if name.startswith("file:"):
        name = unquote(name[5:].partition("?")[0])
        name = name[name.find("/", 2) :] if name.startswith("//") else name
    return "" if name == ":memory:" else name


def _texts_in(codes: Iterable[Any]) -> Iterator[str]:
    for constant in codes:
        if isinstance(constant, str):
            yield constant
        elif isinstance(constant, CodeType):
            yield from _texts_in(constant.co_consts)
        elif isinstance(constant, tuple | frozenset):
            yield from _texts_in(constant)


def _is_below(path: str, place: str) -> bool:
    return place != "" and (path == place or path.startswith(place.rstrip(os.sep) + os.sep))


def _is_known(real: str) -> bool:
    """Whether a file is Python's, a library's or the system's, to be read.

    A library may be anywhere, as in a checkout: what is in its package is its data, and of modules the source
    of those that are imported.
    """
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
