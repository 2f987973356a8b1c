import numpy as np

from course_lib.reference.small_nets import (
    train_sigmoid_regression,
)


def test_the_sigmoid_regression_descends_at_every_one_of_fifty_steps() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(64, 1000)), rng.normal(size=(64, 10))
    w1, w2 = rng.normal(size=(1000, 100)), rng.normal(size=(100, 10))
    kept = w1.copy(), w2.copy()
    losses = train_sigmoid_regression(x, y, w1, w2, steps=50)
    assert len(losses) == 50
    assert (np.diff(losses) < 0).all()
    assert np.array_equal(w1, kept[0])
    assert np.array_equal(w2, kept[1])


def test_the_loss_of_the_sigmoid_regression_is_the_summed_squared_error() -> None:
    x, w1 = np.zeros((2, 3)), np.ones((3, 4))  # every hidden unit is one half
    losses = train_sigmoid_regression(x, np.array([[1.0], [5.0]]), w1, np.ones((4, 1)), steps=1)
    assert losses == [1.0 + 9.0]


def test_a_step_of_the_sigmoid_regression_follows_the_gradient() -> None:
    rng = np.random.default_rng(0)
    x, y, w1, w2 = (rng.normal(size=s) for s in [(3, 4), (3, 2), (4, 5), (5, 2)])

    def loss(a: np.ndarray, b: np.ndarray) -> float:
        return train_sigmoid_regression(x, y, a, b, steps=1)[0]

    lr, h = 1e-7, 1e-5
    slopes = 0.0
    for position, w in enumerate((w1, w2)):
        for index in np.ndindex(w.shape):
            moved = [w1.copy(), w2.copy()]
            moved[position][index] += h
            upper = loss(*moved)
            moved[position][index] -= 2 * h
            slopes += ((upper - loss(*moved)) / (2 * h)) ** 2
    before, after = train_sigmoid_regression(x, y, w1, w2, steps=2, lr=lr)
    # To first order a descent of rate lr lowers the loss by lr times the squared gradient.
    np.testing.assert_allclose(before - after, lr * slopes, rtol=1e-4)
