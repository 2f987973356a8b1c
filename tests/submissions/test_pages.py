"""What students write and show does not run in the browser of whoever grades it."""

import re
from pathlib import Path

import bs4
import nbformat
import nbgrader
import pytest
from hostile_class import ASSIGNMENT, load_attacks
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.disposable import Bounds, in_a_fork
from autograder.submission import harmless_markdown, harmless_outputs

RUNS_CODE = ["script", "iframe", "object", "embed", "form", "svg", "math", "template", "style", "noscript"]
ADDRESS = re.compile(r"\s*(java|vb)\s*script:", re.IGNORECASE)
# MathJax makes links of these once the page is loaded; it leaves code alone.
LINK = re.compile(r"\\href\s*\{\s*(java|vb)\s*script:", re.IGNORECASE)

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


def is_attacked(html):
    """Whether the page has an element, an event or an address that holds the payload and would run it."""
    soup = bs4.BeautifulSoup(html, "html.parser")
    values = [(name, str(value)) for tag in soup.find_all(True) for name, value in tag.attrs.items()]
    elements = [tag for tag in soup.find_all(RUNS_CODE) if "PAYLOAD" in str(tag)]
    events = [name for name, value in values if name.startswith("on") and "PAYLOAD" in value]
    addresses = [value for _, value in values if ADDRESS.match(value) and "PAYLOAD" in value]
    for code in soup.find_all("pre"):
        code.decompose()
    return bool(elements or events or addresses or LINK.search(soup.get_text()))


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


def test_a_script_in_an_svg_picture_is_shown_as_an_image_only():
    svg = "<svg xmlns='http://www.w3.org/2000/svg'><script>PAYLOAD</script></svg>"
    html = page(new_code_cell("x", outputs=outputs_of({"image/svg+xml": svg})))
    assert "PAYLOAD" not in html
    assert "data:image/svg+xml;base64," in html


BOUNDS = Bounds(seconds=15, memory_bytes=512 * 2**20, patience=100)
FORMGRADER = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates"
ATTACKS = [attack for attack in load_attacks() if attack.name.startswith(("html_in", "a_page"))]
of_each_attack = pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)


@pytest.mark.slow
@pytest.mark.sandbox
@of_each_attack
def test_the_feedback_page_of_an_attack_runs_nothing_of_it(graded, attack):
    result = graded.course.api().generate_feedback(ASSIGNMENT, attack.name)
    assert result["success"], result
    assert "is in plain text" not in result.get("log", "")
    path = graded.course.feedback / attack.name / ASSIGNMENT / f"{ASSIGNMENT}.html"
    assert not is_attacked(path.read_text(encoding="utf-8"))


def formgraders_page(notebook, resources):
    exporter = HTMLExporter(template_name="formgrade", extra_template_basedirs=[str(FORMGRADER)])
    return exporter.from_notebook_node(notebook, resources=resources)[0]


@pytest.mark.slow
@pytest.mark.sandbox
@of_each_attack
def test_formgraders_page_of_an_attack_runs_nothing_of_it(graded, attack):
    ids = {
        "assignment_id": ASSIGNMENT,
        "notebook_id": ASSIGNMENT,
        "student": attack.name,
        "submission_id": "1",
    }
    resources = {**ids, "index": 0, "total": 1, "base_url": "", "notebook_path": "x"}
    notebook = graded.notebook(attack.name)
    html = in_a_fork(lambda owner: formgraders_page(notebook, resources).encode(), BOUNDS).decode()
    assert "norm" in html
    assert not is_attacked(html)
