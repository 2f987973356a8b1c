import copy

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.submission.page_size import (
    MAX_ALL_CODE,
    MAX_ALL_RICH,
    MAX_ALL_TEXT,
    MAX_ALL_WORDS,
    MAX_CODE,
    MAX_LINE,
    fit_for_a_page,
)


def fitted(*cells):
    notebook = new_notebook()
    notebook.cells = [copy.deepcopy(cell) for cell in cells]
    for number, cell in enumerate(notebook.cells):
        cell.id = str(number)
    fit_for_a_page(notebook)
    nbformat.validate(notebook)
    return notebook.cells


def shows(data):
    return new_code_cell("x", outputs=[new_output("display_data", data)])


def test_an_honest_notebook_stays_as_it_is():
    cells = [
        new_markdown_cell("word " * 2000),
        new_code_cell("x = 1\n" * 3000, outputs=[new_output("stream", text="1\n" * 10_000)]),
        shows({"image/png": "A" * 2_000_000, "text/plain": "<Figure>"}),
    ]
    assert [(cell.source, cell.get("outputs")) for cell in fitted(*cells)] == [
        (cell.source, cell.get("outputs")) for cell in cells
    ]


@pytest.mark.parametrize("unit", ["x = 1\n", "a.", "...", "%%html\n<!--"])
def test_code_is_cut_and_says_where_it_is_whole(unit):
    (cell,) = fitted(new_code_cell(unit * 100_000))
    assert len(cell.source) < MAX_CODE + 200
    assert max(map(len, cell.source.split("\n"))) < MAX_LINE + 10
    assert cell.source.endswith("they are in the file as it was handed in")


def test_a_notebook_of_many_cells_is_bounded_as_a_whole():
    cells = fitted(*[new_code_cell("x = 1\n" * 1000) for _ in range(500)])
    assert sum(len(cell.source) for cell in cells) < MAX_ALL_CODE + 500 * 120
    words = fitted(*[new_markdown_cell("a *b*\n" * 1000) for _ in range(500)])
    rendered = [cell.source for cell in words if not cell.source.startswith("~~~")]
    assert sum(map(len, rendered)) <= MAX_ALL_WORDS
    assert sum(len(cell.source) for cell in words) < MAX_ALL_WORDS + MAX_ALL_TEXT + 500 * 100


def test_outputs_of_a_notebook_are_bounded_as_a_whole():
    printed = new_code_cell("x", outputs=[new_output("stream", text="a" * 150_000)])
    failed = new_code_cell("x", outputs=[new_output("error", ename="E", evalue="v", traceback=["a" * 10**5])])
    cells = fitted(*[printed] * 20, *[failed] * 20)
    assert sum(len(str(cell.outputs)) for cell in cells) < MAX_ALL_TEXT + 40 * 400
    pictures = fitted(*[shows({"image/png": "A" * 10**6})] * 30)
    assert sum(len(str(cell.outputs)) for cell in pictures) < MAX_ALL_RICH + 30 * 400
    assert "this notebook shows more than a page can" in str(pictures[-1].outputs)
    markdown = fitted(*[shows({"text/markdown": "*a* " * 5000, "text/plain": "it"})] * 30)
    assert markdown[0].outputs[0].data["text/markdown"]
    assert markdown[-1].outputs[0].data == {"text/plain": "it"}


def test_a_locked_cell_and_a_score_stay_whatever_the_student_shows():
    flood = new_code_cell("x", outputs=[new_output("stream", text="a" * 200_000)])
    graded = new_code_cell(
        "# a line\n" * 5000, outputs=[new_output("execute_result", {"text/plain": "5.0"}, execution_count=1)]
    )
    graded.metadata.nbgrader = {"grade": True, "solution": False, "locked": True, "grade_id": "a"}
    kept = fitted(*[flood] * 20, graded)[-1]
    assert (kept.source, kept.outputs) == (graded.source, graded.outputs)
