from typing import Any

import numpy as np
import pytest

from course_lib.reference.net import TwoLayerNet

N, D, H, C = 5, 4, 6, 3


@pytest.fixture
def batch() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    return rng.normal(size=(N, D)), rng.integers(0, C, size=N)


def make_net() -> TwoLayerNet:
    net = TwoLayerNet(D, H, C, std=0.5, seed=2)
    net.params["b1"] += 0.1
    return net


def test_parameters_have_their_shapes_and_the_biases_are_zero() -> None:
    params = TwoLayerNet(D, H, C).params
    shapes = {"W1": (D, H), "b1": (H,), "W2": (H, C), "b2": (C,)}
    assert {name: p.shape for name, p in params.items()} == shapes
    assert not params["b1"].any()
    assert not params["b2"].any()
    assert 0 < np.abs(params["W1"]).max() < 1e-3


@pytest.mark.parametrize("reg", [0.0, 0.05, 3.0])
def test_the_gradients_agree_with_differences(assert_vjp: Any, batch: Any, reg: float) -> None:
    net = make_net()
    _, gradients = net.loss(*batch, reg=reg)
    names = list(gradients)

    def loss(*params: Any) -> Any:
        net.params = dict(zip(names, params, strict=True))
        return net.loss(*batch, reg=reg)[0]

    assert_vjp(loss, [net.params[name] for name in names], 1.0, list(gradients.values()))


def test_the_penalty_is_the_plain_sum_of_squares(batch: Any) -> None:
    net = make_net()
    squares = (net.params["W1"] ** 2).sum() + (net.params["W2"] ** 2).sum()
    assert net.loss(*batch, reg=0.7)[0] - net.loss(*batch)[0] == pytest.approx(0.7 * squares, rel=1e-12)


def test_the_gradients_of_a_loss_survive_what_comes_after(batch: Any) -> None:
    net = make_net()
    _, first = net.loss(*batch)
    kept = {name: gradient.copy() for name, gradient in first.items()}
    net.loss(2 * batch[0], batch[1])
    assert net.step(*batch, learning_rate=0.1) == pytest.approx(make_net().loss(*batch)[0], rel=1e-14)
    assert all(np.array_equal(first[name], kept[name]) for name in kept)


def test_a_step_descends_along_the_whole_gradient(batch: Any) -> None:
    net, other = make_net(), make_net()
    for size in (N, N, 2):  # a smaller batch must not reuse the arrays of a larger one
        X, y = batch[0][:size], batch[1][:size]
        loss, gradients = other.loss(X, y, reg=0.3)
        for name, gradient in gradients.items():
            other.params[name] = other.params[name] - 0.1 * gradient
        assert net.step(X, y, learning_rate=0.1, reg=0.3) == pytest.approx(loss, rel=1e-14)
        for name, expected in other.params.items():
            np.testing.assert_allclose(net.params[name], expected, rtol=1e-12, atol=1e-14)


def test_predictions_are_the_highest_scores(batch: Any) -> None:
    net = make_net()
    np.testing.assert_array_equal(net.predict(batch[0]), net.loss(batch[0]).argmax(axis=1))


def test_training_overfits_twenty_samples_reproducibly() -> None:
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(20, 8)), rng.integers(0, 3, size=20)
    options = {"learning_rate": 0.5, "learning_rate_decay": 1.0, "reg": 0.0, "num_iters": 300}
    histories = [TwoLayerNet(8, 20, 3, std=0.1).train(X, y, X, y, **options) for _ in range(2)]
    assert histories[0] == histories[1]
    assert histories[0]["loss_history"][-1] < 0.05
    assert histories[0]["val_acc_history"][-1] == 1.0


def test_a_history_has_a_loss_per_step_and_an_accuracy_per_epoch(capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(50, 8)), rng.integers(0, 3, size=50)
    history = TwoLayerNet(8, 5, 3).train(X, y, X, y, num_iters=12, batch_size=10)
    assert {name: len(values) for name, values in history.items()} == {
        "loss_history": 12,
        "train_acc_history": 2,
        "val_acc_history": 2,
    }
    assert capsys.readouterr().out == ""


def test_verbose_training_prints_a_line_per_epoch(capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(50, 8)), rng.integers(0, 3, size=50)
    history = TwoLayerNet(8, 5, 3).train(X, y, X, y, num_iters=12, batch_size=10, verbose=True)
    losses, accuracies = history["loss_history"], history["val_acc_history"]
    assert capsys.readouterr().out.splitlines() == [
        f"step 5/12: loss {losses[4]:.4f}, val accuracy {accuracies[0]:.3f}",
        f"step 10/12: loss {losses[9]:.4f}, val accuracy {accuracies[1]:.3f}",
    ]


def test_single_precision_parameters_train_in_single_precision(batch: Any) -> None:
    net = make_net()
    net.params = {name: p.astype(np.float32) for name, p in net.params.items()}
    X, y = batch[0].astype(np.float32), batch[1]
    loss, gradients = net.loss(X, y, reg=0.1)
    net.step(X, y, 0.1)
    dtypes = {array.dtype for array in (*gradients.values(), *net.params.values())}
    assert dtypes == {np.dtype(np.float32)}
    if int(np.__version__.partition(".")[0]) >= 2:  # before, a number times a Python number was a double
        assert np.asarray(loss).dtype == np.float32
