import re
import time

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograder.submission.harmless import harmless_attachments, harmless_outputs
from autograder.submission.words import harmless_markdown, plain_name
from course_lib.gradcheck import check_gradient

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def outputs_of(data, metadata=None):
    output = {"output_type": "display_data", "data": data, "metadata": metadata or {}}
    return harmless_outputs([nbformat.from_dict(output)])


@pytest.mark.parametrize(
    "text",
    [
        "The gate *adds*; **so** its gradient is $\\frac{\\partial f}{\\partial x} = 1 < 2$.",
        "$$\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}$$",
        "![](data:image/png;base64,aGFsbG8=) [link](https://example.org)",
        "a < b, a <= b, x<3 & y; the data: 1, 2, 3",
        "- `code`\n- [ ] item\n\n> quote | table",
    ],
)
def test_words_mathematics_links_and_pictures_stay_as_they_are(text):
    assert harmless_markdown(text) == text


@pytest.mark.parametrize(
    "data",
    [
        {"application/javascript": "PAYLOAD"},
        {"application/vnd.jupyter.widget-view+json": {"model_id": "PAYLOAD"}},
        {"application/vnd.custom+json": {"a": "PAYLOAD"}},
        {"application/pdf": "PAYLOAD"},
        {"image/png": '"><script>PAYLOAD</script>'},
        {"text/html": ["PAYLOAD"]},
        {"image/svg+xml": {"a": "PAYLOAD"}},
    ],
)
def test_types_that_could_carry_code_or_are_malformed_are_not_kept(data):
    assert outputs_of({**data, "text/plain": "x"})[0].data == {"text/plain": "x"}


def test_pictures_and_tables_and_reports_stay():
    picture = f'<img src="data:image/png;base64,{PNG}" alt="a &lt; b" width="300">'
    assert outputs_of({"text/html": picture})[0].data["text/html"] == picture
    table = '<table border="1"><tr><td style="color: rgba(1, 2, 3, .5);">1</td></tr></table>'
    assert outputs_of({"text/html": table})[0].data["text/html"] == table
    assert outputs_of({"image/png": PNG})[0].data == {"image/png": PNG}


def test_of_output_metadata_only_sizes_stay():
    given = {"image/png": {"width": 3, "height": '"><script>', "alt": "x"}, "text/html": {"isolated": True}}
    assert outputs_of({"image/png": PNG}, given)[0].metadata == {"image/png": {"width": 3}}


def test_sizes_are_whole_numbers_of_pixels_that_a_page_has():
    def kept(width):
        return outputs_of({"image/png": PNG}, {"image/png": {"width": width, "height": 2}})[0].metadata

    assert [kept(width)["image/png"] for width in (1, 9999)] == [
        {"width": 1, "height": 2},
        {"width": 9999, "height": 2},
    ]
    assert {str(kept(width)) for width in (0, -1, 10_000, 2.5, True, "3", None)} == {
        str({"image/png": {"height": 2}})
    }
    assert outputs_of({"image/png": PNG}, {"image/png": "wide"})[0].metadata == {}
    assert outputs_of({"image/png": PNG}, ["wide"])[0].metadata == {}


@pytest.mark.parametrize(
    ("count", "kept"), [(0, 0), (7, 7), (-1, None), ("7", None), (True, None), (2.0, None), (None, None)]
)
def test_a_result_has_a_number_or_none(count, kept):
    output = {"output_type": "execute_result", "data": {"text/plain": "1"}, "execution_count": count}
    assert harmless_outputs([nbformat.from_dict(output)])[0].execution_count is kept


def test_outputs_of_another_shape_are_empty_where_they_are_not_as_they_should_be():
    outputs = [
        {"output_type": "stream", "name": "<b>", "text": ["a"]},
        {"output_type": "error", "ename": 1, "evalue": ["v"], "traceback": "<b>"},
        {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["t", {"a": 1}]},
        {"output_type": "display_data", "data": "<b>", "metadata": None},
    ]
    assert harmless_outputs([nbformat.from_dict(output) for output in outputs]) == [
        new_output("stream", name="stdout", text=""),
        new_output("error", ename="", evalue="", traceback=[]),
        new_output("error", ename="E", evalue="v", traceback=["t", ""]),
        new_output("display_data", {}),
    ]


def test_streams_errors_and_results_stay_as_valid_outputs():
    outputs = [
        new_output("stream", text="a", name="stderr"),
        new_output("stream", text="a", name="stdout"),
        new_output("display_data", {"text/plain": "1"}),
        new_output("error", ename="E", evalue="v", traceback=["t"]),
        new_output("execute_result", {"text/plain": "1"}, execution_count=3),
    ]
    made = harmless_outputs(outputs)
    assert made == outputs
    assert (made[0].text, made[3].ename, made[2].data) == ("a", "E", {"text/plain": "1"})
    nbformat.validate(new_notebook(cells=[new_code_cell("x", outputs=made)]))


def test_outputs_of_no_known_kind_are_dropped():
    assert harmless_outputs([nbformat.from_dict({"output_type": "strange"}), nbformat.from_dict({})]) == []


def test_only_pictures_stay_attached_and_under_plain_names():
    given = {
        "image.png": {"image/png": PNG, "text/html": "x"},
        'a "drawing".png': {"image/png": PNG},
        "a.svg": {"image/svg+xml": PNG},
        "b.png": {"image/png": "not base64!"},
    }
    kept = harmless_attachments({**given, "c.png": PNG, "d.png": {"image/png": [PNG]}})
    assert kept == {key: {"image/png": PNG} for key in ["image.png", plain_name('a "drawing".png')]}
    assert all(re.fullmatch(r"[\w.-]+", name) for name in kept)


def test_a_hundred_pictures_may_be_attached_to_a_cell():
    kept = harmless_attachments({f"{number}.png": {"image/png": PNG} for number in range(101)})
    assert list(kept) == [f"{number}.png" for number in range(100)]


@pytest.mark.parametrize(
    "html",
    [
        "<p onclick=x>",
        "<P>",
        '<p title="a"onclick="x">',
        '<p style="background:url(x)">',
        '<p style="position: fixed">',
        '<p class="modal">',
        '<a href="data:text/html,x">',
        '<img src="https://example.org/x.png">',
        "<!-- x -->",
        "a < b",
    ],
)
def test_html_that_is_not_plain_gives_way_to_text(html):
    assert outputs_of({"text/html": html, "text/plain": "x"})[0].data == {"text/plain": "x"}
    assert outputs_of({"text/html": html})[0].data == {"text/plain": "(not shown: text/html)"}


def test_markdown_that_is_shown_is_made_harmless_and_a_drawing_is_left_out():
    assert outputs_of({"text/markdown": "*a* <b>"})[0].data == {"text/markdown": "*a* < b>"}
    assert outputs_of({"image/svg+xml": "<svg/>"})[0].data == {"text/plain": "(not shown: image/svg+xml)"}


def test_the_checkers_own_report_is_shown_as_it_is():
    report = check_gradient(np.sum, np.arange(6.0).reshape(2, 3), np.zeros((2, 3)))._repr_html_()
    assert outputs_of({"text/html": report})[0].data == {"text/html": report}


@pytest.mark.parametrize(
    "html", ["<" * 10**6, "a<" * 10**6, "<p onclick=x>" * 10**5, '<p title="a" ' * 10**5]
)
def test_html_made_to_keep_a_parser_busy_is_decided_at_once(html):
    started = time.process_time()  # of a megabyte: what grows with its square would take hours
    assert outputs_of({"text/html": html})[0].data == {"text/plain": "(not shown: text/html)"}
    assert time.process_time() - started < 10.0


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 200 + "</div>" * 200,
        "<p>" * 30_000,
        "</div>",
        "<b>",
        "<div></b></div>",
        '<p style="margin:-900px">x</p>',
        r"<p>$\href{javascript:x}{y}$</p>",
        r"<p>$&#92;href{javascript:x}{y}$</p>",
        r"<p>$\&#104;ref{javascript:x}{y}$</p>",
        "$x$" * 1000,
    ],
)
def test_html_that_is_deep_unclosed_or_reaches_beyond_itself_gives_way_to_text(html):
    assert outputs_of({"text/html": html, "text/plain": "x"})[0].data == {"text/plain": "x"}


def test_latex_that_a_page_should_not_set_is_shown_as_it_was_written():
    deep = "$" + "{" * 1000 + "}" * 1000 + "$"
    assert outputs_of({"text/latex": deep, "text/plain": "<Latex>"})[0].data == {"text/plain": deep}
    long = "$x$" + "x" * (20_000 - 3)
    assert outputs_of({"text/latex": long})[0].data == {"text/latex": long}
    assert outputs_of({"text/latex": long + "x"})[0].data == {"text/plain": long + "x"}
    link = outputs_of({"text/latex": r"$\href{javascript:x}{y}$"})[0].data
    assert link == {"text/latex": r"$\ href{javascript:x}{y}$"}
