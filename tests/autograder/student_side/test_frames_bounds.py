"""What a frame's bytes are, one by one, and exactly how much may stand in it."""

import msgpack
import pytest

from autograder.student_side.frames import MAX_FRAME, Frames, Message, WireError, frame, room


def read(data):
    frames = Frames()
    frames.feed(data)
    return frames.next()


def test_a_frame_is_its_header_its_tree_room_and_raw_bytes():
    tree = msgpack.packb(["kind", 1])
    header = (2 * 40 + 2 * len(tree) + 5).to_bytes(4) + (2).to_bytes(4) + len(tree).to_bytes(4)
    room_left = bytes(2 * 40 + len(tree))
    assert frame(["kind", 1], [b"ab", b"", b"cde"]) == header + tree + room_left + b"abcde"


def test_the_room_of_a_tree_is_40_bytes_for_a_scalar_and_twice_its_own():
    assert room(3, 5) == 130
    assert room(1, 0) == 40


def test_a_message_is_its_kind_its_scalars_and_its_bytes():
    message = read(frame(["kind", 1, "a", b"b", None, True, 2.5], [b"raw"]))
    assert (message.kind, message.raw, type(message.raw)) == ("kind", b"raw", bytes)
    assert list(message.items) == [1, "a", b"b", None, True, 2.5]
    assert read(frame(["kind"], [])).raw == b""


def test_nested_arrays_of_nothing_take_no_memory():
    empty = b"\x92\xa1x\x90"
    padded = empty + bytes(room(2, len(empty)) - len(empty))
    message = read(room(2, len(empty)).to_bytes(4) + (2).to_bytes(4) + len(empty).to_bytes(4) + padded)
    assert next(message.items) == ()


@pytest.mark.parametrize("items", [[], [b"kind"], [1, "kind"], [None]])
def test_a_message_without_a_kind_is_none(items):
    with pytest.raises(WireError, match="should start with its kind"):
        Message(items, b"")
    with pytest.raises(WireError, match="should start with its kind"):
        read(frame(items, []))


def test_messages_follow_one_another_and_more_may_come_between():
    frames = Frames()
    assert frames.next() is None
    one, two = frame(["one", 1], [b"first"]), frame(["two", 2], [b"second"])
    frames.feed(one + two[:50])
    message = frames.next()
    assert (message.kind, message.raw) == ("one", b"first")
    assert frames.next() is None
    frames.feed(two[50:] + one)
    message = frames.next()
    assert (message.kind, list(message.items), message.raw) == ("two", [2], b"second")
    frames.feed(two)
    assert [frames.next().kind, frames.next().kind] == ["one", "two"]
    assert frames.next() is None
    assert message.raw == b"second"


def test_what_has_been_read_is_not_kept():
    frames = Frames()
    for _ in range(3):
        frames.feed(frame(["x"], [bytes(1000)]))
        assert frames.next().raw == bytes(1000)
    assert len(frames._buffer) < 2000


@pytest.mark.parametrize("count", [2**14 - 9, 2**14 - 8, 2**14 - 7, 2**14, 2**17])
def test_trees_of_any_size_are_read(count):
    items = ["x", "a" * count, 5, b"b" * count]
    assert list(read(frame(items, [b"raw"])).items) == items[1:]
    numbers = ["x", *range(count)]
    message = read(frame(numbers, [b"raw"]))
    assert list(message.items) == numbers[1:]
    assert message.raw == b"raw"


def test_a_frame_of_32_mb_is_the_largest():
    assert MAX_FRAME == 2**25
    space = room(1, len(msgpack.packb(["x"])))
    data = frame(["x"], [bytes(2**25 - space)])
    assert len(data) == 12 + 2**25
    assert len(read(data).raw) == 2**25 - space
    with pytest.raises(WireError, match=r"a message of 32\.0 MB is more than 32 MB"):
        frame(["x"], [bytes(2**25 - space), b"a"])
    with pytest.raises(WireError, match="a message of 32 MB was announced, the most is 32 MB"):
        read((2**25 + 1).to_bytes(4) + bytes(8))
    assert read((2**25).to_bytes(4) + bytes(8)) is None


def test_a_frame_has_the_room_that_its_tree_wants_and_may_have_no_more():
    tree = msgpack.packb(["x"])
    header = room(1, len(tree)).to_bytes(4) + (1).to_bytes(4) + len(tree).to_bytes(4)
    assert read(header + tree + bytes(room(1, len(tree)) - len(tree))).kind == "x"
    short = (room(1, len(tree)) - 1).to_bytes(4) + header[4:]
    with pytest.raises(WireError, match="1 values in 3 bytes want a message of 46 bytes, not 45"):
        read(short)


@pytest.mark.parametrize("length", [1, 11])
def test_a_header_that_has_not_come_whole_is_waited_for(length):
    frames = Frames()
    data = frame(["x"], [])
    frames.feed(data[:length])
    assert frames.next() is None
    frames.feed(data[length:12])
    assert frames.next() is None
    frames.feed(data[12:-1])
    assert frames.next() is None
    frames.feed(data[-1:])
    assert frames.next().kind == "x"


@pytest.mark.parametrize(
    ("tree", "nodes", "said"),
    [
        *((b"\x92\xa1x\x91\xc0", 2, "ValueError"), (b"\x92\xa1x\x81\x01\x02", 2, "ValueError")),
        *((b"\x92\xa1x\xc7\x01\x05a", 2, "ValueError"), (b"\x92\xa1x\xc1", 2, "FormatError")),
        *((b"\x92\xa1x\xa2\xff\xff", 2, "UnicodeDecodeError"), (b"\xa1x", 1, "ValueError")),
        *((b"\x92\xa1x", 2, "says"), (b"\x92\xa1x\x01\x02", 2, "says"), (b"\x91\xa1x\x01", 2, "says")),
        *((b"\x93\xa1x\x01", 2, "says"), (b"\x91\xa1x", 2, "says")),
    ],
)
def test_a_tree_that_is_no_flat_array_of_scalars_is_refused(tree, nodes, said):
    padded = tree + bytes(room(nodes, len(tree)) - len(tree))
    with pytest.raises(WireError, match=said):
        read(room(nodes, len(tree)).to_bytes(4) + nodes.to_bytes(4) + len(tree).to_bytes(4) + padded)
