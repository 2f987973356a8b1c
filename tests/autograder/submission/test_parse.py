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
        (b"\xff", r"is not JSON: invalid character \(line 1\)"),
        (b"<html></html>", r"is not JSON: invalid character \(line 1\)"),
        (b'{"a": 1,\n"b": 2,\n\n<<<<<<< HEAD', r"is not JSON: .* \(line 4\)"),
        (b'{"cells": [', "is not JSON: input data was truncated"),
        (b"[1]", "is JSON but not a notebook: it holds a list"),
        (b'"no"', "is JSON but not a notebook: it holds a text"),
        (b"12", "is JSON but not a notebook: it holds one int"),
        (b"{}", "it has no nbformat number"),
        (notebook_bytes(nbformat="4"), "it has no nbformat number"),
        (notebook_bytes(nbformat=True), "it has no nbformat number"),
        (notebook_bytes(nbformat=99), "has nbformat 99; only 1 to 4 are known"),
        (notebook_bytes(nbformat=5), "has nbformat 5"),
        (notebook_bytes(nbformat=-(10**40)), "has nbformat -1000000000000000000;"),
        (notebook_bytes(cells=None), "it has no list of cells"),
        (notebook_bytes(cells={"a": 1}), "it has no list of cells"),
        (notebook_bytes(cells=[cell()] * 2001), "has more than the 2000 cells allowed"),
        (
            b'{"cells": [' + b"{}," * 2_000_000 + b'{}], "nbformat": 4}',
            "has more than the 2000 cells allowed",
        ),
        (
            notebook_bytes(cells=[cell("x" * 999_999)] * 11),
            "has more than 10,000,000 characters in its cells",
        ),
        (b'{"cells": ' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}", "is nested too deeply"),
        (b'{"nbformat": ' + b"9" * 5000 + b"}", "it has no nbformat number"),
        (b'{"nbformat": 1e999999}', "it has no nbformat number"),
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
    kinds = ("heading", "html", "markdown", "strange", 7, ["code"])
    cells = [{"cell_type": kind, "source": "t"} for kind in kinds]
    document = {"nbformat": 3, "worksheets": [{"cells": cells}]}
    parsed = parse_notebook(json.dumps(document).encode())
    assert [c.cell_type for c in parsed.notebook.cells] == ["markdown"] * 6


def test_what_is_not_a_cell_is_left_out_and_the_rest_is_read():
    parsed = parse_notebook(notebook_bytes(cells=["text", cell(), cell(3), {"cell_type": "code"}]))
    assert [c.source for c in parsed.notebook.cells] == ["x = 1"]
    assert parsed.notes == tuple(f"has no text in cell {n}, which is left out" for n in (1, 3, 4))


def test_half_characters_become_characters_that_can_be_written():
    parsed = parse_notebook(notebook_bytes(cells=[cell("a = '\ud800'")]))
    assert parsed.notebook.cells[0].source == "a = '�'"
    assert "no Unicode text" in parsed.notes[0]


NOTEBOOK = b'{"nbformat": 4, "cells": [%s]}'
PLAIN = b'{"cell_type": "code", "source": "x = 1"}'


def with_outputs(outputs):
    return NOTEBOOK % (b'{"cell_type": "code", "outputs": [' + outputs + b'], "source": "x = 1"}')


@pytest.mark.parametrize(
    "data",
    [
        with_outputs(b'{"text": "' + b"x" * 20_000_000 + b'"}'),
        with_outputs(b",".join([b"0.125"] * 2_000_000)),
        with_outputs(b"{}," * 2_000_000 + b"{}"),
        with_outputs(b"[" * 500 + b"]" * 500),
        with_outputs(b'{"%s": 1}' % (b"k" * 5_000_000)),
        with_outputs(b"9" * 1_000_000 + b", 1e999999"),
        with_outputs(rb'NaN, -Infinity, "NaN \" Infinity", "\ud800 \ude00\ud83d"'),
        b'{"metadata": {"widgets": [' + b"[]," * 2_000_000 + b"NaN]}, " + (NOTEBOOK % PLAIN)[1:],
        (NOTEBOOK % PLAIN).replace(b": ", b":\r\n") + b" \r\n\n",
    ],
    ids=["text", "numbers", "objects", "depth", "key", "digits", "oddities", "widgets", "newlines"],
)
def test_what_stands_beside_the_sources_costs_nothing(data):
    parsed = parse_notebook(data)
    assert [c.source for c in parsed.notebook.cells] == ["x = 1"]
    assert parsed.notes == ()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings_of_unicode_are_read(encoding):
    text = json.dumps({"nbformat": 4, "cells": [cell("a = 'größer 😀'")]}, ensure_ascii=False)
    assert parse_notebook(text.encode(encoding)).notebook.cells[0].source == "a = 'größer 😀'"


def test_what_is_not_utf_8_is_read_as_windows_writes_it():
    text = json.dumps({"nbformat": 4, "cells": [cell("a = 'größer €'")]}, ensure_ascii=False)
    parsed = parse_notebook(text.encode("cp1252"))
    assert parsed.notebook.cells[0].source == "a = 'größer €'"
    assert parsed.notes == ("is not UTF-8 text in cell 1, which was read as Windows-1252",)


@pytest.mark.parametrize("rest", [b"}", b"\0" * 100, b"\n\n<html>", NOTEBOOK % PLAIN])
def test_what_follows_the_notebook_is_left_out_with_a_remark(rest):
    parsed = parse_notebook(NOTEBOOK % PLAIN + rest)
    assert len(parsed.notebook.cells) == 1
    assert parsed.notes == ("goes on after its end; what follows there was left out",)


def test_of_fields_given_twice_the_last_counts():
    parsed = parse_notebook(NOTEBOOK % b'{"cell_type": "code", "source": "a", "source": "b"}')
    assert [c.source for c in parsed.notebook.cells] == ["b"]


def test_a_cell_that_is_too_long_is_left_out_and_the_rest_is_read():
    parsed = parse_notebook(notebook_bytes(cells=[cell("x" * 1_000_001), cell(["a\n"] * 2_000_000), cell()]))
    assert [c.source for c in parsed.notebook.cells] == ["x = 1"]
    assert "has 1,000,001 characters in cell 1" in parsed.notes[0]
    assert "bytes in cell 2, which is left out" in parsed.notes[1]


def test_pictures_beyond_measure_are_left_out_and_the_text_is_kept():
    many = {f"{n}.png": {"image/png": "aGFsbG8="} for n in range(2_000)}
    parsed = parse_notebook(notebook_bytes(cells=[cell("see", "markdown", attachments=many)]))
    assert (parsed.notebook.cells[0].source, parsed.notebook.cells[0].attachments) == ("see", {})
    assert "more pictures in cell 1 than can be kept" in parsed.notes[0]


def test_line_ends_and_marks_of_byte_order_are_those_of_python():
    parsed = parse_notebook(notebook_bytes(cells=[cell("\ufeffa = 1\r\nb = 2\rc = 3\n")]))
    assert parsed.notebook.cells[0].source == "a = 1\nb = 2\nc = 3\n"


def test_the_essence_of_a_notebook_is_the_same_whatever_its_outputs_are_and_reads_as_it_does():
    first = parse_notebook(notebook_bytes(cells=[cell(id="a", outputs=[])], metadata={"a": 1}))
    again = parse_notebook(notebook_bytes(cells=[cell(id="a", outputs=[1, 2], execution_count=3)]))
    assert first.essence() == again.essence()
    assert parse_notebook(first.essence()) == first


@pytest.mark.parametrize(
    "points", [2.5, 10**30, "10**30", True], ids=["a part", "large", "a text", "a truth value"]
)
def test_the_essence_of_a_notebook_is_json_in_one_form_whatever_its_numbers_are(points):
    told = cell("π = 'a\x00\\'", metadata={"nbgrader": {"points": points, "grade_id": "é"}})
    parsed = parse_notebook(notebook_bytes(cells=[told]))
    plain = json.dumps(parsed.content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert parsed.essence() == plain.encode()


def test_a_number_beyond_all_is_no_plain_value():
    text = notebook_bytes(cells=[cell(metadata={"nbgrader": {"points": 1, "grade": True}})])
    parsed = parse_notebook(text.replace(b'"points": 1', b'"points": 1e999'))
    assert parsed.notebook.cells[0].metadata.nbgrader == {"grade": True}


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
