import json

import pytest
from msgspec import Raw, Struct

from autograder.submission import skim
from autograder.submission.files import BadFileError
from autograder.submission.skim import (
    HALF,
    MAX_ITEMS,
    TooManyItemsError,
    document,
    fields,
    is_utf8,
    items,
    size,
    value,
)


class Page(Struct):
    cells: Raw = Raw(b"null")
    title: Raw = Raw(b"null")


def read(text, encoding="utf-8"):
    page, remarks = document(text.encode(encoding) if isinstance(text, str) else text, Page)
    return value(page.cells), remarks


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "utf-32-be"])
def test_an_object_is_read_in_every_encoding_of_json(encoding):
    assert read('{"other": [1], "cells": "ä"}', encoding) == ("ä", [])


def test_what_follows_the_object_is_left_out_with_a_remark():
    assert read('{"cells": 1} {"cells": 2}') == (
        1,
        ["goes on after its end; what follows there was left out"],
    )


def test_numbers_and_halves_of_characters_that_only_python_writes_are_read():
    assert read('{"a": NaN, "cells": [-Infinity, "NaN"]}') == ([0, "NaN"], [])
    assert read(r'{"cells": "a\ud800b", "x": NaN}') == (f"a{HALF}b", [])
    assert read(r'{"cells": "\ud83d\ude00", "x": NaN}') == ("\U0001f600", [])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[1]", "is JSON but not a notebook: it holds a list"),
        ('"text"', "is JSON but not a notebook: it holds a text"),
        ("3", "is JSON but not a notebook: it holds one int"),
        ('{\n"cells": 1,\n!}', "(line 3)"),
        ("", "is not JSON: "),
    ],
)
def test_what_is_no_object_is_said_with_what_it_is(text, sentence):
    with pytest.raises(BadFileError) as caught:
        read(text)
    assert sentence in str(caught.value)


def test_a_file_that_grows_beyond_the_bound_as_utf8_is_refused(monkeypatch):
    monkeypatch.setattr(skim, "MAX_BYTES", 10)
    with pytest.raises(BadFileError, match=r"^has more than the 0 MB allowed, as UTF-8$"):
        read('{"cells": 123}', "utf-16")


def test_fields_of_what_is_no_object_are_the_defaults():
    assert value(fields(Raw(b'{"title": 5}'), Page).title) == 5
    for piece in (b"[1]", b"3", b'{"title"', b"[" * 100_000):
        assert bytes(fields(Raw(piece), Page).title) == b"null"


def test_items_are_those_of_a_list_up_to_two_thousand():
    assert [value(item) for item in items(Raw(b'[1, "b", {}]'))] == [1, "b", {}]
    assert items(Raw(b"[]")) == []
    assert items(Raw(b"{}")) is None
    assert len(items(Raw(json.dumps([0] * MAX_ITEMS).encode()))) == MAX_ITEMS == 2000
    with pytest.raises(TooManyItemsError):
        items(Raw(json.dumps([0] * (MAX_ITEMS + 1)).encode()))


def test_a_value_is_built_up_to_a_thousand_bytes():
    assert value(Raw(b'"' + b"x" * 998 + b'"')) == "x" * 998
    assert value(Raw(b'"' + b"x" * 999 + b'"')) is None
    assert value(Raw(b"12"), most=1) is None
    assert value(Raw(b"not json")) is None
    assert value(Raw(b"[" * 900)) is None


def test_what_is_no_utf8_is_read_as_windows_1252():
    assert (is_utf8(Raw(b'"\xc3\xa4"')), is_utf8(Raw(b'"\xe4"'))) == (True, False)
    assert value(Raw(b'"\xe4"')) == "ä"
    assert size(Raw(b'"\xe4"')) == 3


def refusal(text):
    with pytest.raises(BadFileError) as caught:
        read(text)
    return str(caught.value)


def test_a_refusal_says_what_is_wrong_and_in_which_line():
    assert refusal("") == "is not JSON: input data was truncated"
    assert refusal('{"cells": [') == "is not JSON: input data was truncated"
    assert refusal('{"cells": 1,\n!}') == "is not JSON: object keys must be strings (line 2)"
    assert refusal('{"a":\n\n\n"b\x01",\n\n"cells": 1}') == "is not JSON: invalid character (line 4)"
    deep = '{"cells": ' + "[" * 1_000_000 + "]" * 1_000_000 + "}"
    assert refusal(deep) == "is nested too deeply to be a notebook"


@pytest.mark.parametrize("chunk", [1, 2, 7, 16, 1000])
def test_a_text_is_taken_in_pieces_without_a_seam(monkeypatch, chunk):
    monkeypatch.setattr(skim, "_CHUNK", chunk)
    assert read('{"cells": "ä😀b", "c": 3}', "utf-16") == ("ä😀b", [])
    assert refusal('{"a": 1,\n\n\n"b": 2,\n"c": !}') == "is not JSON: invalid character (line 5)"
    assert refusal('{"a": 1,\n!\n\n\n\n') == "is not JSON: object keys must be strings (line 2)"


def test_the_bound_of_a_file_as_utf8_is_the_most_that_it_has(monkeypatch):
    text = '{"cells": "ää"}'
    monkeypatch.setattr(skim, "MAX_BYTES", len(text.encode()))
    assert read(text, "utf-16") == ("ää", [])
    monkeypatch.setattr(skim, "MAX_BYTES", len(text.encode()) - 1)
    with pytest.raises(BadFileError, match="as UTF-8"):
        read(text, "utf-16")


def test_oddities_stand_side_by_side_up_to_a_number_of_each_kind(monkeypatch):
    assert read('{"cells": [NaN,NaN,-Infinity,Infinity,1]}') == ([0, 0, 0, 0, 1], [])
    assert read(r'{"cells": ["\uD800\uDBFF\udc00\ud800", NaN]}') == ([f"{HALF}\U0010fc00{HALF}", 0], [])
    assert skim.MAX_ODDITIES == 5_000_000
    monkeypatch.setattr(skim, "MAX_ODDITIES", 2)
    assert read(r'{"cells": [NaN,NaN,"\ud800\ud800"]}') == ([0, 0, HALF * 2], [])
    assert refusal('{"cells": [NaN,NaN,NaN]}') == "is not JSON: invalid character (line 1)"


@pytest.mark.parametrize("rest", ["x", "}", "}" * 50, '{"cells": 2}', "\n<html>"])
def test_whatever_follows_is_left_out(rest):
    assert read('{"cells": 1}' + rest) == (1, ["goes on after its end; what follows there was left out"])


def test_bytes_that_are_no_utf8_stay_as_they_are_until_a_piece_is_read():
    text = '{"cells": "größer €"}'.encode("cp1252")
    assert read(text) == read(b"\xef\xbb\xbf" + text) == ("größer €", [])
    page, _ = document(text, Page)
    assert not is_utf8(page.cells)


def test_half_a_character_beside_a_whole_one_does_not_make_a_piece_another_encoding():
    assert value(Raw('"ä\\ud800"'.encode())) == "ä\ud800"
    assert value(Raw(b'"\xe4\\ud800"')) == "ä\ud800"
    assert value(Raw(b"1e999")) == float("inf")
