"""What is drawn, called and returned where a loss is contracted with an upstream gradient."""

import numpy as np
import pytest

from course_lib.gradcheck.check import upstream_gradient
from course_lib.gradcheck.lines.contracted import Contracted, beside, called, drawn_for, varies
from course_lib.gradcheck.lines.source import NotFollowed
from course_lib.gradcheck.lines.tape import TooLong


def test_an_upstream_gradient_is_drawn_as_by_the_check():
    assert drawn_for(lambda: np.ones((2, 3)), 7).tolist() == upstream_gradient((2, 3), None, 7).tolist()
    assert type(drawn_for(lambda: 3.0, 0)) is float
    for nothing in (None, "text", np.array([1j])):
        with pytest.raises(NotFollowed, match=r"^forward does not return an array of real numbers$"):
            drawn_for(lambda nothing=nothing: nothing, 0)


@pytest.mark.parametrize(
    ("result", "gradients", "places"),
    [
        ((1.0, None, 3.0), {"x": 1.0, "w": 3.0}, {0: "x", 1: "rows", 2: "w"}),
        ([1.0, 3.0], {"x": 1.0, "w": 3.0}, {0: "x", 1: "w"}),  # of the variables alone
        (2.0, {"x": 2.0, "w": None}, {0: "x", 1: "rows", 2: "w"}),
        ((None, 3.0), {"x": None, "w": 3.0}, {0: "x", 1: "w"}),
    ],
)
def test_gradients_in_order_are_of_all_inputs_or_of_the_variables_alone(result, gradients, places):
    subject = Contracted()
    subject._take(["x", "rows", "w"], [np.ones(1), np.array([1, 0]), np.ones(1)], 1.0, 0)
    assert subject._gradients(result) == gradients
    assert subject.places == places


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


class Doubled(Contracted):
    """A subject that needs no twins: twice the first of its inputs, of which one is a label."""

    def __init__(self, inputs, dout=None, seed=0):
        self._take(["x", "label", "b"], inputs, dout, seed)

    def _there(self, tape):
        self.tape = tape
        if tape.changes:
            raise TooLong
        return 2 * self._inputs[0], None


X = np.array([1.0, -2.0, 3.0])


def test_a_subject_has_its_inputs_by_name_and_wants_the_gradients_of_variables():
    subject = Doubled([X, np.array([1, 2]), 4.0], dout=np.array([1.0, 10.0, 100.0]))
    assert dict(subject.places) == {0: "x", 1: "label", 2: "b"}
    assert subject.wanted == ("x", "b")
    found = subject._gradients((X, None, 5.0))
    assert found.keys() == {"x", "b"}
    np.testing.assert_array_equal(found["x"], X)
    assert found["b"] == 5.0
    assert subject._gradients((X,))["b"] is None


def test_its_loss_is_the_output_times_the_upstream_gradient():
    subject = Doubled([X, 0, 4.0], dout=np.array([1.0, 10.0, 100.0]))
    assert subject.loss({}) == 2 * (1 - 20 + 300)
    assert not subject.tape.recording
    assert np.isnan(subject.loss({(0, 0): lambda value: value}))  # whatever it raises
    drawn = Doubled([X, 0, 4.0], seed=7)
    assert drawn.loss({}) == pytest.approx(2 * X @ upstream_gradient((3,), None, 7))


def test_another_upstream_gradient_leaves_the_subject_as_it_was():
    subject = Doubled([X, 0, 4.0], dout=np.array([1.0, 10.0, 100.0]))
    other = subject.with_another_upstream()
    assert subject.loss({}) == 562
    assert other.loss({}) == pytest.approx(2 * X @ beside(np.array([1.0, 10.0, 100.0])))
    assert type(other) is Doubled


def test_an_upstream_gradient_beside_another_differs_in_each_entry_by_a_factor_of_two_at_most():
    ratio = beside(np.arange(1.0, 50.0)) / np.arange(1.0, 50.0)
    assert ((ratio >= 0.5) & (ratio <= 2.0)).all()
    assert np.unique(ratio).size == 49
    assert beside(np.ones(3)).tolist() == beside(np.ones(3)).tolist()
    assert type(beside(2.0)) is float
    assert 1.0 <= beside(2.0) <= 4.0
