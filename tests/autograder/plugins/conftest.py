"""A built course whose submissions are graded by nbgrader's own API through our plugins."""

import json
import shutil

import nbformat
import pytest

from autograder.authoring.build import build
from autograder.course import Course
from autograder.gradebook.scores import automatic_scores
from autograder.grading.warm import close_graders
from autograder.recorded.record import RECORD

ASSIGNMENT = "01_square"
RIGHT = "def square(x):\n    return x * x"


class Class:
    """Hands notebooks in, grades them all, and tells what came of it."""

    assignment = ASSIGNMENT
    right = RIGHT

    def __init__(self, course):
        self.course = course
        self.log = ""

    def released(self, answer=RIGHT):
        path = self.course.assignments / ASSIGNMENT / "square.ipynb"
        notebook = nbformat.read(path, as_version=4)
        if answer is not None:
            cell = next(
                cell
                for cell in notebook.cells
                if cell.metadata.get("nbgrader", {}).get("grade_id") == "01_square"
            )
            cell.source = answer
        return notebook

    def folder(self, student):
        folder = self.course.submitted / student / ASSIGNMENT
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def hand_in(self, student, notebook=None, name="square.ipynb"):
        path = self.folder(student) / name
        nbformat.write(notebook or self.released(), path)
        return path

    def grade(self, student="*", force=True, **settings):
        result = self.course.api(**settings).autograde(ASSIGNMENT, student, force=force)
        self.log = result.get("log", "") + result.get("error", "")
        return result["success"]

    def scores(self, student):
        return automatic_scores(self.course, ASSIGNMENT)[student]

    def autograded(self, student):
        return nbformat.read(self.course.autograded / student / ASSIGNMENT / "square.ipynb", as_version=4)

    def record(self, student):
        return json.loads(json.dumps(self.autograded(student).metadata[RECORD]))

    def needs_review(self, student):
        with self.course.api().gradebook as gradebook:
            grades = gradebook.find_submission_notebook("square", ASSIGNMENT, student).grades
            return {grade.name: grade.needs_manual_grade for grade in grades}


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    return {"root": tmp_path_factory.mktemp("template"), "built": False}


@pytest.fixture
def a_class(course, template):
    """A class on a course that is built once and copied for each test."""
    if not template["built"]:
        build(course, [ASSIGNMENT], checked=False)
        shutil.copytree(course.root, template["root"], dirs_exist_ok=True)
        template["built"] = True
    shutil.copytree(template["root"], course.root, dirs_exist_ok=True)
    return Class(Course(course.root))


@pytest.fixture(scope="session", autouse=True)
def _no_server_left_running():
    yield
    close_graders()
