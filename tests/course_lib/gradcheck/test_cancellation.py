"""A loss that is a small difference of large numbers: its noise may be invisible a few ulps around."""

import numpy as np
import pytest

from course_lib import check_vjp


def nll(W, b, x):
    scores = W @ x + b
    return np.log(np.sum(np.exp(scores))) - scores[1]


def nll_gradient(W, b, x):
    scores = W @ x + b
    p = np.exp(scores - scores.max())
    p /= p.sum()
    p[1] -= 1
    return np.outer(p, x)


@pytest.mark.parametrize(("classes", "size"), [(4, 3), (2, 5), (3, 1)])
def test_a_right_gradient_of_a_confident_naive_loss_is_not_rejected(classes, size):
    verdicts = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        W, b, x = rng.normal(size=(classes, size)), rng.normal(size=classes), rng.normal(size=size)
        check = check_vjp(
            lambda W, b=b, x=x: nll(W, b, x),
            lambda dout, cache, b=b, x=x: dout * nll_gradient(cache[0], b, x),
            W,
        )
        verdicts.append(check.passed)
    assert verdicts.count(False) == 0
