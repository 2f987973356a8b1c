"""What nbgrader's exchange leaves beside a submission, and looks for again when feedback is returned."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from autograder.submission.files import BadFileError, read_regular_file
from autograder.submission.timestamp import TIMESTAMP

SECRET = "submission_secret.txt"
SECRET_BYTES = 1_000  # `nbgrader submit` writes 128


def read_secret(folder: Path) -> bytes | None:
    """The secret under which a submission's feedback is released; None where there is none that is usable.

    A student may have written it. It is text of the student's own that names nothing: whoever does not know
    another's secret cannot have the other's feedback replaced.
    """
    try:
        secret = read_regular_file(folder / SECRET, SECRET_BYTES)
        secret.decode("utf-8")
    except (BadFileError, UnicodeDecodeError):
        return None
    return secret or None


def beside(timestamp: datetime | None, secret: bytes | None) -> dict[str, bytes]:
    """What feedback needs beside an autograded notebook to find its way back, by the names of the files."""
    stamp = None if timestamp is None else f"{timestamp} UTC\n".encode()
    return {name: data for name, data in ((TIMESTAMP, stamp), (SECRET, secret)) if data is not None}
