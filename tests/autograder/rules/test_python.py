"""Code cells are Python; where nothing is graded, lines of IPython's own may stand in them."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.errors import CourseError
from autograder.rules.python import check_python, check_released
from autograder.sources.source import Source, SourceCell, read_source


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("import Checks, expect", "import Checks expect", "7: imports is not Python: invalid syntax"),
        ("    return the_square", "\treturn the_square", "14: 01_square is not Python: inconsistent use"),
        ("checks = Checks()", "%time checks = Checks()", "18: 01_square-values is not Python: invalid"),
    ],
)
def test_a_cell_that_is_not_python_is_refused_at_its_line(source_path, old, new, reason):
    edit(source_path, old, new)
    with pytest.raises(CourseError) as caught:
        read_source(source_path)
    assert str(caught.value).startswith(f"{source_path}:{reason}")


def test_lines_of_ipython_may_stand_where_nothing_is_graded(source_path):
    edit(source_path, "    the_square_of_x = x * x", "    %timeit x * x\n    the_square_of_x = x * x")
    edit(source_path, "[k * k for", "!ls\n[k * k for")
    check_python(read_source(source_path))


@pytest.mark.parametrize(
    ("released", "says"),
    [
        ("checks = Checks()\nchecks.score(5)", ""),
        ("# Graded", ""),  # all of it is hidden
        (
            "with checks('a', points=5):\nchecks.score(5)",
            "is not Python: expected an indented block after 'with' statement on line 1; "
            "hide whole statements",
        ),
        ("checks = Checks()", "shows no score: write `checks.score()` below END HIDDEN TESTS"),
    ],
)
def test_students_get_a_graded_cell_that_python_reads_and_that_shows_its_score(released, says):
    cell = new_code_cell("checks.score()", metadata={"nbgrader": {"grade_id": "01_f-values"}})
    source = Source(Path("a.py"), (SourceCell(3, "graded", cell),))
    try:
        check_released(
            source, nbformat.writes(new_notebook(cells=[new_code_cell(released, id="01_f-values")]))
        )
        said = ""
    except CourseError as error:
        said = str(error)
    assert said == (says and f"a.py:3: 01_f-values, as students get it, {says}")


def test_a_students_own_score_method_is_no_score_that_a_cell_shows():
    cell = new_code_cell("assert game.score() == 1\nassert game.add(1) is None")
    source = Source(Path("a.py"), (SourceCell(3, "graded", cell),))
    released = new_notebook(cells=[new_code_cell("assert game.add(1) is None", id="01_f-values")])
    cell.metadata.nbgrader = {"grade_id": "01_f-values"}
    check_released(source, nbformat.writes(released))  # raises nothing
    cell.source += "\nchecks.score()"
    with pytest.raises(CourseError, match="shows no score"):
        check_released(source, nbformat.writes(released))
