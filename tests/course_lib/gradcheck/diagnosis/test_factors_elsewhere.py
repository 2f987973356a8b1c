"""Factors that are another argument, or another number elsewhere."""

import numpy as np
import pytest
from views_under_test import view_of

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis import factors

RNG = np.random.default_rng(12)
X = RNG.normal(size=(7, 3))
G = RNG.normal(size=(7, 3))


def total(x, *others):
    """A scalar loss, so that nothing is elementwise."""
    return np.sum(np.sin(x))


def said(hypothesis, yours, right, *others, forward=total, **known):
    view = view_of(yours, right, np.resize(X, np.shape(right)), *others, forward=forward, **known)
    with np.errstate(all="ignore"):  # as `ranking` has it
        found = hypothesis(view)
    return found and (found.cause, found.sentence)


OTHER = factors.another_argument


def test_a_factor_that_is_another_argument_is_missing_or_one_too_many():
    w = RNG.uniform(0.5, 2.0, (7, 3))
    lacks, often = (
        "a factor is missing that is another argument",
        "a factor is one too many: another argument",
    )
    assert said(OTHER, G, G * w, w) == (Cause.LOCAL_DERIVATIVE, f"{lacks}, x1")
    assert said(OTHER, G * w, G, w) == (Cause.LOCAL_DERIVATIVE, f"{often}, x1")
    assert said(OTHER, G, G * w[0], w[0])[1] == f"{lacks}, x1, along the last axis"
    assert said(OTHER, G * w[:, :1], G, w[:, :1])[1] == f"{often}, x1, along the last axes"
    assert said(OTHER, G * (w + 1), G, w) is None
    assert said(OTHER, G, G * w, np.ones(5), w)[1] == f"{lacks}, x2"
    zero = w.copy()
    zero[0, 0] = 0.0
    assert said(OTHER, G, G * zero, zero)[1] == f"{lacks}, x1"
    noisy = G * zero + 1e-12 * (zero == 0)
    assert said(OTHER, G, noisy, zero)[1] == f"{lacks}, x1"


def test_an_argument_of_few_values_or_of_another_shape_is_no_factor():
    w = RNG.uniform(0.5, 2.0, (7, 3))
    two = np.where(w > 1, 1.0, 2.0)
    assert said(OTHER, G, G * two, two) is None
    three = np.where(w > 1.5, 3.0, two)
    assert said(OTHER, G, G * three, three) is not None
    assert said(OTHER, G, 2 * G, np.full((7, 3), 2.0)) is None
    assert said(OTHER, G, G * 1.5, w[:, 0], w[None], np.array([1.5, 2.0])) is None


def test_one_factor_that_is_another_elsewhere_multiplies_all_entries():
    def view(changes):
        def backward(dout, cache):
            return dout * np.cos(cache[0]) * (1 + changes * np.sum(cache[0] ** 2))

        here = np.cos(X)
        return view_of(here * (1 + changes * np.sum(X**2)), here, X, forward=total, backward=backward)

    found = factors.factor_that_changes(view(1.0))
    assert found.cause == Cause.LOCAL_DERIVATIVE
    here = 1 + np.sum(X**2)
    assert found.sentence.startswith(f"every entry is off by one factor, {here:.4g} here and ")
    assert found.sentence.endswith(" at another point: look for what multiplies all of them")
    elsewhere = float(found.sentence.split("here and ")[1].split(" at ")[0])
    assert elsewhere != pytest.approx(here, rel=1e-2)
    assert factors.factor_that_changes(view(0.0)) is None


def test_a_factor_that_is_no_one_factor_here_or_elsewhere_multiplies_not_all():
    def view(here, there):
        def backward(dout, cache):
            return dout * np.cos(cache[0]) * there(cache[0])

        return view_of(np.cos(X) * here(X), np.cos(X), X, forward=total, backward=backward)

    assert factors.factor_that_changes(view(lambda x: 2.0, lambda x: 3.0)) is not None
    assert factors.factor_that_changes(view(lambda x: 1 + x**2, lambda x: 3.0)) is None
    assert factors.factor_that_changes(view(lambda x: 2.0, lambda x: 1 + x**2)) is None


@pytest.mark.parametrize("w", [np.ones((2, 7, 3)), np.zeros((1, 1, 1)), np.ones((7, 4)), np.array(2.0)])
def test_an_argument_that_cannot_be_spread_or_is_one_number_is_no_factor(w):
    assert said(OTHER, G, G * 2, w) is None


def test_once_is_no_factor():
    view = view_of(G, 2 * G, X, forward=total)
    assert factors.named_factor(view, 1.0) is None
    assert factors.named_factor(view, 0.9995) is None
    assert factors.named_factor(view, -1.0).sentence == ": the sign is reversed"


def test_two_entries_show_a_factor_that_changes():
    x = X[:1, :2]
    view = view_of(
        2 * np.cos(x), np.cos(x), x, forward=total, backward=lambda d, c: d * np.cos(c[0]) * (1 + (c[0] == x))
    )
    view.evidence.elsewhere = [view_of(3 * np.cos(x), np.cos(x), x).evidence]
    assert factors.factor_that_changes(view) is not None
    one = x[:, :1]
    view = view_of(2 * np.cos(one), np.cos(one), one, forward=total)
    view.evidence.elsewhere = [view_of(3 * np.cos(one), np.cos(one), one).evidence]
    assert factors.factor_that_changes(view) is None


def test_a_gradient_that_is_zero_elsewhere_is_off_by_no_factor_there():
    x = X[:1, :2]
    view = view_of(2 * np.cos(x), np.cos(x), x, forward=total)
    view.evidence.elsewhere = [view_of(0 * x, np.cos(x), x).evidence]
    assert factors.factor_that_changes(view) is None


@pytest.mark.parametrize(
    ("power", "said"),
    [
        (-1, "a factor is missing that is another argument, x1"),
        (1, "a factor is one too many: another argument, x1"),
    ],
)
def test_one_factor_may_be_another_argument_that_is_one_number(power, said):
    def backward(dout, cache):
        return dout * np.cos(cache[0]) * cache[1] ** power, 0.0

    here = np.cos(X)
    view = view_of(
        here * 0.5**power, here, X, np.array(0.5), forward=lambda x, s: total(x), backward=backward
    )
    assert factors.factor_that_changes(view).sentence == said
