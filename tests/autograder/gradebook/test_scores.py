from types import SimpleNamespace

import pytest

from autograder.gradebook.scores import exercise_of, is_given_by_hand, total


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
