"""The reference net reaches, within seconds, the accuracies that assignment 4 asks of a student's."""

import numpy as np

from course_lib.data import digits, spirals
from course_lib.reference.net import TwoLayerNet


def test_digits_are_read_with_an_accuracy_of_at_least_95_percent() -> None:
    data = digits()
    net = TwoLayerNet(64, 50, 10, std=0.1)
    net.train(*data[:4], learning_rate=0.5, reg=1e-4, num_iters=1500, batch_size=100)
    assert np.mean(net.predict(data.X_test) == data.y_test) >= 0.95


def test_spiral_arms_are_told_apart_with_an_accuracy_of_at_least_97_percent() -> None:
    X, y = spirals()
    net = TwoLayerNet(2, 20, 3, std=1.0)
    net.train(X, y, X, y, 1.0, learning_rate_decay=1.0, reg=1e-3, num_iters=2000, batch_size=300)
    assert np.mean(net.predict(X) == y) >= 0.97
