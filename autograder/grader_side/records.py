"""Named tuples of the student's, made again here with the same fields; the fields of their data classes."""

from __future__ import annotations

import keyword
from collections import namedtuple
from dataclasses import MISSING, Field, field, make_dataclass
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from autograder.student_side.frames import WireError
from autograder.student_side.wire import Decoder

if TYPE_CHECKING:
    from autograder.grader_side.handles import Handle

MOST = 64  # to make a class takes a fifth of a millisecond
MAX_FIELDS = 64
MAX_NAME = 80


class Records:
    """The classes of named tuples seen in one notebook; what is beyond the bounds is a plain tuple."""

    def __init__(self) -> None:
        self._classes: dict[tuple[str, ...], type[tuple[Any, ...]]] = {}
        self._numbers: dict[type, tuple[int, int]] = {}

    def read(self, number: int, generation: int, decoder: Decoder, depth: int) -> tuple[Any, ...]:
        """The named tuple that comes next in a message; ``number`` stands for its class over there."""
        name, count = decoder.scalar(str), decoder.scalar(int)
        if not 0 <= count <= MAX_FIELDS:
            raise WireError(f"a named tuple should have at most {MAX_FIELDS} fields")
        fields = [decoder.scalar(str) for _ in range(count)]
        values = decoder.value(depth + 1)
        if type(values) is not tuple or len(values) != count:
            raise WireError("a named tuple should have a value for each of its fields")
        kind = self._class_of(name, fields)
        if kind is None:
            return values
        self._numbers[kind] = number, generation
        return tuple.__new__(kind, values)

    def number_of(self, kind: type, generation: int) -> int | None:
        """What stands for a class over there; None for any other class, or one of a process that is gone."""
        number, born = self._numbers.get(kind, (0, -1))
        return number if born == generation else None

    def knows(self, kind: type) -> bool:
        """Whether a class stands for one of the student's."""
        return kind in self._numbers

    def _class_of(self, name: str, fields: list[str]) -> type[tuple[Any, ...]] | None:
        key = (name, *fields)
        if key not in self._classes:
            if len(self._classes) >= MOST or not all(map(_is_name, key)) or len(set(fields)) < len(fields):
                return None
            self._classes[key] = namedtuple(name, fields)
        return self._classes[key]


def fields_of(handle: Handle) -> dict[str, Field[Any]]:
    """What ``dataclasses`` looks for in a data class, made here: the fields, but for what makes defaults.

    Raises AttributeError for an object without them.
    """
    described = handle._wall.owner.do("fields", handle)
    try:
        made = make_dataclass(
            "Record",
            [
                (
                    name,
                    kind,
                    field(
                        init=bool(init),
                        repr=bool(shown),
                        compare=bool(compared),
                        kw_only=True,
                        default=default[0] if default else MISSING,
                    ),
                )
                for name, init, shown, compared, _, kind, default in described[:MAX_FIELDS]
            ],
        )
        found: dict[str, Field[Any]] = vars(made)["__dataclass_fields__"]
        for name, *_, by_keyword, _kind, _default in described:
            found[name].kw_only = bool(by_keyword)
    except (TypeError, ValueError, KeyError) as error:
        raise AttributeError(f"the fields of a data class are none: {error}") from None
    return found


def _is_name(name: str) -> bool:
    """Whether a named tuple or its field may be called so; Python takes some other names as equal."""
    plain = name.isidentifier() and normalize("NFKC", name) == name and not keyword.iskeyword(name)
    return plain and len(name) <= MAX_NAME and not name.startswith("_")
