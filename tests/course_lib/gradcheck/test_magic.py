import re

import numpy as np
import pytest
from IPython.core.error import UsageError
from IPython.testing.globalipapp import start_ipython

import course_lib
from course_lib.gradcheck.magic import USAGE, check_words, register


@pytest.fixture(scope="module")
def shell():
    shell = start_ipython()
    course_lib.load_ipython_extension(shell)
    shell.run_cell("import numpy as np\nx = np.array([1.0, 2.0])")
    shell.run_cell("def square(x): return x**2, x\ndef square_backward(dout, x): return 2 * dout * x")
    return shell


@pytest.mark.parametrize("line", ["square square_backward x", "square, square_backward, x"])
def test_the_magic_checks_a_pair_at_a_point_with_or_without_commas(shell, line):
    assert shell.run_line_magic("gradcheck", line).passed is True


def test_the_magic_refuses_unknown_names_and_too_few_words(shell):
    with pytest.raises(UsageError, match="nothing is not defined"):
        shell.run_line_magic("gradcheck", "nothing square_backward x")
    with pytest.raises(UsageError, match="usage"):
        shell.run_line_magic("gradcheck", "square square_backward")


@pytest.mark.parametrize(
    ("word", "reason"),
    [("x[9]", "IndexError"), ("np.nothing", "AttributeError"), ("x[", "was never closed")],
)
def test_the_magic_names_the_word_that_cannot_be_evaluated(shell, word, reason):
    with pytest.raises(UsageError, match=reason) as error:
        shell.run_line_magic("gradcheck", f"square square_backward {word}")
    assert str(error.value).startswith(f"{word} cannot be evaluated: ")


def test_the_line_alone(shell, tmp_path):
    path = tmp_path / "wrong.py"
    path.write_text("def wrong_backward(dout, x):\n    dx = dout * x\n    return dx\n")
    shell.run_cell(f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from wrong import wrong_backward")
    found = shell.run_line_magic("gradcheck", "--line square wrong_backward x")
    assert (found.function, found.line, found.source) == ("wrong_backward", 2, "dx = dout * x")
    assert shell.run_line_magic("gradcheck", "--line square square_backward x").passed is True


GATE = """
class Square:
    def forward(self, x):
        self.x = x
        return x**2
    def backward(self, dout):
        return 2 * dout * self.x
"""


def test_the_magic_checks_a_gate(shell):
    shell.run_cell(GATE)
    assert shell.run_line_magic("gradcheck", "Square() x").passed is True
    assert shell.run_line_magic("gradcheck", "--line Square() 3*x").passed is True


class Product:
    def forward(self, x, w):
        self.inputs = x, w
        return x * w

    def backward(self, dout):
        x, w = self.inputs
        return dout * w, dout * x


def product_backward(dout, cache):
    _, w = cache
    return dout * w, dout * w


X, W = np.array([1.0, 2.0]), np.array([3.0, 5.0])


def test_words_are_a_gate_or_a_pair_and_then_the_point():
    check = check_words([Product(), X, W])
    assert (check.passed, [argument.name for argument in check.arguments]) == (True, ["x", "w"])
    check = check_words([lambda x, w: x * w, product_backward, X, W])
    assert [argument.passed for argument in check.arguments] == [True, False]


@pytest.mark.parametrize(
    "values",
    [
        [],
        [Product()],
        [np.sin],
        [np.sin, np.cos],
        [type("", (), {"forward": 1})(), X],
        [type("", (), {"backward": 1})(), X],
    ],
)
def test_too_few_words_are_answered_by_the_usage(values):
    with pytest.raises(ValueError, match=r"^usage: ") as error:
        check_words(values)
    assert str(error.value) == USAGE


def test_the_first_unknown_name_is_named_and_a_word_that_is_no_name_is_evaluated(shell):
    with pytest.raises(UsageError, match=r"^first is not defined$"):
        shell.run_line_magic("gradcheck", "square first second x")
    with pytest.raises(UsageError, match=f"^{re.escape(USAGE)}$"):
        shell.run_line_magic("gradcheck", "--line")
    assert shell.run_line_magic("gradcheck", "square square_backward x[:1]*2").arguments[0].size == 1


def test_what_the_check_refuses_is_an_error_of_usage_in_its_own_words(shell):
    with pytest.raises(UsageError, match=r"^forward is not callable: it is of type ndarray; call check_vjp"):
        shell.run_line_magic("gradcheck", "x square_backward x")
    with pytest.raises(UsageError, match=r"^x is empty"):
        shell.run_line_magic("gradcheck", "square square_backward x[:0]")


def test_a_word_of_any_length_is_shortened_and_its_error_is_named(shell):
    with pytest.raises(
        UsageError, match=r"^" + re.escape("1/0" + "+1" * 18 + "… cannot be evaluated: ZeroDivisionError: ")
    ):
        shell.run_line_magic("gradcheck", f"square square_backward 1/0{'+1' * 30}")


def test_the_magic_is_a_line_magic_of_its_name():
    calls = []
    shell = type("", (), {"register_magic_function": lambda self, function, **known: calls.append(known)})()
    register(shell)
    assert calls == [{"magic_kind": "line", "magic_name": "gradcheck"}]
