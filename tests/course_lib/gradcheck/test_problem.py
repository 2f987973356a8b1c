import numpy as np
import pytest

from course_lib.gradcheck.pairs import StudentError
from course_lib.gradcheck.problem import as_input, as_list


def test_inputs_become_private_float64_copies():
    x = np.array([[1, 2], [3, 4]])[:, ::-1]
    array, plain, note = as_input(x, "x")
    assert array.dtype == np.float64
    assert array.flags.c_contiguous
    assert not np.shares_memory(array, x)
    assert not plain
    assert note == "x was promoted from int64 to float64"


@pytest.mark.parametrize(
    ("returned", "count", "found"), [(1.0, 1, 1), ((1.0,), 1, 1), ([1.0, 2.0], 2, 2), ((1.0, 2.0), 2, 2)]
)
def test_gradients_are_listed_whether_alone_or_together(returned, count, found):
    assert len(as_list(returned, count)) == found


@pytest.mark.parametrize(("returned", "count"), [(None, 1), ((), 1), ((1.0, 2.0), 3), (1.0, 2)])
def test_a_wrong_number_of_gradients_is_an_error(returned, count):
    with pytest.raises(StudentError):
        as_list(returned, count)
