from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from judges_under_test import Quiet
from points_under_test import digits_of, point_of

from course_lib.gradcheck.arrays import DOUBLE
from course_lib.gradcheck.noise import GradientNoise, measure
from course_lib.gradcheck.size import size_that_matters


def size_of(f, gradient, x):
    point = measure(point_of(f, x, backward=lambda dout, cache: dout * gradient(cache[0])), 0)
    return size_that_matters(point, GradientNoise(point, [gradient(x)]), 0, gradient(x))


def test_the_size_that_matters_is_the_gradients_own_unless_it_is_rounding():
    x = np.array([0.5, -2.0])
    assert size_of(lambda x: np.sum(x**2), lambda x: 2 * x, x) == 4.0
    assert size_of(lambda x: np.sum(x**2), lambda x: 2e-9 * x, x) == 4e-9
    assert 0.5 < size_of(lambda x: np.sum(x**2), lambda x: 0 * x, x) < 20
    assert size_of(lambda x: 1.0, lambda x: 0 * x, x) == np.inf


@pytest.mark.parametrize(
    ("share", "nothing", "size"),
    [
        (1.01e-6, True, 1.01e-6),
        (0.99e-6, True, 1.0),
        (0.99e-6, False, 0.99e-6),
        (65 * DOUBLE, False, 65 * DOUBLE),
        (63 * DOUBLE, False, 1.0),
        (65 * DOUBLE, True, 1.0),
        (0.0, False, 1.0),
    ],
)
def test_a_gradient_below_a_millionth_of_what_outputs_suggest_may_be_rounding(share, nothing, size):
    point = point_of(lambda x: 3 * x, np.full(1, 0.5))  # outputs of 1.5 over a size of 0.5 suggest 3
    for sign in (1, -1):
        found = size_that_matters(point, Quiet(nothing=nothing), 0, np.array([0.0, sign * 3 * share]))
        assert found == digits_of(3 * size)


def test_where_outputs_never_change_nothing_matters_but_a_gradient_that_does_not_vanish():
    point = replace(point_of(lambda x: 3.0, np.ones(1)), variation=np.zeros(1))
    assert size_that_matters(point, Quiet(nothing=True), 0, np.full(1, 1e-9)) == np.inf
    assert size_that_matters(point, Quiet(nothing=False), 0, np.full(1, 1e-9)) == 1e-9


def test_where_outputs_never_change_zero_is_right_unless_a_large_constant_hides_any_slope():
    for constant, size in ((0.0, np.inf), (6e7, np.inf), (8e7, 0.0), (-8e7, 0.0)):
        point = replace(point_of(lambda x, c=constant: c, np.ones(1)), variation=np.zeros(1))
        assert size_that_matters(point, Quiet(), 0, np.zeros(1)) == size


def test_the_size_that_matters_is_that_of_its_own_argument():
    point = measure(
        point_of(lambda a, b, c: a[0] + 2 * b[0] ** 2 + c[0], *(np.full(1, s) for s in (3.0, 0.1, 9.0))), 0
    )
    matters = size_that_matters(point, Quiet(), 1, np.zeros(1))
    assert matters == pytest.approx(float(np.abs(point.dout) @ point.variation) / 0.1)


def test_what_rounding_hides_of_a_slope_depends_on_the_size_of_its_own_argument():
    point = point_of(lambda a, b, c: 1.0, np.ones(1), np.full(1, 1e-9), np.ones(1))
    point = replace(point, variation=np.zeros(1))
    assert size_that_matters(point, Quiet(), 1, np.full(1, 1e-7)) == np.inf
    assert size_that_matters(point, Quiet(), 2, np.full(1, 1e-7)) == 1e-7


@pytest.mark.parametrize(
    ("largest", "natural", "invisible", "rounding", "says_nothing", "noise", "size"),
    [
        (0.0, 0.0, 0.0, 0.0, False, [1e-6, 1.0], 0.0),
        (0.0, 0.0, 0.0, 0.0, False, [1e-6, 1e-7], np.inf),
        (3.0, 0.0, 0.0, 0.0, False, [0.0, 0.0], 3.0),
        (3.0, 0.0, 0.0, 0.0, True, [0.0, 0.0], np.inf),
        (15.9, 1.0, 1.0, 0.0, False, [0.0, 0.0], np.inf),
        (16.1, 1.0, 1.0, 0.0, False, [0.0, 0.0], 16.1),
        (0.0, 15.9, 1.0, 0.0, False, [0.0, 0.0], np.inf),
        (0.0, 16.1, 1.0, 0.0, False, [0.0, 0.0], 16.1),
        (6.3e-7, 100.0, 0.0, 1e-9, False, [0.0, 0.0], 100.0),
        (6.5e-7, 100.0, 0.0, 1e-9, False, [0.0, 0.0], 6.5e-7),
        (6.3e-6, 100.0, 0.0, 1e-7, False, [0.0, 0.0], 100.0),
        (6.5e-6, 100.0, 0.0, 1e-7, False, [0.0, 0.0], 6.5e-6),
        (6.5e-6, 100.0, 0.0, 1e-7, True, [0.0, 0.0], 100.0),
    ],
)
def test_what_is_known_of_an_argument_decides(
    largest, natural, invisible, rounding, says_nothing, noise, size
):
    point = SimpleNamespace(
        natural={1: natural}.__getitem__,
        invisible={1: invisible}.__getitem__,
        rounding={1: rounding}.__getitem__,
        noise=np.array(noise),
        epsilon=1e-10,
    )
    of_one = SimpleNamespace(says_nothing=lambda argument: says_nothing and argument == 1)
    assert size_that_matters(point, of_one, 1, np.array([0.0, -largest])) == size
