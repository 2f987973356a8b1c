"""Forward-mode differentiation: numbers that carry their derivative along."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence


class Dual:
    """``value`` + ``derivative`` e, where e^2 = 0: a number and its derivative with respect to one input.

    Arithmetic, ``exp``, ``log`` and ``sin`` follow the rules of differentiation and mix with plain numbers,
    which have derivative 0. Comparisons look at values alone, so that ``if`` and ``while`` take the branch
    that plain numbers would take (Wengert, "A simple automatic derivative evaluation program", 1964).
    """

    __slots__ = ("derivative", "value")

    def __init__(self, value: float, derivative: float = 0.0) -> None:
        self.value = float(value)
        self.derivative = float(derivative)

    def __repr__(self) -> str:
        return f"Dual({self.value!r}, {self.derivative!r})"

    def __neg__(self) -> Dual:
        return Dual(-self.value, -self.derivative)

    def __add__(self, other: Number) -> Dual:
        other = _dual(other)
        return Dual(self.value + other.value, self.derivative + other.derivative)

    def __sub__(self, other: Number) -> Dual:
        return self + -_dual(other)

    def __mul__(self, other: Number) -> Dual:
        other = _dual(other)
        return Dual(
            self.value * other.value,
            self.derivative * other.value + self.value * other.derivative,
        )

    def __truediv__(self, other: Number) -> Dual:
        other = _dual(other)
        quotient = self.value / other.value
        return Dual(quotient, (self.derivative - quotient * other.derivative) / other.value)

    def __pow__(self, other: Number) -> Dual:
        """Return self ** other; a varying exponent needs a base above 0, whose logarithm it takes."""
        if not isinstance(other, Dual) or other.derivative == 0:
            exponent = _dual(other).value
            if exponent == 0:  # x ** (exponent - 1) would fail at x = 0
                return Dual(1.0)
            slope = exponent * self.value ** (exponent - 1)
            return Dual(self.value**exponent, slope * self.derivative)
        return exp(other * log(self))

    def __radd__(self, other: float) -> Dual:
        return self + other

    def __rsub__(self, other: float) -> Dual:
        return _dual(other) - self

    def __rmul__(self, other: float) -> Dual:
        return self * other

    def __rtruediv__(self, other: float) -> Dual:
        return _dual(other) / self

    def __rpow__(self, other: float) -> Dual:
        return _dual(other) ** self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dual | int | float) and self.value == _dual(other).value

    def __lt__(self, other: Number) -> bool:
        return self.value < _dual(other).value

    def __le__(self, other: Number) -> bool:
        return self.value <= _dual(other).value

    def __gt__(self, other: Number) -> bool:
        return self.value > _dual(other).value

    def __ge__(self, other: Number) -> bool:
        return self.value >= _dual(other).value

    def __hash__(self) -> int:
        return hash(self.value)

    # NumPy calls these for np.exp(dual), np.log(dual) and np.sin(dual).

    def exp(self) -> Dual:
        """Return e to this power."""
        value = math.exp(self.value)
        return Dual(value, value * self.derivative)

    def log(self) -> Dual:
        """Return the natural logarithm; raise ValueError unless the value is above 0."""
        return Dual(math.log(self.value), self.derivative / self.value)

    def sin(self) -> Dual:
        """Return the sine."""
        return Dual(math.sin(self.value), math.cos(self.value) * self.derivative)


Number = Dual | float


def exp(x: Number) -> Dual:
    """Return exp(x) as a dual number."""
    return _dual(x).exp()


def log(x: Number) -> Dual:
    """Return the natural logarithm of x > 0 as a dual number."""
    return _dual(x).log()


def sin(x: Number) -> Dual:
    """Return sin(x) as a dual number."""
    return _dual(x).sin()


def derivative(f: Callable[[Dual], Number], x: float) -> float:
    """Return f'(x), by one pass through ``f``."""
    return _dual(f(Dual(x, 1.0))).derivative


def gradient(f: Callable[[list[Dual]], Number], x: Sequence[float]) -> list[float]:
    """Return the partial derivatives of ``f`` at the point ``x``, by one pass through ``f`` for each."""
    partials = []
    for seeded in range(len(x)):
        point = [Dual(value, float(i == seeded)) for i, value in enumerate(x)]
        partials.append(_dual(f(point)).derivative)
    return partials


def _dual(x: Number) -> Dual:
    return x if isinstance(x, Dual) else Dual(x)
