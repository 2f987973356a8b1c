import pytest
from markupsafe import escape

from autograder.pages import highlighted
from autograder.pages.markdown import markdown

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def test_mathematics_becomes_mathml_and_prose_stays():
    html = markdown("The *sum* $a + b$, and\n\n$$\\frac{a}{b}$$")
    assert "<em>sum</em>" in html
    assert html.count("<math") == 2
    assert 'display="block"' in markdown("\\begin{matrix}a\\end{matrix}")
    assert "$" not in html
    assert escape(html) == html  # a template shows it as it is


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "![x](javascript:alert(1))",
        "`<script>`",
        "```python\n<script>alert(1)</script>\n```",
    ],
)
def test_nothing_in_it_runs(text):
    html = markdown(text).lower()
    assert "<script" not in html
    assert "<img src=x" not in html
    assert "javascript:" not in html


def test_the_renderer_alone_has_links_that_run_code_lead_nowhere(monkeypatch):
    monkeypatch.setitem(markdown.__globals__, "harmless_markdown", lambda text, pictures: text)
    assert "javascript:" not in markdown("[lead me](javascript:alert(1))")


def test_a_pasted_picture_is_shown_and_anything_else_under_its_name_is_not():
    picture = {"a.png": {"image/png": PNG}, "b.png": {"text/html": "<script>"}}
    html = markdown("![a graph](attachment:a.png)", picture)
    assert 'src="data:image/png;base64,' + PNG in html
    assert 'alt="a graph"' in html


def test_code_is_escaped():
    assert "<script" not in highlighted("x = '<script>'")
