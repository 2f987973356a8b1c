from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from course_lib.data import circles, one_dimensional_curve, paws, spirals, xor

CLASSIFICATION = {spirals: (300, 2, 3), circles: (200, 2, 2), xor: (100, 2, 2), paws: (60, 1, 2)}
Generator = Callable[..., tuple[Any, Any]]


@pytest.mark.parametrize(("generator", "sizes"), CLASSIFICATION.items())
def test_points_and_labels_have_their_shapes_and_types(
    generator: Generator, sizes: tuple[int, int, int]
) -> None:
    X, y = generator()
    N, D, classes = sizes
    assert (X.shape, X.dtype, y.shape, y.dtype) == ((N, D), np.float64, (N,), np.int64)
    assert set(y) == set(range(classes))


@pytest.mark.parametrize("generator", [*CLASSIFICATION, one_dimensional_curve])
def test_a_seed_fixes_the_points(generator: Generator) -> None:
    first, again, other = (np.column_stack(generator(seed=seed)) for seed in (5, 5, 6))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_spiral_arms_start_at_the_centre_and_stay_in_the_unit_disk() -> None:
    X, y = spirals(n_per_class=50, classes=4, noise=0.1)
    assert X.shape == (200, 2)
    radius = np.hypot(*X.T)
    assert radius.max() <= 1 + 1e-12
    for k in range(4):
        np.testing.assert_allclose(radius[y == k], np.linspace(0, 1, 50), atol=1e-12)


def test_circles_are_separable_by_radius_but_not_by_a_line() -> None:
    X, y = circles(noise=0.0)
    radius = np.hypot(*X.T)
    assert radius[y == 0].max() < 0.5
    np.testing.assert_allclose(radius[y == 1], 1.0)
    design = np.column_stack([X, np.ones(len(X))])
    line, *_ = np.linalg.lstsq(design, 2 * y - 1, rcond=None)
    assert np.mean((design @ line > 0) == y) < 0.7


def test_xor_without_noise_is_xor() -> None:
    X, y = xor(n_per_corner=1, noise=0.0)
    assert {(*map(int, x), int(k)) for x, k in zip(X, y, strict=True)} == {
        (0, 0, 0),
        (0, 1, 1),
        (1, 0, 1),
        (1, 1, 0),
    }


def test_black_and_white_paws_stand_against_grey_ones() -> None:
    X, y = paws(n_per_shade=1, noise=0.0)
    np.testing.assert_array_equal(np.column_stack([X, y]), [[0.5, 0], [0, 1], [1, 1]])


def test_the_curve_without_noise_is_its_formula() -> None:
    X, y = one_dimensional_curve(n=7, noise=0.0)
    assert X.shape == y.shape == (7, 1)
    np.testing.assert_allclose(y, np.sin(2 * X) + X / 3)
