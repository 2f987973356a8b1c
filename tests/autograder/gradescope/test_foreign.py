"""Another course's archive: its files and libraries go along, its exercises have their headings' names."""

import json
import shutil
import zipfile

import nbformat
import pytest
import second_course as course

from autograder.course import Course
from autograder.gradescope import __main__ as container
from autograder.gradescope.archive import write_archive

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module", name="unpacked")
def unpacked_fixture(tmp_path_factory):
    """What Gradescope has of the course, once its archive is unpacked."""
    made = tmp_path_factory.mktemp("foreign")
    config = course.CONFIG + 'c.GradeApart.student_files = ["mine.txt"]\n'
    root = course.make(made / "course", config)
    course.release(root)
    course.command(root, "course", "check", course.ASSIGNMENT)
    write_archive(Course(root), course.ASSIGNMENT, made / "archive.zip", "visible", unsafe=False)
    for folder in ("source", "submission", "results"):
        (made / "autograder" / folder).mkdir(parents=True)
    with zipfile.ZipFile(made / "archive.zip") as opened:
        opened.extractall(made / "autograder" / "source")
    return root, made / "autograder"


def results(unpacked, answers=(), files=()):
    """The tests of the solution, or of one with other answers and files beside it."""
    root, autograder = unpacked
    shutil.rmtree(autograder / "submission")
    (autograder / "submission").mkdir()
    for name in course.NOTEBOOKS:
        notebook = nbformat.read(root / "source" / course.ASSIGNMENT / f"{name}.ipynb", as_version=4)
        course.with_answers(dict(answers))(name, notebook)
        nbformat.write(notebook, autograder / "submission" / f"{name}.ipynb")
    for name, text in dict(files).items():
        (autograder / "submission" / name).write_text(text, encoding="utf-8")
    assert container.main(autograder) == 0
    return json.loads((autograder / "results" / "results.json").read_text(encoding="utf-8"))


def test_the_solution_earns_all_points_there_files_and_modules_included(unpacked):
    found = results(unpacked)
    assert [(test["name"], test["number"], test["score"], test["max_score"]) for test in found["tests"]] == [
        ("A stack", "1.1", 2, 2),
        ("Vowels", "2.1", 2, 2),
        ("Counting", "3.1", 1, 1),
        ("Counting", "3.2", 2, 2),
        ("Poems", "4.1", 1, 1),
        ("Poems", "4.2", 1, 1),
    ]
    assert found["output"] == "In your own words is graded by a person (3 points)."


def test_files_that_the_course_allows_are_read_there_and_no_others(unpacked):
    reads = {("letters", 7): "def longest(path):\n    return open('mine.txt').read()"}
    assert results(unpacked, reads, {"mine.txt": "violet"})["tests"][4]["score"] == 1
    assert results(unpacked, reads, {"yours.txt": "violet"})["tests"][4]["score"] == 0
