"""The changes of an expression: of operators, signs, comparisons and numbers.

Each table has expressions, and below each its changes: how far-fetched | what stands in its place | words.
"""

import ast

import pytest

from autograder.grader_side.repair.at_hand import Value
from autograder.grader_side.repair.expressions import called, expression, short

THE_OPERATOR_OF_TWO = """
a + b
    0 | a - b | - in the place of +
    1 | a * b | * in the place of +
    0 | a | without + b
    0 | b | without a +
    0 | -(a + b) | its sign turned
    1 | (a + b).T | transposed
a - b
    0 | a + b | + in the place of -
    0 | b - a | the two sides of - exchanged
    0 | a | without - b
    0 | b | without a -
    0 | -(a - b) | its sign turned
    1 | (a - b).T | transposed
a * b
    0 | a / b | / in the place of *
    1 | a @ b | @ in the place of *
    1 | a + b | + in the place of *
    1 | a ** b | ** in the place of *
    0 | a | without * b
    0 | b | without a *
    0 | -(a * b) | its sign turned
    1 | (a * b).T | transposed
a / b
    0 | a * b | * in the place of /
    0 | b / a | the two sides of / exchanged
    0 | a | without / b
    0 | b | without a /
    0 | -(a / b) | its sign turned
    1 | (a / b).T | transposed
a ** b
    0 | a * b | * in the place of **
    0 | b ** a | the two sides of ** exchanged
    0 | a | without ** b
    0 | b | without a **
    0 | -a ** b | its sign turned
    1 | (a ** b).T | transposed
a & b
    0 | a | b | | in the place of &
    0 | a | without & b
    0 | b | without a &
    0 | -(a & b) | its sign turned
    1 | (a & b).T | transposed
a | b
    0 | a & b | & in the place of |
    0 | a | without | b
    0 | b | without a |
    0 | -(a | b) | its sign turned
    1 | (a | b).T | transposed
"""

A_MATRIX_PRODUCT = """
a @ b
    0 | a * b | * in the place of @
    0 | b @ a | the two sides of @ exchanged
    0 | a.T @ b.T | @ with both sides transposed
    0 | b.T @ a | @ with its sides exchanged and transposed
    0 | b @ a.T | @ with its sides exchanged and transposed
    1 | np.outer(a, b) | the outer product
    0 | a | without @ b
    0 | b | without a @
    0 | -(a @ b) | its sign turned
    1 | (a @ b).T | transposed
a.T @ b
    0 | a.T * b | * in the place of @
    0 | b @ a.T | the two sides of @ exchanged
    0 | a @ b.T | @ with both sides transposed
    0 | b.T @ a.T | @ with its sides exchanged and transposed
    0 | b @ a | @ with its sides exchanged and transposed
    1 | np.outer(a.T, b) | the outer product
    0 | a.T | without @ b
    0 | b | without a.T @
    0 | -(a.T @ b) | its sign turned
    1 | (a.T @ b).T | transposed
a @ b.T
    0 | a * b.T | * in the place of @
    0 | b.T @ a | the two sides of @ exchanged
    0 | a.T @ b | @ with both sides transposed
    0 | b @ a | @ with its sides exchanged and transposed
    0 | b.T @ a.T | @ with its sides exchanged and transposed
    1 | np.outer(a, b.T) | the outer product
    0 | a | without @ b.T
    0 | b.T | without a @
    0 | -(a @ b.T) | its sign turned
    1 | (a @ b.T).T | transposed
"""

A_SIGN_OR_COMPARISON = """
-a
    0 | a | without the minus
not a
    0 | a | without the negation
a > b
    0 | a >= b | >= in the place of >
    0 | a < b | < in the place of >
    0 | a <= b | <= in the place of >
    0 | a == b | == in the place of >
    0 | a != b | != in the place of >
a is b
    0 | a > b | > in the place of another comparison
    0 | a >= b | >= in the place of another comparison
    0 | a < b | < in the place of another comparison
    0 | a <= b | <= in the place of another comparison
    0 | a == b | == in the place of another comparison
    0 | a != b | != in the place of another comparison
a < b < c
"""

A_NUMBER = """
2
    0 | 3 | 3 in the place of 2
    0 | 4 | 4 in the place of 2
    0 | 1 | 1 in the place of 2
    0 | -2 | -2 in the place of 2
    0 | 0 | 0 in the place of 2
    0 | 0.5 | 0.5 in the place of 2
0.5
    0 | -0.5 | -0.5 in the place of 0.5
    0 | 1.5 | 1.5 in the place of 0.5
    0 | 1 | 1 in the place of 0.5
    0 | 0.25 | 0.25 in the place of 0.5
    0 | 0 | 0 in the place of 0.5
    0 | 2 | 2 in the place of 0.5
    0 | 3 | 3 in the place of 0.5
3.0
    0 | 2 | 2 in the place of 3.0
    0 | 4 | 4 in the place of 3.0
    0 | 6 | 6 in the place of 3.0
    0 | 1.5 | 1.5 in the place of 3.0
    0 | -3 | -3 in the place of 3.0
    0 | 0 | 0 in the place of 3.0
    0 | 1 | 1 in the place of 3.0
    0 | 0.5 | 0.5 in the place of 3.0
True
    0 | False | False in the place of True
False
    0 | True | True in the place of False
'text'
None
"""


X, Z, W, B = Value("x", (4, 3)), Value("z", (4, 3)), Value("w", (3, 2)), Value("b", (2,))
UNKNOWN = Value("u", None)


@pytest.mark.parametrize("table", [THE_OPERATOR_OF_TWO, A_MATRIX_PRODUCT, A_SIGN_OR_COMPARISON, A_NUMBER])
def test_every_change_of_an_operator_or_a_number(table, changes_of_a_table):
    found, listed = changes_of_a_table(table)
    assert found == listed


def test_an_operator_that_has_no_like_may_only_lose_a_side(changes_at):
    assert [line.split(" | ")[1] for line in changes_at("y = a % b", "a % b")] == [
        "a", "b", "-(a % b)", "(a % b).T",
    ]  # fmt: skip


def test_a_sign_inside_of_a_sum_or_product_is_more_far_fetched(changes_at):
    assert changes_at("y = a", "a") == ["0 | -a | its sign turned", "1 | a.T | transposed"]
    assert changes_at("y = a + b", "a") == ["1 | -a | its sign turned", "1 | a.T | transposed"]
    assert changes_at("y = a @ b", "a") == ["1 | -a | its sign turned", "0 | a.T | transposed"]
    assert changes_at("y = a.T + b", "a.T") == ["1 | -a.T | its sign turned", "0 | a | not transposed"]


def test_in_the_place_of_a_value_another_stands_that_of_its_shape_first_of_all(changes_at):
    assert changes_at("y = x", "x", [X, Z, W, UNKNOWN])[:4] == [
        "0.5 | z | z in the place of x",
        "1 | w | w in the place of x",
        "1 | u | u in the place of x",
        "1 | 1 - x | 1 - x in the place of x",
    ]
    assert changes_at("y = other", "other", [X, Z])[0] == "0 | -other | its sign turned"


@pytest.mark.parametrize("text", ["cache['x']", "s.x"])
def test_a_value_of_a_dict_or_an_object_has_others_in_its_place(text, changes_at):
    assert changes_at(f"y = {text}", text, [Value(text, (4, 3)), B])[:2] == [
        f"1 | b | b in the place of {text}",
        f"1 | 1 - {text} | 1 - {text} in the place of {text}",
    ]


def test_a_mask_that_is_always_true_may_be_one_of_a_value(changes_at):
    assert changes_at("y = True", "True", [X, B]) == [
        "0 | False | False in the place of True",
        "1 | x > 0 | the mask x > 0",
        "1 | b > 0 | the mask b > 0",
    ]
    assert changes_at("y = False", "False", [X]) == ["0 | True | True in the place of False"]
    assert changes_at("y = 1", "1", [X]) == changes_at("y = 1", "1")


def test_the_name_of_what_is_called():
    named = {text: called(expression(text)) for text in ("f(x)", "np.sum(x)", "a.b.c()", "f(x)(y)")}
    assert named == {"f(x)": "f", "np.sum(x)": "sum", "a.b.c()": "c", "f(x)(y)": ""}


def test_a_long_expression_is_cut_in_a_sentence():
    assert short(expression("a" * 40)) == "a" * 40
    assert short(expression("a" * 41)) == "a" * 37 + "..."
    assert short(expression("f('''a\n  b''')")) == r"f('a\n b')"


@pytest.mark.parametrize("number", ["1e301", "1e999", "0x1" + 300 * "0"])
def test_a_number_that_stands_for_no_end_has_no_other_in_its_place(number, changes_at):
    assert changes_at(f"y = {number}", ast.unparse(ast.parse(number))) == []


def test_a_large_number_has_others_in_its_place(changes_at):
    assert "0 | 2e+300 | 2e+300 in the place of 1e+300" in changes_at("y = 1e300", "1e+300")
