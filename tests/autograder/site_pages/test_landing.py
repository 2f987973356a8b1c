import linecache

import bs4
import pytest

from autograder.site_pages.landing import CODE, NAME, page, report


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The page, and what lies in the directory of static files."""
    tmp_path = tmp_path_factory.mktemp("landing")
    picture = tmp_path / "docs.png"
    picture.write_bytes(b"a picture")
    static = tmp_path / "static"
    static.mkdir()
    titles = {"01_a": "1 Squares", "02_b": "2 Cubes"}
    where = {"path": "01_a/a.ipynb", "pyodide": "https://p.example/?a&b", "picture": picture}
    text = page("A course", titles, static, **where)
    return text, {path.name: path.read_bytes() for path in static.iterdir()}


def test_the_page_begins_with_the_course_and_leads_to_each_assignment(made):
    text, _ = made
    assert "\n# A course\n" in text
    assert "\n1. {doc}`1 Squares <assignments/01_a>`\n2. {doc}`2 Cubes <assignments/02_b>`\n" in text
    assert "{doc}`the checker <docs/gradcheck>`" in text
    assert "```{toctree}\n:hidden:\n\nsyllabus\n" in text


def test_the_first_notebook_opens_in_this_browser(made):
    first = bs4.BeautifulSoup(made[0], "html.parser").find("a", class_="course-open")
    assert first["href"] == "lite/notebooks/index.html?path=01_a/a.ipynb"
    assert (first["data-path"], first["data-pyodide"]) == ("01_a/a.ipynb", "https://p.example/?a&b")
    assert first.get_text() == "Start in this browser"
    assert '<p class="course-says" role="status" hidden></p>' in made[0]


def test_the_picture_lies_beside_the_page_and_has_words(made):
    text, static = made
    assert static == {"neuron.png": b"a picture"}
    picture = bs4.BeautifulSoup(text, "html.parser").find("img", src="_static/neuron.png")
    assert "gradient below" in picture["alt"]


def test_the_report_is_what_the_checker_says_of_the_code_on_the_page(made):
    said = report()
    assert "is wrong" in said.splitlines()[0]
    assert "db = dx.mean(axis=0)" in said
    assert "inputs:" not in said
    assert linecache.getline(NAME, 6) == "    db = dx.mean(axis=0)\n"
    assert f"```python\n{CODE}```" in made[0]
    shown = bs4.BeautifulSoup(made[0], "html.parser").find("pre", class_="course-report")
    assert "".join(shown.get_text().split()) == "".join(said.split())


def test_each_line_of_the_report_is_indented_as_it_was_and_shown_as_text(made):
    lines = bs4.BeautifulSoup(made[0], "html.parser").find("pre").find_all("span", recursive=False)
    depths = [len(line) - len(line.lstrip()) for line in report().splitlines()]
    assert len(lines) > 3
    for line in lines:
        words = line.get_text()
        assert words == words.lstrip()
        depth = int(line["style"].removeprefix("--indent: ").removesuffix("ch"))
        assert depth in depths
    assert lines[0]["style"] == "--indent: 0ch"
    assert lines[1]["style"] == "--indent: 2ch"
