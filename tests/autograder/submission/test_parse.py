import json

import nbformat
import pytest

from autograder.submission.parse import BadNotebookError, parse_notebook


def notebook_bytes(**changes):
    document = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}
    return json.dumps(document | changes).encode()


def cell(source="x = 1", kind="code", **rest):
    return {"cell_type": kind, "source": source, "metadata": {}, **rest}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b"\xff\xfe{\x00}\x00", r"is not UTF-8 text \(byte 0\)"),
        (b"<html></html>", r"is not JSON: Expecting value \(line 1\)"),
        (b'{"cells": [', "is not JSON"),
        (b"[1]", "is JSON but not a notebook: it holds a list"),
        (b"{}", "it has no nbformat number"),
        (notebook_bytes(nbformat="4"), "it has no nbformat number"),
        (notebook_bytes(nbformat=True), "it has no nbformat number"),
        (notebook_bytes(nbformat=99), "has nbformat 99; only 1 to 4 are known"),
        (notebook_bytes(nbformat=5), "has nbformat 5"),
        (notebook_bytes(nbformat=-(10**40)), "has nbformat -1000000000000000000;"),
        (notebook_bytes(cells=None), "it has no list of cells"),
        (notebook_bytes(cells={"a": 1}), "it has no list of cells"),
        (notebook_bytes(cells=[cell()] * 2001), "has 2001 cells, more than the 2000 allowed"),
        (notebook_bytes(cells=[cell("x" * 1_000_001)]), "has 1,000,001 characters in cell 1"),
        (b"[" * 100_000, "is nested too deeply"),
        (b'{"nbformat": ' + b"9" * 5000 + b"}", "is not JSON that can be read"),
        (b"[" + b"[]," * 1_000_000 + b"[]]", "has more than 2,000,000 brackets and commas"),
    ],
)
def test_bytes_that_are_no_notebook_are_refused_with_the_reason(data, reason):
    with pytest.raises(BadNotebookError, match=reason):
        parse_notebook(data)


def test_sources_given_as_text_or_as_lines_are_read():
    parsed = parse_notebook(notebook_bytes(cells=[cell("a\nb"), cell(["a\n", "b"])]))
    assert [c.source for c in parsed.notebook.cells] == ["a\nb", "a\nb"]


def test_a_byte_order_mark_is_read_over():
    assert parse_notebook(b"\xef\xbb\xbf" + notebook_bytes()).notebook.cells == []


@pytest.mark.parametrize(
    "document",
    [
        {"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": "a = 1"}]}]},
        {"nbformat": 2, "worksheets": [{"cells": [{"cell_type": "code", "input": ["a ", "= 1"]}]}]},
        {"nbformat": 1, "cells": [{"cell_type": "code", "code": "a = 1"}]},
    ],
)
def test_notebooks_of_old_formats_are_upgraded_and_it_is_said(document):
    parsed = parse_notebook(json.dumps(document).encode())
    assert [(c.cell_type, c.source) for c in parsed.notebook.cells] == [("code", "a = 1")]
    assert parsed.notes == (f"was nbformat {document['nbformat']} and was upgraded",)


def test_text_headings_and_unknown_cells_of_old_formats_become_markdown():
    cells = [{"cell_type": kind, "source": "t"} for kind in ("heading", "html", "markdown", "strange", 7)]
    document = {"nbformat": 3, "worksheets": [{"cells": cells}]}
    parsed = parse_notebook(json.dumps(document).encode())
    assert [c.cell_type for c in parsed.notebook.cells] == ["markdown"] * 5


def test_what_is_not_a_cell_is_left_out_and_the_rest_is_read():
    parsed = parse_notebook(notebook_bytes(cells=["text", cell(), cell(3), {"cell_type": "code"}]))
    assert [c.source for c in parsed.notebook.cells] == ["x = 1"]
    assert parsed.notes == tuple(f"has no text in cell {n}, which is left out" for n in (1, 3, 4))


def test_half_characters_become_characters_that_can_be_written():
    parsed = parse_notebook(notebook_bytes(cells=[cell("a = '\ud800'")]))
    assert parsed.notebook.cells[0].source == "a = '�'"
    assert "no Unicode text" in parsed.notes[0]


def test_another_kernel_is_named_and_ignored():
    parsed = parse_notebook(notebook_bytes(metadata={"kernelspec": {"name": "ir", "language": "R"}}))
    assert parsed.notes == ("names a kernel for 'R'; it is run as Python",)
    assert parsed.notebook.metadata == {}


def test_cell_ids_are_kept_where_they_are_valid_and_unique():
    cells = [cell(id="a"), cell(id="a"), cell(id="b c"), cell(id=["x"]), cell()]
    ids = [c.id for c in parse_notebook(notebook_bytes(cells=cells)).notebook.cells]
    assert ids == ["a", "submitted-1", "submitted-2", "submitted-3", "submitted-4"]


def test_of_the_metadata_only_nbgraders_plain_values_and_tags_are_read():
    given = {
        "nbgrader": {"grade_id": "a", "points": 3, "locked": [1], "other": 1, "solution": "s" * 200},
        "tags": ["setup", 3, "t" * 200, "no,tag", ""],
        "widgets": {"deep": {}},
    }
    parsed = parse_notebook(notebook_bytes(cells=[cell() | {"metadata": given}]))
    assert parsed.notebook.cells[0].metadata == {
        "nbgrader": {"grade_id": "a", "points": 3},
        "tags": ["setup"],
    }


def test_outputs_and_the_notebooks_metadata_are_not_read():
    output = {"output_type": "execute_result", "data": {"text/html": "<script>"}, "metadata": {}}
    parsed = parse_notebook(notebook_bytes(cells=[cell(outputs=[output])], metadata={"title": "<script>"}))
    assert "script" not in nbformat.writes(parsed.notebook)


def test_the_number_of_notes_is_bounded():
    assert len(parse_notebook(notebook_bytes(cells=[None] * 2000)).notes) == 20
