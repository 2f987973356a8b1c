"""What is searched: a flat function, or a forward and a backward that share a cache."""

import sys
import warnings

import numpy as np
import pytest

from course_lib.gradcheck.check import upstream_gradient
from course_lib.gradcheck.lines.contracted import beside
from course_lib.gradcheck.lines.source import NotFollowed, read_source, written
from course_lib.gradcheck.lines.subjects import Flat, TwoParts, quietly
from course_lib.gradcheck.lines.tape import MOST_EVENTS

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


def of_text(text, name="f"):
    """Return a function of a text that its source can be read of."""
    import linecache

    file = f"<subject {len(linecache.cache)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    exec(compile(text, file, "exec"), scope := {"np": np})
    return scope[name]


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


def number(subject, name, kind, function=None):
    return next(
        n
        for n, site in subject.sites.items()
        if (site.name, site.kind) == (name, kind) and function in (None, site.function)
    )


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


def forward(x, w):
    out = x * w
    return out, (x, w)


def backward(dout, cache):
    x, w = cache
    return dout * w, dout * x


def pair(f=forward, b=backward, inputs=(X, W), **known):
    return TwoParts(f, b, list(inputs), **{"has_cache": True, "dout": np.array([2.0, 5.0]), **known})


def test_a_forward_and_a_backward_are_one_subject_whose_loss_is_contracted():
    subject = pair()
    assert (subject.name, list(subject.sources), subject.two_parts) == (
        "backward",
        ["forward", "backward"],
        True,
    )
    assert (subject.wanted, dict(subject.places)) == (("x", "w"), {0: "x", 1: "w"})
    assert subject.cheap is True
    assert subject.loss({}) == 2 * 3 - 5 * 1
    run = subject.run({})
    assert {n: g.tolist() for n, g in run.gradients.items()} == {"x": [6.0, 2.5], "w": [2.0, -10.0]}
    names = {subject.sites[event.moment[0]].function for event in run.events}
    assert names == {"forward", "backward"}
    assert subject.run({}, recording=False).events == ()
    assert sorted(subject.sites) == list(range(len(subject.sites)))
    assert min(n for n, site in subject.sites.items() if site.function == "forward") == 0
    assert [source.name for source in subject.sources.values()] == list(subject.sources)


def test_a_change_of_forward_reaches_backward_through_the_cache():
    subject = pair()
    change = {(number(subject, "x", "parameter", "forward"), 0): lambda x: 2 * x}
    assert subject.loss(change) == 2 * (2 * 3 - 5 * 1)
    assert subject.run(change).gradients["w"].tolist() == [4.0, -20.0]


def test_labels_are_handed_on_and_have_no_gradient():
    def scores(x, labels):
        return x[labels], x

    def back(dout, x):
        return dout, None

    subject = pair(scores, back, (X, np.array([1, 0])))
    assert subject.wanted == ("x",)
    assert list(subject.run({}).gradients) == ["x"]


def test_where_forward_returns_no_cache_backward_gets_the_inputs():
    def plain(x, w):
        return x * w

    def three(x, w):
        return x * w, x, w

    assert pair(plain).run({}).gradients["x"].tolist() == [6.0, 2.5]
    with pytest.raises(NotFollowed, match=r"^forward does not return an array of real numbers$"):
        pair(three, dout=None)


class Gate:
    def forward(self, x):
        self.x = x
        return x**2

    def backward(self, dout):
        return 2 * dout * self.x


def test_a_gate_keeps_its_own_cache():
    gate = Gate()
    subject = TwoParts(gate.forward, gate.backward, [X], has_cache=False, dout=np.ones(2))
    assert subject.loss({}) == 5.0
    assert subject.run({}).gradients["x"].tolist() == (2 * X).tolist()
    assert subject.edited(read_source(gate.backward))[1]["x"].tolist() == (2 * X).tolist()


class Outputs:
    def forward(self, x):
        self.x = x
        return x**2, x.sum(), x[:, None]

    def backward(self, squares, total, column):
        return 2 * squares * self.x + total + column[:, 0]


def test_a_gate_of_several_outputs_gets_an_upstream_gradient_for_each():
    gate = Outputs()
    subject = TwoParts(gate.forward, gate.backward, [X], has_cache=False)
    up = subject._upstream
    assert up.shape == (5,)
    assert subject.loss({}) == pytest.approx(up[:2] @ X**2 + up[2] * X.sum() + up[3:] @ X)
    right = 2 * up[:2] * X + up[2] + up[3:]
    assert subject.run({}).gradients["x"].tolist() == pytest.approx(right)
    assert subject.edited(read_source(gate.backward))[1]["x"].tolist() == pytest.approx(right)
    with pytest.raises(NotFollowed, match="does not return an array"):  # the second is no output but a cache
        TwoParts(forward, only_upstream, [X, W], has_cache=False)


def only_upstream(dout):
    return dout, dout


def edited(name, text):
    original = {"forward": forward, "backward": backward}[name]
    return type(read_source(original))(written(text).tree, text, tuple(text.splitlines()), original)


def test_either_part_may_be_run_in_another_text():
    subject = pair()
    loss, gradients = subject.edited(
        edited("backward", "def backward(dout, cache):\n    return 2 * dout, dout\n")
    )
    assert (loss, gradients["x"].tolist()) == (1.0, [4.0, 10.0])
    loss, gradients = subject.edited(edited("forward", "def forward(x, w):\n    return x + w, (x, x)\n"))
    assert (loss, gradients["x"].tolist()) == (2 * 4 - 5 * 1.5, [2.0, -10.0])


def test_another_upstream_gradient_is_beside_the_first():
    subject = pair()
    other = subject.with_another_upstream()
    assert other.run({}).gradients["x"].tolist() == (beside(np.array([2.0, 5.0])) * W).tolist()
    assert subject.loss({}) == 1.0
    ratio = beside(np.full(50, -3.0)) / -3.0
    assert ratio.min() >= 0.5
    assert 1.5 < ratio.max() <= 2.0
    assert type(beside(3.0)) is float


def test_an_upstream_gradient_that_was_not_given_is_the_one_of_the_check():
    assert pair(dout=None, seed=3).loss({}) == float(upstream_gradient((2,), None, 3) @ (X * W))


def test_parts_that_cannot_be_told_apart_or_name_no_arguments_are_not_followed():
    with pytest.raises(NotFollowed, match=r"^forward and backward have the same name$"):
        pair(forward, forward)

    def unnamed(*xs):
        first, second = xs
        return first * second

    with pytest.raises(NotFollowed, match=r"^forward does not name its arguments$"):
        pair(unnamed)


def test_a_loss_of_two_parts_that_cannot_be_computed_is_nan():
    def picky(x, w):
        if x[0] > 5:
            raise ValueError
        return x * w, (x, w)

    subject = pair(picky)
    change = {(number(subject, "x", "parameter", "picky"), 0): lambda x: x + 10}
    assert np.isnan(subject.loss(change))


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
