"""What a message's scalars mean, as `wire` describes them, and which are refused."""

from collections import defaultdict

import numpy as np
import pandas as pd
import pytest

from autograder.student_side.frames import WireError
from autograder.student_side.tables import Numbers
from autograder.student_side.wire import MAX_DEPTH, Plain
from tests.autograder.student_side.crossing import ITEMS, across, received, same

TWO = np.array([1.0, 2.0])
PRIME = 2**61 - 1  # integers that are multiples of it have one hash
MANY = [part for n in range(16, 200) for part in (b"i", (n * PRIME).to_bytes(12, "little"))]


class Told(Plain):
    """Makes of a tag of its own what was told of it."""

    def decode(self, tag, decoder, depth):
        return tag, decoder, depth


@pytest.mark.parametrize(("value", "items"), ITEMS.values(), ids=ITEMS)
def test_each_tag_and_its_parts_become_the_value_again(value, items):
    decoder = received(*items, "rest")
    assert same(decoder.value(), value)
    assert list(decoder.items) == ["rest"]


def test_arrays_take_their_numbers_from_the_raw_bytes_in_order():
    raw = TWO.tobytes() + (-TWO).tobytes()
    decoder = received(b"a", "float64 C", 1, 2, b"A", "float64 C", 2, 1, 2, raw=raw)
    assert same(decoder.value(), TWO)
    part = decoder.value()
    assert type(part) is Numbers
    assert same(part.array, -TWO.reshape(1, 2))
    assert len(decoder.met) == 1
    with pytest.raises(WireError, match="1 bytes of an array were announced that did not come"):
        decoder.take(1)


def test_what_can_be_changed_in_place_is_met_in_the_order_in_which_it_begins():
    things = [[1], {"a": {2}}, defaultdict(list, a=[3]), bytearray(b"a"), TWO, np.array(["a"], object)]
    things += [pd.Series([1.5])]
    items = (b"l", 1, b"t", 2, b"l", 0, b"r", 1)
    decoder = received(*items)
    (pair,) = value = decoder.value()
    assert decoder.met[0] is value
    assert pair[0] is decoder.met[1] is pair[1]
    got = across([*things, *things])
    assert all(one is again for one, again in zip(got[: len(things)], got[len(things) :], strict=True))
    assert same(got[:-1][:6], things[:6])
    assert got[6].equals(things[6])


@pytest.mark.parametrize(
    ("items", "thing"),
    [
        ((b"d", 2, "a", b"t", 1, b"r", 0), lambda value: value["a"][0]),
        ((b"O", 2, "a", b"r", 0), lambda value: value["a"]),
        ((b"D", "int", b"d", 2, "a", b"r", 0), lambda value: value["a"]),
        ((b"C", 2, "a", b"r", 0), lambda value: value["a"]),
        ((b"l", 1, b"r", 0), lambda value: value[0]),
        ((b"q", 1, b"l", 1, b"r", 0), lambda value: value[0]),
    ],
)
def test_a_container_may_hold_itself(items, thing):
    value = received(*items).value()
    assert thing(value) is value


def test_a_set_an_array_of_objects_and_a_table_take_their_places_before_their_parts():
    decoder = received(b"l", 3, b"S", 1, 2, b"o", 1, 1, b"t", 1, "a", b"r", 2)
    value = decoder.value()
    assert value[2] is value[1]
    assert list(map(type, decoder.met)) == [list, set, np.ndarray]
    assert value[0] == {2}
    assert value[1].tolist() == ["a"]


REFUSED = {
    "not plain data, or nested deeper than 32": [(), (b"t", 1), (b"l", 2, 1)],
    "not plain data$": [(b"h", 1), (b"z",), (b"",), (b"tt",)],
    "no int where there should be one": [
        (b"t", True),
        (b"l", "a"),
        (b"r", 1.0),
        (b"o", None),
        (b"d",),
        (b"t",),
    ],
    "no str where there should be one": [(b"y", b"a"), (b"s", 1, b"a"), (b"w", 1, b"t", 0), (b"v",)],
    "no bytes where there should be one": [(b"b", "a"), (b"B", "a"), (b"i", 1), (b"s", "int8", 1)],
    "no float where there should be one": [(b"j", 1, 1.0), (b"j", 1.0, 1)],
    "greatest length should be an integer or None": [
        *((b"q", True, b"l", 0), (b"q", -1, b"l", 0), (b"q", 2**31, b"l", 0), (b"q", "1", b"l", 0), (b"q",)),
    ],
    "a type of number, and whole ones": [
        *((b"V", "u", b""), (b"V", "bB", b""), (b"V", "", b""), (b"V", "h", b"a")),
    ],
    "a deque should have elements": [(b"q", 1, b"t", 0)],
    "a defaultdict should have a factory and pairs": [(b"D", 1, b"d", 0), (b"D", "int", b"O", 0)],
    "keys that may cross": [
        *((b"d", 2, b"l", 0, 1), (b"d", 1, "a"), (b"O", 1, "a"), (b"C", 1, "a"), (b"D", "int", b"d", 1, "a")),
        *((b"w", "keys", b"t", 1, b"l", 0), (b"w", "items", b"t", 1, "a"), (b"w", "keys", b"t", 184, *MANY)),
    ],
    "elements that may cross": [(b"S", 1, b"l", 0), (b"Z", 1, b"l", 0), (b"S", 184, *MANY)],
    "a view of a dict should have elements": [(b"w", "keys", b"l", 0), (b"w", "pairs", b"t", 0)],
    "no such class": [(b"y", "os.system"), (b"y", "ValueError")],
    "as many small values as its sizes say": [
        *((b"o", 1, 2, b"t", 1, "a"), (b"o", 1, 1, b"l", 1, "a"), (b"o", 1, 1, b"t", 1, b"t", 0)),
        *((b"o", -1, b"t", 1, "a"), (b"o", -1, b"t", 0), (b"o", 17, *[1] * 17, b"t", 0)),
        *((b"o", -1, b"t", 1, "a"), (b"o", 17, *[1] * 17, b"t", 1, "a"), (b"o", 1, True, b"t", 1, "a")),
        *((b"o", 2, -1, -1, b"t", 1, "a"), (b"o", 1, 0, b"t", 1, "a"), (b"o", 1, 1.0, b"t", 1, "a")),
    ],
    "refers to one that did not come": [(b"r", 0), (b"l", 1, b"r", 1), (b"l", 1, b"r", -1)],
    "an integer of 16385 bytes is longer than 16384": [(b"i", bytes(2**14 + 1))],
    "a table should be a tuple": [(b"P", b"l", 0), (b"F", 1)],
    "announced that did not come": [(b"P", b"t", 1, "pandas.NA"), (b"a", "float64 C", 1, 2)],
}


@pytest.mark.parametrize("said", REFUSED)
def test_what_an_honest_encoder_does_not_make_is_refused(said):
    for items in REFUSED[said]:
        with pytest.raises(WireError, match=said):
            received(*items).value()


@pytest.mark.parametrize(
    "items",
    [
        *((b"q", 2**31 - 1, b"l", 0), (b"q", 0, b"l", 0), (b"i", bytes(2**14))),
        *((b"o", 16, *[1] * 16, b"t", 1, "a"), (b"o", 1, 0, b"t", 0), (b"o", 0, b"t", 1, "a")),
    ],
)
def test_what_is_as_large_as_it_may_be_is_read(items):
    decoder = received(*items, "rest")
    decoder.value()
    assert list(decoder.items) == ["rest"]


@pytest.mark.parametrize(
    "tag",
    [
        *((b"l", 1), (b"t", 1), (b"d", 2, "a"), (b"O", 2, "a"), (b"C", 2, "a"), (b"D", "int", b"d", 2, "a")),
        *((b"q", None, b"l", 1), (b"x", None, None), (b"x", None), (b"x",), (b"Z", 1)),
    ],
)
def test_values_are_nested_as_deep_as_32_and_no_deeper(tag):
    after = {(b"x", None): (None,), (b"x",): (None, None)}.get(tag, ())
    received(*[*tag] * 32, b"t", 0, *[*after] * 32).value()
    with pytest.raises(WireError, match="nested deeper than 32"):
        received(*[*tag] * 33, b"t", 0, *[*after] * 33).value()


@pytest.mark.parametrize(
    ("tag", "end"),
    [
        *(((b"S", 1), (b"t", 0)), ((b"w", "values"), (b"t", 0)), ((b"o", 1, 0), (b"t", 0))),
        *(((b"D",), (b"y", "builtins.set", b"d", 0)), ((b"P",), (b"t", 1, "pandas.NA"))),
        *(((b"F",), (b"t", 1, "pandas.NA")), ((b"X", "builtins.KeyError"), (b"t", 0))),
    ],
)
def test_parts_count_as_deeper(tag, end):
    items = [b"l", 1] * 31
    received(*items, *tag, *end, raw=bytes(4096)).value()
    with pytest.raises(WireError, match="nested deeper than 32"):
        received(*items, b"l", 1, *tag, *end, raw=bytes(4096)).value()


def test_scalars_may_be_deeper_than_what_has_parts():
    assert received(7).value(MAX_DEPTH + 1) == 7
    assert received(*[b"l", 1] * 33, None).value()


def test_a_tag_of_the_translators_own_is_read_by_it():
    decoder = received(b"l", 1, b"t", 1, b"h", translator=Told())
    assert decoder.value() == [((b"h", decoder, 2),)]
    decoder = received(b"h", translator=Told())
    assert decoder.value() == (b"h", decoder, 0)


def test_a_mark_stands_before_what_can_be_changed_in_place():
    raw = TWO.tobytes()
    for items in (
        *(
            (b"l", 0),
            (b"d", 0),
            (b"S", 0),
            (b"O", 0),
            (b"D", None, b"d", 0),
            (b"C", 0),
            (b"q", None, b"l", 0),
        ),
        *((b"a", "float64 C", 1, 2), (b"o", 0, b"t", 1, 1), (b"B", b"")),
    ):
        decoder = received(*items, raw=raw)
        assert decoder.marked(0) is decoder.met[0]
    for items in ((b"t", 0), (b"Z", 0), (b"b", b""), (b"r", 0), (b"P", b"t", 1, "pandas.NA")):
        with pytest.raises(WireError, match="a mark should stand before a list, dict, set or array"):
            received(*items, raw=bytes(4096)).marked(0)
    with pytest.raises(WireError, match="no bytes"):
        received(1).marked(0)


def test_only_a_named_other_tag_may_stand_between_a_mark_and_its_thing():
    decoder = received(b"k", b"k", translator=Told())
    assert decoder.marked(3, (b"k", b"K")) == (b"k", decoder, 3)
    with pytest.raises(WireError, match="a mark should stand before"):
        decoder.marked(3)


def test_a_marked_thing_is_as_deep_as_its_mark():
    received(b"l", 1, b"t", 0).marked(31)
    with pytest.raises(WireError, match="nested deeper"):
        received(b"l", 1, b"t", 0).marked(32)


def test_the_time_zones_of_a_table_are_the_messages():
    decoder = received(b"P", b"t", 4, "pandas.Timestamp", 0, "ns", "Europe/Paris", raw=bytes(4096))
    assert decoder.value() == pd.Timestamp(0, tz="Europe/Paris")
    assert decoder.zones == {"Europe/Paris"}
