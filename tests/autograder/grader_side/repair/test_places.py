"""Where in a statement something else may stand, what is a number there, and the text with something else."""

import ast

import pytest

from autograder.grader_side.repair.expressions import changes
from autograder.grader_side.repair.places import all_places, text_with


@pytest.mark.parametrize(
    ("statement", "expressions"),
    [
        ("y = f(b, k=c[d:e])", ["f(b, k=c[d:e])", "f", "b", "c[d:e]", "c", "d:e", "d", "e"]),
        ("y = [a for b in c if d]", ["[a for b in c if d]", "a", "b", "c", "d"]),
        ("y = {a: b}", ["{a: b}", "a", "b"]),
        ("y += a", ["a"]),
        ("a[b] = c", ["c"]),
        ("return a", ["a"]),
        ("for i in a: b", ["a"]),
        ("if a: b\nelse: c", ["a"]),
        ("def f(x=a): return b", []),
    ],
)  # fmt: skip
def test_a_statement_computes_with_these_the_outer_before_the_inner(statement, expressions):
    found = all_places(ast.parse(statement).body[0])
    assert [ast.unparse(place.node) for place in found] == expressions


def test_a_text_or_a_lambda_is_not_changed_as_a_whole():
    for statement in ("y = f'{a}'", "y = lambda: a"):
        whole = statement.removeprefix("y = ")
        assert whole not in [ast.unparse(place.node) for place in all_places(ast.parse(statement).body[0])]


def test_a_text_with_a_change_leaves_the_statement_as_it_was():
    node = ast.parse("y = f(a, b)").body[0]
    texts = [text_with(node, place, new) for _, words, place, new in changes(node, []) if "sign" in words]
    assert texts == ["y = -f(a, b)", "y = f(-a, b)", "y = f(a, -b)"]
    assert ast.unparse(node) == "y = f(a, b)"


def test_what_is_no_text_of_python_leaves_the_statement_as_it_was():
    node = ast.parse("y = a").body[0]
    (place,) = all_places(node)
    with pytest.raises(AttributeError):
        text_with(node, place, 3)
    assert ast.unparse(node) == "y = a"


def test_of_an_object_whose_attribute_is_read_only_the_sign_is_turned(changes_at):
    assert changes_at("y = a.shape", "a") == ["0 | -a | its sign turned"]


@pytest.mark.parametrize("at", ["np", "np.exp"])
def test_a_module_and_a_called_function_are_no_numbers(at, changes_at):
    assert changes_at("y = np.exp(a)", at) == []
    assert changes_at("y = numpy.exp(a)", at.replace("np", "numpy")) == []
    assert changes_at("y = math.exp(a)", at.replace("np", "math")) == []


def test_the_ends_of_a_slice_are_no_numbers(changes_at):
    assert changes_at("y = a[b:c]", "b") == []
