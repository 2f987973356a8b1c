"""What crosses the wall: plain data of exact types, by value. Both sides use this module.

A value is a run of scalars in a frame's tree. None, bool, int, float and str stand for themselves, everything
else begins with a tag, a single byte::

    l, t, S, Z   how many, then each: list, tuple, set, frozenset
    d, O, C      how many keys and values, then they in turns: dict, OrderedDict, Counter
    D            its factory, then as a dict: defaultdict     q   its greatest length, then as a list: deque
    w            which, then a tuple of its elements: keys, values or items of a dict
    a            dtype and layout, dimensions, their sizes; the numbers are in the frame's raw bytes: array
    o            dimensions, their sizes, then a tuple of small values: array of objects
    s            dtype, bytes: NumPy scalar       j      real, imaginary: complex
    b, B         bytes: bytes, bytearray          i      bytes: int of more than 64 bits
    V            typecode, bytes: array.array
    x            start, stop, step: slice         e, N   Ellipsis, NotImplemented
    v            its kind, then its parts: date, Decimal, range, path (``exact``)
    y            name: a class that both sides know (``classes``)
    X            name of its class, a tuple of its arguments: one of Python's own exceptions
    F, P         a tuple of what it is made of, and room for its price in the raw bytes: a data frame, series
                 or sparse matrix, and what of theirs cannot be changed in place (``tables``)
    A            as an array, but a part of one of these: it is nobody's own
    r            which of the things of this message that can be changed in place it is: the same one again

Any other tag belongs to the side that decodes: objects that stay behind, functions. Decoding never runs code,
costs what ``frames`` promises, and ends in a value or a WireError.
"""

from __future__ import annotations

from typing import Any

from autograder.student_side.decoder import Decoder
from autograder.student_side.encoder import Encoder
from autograder.student_side.frames import Frames, WireError, frame
from autograder.student_side.keys import MAX_DEPTH
from autograder.student_side.translator import Plain, Translator

__all__ = ["MAX_DEPTH", "Decoder", "Encoder", "Plain", "Translator", "message", "message_of", "payload_of"]


def message(kind: str, *values: Any) -> bytes:
    """The frame of a message whose parts are plain values. Raises WireError for any other, or too many."""
    encoder = Encoder(Plain())
    for value in (kind, *values):
        encoder.put(value)
    return frame(encoder.items, encoder.raw)


def payload_of(parts: list[Any]) -> bytes:
    """One message of plain parts, to be sent whole."""
    return message("parts", parts)


def message_of(payload: bytes) -> list[Any]:
    """The parts of a message that was received whole. Raises WireError when it is none."""
    frames = Frames()
    frames.feed(payload)
    received = frames.next()
    parts = None if received is None else Decoder(received, Plain()).value()
    if type(parts) is not list or not parts:
        raise WireError("a message should be a list that starts with its kind")
    return parts
