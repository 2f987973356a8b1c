"""JSON of any size and shape, of which only what is asked for is built; the rest is stepped over.

msgspec walks over what a struct does not name, 200 MB in half a second, and keeps no more of what it does
name than where it stands (``Raw``). Such a piece is built by :func:`value`, once it is known to be small.
"""

from __future__ import annotations

import codecs
import itertools
import json
import re
from typing import Any, TypeVar

import msgspec
from msgspec import Raw, Struct

from autograder.submission.files import MAX_BYTES, BadFileError

MAX_ITEMS = 2_000  # of a list that is looked into
MAX_ODDITIES = 5_000_000
HALF = "\ufdd0"  # stands for half a character; this one is none, and never will be
NULL = Raw(b"null")

_CHUNK = 1_000_000
_TRAILING = re.compile(r"trailing characters \(byte (\d+)\)")
_BYTE = re.compile(r" \(byte (\d+)\)")
# Python's json writes these numbers, and halves of characters, which are no JSON. The patterns are
# possessive: nothing is tried twice, whatever the text is.
_NO_NUMBER = re.compile(rb'(?:[^"NI]++|"(?:[^"\\]++|\\.)*+")*+(NaN|Infinity)', re.DOTALL)
_HALF = re.compile(
    rb"(?:[^\\]++|\\[^u]|\\u(?!d[89a-f])|\\ud[89ab]..\\ud[c-f]..)*+(\\ud[89a-f][0-9a-f]{2})",
    re.DOTALL | re.IGNORECASE,
)

Fields = TypeVar("Fields", bound=Struct)
# A struct, not a list: it has so many fields, and msgspec stops at one more before it has built any.
_Items = msgspec.defstruct(
    "_Items",
    [(f"item_{number}", Raw, Raw(b"")) for number in range(MAX_ITEMS)],
    array_like=True,
    forbid_unknown_fields=True,
)


class TooManyItemsError(Exception):
    """A list of more than MAX_ITEMS."""


def document(data: bytes, kind: type[Fields]) -> tuple[Fields, list[str]]:
    """The fields of the object that a file holds, and remarks that complete the sentence "<file> ...".

    Read are UTF-8, UTF-16 and UTF-32, with what Python writes though it is no JSON, and with whatever follows
    the object. Raises BadFileError for anything else.
    """
    text = _as_utf8(data)
    try:
        try:
            return _object(text, kind)
        except msgspec.ValidationError:
            raise
        except msgspec.DecodeError:
            text = memoryview(_as_json(text))
            return _object(text, kind)
    except msgspec.ValidationError as error:
        found = re.search("got `(.+)`", str(error))
        held = {"array": "a list", "str": "a text"}.get(found[1], f"one {found[1]}") if found else str(error)
        raise BadFileError(f"is JSON but not a notebook: it holds {held}") from error
    except msgspec.DecodeError as error:
        raise BadFileError(f"is not JSON: {_with_line(error, text)}") from error
    except RecursionError as error:
        raise BadFileError("is nested too deeply to be a notebook") from error


def fields(piece: Raw, kind: type[Fields]) -> Fields:
    """The fields of an object within a document; the defaults where there is no object."""
    try:
        return msgspec.json.decode(piece, type=kind)
    except (msgspec.DecodeError, RecursionError):
        return kind()


def items(piece: Raw) -> list[Raw] | None:
    """The items of a list within a document, None where there is no list; TooManyItemsError."""
    if bytes(memoryview(piece)[:1]) != b"[":
        return None
    try:
        found = msgspec.json.decode(piece, type=_Items)
    except msgspec.ValidationError as error:
        raise TooManyItemsError from error
    return list(itertools.takewhile(size, msgspec.structs.astuple(found)))


def size(piece: Raw) -> int:
    """How many bytes a piece has."""
    return memoryview(piece).nbytes


def is_utf8(piece: Raw) -> bool:
    """Whether a piece is UTF-8, as JSON should be; if not, :func:`value` reads it as Windows-1252."""
    try:
        bytes(piece).decode()
    except UnicodeDecodeError:
        return False
    return True


def value(piece: Raw, most: int = 1_000) -> Any:
    """What a piece says; None for one of more than ``most`` bytes, or that Python cannot hold."""
    if size(piece) > most:
        return None
    text = bytes(piece)
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass  # Python's json reads more: numbers that no float holds, halves of characters
    try:
        return json.loads(text.decode() if is_utf8(piece) else text.decode("cp1252", "replace"))
    except (ValueError, RecursionError):
        return None


def _object(text: memoryview, kind: type[Fields]) -> tuple[Fields, list[str]]:
    try:
        return msgspec.json.decode(text, type=kind), []
    except msgspec.DecodeError as error:
        found = _TRAILING.search(str(error))
        if found is None:
            raise
    whole = text[: int(found[1]) - 1]
    return msgspec.json.decode(whole, type=kind), ["goes on after its end; what follows there was left out"]


def _as_utf8(data: bytes) -> memoryview:
    encoding = json.detect_encoding(data[:4])
    if encoding == "utf-8":
        return memoryview(data)
    if encoding == "utf-8-sig":
        return memoryview(data)[len(codecs.BOM_UTF8) :]
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    made = bytearray()
    for start in range(0, len(data), _CHUNK):
        made += decoder.decode(data[start : start + _CHUNK]).encode("utf-8", "replace")
        if len(made) > MAX_BYTES:
            raise BadFileError(f"has more than the {MAX_BYTES / 1e6:.0f} MB allowed, as UTF-8")
    return memoryview(made)


def _as_json(text: memoryview) -> bytearray:
    """A copy in which numbers that are none are 0, and halves of characters are HALF, each in its place."""
    made = bytearray(text)
    for pattern, filler in ((_NO_NUMBER, b"0"), (_HALF, json.dumps(HALF).encode().strip(b'"'))):
        position = 0
        for _ in range(MAX_ODDITIES):
            found = pattern.match(made, position)
            if found is None:
                break
            start, position = found.span(1)
            made[start:position] = filler.ljust(position - start)
    return made


def _with_line(error: Exception, text: memoryview) -> str:
    """What msgspec found, at which line in place of which byte."""
    found = _BYTE.search(str(error))
    if found is None:
        return _lowered(error)
    end = int(found[1])
    lines = sum(bytes(text[start : min(start + _CHUNK, end)]).count(b"\n") for start in range(0, end, _CHUNK))
    return f"{_BYTE.sub('', str(error)).removeprefix('JSON is malformed: ')} (line {lines + 1})"


def _lowered(error: Exception) -> str:
    text = str(error)
    return text[:1].lower() + text[1:]
