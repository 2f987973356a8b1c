"""What is drawn, called and returned where a loss is contracted with an upstream gradient."""

import numpy as np
import pytest

from course_lib.gradcheck.check import upstream_gradient
from course_lib.gradcheck.lines.contracted import called, drawn_for, in_order, varies
from course_lib.gradcheck.lines.source import NotFollowed
from course_lib.gradcheck.lines.tape import TooLong


def test_an_upstream_gradient_is_drawn_as_by_the_check():
    assert drawn_for(lambda: np.ones((2, 3)), 7).tolist() == upstream_gradient((2, 3), None, 7).tolist()
    assert type(drawn_for(lambda: 3.0, 0)) is float
    for nothing in (None, "text", np.array([1j])):
        with pytest.raises(NotFollowed, match=r"^forward does not return an array of real numbers$"):
            drawn_for(lambda nothing=nothing: nothing, 0)


def test_gradients_in_order_belong_to_the_names_in_order():
    assert {n: float(g) for n, g in in_order(["a", "b"], (1.0, 2.0)).items()} == {"a": 1.0, "b": 2.0}
    assert {n: float(g) for n, g in in_order(["a", "b"], [1.0]).items()} == {"a": 1.0}
    assert in_order(["a"], np.ones(2))["a"].tolist() == [1.0, 1.0]
    assert in_order(["a"], (None, 3.0)) == {"a": None}


def test_what_a_first_call_raises_is_a_reason():
    def too_long():
        raise TooLong

    def told():
        raise NotFollowed("its own reason")

    for function, reason in (
        (too_long, "its loops take too many turns"),
        (told, "its own reason"),
        (lambda: 1 / 0, "it raises ZeroDivisionError"),
    ):
        with pytest.raises(NotFollowed) as refused:
            called(function)
        assert str(refused.value) == reason
    assert called(lambda: 3) == 3


@pytest.mark.parametrize(
    ("value", "is_variable"),
    [
        (np.ones(2), True),
        (np.ones(2, dtype=np.float32), True),
        (np.array([1, 2]), False),
        (np.array([True]), False),
        (np.zeros(0), False),
        (2.0, True),
        (3, True),
        (np.float64(1.0), True),
        (np.int64(1), True),
        (True, False),
        (np.True_, False),
        (None, False),
        ("text", False),
        ([1.0], False),
    ],
)
def test_variables_are_real_numbers_that_are_not_whole_by_type(value, is_variable):
    assert varies(value) is is_variable
