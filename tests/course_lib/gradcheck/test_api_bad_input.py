import numpy as np
import pytest
from pairs_under_test import affine_backward, affine_forward, affine_inputs

from course_lib import check_gate, check_gradient, check_parameters, check_vjp


@pytest.mark.parametrize(
    ("value", "error", "words"),
    [
        (np.zeros((0, 3)), ValueError, "x is empty, of shape (0, 3)"),
        (np.array([1.0, np.nan]), ValueError, "x holds nan or inf"),
        (np.array([None, 1]), TypeError, "x has dtype object"),
        ("text", TypeError, "x has dtype <U4"),
        (np.array([1j]), TypeError, "x has dtype complex128"),
        ([[1.0], [1.0, 2.0]], TypeError, "x cannot be read as an array"),
    ],
)
def test_an_input_without_a_gradient_is_refused_in_one_sentence(value, error, words):
    with pytest.raises(error) as raised:
        check_vjp(lambda x: x, lambda dout, cache: dout, value)
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)


def test_misuse_of_the_interface_is_refused():
    with pytest.raises(TypeError, match="backward is not callable: it is of type int"):
        check_vjp(affine_forward, 3, 1.0)
    with pytest.raises(TypeError, match="no inputs were given"):
        check_vjp(affine_forward, affine_backward)
    with pytest.raises(ValueError, match="names has 2 entries for 3 inputs"):
        check_vjp(affine_forward, affine_backward, *affine_inputs(), names=("a", "b"))
    with pytest.raises(TypeError, match="Gate has no method backward; a gate has forward and backward"):
        check_gate(type("Gate", (), {"forward": lambda self, x: x})(), 1.0)
    with pytest.raises(TypeError, match="params is not a dict"):
        check_parameters(lambda p: 0.0, [1.0], {})


def test_what_names_and_seeds_the_report_is_looked_at_first():
    with pytest.raises(TypeError, match=r"^seed is of type str; it is a whole number from 0 on$"):
        check_gradient(lambda x: x * x, 3.0, 6.0, seed="x")
    masked = np.ma.array([1.0, 2.0], mask=[False, True])
    assert check_gradient(lambda x: x * x, 3.0, 6.0, name=masked).passed is True
    assert check_gradient(lambda x: x * x, 3.0, 6.0, name="").arguments[0].name == "x"


@pytest.mark.parametrize("setting", [[[1], [2, 3]], object(), "x", {"a": 1}, np.ones((1,) * 20)])
def test_a_setting_by_name_may_be_anything(setting):
    check = check_vjp(lambda x, how: 2 * x, lambda dout, cache: 2 * dout, 3.0, how=setting)
    assert check.arguments[0].name == "x"


def test_an_array_is_no_dict_of_parameters():
    with pytest.raises(TypeError, match=r"it is of type ndarray$"):
        check_parameters(lambda params: 0.0, np.array(5.0), np.array(1.0))


def test_a_dout_of_another_shape_than_the_output_is_reported():
    check = check_vjp(affine_forward, affine_backward, *affine_inputs(), dout=np.ones(3))
    assert check.passed is False
    assert "forward's output has shape (6, 4); dout has shape (3,)" in str(check)


def test_a_vector_loss_is_reported_where_a_scalar_is_expected():
    check = check_gradient(lambda x: x**2, np.array([1.0, 2.0]), np.array([2.0, 4.0]))
    assert "the function returned shape (2,); expected a scalar" in str(check)


class Endless(Exception):  # noqa: N818 - a student's exception is called what it is called
    def __str__(self):
        return "\x1b[31m" + "x" * 1_000_000


class Unprintable(Exception):  # noqa: N818
    def __str__(self):
        raise RuntimeError("no text")


@pytest.mark.parametrize("error", [Endless, Unprintable, SystemExit, RecursionError])
def test_whatever_a_function_raises_becomes_a_short_plain_report(error):
    def forward(x):
        raise error

    check = check_vjp(forward, lambda dout, cache: dout, 1.0)
    assert check.passed is False
    assert len(str(check)) < 400
    assert "\x1b" not in str(check)
    assert "forward raised " in str(check)


@pytest.mark.parametrize("calls", [1, 2, 4])
def test_an_exit_in_a_later_call_of_backward_ends_no_check(calls):
    left = iter(range(calls))

    def backward(dout, x):
        if next(left, None) is None:
            raise SystemExit(0)
        return 2.1 * dout * x

    assert check_vjp(lambda x: (x**2, x), backward, np.array([1.0, 2.0])).passed is False


def test_a_gradient_with_a_million_line_repr_is_not_printed():
    class Gradient:
        def __repr__(self):
            return "line\n" * 1_000_000

    check = check_vjp(lambda x: x * 2, lambda dout, cache: Gradient(), np.array([1.0, 2.0]))
    assert len(str(check)) < 300


@pytest.mark.parametrize(
    "returned", [[], (), {}, {"x": 1.0}, "text", 3, True, np.zeros(0), [[1.0]], object(), b"bytes", range(3)]
)
def test_any_value_that_backward_may_return_gets_a_verdict(returned):
    check = check_vjp(lambda x, y: x @ y, lambda dout, cache: returned, np.ones((2, 3)), np.ones((3, 2)))
    assert check.passed is False
    assert all(len(line) <= 100 for line in str(check).splitlines())


def test_a_function_that_fails_away_from_the_point_is_inconclusive_not_right():
    def forward(x):
        if not np.array_equal(x, [1.0, 2.0]):
            raise ValueError("only here")
        return x * 2

    check = check_vjp(forward, lambda dout, cache: 2 * dout, np.array([1.0, 2.0]))
    assert check.passed is not True
