"""The self-checks that students see fail on what the text warns of, and never contradict the graded cells."""

import pytest
from inprocess import ASSIGNMENTS, composer_of
from selfchecks import FAILED, PASSED, Notebook

# Their self-check trains a network for seconds and draws it: the student is to judge the picture.
PICTURES = ("09_spiral_settings", "09_digits_settings")

EXERCISES = [
    pytest.param(assignment, exercise, id=f"{assignment}-{exercise}")
    for assignment in ASSIGNMENTS
    for exercise in dict.fromkeys(answer.exercise for answer in composer_of(assignment)[0].answers)
    if exercise not in PICTURES
]


@pytest.mark.slow
@pytest.mark.usefixtures("verdicts_alone")  # causes and lines are told by known answers, in graded cells
@pytest.mark.parametrize(("assignment", "exercise"), EXERCISES)
def test_self_checks_see_what_the_text_warns_of_and_agree_with_the_visible_graded_checks(
    assignment, exercise
):
    composer, _ = composer_of(assignment)
    notebook = Notebook(composer)
    faults = []
    for answer in composer.answers:
        if answer.exercise != exercise:
            continue
        said = notebook.self_checks(answer)
        if answer.right:  # its graded cells: test_known_answers.py
            faults += [f"right, and the self-check fails: {answer.title}"] * (said == FAILED)
        elif answer.warned and said != FAILED:
            faults.append(f"{answer.warned} warns of it, the self-check {said}: {answer.title}")
        elif said == PASSED and notebook.graded_cells(answer) == FAILED:
            faults.append(f"the graded cell fails, the self-check passes: {answer.title}")
    assert not faults, "\n".join(faults)
