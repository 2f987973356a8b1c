"""Rows that are written as they are: what nbgrader's own API makes."""

from contextlib import closing

from autograder.gradebook.writer import Writer
from autograder.grading.task import Graded

CELL = "01_square-values"


def graded(student, points, *, untouched=(), review=False):
    """A graded submission with one score, and one that a person is to give."""
    return Graded(
        student=student,
        contents={"square": "{}"},
        scores={"square": {CELL: points, "02_written": None}},
        untouched={"square": frozenset(untouched)},
        status="graded",
        review=review,
    )


def rows(submission):
    """What the gradebook holds of a submission, without ids and scores."""
    return [
        (
            book.name,
            sorted((grade.name, grade.cell_type, grade.manual_score) for grade in book.grades),
            sorted((comment.name, comment.manual_comment) for comment in book.comments),
        )
        for book in submission.notebooks
    ]


def test_rows_of_a_first_submission_are_those_of_nbgraders_own_api(a_class):
    with closing(Writer(a_class.course, "01_square")) as writer:
        writer.record(graded("ada", 30.0), graded("bob", 90.0))
        writer.gradebook.add_student("cyd")
        writer.gradebook.add_submission("01_square", "cyd")
        ada, bob, cyd = (
            writer.gradebook.find_submission("01_square", each) for each in ("ada", "bob", "cyd")
        )
        assert rows(ada) == rows(bob) == rows(cyd)
        assert (ada.score, bob.score, ada.max_score) == (30.0, 90.0, cyd.max_score)


def test_what_a_person_is_to_look_at_and_what_is_blank(a_class):
    with closing(Writer(a_class.course, "01_square")) as writer:
        writer.record(graded("ada", 30.0, untouched=["02_written"]), graded("bob", 90.0, review=True))
        for student, is_open, comment in (("ada", False, "No response."), ("bob", True, None)):
            (book,) = writer.gradebook.find_submission("01_square", student).notebooks
            opened = {grade.name: grade.needs_manual_grade for grade in book.grades}
            assert opened == {CELL: is_open, "02_written": True}
            assert {each.name: each.auto_comment for each in book.comments}["02_written"] == comment


def test_a_student_is_new_until_a_submission_is_committed(a_class):
    with closing(Writer(a_class.course, "01_square")) as writer:
        assert writer.first_time.is_for("ada")
        writer.record(graded("ada", 30.0))
        assert not writer.first_time.is_for("ada")
        writer.gradebook.add_student("bob")
        writer.first_time.look()
        writer.record(graded("bob", 40.0))
        assert [student.id for student in writer.gradebook.students] == ["ada", "bob"]
        assert writer.scores("ada")["square", CELL] == 30.0
