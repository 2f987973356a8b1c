from nbformat.v4 import new_markdown_cell, new_raw_cell

from autograder.submission import rebuild

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def test_prose_keeps_its_html_and_the_students_markdown_loses_it(handed_in, rebuilt, cell_of):
    cell_of(handed_in, "03_w").source = "so <script>alert(1)</script> $a <b$"
    handed_in.cells.append(new_raw_cell("<script>alert(2)</script>", metadata={"raw_mimetype": "text/html"}))
    result = rebuilt(handed_in)
    assert result.notebook.cells[0].source == "# Title <b>bold</b>"
    assert cell_of(result.notebook, "03_w").source == "so < script>alert(1)< /script> $a < b$"
    last = result.notebook.cells[-1]
    assert (last.cell_type, last.source, last.metadata) == (
        "markdown",
        "< script>alert(2)< /script>",
        {},
    )


def test_a_picture_pasted_into_a_written_answer_is_kept(handed_in, rebuilt, cell_of):
    picture = {"image.png": {"image/png": PNG}}
    cell_of(handed_in, "03_w").update(source="![](attachment:image.png)", attachments=picture)
    assert cell_of(rebuilt(handed_in).notebook, "03_w").attachments == picture


def test_pictures_of_the_released_cell_stay_and_what_is_no_picture_goes(handed_in, released, submit, cell_of):
    cell_of(released, "03_w").attachments = {"a.png": {"image/png": PNG}, "b.png": {"image/png": PNG}}
    other = {"image/gif": "R0lGODlhAQABAIAAAAAAAAAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=="}
    cell_of(handed_in, "03_w").update(
        source="![](attachment:a.png) ![](attachment:c.png)",
        attachments={"b.png": other, "c.png": {"text/html": "x"}},
    )
    made = cell_of(rebuild(released, submit(handed_in)).notebook, "03_w")
    assert made.attachments == {"a.png": {"image/png": PNG}, "b.png": other}
    assert made.source == "![](attachment:a.png) ![] (attachment :c.png)"


def test_words_without_pictures_have_none_attached(handed_in, rebuilt, cell_of):
    cell_of(handed_in, "03_w").source = "words"
    handed_in.cells.append(new_markdown_cell("more"))
    notebook = rebuilt(handed_in).notebook
    assert "attachments" not in cell_of(notebook, "03_w")
    assert "attachments" not in notebook.cells[-1]


def test_a_space_around_an_answer_does_not_make_it_another(handed_in, released, rebuilt, cell_of):
    cell_of(handed_in, "03_w").source = " \n*Answer here.*\n"
    assert cell_of(rebuilt(handed_in).notebook, "03_w") == cell_of(released, "03_w")


def test_an_emptied_answer_is_the_stub(handed_in, released, rebuilt, cell_of):
    cell_of(handed_in, "02_g").source = "  \n"
    cell_of(handed_in, "03_w").source = ""
    result = rebuilt(handed_in)
    for name in ("02_g", "03_w"):
        assert cell_of(result.notebook, name) == cell_of(released, name)
