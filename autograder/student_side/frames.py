"""Frames: messages on a stream, priced so that reading one costs no more than a few times its own bytes.

A frame is a header, a *tree*, room, and raw bytes. The tree is one flat msgpack array of scalars: nothing is
nested in it, so that its header says how many there are, before any is made. What they may cost in memory is
paid for in bytes: the raw bytes begin ``room(nodes, size)`` after the header, and a frame that has less than
that is refused from its header alone. A sender fills what the tree leaves of the room with zeros.

So a frame of L bytes costs its reader less than 4 L, the frame itself included: a scalar, with its place in a
list and a container of its own, takes less than ``NODE`` * 3 bytes, and a text no more than four times the
bytes that it has in the tree, of which each pays for two.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgpack

MAX_FRAME = 32 * 2**20
NODE = 40
SMALL = 2**14  # trees up to here are read in one buffer that is kept

HEADER = struct.Struct(">III")  # bytes of room and raw, scalars in the tree, bytes of the tree

Scalar = None | bool | int | float | str | bytes


class WireError(Exception):
    """A value that may not cross, or bytes that are no message. No ValueError, which a check may wait for."""


def room(nodes: int, size: int) -> int:
    """How many bytes a frame sets aside for a tree of so many scalars, of so many bytes."""
    return NODE * nodes + 2 * size


class Message:
    """A message as it was received: its kind, then scalars one after the other, and raw bytes beside them.

    ``items`` goes once through the ``scalars``, which took ``size`` bytes. Who decodes it adds to ``texts``
    the arrays of texts.
    """

    __slots__ = ("items", "kind", "raw", "scalars", "size", "texts")

    def __init__(self, items: list[Any], raw: bytes, size: int = 0) -> None:
        if not items or type(items[0]) is not str:
            raise WireError("a message should start with its kind")
        self.scalars, self.size = items, size
        self.texts: list[Any] = []
        self.items: Iterator[Any] = iter(items)
        self.kind: str = next(self.items)
        self.raw = raw


def frame(items: list[Scalar], raw: list[bytes]) -> bytes:
    """The bytes of a message on a stream. Raises WireError when it is too large."""
    try:
        tree: bytes = msgpack.packb(items)
    except (ValueError, OverflowError) as error:
        raise WireError(f"a message could not be packed: {error}") from None
    space = room(len(items), len(tree))
    length = space + sum(map(len, raw))
    if length > MAX_FRAME:
        raise WireError(f"a message of {length / 2**20:.1f} MB is more than {MAX_FRAME >> 20} MB")
    return b"".join((HEADER.pack(length, len(items), len(tree)), tree, bytes(space - len(tree)), *raw))


class Frames:
    """Bytes in, messages out. Whatever a header announces beyond the bounds raises WireError at once."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._start = 0
        self._small: Any = None

    def feed(self, data: bytes) -> None:
        """Add bytes as they arrive."""
        del self._buffer[: self._start]
        self._start = 0
        self._buffer += data

    def next(self) -> Message | None:
        """The next whole message, or None when more bytes are needed.

        Where memory is short (a MemoryError, or a WireError), it is there for the next call.
        """
        begin = self._start + HEADER.size
        if len(self._buffer) < begin:
            return None
        length, nodes, size = HEADER.unpack_from(self._buffer, self._start)
        if length > MAX_FRAME:
            raise WireError(f"a message of {length >> 20} MB was announced, the most is {MAX_FRAME >> 20} MB")
        space = room(nodes, size)
        if space > length:
            raise WireError(f"{nodes} values in {size} bytes want a message of {space} bytes, not {length}")
        if len(self._buffer) < begin + length:
            return None
        end = begin + length
        if size <= SMALL:
            small, self._small = self._small, None  # one that failed still holds a part
            small = small or _unpacker(SMALL)
            items = _scalars(small, self._buffer[begin : begin + size], nodes)
            self._small = small
        else:
            with memoryview(self._buffer) as view, view[begin : begin + size] as tree:
                items = _scalars(_unpacker(size), tree, nodes)
        raw = b""
        if space < length:
            with memoryview(self._buffer) as view:
                raw = bytes(view[begin + space : end])
        self._start = end
        return Message(items, raw, size)


def _scalars(unpacker: Any, tree: bytearray | memoryview, nodes: int) -> list[Any]:
    try:
        unpacker.feed(tree)
        said = unpacker.read_array_header()
        # A nested array of no length is the empty tuple, which takes no memory; who reads it refuses it.
        items = list(islice(unpacker, nodes + 1))
    except (ValueError, msgpack.UnpackException, RecursionError, MemoryError) as error:
        raise WireError(f"a message is not well formed ({type(error).__name__})") from None
    if not said == len(items) == nodes:
        raise WireError("a message does not hold what its header says")
    return items


def _unpacker(most: int) -> Any:
    return msgpack.Unpacker(
        use_list=False,
        max_buffer_size=most,  # and so of each text
        max_array_len=0,
        max_map_len=0,
        max_ext_len=0,
        ext_hook=_no_extension,
    )


def _no_extension(code: int, data: bytes) -> Any:
    raise WireError("msgpack extension types are not used here")
