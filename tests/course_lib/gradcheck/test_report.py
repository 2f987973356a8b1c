import numpy as np
from pairs_under_test import affine_forward, affine_inputs, affine_with

from course_lib import ArgumentCheck, GradientCheck, check_vjp
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
