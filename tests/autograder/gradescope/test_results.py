"""What Gradescope is told of a graded submission: a test for each graded cell, with its table."""

import nbformat
import pytest
from nbformat.v4 import new_notebook, new_output
from roles import graded, words

from autograder.grader_side.sandbox import UNSAFE
from autograder.gradescope.archive import Config
from autograder.gradescope.results import results_of
from autograder.grading.task import Graded
from autograder.recorded.record import RECORD

OUTCOME = {"points": 1.0, "max_points": 2.0, "note": "", "checks": []}


def cell(name, *outputs):
    return graded(name=name, outputs=outputs)


def results(*cells, outcomes=(), written=(), in_force="wall", **graded):
    notebook = new_notebook(cells=list(cells))
    notebook.metadata[RECORD] = {"outcomes": dict(outcomes), "in_force": in_force}
    done = Graded("ada", contents={"n": nbformat.writes(notebook)}, **graded)
    return results_of(done, Config("one", {}, dict(written), "after_due_date"))


def of_cells(*names):
    """The names and numbers of the tests of such cells."""
    found = results(*map(cell, names), outcomes=dict.fromkeys(names, OUTCOME))
    return [(test["name"], test["number"]) for test in found["tests"]]


def test_all_that_is_written_is_known_to_gradescope():
    printed = [new_output("stream", text="✗ at 2\n\n"), new_output("stream", text="of 2\n")]
    score = new_output("execute_result", {"text/plain": "1.0"})
    found = results(
        cell("3_loss-values", *printed, score), outcomes={"3_loss-values": {**OUTCOME, "note": "why"}}
    )
    assert found == {
        "execution_time": 0,
        "output": "",
        "output_format": "text",
        "visibility": "after_due_date",
        "stdout_visibility": "hidden",
        "tests": [
            {
                "name": "loss: values",
                "number": "3.1",
                "score": 1.0,
                "max_score": 2.0,
                "status": "failed",
                "output": "✗ at 2\nof 2\nwhy",
                "output_format": "text",
            }
        ],
    }


def test_all_points_are_passed_and_without_a_note_the_table_stands_alone():
    cells = cell("a", new_output("stream", text="table"))
    (test,) = results(cells, outcomes={"a": {**OUTCOME, "points": 2.0}})["tests"]
    assert (test["status"], test["output"]) == ("passed", "table")


def test_names_and_numbers_are_those_of_exercises_or_else_come_one_after_the_other():
    assert of_cells("02_a_b-values", "02_a_b-more-of", "00-x", "7-y") == [
        ("a_b: values", "2.1"),
        ("a_b: more-of", "2.2"),
        ("00: x", "00.1"),
        ("7: y", "7.1"),
    ]
    assert of_cells("loss-values", "cell-0123456789abcdef", "loss-sum", "b") == [
        ("loss: values", "1.1"),
        ("n", "2.1"),
        ("loss: sum", "1.2"),
        ("b", "3.1"),
    ]


def test_words_and_cells_that_were_not_checked_are_no_tests():
    cells = [words(name="w", grade=True), cell("answer"), cell("a")]
    found = results(*cells, outcomes={"w": OUTCOME, "a": OUTCOME})
    assert [(test["name"], test["number"]) for test in found["tests"]] == [("a", "1.1")]


def test_notes_and_what_a_person_grades_are_told_with_the_seconds():
    found = results(notes=("late",), written={"In words": 3.0, "b": 0.5}, seconds=2.6)
    assert found["output"].splitlines() == [
        "late",
        "In words is graded by a person (3 points).",
        "b is graded by a person (0.5 points).",
    ]
    assert found["execution_time"] == 3


@pytest.mark.parametrize("in_force", ["wall", UNSAFE])
def test_that_there_was_no_sandbox_only_instructors_are_told(in_force):
    tests = results(cell("a"), outcomes={"a": OUTCOME}, in_force=in_force)["tests"]
    mark = {"score": 0.0, "max_score": 0.0, "name": "no sandbox", "status": "failed", "output": UNSAFE}
    mark |= {"output_format": "text", "visibility": "hidden"}
    assert tests[1:] == ([mark] if in_force == UNSAFE else [])
    assert "visibility" not in tests[0]
