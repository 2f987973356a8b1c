import re
from importlib.resources import files

import bs4
import pytest
from markupsafe import Markup
from pygments.styles import get_style_by_name
from pygments.token import Token

from autograder.pages.code import DARK, LIGHT, code_style, highlighted

STYLE = (files("autograder.pages") / "templates" / "style.css").read_text(encoding="utf-8")
# what stands below code: `.code` has its background from there
PAPERS = dict(zip((LIGHT, DARK), re.findall(r"--card: (#\w{6});", STYLE), strict=True))


def test_all_of_a_source_is_shown_as_text_its_lines_as_they_stand():
    source = "\n\n  x = '<b>' & y # </pre><script>\n\n"
    shown = highlighted(source)
    assert isinstance(shown, Markup)
    soup = bs4.BeautifulSoup(f"<i>{shown}</i>", "html.parser")
    assert {tag.name for tag in soup.find_all()} == {"i", "div", "pre", "span"}
    assert soup.pre.get_text() == source


def test_a_source_ends_its_last_line():
    assert bs4.BeautifulSoup(highlighted("x = 1"), "html.parser").pre.get_text() == "x = 1\n"


def test_code_can_be_scrolled_without_a_mouse_and_has_the_class_that_the_style_is_for():
    soup = bs4.BeautifulSoup(highlighted("def f(): pass"), "html.parser")
    assert soup.pre["tabindex"] == "0"
    assert soup.div["class"] == ["code"]
    assert soup.find("span", class_="k").get_text() == "def"
    assert re.search(r"^\.code \.k \{", code_style(), re.MULTILINE)
    # what is typed is no tag: only the first is made to be reached
    assert highlighted("'<pre>'").count("tabindex") == 1


def test_the_dark_colours_are_for_dark_screens_alone():
    light, _, dark = code_style().partition("\n@media screen and (prefers-color-scheme: dark) {\n")
    assert isinstance(code_style(), Markup)
    for half, style in ((light, LIGHT), (dark, DARK)):
        assert f".code .k {{ color: #{colour_of(style, 'Keyword')}".lower() in half.lower()
    assert dark.endswith("\n}")
    assert "&" not in code_style()


BLANK = Token.Text.Whitespace


def colour_of(style, name):
    tokens = {str(token).removeprefix("Token."): found for token, found in get_style_by_name(style)}
    return tokens[name]["color"]


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("style", PAPERS)
def test_every_colour_stands_out_from_its_paper(style):
    paper = luminance(PAPERS[style])
    colours = {
        f"#{found['color']}" for token, found in get_style_by_name(style) if found["color"] and token != BLANK
    }
    told = {colour: sorted((luminance(colour) + 0.05, paper + 0.05)) for colour in colours}
    assert {colour for colour, (low, high) in told.items() if high / low < 4.5} == set()
