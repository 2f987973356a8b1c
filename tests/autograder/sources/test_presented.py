"""Machinery comes collapsed and titled; a grade depends on none of it."""

import nbformat
import pytest

from autograder.authoring.build import build
from autograder.errors import CourseError
from autograder.sources.source import read_source


def cells_of(release):
    return {cell.id: cell for cell in nbformat.reads(release.content, as_version=4).cells}


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_setup_and_graded_cells_are_collapsed_for_jupyter_and_colab_and_answers_are_not(course):
    (release,) = build(course)
    cells = cells_of(release)
    for name, title in (
        ("imports", "# @title Set-up: imports"),
        ("01_square-values", "# @title Graded: square, values (90 points)"),
    ):
        assert cells[name].metadata["jupyter"] == {"source_hidden": True}
        assert cells[name].metadata["cellView"] == "form"
        assert cells[name].source.splitlines()[0] == title
    assert "jupyter" not in cells["01_square"].metadata
    assert not cells["01_square"].source.startswith("# @title")


def test_run_all_goes_on_after_an_error_in_an_answer_or_a_self_check_but_not_in_a_setup(course):
    path = course.root / "solutions" / "01_square" / "square.py"
    with path.open("a", encoding="utf-8") as file:
        file.write('\n# %% readonly="01_square-self-check" tags=["mine"]\nsquare(2)\n')
    (release,) = build(course)
    cells = cells_of(release)
    assert cells["01_square"].metadata["tags"] == ["raises-exception"]
    assert cells["01_square-self-check"].metadata["tags"] == ["mine", "raises-exception"]
    assert cells["imports"].metadata["tags"] == ["setup"]
    assert "tags" not in cells["01_square-values"].metadata


def test_the_score_of_a_graded_cell_knows_what_the_cell_is_worth(course):
    (release,) = build(course)
    assert cells_of(release)["01_square-values"].source.endswith("\nchecks.score(90)")
    with course.api().gradebook as gradebook:
        hidden = gradebook.find_source_cell("01_square-values", "square", "01_square").source
    assert hidden.endswith("\nchecks.score(90)")


def test_the_texts_of_the_source_stay_as_they_are_written(source_path):
    items = {item.grade_id: item for item in read_source(source_path).cells}
    assert items["01_square-values"].cell.source.endswith("checks.score()")
    assert "jupyter" not in items["imports"].cell.metadata


def presented_cell(source_path, header, source):
    text = source_path.read_text(encoding="utf-8")
    source_path.write_text(f"{text}\n# %% {header}\n{source}\n", encoding="utf-8")
    return read_source(source_path).notebook().cells[-1]


@pytest.mark.parametrize(
    ("header", "source", "first"),
    [
        ('readonly="01_self-check"', "# Self-check\n1 + 1", "# @title Self-check"),
        ('readonly="02_power-self-check"', "1 + 1", "# @title Self-check: power"),
        ('graded="02_power" points=1', "1 + 1", "# @title Graded: power (1 point)"),
        ('readonly="figure-two-losses"', "1 + 1", "# @title Figure: two losses"),
        ('readonly="predict-sign"', "1 + 1", "# @title Compare your prediction: sign"),
        ('readonly="helpers"', "1 + 1", "# @title To look at: helpers"),
        ('readonly="helpers" title="A ruler"', "1 + 1", "# @title A ruler"),
        ('readonly="helpers"', "# @title Mine\n1 + 1", "# @title Mine"),
        ('readonly="timed"', "%%time\n1 + 1", "%%time"),
    ],
)
def test_the_first_line_says_what_is_behind_a_collapsed_cell(source_path, header, source, first):
    cell = presented_cell(source_path, header, source)
    assert cell.metadata["cellView"] == "form"
    assert cell.source == f"{first}\n1 + 1"


def test_a_cell_that_is_to_be_read_stays_open(source_path):
    cell = presented_cell(source_path, 'readonly="worked-example" open=true', "1 + 1")
    assert cell.source == "1 + 1"
    assert set(cell.metadata) == {"nbgrader", "tags"}


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('answer="01_square"', 'answer="01_square" formula="maybe"', 'formula= is "given" or "withheld"'),
        (
            'setup="imports"',
            'setup="imports" formula="given"',
            "formula= belongs in a cell of role answer or graded",
        ),
        ("# %%\n[k", '# %% title="Squares"\n[k', "title= belongs in a cell of role setup or readonly"),
    ],
)
def test_a_key_that_says_nothing_where_it_stands_is_refused(source_path, old, new, reason):
    edit(source_path, old, new)
    with pytest.raises(CourseError, match=rf"square\.py:\d+: {reason}"):
        read_source(source_path)


def test_why_an_answer_is_as_it_is_is_kept_and_not_released(course, source_path):
    edit(source_path, "# %%\n[k", '# %% [markdown] why="01_square"\n# A side times a side.\n\n# %%\n[k')
    assert read_source(source_path).reasons == {"01_square": "A side times a side."}
    (release,) = build(course)
    assert "side times" not in release.content
    edit(source_path, 'why="01_square"', 'why="01_cube"')
    with pytest.raises(CourseError, match="why='01_cube', but there is no such answer"):
        read_source(source_path)
