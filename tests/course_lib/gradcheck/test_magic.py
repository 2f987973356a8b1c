import pytest
from IPython.core.error import UsageError
from IPython.testing.globalipapp import start_ipython

import course_lib


@pytest.fixture(scope="module")
def shell():
    shell = start_ipython()
    course_lib.load_ipython_extension(shell)
    shell.run_cell("import numpy as np\nx = np.array([1.0, 2.0])")
    shell.run_cell("def square(x): return x**2, x\ndef square_backward(dout, x): return 2 * dout * x")
    return shell


def test_the_magic_checks_a_pair_at_a_point(shell):
    assert shell.run_line_magic("gradcheck", "square square_backward x").passed is True


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
