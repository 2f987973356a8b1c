import numpy as np
import pytest

from course_lib.gradcheck.arguments import Arguments, as_input, is_data, may_be_data


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


@pytest.mark.parametrize("value", [None, "relu", b"x", True, np.array([True]), slice(2), range(3), len, {}])
def test_texts_masks_and_objects_are_data(value):
    assert is_data(value)


@pytest.mark.parametrize("value", [1.0, 2, np.ones(2), [1.0, 2.0], np.float32(1)])
def test_numbers_are_no_data(value):
    assert not is_data(value)


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
