from contextlib import closing
from datetime import datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import event

from autograder.gradebook.opening import open_gradebook
from autograder.gradebook.scores import (
    automatic_scores,
    exercise_of,
    is_given_by_hand,
    points_of,
    submissions,
    total,
)
from autograder.gradebook.writer import Writer
from autograder.grading.task import Graded

ASSIGNMENT, CELL, WRITTEN = "01_square", "01_square-values", "02_written"


@pytest.fixture
def gradebook_of(built_course):
    """Makes the gradebook of a class whose students have these points, and opens it."""

    def make(**points):
        with closing(Writer(built_course, ASSIGNMENT)) as writer:
            writer.record(*(graded(student, automatic) for student, automatic in points.items()))
        return open_gradebook(built_course)

    return make


def graded(student, automatic):
    return Graded(
        student=student,
        timestamp=datetime(2030, 1, 2),
        contents={"square": "{}"},
        scores={"square": {CELL: automatic, WRITTEN: None}},
        untouched={"square": frozenset()},
    )


def test_what_a_person_gave_counts_before_what_was_found_and_what_nobody_gave_waits(
    gradebook_of, built_course
):
    with gradebook_of(bob=30.0, ada=90.0) as gradebook:
        by_hand = gradebook.find_grade(CELL, "square", ASSIGNMENT, "bob")
        by_hand.manual_score, by_hand.extra_credit = 20.0, 2.5
        gradebook.find_grade(WRITTEN, "square", ASSIGNMENT, "bob").manual_score = 5.0
        gradebook.db.commit()
        assert points_of(gradebook, ASSIGNMENT) == {
            "ada": {("square", CELL): 90.0, ("square", WRITTEN): None},
            "bob": {("square", CELL): 22.5, ("square", WRITTEN): 5.0},
        }
    found = {"ada": {CELL: 90.0, WRITTEN: None}, "bob": {CELL: 30.0, WRITTEN: None}}
    assert automatic_scores(built_course, ASSIGNMENT) == found


def test_submissions_come_by_student_all_or_one(gradebook_of):
    with gradebook_of(bob=30.0, ada=90.0) as gradebook:
        assert [each.student_id for each in submissions(gradebook, ASSIGNMENT)] == ["ada", "bob"]
        (bob,) = submissions(gradebook, ASSIGNMENT, "bob")
        assert (bob.student_id, bob.timestamp) == ("bob", datetime(2030, 1, 2))


def test_a_class_takes_no_more_queries_than_one_student(gradebook_of):
    with gradebook_of(**{f"student{number}": 30.0 for number in range(20)}) as gradebook:
        asked = []
        event.listen(gradebook.engine, "before_cursor_execute", lambda *query: asked.append(query[2]))
        names = {book.name for each in submissions(gradebook, ASSIGNMENT) for book in each.notebooks}
        assert (names, len(points_of(gradebook, ASSIGNMENT))) == ({"square"}, 20)
        assert len(asked) < 8


def test_full_marks_are_the_maximum_whatever_floats_add_up_to():
    assert total([0.1] * 10) == 1.0
    assert total([1 / 3] * 3) == 1.0
    assert total([2.0004, 0.0004]) == 2.001
    assert total([]) == 0


def test_the_exercise_of_a_cell_is_what_stands_before_the_first_dash():
    assert exercise_of("04_sigmoid_neuron-stages") == "04_sigmoid_neuron"
    assert exercise_of("07_train-data-gradients") == "07_train"
    assert exercise_of("12_written") == "12_written"


@pytest.mark.parametrize(
    ("name", "cell_type", "by_hand"),
    [
        ("sum-values", "code", False),
        ("written", "code", True),
        ("poster", "code", True),
        ("essay", "markdown", True),
    ],
)
def test_answers_tasks_and_words_are_a_persons_to_grade(name, cell_type, by_hand):
    cells = SimpleNamespace(
        solution_cells=[SimpleNamespace(name="written")], task_cells=[SimpleNamespace(name="poster")]
    )
    grade = SimpleNamespace(name=name, cell_type=cell_type, notebook=SimpleNamespace(notebook=cells))
    assert is_given_by_hand(grade) is by_hand
