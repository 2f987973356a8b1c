import numpy as np
import pytest

from course_lib.gradcheck.pairs import CachedPair, StudentError
from course_lib.gradcheck.problem import Problem, as_input, as_list


def problem_of(forward, *inputs):
    names = [f"x{i}" for i in range(len(inputs))]
    return Problem(CachedPair(forward, lambda dout, cache: dout), inputs, names, "f")


def test_inputs_become_private_float64_copies():
    x = np.array([[1, 2], [3, 4]])[:, ::-1]
    array, plain, note = as_input(x, "x")
    assert array.dtype == np.float64
    assert array.flags.c_contiguous
    assert not np.shares_memory(array, x)
    assert not plain
    assert note == "x was promoted from int64 to float64"


def test_a_point_outside_the_domain_is_nan_and_counted():
    def forward(x):
        if x > 1:
            raise ValueError("too large")
        return x

    problem = problem_of(forward, 0.5)
    problem.out = np.array([0.5])
    assert problem.value([np.array(0.7)]) == [0.7]
    assert np.isnan(problem.value([np.array(2.0)])).all()
    assert problem.evaluations == 2


def test_an_output_that_is_reused_between_calls_is_copied():
    buffer = np.zeros(2)

    def forward(x):
        buffer[...] = x
        return buffer

    problem = problem_of(forward, np.array([1.0, 2.0]))
    problem.out = np.zeros(2)
    first = problem.value([np.array([1.0, 2.0])])
    problem.value([np.array([5.0, 6.0])])
    assert first == pytest.approx([1.0, 2.0])


@pytest.mark.parametrize(
    ("returned", "count", "found"), [(1.0, 1, 1), ((1.0,), 1, 1), ([1.0, 2.0], 2, 2), ((1.0, 2.0), 2, 2)]
)
def test_gradients_are_listed_whether_alone_or_together(returned, count, found):
    assert len(as_list(returned, count)) == found


@pytest.mark.parametrize(("returned", "count"), [(None, 1), ((), 1), ((1.0, 2.0), 3), (1.0, 2)])
def test_a_wrong_number_of_gradients_is_an_error(returned, count):
    with pytest.raises(StudentError):
        as_list(returned, count)
