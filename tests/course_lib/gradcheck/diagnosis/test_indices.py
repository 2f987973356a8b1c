"""Indices that are summed over or held fast, and factors of single contributions."""

import numpy as np
import pytest

from course_lib import Cause, check_vjp

RNG = np.random.default_rng(5)
X, W = RNG.normal(size=(4, 3)), RNG.normal(size=(3, 2))


def explained(backward, k, forward=lambda x, w: (x @ w, (x, w)), inputs=(X, W)):
    """Cause and sentence of argument k."""
    argument = check_vjp(forward, backward, *inputs).arguments[k]
    return argument.diagnosis, argument.explanation


def of_w(dw):
    """A backward of a product that is wrong in w."""
    return lambda dout, cache: (dout @ cache[1].T, dw(cache[0], dout))


def test_an_index_that_is_summed_over_on_both_sides():
    cause, said = explained(of_w(lambda x, d: np.einsum("ij,lk->jk", x, d)), 1)
    assert cause is Cause.WRONG_SUM
    assert said == "yours adds up along axis 0 of the output what belongs to each index there on its own"
    cause, said = explained(lambda d, c: (np.einsum("ik,jl->ij", d, c[1]), c[0].T @ d), 0)
    assert cause is Cause.WRONG_SUM
    assert "axis 1 of the output" in said


def test_an_index_of_the_argument_that_is_summed_over():
    forward, inputs = lambda b: (np.broadcast_to(b, (4, 3)).copy(), ()), (RNG.normal(size=3),)
    cause, said = explained(lambda d, c: (np.full(3, d.sum()),), 0, forward, inputs)
    assert cause is Cause.WRONG_SUM
    assert "mask" not in said


@pytest.mark.parametrize(("index", "which"), [(0, "first"), (-1, "last")])
def test_an_index_that_is_held_fast(index, which):
    cause, said = explained(of_w(lambda x, d: np.outer(x[index], d.sum(axis=0))), 1)
    assert cause is Cause.LOCAL_DERIVATIVE
    end = f"what belongs to the {which} one"
    assert said == f"yours takes for every index along axis 0 of the output {end}"


def test_a_factor_of_each_contribution():
    _, said = explained(of_w(lambda x, d: np.ones_like(x).T @ d), 1)
    assert said == "every contribution lacks a factor, its entry of x"
    _, said = explained(of_w(lambda x, d: (x**2).T @ d), 1)
    assert said == "every contribution has its entry of x once too often"


def test_another_argument_in_each_contribution():
    y = RNG.normal(size=(4, 3))

    def forward(x, y, b):
        return x * y * b, (x, y, b)

    def backward(d, cache):
        x, y, b = cache
        return d * y * b, d * x * b, (d * x * x).sum(axis=0)

    _, said = explained(backward, 2, forward, (X, y, RNG.normal(size=3)))
    assert said == "in every contribution an entry of x stands where one of y belongs"
