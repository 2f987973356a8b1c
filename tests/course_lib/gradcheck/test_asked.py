"""Whether the slopes of a place near by are what is claimed there."""

import numpy as np
import pytest
from points_under_test import slopes_of

from course_lib.gradcheck.asked import Asked


def asked(value=5.0, here=0.0, allowed=1e-6):
    return Asked(
        {0: np.array([2.0, 0.0]), 1: np.array([0.0, -1.0])}, lambda place: None, value, here, allowed, 1
    )


def test_a_claim_of_a_direction_is_the_sum_over_its_entries():
    assert asked().claim_of([np.array([3.0, 7.0]), np.array([9.0, 4.0])]) == 2.0
    assert asked(here=7.0).apart == 2.0
    assert asked(value=-5.0).tolerance == pytest.approx(6e-6)


@pytest.mark.parametrize(
    ("claim", "left", "right", "agreed"),
    [
        (3.0, 3.0, 3.0, True),
        (3.0, 2.9, 3.1, True),
        (3.000005, 3.0, 3.0, True),
        (3.00001, 3.0, 3.0, False),
        (2.0, 3.0, 3.0, False),
        (2.0, 3.0, 3.000002, False),  # it bends as anything does
        (2.0, 3.0, 3.001, None),  # a kink lies within the step, and so may what is claimed
        (2.0, 3e3, 3e3 + 2e-3, False),
        (3.0, 2.3, 3.7, None),  # it lies on a kink itself
    ],
)
def test_a_place_says_nothing_where_a_kink_lies_within_its_step(claim, left, right, agreed):
    assert asked().agrees(claim, slopes_of(1e-9, left, right)) is agreed
    assert asked().agrees(claim, None) is None
