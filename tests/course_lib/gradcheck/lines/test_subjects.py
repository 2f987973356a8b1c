"""What is searched where one flat function returns its output and its gradients."""

import sys
import warnings

import numpy as np
import pytest

from course_lib.gradcheck.lines.source import NotFollowed, read_source, written
from course_lib.gradcheck.lines.subjects import Flat, quietly
from course_lib.gradcheck.lines.tape import MOST_EVENTS
from tests.course_lib.gradcheck.lines.asking import number
from tests.course_lib.gradcheck.lines.functions import of_text

X, W = np.array([1.0, -2.0]), np.array([3.0, 0.5])


def by_key(x, w, labels):
    out = np.sum(x * w)
    return out, {"w": x, "x": w, "other": x}


def by_name(x, w):
    out = x * w
    dw = x + 0.0
    grad_x = w + 0.0
    return out, dw, grad_x


def in_their_order(x, w):
    return x * w, w + 0.0, x + 0.0


def by_shape(a, b, n):
    return np.sum(a) * b, np.ones(3) * b, np.sum(a), n


def of(function, *values, **inputs):
    names = function.__code__.co_varnames
    return Flat(function, inputs or dict(zip(names, values, strict=False)))


def test_gradients_in_a_dict_are_those_of_their_keys():
    subject = of(by_key, X, W, np.array([0, 1]))
    assert (subject.name, subject.wanted, dict(subject.places)) == ("by_key", ("x", "w"), {})
    assert subject.loss({}) == 2.0
    gradients = subject.run({}).gradients
    assert {name: value.tolist() for name, value in gradients.items()} == {"x": W.tolist(), "w": X.tolist()}
    assert list(subject.sources) == ["by_key"]
    assert subject.two_parts is False
    assert subject.cheap is True
    assert subject.with_another_upstream() is None


def test_gradients_in_order_are_told_by_what_they_are_called_or_by_their_place():
    named = of(by_name, 2.0, 3.0)
    assert dict(named.places) == {1: "w", 2: "x"}
    assert {name: float(value) for name, value in named.run({}).gradients.items()} == {"w": 2.0, "x": 3.0}
    ordered = of(in_their_order, 2.0, 3.0)
    assert dict(ordered.places) == {1: "x", 2: "w"}
    assert ordered.wanted == ("x", "w")


def test_gradients_that_no_name_tells_go_to_the_first_argument_of_their_shape():
    subject = of(by_shape, np.ones(3), 2.0, 5.0)
    assert dict(subject.places) == {1: "a", 2: "b", 3: "n"}

    def mixed(a, b, c):
        return np.sum(a) + b + np.sum(c), 1.0, np.ones((2, 2))

    assert dict(of(mixed, np.ones(3), 2.0, np.ones((2, 2))).places) == {1: "b", 2: "c"}

    def of_no_shape(a, b, c):
        return np.sum(a) + b + c, np.ones(7), 1.0

    assert dict(of(of_no_shape, np.ones(3), 2.0, 4.0).places) == {1: "a", 2: "b"}


def test_names_tell_before_shapes_do():
    def partly(x, w, b):
        dw = x + 0.0
        return x * w + b, w + 0.0, dw, 1.0, "rest"

    assert dict(of(partly, 2.0, 3.0, 4.0).places) == {1: "x", 2: "w", 3: "b"}

    def for_two_of_three(x, w, b):
        db = 1.0 + 0 * x
        return x * w + b, db, w + 0.0

    assert dict(of(for_two_of_three, 2.0, 3.0, 4.0).places) == {1: "b", 2: "x"}


@pytest.mark.parametrize("prefix", ["d", "d_", "grad_", "g_", "g", "D", "GRAD_"])
def test_a_name_that_ends_in_an_argument_after_a_usual_prefix_tells(prefix):
    text = f"def f(x, w):\n    {prefix}w = x + 0.0\n    first = w + 0.0\n    return x * w, {prefix}w, first\n"
    subject = of(of_text(text), 2.0, 3.0)
    assert dict(subject.places) == {1: "w", 2: "x"}


def test_what_returns_no_gradients_or_nothing_that_varies_is_not_followed():
    def alone(x):
        return x * 2

    def one(x):
        return (x * 2,)

    for function in (alone, one):
        with pytest.raises(NotFollowed, match=r"^it does not return its value and gradients$"):
            of(function, 2.0)

    def nobodys(labels):
        return 3.0, 1.0

    with pytest.raises(NotFollowed, match=r"^which of its results is whose gradient cannot be told$"):
        of(nobodys, np.array([1, 2]))

    def raises(x):
        raise ValueError(x)

    with pytest.raises(NotFollowed, match=r"^it raises ValueError$"):
        of(raises, 2.0)


def test_a_loss_and_a_run_take_changes_and_record_what_passed():
    subject = of(by_name, 2.0, 3.0)
    change = {(number(subject, "x", "parameter"), 0): lambda x: x + 1}
    assert subject.loss(change) == 9.0
    run = subject.run(change)
    assert float(run.gradients["w"]) == 3.0
    assert len(run.events) > 3
    quick = subject.run(change, recording=False)
    assert quick.events == ()
    assert float(quick.gradients["w"]) == 3.0


def test_a_loss_that_is_no_number_or_cannot_be_computed_is_nan():
    def picky(x):
        if x > 5:
            raise ValueError
        return (np.ones(2) if x > 4 else None if x > 3 else np.array([[x]])), {"x": 1.0}

    subject = of(picky, 2.0)
    place = (number(subject, "x", "parameter"), 0)

    def at(value):
        return subject.loss({place: lambda _: np.array(value)})

    assert subject.loss({}) == 2.0
    assert np.isnan([at(3.5), at(4.5), at(5.5)]).all()


def test_gradients_of_a_run_that_returns_another_form_are_nothing():
    def changing(x):
        if x > 4:
            return x
        if x > 3:
            return x, "text"
        return x, 1.0 + 0 * x

    subject = of(changing, 2.0)
    place = (number(subject, "x", "parameter"), 0)
    for value in (3.5, 4.5):
        assert subject.run({place: lambda _, value=value: np.array(value)}).gradients == {"x": None}


def test_another_text_of_a_flat_function_gives_its_loss_and_gradients():
    subject = of(by_name, 2.0, 3.0)
    source = read_source(by_name)
    text = "def by_name(x, w):\n    return x * w + 1, x * 2, w\n"
    other = type(source)(written(text).tree, text, tuple(text.splitlines()), by_name)
    loss, gradients = subject.edited(other)
    assert (loss, {name: float(g) for name, g in gradients.items()}) == (7.0, {"w": 4.0, "x": 3.0})


def test_inputs_are_handed_out_as_copies():
    def in_place(x):
        x *= 2
        return np.sum(x), {"x": x}

    x = np.ones(2)
    subject = of(in_place, x)
    assert [subject.loss({}), subject.loss({})] == [4.0, 4.0]
    assert subject.run({}).gradients["x"].tolist() == [2.0, 2.0]
    assert x.tolist() == [1.0, 1.0]


class Net:
    def __init__(self):
        self.params = {"w": 3.0}

    def loss(self, x):
        w = self.params["w"]
        return w * x, {"w": x, "x": w}


def test_inputs_that_a_method_has_no_argument_for_are_those_that_its_object_holds():
    subject = Flat(Net().loss, {"x": 2.0, "w": 5.0})
    assert subject.loss({}) == 10.0
    assert subject.wanted == ("x", "w")

    def takes_all(x, **others):
        return x * others["w"], {"x": others["w"], "w": x}

    assert Flat(takes_all, {"x": 2.0, "w": 5.0}).loss({}) == 10.0


def test_loops_without_an_end_are_a_loss_that_is_nan_and_a_reason():
    def loops(n):
        k = 0
        while k < n:
            k = k + 1
        return n * 1.0, {"n": 1.0}

    assert MOST_EVENTS < 30_000
    with pytest.raises(NotFollowed, match=r"^its loops take too many turns$"):
        of(loops, 30_000.0)


def test_nothing_is_printed_or_warned_of(capsys):
    before = np.geterr()
    with quietly():
        print("no")
        warnings.warn("no", stacklevel=1)
        np.log(np.zeros(2) - 1)
        print("no", file=sys.stdout)
    assert capsys.readouterr().out == ""
    assert np.geterr() == before
