"""How a child's messages come and go."""

import pytest

from autograder.student_side import frames
from autograder.student_side.alarm import Alarm
from autograder.student_side.channel import Channel
from autograder.student_side.wire import Decoder, Plain, message


class Connection:
    """In the place of a socket: gives out what is there piece by piece, and notes what it is asked."""

    def __init__(self, *pieces):
        self.pieces, self.sizes, self.sent = list(pieces), [], []

    def recv(self, size):
        self.sizes.append(size)
        return self.pieces.pop(0) if self.pieces else b""

    def sendall(self, data):
        self.sent.append((data, Alarm.sending))
        if data == b"no":
            raise BrokenPipeError


def test_messages_are_read_one_at_a_time_however_they_come():
    data = message("one", 1) + message("two", 2)
    connection = Connection(data[:5], data[5:-1], data[-1:])
    channel = Channel(connection)
    read = [channel.read() for _ in range(2)]
    assert [(each.kind, Decoder(each, Plain()).value()) for each in read] == [("one", 1), ("two", 2)]
    with pytest.raises(EOFError, match=r"^the grader's side closed the connection$"):
        channel.read()
    assert set(connection.sizes) == {65536}


def test_what_a_cell_shows_is_sent_as_an_event():
    connection = Connection()
    Channel(connection).send(["stream", "stdout", "shown"])
    assert connection.sent == [(message("event", ["stream", "stdout", "shown"]), True)]
    assert not Alarm.sending


def test_a_message_that_cannot_be_sent_holds_back_no_alarm():
    with pytest.raises(BrokenPipeError):
        Channel(Connection()).write(b"no")
    assert not Alarm.sending


@pytest.mark.parametrize("short", ["recv", "feed", "small", "large"])
def test_what_arrived_while_memory_was_short_is_read_by_the_next_call(monkeypatch, short):
    data = message("one", "x" * (20_000 if short == "large" else 1)) + message("two", 2)
    connection = Connection(data[:9], data[9:])
    channel = Channel(connection)
    times = []

    def once(real):
        def shorts(*arguments):
            times.append(None)
            if len(times) == 2:
                raise MemoryError
            return real(*arguments)

        return shorts

    def halfway(real):
        def takes(unpacker, *arguments):
            times.append(None)
            if len(times) == 1:
                unpacker.feed(b"\x93\xa3")
                raise MemoryError
            return real(unpacker, *arguments)

        return takes

    if short == "recv":
        connection.recv = once(connection.recv)
    elif short == "feed":
        channel._frames.feed = once(channel._frames.feed)
    else:
        monkeypatch.setattr(frames, "_scalars", halfway(frames._scalars))
    with pytest.raises(MemoryError):
        channel.read()
    assert [channel.read().kind, channel.read().kind] == ["one", "two"]
    assert len(times) >= 2
