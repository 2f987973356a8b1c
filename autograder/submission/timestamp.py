"""When something was handed in: the time stamp beside it, which a student may have written."""

from __future__ import annotations

import os
import re
from datetime import datetime
from pathlib import Path

from dateutil.parser import parse
from nbgrader.utils import parse_utc

from autograder.submission.files import BadFileError, read_regular_file

TIMESTAMP = "timestamp.txt"
TIMESTAMP_BYTES = 1_000
# nbgrader keeps a time that its gradebook has, and so do we.
UNTIMED = "without a time that was recorded earlier, the submission counts as not late"
_ZONE = re.compile(r"[\w+-][\w+:.,-]*(?:/[\w+-][\w+:.,-]*)*")  # no part is "..", and none is empty
OTHER_DAYS = (datetime(2000, 1, 1), datetime(2004, 3, 2))  # which have every day, as today's month may not


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
        stamp = _parsed(text) if text else None
    except BadFileError as error:
        raise ValueError(f"{TIMESTAMP} {error}") from error
    except Exception as error:  # whatever the parsers make of what a student wrote
        raise ValueError(f"{TIMESTAMP} holds no time") from error
    if stamp is not None and not _is_whole(text):
        raise ValueError(f"{TIMESTAMP} holds no whole date")
    return stamp


def _parsed(text: str) -> datetime:
    """The time that a text says, as nbgrader reads it; it would open any file that is called as the zone."""
    zone = text.split(" ")[2:]
    if len(zone) == 1 and not _ZONE.fullmatch(zone[0]):
        raise ValueError("that is the name of no time zone")
    stamp: datetime = parse_utc(text)
    return stamp


def _is_whole(text: str) -> bool:
    """Whether a text that is a time says year, month and day: what it lacks would be taken from today."""
    words = text.split(" ")
    said = " ".join(words[:2]) if len(words) == 3 else text  # as nbgrader, for which the third is a time zone
    return len({parse(said, default=day) for day in OTHER_DAYS}) == 1
