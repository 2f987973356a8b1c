"""A check's own arguments stay as they are, and a result that is no pair is told with its function."""

from functools import partial

import numpy as np
import pytest

from course_lib.grading import fresh, two_of


def test_arrays_are_copied_and_all_else_is_handed_on():
    x, label = np.ones((2, 3)).T, object()
    copied, same, number = fresh((x, label, 2.0))
    assert same is label
    assert number == 2.0
    copied += 1
    assert (x == 1).all()


def test_two_results_are_returned_as_they_are():
    assert two_of(divmod, (7, 2), "quotient and rest") == (3, 1)
    assert two_of(lambda x: [x, x], (1,), "both") == [1, 1]


@pytest.mark.parametrize(
    ("result", "found"), [((1, 2, 3), "3"), ([1], "1"), (None, "no value"), (np.ones(2), "one value")]
)
def test_another_number_of_results_is_told_with_the_name_of_the_function(result, found):
    def relu_forward(x):
        return result

    for function in (relu_forward, partial(relu_forward)):
        with pytest.raises(AssertionError) as caught:
            two_of(function, (1,), "out and cache")
        told = f"relu_forward should return two values, out and cache; yours returns {found}"
        assert str(caught.value) == told
