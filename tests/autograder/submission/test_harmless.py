import base64
import re

import bs4
import nbformat
import pytest
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.submission.harmless import harmless_attachments, harmless_markdown, harmless_outputs

PNG = base64.b64encode(b"picture").decode()
RUNS_CODE = ["script", "iframe", "object", "embed", "form", "svg", "math", "template", "style", "noscript"]
# MathJax makes links of \\href once the page is loaded, so that an address counts wherever it stands.
ADDRESS = re.compile(r"(java|vb)\s*script:\s*PAYLOAD", re.IGNORECASE)

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
    elements = [tag for tag in soup.find_all(RUNS_CODE) if "PAYLOAD" in str(tag)]
    events = [tag for tag in soup.find_all(True) if any(name.startswith("on") for name in tag.attrs)]
    return bool(elements or events or ADDRESS.search(html.replace("\t", "")))


def outputs_of(data, metadata=None):
    output = {"output_type": "display_data", "data": data, "metadata": metadata or {}}
    return harmless_outputs([nbformat.from_dict(output)])


@pytest.mark.parametrize("attack", MARKDOWN_ATTACKS)
def test_markdown_that_would_run_code_on_the_page_does_not(attack):
    assert not is_attacked(page(new_markdown_cell(harmless_markdown(attack))))
    assert "javascript:" not in harmless_markdown(attack).lower()


def test_the_attacks_would_work_without_the_cure():
    works = [attack for attack in MARKDOWN_ATTACKS if is_attacked(page(new_markdown_cell(attack)))]
    assert len(works) >= 16


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


@pytest.mark.parametrize("attack", HTML_ATTACKS)
def test_html_output_that_would_run_code_on_the_page_does_not(attack):
    cell = new_code_cell("x", outputs=outputs_of({"text/html": attack}))
    assert not is_attacked(page(cell))


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


def test_a_script_in_an_svg_picture_is_shown_as_an_image_only():
    svg = "<svg xmlns='http://www.w3.org/2000/svg'><script>PAYLOAD</script></svg>"
    html = page(new_code_cell("x", outputs=outputs_of({"image/svg+xml": svg})))
    assert "PAYLOAD" not in html
    assert "data:image/svg+xml;base64," in html


def test_pictures_and_tables_and_reports_stay():
    picture = f'<img src="data:image/png;base64,{PNG}" alt="a &lt; b" width="300">'
    assert outputs_of({"text/html": picture})[0].data["text/html"] == picture
    table = '<table class="dataframe"><tr><td style="color: red;">1</td></tr></table>'
    assert "<td" in outputs_of({"text/html": table})[0].data["text/html"]
    assert "color: red" in outputs_of({"text/html": table})[0].data["text/html"]
    assert outputs_of({"image/png": PNG})[0].data == {"image/png": PNG}


def test_of_output_metadata_only_sizes_stay():
    given = {"image/png": {"width": 3, "height": '"><script>', "alt": "x"}, "text/html": {"isolated": True}}
    assert outputs_of({"image/png": PNG}, given)[0].metadata == {"image/png": {"width": 3}}


def test_streams_errors_and_results_stay_as_valid_outputs():
    outputs = [
        new_output("stream", text="a", name="stderr"),
        new_output("error", ename="E", evalue="v", traceback=["t"]),
        new_output("execute_result", {"text/plain": "1"}, execution_count=3),
    ]
    made = harmless_outputs(outputs)
    assert made == outputs
    nbformat.validate(new_notebook(cells=[new_code_cell("x", outputs=made)]))


def test_outputs_of_no_known_kind_are_dropped():
    assert harmless_outputs([nbformat.from_dict({"output_type": "strange"}), nbformat.from_dict({})]) == []


def test_only_pictures_under_plain_names_stay_attached():
    given = {
        "image.png": {"image/png": PNG, "text/html": "x"},
        "../../x.png": {"image/png": PNG},
        "a.svg": {"image/svg+xml": PNG},
        "b.png": {"image/png": "not base64!"},
    }
    assert harmless_attachments(given) == {"image.png": {"image/png": PNG}}
