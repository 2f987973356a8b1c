"""A slice of the random expressions: the checker's verdicts, and that the drawn gradients are right ones."""

from collections import Counter

import numpy as np
import pytest
from gradcheck_expressions import OPERATIONS, drawn, run

pytestmark = pytest.mark.usefixtures("verdicts_alone")


@pytest.mark.parametrize("single", [False, True])
def test_gradients_of_random_expressions_get_their_verdict(single):
    told, counts = [], Counter()
    for seed in range(30, 55):
        counts += run(seed, single, told.append)
    assert (counts["right False"], counts["wrong True"]) == (0, 0), told
    assert counts["right True"] >= 20
    assert counts["wrong False"] >= 8


def test_every_operation_is_drawn():
    names = {name for seed in range(400) for name, _ in drawn(np.random.default_rng(seed), np.float64).steps}
    assert names == set(OPERATIONS)
