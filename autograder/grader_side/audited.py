"""One hook on what Python tells of itself, its audit events, for those who look while a graded cell runs.

What the cell is given may be a student's: a path, a text that a library runs, a host. Whoever looks raises
PermissionError where it may not be used so.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import lru_cache
from types import CodeType, FrameType
from typing import Any

Look = Callable[[str, tuple[Any, ...]], None]

_OURS = "autograder."
_HANDED_OVER = f"{_OURS}grader_side.crossing", "called"  # where student code calls a function of the cell's
_DATABASES = f"{_OURS}grader_side.workplace"  # whose function opens them for the cell
_looking: tuple[Look, ...] = ()


@contextlib.contextmanager
def audited(*looks: Look) -> Iterator[None]:
    """In the block, each of these is asked about each event, by its name and arguments, before it happens."""
    global _looking
    _hook()
    before, _looking = _looking, looks
    try:
        yield
    finally:
        _looking = before


@lru_cache(maxsize=1)  # Python takes no such hook back
def _hook() -> None:
    sys.addaudithook(_tell)


def _tell(event: str, arguments: tuple[Any, ...]) -> None:
    for look in _looking:
        look(event, arguments)


def frames() -> Iterator[FrameType]:
    """The frames of what an event is of, the innermost first; for those who look."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code is not _tell.__code__:
        frame = frame.f_back
    while frame is not None and (frame := frame.f_back) is not None:
        yield frame


def is_the_cells(names: Collection[str]) -> bool:
    """Whether code of these file names does what an event is of, itself or by a library.

    It does not where it imports a module, has ``tempfile`` make a file or asks the student's process, nor
    where a directory that was looked at is removed, file by file.
    """
    for frame in frames():
        if frame.f_code.co_filename in names:
            return True
        code, module = frame.f_code, str(frame.f_globals.get("__name__"))
        if (module, code.co_name) == _HANDED_OVER:
            return True
        ours = module.startswith(_OURS) and module != _DATABASES
        if ours or module in ("tempfile", "pkgutil") or module.startswith("importlib"):
            return False
        if code.co_filename.startswith("<frozen importlib"):
            return False
        if module == "shutil" and code.co_name.startswith("_rmtree"):
            return False
    return True


def is_an_import(names: Collection[str]) -> bool:
    """Whether an event is of a module that code of these file names imports."""
    for frame in frames():
        file = frame.f_code.co_filename
        if file in names or file.startswith("<frozen "):
            return file not in names
    return False


def texts_in(codes: Iterable[Any]) -> Iterator[str]:
    """The texts that stand in code, of functions in it too."""
    for constant in codes:
        if isinstance(constant, str):
            yield constant
        elif isinstance(constant, CodeType):
            yield from texts_in(constant.co_consts)
        elif isinstance(constant, tuple | frozenset):
            yield from texts_in(constant)
