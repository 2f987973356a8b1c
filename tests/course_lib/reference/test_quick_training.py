import numpy as np
import pytest

from course_lib.data import digits, spirals
from course_lib.reference import quick_training
from course_lib.reference.net import TwoLayerNet

SETTINGS = {"learning_rate_decay": 1.0, "reg": 3e-4, "batch_size": 300}


def trained_until(enough: float, learning_rate: float, num_iters: int) -> tuple[float, TwoLayerNet]:
    X, y = spirals()
    net = TwoLayerNet(2, 50, 3, std=0.5, seed=1)
    steps = {"learning_rate": learning_rate, "num_iters": num_iters}
    return quick_training.train_until(net, enough, X, y, X, y, **steps, **SETTINGS), net


def test_a_training_that_is_never_good_enough_goes_on_to_the_end() -> None:
    X, y = spirals()
    other = TwoLayerNet(2, 50, 3, std=0.5, seed=1)
    history = other.train(X, y, X, y, learning_rate=1.0, num_iters=150, **SETTINGS)
    accuracy, net = trained_until(1.0, learning_rate=1.0, num_iters=150)
    assert accuracy == pytest.approx(history["val_acc_history"][-1], abs=0.01)
    for name, value in other.params.items():
        np.testing.assert_allclose(net.params[name], value, atol=1e-3)


def test_the_batches_are_those_of_a_training_that_takes_its_time() -> None:
    X, y, X_val, y_val = digits()[:4]
    steps = {
        "learning_rate": 0.5,
        "learning_rate_decay": 0.9,
        "reg": 1e-3,
        "num_iters": 30,
        "batch_size": 100,
    }
    slow, quick = (TwoLayerNet(64, 20, 10, std=0.1, seed=3) for _ in range(2))
    slow.train(X, y, X_val, y_val, **steps)
    quick_training.train_until(quick, 1.0, X, y, X_val, y_val, **steps)
    for name, value in slow.params.items():
        np.testing.assert_allclose(quick.params[name], value, atol=1e-4)


def test_a_training_ends_early_once_the_accuracy_is_more_than_enough_and_stays_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steps = []
    step = quick_training._FlatNet.step
    monkeypatch.setattr(quick_training._FlatNet, "step", lambda *args: steps.append(None) or step(*args))
    accuracy, _ = trained_until(0.97, learning_rate=1.0, num_iters=2000)
    assert accuracy >= 0.98
    assert 400 <= len(steps) <= 1000
    assert len(steps) % 50 == 0


def test_a_training_that_diverges_is_not_good_enough() -> None:
    accuracy, _ = trained_until(0.97, learning_rate=1000.0, num_iters=200)
    assert accuracy < 0.9


@pytest.mark.parametrize(("num_iters", "looked_after"), [(100, 10), (1000, 25)])
def test_four_looks_in_a_row_are_enough_and_a_hundredth_more_is_asked_for(
    num_iters: int, looked_after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[float] = []
    told = iter([0.51, 0.509, 0.51, 0.51, 0.51, 0.51, 0.3])

    def accuracy(*args: object) -> float:
        found.append(next(told))
        return found[-1]

    steps: list[None] = []
    monkeypatch.setattr(quick_training._FlatNet, "step", lambda *args: steps.append(None))
    monkeypatch.setattr(quick_training._FlatNet, "accuracy", accuracy)
    last, _ = trained_until(0.5, learning_rate=1.0, num_iters=num_iters)
    assert (len(steps), len(found), last) == (6 * looked_after, 7, 0.3)


def test_scores_as_large_as_no_exponential_is_are_no_harm() -> None:
    X, y = np.array([[1.0, 0.5], [-0.5, 2.0]]), np.array([1, 0])
    slow, quick = (TwoLayerNet(2, 5, 3, std=40.0, seed=1) for _ in range(2))
    steps = {"learning_rate": 0.1, "num_iters": 1, "reg": 0.0, "batch_size": 2, "learning_rate_decay": 1.0}
    assert np.abs(slow.loss(X)).max() > 1000
    slow.train(X, y, X, y, **steps)
    quick_training.train_until(quick, 1.0, X, y, X, y, **steps)
    for name, value in slow.params.items():
        np.testing.assert_allclose(quick.params[name], value, rtol=1e-4, atol=1e-4)
