"""What ties may have any order: judged by whole checks."""

import numpy as np
import pytest

from course_lib import check_gradient, check_vjp


def ordered(x):
    return np.argsort(x, kind="stable")


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("ties", [3, 7])
def test_any_order_of_what_ties_is_right_and_giving_all_to_each_is_not(seed, ties):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=9)
    chosen = np.argsort(x)[1 : 1 + ties]
    x[chosen] = x[chosen[0]]

    def right(dout, order):
        gradient = np.zeros(9)
        gradient[order] = dout
        return gradient

    assert check_vjp(lambda x: (np.sort(x), ordered(x)), right, x, seed=seed).passed is True
    middle = x.copy()
    middle[np.argsort(x)[3:6]] = np.median(x)
    everywhere = check_vjp(lambda x: (np.median(x), x == np.median(x)), lambda d, m: d * m, middle, seed=seed)
    shared = check_vjp(
        lambda x: (np.median(x), x == np.median(x)), lambda d, m: d * m / m.sum(), middle, seed=seed
    )
    assert (everywhere.passed, shared.passed) == (False, True)


def test_many_that_tie_side_by_side_may_have_any_order():
    """A step that is right for a few of them reaches over others here."""
    x = np.random.default_rng(1).normal(size=160)
    x[80:105] = 0.5

    def backward(dout, order):
        gradient = np.zeros(160)
        gradient[order] = dout
        return gradient

    assert check_vjp(lambda x: (np.sort(x), ordered(x)), backward, x, seed=1).passed


def test_a_gradient_of_plain_numbers_that_vanishes_by_chance_is_wrong_all_the_same():
    """A wrong factor is zero at this point and of both signs around it, while the slopes are not."""

    def neuron(w0, x0, w1, x1, w2):
        dot = w0 * x0 + w1 * x1 + w2
        return 1 / (1 + np.exp(-dot)), (w0, x0, w1, x1, dot)

    def backward(dout, cache):
        w0, x0, w1, x1, dot = cache
        ddot = (1 - dot) * dot * dout
        return x0 * ddot, w0 * ddot, x1 * ddot, w1 * ddot, ddot

    check = check_vjp(neuron, backward, 2.0, -1.0, -3.0, -2.0, -3.0)
    assert [argument.wrong for argument in check.arguments] == [True] * 5
    assert "kink" not in str(check)


def test_plain_numbers_that_tie_are_moved_apart():
    def backward(dout, numbers):
        return tuple(dout * (np.argsort(numbers, kind="stable")[1] == np.arange(3)))

    assert check_vjp(lambda *numbers: (float(np.median(numbers)), numbers), backward, 0.7, 0.7, 0.7).passed


@pytest.mark.parametrize("weights", [np.linspace(-1, 1, 7) ** 3, np.array([0, 0.3, 0.7, 0, 0])])
def test_any_entry_that_ties_takes_each_place_near_by(weights):
    x = np.full(weights.size, -0.22853537)
    for turns in range(weights.size):
        share = np.roll(weights, turns)
        assert check_gradient(lambda x: weights @ np.sort(x), x, share).passed, turns


def softmax(scores):
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("seed", "loss"), [(412, "none"), (488, "none"), (435, "squares"), (691, "squares"), (553, "softmax")]
)
def test_units_that_are_all_exactly_zero_may_all_be_off_or_all_on(seed, loss):
    rng = np.random.default_rng(seed)
    n, d, h, k = rng.integers(2, 7), rng.integers(1, 4), rng.integers(2, 6), rng.integers(1, 4)
    x, w = rng.integers(-2, 3, (n, d)) * 1.0, rng.integers(-2, 3, (d, h)) * 1.0
    v = rng.integers(-2, 3, (h, k)) * 1.0 if rng.random() < 0.5 else rng.normal(size=(h, k))
    on_at_zero = rng.random() < 0.5
    truth = np.arange(n), rng.integers(0, k, n)

    def forward(w, b, v):
        a = x @ w + b
        out = np.maximum(a, 0) @ v
        p = softmax(out)
        losses = {"none": out, "squares": np.sum(out**2), "softmax": -np.log(p[truth]).mean()}
        p[truth] -= 1
        local = {"none": np.ones_like(out), "squares": 2 * out, "softmax": p / n}
        return losses[loss], (a, v, local[loss])

    def off_by(factor):
        def backward(dout, cache):
            a, v, local = cache
            da = (dout * local @ v.T) * ((a >= 0) if on_at_zero else (a > 0)) * factor
            return x.T @ da, da.sum(axis=0), np.maximum(a, 0).T @ (dout * local)

        return check_vjp(forward, backward, w, np.zeros(h), v).passed

    assert off_by(1.0) is True
    assert off_by(1.001) is False


@pytest.mark.parametrize("kept", [slice(2, 3), slice(1, 4)], ids=["median", "without the ends"])
@pytest.mark.parametrize("seed", [0, 3])
def test_ordered_products_may_have_any_order_at_zero_but_no_gradient_of_zero(kept, seed):
    weights = np.random.default_rng(seed).normal(size=(4, 5))

    def forward(x):
        return np.sort(weights * x)[:, kept].mean(axis=1), x

    def backward(dout, x):
        order = np.argsort(weights * x, kind="stable")[:, kept]
        gradient = np.zeros_like(x)
        there = np.take_along_axis(weights, order, 1) * dout[:, None] / order.shape[1]
        np.put_along_axis(gradient, order, there, 1)
        return gradient

    zero = np.zeros((4, 5))
    assert check_vjp(forward, backward, zero, seed=seed).passed is True
    assert check_vjp(forward, lambda dout, x: 0 * x, zero, seed=seed).passed is False
    assert check_vjp(forward, lambda dout, x: 1.001 * backward(dout, x), zero, seed=seed).passed is False


@pytest.mark.parametrize(("shape", "kept"), [((2, 3), slice(1, 2)), ((4, 4), slice(1, 3))])
def test_differences_that_tie_may_have_any_order_though_few_places_tell_them_apart(shape, kept):
    def forward(w, x):
        return np.sort(w - x)[:, kept].mean(axis=1), (w, x)

    def backward(dout, cache):
        order = np.argsort(cache[0] - cache[1], kind="stable")[:, kept]
        gradient = np.zeros(shape)
        np.put_along_axis(gradient, order, np.repeat(dout[:, None] / order.shape[1], order.shape[1], 1), 1)
        return gradient, -gradient

    def wrong(dout, cache):
        return backward(dout, cache)[0], 2 * backward(dout, cache)[1]

    inputs = np.ones(shape), np.zeros(shape)
    assert check_vjp(forward, backward, *inputs).passed is True
    assert check_vjp(forward, wrong, *inputs).passed is False
