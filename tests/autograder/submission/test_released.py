import json
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_notebook
from submitted import answer, check, given, own, text, written

from autograder.errors import CourseError
from autograder.submission.released import give_ids, read_released, released_with_tests

FULL = "assert f(2) == 4\n\nassert f(9) == 81"  # with its hidden test
HEAD = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}}
AGAIN = "run `course build one`, or `nbgrader generate_assignment one` where its source is a notebook"


def task(name, source):
    cell = text(name, source)
    cell.metadata.nbgrader = {"grade_id": name, "grade": False, "solution": False, "task": True, "points": 4}
    return cell


@pytest.fixture
def cells():
    graded, words = check("f-test", "assert f(2) == 4\n"), written("w")
    graded.metadata.nbgrader.points = 3
    words.metadata.nbgrader.points = 2
    return {
        "title": text("title", "# f"),
        "setup": given("setup", "import os"),
        "f": answer("f", "def f(x):\n    pass"),
        "f-test": graded,
        "w": words,
        "t": task("t", "Draw."),
    }


class Gradebook:
    """What nbgrader's keeps of an assignment: the texts of its cells, and the points that some have."""

    def __init__(self):
        self.sources = {"setup": "import os", "f": "the solution", "f-test": FULL, "w": "said", "t": "Draw."}
        self.grades = {"f-test": 3.0, "w": 2.0}
        self.tasks = {"t": 4}

    def find_notebook(self, notebook, assignment):
        assert (notebook, assignment) == ("flat", "one")
        return SimpleNamespace(
            source_cells=[SimpleNamespace(name=name, source=source) for name, source in self.sources.items()],
            grade_cells=[SimpleNamespace(name=name, max_score=most) for name, most in self.grades.items()],
            task_cells=[SimpleNamespace(name=name, max_score=most) for name, most in self.tasks.items()],
        )


@pytest.fixture
def gradebook():
    return Gradebook()


@pytest.fixture
def read(tmp_path, cells, gradebook):
    """The sources of the release, by cell, read with the gradebook as the test has changed both."""

    def run():
        nbformat.write(new_notebook(cells=list(cells.values())), tmp_path / "flat.ipynb")
        released = released_with_tests(tmp_path / "flat.ipynb", gradebook, "one")
        return {cell.id: cell.source for cell in released.cells}

    return run


def test_cells_that_a_student_has_no_say_in_are_as_the_gradebook_has_them_and_answers_as_released(
    read, cells
):
    released = {name: cell.source for name, cell in cells.items()}
    assert read() == {**released, "f-test": FULL}


@pytest.mark.parametrize(
    ("metadata", "name"),
    [
        ({"kernelspec": {"name": "ir", "language": "R", "display_name": "R 4"}}, "R 4"),
        ({"language_info": {"name": "R"}}, "R"),
    ],
)
def test_a_release_in_another_language_is_refused_before_anybody_has_no_points_for_it(
    tmp_path, gradebook, metadata, name
):
    nbformat.write(new_notebook(metadata=metadata), tmp_path / "flat.ipynb")
    with pytest.raises(CourseError, match=f"written for the kernel '{name}'; only Python is graded here"):
        released_with_tests(tmp_path / "flat.ipynb", gradebook, "one")


def test_a_cell_of_hidden_tests_alone_is_released_empty(read, cells):
    cells["f-test"].source = ""
    assert read()["f-test"] == FULL


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Notebook does not appear to be JSON: ''"),
        ("[]", "'list' object has no attribute 'get'"),
        ("null", "'NoneType' object has no attribute 'get'"),
        (json.dumps(HEAD), "missing an expected key: cells"),
        (json.dumps({**HEAD, "cells": {}}), "{} is not of type 'array'"),
        (json.dumps({**HEAD, "cells": [{"id": "a"}]}), "missing an expected key: metadata"),
        (
            json.dumps({**HEAD, "cells": [{"id": "a", "metadata": {}, "cell_type": "raw"}]}),
            "'source' is a required",
        ),
    ],
)
def test_what_is_no_notebook_is_named_with_what_writes_it_anew(tmp_path, text, why):
    path = tmp_path / "flat.ipynb"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError) as caught:
        read_released(path, "one")
    assert str(caught.value).startswith(f"{path} cannot be read; {AGAIN}: ")
    assert why in str(caught.value)


def test_a_graded_cell_may_have_points_that_are_written_as_a_whole_number_or_not(read, cells, gradebook):
    cells["f-test"].metadata.nbgrader.points = 3.0
    gradebook.grades["w"] = 2
    assert read()["f-test"] == FULL


def other_points(cells, gradebook):
    cells["f-test"].metadata.nbgrader.points = 4


def other_points_of_a_task(cells, gradebook):
    gradebook.tasks["t"] = 5


def a_cell_more(cells, gradebook):
    cells["g"] = answer("g", "")


def a_cell_less(cells, gradebook):
    del cells["setup"]


def not_graded(cells, gradebook):
    cells["w"].metadata.nbgrader.grade = False


@pytest.mark.parametrize(
    "change", [other_points, other_points_of_a_task, a_cell_more, a_cell_less, not_graded]
)
def test_a_release_of_other_cells_or_points_is_of_another_build(read, cells, gradebook, change, tmp_path):
    change(cells, gradebook)
    with pytest.raises(CourseError) as caught:
        read()
    path = tmp_path / "flat.ipynb"
    assert str(caught.value) == (
        f"{path} and the gradebook are not of one build (they differ in cells or points); {AGAIN}"
    )


@pytest.mark.parametrize("source", ["assert f(2) == 5", "assert f(2) == 4\nassert f(9)"])
def test_a_released_line_that_the_gradebooks_cell_lacks_is_of_another_build(read, cells, source, tmp_path):
    cells["f-test"].source = source
    with pytest.raises(CourseError) as caught:
        read()
    path = tmp_path / "flat.ipynb"
    assert str(caught.value) == (
        f"{path} and the gradebook are not of one build (they differ in cell f-test); {AGAIN}"
    )


@pytest.mark.parametrize("content", [None, "no notebook"])
def test_a_release_that_cannot_be_read_is_refused_in_a_sentence_that_says_what_helps(
    tmp_path, gradebook, content
):
    path = tmp_path / "flat.ipynb"
    if content is not None:
        path.write_text(content)
    with pytest.raises(CourseError) as caught:
        released_with_tests(path, gradebook, "one")
    assert str(caught.value).startswith(f"{path} cannot be read; {AGAIN}: ")


def test_a_release_of_an_older_format_gets_ids_that_are_the_same_each_time(tmp_path, cells, gradebook):
    notebook = new_notebook(cells=list(cells.values()))
    notebook.nbformat_minor = 4
    for cell in notebook.cells:
        del cell["id"]
    nbformat.write(notebook, tmp_path / "flat.ipynb")
    released = released_with_tests(tmp_path / "flat.ipynb", gradebook, "one")
    assert [cell.id for cell in released.cells] == [f"released-{number}" for number in range(6)]
    assert released.nbformat_minor == 5
    nbformat.validate(released)


def test_an_id_that_is_there_stays_and_so_does_a_newer_format():
    notebook = new_notebook(cells=[own("a"), own("b")])
    notebook.nbformat_minor = 6
    del notebook.cells[1]["id"]
    give_ids(notebook)
    assert (notebook.nbformat_minor, [cell.id for cell in notebook.cells]) == (6, ["a", "released-1"])
