from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from autograder.authoring.build import BuiltNotebook
from autograder.site import staging
from autograder.site.build import SiteOptions
from autograder.sources.source import Source, SourceCell
from autograder.student_side.packages import Packages


@pytest.fixture
def staged(course, tmp_path, monkeypatch):
    """Stages two assignments and two documents; where, and what was asked for and told meanwhile."""
    docs = course.root / "docs"
    (docs / "figures").mkdir(parents=True)
    (docs / "figures" / "neuron.png").write_bytes(b"a neuron")
    (docs / "zoo.md").write_text("[x](../x.py)", encoding="utf-8")
    (docs / "students.md").write_text("For you.", encoding="utf-8")
    facts = SimpleNamespace(title="A course", shown=Packages(("ours.data", "ours.viz"), ("ours.late",)))
    monkeypatch.setattr(course, "facts", facts)
    releases = []
    for name, words in (("01_square", "Squares"), ("02_cube", "Cubes")):
        cells = (SourceCell(1, None, new_markdown_cell(f"# {words}")),)
        path = course.assignments / name / "it.ipynb"
        releases.append(BuiltNotebook(Source(course.root / "a.py", cells), path, words, path.parent))
    asked, told = [], []

    def page(course, release, figures, options):
        asked.append(("page", figures, options))
        return new_notebook(cells=[new_markdown_cell(release.content)])

    monkeypatch.setattr(staging.notebooks, "page", page)
    monkeypatch.setattr(
        staging.samples, "stage_samples", lambda course, source, graded: asked.append(("samples", graded))
    )

    def stage(**options):
        source = tmp_path / "source"
        chosen = SiteOptions(pyodide="https://p.example/", repository="o/n", **options)
        staging.stage_pages(course, releases, source, chosen, told.append)
        assert asked[:2] == [("page", source / "_static" / "figures", chosen)] * 2
        return source, asked[2:], told

    return stage


def test_every_page_is_staged_and_every_list_has_all_of_its_own(staged):
    source, asked, told = staged()
    assert {path.relative_to(source).as_posix() for path in source.glob("**/*.md")} == {
        *("index.md", "syllabus.md", "api.md"),
        *("assignments/index.md", "docs/index.md", "docs/students.md", "docs/zoo.md"),
    }
    for name, words in (("01_square", "Squares"), ("02_cube", "Cubes")):
        notebook = nbformat.read(source / "assignments" / f"{name}.ipynb", as_version=4)
        assert [cell.source for cell in notebook.cells] == [words]
    contents = "```{toctree}\n:maxdepth: 1\n\n"
    assert (source / "assignments" / "index.md").read_text() == (
        f"# Assignments\n\n{contents}01_square\n02_cube\n```\n"
    )
    assert (source / "docs" / "index.md").read_text() == f"# Documents\n\n{contents}students\nzoo\n```\n"
    assert (source / "docs" / "zoo.md").read_text() == "[x](https://github.com/o/n/blob/main/x.py)"
    assert "| [Cubes](assignments/02_cube.ipynb) |" in (source / "syllabus.md").read_text(encoding="utf-8")
    assert asked == [("samples", True)]
    assert told == [
        "Running 01_square without answers",
        "Running 02_cube without answers",
        "Grading the demo's class for the sample pages",
    ]


def test_the_reference_is_of_what_notebooks_import(staged):
    reference = (staged()[0] / "api.md").read_text(encoding="utf-8")
    shown = [line.removeprefix(".. automodule:: ") for line in reference.splitlines() if "automodule" in line]
    assert shown == ["course_lib", "course_lib.grading", "ours.data", "ours.viz", "ours.late"]
    assert "{doc}`docs/gradcheck`.\n\n```{eval-rst}\n.. automodule:: course_lib\n   :members:\n" in reference


def test_the_first_page_opens_the_first_notebook_and_styles_lie_beside_it(staged):
    source, _, _ = staged()
    landing = (source / "index.md").read_text(encoding="utf-8")
    assert "# A course" in landing
    assert 'data-path="01_square/it.ipynb" data-pyodide="https://p.example/"' in landing
    assert "2. {doc}`Cubes <assignments/02_cube>`" in landing
    assert (source / "_static" / "neuron.png").read_bytes() == b"a neuron"
    assert {"course.css", "open.js"} <= {path.name for path in (source / "_static").iterdir()}
    assert any((source / "_templates").iterdir())


def test_without_samples_no_class_is_graded(staged):
    _, asked, told = staged(samples=False)
    assert asked == [("samples", False)]
    assert len(told) == 2
