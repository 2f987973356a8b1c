"""What stands at hand in a function: its values with their shapes, and the factors and terms made of them."""

import ast

import pytest

from autograder.grader_side.repair.at_hand import (
    MOST_VALUES,
    Value,
    factors,
    shape_of,
    terms,
    values_of,
)

X, W, B, N, UNKNOWN = (
    Value("x", (4, 3)),
    Value("w", (3, 2)),
    Value("b", (3,)),
    Value("n", ()),
    Value("u", None),
)


@pytest.mark.parametrize(
    ("shape", "whole", "fits"),
    [
        ((4, 3), (4, 3), True),
        ((3,), (4, 3), True),
        ((1, 3), (4, 3), True),
        ((4, 1), (4, 3), True),
        ((), (4, 3), True),
        ((4,), (4, 3), False),
        ((3, 4), (4, 3), False),
        ((2, 4, 3), (4, 3), False),
        ((1, 4, 3), (4, 3), False),
        ((4, 3), (1, 3), False),
        (None, (4, 3), True),
        ((2, 4, 3), None, True),
    ],
)
def test_a_value_fits_where_broadcasting_with_it_keeps_the_shape(shape, whole, fits):
    assert Value("v", shape).fits(whole) is fits


def test_what_may_be_a_matrix():
    may = {value.text: value.matrix for value in (X, B, N, UNKNOWN, Value("t", (2, 3, 4)))}
    assert may == {"x": True, "b": False, "n": False, "u": True, "t": True}


def function(text):
    return ast.parse(text).body[0]


def test_the_values_of_a_function_are_what_it_reads_or_writes_each_once_with_its_shape():
    tree = function(
        "def f(x, w):\n    y = x @ w\n    z = cache['h'] + self.b + y + self.f(y) + rows[0]\n"
        "    return z + rows.T['k']"
    )
    shapes = {
        "x": (4, 3),
        "w": (3, 2),
        "y": (4, 2),
        "h": (2,),
        "b": (1,),
        "z": (4, 2),
        "rows": (5,),
        "0": (9,),
    }
    assert values_of(tree, shapes) == [
        Value("x", (4, 3)),
        Value("w", (3, 2)),
        Value("y", (4, 2)),
        Value("z", (4, 2)),
        Value("rows", (5,)),
        Value("cache['h']", (2,)),
        Value("self.b", (1,)),
    ]  # fmt: skip


def test_what_is_called_or_has_no_shape_is_no_value():
    tree = function("def f(x, g, other):\n    return g(x) + np.exp(x) + other")
    assert values_of(tree, {"x": (), "g": (3,)}) == [Value("x", ())]


def test_of_a_long_function_the_first_values_stand_at_hand():
    names = [f"a{k}" for k in range(MOST_VALUES + 2)]
    assert MOST_VALUES == 24
    found = values_of(function(f"def f({', '.join(names)}):\n    pass"), dict.fromkeys(names, ()))
    assert [value.text for value in found] == names[:24]


def test_the_shape_of_an_expression_that_is_a_value():
    values = [X, Value("cache['h']", (2,))]
    shapes = [shape_of(ast.parse(text, mode="eval").body, values) for text in ("x", 'cache["h"]', "x + x")]
    assert shapes == [(4, 3), (2,), None]


def test_the_factors_that_a_value_may_lack():
    found = list(factors([B, W], (4, 3)))
    assert found == [
        (0.7, "2"),
        (0.7, "0.5"),
        (1, "b"),
        (1, "(b > 0)"),
        (2, "(1 - b)"),
        (2, "(1 - b ** 2)"),
        (2, "b ** 2"),
        (2, "np.exp(b)"),
        (2, "np.cos(b)"),
        (2, "np.sign(b)"),
        (3, "(1 + b)"),
        (3, "np.sin(b)"),
        (3, "np.log(b)"),
        (2, "b.shape[0]"),
        (2, "w.shape[0]"),  # w does not fit, but its lengths are numbers
        (2, "w.shape[1]"),
    ]
    assert list(factors([UNKNOWN], None))[-1] == (3, "np.log(u)")


def test_the_terms_that_a_value_may_lack_fit_it():
    assert list(terms([X, B, W], (4, 3))) == [
        (1.5, "x"),
        (1.5, "b"),
        (3, "2 * x * x"),
        (3, "2 * x * b"),
        (2, "x * x"),
        (2, "x * b"),
        (3, "2 * b * b"),
        (2, "b * b"),
    ]


@pytest.mark.parametrize(
    ("whole", "products"),
    [
        ((4, 2), ["x @ w"]),
        ((2, 4), ["w.T @ x.T"]),
        ((3, 3), ["x.T @ x", "w @ w.T"]),
        ((4, 4), ["x @ x.T"]),
        ((2, 2), ["w.T @ w"]),
        ((5, 5), []),
    ],
)
def test_the_terms_that_are_products_of_two_matrices(whole, products):
    assert [text for rank, text in terms([X, W], whole) if "@" in text] == products
    assert all(rank == 3 for rank, text in terms([X, W], whole) if "@" in text)


def test_the_products_of_a_matrix_and_a_vector_have_one_axis():
    # a vector is the same when transposed, so that a product with it from the right is thought of twice
    assert [text for _, text in terms([X, B], (4,)) if "@" in text] == ["x @ b", "x @ b.T", "b @ x.T"]
    assert [text for _, text in terms([B, W], (2,)) if "@" in text] == ["b @ w", "w.T @ b", "w.T @ b.T"]


def test_nothing_is_known_of_products_without_shapes_or_with_other_numbers_of_axes():
    cube = Value("t", (2, 2, 2))
    for values, whole in (([X, W], None), ([UNKNOWN, X], (4, 4)), ([cube], (2, 2)), ([N, X], (4, 3))):
        texts = [text for _, text in terms(values, whole) if "@" in text]
        assert texts == (["x @ x.T"] if UNKNOWN in values else []), values
