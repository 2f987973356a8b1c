"""Functions with right backwards and with wrong ones whose cause is known: what gradient checkers are measured by.

`BUILD` is the part that the diagnosis was written with; `HELD_OUT` is only ever measured. Each is a list of functions
of a random generator that return a `Case`.
"""

from gradcheck_catalogue import (
    elementwise,
    indexing,
    linear,
    losses,
    nets,
    normalisation,
    products,
    reductions,
    scales,
    units,
)
from gradcheck_catalogue.case import Case, Wrong, seeded

BUILD = [*elementwise.CASES, *linear.CASES, *losses.CASES, *reductions.CASES, *scales.CASES]
HELD_OUT = [*indexing.CASES, *nets.CASES, *normalisation.CASES, *products.CASES, *units.CASES]

__all__ = ["BUILD", "HELD_OUT", "Case", "Wrong", "seeded"]
