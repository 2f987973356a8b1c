"""Operands that are no gradients: local derivatives, masks, what all wrong lines read."""

import numpy as np

from course_lib import find_line
from course_lib.gradcheck.lines import operands, replaced
from tests.course_lib.gradcheck.lines import functions
from tests.course_lib.gradcheck.lines.asking import named, search

RNG = np.random.default_rng(1)
XW = {"x": RNG.normal(size=4), "w": RNG.normal(size=4)}


def first(asked):
    return replaced.findings(asked)[0]


def test_a_local_derivative_that_is_wrong_explains_its_product():
    asked = search(functions.local_derivative_by_itself, XW)
    dh = next(one for one in replaced.findings(asked) if one.site.name == "dh")
    (helper,) = operands.helpers(asked, dh)
    assert helper.site.name == "local"
    t = np.tanh(XW["x"] * XW["w"])
    assert np.allclose(helper.measured.value, 1 - t**2, atol=1e-6)


def test_operands_are_what_is_no_gradient():
    asked = search(functions.local_derivative_by_itself, XW)
    dh = next(one for one in replaced.findings(asked) if one.site.name == "dh")
    assert [asked.site(event).name for event in operands.operands_of(asked, dh)] == ["local"]


def test_one_factor():
    right = np.array([1.0, -2.0, 3.0])
    assert operands.one_factor(2.5 * right, right)
    assert not operands.one_factor(right + 1, right)
    assert not operands.one_factor(right, np.array([1.0, np.nan, 3.0]))


def both(x, y):
    p = x * y
    f = p**2
    twice = 1 * p  # 2 * p
    dx = twice * y
    dy = twice * x
    return f, {"x": dx, "y": dy}


def test_what_every_wrong_line_reads():
    asked = search(both, {"x": 1.2, "y": 0.7})
    several = [first(asked)]
    (found,) = operands.read_by_all(asked, several)
    assert found.site.name == "twice"
    assert found.sentence == "every line with a wrong gradient reads twice"


def test_what_one_wrong_line_reads_is_read_by_no_other():
    asked = search(functions.neuron_without_exp, {"w": 2.0, "x": -1.0, "b": 1.0})
    assert operands.read_by_all(asked, [first(asked)]) == []


def test_a_line_that_hands_on_computes_nothing():
    def kinds(function, inputs):
        asked = search(function, inputs)
        return {asked.site(event).name: operands.hands_on(asked.site(event)) for event in asked.backward}

    found = kinds(both, {"x": 1.2, "y": 0.7})
    assert found == {"twice": False, "dx": False, "dy": False, "x": True, "y": True}


def relu_with(mask):
    def forward(x):
        return np.maximum(x, 0), x

    def backward(dout, x):
        on = mask(x)
        return dout * on

    return forward, backward


def test_masks_that_a_line_reads():
    forward, backward = relu_with(lambda x: x < 0)
    asked = search(forward, backward, RNG.normal(size=(3, 2)))
    found = replaced.findings(asked)
    product = next(one for one in found if one.site.kind == "returned")
    assert [site.name for site in operands.masks_read(asked, product)] == ["on"]
    assert find_line(forward, backward, RNG.normal(size=(3, 2))).variable == "on"
    assert named(asked, "on").mask
