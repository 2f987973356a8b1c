"""How much of a notebook is read, and what exactly is kept of it."""

import json
import sys

import pytest

from autograder.submission.parse import BadNotebookError, parse_notebook

LIMITS = sys.modules[parse_notebook.__module__]  # the package has a function of its name


def parsed(*cells, **fields):
    document = {"nbformat": 4, "metadata": {}, "cells": list(cells)} | fields
    return parse_notebook(json.dumps(document).encode())


def cell(source="x = 1", kind="code", **rest):
    return {"cell_type": kind, "source": source, "metadata": {}, **rest}


def sources(notebook):
    return [each.source for each in notebook.notebook.cells]


def metadata_of(**given):
    return parsed(cell() | {"metadata": given}).notebook.cells[0].metadata


def test_what_is_kept_of_a_notebook_is_the_same_in_every_version_or_all_would_be_graded_anew():
    role = {"grade_id": "a", "grade": False, "points": 2.5, "schema_version": 3}
    role |= {"locked": True}
    words = cell("ä", "markdown", id="b", attachments={"p": {"image/png": "QQ==", "x": 1}, "q": 1})
    made = parsed(cell(id="a") | {"metadata": {"tags": ["t"], "nbgrader": role}}, words, cell("r", "raw"))
    assert made.content == {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [
            {
                "cell_type": "code",
                "id": "a",
                "metadata": {"nbgrader": role, "tags": ["t"]},
                "source": "x = 1",
                "execution_count": None,
                "outputs": [],
            },
            {
                "cell_type": "markdown",
                "id": "b",
                "metadata": {"nbgrader": {}, "tags": []},
                "source": "ä",
                "attachments": {"p": {"image/png": "QQ=="}, "q": {}},
            },
            {
                "cell_type": "raw",
                "id": "submitted-2",
                "metadata": {"nbgrader": {}, "tags": []},
                "source": "r",
                "attachments": {},
            },
        ],
    }
    assert (
        parsed(words).essence()
        == (
            '{"cells":[{"attachments":{"p":{"image/png":"QQ=="},"q":{}},"cell_type":"markdown","id":"b",'
            '"metadata":{"nbgrader":{},"tags":[]},"source":"ä"}],"metadata":{},"nbformat":4,"nbformat_minor":5}'
        ).encode()
    )


def test_a_notebook_that_comes_again_is_not_parsed_again_unless_it_is_large():
    small = b'{"nbformat": 4, "cells": []}'.ljust(1_000_000)
    assert parse_notebook(small) is parse_notebook(small)
    large = small + b" "
    assert parse_notebook(large) == parse_notebook(large)
    assert parse_notebook(large) is not parse_notebook(large)


@pytest.mark.parametrize(
    ("nbformat", "sentence"),
    [
        (0, "has nbformat 0; only 1 to 4 are known"),
        (-1, "has nbformat -1; only 1 to 4 are known"),
        (int("9" * 100), f"has nbformat {'9' * 20}; only 1 to 4 are known"),
        (int("9" * 101), "is JSON but not a notebook: it has no nbformat number"),
    ],
)
def test_a_format_that_is_not_known_is_told(nbformat, sentence):
    with pytest.raises(BadNotebookError) as caught:
        parsed(nbformat=nbformat)
    assert str(caught.value) == sentence


def test_cells_are_found_where_their_format_has_them():
    sheets = [{"cells": [cell("b")]}, "no sheet", {}, {"cells": [cell("c")]}]
    assert sources(parsed(cell("a"), nbformat=3, worksheets=sheets)) == ["a", "b", "c"]
    assert sources(parsed(cell("a"), nbformat=4, worksheets=sheets)) == ["a"]
    assert sources(parsed(cell("a"), nbformat=3, worksheets="none")) == ["a"]
    assert sources(parsed(nbformat=3, cells=None, worksheets=sheets)) == ["b", "c"]
    with pytest.raises(BadNotebookError, match=r"it has no list of cells$"):
        parsed(nbformat=3, cells=None, worksheets=sheets[1:3])


def test_two_thousand_cells_are_read_wherever_they_stand():
    assert len(parsed(*[cell()] * 2000).notebook.cells) == 2000
    half = {"cells": [cell()] * 1000}
    assert len(parsed(nbformat=3, worksheets=[half, half]).notebook.cells) == 2000
    with pytest.raises(BadNotebookError, match=r"^has more than the 2000 cells allowed$"):
        parsed(cell(), nbformat=3, worksheets=[half, half])


def test_a_source_has_a_million_characters_however_they_are_written():
    assert [len(source) for source in sources(parsed(cell("x" * 1_000_000)))] == [1_000_000]
    longer = parsed(cell("x" * 1_000_001), cell())
    note = "has 1,000,001 characters in cell 1, more than 1,000,000; the cell is left out"
    assert (sources(longer), longer.notes) == (["x = 1"], (note,))
    assert [len(source) for source in sources(parsed(cell("😀" * 999_999 + "x")))] == [1_000_000]
    longer = parsed(cell("😀" * 1_000_000))
    assert (sources(longer), longer.notes) == ([], ("has 12,000,002 bytes in cell 1, which is left out",))


def test_all_sources_have_ten_million_characters(monkeypatch):
    assert (LIMITS.MAX_TEXT, LIMITS.MAX_PICTURES) == (10_000_000, 60_000_000)
    monkeypatch.setattr(LIMITS, "MAX_TEXT", 30)
    assert len(sources(parsed(cell("x" * 10), cell("y" * 15), cell("z" * 5)))) == 3
    with pytest.raises(BadNotebookError, match=r"^has more than 30 characters in its cells$"):
        parsed(cell("x" * 10), cell("y" * 15), cell("z" * 6))


def test_pictures_have_a_room_in_all(monkeypatch):
    def kept(*attached):
        cells = [cell("t", "markdown", attachments={"p": {"image/png": data}}) for data in attached]
        made = parsed(*cells)
        return [len(each.attachments) for each in made.notebook.cells], made.notes

    frame = len('{"p": {"image/png": ""}}')
    monkeypatch.setattr(LIMITS, "MAX_PICTURES", 2 * frame + 30)
    assert kept("x" * 10, "y" * 20) == ([1, 1], ())
    note = "has more pictures in cell 2 than can be kept; they are left out"
    assert kept("x" * 10, "y" * 21) == ([1, 0], (note,))


def test_a_cell_has_pictures_of_four_thousand_quotes():
    six = {f"{number}": {"image/png": ""} for number in range(666)}
    most = parsed(cell("t", "markdown", attachments={**six, "a": 1, "b": 1})).notebook.cells[0]
    assert len(most.attachments) == 668
    more = parsed(cell("t", "markdown", attachments={**six, "a": 1, "b": 1, "c": 1})).notebook.cells[0]
    assert more.attachments == {}
    odd = parsed(cell("t", "markdown", attachments={**six, "a": 1, 'b"': 1})).notebook.cells[0]
    assert odd.attachments == {}


def test_of_the_names_that_formats_have_for_a_text_the_newest_counts():
    fields = {"source": "a", "input": "b", "code": "c", "text": "d"}
    for first in range(4):
        given = dict(list(fields.items())[first:])
        assert sources(parsed({"cell_type": "code", **given})) == ["abcd"[first]]
    assert sources(parsed({"cell_type": "code", "source": None, "text": "d"})) == ["d"]
    assert sources(parsed(cell(["a", 1]), cell(["a", "\n", "b"]), cell([]))) == ["a\nb", ""]


def test_half_a_character_and_another_encoding_are_told_of_their_cell():
    half = parsed(cell(), cell("a\ud800"))
    assert half.notes == ("has characters in cell 2 that are no Unicode text; they show as �",)
    text = json.dumps({"nbformat": 4, "cells": [cell(), cell("ä"), cell("ö")]}, ensure_ascii=False)
    both = parse_notebook(text.encode("cp1252"))
    told = "is not UTF-8 text in cell {}, which was read as Windows-1252"
    assert both.notes == (told.format(2), told.format(3))


@pytest.mark.parametrize(
    ("language", "notes"),
    [
        ("Python", ()),
        ("python", ()),
        (7, ()),
        ("x" * 21, (f"names a kernel for {'x' * 20!r}; it is run as Python",)),
    ],
)
def test_only_another_language_is_told(language, notes):
    assert parsed(metadata={"kernelspec": {"language": language}}).notes == notes


def test_nbgraders_text_has_128_characters_and_so_has_a_tag_of_which_there_are_twenty():
    assert metadata_of(nbgrader={"grade_id": "x" * 128}).nbgrader == {"grade_id": "x" * 128}
    assert metadata_of(nbgrader={"grade_id": "x" * 129}).nbgrader == {}
    every = {"grade_id": "a", "grade": True, "solution": False, "locked": True, "task": False}
    every |= {"points": 1, "schema_version": 3}
    assert metadata_of(nbgrader={**every, "checksum": "c"}).nbgrader == every
    assert metadata_of(nbgrader=["grade_id"], tags="setup") == {"nbgrader": {}, "tags": []}
    assert metadata_of(tags=["x" * 128, "x" * 129, "", "y"]).tags == ["x" * 128, "y"]
    assert metadata_of(tags=[f"{number}" for number in range(21)]).tags == [
        f"{number}" for number in range(20)
    ]
    tags = ["a", "x" * (10_000 - len('["a", ""]'))]
    assert metadata_of(tags=tags).tags == ["a"]
    assert metadata_of(tags=[tags[0], tags[1] + "x"]).tags == []


def test_an_id_has_64_letters_and_none_is_given_twice():
    def ids(*given):
        return [each.id for each in parsed(*[cell(id=each) for each in given]).notebook.cells]

    assert ids("x" * 64, "x" * 65, "Az09_-", "") == ["x" * 64, "submitted-1", "Az09_-", "submitted-3"]
    assert ids("submitted-1", "!", "submitted-0") == ["submitted-0", "submitted-1", "submitted-2"]
