"""The gradient of the loss with respect to a value on its way, measured."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from course_lib.gradcheck.arrays import FloatArray, typical_size
from course_lib.gradcheck.lines.tape import Change, Moment
from course_lib.progress_bar import watched

#: Gradients that differ by more than this, relative to the largest entry, are different.
DIFFERENT = 1e-5

#: One-sided slopes that differ by more than this meet at a kink, where any slope between them may be right.
KINK = 1e-2

Loss = Callable[[Mapping[Moment, Change]], float]

EPSILON = float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class Measured:
    """A measured gradient and the error that is allowed; nan at entries that could not be measured."""

    value: FloatArray
    allowed: FloatArray

    @property
    def known(self) -> bool:
        """Whether any entry could be measured."""
        return bool(np.isfinite(self.value).any())

    @property
    def zero(self) -> bool:
        """Whether the loss does not depend on the value, as far as could be seen."""
        return bool(np.all(np.abs(self.value) <= self.allowed))

    def agrees(self, gradient: FloatArray | None) -> bool:
        """Whether a gradient is the measured one."""
        if gradient is None or gradient.shape != self.value.shape:
            return False
        known = np.isfinite(self.value)
        error = np.abs(gradient - self.value)
        return bool(known.any() and np.all(error[known] <= self.allowed[known]))

    def instead_of(self, gradient: FloatArray) -> FloatArray:
        """Return the measured gradient; a student's own entries stay where nothing could be measured."""
        if gradient.shape != self.value.shape:
            return np.where(np.isfinite(self.value), self.value, 0.0)
        return np.where(np.isfinite(self.value), self.value, gradient)

    def worst(self, gradient: FloatArray) -> tuple[int, ...]:
        """Return the index at which a gradient of the same shape is farthest off."""
        error = np.where(np.isfinite(self.value), np.abs(gradient - self.value), -1.0)
        return tuple(int(i) for i in np.unravel_index(int(np.argmax(error)), error.shape))


def measure(loss: Loss, moment: Moment, value: FloatArray) -> Measured:
    """Return d(loss)/d(value) by central differences, entry by entry.

    The step is the cube root of the machine epsilon times the entry's size or the rms, whichever is larger
    (Press et al., Numerical Recipes, section 5.7).
    """
    steps = EPSILON ** (1 / 3) * np.maximum(np.abs(value), typical_size(value))
    here = loss({})
    slopes, noise = np.full(value.shape, np.nan), np.zeros(value.shape)
    for index in watched(np.ndindex(value.shape), "looking for the first wrong line", total=value.size):
        step = float(steps[index])
        ahead, behind = (_loss_beside(loss, moment, index, side * step) for side in (1, -1))
        right, left = (ahead - here) / step, (here - behind) / step
        central = (ahead - behind) / (2 * step)
        noise[index] = 16 * EPSILON * (abs(here) + abs(ahead)) / step
        if abs(right - left) <= KINK * max(abs(right), abs(left)) + noise[index]:
            slopes[index] = central
    finite = np.abs(slopes[np.isfinite(slopes)])
    size = float(finite.max()) if finite.size else 0.0
    return Measured(slopes, DIFFERENT * size + noise)


def _loss_beside(loss: Loss, moment: Moment, index: tuple[int, ...], step: float) -> float:
    def moved(value: FloatArray) -> FloatArray:
        value[index] += step
        return value

    return loss({moment: moved})
