"""Which formulas SymPy reads while a graded cell runs."""

import sys

import pytest

from autograder.grader_side import formulas
from autograder.grader_side.formulas import is_plain, no_others_formulas

PARSER = """
def parse_expr(s, left=None):
    def eval_expr(code):
        return eval(code, {"left": left, "x": 3, "sqrt": abs})
    return eval_expr(s)
"""


@pytest.fixture(name="parse")
def parse_fixture():
    """Stands for SymPy's parser, which may not be installed."""
    module = {"__name__": "sympy.parsing.sympy_parser"}
    exec(PARSER, module)
    return module["parse_expr"]


def test_a_students_formula_that_computes_is_read(parse):
    with no_others_formulas("assert sp.simplify(f()) == 7"):
        assert parse("2*x + sqrt(1.0)") == 7


@pytest.mark.parametrize(
    "text", ["left.append(1)", "__import__('os')", "exec(x)", "(exec)(x)", "[left][0]", "left . append(x)"]
)
def test_a_students_formula_that_could_do_more_is_not_read(parse, text):
    left = []
    with no_others_formulas("assert f() == 7"), pytest.raises(PermissionError, match="could be a student's"):
        parse(text, left)
    assert left == []


def test_what_stands_in_the_cell_is_read_and_elsewhere_everything(parse):
    left = []
    with no_others_formulas("sp.simplify('left.append(1)')"):
        parse("left.append(1)", left)
    parse("left.append(2)", left)
    assert left == [1, 2]


def test_what_others_evaluate_is_no_formula():
    with no_others_formulas("f()"):
        assert eval("[4][0]") == 4


@pytest.mark.parametrize(
    "text",
    ["x**2 + 1", "sin(x)*exp(-t/2)", "1e-3*a_1", "0.5", "sqrt(2)*pi", "x*(y - 1)", "x != 2", "log(x, 2)"],
)
def test_formulas_of_numbers_symbols_and_functions_are_plain(text):
    assert is_plain(text)


@pytest.mark.parametrize(
    "text",
    [
        "x.y",
        "1 .real",
        "f(x)",
        "open",
        "eval(x)",
        "lambda x: x",
        "'a'",
        "x[0]",
        "a__b",
        "sin(x)(y)",
        "chr(9)",
    ],
)
def test_other_formulas_are_not(text):
    assert not is_plain(text)


def test_formulas_are_watched_once(monkeypatch):
    hooks = []
    formulas._watch.cache_clear()
    monkeypatch.setattr(sys, "addaudithook", hooks.append)
    for _ in range(2):
        with no_others_formulas("f()"):
            pass
    assert hooks == [formulas._refuse]
    formulas._watch.cache_clear()
