"""Known answers are read with what they must get, or refused with file, line and reason."""

import pytest

from autograder.authoring.source import read_source
from autograder.errors import CourseError
from autograder.rehearsal.answers import load_answers


@pytest.fixture
def answers_path(course):
    return course.solutions / "01_square" / "answers" / "01_square.py"


def test_answers_carry_their_points_and_what_must_be_said(source_path):
    right, wrong = load_answers(read_source(source_path))
    assert (right.exercise, right.title, right.right, right.points) == ("01_square", "by a power", True, {})
    assert right.source == "def square(x):\n    return x**2"
    assert (wrong.right, wrong.points, wrong.says) == (False, {"01_square-values": 30.0}, "expected")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("01_square-values", "01_cube", ":5: no graded cell '01_cube'"),
        (": 30}", ": 90}", ":5: 01_square-values is worth 90; 90 is not less"),
        (' says="expected"', "", ":5: a wrong answer names the points it gets"),
        (
            'right="by a power"',
            'right="x" points={"01_square-values": 1}',
            ":1: a right answer has full marks",
        ),
        ('# %% right="by a power"', "# %%", ": every cell needs a header"),
    ],
)
def test_a_broken_answer_is_refused(source_path, answers_path, old, new, reason):
    answers_path.write_text(answers_path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(CourseError) as caught:
        load_answers(read_source(source_path))
    assert f"{answers_path}{reason}" in str(caught.value)


def test_answers_to_an_exercise_that_is_not_there_are_refused(source_path, answers_path):
    answers_path.rename(answers_path.with_name("07_cube.py"))
    with pytest.raises(CourseError, match=r"square\.py has no answer cell '07_cube'"):
        load_answers(read_source(source_path))
