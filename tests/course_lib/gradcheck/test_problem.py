import numpy as np
import pytest

from course_lib.gradcheck.arguments import numbers_of
from course_lib.gradcheck.causes import ContractError
from course_lib.gradcheck.pairs import CachedPair
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
