"""When something was handed in: the time stamp beside it, which a student may have written."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from autograder.submission.files import BadFileError, read_regular_file

TIMESTAMP = "timestamp.txt"
TIMESTAMP_BYTES = 1_000


def read_timestamp(folder: Path) -> datetime | None:
    """The time in a folder's time stamp, in UTC; None without one, ValueError for one that is no time."""
    path = folder / TIMESTAMP
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        pass  # read_regular_file says why
    try:
        text = read_regular_file(path, TIMESTAMP_BYTES).decode().strip()
        stamp: datetime | None = parse_utc(text) if text else None
    except BadFileError as error:
        raise ValueError(f"{TIMESTAMP} {error}") from error
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{TIMESTAMP} holds no time") from error
    return stamp
