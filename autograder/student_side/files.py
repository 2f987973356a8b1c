"""The files of a notebook's working directory: the release's, put there, and those that code writes."""

from __future__ import annotations

import os
import sys

MOST_FILES = 64
MOST_BYTES = 8 * 2**20  # of what is handed over at once
DEEPEST = 4
NOT_WRITTEN_BY_CELLS = ("ipython", "matplotlib", "__pycache__")
READ_ONLY = 0o444


def work_in(home: str, path: str) -> str:
    """Go to a new directory of this path, if there can be one; where one works then.

    What code here makes of its own path (``os.path.abspath``) is a path there, too, where graded cells run.
    """
    try:
        os.makedirs(path)
        os.chdir(path)
    except OSError:
        return home
    sys.path[:] = [path if place == home else place for place in sys.path]
    return path


def put(home: str, name: str, data: bytes, fixed: bool) -> None:
    """Put a file where code looks for it; the release's are ``fixed``."""
    path = os.path.join(home, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)
    if fixed:
        os.chmod(path, READ_ONLY)


def written(home: str) -> dict[str, bytes]:
    """The files that are there and can be written to, by name, as many and as much as may be handed over.

    The name of an empty folder ends with a slash.
    """
    found: dict[str, bytes] = {}
    left = MOST_BYTES
    for folder, folders, names in os.walk(home):
        inner = os.path.relpath(folder, home)
        depth = 0 if inner == "." else inner.count(os.sep) + 1
        hidden = [name for name in folders if name.startswith(".") or name in NOT_WRITTEN_BY_CELLS]
        folders[:] = [] if depth >= DEEPEST else sorted(set(folders) - set(hidden))
        if not names and not folders and depth and len(found) < MOST_FILES:
            found[f"{inner}{os.sep}"] = b""
        for name in sorted(names):
            path = os.path.join(folder, name)
            if os.path.islink(path) or not os.path.isfile(path) or os.stat(path).st_mode & 0o777 == READ_ONLY:
                continue
            size = os.path.getsize(path)
            if len(found) < MOST_FILES and size <= left:
                left -= size
                with open(path, "rb") as file:
                    found[os.path.relpath(path, home)] = file.read(size)
    return found
