"""A method whose object holds the parameters is followed as a function of them."""

from functools import partial

import numpy as np
import pytest

from course_lib import check_parameters, find_line

from . import functions


@pytest.fixture
def net():
    return functions.Net()


def data():
    rng = functions.drawn(1)
    return rng.normal(size=(6, 4)), rng.normal(size=(6, 3))


@pytest.mark.parametrize("how", ["in order", "by name", "both"])
def test_the_line_of_a_net(net, how):
    X, y = data()
    bound = {
        "in order": partial(net.loss, X, y, 0.1),
        "by name": partial(net.loss, X=X, y=y, reg=0.1),
        "both": partial(net.loss, X, y, reg=0.1),
    }[how]
    held, kept = net.params, {name: value.copy() for name, value in net.params.items()}
    found = find_line(bound, net.params)
    assert (found.line, found.variable) == (10, "da"), str(found)
    assert net.params is held
    assert all(np.array_equal(held[name], kept[name]) for name in kept)
    assert net.calls == 0


def test_a_failed_check_of_its_parameters_names_it(net):
    X, y = data()

    def gradients(params):
        net.params = params
        return net.loss(X, y)[1]

    def loss(params):
        net.params = params
        return net.loss(X, y)[0]

    gradients.__wrapped__ = partial(net.loss, X, y)
    assert "the first wrong line is 10:" in str(check_parameters(loss, net.params, gradients))


def test_names_that_the_object_does_not_hold_are_said(net):
    found = find_line(partial(net.loss, *data()), {"W3": np.ones(3)})
    assert found.line is None
    assert found.reason == "it has no argument called W3"


def test_arguments_whose_names_cannot_be_told_are_refused():
    with pytest.raises(TypeError, match="names of the arguments"):
        find_line(partial(functions.neuron, 1, 2, 3, 4), {"w": 1.0})
