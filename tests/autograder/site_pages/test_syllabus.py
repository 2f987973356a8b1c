from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.authoring.build import BuiltNotebook
from autograder.site_pages.syllabus import page, title
from autograder.sources.source import Source, SourceCell

HEAD = """# Squares

What a square is,
and what | is not.

| | you learn to | points | builds on |
|---|---|---|---|
| 1.1 | multiply | 4 | 0.1 |
| 1.2 | divide | 2.5 |  |
"""
FIRST = "## 1.1 The square (4 points, ★★, 30 minutes)\n\nWrite it."
SECOND = "## 1.2 The root (2.5 points)"
STARS = '<span role="img" aria-label="2 of 3 stars">★★</span>'


def release(*texts, folder="01_square"):
    """A release of these texts, each but the first followed by a graded cell of what its heading promises."""
    cells = [SourceCell(1, None, new_markdown_cell(text)) for text in texts]
    for number, points in ((2, 4), (4, 2.5)):
        if len(cells) >= number:
            given = {"nbgrader": {"grade_id": f"0{number}_f-test", "points": points}}
            cells.insert(number, SourceCell(1, "graded", new_code_cell("", metadata=given)))
    return BuiltNotebook(Source(Path("a.py"), tuple(cells)), Path(folder, "a.ipynb"), "", Path())


def rows(*releases):
    return [line for line in page(releases).splitlines() if line.startswith("| ")]


def test_an_assignment_is_a_row_with_its_hours_and_its_first_words_and_a_table():
    head, row, columns, first, second = rows(release(HEAD, FIRST, SECOND))
    assert head == "| assignment | hours | exercises | what you take away |"
    link = "[Squares](assignments/01_square.ipynb)"
    assert row == f"| {link} | 0.5 | 2 | What a square is, and what \\| is not. |"
    assert columns == "| exercise | you learn to | points | stars | minutes | builds on |"
    assert first == f"| 1.1 The square | multiply | 4 | {STARS} | 30 | 0.1 |"
    assert second == "| 1.2 The root | divide | 2.5 | – | – | – |"


def test_assignments_come_in_their_order_each_with_its_section_below_all_rows():
    text = page([release(HEAD, FIRST), release("# Cubes", folder="02_cube")])
    assert text.startswith("# Syllabus\n\nEvery assignment")
    assert "medium, ★★★ hard)" in text
    lines = text.splitlines()
    places = [next(n for n, line in enumerate(lines) if line.startswith(begin)) for begin in (
        "| assignment |", "|---|", "| [Squares]", "| [Cubes]", "## Squares", "| 1.1", "## Cubes",
    )]  # fmt: skip
    assert places == sorted(places)
    assert lines[places[0] + 1 : places[3] + 2] == [
        "|---|---|---|---|",
        lines[places[2]],
        "| [Cubes](assignments/02_cube.ipynb) | – | 0 |  |",
        "",
    ]
    assert lines[places[4] + 1 : places[4] + 4] == [
        "",
        "| exercise | you learn to | points | stars | minutes | builds on |",
        "|---|---|---|---|---|---|",
    ]
    assert text.endswith("\n")


def test_a_notebook_without_a_heading_is_called_by_its_folder():
    assert title(release("Words.")) == "01_square"
    assert title(release("# Cubes\n\nWords.")) == "Cubes"


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (HEAD.replace("builds on", "needs"), "–"),
        (HEAD.replace("| 0.1 |", "| one `a`, 0.2 |"), "one `a`, 0.2"),
        (HEAD.replace("| 1.1 | multiply | 4 | 0.1 |", "| 1.1 | multiply |"), "–"),
        (HEAD.replace("| 1.1 | multiply | 4 | 0.1 |", "| 1.1 | multiply | 4 |"), "–"),
        (HEAD.replace("| 1.1 |", "  | 1.1 |"), "0.1"),
        (HEAD.replace("| | you", "| builds on | you").replace("| builds on |\n", "| x |\n"), "1.1"),
    ],
)
def test_what_an_exercise_builds_on_stands_in_the_overview_below_its_heading(head, found):
    assert rows(release(head, FIRST))[3].rpartition(" | ")[2] == f"{found} |"


def test_the_overview_is_among_the_first_three_cells():
    table = HEAD[HEAD.index("| |") :]
    assert rows(release("# Squares", table, FIRST))[3].endswith("| 0.1 |")
    late = release("# Squares", FIRST)
    between = tuple(SourceCell(1, None, new_markdown_cell(text)) for text in ("a", "b", table))
    first, *rest = late.source.cells
    late = BuiltNotebook(Source(late.source.path, (first, *between, *rest)), late.path, "", Path())
    assert rows(late)[3].endswith("| 30 | – |")


@pytest.mark.parametrize("text", ["# Cubes\n\n \n\n  One\n two. \n\nMore.", "#Cubes\n\nOne two."])
def test_what_one_takes_away_is_the_first_paragraph(text):
    assert rows(release(text))[1].endswith("| One two. |")
