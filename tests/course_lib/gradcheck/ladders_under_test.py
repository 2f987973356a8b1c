"""Ladders and rungs for tests of the rooms that climb and read them."""

from points_under_test import point_of, slopes_of

from course_lib.gradcheck.ladder import Claim, climb
from course_lib.gradcheck.stepping import Prober


def prober_of(f, x):
    return Prober(point_of(f, float(x)))


def ladder(f, x, claimed, step=6e-6):
    prober = prober_of(f, x)
    first = prober.along_entry(0, 0, step)
    claim = Claim.of_entry(claimed, 1e-9 * abs(claimed), first, 1e-6 * abs(claimed))
    return climb(lambda h: prober.along_entry(0, 0, h), first, claim), claim


def plain(step, slope, rounding=0.0, **known):
    return slopes_of(step, slope, slope, rounding=rounding, **known)


def rungs_with(*slopes, noise=0.0):
    """Rungs of ever smaller steps, each with the same slope to both sides."""
    return [slopes_of(16.0**-k, slope, slope, noise=noise * 16.0**k) for k, slope in enumerate(slopes)]
