"""Seeds that a graded cell sets, for the student's side: a notebook has one global generator of a kind."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from types import ModuleType
from typing import Any, Self

import numpy as np

_SEEDS = re.compile(r"\b(seed|set_?state)\b")
_CALLS = re.compile(rf"{_SEEDS.pattern}\(")
SETTERS = ((random, "seed"), (random, "setstate"), (np.random, "seed"), (np.random, "set_state"))


def sets_seeds(source: str) -> bool:
    """Whether a released text looks as if it set a seed."""
    return bool(_SEEDS.search(source))


def calls_for_a_seed(source: str) -> bool:
    """Whether it looks as if it did so itself: an argument ``seed=0`` is for a generator of its own."""
    return bool(_CALLS.search(source))


class Seeds:
    """Takes note, in the block, when Python's or NumPy's global generator is given a state.

    What student code draws does not count here: drawn from in turns, the numbers are others. It would have to
    say how much it drew, and could choose the check's inputs by that.
    """

    def __init__(self) -> None:
        self._set = False
        self._setters: list[tuple[ModuleType, str, Callable[..., Any]]] = []

    def __enter__(self) -> Self:
        for module, name in SETTERS:
            setter = getattr(module, name)
            self._setters.append((module, name, setter))
            setattr(module, name, self._noting(setter))
        return self

    def __exit__(self, *error: object) -> None:
        for module, name, setter in self._setters:
            setattr(module, name, setter)

    def _noting(self, setter: Callable[..., Any]) -> Callable[..., Any]:
        def seed(*args: Any, **kwargs: Any) -> Any:
            self._set = True
            return setter(*args, **kwargs)

        return seed

    def forget(self) -> None:
        """What was set so far, student code had from its own run of the release."""
        self._set = False

    def states(self) -> tuple[Any, ...] | None:
        """The two generators' states, if one was set since this was last asked for."""
        if not self._set:
            return None
        self._set = False
        return random.getstate(), np.random.get_state()  # noqa: NPY002 (what courses seed)
