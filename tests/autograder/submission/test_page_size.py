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


def displayed(*bundles):
    """What is left of outputs that show these, each in a cell of its own."""
    return [cell.outputs[0].data for cell in fitted(*map(shows, bundles))]


NOT_SHOWN = {"text/plain": "(not shown: this notebook shows more than a page can)"}


def test_twenty_thousand_characters_of_code_are_shown_of_a_cell_and_two_thousand_of_another_language():
    assert fitted(new_code_cell("x=1 \n" * 4000))[0].source == "x=1 \n" * 4000
    (cell,) = fitted(new_code_cell("x=1 \n" * 4000 + "y"))
    note = "# ... not all of its 20,001 characters are shown here; they are in the file as it was handed in"
    assert cell.source == "x=1 \n" * 4000 + f"\n{note}"
    assert fitted(new_code_cell("%%js\n" * 400))[0].source == "%%js\n" * 400
    (cell,) = fitted(new_code_cell(" \n%%js" + "\n" * 2000))
    assert cell.source.split("\n# ... not")[0] == " \n%%js" + "\n" * 1994


def test_a_line_of_code_has_a_thousand_characters():
    assert fitted(new_code_cell("x" * 1000 + "\ny"))[0].source == "x" * 1000 + "\ny"
    (cell,) = fitted(new_code_cell("x" * 1001 + "\ny"))
    assert cell.source.startswith("x" * 1000 + " ...\ny\n# ... not all of its 1,003 characters")


def test_three_hundred_thousand_characters_of_code_are_shown_of_a_notebook():
    cells = [new_code_cell("x=1 \n" * 4000)] * 15
    assert [cell.source for cell in fitted(*cells)] == [cell.source for cell in cells]
    assert fitted(*cells, new_code_cell("y"))[-1].source.startswith("\n# ... not all of its 1 characters")


@pytest.mark.parametrize("kind", ["text/markdown", "text/latex"])
def test_words_count_by_their_length_their_lines_and_their_formulas(kind):
    def weighs(text, weight):
        rest = {kind: "x" * (300_000 - weight)}
        assert displayed({kind: text}, rest) == [{kind: text}, rest]
        assert displayed({kind: text}, {kind: rest[kind] + "x"}) == [{kind: text}, NOT_SHOWN]

    weighs("words", 5)
    weighs("a\nb\n\nc", 6 + 3 * 20)
    weighs("$a$ and \\(b\\)", 13 + 3 * 30)


def test_words_that_are_too_many_are_shown_letter_for_letter():
    rest = new_markdown_cell("x" * 299_999)
    assert [cell.source for cell in fitted(rest, new_markdown_cell("y"))] == [rest.source, "y"]
    assert fitted(rest, new_markdown_cell("yy"))[1].source == "~~~\nyy\n~~~"


def test_words_and_code_and_text_have_rooms_of_their_own():
    code = [*[new_code_cell("x=1 \n" * 4000)] * 14, new_code_cell("x" * 900 + "\n" * 19_089)]
    words = new_markdown_cell("x" * 300_000)  # and eleven characters of code below it
    text = [shows({"text/plain": "x" * 200_000})] * 10
    rich = [shows({"image/png": "x" * 20_000_000})]
    cells = [*code, words, *text, *rich]
    assert [(cell.source, cell.get("outputs")) for cell in fitted(*cells)] == [
        (cell.source, cell.get("outputs")) for cell in cells
    ]


def test_two_hundred_thousand_characters_of_text_are_shown_of_an_output_and_two_million_of_a_notebook():
    most = "x" * 200_000
    assert displayed({"text/plain": most}) == [{"text/plain": most}]
    cut = "\n... (2 more characters are not shown here)"
    assert displayed({"text/plain": most + "yz"}) == [{"text/plain": most + cut}]
    left = displayed(*[{"text/plain": most}] * 9, {"text/plain": most[3:]}, {"text/plain": "12345"})
    assert left[-1] == {"text/plain": "123" + cut}
    error = new_output("error", ename="E", evalue=most + "yz", traceback=[most, most + "yz"])
    (cell,) = fitted(new_code_cell("x", outputs=[error]))
    assert (cell.outputs[0].evalue, cell.outputs[0].traceback) == (most + cut, [most, most + cut])


def test_the_values_of_errors_and_their_tracebacks_share_the_room_of_text():
    full = [shows({"text/plain": "x" * 200_000})] * 10
    error = new_output("error", ename="E", evalue="v", traceback=["t"])
    cells = fitted(*full, new_code_cell("x", outputs=[error]))
    cut = "\n... (1 more characters are not shown here)"
    assert (cells[-1].outputs[0].evalue, cells[-1].outputs[0].traceback) == (cut, [cut])


def test_twenty_million_characters_of_pictures_and_html_are_shown_of_a_notebook():
    png, page = {"image/png": "x" * 19_999_990}, {"text/html": "<p>10</p>."}
    assert displayed(png, page) == [png, page]
    assert displayed(png, page, {"image/png": "x"}) == [png, page, NOT_SHOWN]
    assert displayed(png, {"text/html": "<p>.11</p>."}) == [png, NOT_SHOWN]


def test_formulas_in_html_count_as_words():
    words, page = {"text/markdown": "x" * (300_000 - 120)}, {"text/html": "<p>$a$ and $b$</p>"}
    assert displayed(words, page) == [words, page]
    assert displayed({"text/markdown": words["text/markdown"] + "x"}, page)[1] == NOT_SHOWN
    plain = {"text/html": "<p>a</p>"}
    assert displayed({"text/markdown": "x" * 300_000}, plain)[1] == plain
    assert displayed({"text/markdown": "x" * 300_000}, {"image/png": "$"})[1] == {"image/png": "$"}


def test_a_locked_cell_may_show_too_much_and_a_graded_answer_may_be_too_long():
    note = "... (1 more characters are not shown here)"
    cells = [new_code_cell("x" * 1001, outputs=[new_output("stream", text="y" * 200_001)]) for _ in range(2)]
    cells[0].metadata.nbgrader = {"locked": True, "grade": False}
    cells[1].metadata.nbgrader = {"locked": False, "grade": True}
    locked, graded = fitted(*cells)
    assert locked.source == cells[0].source
    assert locked.outputs[0].text.endswith(note)
    assert graded.source.startswith("x" * 1000 + " ...\n# ... not all")
    assert graded.outputs == cells[1].outputs
