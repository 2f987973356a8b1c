"""The data files and helper modules that an assignment is released with."""

from __future__ import annotations

import hashlib
from pathlib import Path

from autograder.errors import CourseError

MOST_FILES = 500
LARGEST = 16 * 2**20
MOST_BYTES = 32 * 2**20
LEFT_OUT = ("__pycache__",)


def files_beside(folder: Path) -> dict[str, Path]:
    """The files beside the notebooks of a folder, by their names from there; CourseError beyond a bound.

    Each notebook's process has a copy of them, so that together they may take no more than MOST_BYTES.
    """
    found = {
        str(path.relative_to(folder)): path.resolve()
        for path in sorted(folder.rglob("*"))
        if path.suffix not in (".ipynb", ".pyc")
        and path.is_file()
        and not _is_left_out(path.relative_to(folder))
    }
    total = 0
    for name, path in found.items():
        size = path.stat().st_size
        total += size
        if size > LARGEST or total > MOST_BYTES:
            what = (
                f"{size / 2**20:.0f} MB"
                if size > LARGEST
                else f"with those before it, {total / 2**20:.0f} MB"
            )
            raise CourseError(
                f"{folder.name}/{name} is too large ({what}): a file beside a notebook may have "
                f"{LARGEST >> 20} MB, all of them {MOST_BYTES >> 20} MB, as each notebook has copies"
            )
    if len(found) > MOST_FILES:
        raise CourseError(
            f"{folder} holds {len(found)} files beside its notebooks; {MOST_FILES} are the most"
        )
    return found


def _is_left_out(path: Path) -> bool:
    return any(part.startswith(".") or part in LEFT_OUT for part in path.parts)


def digest_of(files: dict[str, Path]) -> str:
    """Changes with any name or byte; "" when there is no file."""
    if not files:
        return ""
    digest = hashlib.sha256()
    for name, path in files.items():
        data = path.read_bytes()
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()[:32]
