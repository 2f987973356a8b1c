"""What is asked of a search, in any of the forms that `find_line` takes."""

import sys
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

from course_lib import find_line
from course_lib.gradcheck.lines.question import FEW, FORMS, Question, question, without_partial
from course_lib.gradcheck.lines.rule import Rule
from course_lib.gradcheck.lines.source import NotFollowed
from course_lib.gradcheck.lines.subjects import Flat, TwoParts


def flat(x, w):
    y = x * w
    dx = w * 1.0
    dw = x * 1.0
    return y, {"x": dx, "w": dw}


def forward(x, w):
    return x * w, (x, w)


def backward(dout, cache):
    x, w = cache
    return dout * w, dout * x


class Gate:
    def forward(self, x, w):
        self.x, self.w = x, w
        return x * w

    def backward(self, dout):
        return dout * self.w, dout * self.x


def asked(function, *rest, names=()):
    return question(function, rest, None, 0, names)


def test_a_flat_function_is_asked_by_the_names_of_its_inputs():
    one = asked(flat, {"x": 2.0, "w": 3.0})
    assert (one.function, dict(one.inputs)) == ("flat", {"x": 2.0, "w": 3.0})
    assert isinstance(one.subjects[0](), Flat)
    assert one.search.wrong == frozenset()
    assert one.search is one.search


def test_a_pair_is_asked_at_its_inputs_by_number_and_named_after_its_backward():
    one = asked(forward, backward, 2.0, 3.0)
    assert (one.function, dict(one.inputs)) == ("backward", {0: 2.0, 1: 3.0})
    subject = one.subjects[0]()
    assert isinstance(subject, TwoParts)
    assert subject.two_parts


def test_a_gate_is_asked_by_its_methods():
    one = asked(Gate(), 2.0, 3.0)
    assert (one.function, dict(one.inputs)) == ("backward", {0: 2.0, 1: 3.0})
    assert isinstance(one.subjects[0](), TwoParts)


def test_a_lambda_is_a_function():
    assert asked(lambda x: x, {"x": 1.0}).function == "function"
    assert asked(forward, lambda dout, cache: dout, 1.0).function == "function"


@pytest.mark.parametrize(
    "arguments",
    [
        (flat,),
        (flat, 1.0),
        (3, {"x": 1.0}),
        (forward, backward),
        (3, backward, 1.0),
        (Gate(),),
        (flat, {"x": 1.0}, 2.0),
        (type("", (), {"forward": 1})(), 1.0),
        (type("", (), {"backward": 1})(), 1.0),
    ],
)
def test_other_forms_are_refused_with_those_there_are(arguments):
    with pytest.raises(TypeError) as refused:
        asked(*arguments)
    assert str(refused.value) == FORMS


def test_a_function_inside_of_a_check_is_looked_at_around_it():
    def inner(dout, cache):
        x, w = cache
        return dout * w, dout * x

    inner.around = backward
    made = asked(forward, inner, 2.0, 3.0)
    assert made.at.func.__name__ == "_around"
    assert made.at.keywords["names"] == ("x", "w")
    assert asked(forward, inner, 2.0, 3.0, names=("a", "b")).at.keywords["names"] == ("a", "b")
    assert made.function == "inner"
    assert asked(forward, backward, 2.0, 3.0).at.func.__name__ == "_in_parts"


def test_the_upstream_gradient_and_the_seed_are_handed_on_to_every_form():
    def inner(dout, cache):
        return product(dout, cache)

    def product(dout, cache):
        x, w = cache
        return dout * w, dout * x

    inner.around = product
    dout = 5.0
    for arguments, has_cache in (((forward, backward), True), ((Gate(),), False), ((forward, inner), None)):
        function, *rest = arguments
        one = question(function, (*rest, 2.0, 3.0), dout, 7)
        assert (one.at.keywords["dout"], one.at.keywords["seed"]) == (5.0, 7)
        assert one.at.keywords.get("has_cache") is has_cache
        assert one.search.here == 5.0 * 6.0
        assert one.search.wrong == frozenset()
        drawn = [question(function, (*rest, 2.0, 3.0), None, seed).search.here for seed in (7, 8, 7)]
        assert drawn[0] == drawn[2] != drawn[1]


def points(inputs):
    return [make.args[-1] for make in asked(flat, inputs).subjects]


def test_a_point_of_few_plain_numbers_is_looked_at_twice_more_beside_it():
    given, *others = points({"x": 2.0, "w": -300})
    assert given == {"x": 2.0, "w": -300}
    assert len(others) == 2
    rng = np.random.default_rng(0)
    for other in others:
        for name, number in (("x", 2.0), ("w", -300.0)):
            assert other[name] == number * rng.uniform(0.7, 1.4) + rng.normal(scale=0.1)


def test_what_is_no_plain_number_stays_beside_a_point():
    array = np.ones(3)
    _, first, second = points({"x": 2.0, "w": array, "many": True, "n": np.float64(3.0)})
    for other in (first, second):
        assert other["w"] is array
        assert other["many"] is True
        assert other["x"] != 2.0
        assert other["n"] != 3.0


@pytest.mark.parametrize(("size", "looked_at"), [(FEW - 1, 3), (FEW, 1)])
def test_a_point_of_many_numbers_or_of_arrays_alone_is_looked_at_once(size, looked_at):
    assert FEW == 8
    assert len(points({"x": 2.0, "w": np.ones(size)})) == looked_at
    assert len(points({"w": np.ones(3)})) == 1
    assert len(points({"many": True})) == 1


def generic(inputs):
    return [make.args[-1] for make in asked(flat, inputs).generic_subjects]


def test_generic_points_have_other_numbers_of_the_same_signs():
    x = np.array([1.0, -2.0])
    given, first, second = generic({"x": x, "w": -3.0, "labels": np.array([0, 1]), "name": "text"})
    assert given["x"] is x
    rng = np.random.default_rng(0)
    for point in (first, second):
        assert point["x"].tolist() == (x * rng.uniform(0.7, 1.4, 2)).tolist()
        assert point["w"] == -3.0 * rng.uniform(0.7, 1.4)
        assert point["labels"].tolist() == [0, 1]
        assert point["name"] == "text"


def test_where_there_are_whole_numbers_alone_they_are_what_varies():
    _, first, second = generic({"x": 4, "name": "text"})
    assert 2.8 <= first["x"] <= 5.6
    assert first["x"] != second["x"]
    assert type(first["x"]) is float


class Tensor(float):
    """What the checker knows of a tensor of PyTorch."""

    def detach(self):
        return self

    def cpu(self):
        return self

    def is_floating_point(self):
        return False

    def numpy(self):
        return np.array(float(self))


def test_tensors_are_not_followed_in_any_form(monkeypatch):
    def inner(dout, cache):
        return backward(dout, cache)

    inner.around = backward
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(Tensor=Tensor))
    for one in (
        asked(flat, {"x": 2.0, "w": Tensor(3.0)}),
        asked(forward, backward, 2.0, Tensor(3.0)),
        asked(forward, inner, 2.0, Tensor(3.0)),
    ):
        with pytest.raises(NotFollowed, match=r"^lines are followed with arrays of NumPy, not with tensors$"):
            one.subjects[0]()


def test_the_arguments_that_a_partial_has_are_inputs_but_for_those_that_are_asked_for():
    for bound in (partial(flat, w=3.0), partial(flat, 2.0), partial(flat, 2.0, w=3.0)):
        function, (inputs,) = without_partial(bound, {"x": 5.0})
        assert function is flat
        assert inputs["x"] == 5.0
        assert next(iter(inputs)) == "x"
        assert ("w" in inputs) is (bound.keywords != {})


def test_a_partial_whose_arguments_have_no_names_is_refused():
    for bound in (partial(flat, 1.0, 2.0, 3.0), partial(max, 1)):
        with pytest.raises(TypeError, match=r"^find_line cannot tell the names of the arguments that"):
            without_partial(bound, {"x": 1.0})
    function, (inputs,) = without_partial(partial(max, key=abs), {"x": 1.0})
    assert (function, inputs) == (max, {"x": 1.0, "key": abs})


def test_a_question_keeps_what_it_is_asked():
    one = Question("f", {"x": 1.0}, dict)
    assert one.subjects[-1]() == one.at(one.subjects[-1].args[0]) != one.inputs
    assert one.subjects[0]() == {"x": 1.0}
    with pytest.raises(NotFollowed):
        asked(lambda x: x, {"x": 1.0}).search  # noqa: B018


def test_float32_is_asked_about_in_float64_as_in_a_check():
    single = np.array([2.0, 3.0], dtype=np.float32)
    for one in (asked(forward, backward, single, single), asked(flat, {"x": single, "w": np.float32(2.0)})):
        assert {np.asarray(x).dtype for x in one.inputs.values()} == {np.dtype(np.float64)}
    assert asked(forward, backward, np.arange(2), 1).inputs[0].dtype.kind == "i"


def test_what_is_larger_than_any_float_is_not_followed():
    one = asked(flat, {"x": 10**400, "w": 1.0})
    with pytest.raises(NotFollowed, match="larger than any float"):
        one.subjects  # noqa: B018


def test_where_nothing_but_whole_numbers_is_given_they_are_variables():
    whole, labels = np.array([1, 2]), np.array([0, 1])
    assert asked(forward, backward, whole, labels).inputs[0].dtype == np.float64
    assert asked(flat, {"x": whole, "w": labels}).inputs["w"].dtype == np.float64
    assert asked(forward, backward, np.array([1.0, 2.0]), labels).inputs[1] is labels
    assert asked(forward, backward, 2.0, labels).inputs[1] is labels


def slipped(dout, cache):
    x, w = cache
    d = dout
    return d @ w.T, x.T @ d


def rule_of_tanh(x, w):
    a = np.tanh(x @ w)

    def pullback(g):
        gz = g * (1 - a)
        return gz @ w.T, x.T @ gz

    return a, pullback


XW = np.array([[0.3, -0.2], [1.0, 0.4], [0.1, 0.7]]), np.array([[0.5, -1.0], [0.2, 0.3]])


def test_a_backward_is_followed_though_its_forward_cannot_be_read():
    found = find_line(lambda x, w: (np.tanh(x @ w), (x, w)), slipped, *XW)
    assert found.function == "slipped"
    assert found.line == 3  # which gives another name to what comes in, without the local derivative
    assert find_line(lambda x: x**2, lambda d, c: d, XW[0]).reason == "a lambda has no lines of its own"


def test_a_pullback_is_followed_that_a_backward_only_calls():
    assert find_line(rule_of_tanh, lambda g, pullback: pullback(g), *XW).source == "gz = g * (1 - a)"


def test_a_rule_is_asked_with_its_settings_and_a_backward_that_only_calls_its_pullback_without():
    def scaled(x, w, *, scale=1.0):
        a = scale * x @ w

        def pullback(g):
            return scale * g @ w.T, scale * x.T @ g

        return a, pullback

    dout = np.ones((3, 2))
    settings = {"scale": 3.0}
    for rest, known in ((XW, {}), ((*XW, settings), settings), ((lambda g, pullback: pullback(g), *XW), {})):
        one = question(scaled, rest, dout, 5)
        assert (one.function, list(one.inputs)) == ("scaled", [0, 1])
        assert one.inputs[1] is XW[1]
        options = {name: one.at.keywords[name] for name in ("settings", "dout", "seed")}
        assert options == {"settings": known, "dout": dout, "seed": 5}
        subject = one.subjects[0]()
        assert isinstance(subject, Rule)
        assert one.search.here == pytest.approx(known.get("scale", 1.0) * np.sum(XW[0] @ XW[1]))
        assert one.search.wrong == frozenset()


def test_lists_of_numbers_are_arrays():
    one = asked(forward, backward, [1.0, 2.0], (3.0, 4.0))
    assert [x.tolist() for x in one.inputs.values()] == [[1.0, 2.0], [3.0, 4.0]]
    assert asked(forward, backward, 1.0, [0, 1]).inputs[1] == [0, 1]
    assert asked(forward, backward, 1.0, ["a"]).inputs[1] == ["a"]
