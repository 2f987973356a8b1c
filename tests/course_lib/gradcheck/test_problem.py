import numpy as np
import pytest

from course_lib.gradcheck import problem as module
from course_lib.gradcheck.arguments import numbers_of
from course_lib.gradcheck.causes import Cause, ContractError
from course_lib.gradcheck.pairs import CachedPair, ScalarWithGradient
from course_lib.gradcheck.problem import Problem


def problem(returned, *inputs):
    names = tuple(f"x{k}" for k in range(len(inputs)))
    return Problem(CachedPair(lambda *xs: xs[0], lambda dout, cache: returned), inputs, names, "backward")


@pytest.mark.parametrize(
    ("returned", "count", "found"), [(1.0, 1, 1), ((1.0,), 1, 1), ([1.0, 2.0], 2, 2), ((1.0, 2.0), 2, 2)]
)
def test_gradients_are_listed_whether_alone_or_together(returned, count, found):
    assert len(problem(returned, *[1.0] * count).backward(np.array(1.0), None)) == found


@pytest.mark.parametrize(("returned", "count"), [(None, 1), ((), 1), ((1.0, 2.0), 3), (1.0, 2)])
def test_a_wrong_number_of_gradients_is_an_error(returned, count):
    with pytest.raises(ContractError):
        problem(returned, *[1.0] * count).backward(np.array(1.0), None)


def test_a_list_in_the_shape_of_the_only_input_is_its_gradient():
    assert problem([1.0, 2.0], np.ones(2)).backward(np.ones(2), None) == [([1.0, 2.0],)[0]]
    assert problem([1.0], np.ones(1)).backward(np.ones(1), None) == [[1.0]]


@pytest.mark.parametrize("odd", [None, "text", {"a": 1}, [[1.0], [1.0, 2.0]]])
def test_what_is_not_made_of_numbers_is_no_gradient(odd):
    assert numbers_of(odd) is None


def test_forward_is_called_in_the_callers_form_and_counted():
    seen = []

    def forward(x, mode, y):
        seen.append((type(x), mode, y.tolist()))
        return x + y.sum(), "the cache"

    call = Problem(
        CachedPair(forward, lambda dout, cache: dout),
        (2.0, "train", np.ones(2)),
        ("x", "m", "y"),
        "f",
        frozenset({1}),
    )
    assert call.names == ("x", "y")
    assert call.function == "f"
    assert call.evaluations == 0
    assert call.forward((np.array(3.0), np.array([1.0, 4.0]))) == (8.0, "the cache")
    assert seen == [(float, "train", [1.0, 4.0])]
    assert call.evaluations == 1
    call.forward(call.inputs)
    assert call.evaluations == 2
    assert seen[1] == (float, "train", [1.0, 1.0])


def test_a_list_that_is_returned_is_numbers_where_lists_come():
    pair = CachedPair(lambda x: ([*x, 3.0], x), lambda dout, cache: dout)
    for lists, kind in ((True, np.ndarray), (False, list)):
        call = Problem(pair, ([1.0, 2.0],), "x", "f", lists=lists)
        out, _ = call.forward(call.inputs)
        assert (type(out), list(out)) == (kind, [1.0, 2.0, 3.0])


def test_lists_come_as_lists_where_that_is_asked_for():
    seen = []
    for lists in (False, True):
        pair = CachedPair(
            lambda *values: seen.append(tuple(map(type, values))) or 0.0, lambda dout, cache: dout
        )
        call = Problem(pair, ([1.0, 2.0], (3.0,), np.ones(2), 1.0), "abcd", "f", lists=lists)
        call.forward(call.inputs)
    assert seen == [(np.ndarray, np.ndarray, np.ndarray, float), (list, list, np.ndarray, float)]


def test_backward_gets_a_number_where_forward_returned_one_and_the_token():
    seen = []
    call = Problem(CachedPair(lambda x: x, lambda *given: seen.append(given) or 1.0), (2.0,), ("x",), "f")
    call.backward(np.array(3.0), "token")
    call.backward(np.array([3.0]), "other")
    assert seen[0] == (3.0, "token")
    assert type(seen[0][0]) is float
    assert (type(seen[1][0]), seen[1][1]) == (np.ndarray, "other")


def sentence_of(returned, count):
    with pytest.raises(ContractError) as error:
        problem(returned, *[1.0] * count).backward(np.array(1.0), None)
    return error.value.cause, error.value.sentence


def test_what_is_wrong_with_the_number_of_gradients_is_said():
    assert sentence_of(None, 1) == (
        Cause.WRONG_TYPE,
        "backward returned None; did you forget the return statement?",
    )
    expected = "expected 2 gradients, one for each argument"
    assert sentence_of((1.0,), 2) == (Cause.WRONG_COUNT, f"backward returned 1 gradient; {expected}")
    assert sentence_of((1.0, 2.0, 3.0), 2)[1].startswith("backward returned 3 gradients;")
    assert sentence_of((), 1)[1] == "backward returned 0 gradients; expected one gradient"
    assert sentence_of({"a": 1.0}, 2)[0] is Cause.WRONG_TYPE
    assert "expected a tuple of 2 gradients, in the order of the arguments" in sentence_of({"a": 1.0}, 2)[1]
    assert problem({"a": 1.0}, 1.0).backward(np.array(1.0), None) == [
        {"a": 1.0}
    ]  # its type is another matter


def test_gradients_of_data_may_be_left_out_or_none():
    for returned in ((1.0, 2.0), (1.0, None, 2.0)):
        pair = CachedPair(lambda *xs: xs[0], lambda dout, cache, r=returned: r)
        call = Problem(pair, (1.0, "data", 3.0), ("x", "mode", "y"), "f", frozenset({1}))
        assert call.backward(np.array(1.0), None) == [1.0, 2.0]


@pytest.mark.parametrize(
    ("returned", "x", "count"), [([1.0, 2.0], np.ones(2), 1), ([1.0], 1.0, 1), ([[1.0, 2.0]], np.ones(2), 1)]
)
def test_a_list_is_the_gradient_itself_only_in_the_shape_of_the_input(returned, x, count):
    found = problem(returned, x).backward(np.ones(()), None)
    assert found == ([returned] if np.shape(returned) == np.shape(x) else returned)


def test_two_gradients_may_look_like_the_first_argument():
    assert problem([1.0, 2.0], np.ones(2), np.ones(2)).backward(np.ones(2), None) == [1.0, 2.0]
    assert problem((1.0, 2.0), np.ones(2), np.ones(2)).backward(np.ones(2), None) == [1.0, 2.0]


def test_words_in_the_shape_of_the_input_are_no_gradient_of_it():
    with pytest.raises(ContractError, match="backward returned 2 gradients; expected one gradient"):
        problem(["a", "b"], np.ones(2)).backward(np.ones(2), None)


def test_warnings_of_either_function_stay_inside():
    pair = CachedPair(lambda x: np.log(x), lambda dout, cache: dout / (x_of(cache) - x_of(cache)))

    def x_of(cache):
        return np.asarray(cache[0])

    call = Problem(pair, (np.array([-1.0, 0.0]),), ("x",), "f")
    out, token = call.forward(call.inputs)
    assert not np.isfinite(out).any()
    assert not np.isfinite(call.backward(np.ones(2), token)[0]).any()


def test_the_dtypes_and_notes_of_the_arguments_are_kept():
    call = Problem(CachedPair(lambda *xs: xs[0], None), (np.float32([1.0]), 2.0), ("x", "y"), "f")
    assert call.dtypes == call._arguments.dtypes != ()
    assert call.notes == call._arguments.notes
    assert any("promoted from float32" in note for note in call.notes)


def test_arrays_of_other_libraries_come_and_go_in_their_own_kind(monkeypatch):
    class Tensor:
        def __init__(self, array):
            self.array = array

    seen = []

    def backward(dout, token):
        seen.append(dout)
        return Tensor(dout.array * 2)

    monkeypatch.setattr(module, "as_numpy", lambda value: value.array if isinstance(value, Tensor) else value)
    monkeypatch.setattr(module, "wrapper_like", lambda value: Tensor if isinstance(value, Tensor) else None)
    call = Problem(CachedPair(lambda x: Tensor(x), backward), (np.ones(2),), ("x",), "f")
    assert call.forward(call.inputs)[0].tolist() == [1.0, 1.0]
    (gradient,) = call.backward(np.array([3.0, 4.0]), None)
    assert gradient.tolist() == [6.0, 8.0]
    assert isinstance(seen[0], Tensor)
    assert seen[0].array.tolist() == [3.0, 4.0]


class StandsIn:
    """A function that can be asked for several values at once, as one in another process."""

    def __call__(self, *inputs):
        raise AssertionError("it was asked one by one")

    def __in_turn__(self, calls):
        return [[float(np.log(*call.args)), call.keywords] for call in calls]


def test_outputs_are_asked_for_at_once_of_what_says_that_it_can_be(monkeypatch):
    monkeypatch.setattr(module, "as_numpy", lambda value: ("read", *value))
    call = Problem(CachedPair(StandsIn(), lambda dout, cache: None), (1.0,), ("x",), "f")
    inputs = [(np.array(0.0),), (np.array(1.0),)]
    assert call.outputs(inputs) == [("read", -np.inf, {}), ("read", 0.0, {})]
    assert call.evaluations == 2
    assert call.outputs([]) is None


def test_outputs_of_any_other_function_are_not():
    for pair in (CachedPair(np.log, lambda dout, cache: None), ScalarWithGradient(StandsIn(), None)):
        call = Problem(pair, (1.0,), ("x",), "f")
        assert call.outputs([call.inputs, call.inputs]) is None
        assert call.evaluations == 0
