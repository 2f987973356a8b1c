"""What is searched where a forward and a backward share a cache."""

import numpy as np
import pytest

from course_lib.gradcheck.check import upstream_gradient
from course_lib.gradcheck.lines.contracted import beside
from course_lib.gradcheck.lines.source import NotFollowed, read_source, written
from course_lib.gradcheck.lines.subjects import TwoParts
from tests.course_lib.gradcheck.lines.asking import number

X, W = np.array([1.0, -2.0]), np.array([3.0, 0.5])


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


def test_backward_may_change_the_upstream_gradient_in_place():
    def in_place(dout, cache):
        dout *= 2
        return backward(dout, cache)

    subject = pair(b=in_place)
    assert [subject.run({}).gradients["w"].tolist() for _ in range(2)] == [[4.0, -20.0]] * 2
    assert subject.loss({}) == 2 * 3 - 5 * 1


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
    with pytest.raises(NotFollowed, match=r"^forward returned a tuple of 3; expected out, or"):
        pair(three, dout=None)


def test_several_outputs_get_an_upstream_gradient_each_beside_a_cache():
    def both(x, w):
        return x * w, w.sum(), (x, w)

    def back(dp, ds, cache):
        x, w = cache
        return dp * w, dp * x + ds

    subject = pair(both, back, dout=np.array([2.0, 5.0, 7.0]))
    assert subject.loss({}) == 2 * 3 - 5 * 1 + 7 * 3.5
    gradients = {name: found.tolist() for name, found in subject.run({}).gradients.items()}
    assert gradients == {"x": [6.0, 2.5], "w": [9.0, -3.0]}
    assert subject.edited(read_source(back))[1]["w"].tolist() == [9.0, -3.0]


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
