"""What may be the keys of a dict, or a set's elements, that crosses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

import numpy as np

from autograder.student_side.arrays import SCALARS
from autograder.student_side.exact import EXACT
from autograder.student_side.frames import WireError

MAX_DEPTH = 32
INTEGERS = range(-(2**63), 2**64)
KEYS = frozenset({str, float, bool, type(None), *(kind for kind in SCALARS if kind(0).dtype.kind in "fiub")})
# The hashes of tuples, fractions, complex numbers and long integers can be made equal at will, and then the
# cost of a dict or set is the square of their number: few may share one.
MOST_OF_ONE_HASH = 100
ODD_KEYS = frozenset(
    {complex, bytes, int, np.complex64, np.complex128, np.str_, np.datetime64, np.timedelta64}
)


def may_be_keys(keys: Collection[Any]) -> bool:
    """Whether these can be the keys of a dict, or a set's elements, that crosses."""
    if KEYS.issuperset(map(type, keys)):
        return True
    odd = [key for key in keys if type(key) not in KEYS and not (type(key) is int and key in INTEGERS)]
    if not all(map(_is_odd_key, odd)):
        return False
    return max(Counter(map(hash, odd)).values(), default=0) <= MOST_OF_ONE_HASH


def _is_odd_key(key: Any, depth: int = 0) -> bool:
    kind = type(key)
    if kind is tuple or kind is frozenset:
        return depth < MAX_DEPTH and all(_is_odd_key(part, depth + 1) for part in key)
    return kind in KEYS or kind in ODD_KEYS or kind in EXACT


def put_pairs(made: dict[Any, Any], parts: list[Any]) -> dict[Any, Any]:
    """Fill a dict with keys and values in turns. Raises WireError for what may not be its keys."""
    if len(parts) % 2 or not may_be_keys(parts[::2]):
        raise WireError("a dict should have keys that may cross, each with a value")
    pairs = zip(parts[::2], parts[1::2], strict=True)
    if type(made) is Counter:
        dict.update(made, pairs)  # its own adds, and wants numbers
    else:
        made.update(pairs)
    return made


def put_elements(made: set[Any], elements: list[Any]) -> set[Any]:
    """Fill a set. Raises WireError for what may not be its elements."""
    if not may_be_keys(elements):
        raise WireError("a set should have elements that may cross")
    made.update(elements)
    return made
