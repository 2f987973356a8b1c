import numpy as np
import pytest

from course_lib import (
    GradientMismatch,
    assert_gate,
    assert_gradient,
    assert_parameters,
    assert_vjp,
    check_gate,
    check_gradient,
    check_parameters,
    check_vjp,
)
from course_lib.gradcheck import api

X = np.array([1.0, -2.0, 3.0])


class Square:
    def forward(self, x):
        self.x = x
        return x**2

    def backward(self, dout):
        return dout * 2 * self.x


class Wrong(Square):
    def backward(self, dout):
        return dout


def square(x):
    return np.sum(x**2)


def scaled(x, weight=1.0, kind="plain"):
    return x * weight, (x, weight)


def scaled_backward(dout, cache):
    return dout * cache[1], np.sum(dout * cache[0])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: check_gradient(3, X, X),
            "f is not callable: it is of type int; call check_gradient(",
        ),
        (lambda: check_gradient(square, {"x": X}, X), "x is a dict; check_parameters checks dicts and lists"),
        (lambda: check_gradient(square, [X, X], X), "x is a list; check_parameters checks dicts and lists"),
        (lambda: check_vjp("f", abs, X), "forward is not callable: it is of type str; call check_vjp("),
        (
            lambda: check_vjp(abs, None, X),
            "backward is not callable: it is of type NoneType;",
        ),
        (
            lambda: check_vjp(scaled, scaled_backward),
            "no inputs were given: pass the point",
        ),
        (
            lambda: check_gate(Square, X),
            "Square is a class: pass an instance of it, as check_gate(Squ",
        ),
        (
            lambda: check_gate(3, X),
            "int has no method forward; a gate has forward and backward, both inside",
        ),
        (lambda: check_gate(Square()), "no inputs were given: pass the point"),
        (
            lambda: check_parameters(1, {"x": X}, {}),
            "loss is not callable: it is of type int; call check",
        ),
        (
            lambda: check_parameters(square, {}, {}),
            "params is not a dict or a list of arrays",
        ),
        (
            lambda: check_parameters(square, X, X),
            "params is not a dict or a list of arrays",
        ),
    ],
)
def test_a_call_that_cannot_be_meant_is_told_what_to_change(call, words):
    with pytest.raises(TypeError) as caught:
        call()
    assert str(caught.value).startswith(words)


def test_functions_and_parameters_in_each_others_place_are_told_by_their_names():
    def scaled_forward(x):
        return x

    def exchanged_backward(cache, dout):
        return dout

    with pytest.raises(TypeError, match=r"^scaled_backward and scaled_forward are exchanged"):
        check_vjp(scaled_backward, scaled_forward, X)
    with pytest.raises(TypeError, match=r"exchanged_backward are \(cache, dout\): exchange them"):
        check_vjp(scaled_forward, exchanged_backward, X)

    def both_caches_backward(cache, saved):
        return cache

    assert check_vjp(lambda x: x, both_caches_backward, X).passed is True


def test_a_text_is_no_list_of_names():
    with pytest.raises(ValueError, match=r"^names is a text; pass a list with one name for each input"):
        check_vjp(scaled, scaled_backward, X, 2.0, names="ab")


@pytest.mark.parametrize("names", [["a"], ["a", "b", "c"]])
def test_there_are_as_many_names_as_inputs(names):
    with pytest.raises(ValueError, match=f"^names has {len(names)} entries for 2 inputs$"):
        check_vjp(scaled, scaled_backward, X, 2.0, names=names)


def test_arguments_are_called_as_the_caller_or_the_function_calls_them():
    def named(check):
        return [argument.name for argument in check.arguments]

    assert named(check_vjp(scaled, scaled_backward, X, 2.0, names=["a", "b"])) == ["a", "b"]
    assert named(check_vjp(scaled, scaled_backward, X, 2.0)) == ["x", "weight"]
    assert named(check_vjp(scaled, scaled_backward, X, weight=2.0)) == ["x", "weight"]
    assert named(check_gradient(square, X, 2 * X, name="theta")) == ["theta"]
    assert named(check_gradient(square, X, 2 * X)) == ["x"]
    assert named(check_gate(Square(), X)) == ["x"]
    assert named(check_parameters(lambda p: square(p["w"]), {"w": X}, {"w": 2 * X})) == ["w"]


def test_reports_name_the_function_whose_gradient_it_is():
    assert check_vjp(scaled, scaled_backward, X, 2.0).function == "scaled_backward"
    assert check_gradient(square, X, 2 * X).function == "square"
    assert check_gate(Square(), X).function == "Square"
    assert check_parameters(lambda p: square(p["w"]), {"w": X}, {"w": 2 * X}).function == "loss"


def test_keywords_are_handed_on_by_name_and_checked_if_they_are_variables():
    seen = []

    def forward(x, *, weight, kind):
        seen.append(kind)
        return x * weight, (x, weight)

    check = check_vjp(forward, scaled_backward, X, weight=2.0, kind="text")
    assert check.passed is True
    assert set(seen) == {"text"}
    wrong = check_vjp(forward, lambda d, c: (d, d.sum()), X, weight=2.0, kind="text")
    assert wrong.passed is False


def test_the_upstream_gradient_is_drawn_from_the_seed_unless_it_is_given():
    seen = []

    def backward(dout, cache):
        seen.append(dout.copy())
        return 2 * dout * cache[0]

    def first(**how):
        seen.clear()
        check_vjp(lambda x: x**2, backward, X, **how)
        return seen[0].tolist()

    assert first(dout=np.array([1.0, 2.0, -4.0])) == [1.0, 2.0, -4.0]
    assert first(seed=1) == first(seed=1) != first(seed=2)
    assert first() == first(seed=0)


def test_whole_numbers_are_variables_where_that_works_and_else_data():
    picked = np.array([0, 2, 2])

    def take(x, index):
        return x[index], (x, index)

    def take_backward(dout, cache):
        gradient = np.zeros_like(cache[0])
        np.add.at(gradient, cache[1], dout)
        return gradient

    assert check_vjp(take, take_backward, X, picked).passed is True
    assert check_vjp(lambda x, k: (x * k, (x, k)), scaled_backward, X, 3).passed is True
    assert check_vjp(lambda x, k: (x * k, (x, k)), lambda d, c: (d * c[1], d.sum()), X, 3).passed is False


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (lambda: assert_gradient(square, X, 2 * X), lambda: assert_gradient(square, X, 3 * X)),
        (
            lambda: assert_vjp(scaled, scaled_backward, X, 2.0, dout=np.ones(3), seed=1, names=["a", "b"]),
            lambda: assert_vjp(scaled, lambda d, c: (d, d), X, 2.0),
        ),
        (lambda: assert_gate(Square(), X, seed=2), lambda: assert_gate(Wrong(), X)),
        (
            lambda: assert_parameters(lambda p: square(p["w"]), {"w": X}, {"w": 2 * X}),
            lambda: assert_parameters(lambda p: square(p["w"]), {"w": X}, {"w": X}),
        ),
    ],
)
def test_the_twins_raise_with_the_report_unless_the_check_passed(right, wrong):
    assert right() is None
    with pytest.raises(GradientMismatch) as caught:
        wrong()
    assert str(caught.value) == str(caught.value.check)
    frames = [entry for entry in caught.traceback if "gradcheck/api.py" in str(entry.path)]
    assert all(entry.frame.f_locals.get("__tracebackhide__") for entry in frames)


@pytest.fixture
def lines(monkeypatch):
    """What a line is looked for with."""
    calls = []
    for name in ("with_line", "with_line_of_gradients"):
        monkeypatch.setattr(api, name, lambda check, *given, **known: calls.append((*given, known)) or check)
    return calls


def test_a_line_is_looked_for_with_all_that_a_check_was_given(lines):
    dout, three = np.array([1.0, 2.0, -1.0]), {"dout": None, "seed": 3}
    check_vjp(scaled, scaled_backward, X, dout=dout, seed=3, names=("a",))
    assert lines.pop() == (
        scaled,
        (scaled_backward,),
        ("a",),
        (X,),
        {"dout": dout, "seed": 3, "names": ("a",)},
    )

    def forward(x):
        return scaled(x)

    def rule(x):
        return scaled(x)

    forward.rule = rule
    check_vjp(forward, scaled_backward, X, seed=3)
    assert lines.pop() == (rule, (), ("x",), (X,), three)
    gate = Wrong()
    check_gate(gate, X, seed=3)
    assert lines.pop() == (gate, (), ("x",), (X,), {"seed": 3})
    grad = lambda x: 2 * x  # noqa: E731
    check_gradient(lambda v: np.sum(v**2), X, grad, name="w")
    _, given, inputs, variables, known = lines.pop()
    assert (given, inputs, variables, known) == (grad, {"w": X}, {"w": X}, {})
    check_gradient(lambda v: np.sum(v**2), X, grad)
    assert lines.pop()[2] == {"v": X}


def test_a_gate_that_ignores_an_argument_is_told_so():
    class Ignoring:
        def forward(self, x, w):
            return 2 * x

        def backward(self, dout):
            return 2 * dout, dout

    check = check_gate(Ignoring(), X, X)
    assert check.arguments[1].explanation == "forward does not depend on w: is it used on the way forward?"


def test_keywords_come_after_the_inputs_and_the_function_keeps_its_name():
    called = api._with_keywords(scaled, 1, ("kind", "weight"))
    assert called.__name__ == "scaled"
    assert api._with_keywords(lambda x: x, 1, ()).__name__ == "forward"
    seen = []
    api._with_keywords(lambda *values, **named: seen.append((values, named)), 2, ("a", "b"))(1, 2, 3, 4)
    assert seen == [((1, 2), {"a": 3, "b": 4})]


def test_a_loss_that_ignores_its_parameters_is_told_so_and_a_line_needs_a_seed():
    check = check_parameters(lambda p: 1.0, {"w": X}, {"w": X})
    assert check.arguments[0].explanation.startswith("the loss does not depend on w: does it use")
    with pytest.raises((TypeError, ValueError), match="seed"):
        api.find_line(scaled, scaled_backward, X, seed=-1)
