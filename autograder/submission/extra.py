"""Files that students hand in beside the notebook, where a course asks for them by name."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from pathlib import Path

from autograder.submission.files import BadFileError, list_files, read_regular_file

MOST_FILES = 32
MOST_BYTES = 8 * 2**20


def allowed_files(folder: Path, patterns: Sequence[str]) -> dict[str, bytes]:
    """The regular files of a submission whose names match one of ``patterns``, in their order, within bounds.

    ``patterns`` are those of a shell, matched with a file's path from ``folder``. No link is followed, no
    notebook is taken, and what is beyond the bounds or cannot be read is left out.
    """
    found: dict[str, bytes] = {}
    left = MOST_BYTES
    try:
        entries = list_files(folder) if patterns else []
    except BadFileError:
        return {}
    for entry in entries:
        name = entry.path.as_posix()
        wanted = any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)
        if not (entry.regular and wanted and name.isprintable()) or name.endswith(".ipynb"):
            continue
        if len(found) == MOST_FILES:
            break
        try:
            found[name] = read_regular_file(folder / entry.path, left, within=folder)
        except BadFileError:
            continue
        left -= len(found[name])
    return found
