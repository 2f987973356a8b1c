"""Values cross as they are, or not at all."""

from collections import Counter, OrderedDict, defaultdict, deque
from datetime import UTC, timedelta, timezone
from zoneinfo import ZoneInfo

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.student_side.arrays import DTYPES, LAYOUTS
from autograder.student_side.decoder import READERS
from autograder.student_side.frames import WireError
from autograder.student_side.wire import MAX_DEPTH, Encoder, Plain, message, message_of, payload_of
from tests.autograder.student_side.crossing import Left, across, received, same

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**80), 2**80)
    | st.floats()
    | st.complex_numbers()
    | st.text(max_size=20)
    | st.binary(max_size=9)
)
KEYS = st.text(max_size=5) | st.integers() | st.floats(allow_nan=False) | st.booleans() | st.none()
ZONES = (
    st.none() | st.just(UTC) | st.just(ZoneInfo("Europe/Paris")) | st.just(timezone(timedelta(minutes=-90)))
)
EXACT = (
    st.dates()
    | st.datetimes(timezones=ZONES)
    | st.times(timezones=st.just(None))
    | st.timedeltas()
    | st.decimals().filter(
        lambda value: abs(value.adjusted()) < 9_000 if value.is_finite() else not value.is_snan()
    )
    | st.fractions()
    | st.builds(range, st.integers(-9, 9), st.integers(-9, 9), st.sampled_from([-2, 1, 3]))
)
ODD_KEYS = (
    KEYS
    | st.dates()
    | st.fractions()
    | st.tuples(KEYS, KEYS)
    | st.complex_numbers(allow_nan=False)
    | st.binary(max_size=3)
)
ARRAYS = arrays.arrays(
    st.sampled_from([*DTYPES.values()]), arrays.array_shapes(min_dims=0, max_dims=4, min_side=0)
)
SIZED_ARRAYS = arrays.arrays(
    st.sampled_from([np.dtype(name) for name in ("U3", "S4", "M8[D]", "M8[ns]", "m8[s]")]),
    arrays.array_shapes(min_dims=0, max_dims=3, min_side=0),
)
PLAIN = st.recursive(
    SCALARS
    | EXACT
    | ARRAYS
    | SIZED_ARRAYS
    | st.binary(max_size=9).map(bytearray)
    | st.just(...)
    | st.sets(ODD_KEYS, max_size=4)
    | st.frozensets(ODD_KEYS, max_size=4),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(ODD_KEYS, inner, max_size=4)
        | st.dictionaries(KEYS, inner, max_size=4).map(OrderedDict)
        | st.dictionaries(KEYS, inner, max_size=4).map(lambda pairs: defaultdict(list, pairs))
        | st.dictionaries(ODD_KEYS, st.integers(), max_size=4).map(Counter)
        | st.lists(inner, max_size=4).map(deque)
    ),
    max_leaves=20,
)
TAGS = st.sampled_from([*READERS, b"h", b"L", b"", b"tt"])
RUNS = st.lists(TAGS | SCALARS | st.integers(0, 3) | st.sampled_from([*LAYOUTS]), max_size=30)


@given(PLAIN)
def test_plain_data_arrives_as_it_was_sent(value):
    assert same(across(value), value)


@given(RUNS, st.binary(max_size=40))
def test_any_run_of_scalars_is_a_value_or_a_wire_error(items, raw):
    decoder = received(
        *[item if type(item) is not int else item % 2**63 for item in items if type(item) is not complex],
        raw=raw,
    )
    try:
        value = decoder.value()
    except WireError:
        return
    encoder = Encoder(Plain())
    encoder.put(value)
    assert encoder.items


def test_what_is_nested_too_deep_is_left_to_the_translator_too():
    deep = None
    for _ in range(MAX_DEPTH + 9):
        deep = [deep]
    left = Left()
    Encoder(left).put(deep)
    assert left.seen == [[[[[[[[[[None]]]]]]]]]]
    with pytest.raises(WireError, match="nested deeper than 32"):
        received(*[b"l", 1] * 40, None).value()


def test_the_same_object_twice_arrives_as_the_same_object_twice():
    array, shared = np.arange(3.0), [1]
    one, two, inner, again = across([array, array, shared, (shared, {"a": shared})])
    assert one is two
    assert inner is again[0] is again[1]["a"]
    assert inner is not shared


def test_a_list_that_holds_itself_arrives_so():
    ring = [1]
    ring += [ring, {"back": ring}]
    got = across(ring)
    assert got[1] is got
    assert got[2]["back"] is got


def test_two_to_the_power_of_a_thousand_ways_through_a_value_cost_no_more_than_its_parts():
    pair = [1.0]
    for _ in range(MAX_DEPTH - 1):
        pair = [pair, pair]
    encoder = Encoder(Plain())
    encoder.put(pair)
    assert len(encoder.items) < 200


def test_keys_whose_hashes_can_be_made_equal_are_few():
    prime = 2**61 - 1
    keys = [n * prime for n in range(2**4, 2**12)]
    assert len({hash(key) for key in keys}) == 1
    items = [part for key in keys for part in (b"i", key.to_bytes(12, "little", signed=True))]
    with pytest.raises(WireError, match="elements that may cross"):
        received(b"S", len(keys), *items).value()


def test_what_is_too_large_for_a_frame_is_refused_before_it_is_copied():
    with pytest.raises(WireError, match="more than 32 MB"):
        Encoder(Plain()).put(np.broadcast_to(1.0, (2**20, 2**20)))
    with pytest.raises(WireError, match="more than 32 MB"):
        Encoder(Plain()).put([0.0] * (2**20 + 1))


def test_an_honest_list_of_half_a_million_numbers_crosses():
    numbers = [float(n) for n in range(500_000)]
    assert across(numbers) == numbers


def test_control_messages_hold_plain_data_only():
    assert message_of(payload_of(["start", ["a", 1, None], [0.5, True]])) == [
        "start",
        ["a", 1, None],
        [0.5, True],
    ]
    with pytest.raises(WireError, match="not plain data"):
        payload_of(["start", object()])
    for payload in (b"", b"x" * 12, payload_of([]), message("parts", 1), message("parts", ["a"])[:-1]):
        with pytest.raises(WireError):
            message_of(payload)


@pytest.mark.parametrize("text", ["", "a\x00b", "é" * 1000, "\U0001f600"])
def test_texts_arrive_whole(text):
    assert across(text) == text
