"""Judges of gradients, for tests of the verdict: of functions, and of slopes that are said to be theirs."""

from collections import Counter
from dataclasses import replace

import numpy as np
from points_under_test import point_of, slopes_of

from course_lib.gradcheck.arrays import DOUBLE
from course_lib.gradcheck.noise import GradientNoise, measure
from course_lib.gradcheck.verdict import Judge


def judged(f, gradient, x):
    """Return a judge of a gradient, given as a function, that has looked at every entry."""
    point = measure(point_of(f, x, backward=lambda dout, cache: dout * gradient(cache[0])), 0)
    judge = Judge(point, GradientNoise(point, [gradient(x)]), 0, gradient(x))
    judge.judge(np.arange(x.size))
    return judge


class Known:
    """In place of measuring: the slopes of each entry for a step, and how often each was asked for."""

    def __init__(self, slopes):
        self._slopes = slopes
        self.asked = Counter()

    def along_entry(self, argument, index, step):
        self.asked[index] += 1
        return self._slopes(index, step)


class Quiet:
    """A gradient's noise that is known."""

    def __init__(self, noise=0.0, nothing=False):
        self._noise, self._nothing = noise, nothing

    def of(self, argument, largest):
        return np.full(9, self._noise)

    def says_nothing(self, argument):
        return self._nothing


def judge_of(gradient, slopes=None, x=None, noise=0.0, **changes):
    """Return a judge of a gradient of x0 + x1 + ... at ones, for whom slopes are what they are said to be."""
    gradient = np.array(gradient, dtype=float)
    x = np.ones(gradient.size) if x is None else np.array(x, dtype=float)
    point = replace(point_of(lambda x: np.sum(x), x), **changes)
    judge = Judge(point, Quiet(noise), 0, gradient)
    if slopes:
        judge.prober = Known(slopes)
    return judge


def line(slope, **known):
    return lambda index, step: slopes_of(step, slope, slope, **{"rounding": 0.0, **known})


def sides(left, right, closer=None):
    """A kink, or at a sixteenth of the step and below something else."""

    def slopes(index, step):
        small = step < 0.5 * DOUBLE ** (1 / 3)
        return slopes_of(step, *(closer if closer and small else (left, right)), rounding=1e-12)

    return slopes
