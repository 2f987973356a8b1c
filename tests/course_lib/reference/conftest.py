"""An oracle for gradients that owes nothing to the code under test: differences in extended precision."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

AssertVjp = Callable[..., None]


def numerical_vjp(f: Callable[..., Any], arguments: Sequence[Any], dout: Any, position: int) -> np.ndarray:
    """d sum(dout f) / d argument, by fourth-order central differences in np.longdouble."""
    extended = [np.array(a, dtype=np.longdouble) for a in arguments]
    x = extended[position]
    gradient = np.zeros_like(x)
    h = np.longdouble(1e-4)

    def projected(index: tuple[int, ...], offset: np.longdouble) -> np.longdouble:
        moved = x.copy()
        moved[index] += offset
        return (dout * f(*extended[:position], moved, *extended[position + 1 :])).sum()

    for index in np.ndindex(x.shape):
        near = projected(index, h) - projected(index, -h)
        far = projected(index, 2 * h) - projected(index, -2 * h)
        gradient[index] = (8 * near - far) / (12 * h)
    return gradient


@pytest.fixture(scope="session")
def assert_vjp() -> AssertVjp:
    """Assert that ``gradients``, one per argument, are those of sum(dout f), in shape and to 1e-11."""

    def check(f: Callable[..., Any], arguments: Sequence[Any], dout: Any, gradients: Sequence[Any]) -> None:
        assert len(gradients) == len(arguments)
        for position, gradient in enumerate(gradients):
            expected = numerical_vjp(f, arguments, dout, position)
            assert np.shape(gradient) == expected.shape
            scale = max(float(np.abs(expected).max(initial=0)), 1.0)
            np.testing.assert_allclose(gradient, expected.astype(float), rtol=1e-11, atol=1e-11 * scale)

    return check


@pytest.fixture(scope="session")
def away_from_zero() -> Callable[..., np.ndarray]:
    """Draw normal numbers of ``shape``, none within 0.01 of zero, where many functions have their kink."""

    def draw(rng: np.random.Generator, *shape: int) -> np.ndarray:
        x = rng.normal(size=shape)
        return x + 0.01 * np.sign(x)

    return draw
