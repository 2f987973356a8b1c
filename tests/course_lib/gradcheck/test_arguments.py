import numpy as np
import pytest

from course_lib.gradcheck.arguments import (
    Arguments,
    as_input,
    is_data,
    is_list,
    is_number,
    may_be_data,
    numbers_of,
    promoted,
)


def test_inputs_become_private_float64_copies():
    x = np.array([[1, 2], [3, 4]])[:, ::-1]
    array, plain, note = as_input(x, "x")
    assert array.dtype == np.float64
    assert array.flags.c_contiguous
    assert not np.shares_memory(array, x)
    assert not plain
    assert note == "x was promoted from int64 to float64"


def test_a_masked_array_is_refused():
    with pytest.raises(TypeError, match="x is a masked array; pass its plain numbers"):
        as_input(np.ma.masked_array([1.0, 2.0], [True, False]), "x")


@pytest.mark.parametrize(
    "value", [None, "relu", b"x", True, np.array([True]), slice(2), range(3), len, {}, []]
)
def test_texts_masks_objects_and_what_is_empty_are_data(value):
    assert is_data(value)


def test_a_mask_that_is_added_to_scores_is_data_and_other_numbers_without_a_gradient_are_not():
    causal = np.where(np.tri(3), 0.0, -np.inf)
    for mask in (causal, causal.tolist(), causal.astype(np.float32), np.full(2, -np.inf), -np.inf):
        assert is_data(mask)
    for number in (-causal, causal + np.eye(3), np.where(np.tri(3), 0.0, np.nan), np.zeros(2)):
        assert not is_data(number)


@pytest.mark.parametrize("value", [1.0, 2, np.ones(2), [1.0, 2.0], np.float32(1)])
def test_numbers_are_no_data(value):
    assert not is_data(value)
    assert is_number(value) is (np.ndim(value) == 0)


def test_a_whole_number_that_no_array_of_integers_holds_is_a_number():
    array, plain, _ = as_input(2**70, "x")
    assert (array.item(), plain, is_data(2**70)) == (2.0**70, True, False)


def test_what_is_zero_or_far_below_may_be_a_mask():
    hidden = np.where(np.tri(3), 0.0, -1e9)
    assert all(map(may_be_data, [hidden, hidden + hidden.T, hidden.astype(np.float32), hidden.tolist()]))
    for variable in (np.zeros(3), hidden - 1, -hidden, hidden / 1e9, np.full(2, -1e9), -1e9):
        assert not may_be_data(variable)


def test_whole_numbers_may_be_data():
    assert all(map(may_be_data, [2, np.arange(3), [0, 1]]))
    assert not any(map(may_be_data, [2.0, np.ones(3), True]))


def test_data_stay_in_their_places():
    labels = np.array([0, 1])
    arguments = Arguments([2.0, labels, np.ones(2)], ["a", "y", "x"], frozenset({1}))
    assert arguments.names == ("a", "x")
    number, same, array = arguments.filled([np.array(5.0), np.zeros(2)])
    assert (number, type(number)) == (5.0, float)
    assert same is labels
    assert array.tolist() == [0.0, 0.0]
    assert arguments.of_variables([1, None, 2]) == [1, 2]
    assert arguments.of_variables([1, 2]) == [1, 2]


@pytest.mark.parametrize("value", [1.5, 2, np.float32(1.5), np.int64(2)])
def test_numbers_are_plain_and_arrays_of_none_are_not(value):
    assert as_input(value, "x")[1] is True
    assert as_input(np.asarray(value), "x")[1] is False
    assert as_input(True, "x")[1] is False


@pytest.mark.parametrize(
    ("value", "error", "sentence"),
    [
        (np.ones((0, 2)), ValueError, r"^x is empty, of shape \(0, 2\): there is nothing to check$"),
        ([1.0, np.inf], ValueError, "^x holds nan or inf: no gradient can be checked there$"),
        ({"a": 1.0}, TypeError, "^x is a dict; check_parameters checks dicts of arrays$"),
        ([[1.0], [1.0, 2.0]], TypeError, r"^x cannot be read as an array \(ValueError"),
        (np.array([1j]), TypeError, "^x has dtype complex128; expected real numbers$"),
        (np.array([None]), TypeError, "^x has dtype object; expected real numbers$"),
        ([1.0, None], TypeError, "^x has dtype object; expected real numbers$"),
        ((None,), TypeError, "^x has dtype object; expected real numbers$"),
        (None, TypeError, "^x is None; expected a float, or an array or a list of them$"),
        (10**400, TypeError, r"^x cannot be read as an array \(OverflowError: int too large"),
        (object(), TypeError, "^x is of type object; expected a float, or an array or a list of them$"),
    ],
)
def test_what_has_no_gradient_is_refused_in_one_sentence(value, error, sentence):
    with pytest.raises(error, match=sentence):
        as_input(value, "x")


def test_a_number_keeps_its_sign_and_float64_needs_no_note():
    array, _, note = as_input(np.array([-1.5, 2.0]), "x")
    assert (array.tolist(), note) == ([-1.5, 2.0], "")


@pytest.mark.parametrize(
    ("gradient", "numbers"),
    [
        (2, 2),
        (-2.5, -2.5),
        (np.float32(1.5), 1.5),
        ([1, -2.0], [1.0, -2.0]),
        ((1.0,), [1.0]),
        (np.array([[3.0]]), [[3.0]]),
        ([[1.0], [1.0, 2.0]], None),
        (["a"], None),
        ("a", None),
        (None, None),
        (np.array([1j]), None),
        (np.ma.masked_array([1.0], [False]), None),
    ],
)
def test_the_numbers_of_a_gradient_are_those_of_a_number_an_array_or_a_list(gradient, numbers):
    found = numbers_of(gradient)
    assert (found if found is None else found.tolist()) == numbers


def test_names_dtypes_and_notes_are_those_of_the_variables():
    values = [np.ones(2, np.float32), "text", [1, 2], 3.0]
    arguments = Arguments(values, ["a", "b", "c", "d"], frozenset({1}))
    assert arguments.names == ("a", "c", "d")
    assert arguments.dtypes == ("float32", "int64", "float64")
    assert arguments.notes == (
        "a was promoted from float32 to float64",
        "c was promoted from int64 to float64",
    )


def test_without_a_variable_the_first_argument_is_refused_as_one():
    with pytest.raises(TypeError, match=r"^a has dtype <U4"):
        Arguments(["text", None], ["a", "b"], frozenset({0, 1}))


def test_lists_come_as_arrays_or_as_what_they_were():
    for lists, kind in ((False, np.ndarray), (True, list)):
        arguments = Arguments([[1.0, 2.0], 3.0], ["a", "b"], lists=lists)
        first, second = arguments.filled([np.array([-1.0, 4.0]), np.array(5.0)])
        assert (type(first), list(first), type(second)) == (kind, [-1.0, 4.0], float)
    assert [is_list(value) for value in ([1], (1,), np.ones(1))] == [True, True, False]


def test_whole_numbers_in_an_array_or_a_list_become_floats_and_nothing_else_does():
    assert promoted([1, 2]).dtype == promoted(np.array([1])).dtype == np.float64
    for value in (3, 2.5, [1.0, 2.0], np.ones(2), None, "text", [True], [[1], [2, 3]]):
        assert promoted(value) is value
