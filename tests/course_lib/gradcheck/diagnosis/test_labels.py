"""A label that is another class, and margins that all count: what moves gradient between columns."""

import dataclasses

import numpy as np
import pytest
from views_under_test import said, view_of

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis import labels
from course_lib.gradcheck.diagnosis.evidence import View

RNG = np.random.default_rng(13)
G = RNG.normal(size=(5, 4))


def total(*xs):
    return np.sum(np.sin(xs[0]))


def label_loss(z, labels=(0, 2, 1, 3, 0)):
    return float(np.sum(np.log(np.exp(z).sum(axis=1)) - z[np.arange(5), list(labels)]))


def softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def labels_at(columns):
    return np.eye(4)[list(columns)]


CLASS = (
    Cause.OFF_BY_ONE,
    "gradient moved from one column to another while every row's sum is right: a class index is off",
)


def label(yours, right, x=G, forward=label_loss, **known):
    return said(labels.label_off_by_one, yours, right, x, forward=forward, **known)


def test_a_label_at_another_class_moves_gradient_between_columns():
    p, t, other = softmax(G), labels_at((0, 2, 1, 3, 0)), labels_at((1, 3, 2, 0, 1))
    assert label(p - other, p - t) == CLASS
    assert label(p - other + 0.3 * G, p - t + 0.3 * G) == CLASS
    assert label(p - other + 1e-10 * np.array([1, -1, 1, -1]), p - t) == CLASS
    assert label(p - t, p - t) is None
    assert label(p - 2 * other, p - t) is None
    assert label(p - t + 0.9e-4 * np.abs(p - t).max() * (t - other), p - t) is None
    assert label(p - t + 1.1e-4 * np.abs(p - t).max() * (t - other), p - t) == CLASS
    assert label((p - other)[:, :2], (p - t)[:, :2], G[:, :2], total) is None
    assert label(p - other, p - t, forward=lambda z: z[:, 0]) is None


def test_what_one_column_loses_to_all_others_alike_is_no_other_class():
    p, t = softmax(G), labels_at((0, 2, 1, 3, 0))
    for more, found in ((0.0, None), (0.05, CLASS)):
        error = 0.1 * (1 - 4 * t) + np.array([0, 0, more, -more])

        def backward(dout, cache, error=error):
            return dout * (softmax(cache[0]) - t + error)

        assert label(p - t + error, p - t, backward=backward) == found


def test_rows_that_change_in_three_columns_are_no_class_alone():
    p, t = softmax(G), labels_at((0, 2, 1, 3, 0))
    three = np.array([1.0, -0.5, -0.5, 0.0])
    assert label(p - t + three, p - t) is None


def test_margins_that_all_count_lack_their_mask():
    near = 0.5e-5
    right = np.array([[near, 1, -near, -1], [1, 0, -2, 1], [-1, 1, 0, 0], [0, 0, 0, 0], [1, -3, 1, 1]])
    yours = np.array([[1.0, 1, 1, -3], [1, 1, -3, 1], [-3, 1, 1, 1], [-3, 1, 1, 1], [1, -3, 1, 1]])
    right[1, 0] -= near
    yours[0, 1] -= near
    expected = "gradient also flows to classes whose margin is not violated: the margin's mask is missing"
    for unit in (1e-3, 1.0, 1e3):
        assert label(unit * yours, unit * right) == (Cause.MISSING_MASK, expected)
    half = yours.copy()
    half[0] = [1, 0.5, 1, -2.5]
    assert (label(half, right) or (None,))[0] != Cause.MISSING_MASK


def test_of_a_margin_loss_one_class_more_may_be_its_mask():
    def hinge(s):
        return -np.maximum(0, s[:, 1:] - s[:, :1] + 1).sum()

    scores = np.array([[0.2, 0.5, -0.9]])
    found = label([[2.0, -1, -1]], [[1.0, -1, 0]], scores, hinge)
    assert found[0] == Cause.OFF_BY_ONE | Cause.MISSING_MASK | Cause.LOCAL_DERIVATIVE
    assert found[1] == f"{CLASS[1]}, or a margin's mask is missing or wrong"


@pytest.mark.parametrize("unit", [1e-4, 1e4])
def test_a_label_at_another_class_is_told_whatever_the_unit(unit):
    p, t, other = softmax(G), labels_at((0, 2, 1, 3, 0)), labels_at((1, 3, 2, 0, 1))
    assert label(unit * (p - other), unit * (p - t)) == CLASS
    three = np.array([1.0, -0.5, -0.5, 0.0])
    assert label(unit * (p - t + three), unit * (p - t)) is None


def test_in_float32_rows_vanish_to_some_thousandths():
    p, t, other = softmax(G), labels_at((0, 2, 1, 3, 0)), labels_at((1, 3, 2, 0, 1))
    view = view_of(p - 1.008 * other, p - t, G, forward=label_loss)
    single = dataclasses.replace(view.evidence.point, epsilon=2.0**-23)
    assert labels.label_off_by_one(view) is None
    assert (
        labels.label_off_by_one(View(dataclasses.replace(view.evidence, point=single), 0)).cause == CLASS[0]
    )


def test_margins_that_count_in_part_are_none_that_lack_their_mask():
    right = np.array([[0.0, 1, 0.5, -1.5]] + [[1, 0, -2, 1]] * 4)
    yours = np.array([[1.0, 1, 1, -3]] + [[1, 1, -3, 1]] * 4)
    assert (label(yours, right) or (None,))[0] != Cause.MISSING_MASK


ROWS, TRUE = RNG.normal(size=(30, 5)), np.arange(30) % 4


def margins(w):
    scores = ROWS @ w
    return scores - scores[np.arange(30), TRUE][:, None] + 1.0


def of_margins(w, counts):
    """The gradient of a sum of hinges, where these margins count."""
    d = counts(margins(w)) * (np.arange(4) != TRUE[:, None])
    d[np.arange(30), TRUE] = -d.sum(axis=1)
    return ROWS.T @ d


def hinges(w):
    return float((np.maximum(margins(w), 0) * (np.arange(4) != TRUE[:, None])).sum())


@pytest.mark.parametrize("unit", [1e-3, 1.0])
def test_of_weights_a_margin_s_mask_may_be_wrong_as_well(unit):
    w = RNG.normal(size=(5, 4))
    right, yours = (of_margins(w, lambda m, level=level: (m > level) * 1.0) for level in (0.0, 1.0))
    assert label(unit * yours, unit * right, w, lambda w: unit * hinges(w)) == (
        Cause.OFF_BY_ONE | Cause.MISSING_MASK | Cause.LOCAL_DERIVATIVE,
        f"{CLASS[1]}, or a margin's mask is missing or wrong",
    )
    assert label(yours, right, w, lambda w: float(np.log(np.exp(margins(w)).sum(axis=1)).sum())) is None


def test_scores_of_two_classes_or_of_one_example_are_no_index():
    p, t = softmax(G[:, :2]), np.eye(2)[[0, 1, 1, 0, 1]]
    assert label(p - t[:, ::-1], p - t, G[:, :2], total) is None
    assert (
        label(
            (softmax(G) - labels_at((1, 3, 2, 0, 1)))[0],
            (softmax(G) - labels_at((0, 2, 1, 3, 0)))[0],
            G[0],
            total,
        )
        is None
    )


def test_rows_that_need_not_vanish_show_no_index():
    p, t, other = softmax(G), labels_at((0, 2, 1, 3, 0)), labels_at((1, 3, 2, 0, 1))
    assert label(p - other + 0.1, p - t + 0.1) is None


def test_a_label_may_be_at_another_class_in_some_rows_alone():
    p, t, other = softmax(G), labels_at((0, 2, 1, 3, 0)), labels_at((1, 2, 1, 3, 1))
    assert label(p - other, p - t) == CLASS
