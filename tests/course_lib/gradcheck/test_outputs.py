import numpy as np
import pytest

from course_lib.gradcheck import check_vjp
from course_lib.gradcheck.causes import Cause, ContractError
from course_lib.gradcheck.outputs import OutputForm, WrongCallError, accepts, as_one, for_each, joined


def test_how_many_arguments_a_function_takes_is_asked_of_its_signature():
    assert accepts(lambda a, b: None, 2)
    assert not accepts(lambda a, b: None, 1)
    assert not accepts(lambda a: None, 2)
    assert accepts(lambda a, b=1: None, 1)
    assert accepts(lambda *a: None, 5)
    assert accepts(dict.fromkeys, 2)
    assert accepts(int, 7)  # its signature is not known


def of_two(dout, cache):
    return dout, cache


def of_three(dh, dc, cache):
    return dh, dc, cache


def test_a_cache_is_what_forward_returns_beside_the_output_or_else_the_inputs():
    assert OutputForm(of_two).split((1, "cache"), "inputs") == (1, "cache")
    assert OutputForm(of_two).split(1, "inputs") == (1, "inputs")
    assert OutputForm(lambda dout: dout).split((1, "cache"), "inputs") == (1, "inputs")
    array = np.ones(2)
    assert OutputForm(of_two).split([array, "cache"], "inputs") == (array, "cache")
    assert OutputForm(of_two).split([1.0, "cache"], "inputs") == ([1.0, "cache"], "inputs")  # may be numbers
    with pytest.raises(ContractError) as caught:
        OutputForm(of_two).split((1, 2, 3), "inputs")
    assert caught.value.cause == Cause.WRONG_COUNT
    assert caught.value.sentence == (
        "forward returned a tuple of 3; expected out, or (out, cache), where out may be a tuple of outputs"
    )


@pytest.mark.parametrize(
    ("backward", "has_cache"),
    [
        (lambda dout: 0, False),
        (lambda dout, cache: 0, True),
        (lambda dout, *cache: 0, True),
        (lambda dout, cache=None: 0, True),
        (lambda *all: 0, True),
        (max, True),
        (of_three, True),
    ],
)
def test_a_backward_with_one_argument_gets_no_cache(backward, has_cache):
    assert OutputForm(backward).has_cache is has_cache


@pytest.mark.parametrize("of_them", [lambda h, c: ((h, c), "kept"), lambda h, c: (h, c, "kept")])
def test_several_outputs_are_one_flat_one_and_backward_gets_the_part_of_each(of_them):
    outputs = OutputForm(of_three)
    out, cache = outputs.split(of_them(np.arange(4.0).reshape(2, 2), 4.0), "inputs")
    assert (out.tolist(), cache) == ([0, 1, 2, 3, 4], "kept")
    dh, dc, handed = outputs.arguments(10 * out, cache)
    assert (dh.tolist(), dc, handed) == ([[0, 10], [20, 30]], 40.0, "kept")


def test_a_backward_with_one_place_for_them_gets_a_tuple():
    for backward, rest in ((of_two, ["kept"]), (lambda dout: dout, [])):
        outputs = OutputForm(backward)
        out, cache = outputs.split(((1.0, 2.0), "kept"), "inputs")
        assert outputs.arguments(out, cache) == [(1.0, 2.0), *rest]
    outputs = OutputForm(of_two)
    assert outputs.split((("a", 1.0), "kept"), "inputs") == (("a", 1.0), "kept")  # no outputs
    assert outputs.arguments(3.0, "kept") == [3.0, "kept"]


def test_a_backward_that_takes_something_else_is_told_how_it_is_called():
    with pytest.raises(WrongCallError) as refused:
        OutputForm(of_three).split((1.0, "cache"), "inputs")
    assert str(refused.value) == (
        "of_three takes (dh, dc, cache); it is called as backward(dout, cache): "
        "let it have one argument for all that forward keeps"
    )
    with pytest.raises(WrongCallError, match=r"^backward takes \(\); it is called"):
        OutputForm(lambda: 0).split(1.0, "inputs")
    names = ", ".join(f"argument_{k}" for k in range(9))
    exec(f"def many({names}): pass", scope := {})
    with pytest.raises(WrongCallError) as refused:
        OutputForm(scope["many"]).split(1.0, "inputs")
    assert str(refused.value).startswith(f"many takes {f'({names})'[:79]}…; it is called")


def test_what_forward_keeps_in_a_row_is_not_taken_for_outputs_of_which_backward_were_wrong():
    with pytest.raises(WrongCallError, match="let it have one argument for all that forward keeps"):
        check_vjp(lambda x, w: (x * w, x, w), lambda dout, x, w: (dout * w, dout * x), 1.0, 2.0)


def test_outputs_are_joined_and_parted_again():
    out, shapes = as_one((np.arange(2.0), 2.0))
    assert (out.tolist(), shapes) == ([0, 1, 2], [(2,), ()])
    assert [np.shape(part) for part in for_each(out, shapes)] == [(2,), ()]
    assert as_one(3.0) == (3.0, ())
    assert for_each(3.0, ()) == [3.0]
    assert joined((np.ones(2), 3.0)).tolist() == [1, 1, 3]
    assert joined((1.0, 3.0)) == (1.0, 3.0)  # may be that of one output
    assert joined(None) is None


def cell(x, w):
    h = np.tanh(x * w)
    return h, np.sum(h * h), (x, w, h)


def cell_backward(dh, ds, cache):
    x, w, h = cache
    dz = (dh + 2 * h * ds) * (1 - h * h)
    return dz * w, dz * x


def without_the_second(dh, ds, cache):
    x, w, h = cache
    dz = dh * (1 - h * h)
    return dz * w, dz * x


def test_a_step_with_two_outputs_is_checked_and_its_first_wrong_line_is_named():
    x, w = np.linspace(-1, 1, 5), np.linspace(0.5, 2, 5)
    assert check_vjp(cell, cell_backward, x, w).passed is True
    assert check_vjp(cell, cell_backward, x, w, dout=(np.ones(5), 2.0)).passed is True
    wrong = check_vjp(cell, without_the_second, x, w)
    assert wrong.passed is False
    assert "the first wrong line is 3" in str(wrong)
    assert check_vjp(cell, without_the_second, x, w, dout=(np.ones(5), 0.0)).passed is True
    assert check_vjp(lambda x, w: ((x, w), None), lambda douts, _: douts, x, w).passed is True
