"""Indices that are summed over or held fast, and factors of single contributions."""

import numpy as np
import pytest
from views_under_test import view_of_jacobians

from course_lib import Cause, check_vjp
from course_lib.gradcheck.diagnosis import indices

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


RIGHT = RNG.normal(size=(3, 4, 5))  # of an output (3, 4) with respect to five numbers
FIVE = RNG.normal(size=5)


def kept(yours, right=RIGHT, out_shape=(3, 4), x=FIVE):
    found = indices.index_not_kept(view_of_jacobians(yours, right, out_shape, x))
    return found and (found.cause, found.sentence)


@pytest.mark.parametrize("axis", [0, 1])
def test_a_sum_and_one_of_its_terms_are_told_with_the_axis_of_the_output(axis):
    of_sum = np.broadcast_to(RIGHT.sum(axis, keepdims=True), RIGHT.shape)
    expected = f"yours adds up along axis {axis} of the output what belongs to each index there on its own"
    assert kept(of_sum) == (Cause.WRONG_SUM, expected)
    for index, which in ((0, "first"), (-1, "last")):
        one = np.broadcast_to(RIGHT.take([index], axis), RIGHT.shape)
        expected = (
            f"yours takes for every index along axis {axis} of the output what belongs to the {which} one"
        )
        assert kept(one) == (Cause.LOCAL_DERIVATIVE, expected)
    assert kept(np.broadcast_to(RIGHT.take([1], axis), RIGHT.shape)) is None
    assert kept(2 * of_sum) is None
    assert kept(RIGHT + 1) is None


def test_a_place_that_stops_nothing_is_not_chosen_where_a_mask_is_missing():
    mask = np.ones((3, 4, 5))
    mask[1:, ::2] = 0.0
    all_through = np.broadcast_to(RIGHT[:1], RIGHT.shape)
    assert kept(all_through, all_through * mask) is None
    assert kept(all_through, all_through * mask * [[[1.0]], [[2.0]], [[1.0]]]) is not None


@pytest.mark.parametrize(("off", "found"), [(0.9e-5, True), (1.2e-5, False)])
def test_contributions_agree_to_a_hundred_thousandth_of_the_largest(off, found):
    of_sum = np.array(np.broadcast_to(RIGHT.sum(0, keepdims=True), RIGHT.shape))
    alike = of_sum * (1 + off * (np.arange(5) == np.argmax(np.abs(of_sum[0]).max(axis=0))))
    assert (kept(alike) is not None) is found
    stray = of_sum.copy()
    stray[1].flat[np.argmax(np.abs(of_sum[0]))] += off * np.abs(of_sum).max()
    assert (kept(stray) is not None) is found


def test_an_axis_of_one_index_keeps_it():
    right = RNG.normal(size=(1, 4, 5))
    assert kept(right * (1 + 1e-6), right, (1, 4)) is None
    two = RNG.normal(size=(2, 4, 5))
    assert kept(np.broadcast_to(two.sum(0, keepdims=True), two.shape), two, (2, 4)) is not None


def test_an_index_of_the_argument_is_summed_over_where_it_follows_one_of_the_output():
    right = np.zeros((5, 4, 5))
    right[np.arange(5), :, np.arange(5)] = RNG.normal(size=(5, 4))
    summed = np.broadcast_to(right.sum(2, keepdims=True), right.shape)
    expected = "yours adds up along axis 0 of x0 what belongs to each index there on its own"
    assert kept(summed, right, (5, 4)) == (Cause.WRONG_SUM, expected)
    assert kept(np.broadcast_to(RIGHT.sum(2, keepdims=True), RIGHT.shape)) is None
    assert kept(np.broadcast_to(right.take([0], 2), right.shape), right, (5, 4)) is None


def factor(yours, right, *others, x=FIVE, out_shape=(3, 4)):
    found = indices.factor_of_contributions(view_of_jacobians(yours, right, out_shape, x, *others))
    return found and (found.cause, found.sentence)


def test_a_factor_of_each_contribution_may_be_spread_over_any_axes():
    for shape, spread in (
        ((4,), lambda a: a[:, None]),
        ((3, 4), lambda a: a[:, :, None]),
        ((4, 3), lambda a: a.T[:, :, None]),
        ((5, 3), lambda a: a.T[:, None, :]),
    ):
        other = RNG.uniform(0.5, 2.0, shape)
        lacks = "every contribution lacks a factor, its entry of x1"
        often = "every contribution has its entry of x1 once too often"
        assert factor(RIGHT / spread(other), RIGHT, other) == (Cause.LOCAL_DERIVATIVE, lacks)
        assert factor(RIGHT * spread(other), RIGHT, other) == (Cause.LOCAL_DERIVATIVE, often)
        assert factor(RIGHT * (spread(other) + 1), RIGHT, other) is None


def test_the_argument_itself_may_be_the_factor_and_one_of_two_may_stand_for_the_other():
    assert factor(RIGHT * FIVE, RIGHT)[1] == "every contribution has its entry of x0 once too often"
    some, other = RNG.uniform(0.5, 2.0, (2, 4))
    cause, said = factor(RIGHT * (some / other)[:, None], RIGHT, some, other)
    assert cause == Cause.LOCAL_DERIVATIVE | Cause.SWAPPED_ARGUMENTS
    assert said == "in every contribution an entry of x1 stands where one of x2 belongs"


def test_an_argument_of_one_size_or_of_three_axes_is_no_factor():
    signs = np.array([2.0, -2.0, 2.0, -2.0])
    assert factor(RIGHT * signs[:, None], RIGHT, signs) is None
    nearly = np.array([2.0, -2.0, 2.0, -2.0 * (1 + 2e-5)])
    assert factor(RIGHT * nearly[:, None], RIGHT, nearly) is not None
    assert factor(RIGHT * 1e-7 * nearly[:, None], RIGHT, 1e-7 * nearly) is not None
    cube = RNG.uniform(0.5, 2.0, (3, 4, 5))
    assert factor(RIGHT * cube, RIGHT, cube) is None
    assert factor(RIGHT * 2.0, RIGHT, np.array(2.0)) is None


def test_few_contributions_show_no_factor_and_of_many_none_is_looked_for(monkeypatch):
    assert (indices.FEW, indices.MOST) == (4, 100_000)
    w = RNG.uniform(0.5, 2.0, 4)
    for count, found in ((3, False), (4, True)):
        right = np.diag(RNG.uniform(1.0, 2.0, 4)) * (np.arange(4) < count)
        assert (factor(right * w[:, None], right, w, x=np.ones(4), out_shape=(4,)) is not None) is found
    other = RNG.uniform(0.5, 2.0, 4)
    for most, found in ((RIGHT.size, True), (RIGHT.size - 1, False)):
        monkeypatch.setattr(indices, "MOST", most)
        assert (factor(RIGHT * other[:, None], RIGHT, other) is not None) is found


def test_a_loss_has_no_contributions_of_several_outputs():
    view = view_of_jacobians(2 * FIVE, FIVE, (), FIVE)
    assert indices.index_not_kept(view) is None
    assert indices.factor_of_contributions(view) is None
