"""Messages and values cross as they are, or not at all."""

import math

import hypothesis.extra.numpy as arrays
import msgpack
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.student_side import wire
from autograder.student_side.wire import DTYPES, Decoder, Encoder, Frames, WireError, frame, message_of

NUMBERS = st.integers(-(2**63), 2**64 - 1)
KEYS = st.text(max_size=5) | NUMBERS
ARRAYS = arrays.arrays(
    st.sampled_from([*DTYPES.values()]), arrays.array_shapes(min_dims=0, max_dims=4, min_side=0)
)
PLAIN = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.floats() | st.text(max_size=20) | ARRAYS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(KEYS, inner, max_size=4)
    ),
    max_leaves=20,
)
TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text(max_size=9)
    | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.tuples(st.sampled_from("ltdasxehc"), st.lists(inner, max_size=4)).map(
            lambda pair: [pair[0], *pair[1]]
        )
    ),
)


def refuse(value):
    raise WireError("not plain")


def same(one, other):
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(map(same, one.values(), other.values()))
    return one == other or (isinstance(one, float) and math.isnan(one) and math.isnan(other))


def across(value):
    frames = Frames()
    frames.feed(frame(["value", Encoder(refuse).tree(value)]))
    return Decoder(refuse).value(frames.next()[1])


@given(PLAIN)
def test_plain_data_arrives_as_it_was_sent(value):
    assert same(across(value), value)


@given(TREES)
def test_any_tree_is_a_value_or_a_wire_error(tree):
    try:
        value = Decoder(refuse).value(tree)
    except WireError:
        return
    assert type(Encoder(refuse).tree(value)) in (type(None), bool, int, float, str, list)


@given(st.binary(max_size=300))
def test_any_bytes_are_messages_or_a_wire_error(data):
    frames = Frames()
    frames.feed(data)
    try:
        while (message := frames.next()) is not None:
            assert type(message) is list
    except WireError:
        return


@given(st.lists(st.lists(NUMBERS, max_size=3), max_size=5), st.integers(1, 7))
def test_frames_may_arrive_in_any_pieces(contents, size):
    data = b"".join(frame(["message", content]) for content in contents)
    frames, seen = Frames(), []
    for start in range(0, len(data), size):
        frames.feed(data[start : start + size])
        while (message := frames.next()) is not None:
            seen.append(message[1])
    assert seen == contents


@pytest.mark.parametrize(
    "value",
    [
        *(2**64, -(2**63) - 1, 1j, b"bytes", {1, 2}, range(3), object(), math.sin),
        *(
            np.array([None]),
            np.ones(2, complex),
            np.array(["a"]),
            np.datetime64("2020-01-01"),
            np.complex64(1),
        ),
        *({1.5: 2}, {None: 1}, {(1,): 2}, {True: 1}, np.ma.array([1.0]), np.zeros(2, [("a", float)])),
        *(type("Float", (float,), {})(1.0), type("List", (list,), {})(), type("Text", (str,), {})("a")),
    ],
)
def test_what_is_not_exactly_plain_is_left_to_the_caller(value):
    seen = []
    Encoder(lambda other: seen.append(other)).tree(value)
    assert len(seen) == 1
    assert seen[0] is value


def test_deep_and_wide_values_are_refused_both_ways():
    deep = None
    for _ in range(wire.MAX_DEPTH + 1):
        deep = [deep]
    with pytest.raises(WireError, match="nested deeper than 16"):
        Encoder(refuse).tree(deep)
    tree = None
    for _ in range(wire.MAX_DEPTH + 1):
        tree = ["l", tree]
    with pytest.raises(WireError, match="nested deeper than 16"):
        Decoder(refuse).value(tree)
    with pytest.raises(WireError, match="more than 200000 values"):
        Encoder(refuse).tree([0] * wire.MAX_ITEMS)
    with pytest.raises(WireError, match="more than 200000 values"):
        Decoder(refuse).value(["l", *[["l", *[0] * 50_000]] * 5])


def test_large_texts_and_arrays_are_refused():
    with pytest.raises(WireError, match="longer than"):
        Encoder(refuse).tree("a" * (wire.MAX_TEXT + 1))
    with pytest.raises(WireError, match="more than 32 MB"):
        Encoder(refuse).tree(np.zeros(2**23))
    with pytest.raises(WireError, match="more than 32 MB"):
        frame(["x", bytes(2**24), bytes(2**24)])


def test_a_length_is_checked_before_anything_is_kept():
    frames = Frames()
    frames.feed(b"\xff\xff\xff\xff")
    with pytest.raises(WireError, match="4095 MB was announced"):
        frames.next()


@pytest.mark.parametrize(
    "payload",
    [
        *(b"", b"\xc1", b"\x90", b"\x91\x01", msgpack.packb({"a": 1}), msgpack.packb(["a", {"b": 1}])),
        *(msgpack.packb(["a", msgpack.ExtType(5, b"x")]), msgpack.packb(["a", msgpack.Timestamp(1)])),
        *(msgpack.packb(["a"]) + b"\x00", b"\x92\xa1a\xdf\x7f\xff\xff\xff", b"\x91\xdb\xff\xff\xff\xff"),
        *(b"\x91\xa2\xff\xff", b"\x91" * 5000, b"\x91\xdd\xff\xff\xff\xff" * 50),
    ],
)
def test_payloads_that_are_no_message_are_refused(payload):
    with pytest.raises(WireError):
        message_of(payload)


def test_texts_that_are_not_unicode_arrive_with_replacements():
    assert across("a\ud800b") == "a?b"


def test_a_strided_array_keeps_its_layout():
    array = np.arange(12.0).reshape(3, 4)
    for sent in (
        array,
        array.T,
        array[::2],
        array[:, ::-1],
        np.broadcast_to(array[0], (2, 4)),
        array[1:, 1:],
    ):
        got = across(sent)
        assert np.array_equal(got, sent)
        for flag in ("C_CONTIGUOUS", "F_CONTIGUOUS", "WRITEABLE"):
            assert got.flags[flag] == sent.flags[flag]
