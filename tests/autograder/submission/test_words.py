import pytest
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.disposable import Bounds, in_a_fork
from autograder.submission.words import MAX_MARKDOWN, MAX_SHOWN, fenced, harmless_markdown, plain_name

PICTURE = {"image/png": "iVBORw0KGgo="}


def rendered(text, names=()):
    """As Formgrader renders it: it raises for a picture that is not attached, and keeps every address."""
    renderer = IPythonRenderer(escape=False, attachments=dict.fromkeys(names, PICTURE))
    return MarkdownWithMath(renderer=renderer).render(text)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("![a](attachment:image.png)", "image.png"),
        ('![a]( attachment:image.png "a title")', "image.png"),
        ("![a][b]\n\n[b]: attachment:image.png", "image.png"),
        ("![a](attachment:my%20drawing.png)", "my drawing.png"),
        ("![a](<attachment:my drawing.png>)", "my drawing.png"),
        ("![a](attachment:drawing%20(1).png)", "drawing (1).png"),
        ("![a](attachment:drawing(1).png)", "drawing(1).png"),
        ('![a](<attachment:a "b".png>)', 'a "b".png'),
        ("![a](attachment:рисунок.png)", "рисунок.png"),
    ],
)
def test_a_picture_that_is_attached_is_shown_whatever_its_name(written, name):
    text = harmless_markdown(written, [plain_name(name)])
    assert '<img src="data:image/png;base64,' in rendered(text, [plain_name(name)])
    assert harmless_markdown(text, [plain_name(name)]) == text


@pytest.mark.parametrize(
    "written",
    [
        "![my drawing](attachment:image.png)",
        "[my drawing](attachment:image.png)",
        "![a](attachment:a.png.bak) ![a](attachment:a.png\\)b) ![a](attachment\\:c.png)",
        '![a](attachment:a.png"b) ![a](<attachment:a.png b>)',
        "![a][b]\n\n[b]: attachment:a.png)",
        "![a][b]\n\n[b]:\n  attachment:image.png",
        "> ![a](attachment:)\n\n- ![a](attachment:../../x)",
        "![a](&#97;ttachment:b) ![a](attachment&colon;b)",
    ],
)
def test_a_picture_that_is_not_there_is_text(written):
    html = rendered(harmless_markdown(written, ["a.png"]), ["a.png"])
    assert "attachment" in html
    assert "<img" not in html


BEYOND = [r"\href{javascript:x}{y}", r"\unicode{x41}", r"\class{a}{b}", r"\require{html}", r"\def\a{\a\a}"]
BEYOND += [
    r"\newcommand{\a}{b}",
    r"\style{position:fixed}{x}",
    r"\mmlToken{mi}[href='x']{y}",
    r"\htmlData{a}{b}",
]


@pytest.mark.parametrize("tex", BEYOND)
def test_a_command_that_reaches_beyond_its_formula_is_parted(tex):
    assert harmless_markdown(f"${tex}$").startswith("$\\ ")
    assert harmless_markdown(f"\\\\(\\{tex}\\\\)").startswith("\\\\(\\\\ ")


@pytest.mark.parametrize(
    "tex",
    [
        r"\frac{\partial L}{\partial W} = \delta \hat{x}^\top \left( 1 - \tanh^2 z \right)",
        r"\begin{pmatrix} a & b \\ c & d \end{pmatrix} \classes \hrefs \defect \letter \styles",
        r"\text{softmax}_i \operatorname{argmax} \tag{1} \label{a} \color{red}{x} \boxed{x} \cancel{x}",
    ],
)
def test_honest_mathematics_stays(tex):
    assert harmless_markdown(f"$${tex}$$") == f"$${tex}$$"


@pytest.mark.parametrize(
    "link",
    [
        "data:text/html,x",
        "DATA:text/html;base64,eA==",
        "data:image/svg+xml,<svg>",
        "data:,x",
        "data\\:text/html,x",
    ],
)
def test_an_address_that_is_a_document_of_its_own_is_no_link(link):
    html = rendered(harmless_markdown(f"[x]({link}) ![x]({link})"))
    assert "href" not in html
    assert "<img" not in html


def test_code_in_a_language_of_its_own_choice_is_shown_without_colours():
    assert "highlight" in rendered(harmless_markdown("```python\nx = 1\n```"))
    for written in (
        "```perl\n$x\n```",
        "~~~ html+django\nx\n~~~",
        "- ```scheme\n  (x)\n  ```",
        "```mermaid\nx\n```",
    ):
        html = rendered(harmless_markdown(written))
        assert "highlight" not in html
        assert "mermaid" not in html.replace(".mermaid", "")


HEAVY = ["[", "[]", "![a](", "> ", "> - ", "***a**b", "|a|a|", "`a", "<!--", "&", "&#1", "$", "$$\n", "{"]
HEAVY += [
    "\\\\(",
    "\\\\[\n",
    "\\begin{a}\n",
    "```\n",
    "a\n=\n",
    "# a\n",
    " ",
    "\t",
    "- a\n",
    "1. ",
    "~",
    "_a*",
]
HEAVY += ["[a]: b\n", "http://a ", "[^1]: a\n", "a [b](c \n", "~~~~ a\n", "a\n: b\n"]
LONG = ["[", "&#1", "~", "~~~~ a\n"]  # what is too long is shown letter for letter, whatever it is made of


@pytest.mark.parametrize(
    ("unit", "length"),
    [*((unit, MAX_MARKDOWN - 100) for unit in HEAVY), *((unit, 1_000_000) for unit in LONG)],
)
def test_no_text_keeps_a_renderer_busy(unit, length):
    text = "a" + unit * (length // len(unit)) + "b"
    made = harmless_markdown(text)
    assert harmless_markdown(made) == made
    bounds = Bounds(seconds=4, memory_bytes=300 * 2**20, patience=100)
    assert in_a_fork(lambda owner: rendered(made).encode(), bounds)


def test_a_text_that_is_too_long_to_be_rendered_is_shown_letter_for_letter():
    text = "*a* ~~~~ <b>\n" * 3000
    html = rendered(harmless_markdown(text))
    assert html.count("*a* ~~~~ &lt; b&gt;\n") == 3000
    assert html.startswith("<pre><code>")
    assert len(fenced("x" * 10**6)) < MAX_SHOWN + 300
    assert fenced(fenced(text)) == fenced(text)
    by_hand = f"~~~\n{'[' * 100_000}\n~~~"
    assert max(map(len, harmless_markdown(by_hand).split("\n"))) <= 1000
