from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.reference.regularizers import elastic, l1, l2

PENALTIES = {"l2": (l2, (0.3,)), "l1": (l1, (0.3,)), "elastic": (elastic, (0.3, 0.7))}


@pytest.mark.parametrize(("penalty", "weights"), PENALTIES.values(), ids=PENALTIES)
@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32 - 1), shape=st.sampled_from([(4,), (3, 2), (2, 1, 3)]))
def test_the_gradient_agrees_with_differences(
    penalty: Any, weights: Any, assert_vjp: Any, away_from_zero: Any, seed: int, shape: tuple[int, ...]
) -> None:
    W = away_from_zero(np.random.default_rng(seed), *shape)
    assert_vjp(lambda w: penalty(w, *weights)[0], [W], 1.0, [penalty(W, *weights)[1]])


def test_the_penalties_by_hand() -> None:
    W = np.array([[1, -2], [0, 3]])
    assert l2(W, 0.5)[0] == 7.0
    assert l1(W, 0.5)[0] == 3.0
    assert elastic(W, lam=0.5, beta=0.25)[0] == 6.5
    np.testing.assert_array_equal(l2(W, 0.5)[1], W)
    np.testing.assert_array_equal(l1(W, 0.5)[1], [[0.5, -0.5], [0, 0.5]])
    np.testing.assert_array_equal(elastic(W, lam=0.5, beta=0.25)[1], [[1.0, -1.5], [0, 2.0]])
