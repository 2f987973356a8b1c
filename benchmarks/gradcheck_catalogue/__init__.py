"""Functions with right backwards and with wrong ones whose cause is known: what gradient checkers are
measured by.

`BUILD` is the part that the diagnosis was written with; `HELD_OUT` is only ever measured. Each is a list of
functions of a random generator that return a `Case`.
"""

from gradcheck_catalogue import (
    algebra,
    chains,
    elementwise,
    indexing,
    linear,
    losses,
    margins,
    nets,
    normalisation,
    products,
    reductions,
    scales,
    sequences,
    units,
    unseen,
    unseen_courses,
    unseen_layers,
    windows,
)
from gradcheck_catalogue.case import Case, Wrong, seeded

BUILD = [
    *elementwise.CASES,
    *linear.CASES,
    *losses.CASES,
    *reductions.CASES,
    *scales.CASES,
    *units.CASES,
    *normalisation.CASES,
    *indexing.CASES,
    *products.CASES,
    *nets.CASES,
    *sequences.CASES,
    *margins.CASES,
    *algebra.CASES,
    *windows.CASES,
    *chains.CASES,
]
HELD_OUT = [*unseen.CASES, *unseen_layers.CASES, *unseen_courses.CASES]

__all__ = ["BUILD", "HELD_OUT", "Case", "Wrong", "seeded"]
