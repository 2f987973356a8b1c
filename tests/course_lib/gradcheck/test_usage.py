import numpy as np
import pytest

from course_lib.gradcheck import usage
from course_lib.gradcheck.usage import as_names, require_cache_as_one, require_order


class Doubling:
    def forward(self, x):
        return 2 * x

    def backward(self, dout):
        return 2 * dout


class CallableDoubling(Doubling):
    __call__ = Doubling.forward


class ForwardAlone:
    forward = Doubling.forward
    backward = 3


def test_what_cannot_be_called_is_named_with_its_type_and_the_right_call():
    sentence = r"^f is not callable: it is of type float; call check_gradient\(f, x, grad\)$"
    with pytest.raises(TypeError, match=sentence):
        usage.require_callable(1.5, "f", "check_gradient(f, x, grad)")
    usage.require_callable(abs, "f", "")


def test_an_object_or_its_class_is_no_function():
    with pytest.raises(
        TypeError, match=r"^forward is the class Doubling: .* as check_gate\(Doubling\(\), x\)$"
    ):
        usage.refuse_gate(Doubling, "forward")
    with pytest.raises(
        TypeError, match=r"^forward is a Doubling, with a forward and a backward of its own: call"
    ):
        usage.refuse_gate(Doubling(), "forward")


@pytest.mark.parametrize("function", [CallableDoubling(), ForwardAlone, ForwardAlone(), np.sin, float])
def test_what_may_be_a_function_is_let_through(function):
    assert usage.refuse_gate(function, "forward") is None  # nothing is raised


def test_a_call_without_a_point_is_refused():
    with pytest.raises(TypeError, match=r"^no inputs were given: pass the point at which to check$"):
        usage.require_inputs([])
    usage.require_inputs([None])


def affine_forward(x):
    return x


def affine_backward(dout, cache):
    return dout


def test_functions_that_are_called_after_each_other_are_exchanged():
    expected = (
        r"^affine_backward and affine_forward are exchanged: call check_vjp\(affine_forward, affine_backw"
    )
    with pytest.raises(TypeError, match=expected):
        require_order(affine_backward, affine_forward)
    for right in (
        (affine_forward, affine_backward),
        (affine_backward, affine_backward),
        (abs, affine_forward),
    ):
        require_order(*right)


@pytest.mark.parametrize("name", ["cache", "Caches", "ctx", "context", "saved", "CACHED"])
def test_parameters_of_backward_are_exchanged_where_only_the_first_is_called_a_cache(name):
    scope, other = {}, "ctx" if name != "ctx" else "cache"
    exec(f"def pull({name}, dy): pass\ndef push(dy, {name}): pass\ndef both({name}, {other}): pass", scope)
    sentence = (
        rf"^backward is called as \(dout, cache\), but the parameters of pull are \({name}, dy\): exchange"
    )
    with pytest.raises(TypeError, match=sentence):
        require_order(abs, scope["pull"])
    require_order(abs, scope["push"])
    require_order(abs, scope["both"])
    unnamed = type("", (), {"__call__": lambda self, cache, dy: dy})()
    with pytest.raises(TypeError, match="the parameters of backward are"):
        require_order(abs, unnamed)


@pytest.mark.parametrize(
    "backward",
    [
        lambda dout: 0,
        lambda dout, cache: 0,
        lambda dout, *cache: 0,
        lambda dout, cache=None: 0,
        lambda *all: 0,
        max,
    ],
)
def test_a_backward_takes_dout_and_a_cache_or_dout_alone(backward):
    assert require_cache_as_one(backward) is None  # nothing is raised


def three(dout, x, w):
    return dout


def test_a_backward_of_other_arguments_is_told_how_it_is_called():
    with pytest.raises(
        TypeError, match=r"^three takes \(dout, x, w\); it is called as backward\(dout, cache\): let"
    ):
        require_cache_as_one(three)
    with pytest.raises(TypeError, match=r"^backward takes \(\); it is called"):
        require_cache_as_one(lambda: 0)


def test_names_are_texts_that_are_safe_to_print_and_as_many_as_inputs():
    assert as_names(["a", 3, "\x1b[0m"], [1, 2, 3]) == ("a", "3", "\\x1b[0m")
    with pytest.raises(ValueError, match=r"^names has 1 entries for 2 inputs$"):
        as_names(["a"], [1, 2])
    with pytest.raises(ValueError, match=r"^names is a text; pass a list with one name for each input$"):
        as_names("ab", [1, 2])
