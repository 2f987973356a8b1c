"""Kinds of points at which gradient checkers go wrong.

`KINDS` holds for each the functions of a random generator that make a `Case` of it.
`SMOOTH` are the kinds without kinks, `UNRESOLVABLE` those in which nothing may pass.
"""

from collections.abc import Callable

import numpy as np
from gradcheck_catalogue.case import Case

from gradcheck_stress_kinds import (
    bends,
    chance,
    edges,
    minima,
    offsets,
    saturated,
    scalars,
    scales,
    smooth,
    steep,
    zeros,
)

Maker = Callable[[np.random.Generator], Case]

KINDS: dict[str, list[Maker]] = {
    "plain numbers": scalars.CASES,
    "exact zeros": zeros.CASES,
    "minima": minima.CASES,
    "kinks side by side": steep.CASES,
    "kinks of the second derivative": bends.CASES,
    "edges and poles": edges.CASES,
    "large constants": offsets.RESOLVABLE,
    "drowned": offsets.DROWNED,
    "very large and small": scales.CASES,
    "saturated": saturated.CASES,
    "wrong by chance": chance.CASES,
    "smooth": smooth.CASES,
    "less stable": smooth.UNSTABLE,
}
SMOOTH = (
    "plain numbers",
    "exact zeros",
    "minima",
    "kinks of the second derivative",
    "edges and poles",
    "large constants",
    "drowned",
    "very large and small",
    "saturated",
    "wrong by chance",
    "smooth",
    "less stable",
)
UNRESOLVABLE = ("drowned",)

__all__ = ["KINDS", "SMOOTH", "UNRESOLVABLE", "Maker"]
