"""What students write and show does not run in the browser of whoever grades it."""

import nbformat
import pytest
from attacked_pages import is_attacked
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.submission import harmless_markdown, harmless_outputs

MARKDOWN_ATTACKS = [
    "<script>PAYLOAD</script>",
    "<img src=x onerror=PAYLOAD>",
    "<svg/onload=PAYLOAD>",
    "<iframe srcdoc='PAYLOAD'></iframe>",
    "</div><form action='javascript:PAYLOAD'>",
    "<!--><script>PAYLOAD</script>",
    "[x](javascript:PAYLOAD)",
    "[x](JaVaScRiPt:PAYLOAD)",
    "[x](javascript&colon;PAYLOAD)",
    "[x](javascript\\:PAYLOAD)",
    "[x](&#106;avascript:PAYLOAD)",
    "[x](&#x6A;avascript:PAYLOAD)",
    "[x](java&Tab;script:PAYLOAD)",
    "[x][1]\n\n[1]: javascript:PAYLOAD",
    "![x](javascript:PAYLOAD)",
    "<javascript:PAYLOAD>",
    "[x](<javascript:PAYLOAD>)",
    "```html\n```\n<script>PAYLOAD</script>",
    "$x$<script>PAYLOAD</script>$",
    "$\\href{javascript:PAYLOAD}{x}$",
    "$\\href{java\tscript:PAYLOAD}{x}$",
    "`<script>PAYLOAD</script>",
    "<scr<script>ipt>PAYLOAD</script>",
    "[x](vbscript:PAYLOAD)",
]

HTML_ATTACKS = [
    *MARKDOWN_ATTACKS[:6],
    "<a href='javascript:PAYLOAD'>x</a>",
    "<a href=' &#106;avascript:PAYLOAD'>x</a>",
    "<img src='data:image/svg+xml,<svg onload=PAYLOAD>'>",
    "<style>@import 'PAYLOAD'</style>",
    "<div style='background:url(javascript:PAYLOAD)'>x</div>",
    "<math><mtext><table><mglyph><style><img src=x onerror=PAYLOAD>",
    "<noscript><p title='</noscript><img src=x onerror=PAYLOAD>'>",
    '<img src="data:image/png;base64,AAAA" alt="x" width="1"><script>PAYLOAD</script>',
]


def page(*cells):
    html, _ = HTMLExporter(template_name="classic").from_notebook_node(new_notebook(cells=list(cells)))
    return html


def outputs_of(data, metadata=None):
    output = {"output_type": "display_data", "data": data, "metadata": metadata or {}}
    return harmless_outputs([nbformat.from_dict(output)])


@pytest.mark.parametrize("markup", MARKDOWN_ATTACKS)
def test_markdown_that_would_run_code_on_the_page_does_not(markup):
    assert not is_attacked(page(new_markdown_cell(harmless_markdown(markup))))
    assert "javascript:" not in harmless_markdown(markup).lower()


def test_the_attacks_would_work_without_the_cure():
    works = [attack for attack in MARKDOWN_ATTACKS if is_attacked(page(new_markdown_cell(attack)))]
    assert len(works) >= 16


@pytest.mark.parametrize("markup", HTML_ATTACKS)
def test_html_output_that_would_run_code_on_the_page_does_not(markup):
    cell = new_code_cell("x", outputs=outputs_of({"text/html": markup}))
    assert not is_attacked(page(cell))


def test_a_drawing_in_svg_with_a_script_is_not_shown():
    svg = "<svg xmlns='http://www.w3.org/2000/svg'><script>PAYLOAD</script></svg>"
    html = page(new_code_cell("x", outputs=outputs_of({"image/svg+xml": svg})))
    assert "PAYLOAD" not in html
    assert "<svg" not in html
    assert "data:image/svg" not in html
