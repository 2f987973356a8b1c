import numpy as np
import pytest

from course_lib.grading import compare_prediction


def said(capsys, *arguments):
    compare_prediction(*arguments)
    return capsys.readouterr().out.strip()


def test_a_prediction_that_is_missing_is_asked_for(capsys):
    assert said(capsys, None, 3.0).startswith("No prediction yet: write one into the cell above")


@pytest.mark.parametrize("yours", [3, 3.0, "3", np.float64(2.95), np.array(3)])
def test_a_number_within_two_per_cent_is_as_said(capsys, yours):
    assert said(capsys, yours, 3.0, "Three.") == "3: as you said. Three."


@pytest.mark.parametrize("yours", [2.9, -3, "many", [3], float("nan"), 10**400, {}])
def test_anything_else_is_repeated_beside_what_was_found(capsys, yours):
    assert said(capsys, yours, 3.0, "Three.").startswith("3: you said ")


def test_zero_is_met_by_zero_alone(capsys):
    assert said(capsys, 0, 0.0) == "0: as you said."
    assert said(capsys, 0.001, 0.0) == "0: you said 0.001."


def test_words_agree_whatever_their_case(capsys):
    assert said(capsys, " Larger", "larger") == "larger: as you said."
    assert said(capsys, "smaller", "larger") == "larger: you said smaller."


def test_a_long_answer_is_cut(capsys):
    assert len(said(capsys, "x" * 1000, 3.0)) < 80
