"""Random numbers that checks do not draw by themselves: with ties and zeros, whole, large, small."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from course_lib.grading import Checks

DRAWS: dict[str, Callable[[Any], Any]] = {
    "ordinary": lambda values: values,
    "tied": lambda values: np.round(values),
    "large": lambda values: 1e4 * np.asarray(values),
    "small": lambda values: 1e-4 * np.asarray(values),
}


class _Altered(np.random.Generator):
    """A generator whose normal numbers are altered; uniform ones, which may be scales, stay as they are."""

    def __init__(self, seed: int, alter: Callable[[Any], Any]) -> None:
        super().__init__(np.random.PCG64(seed))
        self._alter = alter

    def normal(self, *arguments: Any, **options: Any) -> Any:  # type: ignore[override]
        return self._alter(super().normal(*arguments, **options))


def checks_with(draw: str) -> type[Checks]:
    """A class of checks whose generators draw in this way, each from the seed its own checks would have."""

    class AlteredChecks(Checks):
        @contextlib.contextmanager
        def __call__(self, name: str, points: float = 0) -> Iterator[np.random.Generator]:
            with super().__call__(name, points) as rng:
                yield _Altered(int(rng.integers(2**32)), DRAWS[draw])

    return AlteredChecks
