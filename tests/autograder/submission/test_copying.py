"""A copy of a notebook can be given other sources and outputs."""

from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograder.submission.copying import copied


def test_the_original_keeps_its_cells_sources_outputs_and_metadata():
    notebook = new_notebook(cells=[new_code_cell("x = 1")], metadata={"record": {"points": 1}})
    copy = copied(notebook)
    assert copy == notebook
    copy.cells[0].source = "x = 2"
    copy.cells[0].outputs = [new_output("stream", text="2")]
    copy.cells.append(new_code_cell("y = 3"))
    copy.metadata["record"]["points"] = 2
    assert [cell.source for cell in notebook.cells] == ["x = 1"]
    assert notebook.cells[0].outputs == []
    assert notebook.metadata["record"]["points"] == 1
