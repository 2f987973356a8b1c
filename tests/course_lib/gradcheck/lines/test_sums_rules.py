"""The rules by which one line of a sum is the wrong one, one at a time."""

from types import SimpleNamespace

import numpy as np
import pytest

from course_lib.gradcheck.lines import sums
from course_lib.gradcheck.lines.slopes import Measured
from tests.course_lib.gradcheck.lines.asking import event, site, wrong


def part(before, added, after, name="g", **known):
    """What one line did; `added` may be the difference."""
    before, after = (None if a is None else np.array(a, dtype=float) for a in (before, after))
    added = after - before if added == "difference" else added
    return sums._Part(
        site(name, **known), before, None if added is None else np.array(added, dtype=float), after
    )


def test_a_line_changes_the_entries_that_differ_from_before():
    assert part([1.0, 2.0], None, [1.0, 3.0]).changed.tolist() == [False, True]
    for before, after in ((None, [1.0]), ([1.0], None), ([1.0], [1.0, 2.0])):
        assert part(before, None, after).changed is None


@pytest.mark.parametrize(
    ("before", "after", "factor"),
    [
        ([1.0, 2.0, 4.0], [3.0, 6.0, 12.0], 3.0),
        ([1.0, 2.0, 4.0], [3.0, 6.0, 4.0], 3.0),
        ([0.0, 2.0, 4.0], [5.0, 6.0, 12.0], 3.0),
        ([1.0, 2.0, 4.0], [0.0, 0.0, 12.0], 3.0),
        ([0.0, 0.0], [1.0, 2.0], 1.0),
        ([1.0], [1.0, 2.0], 1.0),
        (None, [2.0], 1.0),
        ([2.0], None, 1.0),
    ],
)
def test_a_factor_is_that_of_most_entries(before, after, factor):
    assert sums._factor(part(before, None, after)) == factor


def test_lines_add_up_to_their_sum_where_each_adds():
    one, two = part(None, [1.0, 2.0], None), part(None, [10.0, 20.0], None)
    assert sums._sum([one, two]).tolist() == [11.0, 22.0]
    assert sums._sum([one, part(None, None, None)]) is None
    assert sums._sum([one, part(None, [1.0], None)]) is None


def test_entries_that_are_not_known_to_be_unchanged_may_have_changed():
    errors = np.array([True, False])
    assert sums._as(np.array([False, True]), errors).tolist() == [False, True]
    assert sums._as(None, errors).tolist() == [True, True]
    assert sums._as(np.array([False]), errors).tolist() == [True, True]


@pytest.mark.parametrize(
    ("added", "factor", "where", "found"),
    [
        ([1.0, 1.0], 2.0, [True, False], True),
        ([1.0, 1.0], 2.0, [False, True], False),
        ([1.04, 1.0], 2.0, [True, False], True),
        ([1.06, 1.0], 2.0, [True, False], False),
        ([1.0], 2.0, [True, False], False),
        (None, 2.0, [True, False], False),
    ],
)
def test_entries_are_right_without_what_a_line_added_if_they_are_then_as_measured(
    added, factor, where, found
):
    finding = wrong([4.0, 9.0], [2.0, 9.0], 0.1)
    assert sums._right_without(part(None, added, None), factor, np.array(where), finding) is found


def by_entries(value, right, *parts):
    found, sure = sums._by_entries(wrong(value, right, 1e-9), list(parts))
    return [where.line for where in found], sure


def test_one_factor_on_all_entries_belongs_to_the_last_line():
    two = part(None, [1.0, 2.0], [1.0, 2.0], line=1), part([1.0, 2.0], None, [2.0, 4.0], line=2)
    assert by_entries([2.0, 4.0], [1.0, 2.0], *two) == ([2], False)
    for value, right in ((None, [1.0, 2.0]), ([2.0], [1.0]), ([1.0, 2.0], [1.0])):
        assert by_entries(value, right, *two) == ([], False)


WHOLE = [1.0, 2.0, 3.0, 4.0, 5.0]


def changing(entries, line, start=WHOLE, by=7.0, **known):
    after = np.array(start)
    after[list(entries)] += by
    return part(start, "difference", after, line=line, part=True, **known)


def test_where_no_line_changes_single_entries_the_last_one_is_doubted():
    parts = part(None, WHOLE, WHOLE, line=1), part(WHOLE, "difference", [2.0, 2.0, 3.0, 4.0, 5.0], line=2)
    assert by_entries([2.0, 2.0, 3.0, 4.0, 5.0], WHOLE, *parts) == ([2], False)


def test_entries_that_were_right_before_a_line_changed_them_are_its_fault():
    begun, middle = part(None, WHOLE, WHOLE, line=1), changing([1], 2)
    value = middle.after
    assert by_entries(value, WHOLE, begun, middle) == ([2], True)
    untouched = changing([3], 3, value, by=0.0)
    assert by_entries(value, WHOLE, begun, middle, untouched) == ([2], True)


def test_entries_are_right_before_a_line_but_for_the_factor_that_ends_it():
    half = [0.5 * entry for entry in WHOLE]
    begun, middle = part(None, half, half, line=1), changing([1], 2, half)
    scaled = part(middle.after, None, 2 * middle.after, line=3)
    assert by_entries(2 * middle.after, WHOLE, begun, middle, scaled) == ([2], True)


def test_errors_only_where_a_line_changed_something_are_its_fault():
    begun, middle = part(None, WHOLE, WHOLE, line=1), changing([1, 2], 2)
    right = middle.after + np.array([0.0, 1.0, 0.0, 0.0, 0.0])
    assert by_entries(middle.after, right, begun, middle) == ([2], True)


def test_errors_of_which_some_are_where_the_last_line_changed_something_may_be_those_of_the_first():
    begun, middle = part(None, WHOLE, WHOLE, line=1), changing([1], 2)
    right = middle.after + np.array([3.0, 1.0, 1.0, 0.0, 0.0])
    assert by_entries(middle.after, right, begun, middle) == ([1], False)


def test_of_two_lines_that_changed_all_wrong_entries_the_later_one_is_told():
    begun, middle = part(None, WHOLE, WHOLE, line=1), changing([1, 2], 2)
    after = changing([1, 2], 3, list(middle.after))
    right = after.after + np.array([0.0, 1.0, 2.0, 0.0, 0.0])
    assert by_entries(after.after, right, begun, middle, after) == ([3], True)


def test_what_is_added_to_the_entries_of_another_line_is_its_fault_in_whatever_order_they_are_added():
    begun, astray = part(None, [0.0] * 5, [0.0] * 5, line=1), changing([0, 1], 2, [0.0] * 5)
    after = changing([0, 1], 3, list(astray.after), by=2.0)
    right = [2.0, 2.0, 7.0, 7.0, 0.0]
    assert by_entries(after.after, right, begun, astray, after) == ([2], True)


@pytest.mark.parametrize(("errors", "found"), [(2, ([2], False)), (3, ([1], False))])
def test_errors_elsewhere_are_those_of_the_last_line_where_they_are_few(errors, found):
    begun, middle = part(None, WHOLE, WHOLE, line=1), changing([4], 2)
    right = middle.after + np.array([1.0, 2.0, 4.0, 0.0, 0.0]) * (np.arange(5) < errors)
    assert by_entries(middle.after, right, begun, middle) == found


def overwritten(right, *parts, name="g"):
    found = sums._overwritten(wrong([0.0, 0.0], right, 1e-9, of=site(name)), list(parts))
    return found and tuple(each.line for each in found)


ONE, TWO, THREE = ([1.0, 2.0], [10.0, 20.0], [100.0, 200.0])


def test_a_line_that_assigns_may_overwrite_any_line_before_it():
    first, second = part(None, ONE, ONE, line=1), part(None, TWO, TWO, line=2)
    third = part(None, THREE, THREE, line=3)
    assert overwritten([11.0, 22.0], first, second) == (2, 1)
    assert overwritten([110.0, 220.0], first, second, third) == (3, 2)
    assert overwritten([101.0, 202.0], first, second, third) == (3, 1)
    assert overwritten([7.0, 7.0], first, second, third) is None
    adding = part(TWO, THREE, [110.0, 220.0], kind="added to", line=3)
    assert overwritten([111.0, 222.0], first, second, adding) == (2, 1)
    assert overwritten([11.0, 22.0], first, part(ONE, TWO, TWO, kind="added to", line=2)) is None
    assert overwritten([11.0, 22.0], first, part(None, TWO, TWO, line=2, reads="g x")) == (2, 1)
    assert overwritten([2.0, 4.0], first, part(None, ONE, ONE, line=2, reads="x")) == (2, 1)


def test_a_copy_overwrites_nothing_and_nor_does_what_is_overwritten_itself():
    first, copied = part(None, ONE, ONE, line=1), part(None, ONE, ONE, line=2, reads="g")
    reversed_, lost = part(None, [-1.0, -2.0], [-1.0, -2.0], line=3, reads="g"), part(None, None, None)
    assert overwritten([2.0, 4.0], first, copied) is None
    assert overwritten([1.0, 2.0], first, part(None, ONE, ONE, line=2), reversed_) is None
    assert overwritten([2.0, 4.0], lost, copied) is overwritten([2.0, 4.0], first, lost) is None


def unmatched(*parts, uses=(), target="x", forward=True, matters=True, name="x", kind="used"):
    """The lines that belong to no use of a value, which is read where the gradients are these."""
    gradients = {
        moment: Measured(np.array(use), np.full(np.shape(use), 1e-9)) for moment, use in enumerate(uses)
    }
    asked = SimpleNamespace(
        base=SimpleNamespace(events=[event([1.0], (moment, 0)) for moment in gradients]),
        site=lambda one: site(name, kind),
        in_forward=lambda one: forward,
        matters=lambda one: matters,
        gradient_of=lambda one: gradients[one.moment[0]],
    )
    return [found.line for found in sums._unmatched(asked, wrong([0.0], [1.0], target=target), list(parts))]


def test_one_line_of_several_may_belong_to_no_use():
    first, second, third = (part(None, [x], [x], line=k) for k, x in enumerate((1.0, 10.0, 100.0), 1))
    assert unmatched(first, second, third, uses=([1.0], [100.0])) == [2]
    assert unmatched(first, second, third, uses=([1.0],)) == []
    assert unmatched(first, second, uses=([1.0], [10.0])) == []
    assert unmatched(first, part(None, None, [1.0]), uses=([1.0],)) == []
    for other in ({"name": "y"}, {"kind": "assigned"}, {"forward": False}, {"matters": False}):
        assert unmatched(first, second, uses=([1.0],), **other) == []
