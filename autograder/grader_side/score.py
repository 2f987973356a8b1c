"""What a graded cell's last value is worth: nbgrader's rule, closed where it gives points for nothing.

nbgrader reads the text that a cell shows. A number is the score; anything else, no output at all included,
earns all points, and so do ``False``, NaN, a negative number and ``np.float64(0.5)``, whose texts are no
numbers to it; a number above the points ends its run. Here the value itself is looked at.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

NUMBERS = (int, float, Decimal, Fraction)


class NoScore(ValueError):  # noqa: N818 (what a cell ended with, not a failure of ours)
    """A graded cell ran to its end, and its last value says nothing about points."""


def points_for(value: Any, points: float) -> float:
    """The points for a cell that ran to its end with this value of its last expression (None: it has none).

    None earns all of ``points`` and a number itself, but no less than 0 and no more than ``points``. True is
    all and False none. Anything else raises NoScore: text, NaN, an object of the student's, a check that
    nothing looked at.
    """
    if value is None:
        return points
    kind = type(value)
    if kind is bool or kind is np.bool_:
        return points if value else 0.0
    if kind in NUMBERS or (issubclass(kind, np.integer | np.floating) and kind.__module__ == "numpy"):
        if kind is not int and not math.isfinite(value):  # of a very large one, Python cannot tell
            raise NoScore(f"the cell's value is {value}, which is no number of points")
        return float(min(max(value, 0), points))
    raise NoScore(f"the cell's value should be its points, a number, or nothing, not {kind.__name__}")


def value_of(kind: str, number: float, text: str) -> Any:
    """The value that a verdict of the student's side speaks of; NoScore for one that is none."""
    known = {"nothing": None, "truth": bool(number), "number": number}
    if kind not in known:
        raise NoScore(f"the cell's value should be its points, a number, or nothing, not {text[:80]}")
    return known[kind]
