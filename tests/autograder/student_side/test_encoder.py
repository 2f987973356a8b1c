"""What each kind of value becomes in a message, as `wire` describes it, and what is the translator's."""

import math
from array import array
from collections import Counter, OrderedDict, defaultdict, deque
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from autograder.student_side.frames import WireError
from autograder.student_side.tables import Numbers
from autograder.student_side.wire import Encoder, Plain
from tests.autograder.student_side.crossing import ITEMS, Left, same, sent

TWO = np.array([1.0, 2.0])
DEEP = {
    "a list": [[object()]],
    "a tuple": ((object(),),),
    "a dict": {"a": {"b": object()}},
    "a default dict": defaultdict(list, {"a": defaultdict(list, {"b": object()})}),
    "a deque": deque([deque([object()])]),
    "a factory": [defaultdict(lambda: 0)],
    "a slice": slice(slice(object())),
    "values": {"a": {"b": object()}.values()}.values(),
    "an array": [[np.ma.array([1.0])]],
    "objects of an array": [np.array(["\ud800"], object)],
    "a text": [["\ud800"]],
    "a long integer": [[2 ** (8 * 2**14)]],
    "a moment": [[datetime(1, 1, 1, tzinfo=timezone(timedelta(0), "mine"))]],
    "a text of NumPy's": [[np.str_("\ud800")]],
    "a table": [[pd.Series([object()])]],
}


@pytest.mark.parametrize(("value", "items"), ITEMS.values(), ids=ITEMS)
def test_each_kind_of_value_becomes_its_tag_and_its_parts(value, items):
    got, raw = sent((value,))
    assert same(got, [b"t", 1, *items])
    assert raw == b""


def test_arrays_are_told_in_scalars_and_their_numbers_are_raw():
    assert sent(TWO) == ([b"a", "float64 C", 1, 2], TWO.tobytes())
    assert sent([TWO, TWO.reshape(2, 1)[::2]]) == (
        [b"l", 2, b"a", "float64 C", 1, 2, b"a", "float64 C", 2, 1, 1],
        TWO.tobytes() + TWO[:1].tobytes(),
    )
    assert sent(Numbers(TWO)) == ([b"A", "float64 C", 1, 2], TWO.tobytes())


def test_tables_bring_room_for_their_price():
    assert sent(pd.NA) == ([b"P", b"t", 1, "pandas.NA"], bytes(4096))
    items, raw = sent(pd.Series(TWO))
    assert items[:3] == [b"F", b"t", 4]
    assert raw == TWO.tobytes() + bytes(3 * 4096)
    items, raw = sent(pd.Index([1, 2]))
    assert items[:3] == [b"P", b"t", 4]
    items, raw = sent(sparse.csr_matrix((2, 3)))
    assert items[:3] == [b"F", b"t", 5]


@pytest.mark.parametrize(
    "value",
    [
        *(math.sin, Left, iter([]), object(), Exception, "half a pair: \ud800", 2 ** (8 * 2**14 - 1)),
        *(np.array([object()]), np.array(["\ud800"]), np.array([[1.0], [object()]], object)),
        *(np.str_("\ud800"), np.zeros((1,) * 17), np.zeros((1,) * 17, object)),
        *(np.ma.array([1.0]), np.ones(2).view(type("Sub", (np.ndarray,), {})), np.zeros(2, [("a", float)])),
        *({object(): 2}, {(1, (object(),)): 2}, {object()}, {n * (2**61 - 1): 0 for n in range(8, 1000)}),
        *(
            frozenset({object()}),
            {object(): 1}.keys(),
            {object(): 1}.items(),
            defaultdict(int, {object(): 1}),
        ),
        *(type("Float", (float,), {})(1.0), type("List", (list,), {})(), type("Text", (str,), {})("a")),
        *(type("Dict", (dict,), {})(a=1), type("Bytes", (bytes,), {})(b"a"), type("Int", (int,), {})(2)),
        *(type("Date", (date,), {})(1, 1, 1), type("Queue", (deque,), {})(), type("Pair", (tuple,), {})()),
        *(Decimal("1e99999"), Fraction(1, 3**9000), range(10**9), ValueError(object())),
        *(datetime(1, 1, 1, tzinfo=timezone(timedelta(0), "mine")), type("Error", (ValueError,), {})("a")),
        *(pd.Series([object()]), pd.Index([object()]), sparse.dok_matrix((2, 2))),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_exactly_plain_is_left_to_the_translator(value):
    if value is Exception:
        value = type("Own", (Exception,), {})
    left = Left()
    assert sent(value, left, depth=3) == ([0], b"")
    assert len(left.seen) == 1
    assert left.seen[0] is value
    assert left.depths == [3]


@pytest.mark.parametrize("value", DEEP.values(), ids=DEEP)
def test_the_translator_is_told_how_deep_a_value_is(value):
    left = Left()
    sent(value, left)
    assert left.depths == [2]


def test_an_integer_of_as_many_bytes_as_may_be_crosses():
    longest = 2 ** (8 * 2**14 - 1) - 1
    assert sent(longest) == ([b"i", longest.to_bytes(2**14, "little", signed=True)], b"")


@pytest.mark.parametrize(
    "inner",
    [
        *((1,), [], {}, set(), frozenset(), deque(), defaultdict(int), 1j, b"", bytearray(), slice(1), ...),
        *(date(1, 1, 1), {}.keys(), np.str_("a"), pd.NA, pd.Series([1.0])),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_has_parts_or_a_writer_is_left_where_it_is_nested_too_deep(inner):
    left = Left(deepest=1)
    assert sent([inner], left) == ([b"l", 1, 0], b"")
    assert left.seen[0] is inner
    assert sent(inner, left)[0][0] != 0


@pytest.mark.parametrize("inner", [None, 1.5, "a", 2**70, TWO, np.int8(1), int], ids=repr)
def test_what_has_no_parts_crosses_however_deep_it_is(inner):
    left = Left(deepest=1)
    assert sent([inner], left)[0][2] != 0
    assert left.seen == []


def test_parts_of_exceptions_and_tables_count_as_deeper():
    for value in (ValueError("a"), pd.NA, pd.Series([1.0])):
        left = Left(deepest=1)
        sent(value, left)
        assert left.depths == [1]


def test_the_same_thing_again_is_told_by_its_place():
    things = [[], {}, set(), OrderedDict(), defaultdict(int), Counter(), deque(), bytearray(), TWO.copy()]
    things += [array("d"), np.array(["a"], object), pd.Series([1.0]), sparse.csr_array((1, 1))]
    for thing in things:
        encoder = Encoder(Plain())
        encoder.put([thing, thing])
        assert encoder.items[-2:] == [b"r", 1]
        assert len(encoder.met) == 2
        assert encoder.met[1] is thing
        assert encoder.items.count(b"r") == 1


def test_what_cannot_be_changed_in_place_is_told_again():
    for thing in ((1,), frozenset({1}), b"a", pd.Index([1]), Numbers(TWO)):
        encoder = Encoder(Plain())
        encoder.put((thing, thing))
        assert b"r" not in encoder.items
        assert encoder.met == []


def test_a_thing_is_marked_once_before_its_tag():
    class Marking(Plain):
        marks = True

        def mark(self, value, encoder):
            encoder.items += b"L", len(value)

    shared = [1.5]
    assert sent((shared, shared, {"a": shared}), Marking())[0] == [
        *(b"t", 3, b"L", 1, b"l", 1, 1.5, b"r", 0),
        *(b"L", 1, b"d", 2, "a", b"r", 0),
    ]


def test_an_array_of_a_subclass_can_be_put_as_if_it_were_plain():
    encoder = Encoder(Left(deepest=1))
    encoder.array(np.ma.array(TWO))
    encoder.array(np.array(["a"], object))
    assert encoder.items == [b"a", "float64 C", 1, 2, b"o", 1, 1, b"t", 1, "a"]
    encoder.all(b"t", ((),))
    assert encoder.items[-3:] == [b"t", 1, 0]
    encoder.all(b"t", ((),), -1)
    assert encoder.items[-4:] == [b"t", 1, b"t", 0]


def test_as_many_values_as_a_frame_has_room_for_are_put():
    most = 32 * 2**20 // 40
    left = Left()
    encoder = Encoder(left)
    encoder.items += [None] * (most - 3)
    encoder.put((1, 2, 3))
    encoder.items[most - 2 :] = []
    with pytest.raises(WireError, match="a message of more than 32 MB is not sent"):
        encoder.put((1, 2, 3))


def test_an_array_as_large_as_a_frame_is_put_and_no_larger_one():
    encoder = Encoder(Plain())
    encoder.put(np.zeros(2**25, np.uint8))
    assert len(encoder.raw[0]) == 2**25
    with pytest.raises(WireError, match=r"an array of shape \(33554433,\) is more than 32 MB"):
        encoder.put(np.broadcast_to(np.uint8(0), 2**25 + 1))
