"""What a check handed over is changed here as student code changed it there, and nothing else is."""

import gc
from array import array
from collections import Counter, OrderedDict, defaultdict, deque

import numpy as np
import pytest

from autograder.grader_side import lending
from autograder.grader_side.lending import LARGEST_WATCHED, Lending
from autograder.student_side.frames import WireError


@pytest.mark.parametrize(
    ("thing", "changed"),
    [
        ([1, 2], [3]),
        (bytearray(b"ab"), bytearray(b"c")),
        (array("i", [1, 2]), array("i", [3])),
        ({"a": 1}, {"b": 2}),
        ({1, 2}, {3}),
        (deque([1, 2], 5), deque([3], 5)),
        (OrderedDict(a=1), OrderedDict(b=2)),
        (Counter("aab"), Counter("bc")),
        (defaultdict(list, a=[1]), defaultdict(list, b=[2])),
        (np.zeros((2, 3)), np.ones((2, 3))),
    ],
)
def test_a_thing_holds_what_student_code_put_there_and_is_the_same_thing(thing, changed):
    lent = Lending()
    lent.add([thing])
    assert lent.take_back(0, True, changed) is thing
    assert np.array_equal(thing, changed) if isinstance(thing, np.ndarray) else thing == changed


def test_a_counter_holds_the_new_counts_and_not_their_sum():
    thing, lent = Counter(a=2), Lending()
    lent.add([thing])
    lent.take_back(0, True, Counter(a=1))
    assert thing == Counter(a=1)


def test_a_thing_that_has_not_changed_stays_as_it_is():
    thing, lent = [1], Lending()
    lent.add([thing])
    assert lent.take_back(0, False, [2]) is thing
    assert thing == [1]


def test_things_are_numbered_in_the_order_in_which_they_are_lent():
    first, second, third, lent = [1], {"a": 1}, [3], Lending()
    assert lent.next == 0
    lent.add([first, second])
    assert lent.next == 2
    lent.add([third])
    assert lent.next == 3
    assert [lent.take_back(n, False, kind) for n, kind in ((0, []), (1, {}), (2, []))] == [
        first,
        second,
        third,
    ]
    for number in (-1, 3):
        with pytest.raises(WireError, match="a change should be of something that was sent"):
            lent.take_back(number, True, [])


def test_what_nobody_holds_here_any_more_is_what_comes():
    lent, value = Lending(), np.ones(2)
    lent.add([np.zeros(2)])
    gc.collect()
    assert lent.take_back(0, True, value) is value


def test_what_is_forgotten_is_not_changed_and_its_number_is_not_given_again():
    thing, value, lent = [1], [2], Lending()
    lent.add([thing])
    lent.forget()
    assert lent.take_back(0, True, value) is value
    assert (thing, lent.next) == ([1], 1)


def test_of_many_things_those_of_earlier_requests_are_let_go(monkeypatch):
    monkeypatch.setattr(lending, "MOST", 2)
    things, lent, other = [[k] for k in range(5)], Lending(), ["new"]
    for thing in things:
        lent.add([thing])
    held = [lent.take_back(number, False, other) is not other for number in range(5)]
    assert held == [False, False, True, True, True]
    lent.add(more := [[], [], []])
    held = [lent.take_back(number, False, other) is not other for number in range(8)]
    assert held == [False] * 3 + [True] * 5
    assert more == [[], [], []]


@pytest.mark.parametrize(
    ("thing", "value"), [([1], (1,)), ({"a": 1}, OrderedDict(a=1)), (array("i"), array("d"))]
)
def test_a_change_keeps_the_type(thing, value):
    lent = Lending()
    lent.add([thing])
    for changed in (True, False):
        with pytest.raises(WireError, match="what was changed in place should be of its type"):
            lent.take_back(0, changed, value)


@pytest.mark.parametrize("value", [np.zeros(3), np.zeros((2, 1)), np.zeros(2, np.float32), np.zeros(2, int)])
def test_an_array_keeps_its_shape_and_dtype(value):
    array, lent = np.ones(2), Lending()
    lent.add([array])
    with pytest.raises(WireError, match="a changed array should keep its shape and dtype"):
        lent.take_back(0, True, value)
    assert array.tolist() == [1, 1]


def test_an_array_in_another_byte_order_is_changed_by_one_in_ours():
    array, lent = np.array([1.0, 2.0], ">f8"), Lending()
    lent.add([array])
    lent.take_back(0, True, np.array([3.0, 4.0]))
    assert (array.tolist(), array.dtype) == ([3.0, 4.0], np.dtype(">f8"))


def test_a_read_only_array_is_not_changed():
    array, lent = np.ones(2), Lending()
    array.flags.writeable = False
    lent.add([array])
    with pytest.raises(WireError, match="a read-only array cannot be changed"):
        lent.take_back(0, True, np.zeros(2))


def test_a_table_holds_what_another_held():
    pandas = pytest.importorskip("pandas")
    table, lent = pandas.DataFrame({"a": [1, 2]}), Lending()
    lent.add([table])
    assert lent.take_back(0, True, pandas.DataFrame({"a": [3, 4]})) is table
    assert table["a"].tolist() == [3, 4]


def watching(*things):
    lent = Lending()
    lent.forget(watched=True)
    lent.see(list(things))
    return lent


@pytest.mark.parametrize(
    ("thing", "change"),
    [
        ([1], lambda t: t.append(2)),
        ({"a": 1}, lambda t: t.update(a=2)),
        ({1}, lambda t: t.add(2)),
        (bytearray(b"a"), lambda t: t.extend(b"b")),
        (np.zeros(2), lambda t: t.fill(1)),
    ],
)
def test_a_change_that_the_check_made_itself_is_seen_unless_it_is_handed_over(thing, change):
    lent = watching(thing)
    assert lent.changed_here([]) == ""
    change(thing)
    assert lent.changed_here([thing]) == ""
    assert lent.changed_here([[1], thing]) == ""
    assert lent.changed_here([]) == type(thing).__name__
    lent.forget(watched=True)
    assert lent.changed_here([]) == ""


def test_only_a_watched_cell_is_looked_at():
    thing, lent = [1], Lending()
    lent.see([thing])
    thing.append(2)
    assert (lent.watched, lent.changed_here([])) == (False, "")
    lent.forget(watched=True)
    assert lent.watched
    lent.forget()
    assert not lent.watched


def test_a_large_array_is_not_watched_and_a_smaller_one_is():
    large, small = np.zeros(LARGEST_WATCHED + 1, np.uint8), np.zeros(LARGEST_WATCHED, np.uint8)
    assert LARGEST_WATCHED == 2**20
    lent = watching(large, small)
    large[0] = 1
    assert lent.changed_here([]) == ""
    small[0] = 1
    assert lent.changed_here([]) == "ndarray"


def test_what_nobody_else_holds_is_let_go(monkeypatch):
    looked_at = []
    state_of = lending.state_of
    monkeypatch.setattr(lending, "state_of", lambda thing: looked_at.append(type(thing)) or state_of(thing))
    kept = {1}
    lent = watching([1], kept)
    looked_at.clear()
    assert lent.changed_here([]) == ""
    assert looked_at == [list, set]
    assert lent.changed_here([]) == ""
    assert looked_at == [list, set, set]
