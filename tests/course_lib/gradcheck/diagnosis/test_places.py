import numpy as np
import pytest

from course_lib import Cause, check_vjp

RNG = np.random.default_rng(0)
A, B, BIAS = RNG.normal(size=(5, 5)), RNG.normal(size=(5, 5)), RNG.normal(size=5)


def affine(x, W, b):
    return x @ W + b, (x, W)


def causes_of(backward):
    return [argument.diagnosis for argument in check_vjp(affine, backward, A, B, BIAS).arguments]


@pytest.mark.parametrize(
    ("backward", "causes"),
    [
        (lambda d, c: (d @ c[1].T, (c[0].T @ d).T, d.sum(0)), [None, Cause.TRANSPOSED, None]),
        (lambda d, c: (d @ c[1], c[0].T @ d, d.sum(0)), [Cause.TRANSPOSED_OPERAND, None, None]),
        (lambda d, c: (d @ c[1].T, c[0] @ d, d.sum(0)), [None, Cause.TRANSPOSED_OPERAND, None]),
        (
            lambda d, c: (c[0].T @ d, d @ c[1].T, d.sum(0)),
            [Cause.SWAPPED_ARGUMENTS, Cause.SWAPPED_ARGUMENTS, None],
        ),
        (lambda d, c: (d @ c[1].T, c[0].T @ d, d.sum(1)), [None, None, Cause.WRONG_AXIS]),
        (
            lambda d, c: (d @ c[1].T, c[0].T @ d, d[-1] * 1.0),
            [None, None, Cause.OVERWRITTEN | Cause.DROPPED_PATH],
        ),
        (lambda d, c: (d @ c[1].T, c[0].T @ d, np.roll(d.sum(0), 1)), [None, None, Cause.OFF_BY_ONE]),
        (lambda d, c: ((d @ c[1].T).sum(0) + 0 * d, c[0].T @ d, d.sum(0)), [Cause.WRONG_SUM, None, None]),
    ],
)
def test_right_numbers_in_wrong_places_are_named(backward, causes):
    assert causes_of(backward) == causes


def test_a_jacobian_for_its_transpose_is_a_transposed_operand():
    M = RNG.normal(size=(4, 4))
    check = check_vjp(lambda x: M @ x, lambda dout, cache: M @ dout, RNG.normal(size=4))
    assert check.arguments[0].diagnosis == Cause.TRANSPOSED_OPERAND


def test_a_transposed_operand_inside_a_chain_is_found_by_making_it_symmetric():
    def forward(x, W, V):
        hidden = np.tanh(x @ W)
        return np.tanh(hidden @ V), (x, W, V, hidden)

    def backward(dout, cache):
        x, W, V, hidden = cache
        d_out = dout * (1 - np.tanh(hidden @ V) ** 2)
        d_hidden = (d_out @ V) * (1 - hidden**2)
        return d_hidden @ W.T, x.T @ d_hidden, hidden.T @ d_out

    check = check_vjp(forward, backward, A / 2, B / 2, RNG.normal(size=(5, 5)) / 2)
    assert [argument.diagnosis for argument in check.arguments] == [Cause.TRANSPOSED_OPERAND] * 2 + [None]
    assert "symmetric" in check.arguments[0].explanation


@pytest.mark.parametrize("shift", [1, -1])
def test_a_class_index_that_is_off_by_one_is_named(shift):
    X, y = RNG.normal(size=(8, 4)), RNG.integers(0, 4, 8)

    def probabilities(W):
        e = np.exp(X @ W)
        return e / e.sum(axis=1, keepdims=True)

    def backward(dout, cache):
        p = probabilities(*cache)
        p[np.arange(8), (y + shift) % 4] -= 1
        return dout * X.T @ p / 8

    check = check_vjp(
        lambda W: -np.mean(np.log(probabilities(W)[np.arange(8), y])), backward, RNG.normal(size=(4, 4))
    )
    assert check.arguments[0].diagnosis == Cause.OFF_BY_ONE
