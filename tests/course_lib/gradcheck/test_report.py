import numpy as np
from pairs_under_test import affine_forward, affine_inputs, affine_with

from course_lib import ArgumentCheck, GradientCheck, check_vjp
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.lines.result import WrongLine
from course_lib.gradcheck.report import text_report


def test_a_failure_names_everything_a_reader_needs():
    x, w, b = affine_inputs(64)
    text = str(check_vjp(affine_forward, affine_with(w=lambda g: 64 * g), x, w, b))
    assert text.splitlines()[0] == "affine_backward_changed: gradient of `w` is wrong in 12 of 12 entries"
    assert "worst at w[2, 3]: yours -1292.15, numerical -20.1899, allowed error" in text
    assert (
        "likely cause: yours is 64 x the numerical gradient, and N = 64 is the length of axis 0 of the"
        in text
    )
    assert "inputs: x (64, 3) float64, w (3, 4) float64, b (4,) float64, seed 0" in text


def argument(name, cause=Cause.SIGN, explanation="the opposite sign", size=1):
    index = (size - 1,) if size > 1 else ()
    return ArgumentCheck(name, False, size, size, size, 0, index, 2.0, -2.0, 1e-9, 2.0, cause, explanation)


def test_one_cause_of_several_arguments_is_said_once():
    check = GradientCheck(
        "f", False, (argument("a"), argument("b", size=3), argument("c", Cause.ZERO, "zero"))
    )
    assert str(check).splitlines() == [
        "f: gradients of `a`, `b` are wrong",
        "  worst at a: yours 2, numerical -2, allowed error 1e-09",
        "  b: in 3 of 3 entries, worst at b[2]: yours 2, numerical -2, allowed error 1e-09",
        "  likely cause: the opposite sign",
        "f: gradient of `c` is wrong in 1 of 1 entry",
        "  worst at c: yours 2, numerical -2, allowed error 1e-09",
        "  likely cause: zero",
        "  inputs:",
    ]


def test_the_line_comes_before_other_arguments_and_in_place_of_a_cause_that_says_nothing():
    unexplained = [argument(name, Cause.LOCAL_DERIVATIVE, f"no simple slip: look at {name}") for name in "ab"]
    line = WrongLine("f", 7, "da = db", "da", sentences=("two numbers",))
    lines = str(GradientCheck("f", False, (*unexplained, argument("c")), line=line)).splitlines()
    assert lines[0] == "f: gradients of `a`, `b` are wrong"
    assert lines[3:6] == [
        "  the first wrong line is 7:  da = db",
        "    two numbers",
        "f: gradient of `c` is wrong in 1 of 1 entry",
    ]
    assert "no simple slip" not in "\n".join(lines)
    assert "no simple slip: look at a" in str(GradientCheck("f", False, (unexplained[0],)))


def test_a_pass_is_one_line():
    check = check_vjp(affine_forward, affine_with(), *affine_inputs())
    assert str(check) == "affine_backward_changed: gradients of x, w, b are right (34 entries)"


def test_kinks_are_told():
    text = str(check_vjp(lambda x: np.abs(x), lambda dout, c: dout * np.sign(c[0]), np.array([0.0, 2.0])))
    assert "kinks: 1 entry of x sits on a kink, where any slope between the one-sided ones is right" in text


def test_no_line_is_wider_than_100_columns():
    argument = ArgumentCheck("x" * 40, False, 5, 5, 5, explanation="word " * 100)
    text = text_report(GradientCheck("f" * 40, False, (argument,), inputs="shape " * 60))
    assert max(map(len, text.splitlines())) <= 100


def test_an_inconclusive_argument_gives_its_reason():
    argument = ArgumentCheck(
        "x", None, 2, 2, explanation="2 entries could not be resolved above rounding noise"
    )
    text = text_report(GradientCheck("f", None, (argument,), inputs="x (2,)"))
    assert text.splitlines()[:2] == [
        "f: gradient of `x` is inconclusive",
        "  reason: 2 entries could not be resolved above rounding noise",
    ]
