import base64
import hashlib
from pathlib import Path
from types import SimpleNamespace

import bs4
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.authoring.build import BuiltNotebook
from autograder.site_pages import notebooks

PICTURE = b"a picture"
DATA = base64.b64encode(PICTURE).decode()
HTML = f'<p><img src="data:image/png;base64,{DATA}" alt="x"></p>'
GRADED = {"nbgrader": {"grade": True, "grade_id": "f-test", "locked": True}}
GIVEN = {"nbgrader": {"grade": False, "grade_id": "given", "locked": True}}
HIDDEN = {"jupyter": {"source_hidden": True}}
SCORE = new_output("execute_result", {"text/plain": "3.0"})
ERROR = new_output("error", ename="NameError", evalue="f", traceback=[])
STREAM = new_output("stream", text="said")


@pytest.fixture
def made(monkeypatch, tmp_path, course):
    """Makes a page of code cells with these outputs and metadata; the page, and where its figures are."""

    def make(*cells, options=None):
        told = iter([outputs for _, outputs, _ in cells])

        class Client:
            def __init__(self, notebook, timeout, allow_errors, resources):
                assert allow_errors
                assert timeout >= 60
                assert Path(resources["metadata"]["path"]).is_dir()
                self.notebook = notebook

            def execute(self):
                for cell in self.notebook.cells[1:]:
                    cell.outputs = next(told)

        monkeypatch.setattr(notebooks, "NotebookClient", Client)
        head = new_markdown_cell("# Squares\nWhat is a square?\n\nThis.")
        code = [new_code_cell(source, metadata=metadata) for source, _, metadata in cells]
        content = nbformat.writes(new_notebook(cells=[head, *code]))
        path = course.assignments / "01_square" / "a_b.ipynb"
        options = options or SimpleNamespace(pyodide="https://p.example/", repository="")
        return notebooks.page(
            course, BuiltNotebook(None, path, content, path.parent), tmp_path / "new" / "figures", options
        )

    return make


def test_the_buttons_stand_between_the_heading_and_the_rest(made):
    heading, buttons, rest = made().cells
    assert (heading.source, rest.source) == ("# Squares", "What is a square?\n\nThis.")
    box = bs4.BeautifulSoup(buttons.source, "html.parser").find("div", class_="course-buttons")
    links = box.find_all("a")
    assert [(link["href"], link.get_text()) for link in links] == [
        ("../lite/notebooks/index.html?path=01_square/a_b.ipynb", "Open it in this browser"),
        ("../lite/files/01_square/a_b.ipynb", "Download the notebook"),
    ]
    assert links[0]["class"] == ["course-button", "course-open"]
    assert (links[0]["data-path"], links[0]["data-pyodide"]) == ("01_square/a_b.ipynb", "https://p.example/")
    assert (links[1]["class"], links[1].get("download")) == (["course-button"], "")
    # Markdown goes on below HTML after an empty line
    assert "</div>\n" + notebooks.SAYS + "\n\nWhat you write" in buttons.source


def test_it_opens_elsewhere_where_it_can_import_what_it_needs(made, course, monkeypatch):
    options = SimpleNamespace(pyodide="", repository="o/n")

    def elsewhere():
        links = bs4.BeautifulSoup(made(options=options).cells[1].source, "html.parser").find_all("a")
        return [(link["href"], link.get_text()) for link in links[2:]]

    monkeypatch.setattr(course, "facts", SimpleNamespace(install_from=""))
    assert elsewhere() == []
    monkeypatch.setattr(course, "facts", SimpleNamespace(install_from="our-course"))
    folder = course.assignments.name
    colab = f"https://colab.research.google.com/github/o/n/blob/main/{folder}/01_square/a_b.ipynb"
    assert elsewhere() == [(colab, "Open it in Colab")]
    (course.root / ".binder").mkdir()
    binder = f"https://mybinder.org/v2/gh/o/n/main?labpath={folder}%2F01_square%2Fa_b.ipynb"
    assert elsewhere() == [(colab, "Open it in Colab"), (binder, "Open it on Binder")]
    options.repository = ""
    assert elsewhere() == []


def test_a_space_in_a_notebooks_name_is_quoted_once(course, monkeypatch):
    monkeypatch.setattr(course, "facts", SimpleNamespace(install_from="our-course"))
    (course.root / ".binder").mkdir()
    release = SimpleNamespace(path=course.root / "a" / "b c.ipynb")
    behind = [address.split("main")[1] for address, _ in notebooks._elsewhere(course, release, "o/n")]
    assert behind == ["/a/b%20c.ipynb", "?labpath=a%2Fb%20c.ipynb"]


def test_what_is_raised_and_a_cells_score_are_not_shown(made):
    outputs = [STREAM, ERROR, SCORE]
    *_, given, plain, graded = made(("e", outputs, GIVEN), ("f", outputs, {}), ("g", outputs, GRADED)).cells
    assert (given.outputs, plain.outputs, graded.outputs) == ([STREAM, SCORE], [STREAM, SCORE], [STREAM])
    assert (plain.metadata, graded.metadata) == ({"tags": []}, {"tags": []})


def test_what_is_collapsed_in_the_notebook_is_below_its_title_or_not_there(made):
    *_, titled, other, empty, silent = made(
        ("# @title  Try it \nf()", [STREAM], HIDDEN),
        ("f()\n# @title No", [STREAM], HIDDEN),
        ("f()", [], HIDDEN),
        ("f()", [ERROR], HIDDEN),
    ).cells
    prompts = {"code_prompt_show": " Try it ", "code_prompt_hide": " Try it "}
    assert titled.metadata == {"tags": ["hide-input"], "mystnb": prompts}
    assert other.metadata.mystnb.code_prompt_show == "What checks this"
    assert [cell.metadata.tags for cell in (other, empty, silent)] == [
        ["hide-input"],
        ["remove-cell"],
        ["remove-cell"],
    ]


def test_pictures_become_files_by_their_digest(made, tmp_path):
    shown = new_output("display_data", {"text/html": HTML * 2, "text/plain": "x"})
    (output,) = made(("f()", [shown], {})).cells[-1].outputs
    name = f"{hashlib.sha256(PICTURE).hexdigest()[:16]}.png"
    assert {path.name: path.read_bytes() for path in (tmp_path / "new" / "figures").iterdir()} == {
        name: PICTURE
    }
    image = f'<img class="notebook-figure" loading="lazy" src="../_static/figures/{name}" alt="x">'
    assert output.data == {"text/html": f"<p>{image}</p>" * 2, "text/plain": "x"}


def test_what_stands_in_a_link_is_escaped():
    assert notebooks.opens_here('a"&', "b<", "c'", "Open") == (
        '<a class="course-button course-open" href="a&quot;&amp;" data-path="b&lt;" '
        'data-pyodide="c&#x27;">Open</a>'
    )
