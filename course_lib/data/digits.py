"""1797 handwritten digits of 8 x 8 pixels, bundled with the course; DIGITS.md says whose they are."""

from __future__ import annotations

from importlib.resources import files

import numpy as np

from course_lib.data.split import Split, as_examples

BRIGHTEST = 16
N_VAL = 297
N_TEST = 300


def digits(seed: int = 0) -> Split:
    """Return the digits in a random order fixed by ``seed``: 1200 to train on, 297 to validate, 300 to test.

    A row of ``X`` is an image of 8 x 8 pixels from 0 (paper) to 1 (ink), row by row; ``y`` is the digit.
    """
    with (files("course_lib.data") / "digits.npz").open("rb") as file, np.load(file) as archive:
        X, y = as_examples(archive["images"] / BRIGHTEST, archive["labels"])
    order = np.random.default_rng(seed).permutation(len(X))
    test, val, train = np.split(order, [N_TEST, N_TEST + N_VAL])
    return Split(X[train], y[train], X[val], y[val], X[test], y[test])
