import re
from pathlib import Path

import jupytext
import pytest
from markupsafe import escape

from autograder.pages.mathematics import LONGEST, mathml

SOURCES = sorted((Path(__file__).parents[3] / "solutions").glob("*/*.py"))
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$]+?)\$", re.DOTALL)


def formulas(path):
    for cell in jupytext.read(path).cells:
        if cell.cell_type == "markdown":
            for found in FORMULA.finditer(re.sub(r"`[^`]*`", "", cell.source)):
                yield (found[1] or found[2]).strip()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_formula_of_the_notebooks_is_understood(path):
    found = list(formulas(path))
    assert len(found) > 10
    unread = [tex for tex in found if not escape(mathml(tex, block=False)).startswith("<math")]
    commands = [tex for tex in found if "\\" in mathml(tex, block=False)]
    assert (unread, commands) == ([], [])


def test_a_fraction_is_a_fraction():
    assert "<mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac>" in mathml(
        r"\frac{a}{b}", block=True
    )
    assert 'display="block"' in mathml("x", block=True)
    assert 'display="inline"' in mathml("x", block=False)
    assert "<mo>&lt;</mo>" in mathml("a < b", block=False)


@pytest.mark.parametrize(
    "tex",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\text{<script>alert(1)</script>}",
        r"\text{<img src=x onerror=alert(1)>}",
        r"\text{&lt;script&gt;}",
        r"\class{x}{y} \style{color:red}{x}",
    ],
)
def test_what_a_student_puts_into_a_formula_runs_nothing(tex):
    shown = mathml(tex, block=False)
    assert not re.search(r"<(script|img|a|style)\b|href=|style=|onerror=\w+>", shown.replace("&lt;", ""))
    assert "<script" not in shown
    assert "<img" not in shown


@pytest.mark.parametrize(
    "tex", [r"\frac{a", "{" * 3000, r"\left(" * 500, "x_1_2", "x" * (LONGEST + 1), "<b>&"]
)
def test_what_is_no_formula_can_still_be_read(tex):
    shown = mathml(tex, block=False)
    assert shown.startswith(("<code>", "<math"))
    assert mathml(tex, block=True) == str(shown).replace("inline", "block").replace("code>", "pre>")
    assert "<b>" not in shown
