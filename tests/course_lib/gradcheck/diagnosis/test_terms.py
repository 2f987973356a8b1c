"""Of the terms of an elementwise derivative, one is missing, reversed or scaled."""

import numpy as np
import pytest
from views_under_test import view_of

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.terms import elementwise_terms

RNG = np.random.default_rng(4)
X, Y = RNG.uniform(0.5, 2.0, 12), RNG.uniform(0.5, 2.0, 12)
DOUT = RNG.normal(size=12)


def of_two(yours, right, dout=DOUT, **known):
    """Look at the first of two arguments, of a function whose output depends on its own entry alone."""
    options = {"forward": lambda x, y: x * y + 7.0, "jacobian": np.diag(right), "dout": dout, **known}
    with np.errstate(all="ignore"):  # as `ranking` has it
        found = elementwise_terms(view_of(dout * yours, dout * right, X, Y, **options))
    return found and (found.cause, found.sentence)


TWO = "the local derivative has two terms, x1 and cos x0"
PRODUCT, COSINE = Y, np.cos(X)


@pytest.mark.parametrize(
    ("product", "cosine", "cause", "said"),
    [
        (1, 0, Cause.DROPPED_PATH | Cause.OVERWRITTEN, "yours lacks cos x0"),
        (0, 1, Cause.DROPPED_PATH | Cause.OVERWRITTEN, "yours lacks x1"),
        (1, -1, Cause.SIGN_OF_ONE_TERM, "yours has cos x0 with the opposite sign"),
        (-1, 1, Cause.SIGN_OF_ONE_TERM, "yours has x1 with the opposite sign"),
        (1, 2, Cause.FACTOR_2, "yours has 2 x cos x0"),
        (0.5, 1, Cause.FACTOR_2, "yours has 0.5 x x1"),
        (1, 3, Cause.CONSTANT_FACTOR, "yours has 3 x cos x0"),
        (1, -2, Cause.CONSTANT_FACTOR, "yours has -2 x cos x0"),
    ],
)
def test_what_becomes_of_one_of_two_terms_is_said(product, cosine, cause, said):
    found, sentence = of_two(product * PRODUCT + cosine * COSINE, PRODUCT + COSINE)
    assert found == cause
    first, second = sentence.split("; ")
    assert first in (TWO, "the local derivative has two terms, cos x0 and x1")
    assert second == said


def test_two_terms_of_the_same_arrays_are_no_two_paths():
    cause, sentence = of_two(X**2, X**2 + np.cos(X))
    assert cause == Cause.DROPPED_PATH | Cause.LOCAL_DERIVATIVE
    assert "yours lacks cos x0" in sentence


def test_terms_that_are_as_they_should_be_say_nothing():
    assert of_two(PRODUCT + COSINE, PRODUCT + COSINE) is None


def test_terms_are_told_apart_from_what_they_should_be_by_a_ten_thousandth():
    def with_share(share):
        return of_two(PRODUCT + share * COSINE, PRODUCT + COSINE)

    assert with_share(1 + 0.8e-4) is None
    assert with_share(1 + 1.3e-4)[0] == Cause.CONSTANT_FACTOR
    assert with_share(0.8e-4)[0] == Cause.DROPPED_PATH | Cause.OVERWRITTEN
    assert with_share(1.3e-4)[0] == Cause.CONSTANT_FACTOR
    assert with_share(-1 + 0.8e-4)[0] == Cause.SIGN_OF_ONE_TERM
    assert with_share(-1 + 1.3e-4)[0] == Cause.CONSTANT_FACTOR
    assert with_share(2 + 0.8e-4)[0] == Cause.FACTOR_2
    assert with_share(2 + 1.3e-4)[0] == Cause.CONSTANT_FACTOR


def test_a_derivative_that_is_one_number_is_not_made_of_two_logarithms():
    known = {"forward": lambda x, y: 2.5 * x, "out": 2.5 * X}
    assert (
        of_two(np.ones(12), np.full(12, 2.5), **known) is None
    )  # 2.5 is log|out| - log|x0|, times something


def test_the_output_may_be_one_of_the_terms():
    out = X * Y + 7.0
    assert of_two(COSINE, COSINE + out)[1].endswith("yours lacks out")


RICH = np.exp(X) * np.sin(Y)


@pytest.mark.parametrize("scale", [1, -1])
def test_a_single_richer_term_that_is_lost_or_kept_is_named(scale):
    right = scale * RICH + X * Y + np.cos(X)
    lost = of_two(X * Y + np.cos(X), right)
    assert lost[0] == Cause.DROPPED_PATH | Cause.LOCAL_DERIVATIVE
    assert lost[1] in (
        "yours lacks the term exp x0 * sin x1, and the local derivative has more",
        "yours lacks the term sin x1 * exp x0, and the local derivative has more",
    )
    kept = of_two(scale * RICH, right)
    assert kept[0] == Cause.DROPPED_PATH | Cause.LOCAL_DERIVATIVE
    assert kept[1] in (
        "yours is only the term exp x0 * sin x1: the local derivative has more, or is another function",
        "yours is only the term sin x1 * exp x0: the local derivative has more, or is another function",
    )


@pytest.mark.parametrize("sign", [1, -1])
def test_a_single_richer_term_that_is_reversed_is_one_of_the_terms(sign):
    rest = X * Y + np.cos(X)
    expected = (Cause.SIGN_OF_ONE_TERM, "one of the terms of the local derivative has the opposite sign")
    assert of_two(rest - sign * RICH, rest + sign * RICH) == expected  # it is the difference
    assert of_two(RICH - rest, RICH + rest) == expected  # it is what both have


def test_a_multiple_of_a_richer_term_is_no_missing_one():
    right = RICH + X * Y + np.cos(X)
    assert of_two(right - 1.5 * RICH, right) is None
    assert of_two(right - 1.002 * RICH, right) is None
    assert of_two(right - 1.0005 * RICH, right) is not None
    assert of_two(right - 2.002 * RICH, right) is None
    assert of_two(right - 2.0005 * RICH, right)[0] == Cause.SIGN_OF_ONE_TERM


def test_a_derivative_that_is_one_richer_term_has_no_others_to_miss():
    assert of_two(2 * RICH, RICH) is None
    assert of_two(RICH + X * Y + np.cos(X), RICH) is None


def test_entries_without_an_upstream_gradient_are_left_out():
    for unit in (1.0, 1e4):
        dout = unit * DOUT
        dout[3] = 0.0
        dout[4] = 0.9e-6 * np.abs(dout).max()
        yours = PRODUCT + (np.arange(12) == 4)  # which is off by rounding
        assert of_two(yours, PRODUCT + COSINE, dout)[1].endswith("yours lacks cos x0")


def test_functions_that_mix_entries_are_not_looked_at():
    mixed = np.diag(PRODUCT + COSINE)
    mixed[0, 1] = 1.0
    assert of_two(PRODUCT, PRODUCT + COSINE, jacobian=mixed) is None


def test_other_arguments_of_another_shape_are_no_terms():
    view = view_of(
        DOUT * Y,
        DOUT * (Y + COSINE),
        X,
        Y[:, None],
        np.ones(3),
        forward=lambda x, y, z: x + y[:, 0],
        jacobian=np.diag(Y + COSINE),
        dout=DOUT,
    )
    assert "two terms" not in elementwise_terms(view).sentence
