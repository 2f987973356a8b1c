"""What a graded cell reads is the grader's own, or an answer: never a helper that a student could replace."""

import pytest
from inprocess import ASSIGNMENTS, composer_of

from autograder.grader_side.cells import compiled_cell, compiled_setup
from autograder.grader_side.names import names_of

# From locked cells that run on the student's side only: they are handed to, or built from, what the student
# wrote, and no expectation is computed with them.
GIVEN_TO_STUDENT_CODE = {
    "02_modular_gates": {
        *("TanhGate", "SubtractGate", "MeanGate"),  # gates for the student's graph
        *("ScaleShiftLayer", "SquaredErrorLayer"),  # layers for the student's net
        *("Sketch", "your_graph"),  # make the student's graph out of the student's gates
    },
    "05_autodiff": {
        "notes_of",  # runs the student's function on tensors that take notes
        *("sharing_rule", "ReadyMade"),  # a rule and a tensor for the student's machine
    },
}


def bound(source):
    return names_of("\n".join(line for line in source.splitlines() if not line.startswith("%"))).bound


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_names_of_graded_cells_are_the_graders_or_answers(assignment):
    _, source = composer_of(assignment)
    setup = [compiled_setup(item.cell.source, "setup") for item in source.cells if item.role == "setup"]
    own = set().union(*(bound(item.cell.source) for item in source.cells if item.role == "setup"))
    answers = [bound(item.cell.source) for item in source.cells if item.role == "answer"]
    students = set().union(*answers) | GIVEN_TO_STUDENT_CODE.get(assignment, set())
    assert not own & students
    for item in source.cells:
        if item.role == "graded":
            assert compiled_cell(item.cell.source, item.grade_id).free_names <= own | students, item.grade_id
    assert set().union(*(code.free_names for code in setup)) <= own | students
