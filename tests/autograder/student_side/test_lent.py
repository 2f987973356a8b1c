"""Of what was lent it is told whether it has changed, for as long as it can be reached."""

import gc
from array import array
from collections import Counter, deque

import numpy as np
import pandas as pd
import pytest

from autograder.student_side.lent import Lent, same, state_of

MADE = {
    "a list": lambda: [1.0, "a"],
    "a dict": lambda: {"a": 1.0},
    "a counter": lambda: Counter("ab"),
    "a set": lambda: {1.0},
    "a deque": lambda: deque([1.0]),
    "an array": lambda: np.ones(3),
    "bytes": lambda: bytearray(b"ab"),
    "an array of Python's": lambda: array("i", [1, 2]),
    "a series": lambda: pd.Series([1.0]),
    "a table": lambda: pd.DataFrame({"a": [1.0]}),
}
CHANGES = {
    "a list": lambda thing: thing.append(2),
    "a dict": lambda thing: thing.update(a=2),
    "a counter": lambda thing: thing.update("a"),
    "a set": lambda thing: thing.add(2),
    "a deque": lambda thing: thing.append(2),
    "an array": lambda thing: np.negative(thing, out=thing),
    "bytes": lambda thing: thing.reverse(),
    "an array of Python's": lambda thing: thing.reverse(),
    "a series": lambda thing: thing.__setitem__(0, 2.0),
    "a table": lambda thing: thing.__setitem__("b", 2.0),
}


@pytest.mark.parametrize("what", MADE)
def test_it_is_told_that_a_thing_has_changed_until_the_other_side_knows(what):
    lent, thing = Lent(), MADE[what]()
    lent.add(4, [[], thing])
    assert lent.look_up(thing) == (5, False)
    assert lent.changed() == []
    CHANGES[what](thing)
    assert lent.look_up(thing) == (5, True)
    assert len(lent.changed()) == 1
    assert lent.changed()[0] is thing
    lent.settle([object(), thing])
    assert lent.look_up(thing) == (5, False)
    assert lent.changed() == []


def test_what_was_not_lent_has_no_number():
    lent, mine = Lent(), [1]
    lent.add(0, [[1]])
    assert lent.look_up(mine) is None
    lent.settle([mine])
    assert lent.look_up(mine) is None


def test_what_stands_where_a_lent_thing_was_is_not_it():
    lent, one, other = Lent(), [1], [1]
    lent.add(0, [one])
    lent._numbers[id(other)] = 0
    assert lent.look_up(other) is None
    other.append(2)
    lent.settle([other])
    assert lent.look_up(one) == (0, False)


def test_an_array_that_student_code_has_given_up_is_gone():
    lent, array = Lent(), np.ones(3)
    lent.add(3, [array])
    array[0] = 2
    del array
    gc.collect()
    assert lent.changed() == []
    assert lent._things == {}
    other = np.ones(3)
    lent._numbers[id(other)] = 3
    assert lent.look_up(other) is None


def test_what_nobody_else_holds_is_forgotten_with_the_next_request():
    lent, kept = Lent(), [1]
    array = np.ones(2)
    lent.add(0, [[1], kept, np.ones(2), array])
    lent.add(4, [])
    assert list(lent._things) == [1, 3]
    assert lent.look_up(kept) == (1, False)
    assert lent.look_up(array) == (3, False)


def test_what_only_a_forgotten_thing_holds_is_forgotten_too():
    lent = Lent()
    inner = [1]
    lent.add(0, [[inner], inner])
    del inner
    lent.add(2, [])
    assert lent._things == {}


def test_of_earlier_requests_256_things_are_remembered():
    lent, things = Lent(), [[n] for n in range(300)]
    lent.add(0, things)
    assert lent.look_up(things[0]) == (0, False)
    lent.add(300, [])
    assert lent.look_up(things[43]) is None
    assert lent.look_up(things[44]) == (44, False)
    assert lent.look_up(things[299]) == (299, False)
    assert list(lent._things) == list(range(44, 300))


def test_numbers_of_what_was_forgotten_are_not_kept_for_ever():
    lent, things = Lent(), [[n] for n in range(1025)]
    lent.add(0, things[:1024])
    lent.add(1024, things[1024:])
    assert len(lent._numbers) == 1025
    lent.add(1025, [])
    assert lent._numbers == {id(things[number]): number for number in range(769, 1025)}
    assert lent.look_up(things[1024]) == (1024, False)


def test_states_are_compared_by_identity():
    one, equal = [1.5], [1.5]
    liar = type("Liar", (), {"__eq__": lambda self, other: True, "__hash__": lambda self: 1})
    assert same(state_of([one]), state_of([one]))
    assert not same(state_of([one]), state_of([equal]))
    assert not same(state_of([liar()]), state_of([liar()]))
    assert not same(state_of([one]), state_of([one, one]))
    assert same(state_of({"a": one}), state_of({"a": one}))
    assert not same(state_of({"a": one}), state_of({"b": one}))
    assert not same(state_of({"a": one}), state_of({"a": equal}))


def test_states_in_bytes_are_compared_as_bytes():
    assert same(state_of(np.ones(2)), state_of(np.ones(2)))
    assert not same(state_of(np.zeros(1)), state_of(-np.zeros(1)))
    assert same(b"ab", bytes(bytearray(b"ab")))
    assert not same(b"a", (97,))
    assert not same((97,), b"a")


def test_an_array_of_a_class_of_its_own_cannot_say_what_it_holds():
    liar = type("Liar", (np.ndarray,), {"tobytes": lambda self: b"as before"})
    assert state_of(np.ones(1).view(liar)) == np.ones(1).tobytes()


def test_a_table_that_no_longer_crosses_has_no_state():
    assert state_of(pd.Series([object()])) == b""
    assert state_of(pd.Series([1.0])) == state_of(pd.Series([1.0])) != state_of(pd.Series([2.0]))
    assert state_of(pd.Series([1.0], index=["a"])) != state_of(pd.Series([1.0], index=["b"]))
    assert state_of(pd.Series(["a"])) != state_of(pd.Series(["b"]))
