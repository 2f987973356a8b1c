"""What an operand should be for everything to be right."""

import numpy as np

from course_lib.gradcheck.lines import operands
from tests.course_lib.gradcheck.lines.asking import event, site, wrong


def test_one_factor_is_the_same_to_a_ten_thousandth_and_beside_the_largest():
    right = np.array([1.0, -2.0, 3.0])
    for off, found in ((1.2e-4, True), (1.6e-4, False)):
        near = right * (1 + off * np.array([0.0, 1.0, 0.0]))
        assert operands.one_factor(near, right) is found
    for off, found in ((2.5e-6, True), (3.5e-6, False)):
        assert operands.one_factor(2 * np.array([off, -2.0, 3.0]), np.array([0.0, -2.0, 3.0])) is found
    assert operands.one_factor(np.zeros(3), right) is False
    assert operands.one_factor(np.zeros(3), np.zeros(3)) is True
    assert operands.one_factor(np.full(3, 1e-160), np.full(3, 1e-160)) is False


def test_several_entries_are_scaled_where_one_factor_makes_them_right():
    assert operands.scaled(wrong([2.0, 4.0], [1.0, 2.0])) is True
    assert operands.scaled(wrong([2.0, 5.0], [1.0, 2.0])) is False
    assert operands.scaled(wrong([0.0, 0.0], [1.0, 2.0])) is False
    for value, right in ((None, [1.0, 2.0]), ([2.0], [1.0]), ([2.0, 4.0, 6.0], [1.0, 2.0])):
        assert operands.scaled(wrong(value, right)) is False


def test_a_value_that_is_divided_at_last_is_bent_where_no_one_factor_makes_it_right():
    divides = site(divides=True)
    assert operands.bent(wrong([2.0, 5.0], [1.0, 2.0], of=divides)) is True
    assert operands.bent(wrong([0.0, 0.0], [1.0, 2.0], of=divides)) is True
    assert operands.bent(wrong([2.0, 4.0], [1.0, 2.0], of=divides)) is False
    assert operands.bent(wrong([2.0, 5.0], [1.0, 2.0])) is False
    for value, right in ((None, [1.0, 2.0]), ([2.0], [1.0]), ([2.0, 4.0, 7.0], [1.0, 2.0])):
        assert operands.bent(wrong(value, right, of=divides)) is False


def wanted(value, wrong_value, right, allowed=0.0, mask=False):
    found = operands._wanted(event(value, mask=mask), wrong(wrong_value, right, allowed))
    return found and (found.value.tolist(), found.allowed.tolist())


def test_an_operand_should_be_what_makes_its_product_right():
    assert wanted([2.0, 3.0], [10.0, 6.0], [5.0, 12.0], 0.5) == ([1.0, 6.0], [0.25, 0.25])
    assert wanted([2.0, 3.0], [0.0, 6.0], [0.0, 12.0]) == ([2.0, 6.0], [0.0, 0.0])
    assert wanted([2.0, 3.0], [4.0, 6.0], [1.0, 5.0]) == ([0.5, 2.5], [0.0, 0.0])
    assert wanted([2.0, 0.0], [4.0, 0.0], [1.0, 5.0], 1.0) == ([0.5, 2.5], [0.5, 0.5])
    near = wanted([2.0, 3.0], [4.0, 6.0 * (1 + 2e-9)], [1.0, 5.0])[0]
    assert near[0] == 0.5
    assert near[1] != 2.5


def test_a_mask_should_be_on_where_something_comes_through():
    assert wanted([1.0, 1.0], [3.0, 4.0], [0.0, 4.0], mask=True) == ([0.0, 1.0], [0.0, 0.0])


def test_what_is_no_factor_of_a_value_should_be_nothing_else():
    assert wanted([0.0, 0.0], [3.0, 4.0], [1.0, 4.0]) is None
    assert wanted(None, [3.0, 4.0], [1.0, 4.0]) is None
    assert wanted([1.0, 2.0], None, [1.0, 4.0]) is None
    assert wanted([1.0], [3.0, 4.0], [1.0, 4.0]) is None
    assert wanted([1.0, 2.0], [3.0], [1.0, 4.0]) is None
    assert wanted([1.0, 2.0], [3.0, 4.0], [np.nan, 4.0]) is None


def test_two_entries_may_be_bent_and_a_factor_of_any_sign_be_wanted():
    assert operands.bent(wrong([2.0, 5.0], [1.0, 2.0], of=site(divides=True))) is True
    assert wanted([2.0, 3.0], [-4.0, -6.0], [1.0, 5.0]) == ([-0.5, -2.5], [0.0, 0.0])
    assert wanted([2.0, 3.0], [0.0, 0.0], [0.0, 0.0], 1.0) == ([2.0, 3.0], [0.0, 0.0])
