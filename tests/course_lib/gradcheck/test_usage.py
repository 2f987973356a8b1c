import numpy as np
import pytest

from course_lib.gradcheck import usage
from course_lib.gradcheck.usage import as_names, require_order


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
    scope, other = {}, "Ctx" if name != "ctx" else "Cache"
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


def test_names_are_texts_that_are_safe_to_print_and_as_many_as_inputs():
    assert as_names(["a", 3, "\x1b[0m"], [1, 2, 3]) == ("a", "3", "\\x1b[0m")
    with pytest.raises(ValueError, match=r"^names has 1 entries for 2 inputs$"):
        as_names(["a"], [1, 2])
    with pytest.raises(ValueError, match=r"^names is a text; pass a list with one name for each input$"):
        as_names("ab", [1, 2])
    with pytest.raises(TypeError, match=r"^names is of type list_iterator; pass a list"):
        as_names(iter(["a", "b"]), [1, 2])


@pytest.mark.parametrize("seed", [0, 7, np.int64(3), 10**30])
def test_a_seed_is_a_whole_number_from_0_on(seed):
    assert usage.require_seed(seed) is None


@pytest.mark.parametrize(
    ("seed", "error", "said"),
    [
        (-1, ValueError, "seed is -1"),
        ("x", TypeError, "seed is of type str"),
        (0.5, TypeError, "seed is of type float"),
        (None, TypeError, "seed is of type NoneType"),
    ],
)
def test_what_is_no_seed_is_refused(seed, error, said):
    with pytest.raises(error, match=f"^{said}; it is a whole number from 0 on$"):
        usage.require_seed(seed)


def test_the_whole_sentence_of_each_refusal():
    with pytest.raises(TypeError) as refused:
        usage.refuse_gate(Doubling, "forward")
    assert str(refused.value) == (
        "forward is the class Doubling: pass an instance of it, as check_gate(Doubling(), x)"
    )
    with pytest.raises(TypeError) as refused:
        usage.refuse_gate(Doubling(), "f")
    assert str(refused.value) == "f is a Doubling, with a forward and a backward of its own: call check_gate"
    with pytest.raises(TypeError) as refused:
        require_order(affine_backward, affine_forward)
    assert str(refused.value) == (
        "affine_backward and affine_forward are exchanged: "
        "call check_vjp(affine_forward, affine_backward, *inputs)"
    )


class BackwardAlone:
    backward = Doubling.backward
    forward = "no function"


def test_an_object_with_one_of_the_two_is_no_gate():
    for other in (BackwardAlone, BackwardAlone(), ForwardAlone(), 3, "text"):
        assert usage.refuse_gate(other, "forward") is None


LONG = "L" * 50


def test_names_in_a_refusal_are_shortened():
    kind = type(LONG, (), {"forward": abs, "backward": abs})
    shown = "L" * 39 + "…"
    for refuse in (
        lambda: usage.refuse_gate(kind, "f"),
        lambda: usage.refuse_gate(kind(), "f"),
        lambda: usage.require_callable(kind(), "f", "check"),
        lambda: usage.require_seed(kind()),
        lambda: as_names(kind(), []),
    ):
        with pytest.raises(TypeError) as refused:
            refuse()
        assert shown in str(refused.value)
        assert LONG not in str(refused.value)


def test_only_names_of_functions_that_are_exchanged_on_both_sides_are_told():
    def plain(x):
        return x

    def hand_over(x, cache):
        return x, cache

    assert require_order(hand_over, plain) is None
    assert require_order(plain, affine_forward) is None
    assert require_order(lambda x: x, lambda dout, cache: dout) is None


def test_a_backward_of_one_parameter_called_a_cache_is_not_told_to_exchange_it():
    assert require_order(abs, lambda cache: cache) is None


def test_no_names_for_no_inputs():
    assert as_names([], []) == ()
    with pytest.raises(ValueError, match=r"^names has 3 entries for 2 inputs$"):
        as_names(("a", "b", "c"), [1, 2])
    assert usage.argument_name(7) == "7"
    assert usage.argument_name("n" * 41) == "n" * 39 + "…"


@pytest.mark.parametrize("upstream", ["dout", "dy", "grad_out", "upstream", "DOUT"])
def test_a_forward_with_the_parameters_of_a_backward_stands_in_its_place(upstream):
    def named(first, second):
        space = {}
        exec(f"def function({first}, {second}):\n    pass", space)
        return space["function"]

    swapped = named(upstream, "Cache")
    sentence = (
        rf"^forward and backward are exchanged: the parameters of function are \({upstream}, Cache\), which"
    )
    with pytest.raises(TypeError, match=sentence):
        require_order(swapped, named("x", "w"))
    swapped.__name__ = "<lambda>"
    with pytest.raises(TypeError, match="parameters of forward are"):
        require_order(swapped, named("x", "w"))
    require_order(named(upstream, "w"), named("x", "w"))
    require_order(named("x", "cache"), named("x", "w"))
    require_order(swapped, named("dout", "Cache"))
