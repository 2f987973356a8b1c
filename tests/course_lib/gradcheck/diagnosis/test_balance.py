import numpy as np

from course_lib import Cause, check_gradient

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(7, 6)), RNG.integers(3, size=7)
ROWS = np.arange(len(X))


def probabilities(b):
    scores = X[:, :3] + b
    return np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)


def softmax_loss(b):
    return -np.mean(np.log(probabilities(b)[ROWS, Y]))


def hinge_loss(b):
    scores = X[:, :3] + b
    margins = np.maximum(0, scores - scores[ROWS, Y][:, np.newaxis] + 1)
    return (margins.sum() - len(X)) / len(X)


def above(b):
    scores = X[:, :3] + b
    return (scores - scores[ROWS, Y][:, np.newaxis] + 1 > 0).astype(float)


def test_a_softmax_loss_is_no_hinge_though_one_step_for_all_scores_changes_nothing():
    b = np.full(3, 1.3)
    found = check_gradient(softmax_loss, b, probabilities(b).mean(axis=0) - [0.05, 0.05, 0.05]).arguments[0]
    assert "true class" not in found.explanation


def test_a_hinge_loss_that_forgets_the_true_class_is_told_what_balances_the_rest():
    b = np.full(3, 1.3)
    found = check_gradient(hinge_loss, b, above(b).mean(axis=0)).arguments[0]
    assert "what balances the rest, as the true class's term does" in found.explanation
    assert Cause.DROPPED_PATH & found.diagnosis
