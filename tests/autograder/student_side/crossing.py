"""Values put into scalars and made of them again, as both sides of the wall do, in one process."""

import math
from array import array
from collections import Counter, OrderedDict, defaultdict, deque
from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np

from autograder.student_side.frames import Frames, frame
from autograder.student_side.wire import Decoder, Encoder, Plain

PAIRS = {"a": 1, "b": 2}
# Values, and the scalars that they are in a message.
ITEMS = {
    "None": (None, [None]),
    "a truth": (True, [True]),
    "a number": (1.5, [1.5]),
    "a text": ("é", ["é"]),
    "an integer": (-7, [-7]),
    "the least integer that is a scalar": (-(2**63), [-(2**63)]),
    "the largest integer that is a scalar": (2**64 - 1, [2**64 - 1]),
    "a larger integer": (2**64, [b"i", bytes(8) + b"\x01"]),
    "an integer whose bits fill its bytes": (2**72 - 1, [b"i", b"\xff" * 9 + b"\x00"]),
    "a less integer": (-(2**63) - 1, [b"i", b"\xff" * 7 + b"\x7f\xff"]),
    "a tuple": ((1, ("a",)), [b"t", 2, 1, b"t", 1, "a"]),
    "a list": ([1, [2, 3]], [b"l", 2, 1, b"l", 2, 2, 3]),
    "a dict": (PAIRS, [b"d", 4, "a", 1, "b", 2]),
    "a set": ({3}, [b"S", 1, 3]),
    "a frozen set": (frozenset({3}), [b"Z", 1, 3]),
    "an ordered dict": (OrderedDict(PAIRS), [b"O", 4, "a", 1, "b", 2]),
    "a counter": (Counter(PAIRS), [b"C", 4, "a", 1, "b", 2]),
    "a deque": (deque([1, 2], 4), [b"q", 4, b"l", 2, 1, 2]),
    "a deque without a limit": (deque([[]]), [b"q", None, b"l", 1, b"l", 0]),
    "a default dict": (defaultdict(set, PAIRS), [b"D", "set", b"d", 4, "a", 1, "b", 2]),
    "one of classes": (defaultdict(frozenset), [b"D", b"y", "builtins.frozenset", b"d", 0]),
    "one without a factory": (defaultdict(None), [b"D", None, b"d", 0]),
    "a scalar of NumPy's": (np.uint16(258), [b"s", "uint16", b"\x02\x01"]),
    "a text of NumPy's": (np.str_("ab"), [b"s", "U2", b"a\x00\x00\x00b\x00\x00\x00"]),
    "a duration of NumPy's": (np.timedelta64(1, "s"), [b"s", "m8[s]", b"\x01" + bytes(7)]),
    "a complex number": (1 + 2j, [b"j", 1.0, 2.0]),
    "bytes": (b"ab", [b"b", b"ab"]),
    "bytes that can be changed": (bytearray(b"ab"), [b"B", b"ab"]),
    "an array of Python's": (array("h", [1, -1]), [b"V", "h", b"\x01\x00\xff\xff"]),
    "a slice": (slice(1, None, (2,)), [b"x", 1, None, b"t", 1, 2]),
    "an ellipsis": (..., [b"e"]),
    "what is not implemented": (NotImplemented, [b"N"]),
    "a date": (date(2026, 5, 4), [b"v", "date", 2026, 5, 4]),
    "a moment": (datetime(1, 2, 3, 4, 5, 6, 7, UTC), [b"v", "datetime", 1, 2, 3, 4, 5, 6, 7, 0, 0]),
    "keys": (PAIRS.keys(), [b"w", "keys", b"t", 2, "a", "b"]),
    "values": ({"a": [1]}.values(), [b"w", "values", b"t", 1, b"l", 1, 1]),
    "items": (PAIRS.items(), [b"w", "items", b"t", 4, "a", 1, "b", 2]),
    "values that may be no keys": ({"a": {}}.values(), [b"w", "values", b"t", 1, b"d", 0]),
    "items whose values may be no keys": ({"a": {}}.items(), [b"w", "items", b"t", 2, "a", b"d", 0]),
    "a class": (ValueError, [b"y", "builtins.ValueError"]),
    "an exception": (KeyError("a", 2), [b"X", "builtins.KeyError", b"t", 2, "a", 2]),
    "an array of objects": (
        np.array([["a", None], [2.0, 3]], object),
        [b"o", 2, 2, 2, b"t", 4, "a", None, 2.0, 3],
    ),
    "an array of one object": (np.array(None, object), [b"o", 0, b"t", 1, None]),
}
VIEWS = tuple(map(type, (PAIRS.keys(), PAIRS.values(), PAIRS.items())))


class Left(Plain):
    """Takes what is no plain data, and puts nothing in its place but a number."""

    def __init__(self, deepest=Plain.deepest):
        self.deepest = deepest
        self.seen = []
        self.depths = []

    def encode(self, value, encoder, depth):
        self.seen.append(value)
        self.depths.append(depth)
        encoder.items.append(0)


def sent(value, translator=None, depth=0):
    """The scalars and the raw bytes that a value becomes."""
    encoder = Encoder(translator or Plain())
    encoder.put(value, depth)
    return encoder.items, b"".join(encoder.raw)


def received(*items, raw=b"", translator=None):
    """A decoder of these scalars and raw bytes, which came in a frame."""
    frames = Frames()
    frames.feed(frame(["value", *items], [raw]))
    return Decoder(frames.next(), translator or Plain())


def across(value):
    """What arrives of a value, if nothing is left of the message."""
    items, raw = sent(value)
    decoder = received(*items, raw=raw)
    got = decoder.value()
    assert list(decoder.items) == []
    return got


def same(one, other):
    """Whether two values are of one type and hold the same, bit by bit."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray | np.generic):
        alike = one.dtype == other.dtype and one.shape == other.shape
        return alike and (
            same(one.tolist(), other.tolist()) if one.dtype.char == "O" else one.tobytes() == other.tobytes()
        )
    if isinstance(one, Exception):
        return same(one.args, other.args)
    if isinstance(one, list | tuple | deque):
        limits = getattr(one, "maxlen", None), getattr(other, "maxlen", None)
        return len(one) == len(other) and limits[0] == limits[1] and all(map(same, one, other))
    if isinstance(one, VIEWS):
        return same(list(one), list(other))
    if isinstance(one, dict):
        made = getattr(one, "default_factory", None) is getattr(other, "default_factory", None)
        return made and same(list(one), list(other)) and all(map(same, one.values(), other.values()))
    if isinstance(one, Decimal):
        return str(one) == str(other)
    if isinstance(one, complex):
        return same(one.real, other.real) and same(one.imag, other.imag)
    return one == other or (isinstance(one, float) and math.isnan(one) and math.isnan(other))
