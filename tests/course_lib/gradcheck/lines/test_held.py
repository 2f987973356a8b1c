"""A method whose object holds the parameters is followed as a function of them."""

from functools import partial

import numpy as np
import pytest

from course_lib import check_parameters, find_line
from course_lib.gradcheck.lines.held import with_held
from course_lib.gradcheck.lines.source import NotFollowed, plain, read_source

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


class Two:
    """An object that holds things, and in one dict what is asked for."""

    def __init__(self):
        self.numbers = {"a": 1.0}
        self.params = {"a": 2.0, "b": 3.0, "c": 4.0}
        self.later = {"a": 7.0, "b": 8.0}

    def total(self, x, *, scale=1.0):
        return x * scale * (self.params["a"] + 10 * self.params["b"] + 100 * self.params["c"])


def test_values_are_put_into_the_first_dict_that_has_them_all_and_into_a_copy():
    two = Two()
    params = two.params
    source = with_held(read_source(two.total), ["a", "b"])
    function = plain(source)
    assert function(1.0, a=5.0, b=6.0) == 5 + 60 + 400
    assert function(1.0, scale=2.0, a=5.0, b=6.0) == 2 * (5 + 60 + 400)
    assert two.params is params
    assert params == {"a": 2.0, "b": 3.0, "c": 4.0}
    assert source.bound is not two
    assert [argument.arg for argument in source.tree.args.kwonlyargs] == ["scale", "a", "b"]
    assert [argument.arg for argument in read_source(two.total).tree.args.kwonlyargs] == ["scale"]
    with pytest.raises(TypeError):
        function(1.0, a=5.0)


class Uncopied(Two):
    def __copy__(self):
        raise ValueError("never")


class Empty:
    def method(self, x):
        return x

    def starred(*args):
        return args


def refused(function, names):
    with pytest.raises(NotFollowed) as reason:
        with_held(read_source(function), names)
    return str(reason.value)


def test_what_no_dict_of_the_object_holds_is_no_argument():
    unknown = "it has no argument called {}".format
    assert refused(Two().total, ["z", "a"]) == unknown("a, z")
    assert refused(Empty().method, ["a"]) == unknown("a")
    assert refused(functions.neuron, ["a"]) == unknown("a")
    assert refused(Empty().starred, ["a"]) == unknown("a")
    assert refused(Uncopied().total, ["a"]) == "its object cannot be copied"


def test_only_names_that_can_be_arguments_and_plain_dicts_count():
    class Other(dict):
        pass

    two = Two()
    two.params = Other(two.params)
    two.later["a b"] = 1.0
    assert refused(two.total, ["c"]) == "it has no argument called c"
    assert refused(two.total, ["a b"]) == "it has no argument called a b"
    odd = Two()
    odd.__dict__ = {"not a name": {"c": 1.0}}
    assert refused(odd.total, ["c"]) == "it has no argument called c"
