"""A source that nbgrader could not release is refused in one sentence, which says where and why."""

import nbformat
import pytest
import roles
from nbformat.v4 import new_code_cell, new_notebook

from autograder.course import Course
from autograder.errors import CourseError
from autograder.notebooks.reading import read_notebook, with_header, without_solutions


def graded(**changed):
    cell = roles.graded("assert True", "one")
    role = {**cell.metadata.nbgrader, **changed}
    cell.metadata.nbgrader = {key: value for key, value in role.items() if value is not None}
    return cell


WRONG = {
    "Duplicate grade id: one": [graded(), graded()],
    "says nbgrader of its cell 1: .* does not have a grade_id": [graded(grade_id=None)],
    "says nbgrader of one: .* does not have points": [graded(points=None)],
    "says nbgrader of one: .* is not of type": [graded(points="two")],
    "is of an older nbgrader than is installed .* run `nbgrader update ": [graded(schema_version=1)],
    "is of a newer nbgrader than is installed": [graded(schema_version=99)],
}


@pytest.mark.parametrize(("why", "cells"), WRONG.items())
def test_a_cell_that_nbgrader_refuses_is_named(tmp_path, why, cells):
    nbformat.write(new_notebook(cells=cells), tmp_path / "one.ipynb")
    with pytest.raises(CourseError, match=why):
        read_notebook(tmp_path / "one.ipynb")


@pytest.mark.parametrize("text", ["", "{", '{"cells": [', "[]", '{"cells": 3}', "{}"])
def test_what_is_no_notebook_is_refused(tmp_path, text):
    path = tmp_path / "one.ipynb"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=r"one.ipynb cannot be read as a notebook: \S"):
        read_notebook(path)


def test_a_notebook_for_another_kernel_is_refused(tmp_path):
    kernel = {"kernelspec": {"name": "ir", "language": "R", "display_name": "R 4"}}
    nbformat.write(new_notebook(cells=[graded()], metadata=kernel), tmp_path / "one.ipynb")
    with pytest.raises(CourseError, match="written for the kernel 'R 4'; only Python"):
        read_notebook(tmp_path / "one.ipynb")


def test_another_notebook_is_read(tmp_path):
    nbformat.write(new_notebook(cells=[graded()]), tmp_path / "one.ipynb")
    assert read_notebook(tmp_path / "one.ipynb").cells[0].source == "assert True"


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION", "encountered nested begin solution"),
        ("### BEGIN SOLUTION\nx = 1", "no end solution statement found"),
    ],
)
def test_a_cell_whose_markers_do_not_pair_is_named(tmp_path, source, why):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n", encoding="utf-8")
    for cell, name in ((roles.answer(source, name="one"), "one"), (new_code_cell(source), "its cell 2")):
        notebook = new_notebook(cells=[new_code_cell("x = 1"), cell])
        with pytest.raises(CourseError, match=f"says nbgrader of {name}: {why}"):
            without_solutions(tmp_path / "a.ipynb", notebook, Course(tmp_path))


def test_a_header_and_a_footer_stand_around_it(tmp_path):
    config = "c.IncludeHeaderFooter.header = 'h.ipynb'\nc.IncludeHeaderFooter.footer = 'f.ipynb'\n"
    (tmp_path / "nbgrader_config.py").write_text(f"c = get_config()\n{config}", encoding="utf-8")
    nbformat.write(new_notebook(cells=[new_code_cell("import math")]), tmp_path / "h.ipynb")
    with pytest.raises(CourseError, match=r"f.ipynb cannot be read"):
        with_header(new_notebook(cells=[graded()]), Course(tmp_path))
    nbformat.write(new_notebook(cells=[new_code_cell("done = 1")]), tmp_path / "f.ipynb")
    made = with_header(new_notebook(cells=[graded()]), Course(tmp_path))
    assert [cell.source for cell in made.cells] == ["import math", "assert True", "done = 1"]


@pytest.mark.parametrize(
    "setting", ["ClearSolutions.code_stub = {'r': 'x'}", "IncludeHeaderFooter.header = 3"]
)
def test_a_setting_that_nbgrader_cannot_use_is_said(tmp_path, setting):
    (tmp_path / "nbgrader_config.py").write_text(f"c = get_config()\nc.{setting}\n", encoding="utf-8")
    with pytest.raises(CourseError, match=r"code_stub|'header' trait"):
        without_solutions(tmp_path, with_header(new_notebook(), Course(tmp_path)), Course(tmp_path))
