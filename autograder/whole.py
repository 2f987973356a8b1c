"""A file that is written whole, or stays as it was."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Write a text to a file; where that fails half-way, as on a full disk, what stood there still does.

    Raises OSError. A device or a pipe, of which there is no other copy, is written to as it is.
    """
    path = path.resolve()  # of a link, what it leads to
    if path.exists() and not path.is_file():
        path.write_text(text, encoding="utf-8", newline="")
        return
    new = path.with_name(f".{path.name}.new")
    try:
        new.write_text(text, encoding="utf-8", newline="")
        if path.exists():
            shutil.copymode(path, new)
        os.replace(new, path)
    except OSError:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
        raise
