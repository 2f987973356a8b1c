"""What counts as said by a student: texts in messages, arrays and their parts."""

import sys

import numpy as np
import pytest

from autograder.grader_side import compiled
from autograder.grader_side.compiled import Said
from autograder.student_side.frames import Frames, Message, frame
from autograder.student_side.wire import Decoder, Encoder, Plain

EVIL = "left.append(1)"


def test_messages_are_looked_into_when_many_wait_or_a_text_is_asked_about(monkeypatch):
    monkeypatch.setattr(compiled, "UNREAD", 100)
    said = Said()
    for size in (60, 38, 1, 1):
        assert not said._texts
        said.hear(Message(["done", 1, "f(x, 1)", "plain", b"g(x)", 2.5], b"a", size))
    assert {"f(x,1)", "g(x)"} < said._texts
    assert len(said._heard) == 1
    said.hear(Message(["done", 1, "g (X)"], b"", 10))
    assert said.has("y = g(x)")
    assert not said.has("h(x)")


def test_an_array_that_is_read_after_its_message_was_heard_is_looked_into_however_large(monkeypatch):
    monkeypatch.setattr(compiled, "UNREAD", 1)
    said, message = Said(), Message(["done"], b"", 10)
    said.hear(message)
    message.texts.append(np.array(["x", EVIL]))
    said.hear(Message(["done"], b"", 10))
    assert said.has(EVIL)


def test_what_comes_in_parts_may_be_put_together():
    said = Said()
    said.hear(Message(["done", "left.app", 3, "end", b"t", "(", "1)"], b"", 10))
    assert said.has(EVIL)
    assert said.has("left.append\\n (1)".replace("\\n", "\n"))
    assert not said.has("left.append(2)")


def test_a_large_text_is_looked_at_once_and_remembered_once(monkeypatch):
    said, text = Said(), "f(x) and " * 1000
    for _ in range(3):
        said.hear(Message(["done", text], b"", 10))
        assert said.has(text)
    assert said._taken == sys.getsizeof(text.replace(" ", ""))


@pytest.mark.parametrize(
    "kind", [np.str_, np.bytes_, lambda text: np.array([["", text]]), np.array, bytearray]
)
def test_texts_of_arrays_and_of_numpy_are_heard_too(kind):
    value = kind(b"left . pop(1)" if kind in (np.bytes_, bytearray) else "left . pop(1)")
    encoder = Encoder(Plain())
    encoder.items.append("done")
    encoder.put(value)
    frames = Frames()
    frames.feed(frame(encoder.items, encoder.raw))
    message, said = frames.next(), Said()
    said.hear(message)
    Decoder(message, Plain()).value()
    assert said.has("x = left.pop(1)")
    assert not said.has("x = left.pop(2)")
