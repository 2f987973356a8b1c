import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.reference.dual import Dual, derivative, exp, gradient, log, sin

LAW = settings(max_examples=50, deadline=None, derandomize=True)
NUMBERS = st.floats(0.1, 3)
KNOWN: dict[str, tuple[Callable[[Dual], Dual], Callable[[float], float]]] = {
    "x + 2": (lambda x: x + 2, lambda x: 1),
    "2 + x": (lambda x: 2 + x, lambda x: 1),
    "x - 2": (lambda x: x - 2, lambda x: 1),
    "2 - x": (lambda x: 2 - x, lambda x: -1),
    "-x": (lambda x: -x, lambda x: -1),
    "3x": (lambda x: 3 * x, lambda x: 3),
    "x x": (lambda x: x * x, lambda x: 2 * x),
    "x / 4": (lambda x: x / 4, lambda x: 0.25),
    "4 / x": (lambda x: 4 / x, lambda x: -4 / x**2),
    "x / (1 + x)": (lambda x: x / (1 + x), lambda x: 1 / (1 + x) ** 2),
    "x^3": (lambda x: x**3, lambda x: 3 * x**2),
    "x^-1.5": (lambda x: x**-1.5, lambda x: -1.5 * x**-2.5),
    "2^x": (lambda x: 2**x, lambda x: math.log(2) * 2**x),
    "x^x": (lambda x: x**x, lambda x: x**x * (math.log(x) + 1)),
    "exp": (exp, math.exp),
    "log": (log, lambda x: 1 / x),
    "sin": (sin, math.cos),
    "sin(exp(x) x)": (
        lambda x: sin(exp(x) * x),
        lambda x: math.cos(math.exp(x) * x) * math.exp(x) * (1 + x),
    ),
}


@pytest.mark.parametrize(("f", "slope"), KNOWN.values(), ids=KNOWN)
@LAW
@given(x=NUMBERS)
def test_known_derivatives(f: Callable[[Dual], Dual], slope: Callable[[float], float], x: float) -> None:
    assert derivative(f, x) == pytest.approx(slope(x), rel=1e-12)


@LAW
@given(x=NUMBERS, y=NUMBERS, dx=NUMBERS, dy=NUMBERS)
def test_division_undoes_multiplication(x: float, y: float, dx: float, dy: float) -> None:
    a, b = Dual(x, dx), Dual(y, dy)
    restored = a * b / b
    assert (restored.value, restored.derivative) == pytest.approx((x, dx), rel=1e-9)


def test_integer_powers_work_at_zero_and_below() -> None:
    assert derivative(lambda x: x**0, 0.0) == 0
    assert derivative(lambda x: x**1, 0.0) == 1
    assert derivative(lambda x: x**2, 0.0) == 0
    assert derivative(lambda x: x**3, -2.0) == 12
    assert derivative(lambda x: x ** Dual(2.0), -3.0) == -6


def test_branches_follow_the_values() -> None:
    def f(x: Dual) -> Dual:
        return 3 * x if x > 1 else x * x

    assert derivative(f, 2.0) == 3
    assert derivative(f, 0.5) == 1
    x = Dual(1.0, 5.0)
    assert x <= 1.0
    assert x >= Dual(1.0, -7.0)
    assert x == 1
    assert x != "1"
    assert not x < 1
    assert not x > 1
    assert hash(x) == hash(1.0)


def test_loops_may_depend_on_the_data() -> None:
    def square_root(a: Dual) -> Dual:
        guess = Dual(1.0)
        while (guess * guess - a) ** 2 > 1e-24:
            guess = (guess + a / guess) / 2
        return guess

    assert derivative(square_root, 2.0) == pytest.approx(0.5 / math.sqrt(2), rel=1e-9)


def test_numpy_functions_reach_the_methods() -> None:
    x = Dual(0.5, 1.0)
    for numpy_function, ours in ((np.sin, sin), (np.exp, exp), (np.log, log)):
        assert numpy_function(x).derivative == ours(x).derivative


def test_a_gradient_takes_one_pass_for_each_input() -> None:
    passes = 0

    def f(x: list[Dual]) -> Dual:
        nonlocal passes
        passes += 1
        return x[0] * x[1] + sin(x[2])

    assert gradient(f, [2.0, 3.0, 0.0]) == [3.0, 2.0, 1.0]
    assert passes == 3


def test_constants_have_no_derivative() -> None:
    assert derivative(lambda x: 7.0, 1.0) == 0
    assert repr(Dual(2) * 3) == "Dual(6.0, 0.0)"
