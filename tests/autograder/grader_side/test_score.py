"""A last value earns what nbgrader would give for it, but nothing where that is points for nothing."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from autograder.grader_side.score import NoScore, points_for, value_of


@pytest.mark.parametrize(
    ("value", "earned"),
    [
        (None, 4),
        (True, 4),
        (False, 0),
        (np.True_, 4),
        (np.False_, 0),
        (2.5, 2.5),
        (3, 3),
        (np.float64(0.5), 0.5),
        (np.int8(1), 1),
        (Decimal("1.5"), 1.5),
        (Fraction(1, 2), 0.5),
        (-1, 0),
        (7, 4),
        (10**400, 4),
    ],
)
def test_a_number_is_the_score_within_the_points_and_no_value_is_all(value, earned):
    assert points_for(value, 4.0) == earned


class Lying(float):
    def __float__(self):
        return 4.0


class LyingToo(np.float64):
    def __float__(self):
        return 4.0


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), np.float64("nan"), "4", [4], Lying(4), LyingToo(4), 1 + 0j, np.array(4.0)],
)
def test_what_is_no_number_of_points_is_no_score(value):
    with pytest.raises(NoScore):
        points_for(value, 4.0)


def test_a_verdict_from_the_students_side_is_one_of_three_kinds():
    found = [value_of(kind, 1.0, "") for kind in ("nothing", "truth", "number")]
    assert found == [None, True, 1.0]
    assert found[1] is True
    with pytest.raises(NoScore, match="not a list"):
        value_of("object", 1.0, "a list")
