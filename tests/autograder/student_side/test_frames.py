"""Frames arrive in any pieces, and none costs more than four times its bytes, however it was made."""

import struct
import tracemalloc

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.student_side import frames as wire_frames
from autograder.student_side.frames import HEADER, MAX_FRAME, NODE, Frames, WireError, frame, room
from autograder.student_side.wire import Decoder, Plain

NUMBERS = st.integers(-(2**63), 2**64 - 1)


def forged(tree, nodes, raw=b"", length=None):
    """A frame with any tree, that says it holds ``nodes``, in as few bytes as it may have."""
    space = room(nodes, len(tree))
    length = space + len(raw) if length is None else length
    return HEADER.pack(length, nodes, len(tree)) + tree + bytes(max(space - len(tree), 0)) + raw


def array_header(count):
    return b"\xdd" + struct.pack(">I", count)


def repeated(item, count):
    """The tree of a message with a kind and so many equal scalars, as msgpack has them."""
    return array_header(count + 1) + b"\xa1x" + item * count, count + 1


@given(st.binary(max_size=300))
def test_any_bytes_are_messages_or_a_wire_error(data):
    frames = Frames()
    frames.feed(data)
    try:
        while (message := frames.next()) is not None:
            assert type(message.kind) is str
    except WireError:
        return


@given(st.lists(st.lists(NUMBERS, max_size=3), max_size=5), st.integers(1, 7))
def test_frames_may_arrive_in_any_pieces(contents, size):
    data = b"".join(frame(["message", *content], [b"raw"]) for content in contents)
    frames, seen = Frames(), []
    for start in range(0, len(data), size):
        frames.feed(data[start : start + size])
        while (message := frames.next()) is not None:
            assert message.raw == b"raw"
            seen.append(list(message.items))
    assert seen == contents


@pytest.mark.parametrize(
    ("tree", "nodes"),
    [
        *(
            (b"", 0),
            (b"\xc1", 1),
            (b"\x90", 0),
            (b"\x91\x01", 1),
            (b"\x92\xa1x", 2),
            (b"\x92\xa1x\x01\x02", 2),
        ),
        *((b"\x92\xa1x\x91\x01", 2), (b"\x92\xa1x\x81\x01\x02", 2), (b"\x91\xa1x", 5), (b"\x91\xa1x\x01", 1)),
        *((b"\x92\xa1x\xc7\x00\x05", 2), (b"\x92\xa1x\xd4\x05\x00", 2), (b"\x92\xa1x\xd6\xff\0\0\0\0", 2)),
        *((b"\x92\xa1x\xa2\xff\xff", 2), (b"\x92\xa1x\xdb\xff\xff\xff\xff", 2), (b"\x91" * 5000, 1)),
        *(
            (b"\xdd\xff\xff\xff\xff", 1),
            (b"\x92\xa1x\xdd\x00\x03\x00\x00", 2),
            (b"\x92\xa1x\xdf\xff\xff\xff\xff", 2),
        ),
    ],
)
def test_trees_that_are_no_message_are_refused(tree, nodes):
    frames = Frames()
    frames.feed(forged(tree, nodes))
    with pytest.raises(WireError):
        frames.next()


def test_a_header_is_held_against_the_bounds_before_anything_is_kept():
    for length, nodes, size, said in (
        (MAX_FRAME + 1, 1, 2, "32 MB was announced"),
        (2**32 - 1, 2**32 - 1, 2**32 - 1, "4095 MB was announced"),
        (NODE * 1000 - 1, 1000, 0, "1000 values in 0 bytes want"),
        (1000, 1, 600, "1 values in 600 bytes want"),
    ):
        frames = Frames()
        frames.feed(HEADER.pack(length, nodes, size))
        with pytest.raises(WireError, match=said):
            frames.next()


def test_values_are_counted_before_one_is_made(monkeypatch):
    inner = array_header(199_000) + b"\x90" * 199_000
    tree = b"\x93\xa1x" + array_header(40) + inner * 40 + b"\xc0"
    monkeypatch.setattr(wire_frames, "islice", None)  # what makes them
    for nodes in (3, 199_000 * 40, MAX_FRAME // NODE):
        frames = Frames()
        frames.feed(HEADER.pack(len(tree), nodes, len(tree)))
        with pytest.raises(WireError, match="want a message of"):
            frames.next()


TREES = {
    "empty arrays": repeated(b"\x90", 50_000),
    "empty maps": repeated(b"\x80", 50_000),
    "nothing": repeated(b"\xc0", 50_000),
    "floats": repeated(b"\xcb" + struct.pack(">d", 0.1), 50_000),
    "integers of two bytes": repeated(b"\xcd\x7f\xff", 50_000),
    "long integers": repeated(b"\xcf" + b"\x7f" * 8, 50_000),
    "texts of two letters": repeated(b"\xa2ab", 50_000),
    "texts of two letters of another alphabet": repeated(b"\xa4" + "ĀĀ".encode(), 50_000),
    "texts of one picture": repeated(b"\xa4" + "\U0001f600".encode(), 50_000),
    "short bytes": repeated(b"\xc4\x02ab", 50_000),
    "a text with one picture": (msgpack.packb(["x", "a" * 2**22 + "\U0001f600"]), 2),
    "long bytes": (msgpack.packb(["x", bytes(2**22)]), 2),
    "arrays in arrays": (b"\x92\xa1x" + array_header(2**22) * 500, 2),
    "one huge array": (b"\x92\xa1x" + array_header(2**22) + b"\x90" * 2**22, 2),
    "an array of arrays": (
        b"\x92\xa1x" + array_header(40) + (array_header(199_000) + b"\x90" * 199_000) * 40,
        2,
    ),
    "a huge extension": (b"\x92\xa1x\xc9" + struct.pack(">IB", 2**22, 5) + bytes(2**22), 2),
    "empty lists": repeated(b"\xc4\x01l\x00", 25_000),
    "empty dicts": repeated(b"\xc4\x01d\x00", 25_000),
    "empty sets": repeated(b"\xc4\x01S\x00", 25_000),
    "lists of one": repeated(b"\xc4\x01l\x01\xc0", 17_000),
    "dicts of one": repeated(b"\xc4\x01d\x02\xa2ab\xc0", 50_000),
    "scalars of NumPy's": repeated(b"\xc4\x01s\xa5uint8\xc4\x01a", 17_000),
    "empty arrays of NumPy's": repeated(b"\xc4\x01a\xa7uint8 C\x01\x00", 20_000),
    "complex numbers": repeated(b"\xc4\x01j" + b"\xcb" + bytes(8) + b"\xcb" + bytes(8), 17_000),
    "integers of many bytes": repeated(b"\xc4\x01i\xc4\x09" + b"\x7f" * 9, 25_000),
    "slices": repeated(b"\xc4\x01x\xc0\xc0\xc0", 50_000),
}
HOW_MANY = {  # scalars for each of the repeated things that take more than one
    "empty lists": 2,
    "empty dicts": 2,
    "empty sets": 2,
    "lists of one": 3,
    "dicts of one": 4,
    "scalars of NumPy's": 3,
    "empty arrays of NumPy's": 4,
    "complex numbers": 3,
    "integers of many bytes": 2,
    "slices": 4,
}


def read_all(data):
    """What a reader makes of a frame's values; all of them are held."""
    frames = Frames()
    for start in range(0, len(data), 2**18):
        frames.feed(data[start : start + 2**18])
    decoder = Decoder(frames.next(), Plain())
    values = []
    try:
        while True:
            values.append(decoder.value())
    except WireError:
        return values


@pytest.mark.parametrize("what", TREES)
def test_a_frame_costs_no_more_than_four_times_its_bytes(what):
    tree, nodes = TREES[what]
    things = nodes - 1
    nodes = 1 + things * HOW_MANY.get(what, 1)
    data = forged(array_header(nodes) + tree[5:] if tree[:1] == b"\xdd" else tree, nodes)
    tracemalloc.start()
    try:
        try:
            kept = read_all(data)
        except WireError:
            kept = []
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most <= 4 * len(data) + max(len(data) // 8, 2**18), (
        f"{most / len(data):.1f} times {len(data)} bytes"
    )
    assert len(kept) in (0, 1, things)


@pytest.mark.parametrize("layout", ["C", "F", "S", "SR"])
def test_the_numbers_of_a_frame_cost_no_more_than_four_times_their_bytes(layout):
    count = 2**19
    data = frame(["x", b"a", f"float64 {layout}", 2, 2, count], [bytes(16 * count)])
    tracemalloc.start()
    try:
        (array,) = read_all(data)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert array.shape == (2, count)
    assert most <= 4 * len(data)


@pytest.mark.parametrize(("name", "letter"), [("U1", "\u4e2d".encode("utf-32-le")), ("S3", b"abc")])
def test_the_texts_of_an_array_cost_no_more_than_four_times_their_bytes(name, letter):
    count = 2**18
    data = frame(["x", b"a", f"{name} C", 1, count], [letter * count])
    tracemalloc.start()
    try:
        (array,) = read_all(data)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (len(array), array[-1]) == (count, "\u4e2d" if name == "U1" else b"abc")
    assert most <= 4 * len(data)


def test_a_frame_that_drips_in_takes_what_has_come():
    data = frame(["x", "text"], [bytes(1000)])
    frames = Frames()
    for number, byte in enumerate(data, start=1):
        frames.feed(bytes([byte]))
        assert (frames.next() is not None) == (number == len(data))


def test_a_message_too_large_to_send_is_refused():
    with pytest.raises(WireError, match="more than 32 MB"):
        frame(["x"], [bytes(2**24), bytes(2**24)])
    with pytest.raises(WireError, match="could not be packed"):
        frame(["x", 2**64], [])
