"""Which line is named first, for each way in which a backward goes wrong."""

import functools

import numpy as np
import pytest

from course_lib import check_gate, check_parameters, check_vjp, find_line
from course_lib.gradcheck.lines.search import MOST_EVALUATIONS

from . import functions

NEURON = {"w": 2.0, "x": -1.0, "b": 1.5}
AB = {"a": 2.0, "b": 0.3}


def drawn(*shape):
    return np.random.default_rng(3).normal(size=shape)


@pytest.mark.parametrize(
    ("function", "inputs", "line", "variable"),
    [
        (functions.neuron_without_exp, NEURON, 10, "dneg"),
        (functions.overwritten, AB, 9, "b_grad"),
        (functions.one_contribution_wrong, AB, 9, "db"),
        (functions.local_derivative_by_itself, {"x": drawn(4), "w": drawn(4)}, 6, "local"),
        (functions.two_slips, {"x": 0.3, "y": 1.1}, 5, "dp"),
        (functions.softmax_loss, {"scores": drawn(5, 3), "y": np.array([0, 2, 1, 0, 2])}, 7, "dscores"),
    ],
)
def test_the_line_of_a_flat_function(function, inputs, line, variable):
    found = find_line(function, inputs)
    assert (found.line, found.variable) == (line, variable), str(found)
    assert found.candidates[0].line == line


def test_nothing_is_asked_of_a_line_whose_variable_names_no_gradient():
    found = find_line(functions.unnamed_upstream, {"x0": 0.3, "x1": 0.9})
    assert (found.line, found.variable) == (4, "d")
    assert not any("?" in sentence or sentence.startswith("forward") for sentence in found.sentences)


def test_an_input_that_the_forward_pass_never_uses_is_named():
    found = find_line(functions.never_used, {"x": 0.7, "b": 0.2})
    assert found.line == 5
    assert "at this point the forward pass does not depend on b: is it used there?" in found.sentences


def test_gradients_returned_in_each_others_place_are_the_fault_of_the_return():
    assert find_line(functions.returned_in_each_others_place, {"x": 1.3, "y": 0.7}).line == 5


def test_a_loop_is_judged_by_its_sum():
    assert find_line(functions.sum_of_powers, {"x": 0.7}).line == 8


def test_of_two_branches_the_one_that_ran_is_named():
    assert find_line(functions.with_a_condition, {"x": 2.0, "y": 0.5}).line == 9


def test_the_line_of_a_backward_with_a_cache():
    found = find_line(functions.affine_forward, functions.affine_backward, drawn(4, 3), drawn(3, 2), drawn(2))
    assert (found.function, found.line, found.source) == ("affine_backward", 5, "db = dout.mean(axis=0)")


def test_a_mask_left_out_is_found_where_it_belongs():
    found = find_line(
        functions.relu_layer_forward,
        functions.relu_layer_backward,
        drawn(5, 3),
        np.random.default_rng(1).normal(size=(3, 4)),
    )
    assert found.line == 3


def test_the_line_of_a_gate():
    found = find_line(functions.Square(), drawn(3))
    assert (found.line, found.source) == (2, "return self.x * dout")


def test_nothing_is_blamed_where_all_gradients_are_right():
    assert find_line(functions.neuron, NEURON).line is None
    pair = functions.affine_forward, functions.right_affine_backward
    found = find_line(*pair, drawn(4, 3), drawn(3, 2), drawn(2))
    assert found.line is None
    assert "right" in found.reason


def test_the_sentences_have_both_numbers_and_the_line_of_the_forward_pass():
    text = str(find_line(functions.neuron_without_exp, {"w": 2.0, "x": -1.0, "b": 1.0}))
    assert text == (
        "neuron_without_exp: the first wrong line is 10:  dneg = de\n"
        "  d(output)/d(neg): yours -0.0723295, numerical -0.196612; 3 gradients before it are right, "
        "3 gradients after it follow from it\n"
        "  forward, neg goes into line 4: e = np.exp(neg)\n"
        "  is the local derivative of exp in it?"
    )


def test_what_is_overwritten_is_named_with_its_line():
    sentences = find_line(functions.overwritten, AB).sentences
    assert "it overwrites what line 8 put there, b_grad = a * grad_p: add to it with +=" in sentences


def test_two_slips_are_said_to_be_more_than_one():
    assert "that alone does not explain all" in str(find_line(functions.two_slips, {"x": 0.3, "y": 1.1}))


def decorated(function):
    return functools.wraps(function)(lambda *args: function(*args))


def handing_on(function):
    def handed(*args):
        return function(*args)

    return handed


def recursive(x):
    return (x**2, {"x": x}) if x < 1 else recursive(x / 2)


async def later(x):
    return x**2, {"x": x}


def handing_on_by_name(function):
    def handed(x):
        print("before")
        return function(x)

    return handed


def one(x):
    return (x**2, {"x": x}) if x < 1 else other(x / 2)


def other(x):
    return one(x)


made_by_exec = {}
exec("def nowhere(x):\n    return x**2, {'x': x}", made_by_exec)


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (lambda x: (x**2, {"x": x}), "lambda"),
        (made_by_exec["nowhere"], "cannot be read"),
        (decorated(functions.neuron), "decorated"),
        (handing_on(functions.neuron), "hands its arguments on"),
        (handing_on_by_name(functions.neuron), "hands its arguments on"),
        (recursive, "calls itself"),
        (one, "calls itself"),
        (later, "asynchronous"),
        (np.sin, "not a function written in Python"),
        (abs, "not a function written in Python"),
    ],
)
def test_what_cannot_be_followed_is_left_out_with_one_reason(function, reason):
    found = find_line(function, {"x": 0.5})
    assert found.line is None
    assert reason in found.reason


def random_value(x):
    f = x**2 + np.random.default_rng().normal()
    dx = x
    return f, {"x": dx}


def test_a_function_of_chance_is_not_followed():
    assert "changes from call to call" in find_line(random_value, {"x": 0.5}).reason


def test_large_arrays_are_not_followed_entry_by_entry():
    found = find_line(functions.local_derivative_by_itself, {"x": drawn(20_000), "w": drawn(20_000)})
    assert "too large" in found.reason
    assert MOST_EVALUATIONS < 40_000


def test_a_function_that_raises_has_no_line():
    assert (
        find_line(functions.softmax_loss, {"scores": drawn(2, 3), "y": None}).reason == "it raises TypeError"
    )


def test_other_arguments_are_refused_in_a_sentence():
    with pytest.raises(TypeError, match="find_line takes"):
        find_line(functions.neuron, 1.0)


def test_a_failed_check_names_the_line():
    def gradients(params):
        return functions.neuron_without_exp(**params)[1]

    gradients.__wrapped__ = functions.neuron_without_exp
    check = check_parameters(lambda p: functions.neuron_without_exp(**p)[0], NEURON, gradients)
    assert check.line.line == 10
    assert "the first wrong line of neuron_without_exp is 10:  dneg = de" in str(check)
    assert "dneg = de" in check._repr_html_()
    pair = functions.affine_forward, functions.affine_backward
    assert check_vjp(*pair, drawn(4, 3), drawn(3, 2), drawn(2)).line.line == 5
    assert check_gate(functions.Square(), drawn(3)).line.line == 2


def test_a_passed_check_looks_for_no_line():
    pair = functions.affine_forward, functions.right_affine_backward
    assert check_vjp(*pair, drawn(4, 3), drawn(3, 2), drawn(2)).line is None


def printing(x):
    print("here")
    f = x**2
    dx = x
    return f, {"x": dx}


def test_what_the_function_prints_is_not_repeated(capsys):
    assert find_line(printing, {"x": 0.5}).line == 4
    assert capsys.readouterr().out == ""


def product(x, w):
    return np.asarray(x) * np.asarray(w), (x, w)


def product_backward(dout, cache):
    x, w = cache
    x, w = np.asarray(x), np.array(w)
    dx = dout * w
    dw = dout * w
    return dx, dw


@pytest.mark.parametrize(
    ("x", "w"),
    [
        ([1.0, 2.0, 3.0], [1.0, -1.0, 0.5]),
        ([1, 2, 3], (2, 1, 4)),
        (np.array([1, 2, 3]), np.array([2, 1, 4])),
    ],
)
def test_lists_and_whole_numbers_that_are_variables_are_followed_as_arrays(x, w):
    assert check_vjp(product, product_backward, x, w).line.source == "dw = dout * w"


def test_labels_stay_what_they_are():
    def chosen(x, label):
        return x[[0, 1], label].sum(), (x, label)

    def chosen_backward(dout, cache):
        x, label = cache
        dx = np.zeros_like(x)
        dx[[0, 1], label] = 2 * dout
        return dx

    check = check_vjp(chosen, chosen_backward, drawn(2, 3), [2, 0])
    assert check.line.source == "dx[[0, 1], label] = 2 * dout"


def test_an_integer_beyond_all_floats_is_a_reason_to_name_no_line():
    found = find_line(lambda a, b: (a * b, {"a": b, "b": a}), {"a": 10**400, "b": 1.0})
    assert (found.line, found.reason) == (None, "an argument is larger than any float")


def test_what_a_check_is_written_around_may_add_to_what_was_found():
    class Elsewhere:
        def __call__(self, dout, x):
            return dout

        def __mended__(self, asked, found):
            return asked.function, found.function

    def backward(dout, x):
        return elsewhere(dout, x)

    backward.around = elsewhere = Elsewhere()
    assert find_line(lambda x: (x**2, x), backward, drawn(3)) == ("backward", "backward")


def test_a_line_of_a_pullback_is_counted_from_its_rule():
    def rule(x):
        def pullback(dout):
            return 3 * dout * x

        return x**2, pullback

    found = find_line(rule, drawn(3))
    assert (found.function, found.line) == ("rule", 3)
    assert found.candidates[0].function == "rule"
