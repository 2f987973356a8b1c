"""Toy problems in one and two dimensions, each drawn from a seed.

Every generator returns ``(X, y)``: ``X`` float64 of shape (N, D), one example per row, classes in order;
``y`` int64 labels of shape (N,), unless its docstring says otherwise. ``noise`` is a standard deviation.
"""

from __future__ import annotations

import numpy as np

from course_lib.data.split import Labels, Points, as_examples


def spirals(
    n_per_class: int = 100, classes: int = 3, noise: float = 0.2, seed: int = 0
) -> tuple[Points, Labels]:
    """Return ``classes`` interleaved spiral arms in the unit disk, N = n_per_class * classes, D = 2.

    Along an arm the radius grows from 0 to 1 while the angle turns by 4 radians, blurred by ``noise``.
    """
    rng = np.random.default_rng(seed)
    y = np.repeat(np.arange(classes), n_per_class)
    radius = np.tile(np.linspace(0, 1, n_per_class), classes)
    angle = 2 * np.pi * y / classes + 4 * radius + noise * rng.normal(size=len(y))
    return as_examples(_from_polar(radius, angle), y)


def circles(n_per_class: int = 100, noise: float = 0.1, seed: int = 0) -> tuple[Points, Labels]:
    """Return a disk of radius about 0.5 (class 0) inside a ring of radius about 1 (class 1), D = 2.

    No line separates the two; in polar coordinates a threshold on the radius does.
    """
    rng = np.random.default_rng(seed)
    y = np.repeat([0, 1], n_per_class)
    radius = np.where(y == 0, 0.5 * np.sqrt(rng.random(len(y))), 1.0) + noise * rng.normal(size=len(y))
    return as_examples(_from_polar(radius, rng.uniform(0, 2 * np.pi, size=len(y))), y)


def xor(n_per_corner: int = 25, noise: float = 0.1, seed: int = 0) -> tuple[Points, Labels]:
    """Return points around the corners of the unit square, class x1 XOR x2, N = 4 n_per_corner, D = 2."""
    rng = np.random.default_rng(seed)
    corners = np.repeat([[0, 0], [1, 1], [0, 1], [1, 0]], n_per_corner, axis=0)
    return as_examples(corners + noise * rng.normal(size=corners.shape), np.not_equal(*corners.T))


def paws(n_per_shade: int = 20, noise: float = 0.05, seed: int = 0) -> tuple[Points, Labels]:
    """Return the brightness of cat's paws, N = 3 n_per_shade, D = 1: grey ones, then black, then white.

    Grey paws (0.5) are class 0; black (0) and white (1) paws are both class 1, so that no linear model works.
    """
    rng = np.random.default_rng(seed)
    shade = np.repeat([0.5, 0.0, 1.0], n_per_shade)
    return as_examples((shade + noise * rng.normal(size=len(shade)))[:, np.newaxis], shade != 0.5)


def one_dimensional_curve(n: int = 100, noise: float = 0.05, seed: int = 0) -> tuple[Points, Points]:
    """Return points of sin(2 x) + x / 3 for x evenly spaced in [-3, 3]; ``X`` and ``y`` are (n, 1)."""
    X = np.linspace(-3, 3, n)[:, np.newaxis]
    return X, np.sin(2 * X) + X / 3 + noise * np.random.default_rng(seed).normal(size=X.shape)


def _from_polar(radius: Points, angle: Points) -> Points:
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
