"""Graded cells are called by their ids where these say something, else by the heading above them."""

from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.gradebook.naming import cell_names, names_in
from autograder.gradebook.scores import exercise_of

FIRST, SECOND = "cell-0123456789abcdef", "cell-fedcba9876543210"


@pytest.fixture(name="exercises")
def exercises_fixture(tmp_path):
    def exercises(**notebooks):
        """The exercise of each cell; a notebook is a list of Markdown, and of grade ids in brackets."""
        found, written = [], {}
        for name, items in notebooks.items():
            cells = [new_markdown_cell(item) if isinstance(item, str) else new_code_cell() for item in items]
            ids = [item[0] for item in items if not isinstance(item, str)]
            for cell, item in zip(cells, items, strict=True):
                if not isinstance(item, str):
                    cell.metadata.nbgrader = {"grade_id": item[0], "grade": True}
            written[name] = new_notebook(cells=cells)
            nbformat.write(written[name], tmp_path / f"{name}.ipynb")
            graded = [SimpleNamespace(name=grade_id) for grade_id in ids]
            found.append(SimpleNamespace(name=name, grade_cells=graded, task_cells=[]))
        names = cell_names(SimpleNamespace(notebooks=found), tmp_path)
        assert len(set(names.values())) == len(names)
        assert names_in(written) == names
        return {key: exercise_of(name) for key, name in names.items()}

    return exercises


def test_an_id_that_says_something_is_the_name(exercises):
    assert exercises(one=["## Loss", ["04_loss-values"]]) == {("one", "04_loss-values"): "04_loss"}


@pytest.mark.parametrize(
    ("above", "exercise"),
    [
        (["## Vowels"], "Vowels"),
        (["# All", "## Vowels ##", "Some words."], "Vowels"),
        (["# All\n\nSome words.\n\n## Vowels"], "Vowels"),
        (["---\n## Part A (2 points)\nWrite it."], "Part A (2 points)"),
        (["### Well-known", "```\n# a comment\n```"], "Well–known"),
        (["Some words."], "one"),
        ([], "one"),
    ],
)
def test_a_default_id_belongs_to_the_heading_above_it(exercises, above, exercise):
    assert exercises(one=[*above, [FIRST]]) == {("one", FIRST): exercise}


def test_cells_below_one_heading_are_one_exercise(exercises):
    assert set(exercises(one=["## Vowels", [FIRST], [SECOND]]).values()) == {"Vowels"}


def test_what_recurs_in_two_notebooks_is_told_apart(exercises):
    found = exercises(one=["## Vowels", [FIRST], ["loss"]], two=["## Vowels", [FIRST], ["loss"]])
    assert found == {
        ("one", FIRST): "Vowels (one)",
        ("two", FIRST): "Vowels (two)",
        ("one", "loss"): "loss (one)",
        ("two", "loss"): "loss (two)",
    }
