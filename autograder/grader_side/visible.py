"""Which files of this machine student code may see: the system, Python's environment, the student edition."""

from __future__ import annotations

import importlib.util
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder import student_side

_SYSTEM = "/usr /bin /sbin /lib /lib64 /lib32"
SYSTEM = _SYSTEM.split()
_SETTINGS = "/etc/ld.so.cache /etc/alternatives /etc/fonts /etc/localtime"
SETTINGS = _SETTINGS.split()
# Where nbgrader keeps what everyone hands in, unless configured otherwise.
EXCHANGE = Path("/usr/local/share/nbgrader")
_CHECKER = "__init__.py py.typed gradcheck grading progress_bar.py"
CHECKER = _CHECKER.split()  # of course_lib, for all courses


def environment() -> list[Path]:
    """The directories that Python and its packages live in."""
    prefixes = {Path(prefix) for prefix in (sys.prefix, sys.base_prefix, sys.exec_prefix)}
    return sorted(prefix for prefix in prefixes if not prefix.is_relative_to("/usr"))


def library() -> Path:
    """Where course_lib is installed; to import it would take a while."""
    return _origin("course_lib").parent


def _server() -> Path:
    return Path(str(student_side.__file__)).parent


def student_edition(packages: Sequence[str] = ()) -> list[tuple[Path, str]]:
    """The files that are ours or the course's and may be seen, with their places below one directory.

    ``packages`` are the course's, by name; SandboxError when one is not installed.
    """
    return [
        *_checker(),
        *_server_files(),
        *dict.fromkeys(file for name in packages for file in files_of(name)),
    ]


def notebooks_import(packages: Sequence[str] = ()) -> list[tuple[Path, str]]:
    """The part of the student edition that notebooks import; SandboxError likewise."""
    return [*_checker(), *dict.fromkeys(file for name in packages for file in files_of(name))]


def hidden() -> list[Path]:
    """Directories that lie inside visible ones: ours, where we are installed as a wheel, and the exchange."""
    packages = [library(), _server().parent]
    exchange = [EXCHANGE] if EXCHANGE.is_dir() else []
    return exchange + [
        package
        for package in packages
        if any(package.is_relative_to(place) for place in (*environment(), Path("/usr")))
    ]


def readable(packages: Sequence[str] = ()) -> list[str]:
    """The same as a list for Landlock, which can only allow: a directory with something hidden is split."""
    places = [Path(place) for place in (*SYSTEM, *SETTINGS)] + environment()
    secret = [path.resolve() for path in hidden()]
    paths = [path for place in places for path in _without(place.resolve(), secret)]
    return sorted(
        {os.path.realpath(path) for path in [*paths, *(path for path, _ in student_edition(packages))]}
    )


def shown_with(path: Path) -> Path | None:
    """The directory that student code may see and that a path lies in; None where it lies in no such one."""
    real = path.resolve()
    if any(real.is_relative_to(secret.resolve()) for secret in hidden()):
        return None
    places = [*map(Path, SYSTEM), *environment()]
    return next((place for place in places if real.is_relative_to(place.resolve())), None)


def closed(packages: Sequence[str] = ()) -> list[Path]:
    """The directories, as a rule homes, that others may not enter on their way to what must be seen."""
    needed = [*environment(), *(path for path, _ in student_edition(packages))]
    real = [path.resolve() for path in needed]
    way = {parent for path in real for parent in path.parents} | {path for path in real if path.is_dir()}
    return sorted(directory for directory in way if not directory.stat().st_mode & stat.S_IXOTH)


def _checker() -> list[tuple[Path, str]]:
    return [(path, f"course_lib/{path.name}") for path in sorted(library().iterdir()) if path.name in CHECKER]


def _server_files() -> list[tuple[Path, str]]:
    children = sorted(path for path in _server().iterdir() if path.name != "__pycache__")
    return [(path, f"autograder/student_side/{path.name}") for path in children]


def files_of(package: str) -> Iterator[tuple[Path, str]]:
    """A package or module, and the ``__init__`` of those that it is in; SandboxError when it is not there."""
    origin = _origin(package)
    *above, last = package.split(".")
    for number in range(1, len(above) + 1):
        if above[:number] != ["course_lib"]:
            yield _origin(".".join(above[:number])), "/".join([*above[:number], "__init__.py"])
    path = origin.parent if origin.name == "__init__.py" else origin
    yield path, "/".join([*above, path.name if path == origin else last])


def _origin(package: str) -> Path:
    try:
        found = importlib.util.find_spec(package)
    except ModuleNotFoundError:
        found = None
    if found is None or found.origin is None:
        from autograder.grader_side.errors import SandboxError  # which imports NumPy

        raise SandboxError(
            f"the course's package {package!r} is not installed, so that no notebook can import it"
        )
    return Path(found.origin)


def _without(place: Path, hidden: list[Path]) -> list[Path]:
    real = place.resolve()
    if any(real.is_relative_to(path) for path in hidden):
        return []
    if not any(path.is_relative_to(real) for path in hidden):
        return [place]
    if place.is_symlink():
        return []  # an environment's lib64 is its lib: allowed as a whole, it would show what is hidden
    return [path for child in place.iterdir() for path in _without(child, hidden)]
