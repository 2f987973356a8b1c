"""What a check that is written around one function leaves of it, one thing at a time."""

import numpy as np
import pytest

from course_lib import find_line
from course_lib.gradcheck.lines.around import FORWARD, Around, _same, written_around
from course_lib.gradcheck.lines.contracted import beside, drawn_for
from course_lib.gradcheck.lines.site import Site
from course_lib.gradcheck.lines.source import NotFollowed, read_source, written
from course_lib.gradcheck.lines.twin import twin_of
from tests.course_lib.gradcheck.lines.functions import product_grads, relu, relu_vjp

X = np.array([[1.0, -2.0, 3.0], [-1.0, 0.5, -0.25]])
W = np.array([[0.5, 1.0], [2.0, -1.0], [0.25, 3.0]])
DOUT = np.array([[1.0, 2.0], [-1.0, 0.5]])


def product(x, w):
    return x @ w


def called(dy, cache):
    return product_grads(*cache, dy)


called.around = product_grads


def around(forward=product, backward=called, inputs=(X, W), dout=DOUT, names=("x", "w"), **known):
    return Around(forward, backward, list(inputs), names=names, dout=dout, **known)


def test_the_arguments_of_the_check_and_the_lines_inside_are_places():
    subject = around()
    assert subject.sites[0] == Site(0, FORWARD, 0, "x", "parameter")
    assert subject.sites[1] == Site(1, FORWARD, 0, "w", "parameter")
    assert min(number for number, site in subject.sites.items() if site.function == "product_grads") == 2
    assert (subject.name, list(subject.sources)) == ("product_grads", ["product_grads"])
    assert subject.sources["product_grads"].line(3) == "dw = 2.0 * x.T @ dy"
    assert (subject.wanted, dict(subject.places)) == (("x", "w"), {0: "x", 1: "w"})
    assert (subject.two_parts, subject.cheap) == (True, True)


def test_only_of_one_number_the_upstream_gradient_may_be_1():
    assert around().with_unit_upstream() is None
    one = around(forward=lambda x, w: np.sum(x @ w), dout=3.0)
    assert one.loss({}) == 3 * one.with_unit_upstream().loss({})


def test_the_function_that_forward_hands_on_to_is_followed_as_well():
    def scaled(x, w, scale):
        h = scale * x
        return h @ w

    subject = around(forward=lambda x, w: scaled(x, w, 2.0))
    assert list(subject.sources) == ["product_grads", "scaled"]
    (made,) = {n for n, site in subject.sites.items() if (site.name, site.kind) == ("h", "assigned")}
    assert [e.value.tolist() for e in subject.run({}).events if e.moment[0] == made] == [(2 * X).tolist()]
    assert subject.loss({(made, 0): lambda h: 0 * h}) == 0.0
    assert list(around(forward=lambda x, w: product_grads(x, w, x @ w)[0]).sources) == ["product_grads"]


def test_places_are_those_that_the_check_leaves_as_they_are():
    def rest(dy, cache):
        return product_grads(X, *cache, dy)[1:]

    rest.around = product_grads
    assert dict(around(backward=rest, forward=lambda w: X @ w, inputs=(W,), names=("w",)).places) == {1: "w"}

    def turned(dy, cache):
        dx, dw = product_grads(*cache, dy)
        return dx, dw / 2

    turned.around = product_grads
    assert dict(around(backward=turned).places) == {0: "x"}

    def one_alone(dy, cache):
        return relu_vjp(*cache, dy)

    one_alone.around = relu_vjp
    assert dict(around(relu, one_alone, (X,), X, ("x",)).places) == {0: "x"}


def test_nothing_is_no_gradient_that_is_the_same():
    assert not _same(None, None)
    assert _same(np.array([1.0, np.nan]), np.array([1.0, np.nan]))


def test_what_is_handed_in_is_handed_in_again_as_it_was():
    def changing(dy, cache):
        gradients = product_grads(*cache, dy)
        dy *= 0
        return gradients

    changing.around = product_grads
    subject = around(backward=changing)
    first, second = subject.run({}), subject.run({})
    assert second.gradients["w"] == pytest.approx(first.gradients["w"])
    assert second.gradients["w"].any()


def test_a_loss_is_contracted_with_the_upstream_gradient_and_takes_changes_of_the_arguments():
    subject = around()
    assert subject.loss({}) == pytest.approx(np.sum(X @ W * DOUT))
    assert subject.loss({(0, 0): lambda x: 2 * x}) == pytest.approx(2 * np.sum(X @ W * DOUT))
    assert np.isnan(subject.loss({(0, 0): lambda x: x[:, :1]}))


def test_a_run_has_the_gradients_that_the_check_makes_of_the_function():
    subject = around()
    run = subject.run({})
    assert run.gradients["x"] == pytest.approx(DOUT @ W.T)
    assert run.gradients["w"] == pytest.approx(2 * X.T @ DOUT)
    functions = [subject.sites[event.moment[0]].function for event in run.events]
    assert functions[:2] == [FORWARD, FORWARD]
    assert "product_grads" in functions
    assert subject.run({}, recording=False).events == ()
    (line,) = [n for n, site in subject.sites.items() if site.name == "dw" and site.kind == "assigned"]
    assert subject.run({(line, 0): lambda dw: dw / 2}).gradients["w"] == pytest.approx(X.T @ DOUT)
    assert subject.run({(1, 0): lambda w: 0 * w}).gradients["x"].tolist() == np.zeros((2, 3)).tolist()


def test_another_text_of_the_function_inside():
    subject = around()
    text = "def product_grads(x, w, dy):\n    return dy @ w.T, x.T @ dy\n"
    other = type(read_source(product_grads))(written(text).tree, text, (), product_grads)
    loss, gradients = subject.edited(other)
    assert loss == pytest.approx(np.sum(X @ W * DOUT))
    assert gradients["w"] == pytest.approx(X.T @ DOUT)
    assert set(gradients) == {"x", "w"}


def test_a_function_that_is_handed_no_upstream_gradient_says_nothing_new_for_another():
    def grads(x, w, how):
        return w * np.cos(x), np.sin(x)

    def outside(dy, cache):
        return [dy * one for one in grads(*cache, "no number")]

    outside.around = grads
    subject = around(forward=lambda x, w: np.sin(x) * w, backward=outside, inputs=(X, X + 1), dout=X)
    assert subject.with_another_upstream() is None


def test_another_upstream_gradient_and_one_that_is_drawn():
    subject = around()
    other = subject.with_another_upstream()
    assert other.run({}).gradients["x"] == pytest.approx(beside(DOUT) @ W.T)
    assert subject.run({}).gradients["x"] == pytest.approx(DOUT @ W.T)
    drawn = drawn_for(lambda: X @ W, 5)
    assert around(dout=None, seed=5).run({}).gradients["x"] == pytest.approx(drawn @ W.T)


def test_labels_have_no_gradient_and_forward_may_return_a_cache():
    def forward(x, labels):
        return x[labels], (2 * x, labels)

    def inner(x, labels, dy):
        dx = x * dy
        return dx + 0.0

    def backward(dy, cache):
        return inner(*cache, dy), None

    backward.around = inner
    subject = around(forward, backward, (X, np.array([1, 0])), np.ones((2, 3)), ("x", "labels"))
    assert subject.wanted == ("x",)
    gradients = subject.run({}).gradients
    assert list(gradients) == ["x"]
    assert gradients["x"] == pytest.approx(2 * X)


class Elsewhere:
    """Stands for a function of another process, whose class makes what is inside."""

    __name__ = "product_grads"

    def __call__(self, x, w, dy):
        return product_grads(x, w, dy)

    def __inside__(self, first):
        if self.broken:
            raise ValueError("gone")
        return twin_of(read_source(product_grads), first)

    broken = False


def test_a_function_of_another_process_says_itself_what_is_inside():
    function = Elsewhere()

    def backward(dy, cache):
        return function(*cache, dy)

    backward.around = function
    subject = around(backward=backward)
    assert subject.cheap is False
    assert subject.run({}).gradients["w"] == pytest.approx(2 * X.T @ DOUT)
    function.broken = True
    with pytest.raises(NotFollowed, match=r"^it raises ValueError$"):
        around(backward=backward)


def test_a_function_that_returns_its_own_loss_and_gradient_knows_of_no_upstream():
    x, y = np.array([0.4, -1.2, 0.7, 1.5]), 1

    def own(W, x, y):
        s = W @ x
        loss = np.log(np.sum(np.exp(s))) - s[y]
        gs = np.exp(s - s.max())
        gs = gs / gs.sum()
        gs[y] -= 1
        return loss, np.multiply.outer(gs, W[y])

    def loss(W):
        return np.log(np.sum(np.exp(W @ x))) - (W @ x)[y]

    def backward(dloss, cache):
        return dloss * own(*cache, x, y)[1]

    backward.around = own
    found = find_line(loss, backward, np.random.default_rng(0).normal(size=(3, 4)))
    assert (found.function, found.line) == ("own", 7)


def test_of_gradients_that_are_alike_each_place_has_its_own_and_one_that_two_could_have_has_none():
    def alike(dy):
        return dy, dy, dy

    def two_alike(dy):
        return dy

    def forward(a, b, c):
        return a + b + c

    def with_all(dy, cache):
        return alike(dy)

    def with_two(dy, cache):
        return 2 * two_alike(dy), two_alike(dy), two_alike(dy)

    with_all.around, with_two.around = alike, two_alike
    numbers = {"forward": forward, "inputs": (X, X, X), "dout": X, "names": ("a", "b", "c")}
    assert dict(around(backward=with_all, **numbers).places) == {0: "a", 1: "b", 2: "c"}
    assert dict(around(backward=with_two, **numbers).places) == {}


def test_a_backward_is_written_around_another_which_it_calls_as_it_is_called():
    calls = []

    def inner(*arguments):
        calls.append(arguments)
        return -1.0

    for has_cache, arguments in ((True, (2.0, "kept")), (False, (2.0,))):
        made = written_around(inner, has_cache)
        assert made(2.0, "kept") == -1.0
        assert calls.pop() == arguments
        assert (made.__name__, made.around) == ("inner", inner)
    assert written_around(lambda dout: dout, has_cache=False).__name__ == "backward"
