"""What an object that extends a plain type holds as one: the number in an ``IntEnum``, the items of a list.

So does what is registered as a number, such as SymPy's.

A handle is compared and computed with by its content, on this side: whatever the object's class makes of
``==``, what is looked at is plain data, as a function could have returned it. What cannot change is asked for
once, so that it is the same to every look.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from autograder.grader_side.belief import StandIn, refuse_if_told
from autograder.grader_side.errors import NotANumber
from autograder.student_side.traits import CONTENTS

NONE = object()  # of an object that extends no plain type, and is no number
FIXED = (int, float, complex, Fraction, Decimal, date, datetime, timedelta, str, bytes, tuple)
FIXED_TRAITS = frozenset(letter for letter, kind in CONTENTS.items() if kind in FIXED)
IN_JSON = (str, int, float, list, tuple, dict)
MAKERS: dict[type, Callable[[Any], Any]] = {dict: dict, set: set, frozenset: frozenset}


def content_of(handle: StandIn) -> Any:
    """The plain value in an object, or NONE. Raises NotANumber for what is none of its type, or was told."""
    wall = handle._wall
    letter = next((letter for letter in wall.traits if letter in CONTENTS), "")
    if not letter:
        return NONE
    refuse_if_told(handle)
    if wall.content is not None:
        return wall.content[0]
    kind = CONTENTS[letter]
    value = wall.owner.do("content", handle)
    if kind in MAKERS:
        value = _made(kind, value)
    if type(value) is not kind:
        raise NotANumber(f"an object ({type(handle).__name__}) holds no {kind.__name__}")
    if kind in FIXED:
        wall.content = (value,)
    return value


def _made(kind: type, items: Any) -> Any:
    """A dict of pairs or a set of elements, of which some may be objects."""
    try:
        return MAKERS[kind](items)
    except (TypeError, ValueError):
        return None


@contextlib.contextmanager
def written_in_json() -> Iterator[None]:
    """In the block json writes what an object holds: it knows no type by its ``__class__``."""
    before = json.JSONEncoder.default

    def default(encoder: json.JSONEncoder, value: Any) -> Any:
        extends = issubclass(type(value), StandIn) and issubclass(value.__class__, IN_JSON)
        return content_of(value) if extends else before(encoder, value)

    json.JSONEncoder.default = default  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        json.JSONEncoder.default = before  # type: ignore[method-assign]
