"""What ended a graded cell, in one line; its text may be as long, or as slow to make, as a student wants."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.grader_side.scoring import GradedCell

MAX_MESSAGE = 500


@contextlib.contextmanager
def failing_in_words(cell: GradedCell, failures: list[str]) -> Iterator[None]:
    """Have what ends the block said in ``failures``, and raised no further.

    The text is made here, within the limits around the block: ``assert f(3) == 6, f(3)`` makes one of what a
    student returned. A MemoryError or RecursionError is meant too, and what pytest.raises ends with.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise  # the operator's own
    except BaseException as error:
        failures.append(f"{type(error).__name__}: {bounded(_text(cell, error))}")


def _text(cell: GradedCell, error: BaseException) -> str:
    try:
        return str(error) or line_of(cell, _number_in(cell, error))
    except KeyboardInterrupt:
        raise
    except BaseException as unprintable:
        return f"(its text could not be made: {type(unprintable).__name__})"


def _number_in(cell: GradedCell, error: BaseException) -> int:
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno or 0 for frame in reversed(frames) if frame.filename == f"<{cell.name}>"), 0)


def line_of(cell: GradedCell, number: float) -> str:
    """The line of a graded cell in which an exception was raised that says nothing; for its author alone."""
    lines = cell.source.split("\n")
    known = cell.watched and 1 <= number <= len(lines)
    return f"line {int(number)}, {lines[int(number) - 1].strip()}" if known else ""


def bounded(text: str) -> str:
    """A text's beginning in one line, without characters that could drive a terminal."""
    text = "".join(character if character.isprintable() else " " for character in text[:MAX_MESSAGE])
    return " ".join(text.split())
