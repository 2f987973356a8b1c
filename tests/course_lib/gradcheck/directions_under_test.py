"""Tests along directions with slopes that are given."""

from dataclasses import replace

import numpy as np
from points_under_test import point_of, slopes_of

from course_lib.gradcheck.directions import DirectionTest
from course_lib.gradcheck.verdict import Judge


class Quiet:
    """A gradient's noise that is known: so much for each entry."""

    def __init__(self, noise):
        self._noise = noise

    def of(self, argument, largest):
        return self._noise

    def says_nothing(self, argument):
        return False


class Along:
    """In place of measuring: slopes along a direction for a step, and what was asked for."""

    def __init__(self, slopes):
        self._slopes, self.asked = slopes, []

    def along(self, displacement, step):
        (direction,) = displacement.values()
        self.asked.append((direction.copy(), step))
        return self._slopes(direction, step)


def directions_of(gradient, x=None, slopes=None, noise=0.0, seed=0, **changes):
    """Return the test of the gradient of x0 + x1 + ... along directions, with slopes that are given."""
    gradient = np.array(gradient, dtype=float)
    x = np.ones(gradient.shape) if x is None else np.array(x, dtype=float)
    point = replace(point_of(lambda x: np.sum(x), x), **changes)
    quiet = Quiet(np.full(x.shape, noise))
    test = DirectionTest(point, quiet, Judge(point, quiet, 0, gradient), seed)
    if slopes:
        test._prober = Along(slopes)
    return test


def linear(slope, **known):
    """Slopes of a function whose derivative is the same in every entry."""
    return lambda direction, step: slopes_of(
        step, *[slope * direction.sum()] * 2, **{"rounding": 0.0, **known}
    )


def blurred(wrong, error, smallest):
    """Slopes that are known well only along few entries: curvature blurs the others."""

    def slopes(direction, step):
        moved = np.count_nonzero(direction)
        blur = 1e-2 * (moved > smallest)
        slope = direction.sum() + error * direction.flat[wrong]
        return slopes_of(step, slope - blur, slope + blur, rounding=1e-9)

    return slopes
