"""A verdict is read, never taken for true."""

import numpy as np
import pytest

from course_lib import check_vjp
from course_lib.gradcheck import GradientCheck
from course_lib.grading import Checks


@pytest.mark.parametrize("passed", [True, False, None])
def test_a_check_has_no_truth_value_and_says_what_to_write(passed):
    with pytest.raises(TypeError, match=r"check of square has no truth value: look at its \.passed"):
        bool(GradientCheck("square", passed))


def test_asserting_a_check_earns_nothing_whatever_it_found():
    checks = Checks()
    with checks("gradient", points=3):
        assert check_vjp(lambda x: (x * x, x), lambda dout, x: 2 * dout * x, np.ones(2))
    assert checks.outcomes[0].points == 0
    assert "assert_vjp for check_vjp" in checks.outcomes[0].message
