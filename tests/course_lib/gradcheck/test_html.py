import re
from html.parser import HTMLParser

import numpy as np
import pytest
from pairs_under_test import affine_forward, affine_inputs, affine_with

from course_lib import ArgumentCheck, GradientCheck, check_vjp
from course_lib.gradcheck.html import BORDERS, CELL, FULL_COLOUR, LARGEST_MAP, html_report
from course_lib.gradcheck.lines.result import WrongLine


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.opened = []
        self.lines = []
        self.feed(text)

    def handle_data(self, data):
        style = self.opened[-1][1]["style"]
        self.lines.append((data, {"font-weight:600": "bold", "opacity:.75": "faint"}.get(style, style)))

    def handle_starttag(self, tag, attrs):
        self.opened.append((tag, dict(attrs)))


def test_a_wrong_matrix_is_shown_as_a_heat_map_with_a_cell_for_each_entry():
    page = check_vjp(affine_forward, affine_with(w=np.negative), *affine_inputs())._repr_html_()
    cells = [attrs for tag, attrs in Tags(page).opened if tag == "td"]
    assert len(cells) == 12
    assert all("rgba(214,69,69" in attrs["style"] for attrs in cells)
    assert cells[0]["title"].startswith("w[0, 0]: ")


def test_a_passing_check_has_no_heat_map():
    assert "<td" not in check_vjp(affine_forward, affine_with(), *affine_inputs())._repr_html_()


def test_a_large_map_shows_a_corner_and_says_so():
    x = np.random.default_rng(0).normal(size=(40, 50))
    page = check_vjp(np.sin, lambda dout, c: dout * np.sin(c[0]), x)._repr_html_()
    assert page.count("<td") == 32 * 32
    assert "the first 32 x 32 of 40 x 50" in page


def test_no_colour_of_text_is_fixed_so_that_both_themes_can_be_read():
    page = check_vjp(affine_forward, affine_with(w=np.negative), *affine_inputs())._repr_html_()
    for _, attrs in Tags(page).opened:
        properties = [rule.split(":")[0].strip() for rule in attrs.get("style", "").split(";")]
        assert "color" not in properties


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "a&b", '"><img src=x onerror=y>'])
def test_what_a_student_controls_is_escaped(text):
    def backward(dout, cache):
        raise ValueError(text)

    page = check_vjp(lambda x: x, backward, 1.0, names=(text,))._repr_html_()
    assert text not in page
    assert {tag for tag, _ in Tags(page).opened} <= {"div", "table", "tr", "td"}


def test_a_check_that_is_not_written_yet_says_so():
    def relu_backward(dout, cache):
        raise NotImplementedError

    assert "relu_backward: not written yet" in check_vjp(lambda x: x, relu_backward, 1.0)._repr_html_()


def wrong(name, errors=None, **known):
    return ArgumentCheck(name, False, 4, 4, 2, 0, (1,), 2.0, 3.0, 1e-9, error_map=errors, **known)


def test_the_lines_of_a_failure_come_in_the_order_of_the_text_report_each_in_its_weight():
    line = WrongLine("f", 7, "da = db", "da", sentences=("two numbers", "one more"))
    arguments = (wrong("a", explanation="zero"), wrong("b"), ArgumentCheck("c", True, 4, 4, kinks=1))
    page = html_report(GradientCheck("f", False, arguments, "", "a (4,)", ("promoted",), line=line))
    assert Tags(page).lines == [
        ("f: gradient of `a` is wrong in 2 of 4 entries", "bold"),
        ("worst at a[1]: yours 2, numerical 3, allowed error 1e-09", ""),
        ("likely cause: zero", ""),
        ("the first wrong line is 7:  da = db", "bold"),
        ("  two numbers", ""),
        ("  one more", ""),
        ("f: gradient of `b` is wrong in 2 of 4 entries", "bold"),
        ("worst at b[1]: yours 2, numerical 3, allowed error 1e-09", ""),
        ("1 entry of c sits on a kink, where any slope between the one-sided ones is right", "faint"),
        ("promoted", "faint"),
        ("inputs: a (4,)", "faint"),
    ]


def test_a_pass_is_one_line_and_a_call_that_failed_is_another():
    passed = html_report(GradientCheck("f", True, (ArgumentCheck("x", True, 2, 2),), inputs="x (2,)"))
    assert Tags(passed).lines == [("f: gradient of x is right (2 entries)", "bold")]
    failed = html_report(GradientCheck("f", False, message="not written yet", inputs="x (2,)"))
    assert Tags(failed).lines == [("f: not written yet", "bold"), ("inputs: x (2,)", "faint")]


@pytest.mark.parametrize(("passed", "colour"), [(True, "#2e9e44"), (False, "#d64545"), (None, "#d19a1f")])
def test_the_border_has_the_colour_of_the_verdict(passed, colour):
    page = html_report(GradientCheck("f", passed))
    assert BORDERS[passed] == colour
    assert page.startswith(f'<div style="border-left:4px solid {colour};padding:2px 0 2px 10px;')
    assert page.endswith("</div></div>")


def cells(errors, **known):
    """Return the (title, colour) of each cell of a map, row by row, and the last line below it."""
    page = html_report(GradientCheck("f", False, (wrong("w", errors, **known),)))
    rows = re.findall("<tr>(.*?)</tr>", page)
    found = [[(attrs["title"], attrs["style"]) for _, attrs in Tags(row).opened] for row in rows]
    prefix = CELL.split("{}")[0]
    assert all(style.startswith(prefix) for row in found for _, style in row)
    captions = [text for text, _ in Tags(page).lines if text.startswith("error of each")]
    return [[(title, style.removeprefix(prefix)) for title, style in row] for row in found], *captions


def test_a_cell_is_green_up_to_the_allowed_error_and_redder_with_its_logarithm():
    ratios = np.array([[0.2, 1.0, 1.5], [1e3, FULL_COLOUR, 1e12], [np.nan, np.inf, 0.0]])
    green = "rgba(46,158,68,.35)"
    found, caption = cells(ratios)
    assert found == [
        [
            ("w[0, 0]: 0.2 x the allowed error", green),
            ("w[0, 1]: 1 x the allowed error", green),
            ("w[0, 2]: 2 x the allowed error", "rgba(214,69,69,0.27)"),
        ],
        [
            ("w[1, 0]: 1e+03 x the allowed error", "rgba(214,69,69,0.62)"),
            ("w[1, 1]: 1e+06 x the allowed error", "rgba(214,69,69,1.00)"),
            ("w[1, 2]: 1e+12 x the allowed error", "rgba(214,69,69,1.00)"),
        ],
        [
            ("w[2, 0]: not looked at", "transparent"),
            ("w[2, 1]: not looked at", "transparent"),
            ("w[2, 2]: 0 x the allowed error", green),
        ],
    ]
    assert caption == "error of each entry, green where it is allowed"


def test_a_vector_is_one_row_of_cells_and_its_corner_is_its_beginning():
    found, _ = cells(np.array([0.0, 2.0]))
    assert [[title.split(":")[0] for title, _ in row] for row in found] == [["w[0]", "w[1]"]]
    found, caption = cells(np.zeros(LARGEST_MAP + 1))
    assert [len(row) for row in found] == [LARGEST_MAP] == [32]
    assert caption == "error of each entry, green where it is allowed (the first 1 x 32 of 33)"


@pytest.mark.parametrize("errors", [np.zeros((2, 2, 2)), np.array(2.0), None])
def test_only_vectors_and_matrices_have_a_map(errors):
    assert cells(errors) == ([],)


def test_an_argument_without_a_wrong_entry_has_no_map():
    argument = ArgumentCheck("x", None, 2, 2, explanation="drowns in rounding", error_map=np.ones(2))
    page = html_report(GradientCheck("f", None, (argument,)))
    assert "<table" not in page
    assert ("reason: drowns in rounding", "") in Tags(page).lines


def test_a_map_leaves_no_space_between_its_cells():
    page = html_report(GradientCheck("f", False, (wrong("w", np.ones(2)),)))
    style = "border-collapse:collapse;margin:4px 0;width:auto"
    assert ("table", {"style": style}) in Tags(page).opened
    assert CELL.format("red").endswith(";background:red")


def test_the_name_of_an_argument_cannot_leave_the_title_of_a_cell():
    name = '"><b>'
    page = html_report(GradientCheck("f", False, (wrong(name, np.ones(2)),)))
    assert name not in page
    titles = [attrs["title"] for tag, attrs in Tags(page).opened if tag == "td"]
    assert titles == [f"{name}[{k}]: 1 x the allowed error" for k in range(2)]
