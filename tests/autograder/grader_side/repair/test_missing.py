"""What a statement may lack: factors, sums, terms, another way to add, and a line that nobody wrote."""

import ast

import pytest

from autograder.grader_side.repair.at_hand import Value
from autograder.grader_side.repair.missing import accumulated, added, dropped_updates

X, W, B, N = Value("x", (4, 3)), Value("w", (3, 2)), Value("b", (3,)), Value("n", ())


def statement(text):
    return ast.parse(text).body[0]


def lines(text, values, below):
    """`how far-fetched | words | what stands there`, for each change of a statement of one part."""
    found = added(statement(text), values, below)
    return [f"{rank:g} | {words} | {ast.unparse(new)}" for rank, words, _, new in found]


def changed_with(words, text, values, below):
    """Where something may be missing: the parts that may get what these words say."""
    found = added(statement(text), values, below)
    return [ast.unparse(place.node) for _, said, place, _ in found if said == words]


@pytest.mark.parametrize("target", ["y", "y[0]", "y.data"])
def test_a_value_may_be_added_to_what_is_there(target):
    assert list(accumulated(statement(f"{target} = a + b"), 0, 9)) == [
        (0, "added to what is there", f"{target} += a + b"),
        (1, "subtracted from what is there", f"{target} -= a + b"),
        (1, "multiplied with what is there", f"{target} *= a + b"),
    ]


def test_to_add_what_adds_itself_is_more_far_fetched():
    found = accumulated(statement("y = y + b"), 0, 9)
    assert [rank for rank, *_ in found] == [2, 1, 1]


def test_what_is_asked_for_is_not_nearer_than_the_lower_bound_and_nearer_than_the_upper_one():
    node = statement("y = y + b")
    ranks = [[r for r, *_ in accumulated(node, *bounds)] for bounds in ((0, 1), (1, 2), (2, 4), (2.5, 9))]
    assert ranks == [[], [1, 1], [2], []]
    assert [r for r, *_ in accumulated(statement("y = b"), 0, 1)] == [0]
    assert [r for r, *_ in accumulated(node, 0, 2)] == [1, 1]


def test_two_names_on_the_left_may_be_exchanged():
    assert list(accumulated(statement("a, b, c = f(x)"), 0, 9)) == [
        (1, "a and b exchanged", "b, a, c = f(x)"),
        (1, "a and c exchanged", "c, b, a = f(x)"),
        (1, "b and c exchanged", "a, c, b = f(x)"),
    ]


@pytest.mark.parametrize("sign", ["+", "*"])
def test_what_is_added_may_be_put_there_in_another_way_or_left_out(sign):
    found = list(accumulated(statement(f"y {sign}= a"), 0, 9))
    assert found == [
        (0, f"= in the place of {sign}=", "y = a"),
        *((0, f"{other}= in the place of {sign}=", f"y {other}= a") for other in "+-*/"),
        (0, "left out", "pass"),
    ]


@pytest.mark.parametrize("text", ["return a", "y = z = a"])
def test_what_has_no_one_variable_is_not_accumulated(text):
    assert list(accumulated(statement(text), 0, 9)) == []


NEAR = """
0.7 | times 2 | c * 2
0.7 | divided by 2 | c / 2
0.7 | times 0.5 | c * 0.5
0.7 | divided by 0.5 | c / 0.5
1 | times b | c * b
1 | divided by b | c / b
1 | times (b > 0) | c * (b > 0)
1 | divided by (b > 0) | c / (b > 0)
1 | its sum taken over all axes | np.sum(c)
1 | its sum taken over axis 0 | np.sum(c, axis=0)
1 | its sum taken over axis 1 | np.sum(c, axis=1)
1 | its sum taken over axis 1, kept | np.sum(c, axis=1, keepdims=True)
1 | its sum taken over axis -1, kept | np.sum(c, axis=-1, keepdims=True)
1 | its mean taken over all axes | np.mean(c)
1 | its mean taken over axis 0 | np.mean(c, axis=0)
1 | its mean taken over axis 1 | np.mean(c, axis=1)
1 | its mean taken over axis 1, kept | np.mean(c, axis=1, keepdims=True)
1 | its mean taken over axis -1, kept | np.mean(c, axis=-1, keepdims=True)
1.5 | plus b | c + b
1.5 | minus b | c - b
"""


def test_what_a_whole_value_may_lack_near_at_hand():
    assert lines("x = c", [B], 2) == NEAR.strip().split("\n")


def test_nearer_than_one_there_are_only_factors_of_two():
    assert lines("x = c", [X, B, W], 1) == NEAR.strip().split("\n")[:4]


def test_farther_there_are_functions_matrices_and_products():
    far = [line for line in lines("x = c", [X, W], 9) if line[0] in "23"]
    assert len(far) == 2 * (6 + 3 + 4) + 8 + 2 * 2
    assert {
        "2 | times (1 - x ** 2) | c * (1 - x ** 2)",
        "2 | divided by x.shape[0] | c / x.shape[0]",
        "3 | times np.log(x) | c * np.log(x)",
        "2 | times the matrix w, from the right | c @ w",
        "2 | times the matrix w, from the left | w @ c",
        "2 | times the matrix w.T, from the right | c @ w.T",
        "2 | times the matrix w.T, from the left | w.T @ c",
        "2 | plus x * x | c + x * x",
        "3 | minus 2 * x * x | c - 2 * x * x",
    } <= set(far)
    assert not any("matrix" in line for line in lines("x = c", [X, W], 2))
    assert not any("matrix" in line for line in lines("x = c", [B], 9))


def test_nothing_as_far_as_the_bound_is_thought_of():
    for below in (1, 1.5, 2, 3):
        # the sums have a rank that every caller's bound is beyond, or not at all
        assert all(float(line.split(" | ")[0]) < below for line in lines("x = c", [B, X], below)), below


def test_the_shape_that_counts_is_that_of_the_variable_or_else_of_the_part():
    fits = {text: f"1 | times x | {text[4:]} * x" in lines(text, [X, B, W], 9) for text in ("x = b", "b = x")}
    assert fits == {"x = b": True, "b = x": False}
    # in a sum inside, it is the part's own shape; of what has no name, nothing is known
    assert changed_with("times x", "b = b + x", [X, B], 1.5) == ["x"]
    assert changed_with("times x", "return b", [X, B], 1.5) == []
    assert changed_with("times x", "return c", [X, B], 1.5) == ["c"]
    assert changed_with("times x", "b += c", [X, B], 1.5) == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("y = a + f(b) * c", ["a + f(b) * c", "a", "f(b) * c", "b"]),
        ("y = a - b", ["a - b", "a", "b"]),
        ("y = a @ b", ["a @ b", "a", "b"]),
        ("y = a * b", ["a * b"]),
        ("y += a / b", ["a / b"]),
        ("return a, b", ["a", "b"]),
        ("y = [a]", ["a"]),
        ("y = {'k': a}", ["a"]),
        ("y = np.f(a).T + 3", ["np.f(a).T + 3", "np.f(a).T", "a"]),
    ],
)
def test_wholes_terms_matrices_and_arguments_may_lack_a_factor(text, parts):
    assert changed_with("times 2", text, [], 1) == parts


def test_inside_of_a_value_a_factor_that_is_far_is_farther_and_no_term_is_missing():
    assert changed_with("times (1 - n)", "y = a + b", [N], 3) == ["a + b"]
    assert changed_with("times (1 - n)", "y = a + b", [N], 3.5) == ["a + b", "a", "b"]
    assert changed_with("times n", "y = a + b", [N], 1.5) == ["a + b", "a", "b"]
    assert changed_with("plus n", "y = a + b", [N], 9) == ["a + b"]
    assert changed_with("plus n", "return a, b", [N], 9) == ["a", "b"]


def test_the_step_of_a_softmax_may_be_missing_where_there_is_a_label_for_each_row():
    labels = Value("labels", (4,))
    found = list(dropped_updates(statement("x = f(x)"), [X, labels, B]))
    assert found == [
        (2, "1 subtracted at the places labels", "x = f(x)\nx[np.arange(len(labels)), labels] -= 1")
    ]


def test_no_step_is_missing_after_what_is_no_matrix():
    values = [X, Value("labels", (4,)), B, Value("three", (3,))]
    assert list(dropped_updates(statement("b = f(x)"), values)) == []
    assert list(dropped_updates(statement("unknown = f(x)"), values)) == []
