"""How data frames, series, indexes and sparse matrices cross: as tuples of plain parts, never by pickle.

pandas and scipy are no dependencies: on the side that sends they were imported by who made the value, and the
side that reads imports them when the first such value comes. Every part is held against what it should be
before it is handed to either.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from autograder.student_side.arrays import Array
from autograder.student_side.frames import WireError

if TYPE_CHECKING:
    from autograder.student_side.decoder import Decoder

Parts = tuple[Any, ...]
# What a table takes beside its numbers, in bytes that a message has to bring with it (see ``frames``).
PRICE = 4096
LIBRARIES = ("pandas", "scipy")
KINDS = ("pandas.", "scipy.")
NO_LIBRARY = "a value of a library that is not installed here"


class Numbers:
    """An array that is a part of a table, and nobody's own."""

    __slots__ = ("array",)

    def __init__(self, array: Array) -> None:
        self.array = array


def may_be_one(kind: type) -> bool:
    """Whether a class looks as if it were one of pandas' or scipy's."""
    return _library(kind) in LIBRARIES


def is_mutable(value: Any) -> bool:
    """Whether a table can be changed in place."""
    kind = type(value)
    if _library(kind) == "scipy":
        return True
    return kind.__name__ in ("DataFrame", "Series") or hasattr(kind, "_from_sequence")  # pandas' arrays


def parts_of(value: Any) -> Parts | None:
    """What a table is made of; None for one that does not cross. Raises nothing of the libraries' own."""
    from autograder.student_side import data_frames, sparse

    try:
        if _library(type(value)) == "pandas":
            return data_frames.parts_of(value) if "pandas" in sys.modules else None
        return sparse.parts_of(value) if "scipy.sparse" in sys.modules else None
    except (TypeError, ValueError, AttributeError, NotImplementedError, OverflowError):
        return None


def price(parts: Any) -> int:
    """How many bytes a message sets aside for a table of these parts: each tuple of them may be an object."""
    most, tuples = 0, [parts]
    while tuples:
        part = tuples.pop()
        if type(part) is tuple:
            if part and type(part[0]) is str and part[0].startswith(KINDS):
                most += PRICE
            tuples += part
    return most


def made_of(parts: Any, decoder: Decoder) -> Any:
    """The table that is made of these parts. Raises WireError."""
    from autograder.student_side import data_frames, sparse

    if type(parts) is not tuple or not parts or type(parts[0]) is not str:
        raise WireError("a table should be a tuple of parts that begins with its kind")
    try:
        if parts[0].startswith("scipy."):
            return sparse.made_of(parts)
        return data_frames.made_of(parts, decoder)
    except ImportError:
        raise WireError(NO_LIBRARY) from None
    except WireError:
        raise
    except Exception as error:  # the libraries raise what they like of parts that do not fit together
        raise WireError(f"a table cannot be made of these parts ({type(error).__name__})") from None


def overwrite(original: Any, changed: Any) -> None:
    """Have a table hold what another of its kind holds."""
    from autograder.student_side import data_frames, sparse

    if _library(type(original)) == "pandas":
        data_frames.overwrite(original, changed)
    else:
        sparse.overwrite(original, changed)


def _library(kind: type) -> str:
    module = getattr(kind, "__module__", "")
    return module.partition(".")[0] if type(module) is str else ""
