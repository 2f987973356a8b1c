"""CSV that a spreadsheet may open: quoted, UTF-8, and no text in it is run as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from autograder.errors import CourseError
from autograder.whole import write_whole

Cell = str | float | None

# What spreadsheets take for the start of a formula, full-width twins included; see OWASP, "CSV Injection".
# Where numbers have commas, a semicolon ends a cell, too, and quotes around all of it do not help. A dash
# alone is none.
_FORMULA = re.compile(r"(?!-\Z)(\A|;)([ \"]*)(?=[=+\-@＝＋－＠\t\r\n])")


class Verbatim(str):
    """Text that another system must find again just as it wrote it: never changed."""

    __slots__ = ()


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might run this text instead of showing it."""
    return _FORMULA.search(text) is not None


def write_csv(path: Path, rows: Iterable[Sequence[Cell]]) -> None:
    """Write the rows; what looks like a formula gets an apostrophe in front, None is an empty cell.

    CourseError when the file cannot be written.
    """
    text = io.StringIO()
    csv.writer(text).writerows([_shown(cell) for cell in row] for row in rows)
    try:
        write_whole(path, text.getvalue())
    except OSError as error:
        raise CourseError(f"{path} cannot be written: {error.strerror or error}") from error


def _shown(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell if isinstance(cell, Verbatim) else _FORMULA.sub(r"\1'\2", cell)
    return number(cell)


def number(value: float) -> str:
    """A number of points as people write it: 7.5, 10, to a thousandth, never 1e-05 or -0."""
    return f"{round(value, 3) + 0.0:.3f}".rstrip("0").rstrip(".")
