"""A data set in three parts."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Labels = NDArray[np.int64]


class Split(NamedTuple):
    """Examples, one per row, to train on, to choose settings by (val), and to look at once (test).

    Each ``X`` is float64 (N, D), each ``y`` int64 (N,).
    """

    X_train: Points
    y_train: Labels
    X_val: Points
    y_val: Labels
    X_test: Points
    y_test: Labels


def as_examples(X: Any, y: Any) -> tuple[Points, Labels]:
    """Return ``X`` as float64 and ``y`` as int64."""
    return np.asarray(X, dtype=np.float64), np.asarray(y, dtype=np.int64)
