"""Derivatives are written with terms of the arguments: one that fits everywhere, or two."""

import numpy as np
import pytest

from course_lib.gradcheck.diagnosis.dictionary import (
    BINARY,
    LARGEST,
    UNARY,
    explain_pair,
    recognize,
    single_terms,
    terms_of,
)

RNG = np.random.default_rng(0)
X, Y = RNG.uniform(0.5, 2.0, 12), RNG.uniform(0.5, 2.0, 12)
BOTH = {"x": X, "y": Y}


@pytest.mark.parametrize(
    ("target", "factor"), [(3 * X * Y, 3), (-2 * X**2 * Y, -2), (0.5 * np.sin(X) * Y, 0.5)]
)
def test_a_multiple_of_one_term_is_recognized_with_its_coefficient(target, factor):
    terms = {**terms_of(BOTH), **single_terms(BOTH)}
    name, coefficient = recognize(terms, target, 1e-9)
    assert coefficient == pytest.approx(factor)
    np.testing.assert_allclose(coefficient * terms[name], target)


def test_what_is_no_multiple_nothing_or_little_is_not_recognized():
    terms = terms_of(BOTH)
    assert recognize(terms, X * Y + 1e-3 * X, 1e-9) is None
    assert recognize(terms, np.zeros(12), 1e-9) is None
    few = {name: term[:5] for name, term in terms.items()}
    assert recognize(few, (3 * X)[:5], 1e-9) is None  # of five numbers, something always fits


def test_two_sums_of_the_same_terms_are_told_by_their_coefficients():
    found = explain_pair(BOTH, 2 * X + 3 * Y, 2 * X - 3 * Y, 1e-9)
    coefficients = dict(zip(found.names, found.coefficients, strict=True))
    scale = {"x": np.linalg.norm(X), "y": np.linalg.norm(Y)}
    assert set(found.names) == {"x", "y"}
    assert np.array(coefficients["x"]) / scale["x"] == pytest.approx([2, 2])
    assert np.array(coefficients["y"]) / scale["y"] == pytest.approx([3, -3])


def test_two_derivatives_that_no_two_terms_make_are_left_alone():
    assert explain_pair(BOTH, RNG.normal(size=12), RNG.normal(size=12), 1e-9) is None
    assert explain_pair({"x": X[:5]}, X[:5], 2 * X[:5], 1e-9) is None


def test_terms_that_are_huge_infinite_or_zero_explain_nothing():
    terms = terms_of({"x": np.full(6, 2 * LARGEST), "y": np.zeros(6)})
    assert "x" not in terms
    assert "y" not in terms
    assert all(np.isfinite(term).all() and term.any() for term in terms.values())


U, V = np.array([0.5, -2.0]), np.array([3.0, 0.25])


@pytest.mark.parametrize(
    ("form", "value"),
    {
        "{}": U,
        "{}**2": [0.25, 4.0],
        "{}**3": [0.125, -8.0],
        "1/{}": [2.0, -0.5],
        "1/{}**2": [4.0, 0.25],
        "sqrt|{}|": np.sqrt([0.5, 2.0]),
        "sin {}": np.sin(U),
        "cos {}": np.cos(U),
        "exp {}": np.exp(U),
        "exp -{}": np.exp([-0.5, 2.0]),
        "log|{}|": np.log([0.5, 2.0]),
        "tanh {}": np.tanh(U),
        "sigmoid {}": 1 / (1 + np.exp([-0.5, 2.0])),
        "sign {}": [1.0, -1.0],
        "exp -{}**2/2": np.exp([-0.125, -2.0]),
    }.items(),
)
def test_each_function_of_one_array_is_what_it_is_called(form, value):
    assert UNARY[form](U) == pytest.approx(np.array(value))
    assert len(UNARY) == 15


@pytest.mark.parametrize(
    ("form", "value"),
    {
        "{} {}": [1.5, -0.5],
        "{}/{}": [0.5 / 3, -8.0],
        "{}/{}**2": [0.5 / 9, -32.0],
        "{}**2/{}**2": [0.25 / 9, 64.0],
        "{}**2 {}": [0.75, 1.0],
        "{} exp {}": U * np.exp(V),
        "{} cos {}": U * np.cos(V),
        "{} sin {}": U * np.sin(V),
    }.items(),
)
def test_each_function_of_two_arrays_is_what_it_is_called(form, value):
    assert BINARY[form](U, V) == pytest.approx(np.array(value))
    assert len(BINARY) == 8


def test_terms_are_those_of_each_array_and_of_each_two_and_one():
    terms = terms_of(BOTH)
    assert len(terms) == 1 + 2 * len(UNARY) + 2 * len(BINARY)
    assert terms["1"].tolist() == [1.0] * 12
    assert terms["y/x"] == pytest.approx(Y / X)
    assert terms["x exp y"] == pytest.approx(X * np.exp(Y))
    assert "x x" not in terms
    assert "sin x" in terms


def test_richer_terms_are_products_of_two_of_them():
    terms = single_terms(BOTH)
    assert terms["sin x"] == pytest.approx(np.sin(X))
    assert terms["exp x * cos y"] == pytest.approx(np.exp(X) * np.cos(Y))
    assert terms["1"].tolist() == [1.0] * 12
    assert len(terms) == (1 + 2 * len(UNARY)) ** 2
    assert "1 * x" in terms
    assert "x * 1" not in terms
    few = single_terms({"x": np.full(6, 1e60), "z": np.zeros(6)})
    assert "x" in few
    assert "x**2" not in few
    assert "z" not in few
    assert "x * z" not in few


@pytest.mark.parametrize(("off", "found"), [(0.9e-3, True), (1.1e-3, False)])
def test_a_term_is_recognized_to_a_fraction_of_the_largest_entry(off, found):
    x = np.array([1.0, 2.0, 3.0, 4.0, 5.0, -10.0])
    target = 3 * x
    target[0] += off * 30 * (1 + 3e-5)
    known = recognize({"x": x, "1": np.ones(6)}, target, 1e-3)
    assert (known is not None) is found
    if known:
        assert known == ("x", pytest.approx(3.0, abs=1e-2))


def test_the_term_that_misses_least_is_the_one_that_is_recognized():
    x = np.linspace(1.0, 2.0, 6)
    terms = {"nearly": x + 1e-4 * np.arange(6) ** 2, "x": x, "1": np.ones(6)}
    assert recognize(terms, -2 * x, 1e-2) == ("x", pytest.approx(-2.0))


def fit(right, yours, relative=1e-6, arrays=None):
    found = explain_pair({"x": X} if arrays is None else arrays, right, yours, relative)
    return found and found.names


def test_both_terms_have_to_be_needed_by_the_right_derivative():
    assert set(fit(np.sin(X) + X**2, np.sin(X))) == {"sin x", "x**2"}
    assert fit(np.sin(X), np.sin(X) + X**2) is None
    sine, square = np.sin(X) / np.linalg.norm(np.sin(X)), X**2 / np.linalg.norm(X**2)
    assert set(fit(sine + 1.2e-3 * square, sine, 1e-9)) == {"sin x", "x**2"}
    assert fit(sine + 0.8e-3 * square, sine, 1e-9) is None


@pytest.mark.parametrize("which", ["right", "yours"])
def test_both_derivatives_are_fitted_to_a_fraction_of_their_largest_entry(which):
    right, yours = np.sin(X) + X**2, np.sin(X) - X**2
    noise = RNG.normal(size=12)
    for size, found in ((1e-9, True), (1e-2, False)):
        changed = {"right": right, "yours": yours}
        changed[which] = changed[which] + size * noise
        assert (fit(**changed) is not None) is found


def test_six_numbers_are_enough_and_terms_that_are_nearly_one_are_no_two():
    assert explain_pair({"x": X[:6]}, X[:6] + np.sin(X[:6]), X[:6], 1e-9) is not None
    flat = 1.0 + 1e-8 * X
    assert explain_pair({"x": flat}, flat + 1, flat - 1, 1e-12) is None


def test_of_several_ways_to_write_a_term_the_shortest_is_its_name():
    x = np.linspace(0.3, 2.0, 8)
    sigmoid = 1 / (1 + np.exp(-x))
    terms = single_terms({"x": x, "out": x * sigmoid})
    for target, name in ((sigmoid, "sigmoid x"), (2 * np.ones(8), "1"), (3 * np.tanh(x) * x, "x * tanh x")):
        assert recognize(terms, target, 1e-12)[0] == name
