"""Which files of this machine student code may see: the system, Python's environment, the student edition."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import course_lib
from autograder import student_side

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32")
SETTINGS = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts", "/etc/localtime")
# Where nbgrader keeps what everyone hands in, unless configured otherwise.
EXCHANGE = Path("/usr/local/share/nbgrader")
NOT_FOR_STUDENTS = ("reference", "__pycache__")


def environment() -> list[Path]:
    """The directories that Python and its packages live in."""
    prefixes = {Path(prefix) for prefix in (sys.prefix, sys.base_prefix, sys.exec_prefix)}
    return sorted(prefix for prefix in prefixes if not prefix.is_relative_to("/usr"))


def library() -> Path:
    """Where course_lib is installed."""
    return Path(str(course_lib.__file__)).parent


def _server() -> Path:
    return Path(str(student_side.__file__)).parent


def student_edition() -> list[tuple[Path, str]]:
    """The files that are ours and may be seen, each with its place below one directory of their own."""
    ours = [(path, f"course_lib/{path.name}") for path in _children(library())]
    return ours + [(path, f"autograder/student_side/{path.name}") for path in _children(_server())]


def hidden() -> list[Path]:
    """Directories that lie inside visible ones: ours, where we are installed as a wheel, and the exchange."""
    packages = [library(), _server().parent]
    exchange = [EXCHANGE] if EXCHANGE.is_dir() else []
    return exchange + [
        package
        for package in packages
        if any(package.is_relative_to(place) for place in (*environment(), Path("/usr")))
    ]


def readable() -> list[str]:
    """The same as a list for Landlock, which can only allow: a directory with something hidden is split."""
    places = [Path(place) for place in (*SYSTEM, *SETTINGS)] + environment()
    secret = [path.resolve() for path in hidden()]
    paths = [path for place in places for path in _without(place.resolve(), secret)]
    return sorted({os.path.realpath(path) for path in [*paths, *(path for path, _ in student_edition())]})


def closed() -> list[Path]:
    """The directories, as a rule homes, that others may not enter on their way to what must be seen."""
    needed = [*environment(), *(path for path, _ in student_edition())]
    real = [path.resolve() for path in needed]
    way = {parent for path in real for parent in path.parents} | {path for path in real if path.is_dir()}
    return sorted(directory for directory in way if not directory.stat().st_mode & stat.S_IXOTH)


def _children(directory: Path) -> list[Path]:
    return sorted(path for path in directory.iterdir() if path.name not in NOT_FOR_STUDENTS)


def _without(place: Path, hidden: list[Path]) -> list[Path]:
    real = place.resolve()
    if any(real.is_relative_to(path) for path in hidden):
        return []
    if not any(path.is_relative_to(real) for path in hidden):
        return [place]
    if place.is_symlink():
        return []  # an environment's lib64 is its lib: allowed as a whole, it would show what is hidden
    return [path for child in sorted(place.iterdir()) for path in _without(child, hidden)]
