"""A verdict is read, never taken for true."""

import numpy as np
import pytest

from course_lib import check_vjp
from course_lib.gradcheck.results import ArgumentCheck, GradientCheck, GradientMismatch
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


def test_what_was_not_looked_at_counts_for_nothing():
    argument = ArgumentCheck("x", None)
    assert (argument.size, argument.checked, argument.wrong, argument.kinks) == (0, 0, 0, 0)
    assert GradientCheck("f", True).evaluations == 0


def test_arguments_are_the_same_whatever_their_maps_of_errors():
    one, other = (ArgumentCheck("x", True, error_map=np.full(2, value)) for value in (0.0, 1.0))
    assert one == other
    assert "error_map" not in repr(one)


def test_a_check_is_shown_as_its_report_by_print_a_terminal_and_a_notebook():
    from IPython.lib.pretty import pretty

    check = GradientCheck("f", True, (ArgumentCheck("x", True, size=2, checked=2),))
    assert str(check) == pretty(check) == "f: gradient of x is right (2 entries)"
    assert check._repr_html_().startswith("<")
    assert "f: gradient of x is right (2 entries)" in check._repr_html_()


def test_a_mismatch_says_the_report_and_carries_the_check():
    check = GradientCheck("f", None, message="not written yet", inputs="seed 0")
    mismatch = GradientMismatch(check)
    assert mismatch.check is check
    assert str(mismatch) == str(check) == "f: not written yet\n  inputs: seed 0"


def test_a_mismatch_holds_its_text_alone():
    error = GradientMismatch(GradientCheck("square", None, message="no"))
    assert error.args == (str(error.check),)
