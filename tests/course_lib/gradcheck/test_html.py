from html.parser import HTMLParser

import numpy as np
import pytest
from pairs_under_test import affine_forward, affine_inputs, affine_with

from course_lib import check_vjp


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.opened = []
        self.feed(text)

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
