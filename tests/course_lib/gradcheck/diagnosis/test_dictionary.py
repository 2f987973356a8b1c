"""Derivatives are written with terms of the arguments: one that fits everywhere, or two."""

import numpy as np
import pytest

from course_lib.gradcheck.diagnosis.dictionary import LARGEST, explain_pair, recognize, single_terms, terms_of

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
