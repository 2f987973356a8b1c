import base64
import hashlib
import re

import pytest
from jinja2 import UndefinedError

from autograder.pages import render

EMPTY = {
    "results": {"title": "<T>", "assignment": "a", "submissions": [], "titles": {}},
    "summary": {
        "submissions": 0,
        "graded": 0,
        "max_score": 0,
        "mean": None,
        "median": None,
        "waiting": 0,
        "ungraded": [],
        "points_inside": 0,
    },
    **{key: [] for key in ("graded", "exercises", "checks", "causes", "lines", "look")},
    "charts": {},
}


def test_the_one_script_of_a_page_is_the_one_that_its_policy_names():
    page = render("report.html", script="sort.js", **EMPTY)
    script = re.search(r"<script>(.*?)</script>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert page.count("<script") == 1
    assert "default-src &#39;none&#39;" in page
    assert f"script-src &#39;sha256-{digest}&#39;" in page


def test_values_are_escaped():
    assert "&lt;T&gt;" in render("report.html", **EMPTY)


def test_a_value_that_is_missing_is_an_error_and_not_a_gap():
    with pytest.raises(UndefinedError):
        render("report.html")
