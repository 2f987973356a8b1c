"""What the gradebook says of a submitted notebook is that notebook's and that student's, and no other's."""

import pytest
from nbgrader.api import Gradebook, MissingEntry

from autograder.course import expect_warnings
from autograder.feedback.recorded_points import comments_of, graded_of, grades_of
from autograder.gradebook.opening import begin_gradebook

STUDENTS, NOTEBOOKS, ASSIGNMENTS = ("ada", "bob"), ("one", "two"), ("ps1", "ps2")


@pytest.fixture(name="gradebook")
def gradebook_fixture(tmp_path):
    """Each student's points in each notebook are others, and so are the comments."""
    expect_warnings()
    begin_gradebook(f"sqlite:///{tmp_path}/gradebook.db")
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as gradebook:
        for assignment in ASSIGNMENTS:
            gradebook.add_assignment(assignment)
            for notebook in NOTEBOOKS:
                gradebook.add_notebook(notebook, assignment)
                gradebook.add_grade_cell("q", notebook, assignment, max_score=50, cell_type="code")
                gradebook.add_solution_cell("s", notebook, assignment)
        for student in STUDENTS:
            gradebook.add_student(student)
            for assignment in ASSIGNMENTS:
                gradebook.add_submission(assignment, student)
        for number, where in enumerate(places()):
            gradebook.find_grade("q", *where).auto_score = number
            gradebook.find_comment("s", *where).manual_comment = str(number)
        gradebook.db.commit()
        yield gradebook


def places():
    return [
        (notebook, each, student) for notebook in NOTEBOOKS for each in ASSIGNMENTS for student in STUDENTS
    ]


def test_points_and_comments_are_those_of_one_notebook_of_one_student(gradebook):
    for number, where in enumerate(places()):
        graded = graded_of(gradebook, *where)
        assert graded.max_score == 50
        assert {name: grade.score for name, grade in grades_of(gradebook, graded).items()} == {"q": number}
        said = comments_of(gradebook, graded).items()
        assert {name: comment.manual_comment for name, comment in said} == {"s": str(number)}


def test_who_handed_in_nothing_is_named(gradebook):
    with pytest.raises(MissingEntry, match="eve"):
        graded_of(gradebook, "one", "ps1", "eve")
