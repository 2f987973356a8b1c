"""Of errors that puzzle beginners a question is asked that leads to the slip; of others, none."""

import math

import numpy as np
import pytest

from course_lib.gradcheck.puzzling import COLUMN, TRANSPOSED, question_about

ROWS, VECTOR = np.ones((2, 3)), np.arange(3)


class Gate:
    def forward(x):  # noqa: N805 - the slip
        return x


def asked(line, **names):
    """What is asked about the error that a line raises."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - its words are what is asked about
        exec(line, {"np": np, "math": math, "x": ROWS, "v": VECTOR, "z": 2.0, "Gate": Gate, **names})
    return question_about(str(caught.value), line)


@pytest.mark.filterwarnings("ignore::SyntaxWarning")  # Python's own, of 2(...)
@pytest.mark.parametrize(
    ("line", "question"),
    [
        ("x @ x", TRANSPOSED),
        ("x.dot(x)", TRANSPOSED),
        ("f = 2(z + max(z, 1))", "is a `*` missing before a bracket?"),
        ("f = (z + 1)(z + 2)", "is a `*` missing before a bracket?"),
        ("f = z(z + 1)", "is a `*` missing before a bracket?"),
        ("z = (z(z + 1) - z(1)) / 2", "does `z` stand for two things, or is a `*` missing before a bracket?"),
        ("f = z^2", "is a power meant? That is written `**`"),
        ("f = x^2", "is a power meant? That is written `**`"),
        ("f = 1 if v != None else 2", "is `is None` meant?"),
        ("Gate().forward(z)", "is `self` missing in its `def` line, or is one argument too many?"),
        ("if v: f = 1", "is `is None` meant?"),
        ("f = v * np.ones((3, 2)) + x * np.ones((3, 2))", "is a matrix product meant? That is written `@`"),
        ("f = v * np.ones(2)", "is np.outer meant?"),
        ("f = x / x.sum(axis=1)", COLUMN),
        ("x + v[:2]", COLUMN),
        ("f = exp(z)", "is np.exp meant?"),
        ("f = os.sep", "is `import os` missing?"),
        ("f = random.random()", "is np.random meant, or is `import random` missing?"),
        ("(lambda: [q := q + 1])()", "is it given a value further down, or only in some cases?"),
        ("f = 1 if v > 0 else 2", "is np.where meant, or a mask?"),
        ("f = max(0, v) if z else 0", "is np.maximum meant, or np.max?"),
        ("f = min(x)", "is np.minimum meant, or np.min?"),
        ("f = np.max(z, 1.5)", "is np.maximum meant?"),
        ("f = np.max(0, v)", "is np.maximum meant?"),
        ("f = np.min(v, 5)", "is np.minimum meant?"),
        ("f = math.exp(x)", "is NumPy's function meant? It takes arrays"),
        ("f = np.zeros(2, 3)", "is the shape one tuple, as in np.zeros((2, 3))?"),
        ("f = np.zeros(2, 3, 4, 5)", "is the shape one tuple, as in np.zeros((2, 3))?"),
        ("f = np.zeros((4 / 2, 3))", "is a whole number meant, as `//` gives?"),
        ("f = v[: 4 / 2]", "is a whole number meant, as `//` gives?"),
        ("f = range(np.float64(2))", "is a whole number meant, as `//` gives?"),
        ("v += 0.5", "is it an array of integers? It has no room for fractions"),
    ],
)
def test_a_question_leads_to_the_slip(line, question):
    assert asked(line) == question


def test_a_name_of_pythons_that_is_a_variable_is_asked_about():
    question = "is `max` a variable of yours, too? Give that another name"
    assert asked("f = np.exp(max(z, 1))", max=3.0) == question
    assert asked("(lambda: [max := max(z, 1)])()") == question
    assert asked("f = list(v)", list=[1]) == question.replace("max", "list")
    assert asked("f = sum(v) / len(v)", sum=1.5) == question.replace("max", "sum` or `len")


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize(
    "line",
    [
        "Gate().forward(z, z)",
        "print(dict)()",
        "x[5]",
        "x.length",
        "q + 1",
        "v - mean",
        "2 * signal",
        "x + x[:, :2]",
        "gate(float(z))",
        "[1](0) + len(v)",
        "x.mean(0, 1)",
        "x @ z",
        "v[np.max(v) + 1]",
        "np.ones(3, bool).__iadd__(0.5)",
    ],
)
def test_of_other_errors_nothing_is_asked(line):
    assert asked(line, gate=object()) == ""


def test_an_error_without_a_line_gets_no_question_about_it():
    assert question_about("'float' object is not callable", "") == ""
