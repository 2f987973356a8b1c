"""Every known answer gets its points and hears its cause, in a student's own notebook."""

import pytest
from inprocess import ASSIGNMENTS, composer_of, grade_in_process, points_of


def covering_rounds():
    return [
        pytest.param(assignment, answers, id=f"{assignment}-{turn}")
        for assignment in ASSIGNMENTS
        for turn, answers in enumerate(composer_of(assignment)[0].covering())
    ]


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_solution_earns_every_point_and_the_blank_release_none(assignment):
    composer, source = composer_of(assignment)
    for submission in (composer.submission("ada", "perfect"), composer.blank("bob")):
        graded = grade_in_process(source, submission.notebook)
        assert {name: points_of(checks) for name, checks in graded.items()} == submission.expected


@pytest.mark.slow
@pytest.mark.parametrize(("assignment", "answers"), covering_rounds())
def test_known_answers_get_their_points_and_their_cause(assignment, answers):
    composer, source = composer_of(assignment)
    submission = composer.mixture("ada", answers)
    graded = grade_in_process(source, submission.notebook, changed=[answer.exercise for answer in answers])
    # No other cell runs anything but the solution, which earns every point: the test above.
    got = {**composer.full, **{name: points_of(checks) for name, checks in graded.items()}}
    wrong = {name: (got[name], points) for name, points in submission.expected.items() if got[name] != points}
    shown = "\n".join(f"{name}\n{graded.get(name)}" for name in wrong)
    assert not wrong, f"{submission.story}\n(got, expected): {wrong}\n{shown}"
    for answer in submission.answers:
        outcomes = [outcome for name in answer.points for outcome in graded[name].outcomes]
        messages = [outcome.message for outcome in outcomes]
        named = {cause for outcome in outcomes for cause in outcome.causes}
        unsaid = answer.unsaid(messages, named)
        assert not unsaid, f"{answer.title}: {unsaid}, {named}\n" + "\n".join(messages)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_exercise_has_two_other_right_answers_and_a_wrong_one(assignment):
    composer, source = composer_of(assignment)
    for item in source.cells:
        if item.role == "answer":
            mine = [answer for answer in composer.answers if answer.exercise == item.grade_id]
            assert sum(answer.right for answer in mine) >= 2, item.grade_id
            assert any(not answer.right for answer in mine), item.grade_id
