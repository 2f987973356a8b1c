"""Who does nothing earns nothing: every stub of a notebook filled with the same idle body."""

import copy

import pytest
from idle import BODIES, idle
from inprocess import ASSIGNMENTS, composer_of, grade_in_process

pytestmark = pytest.mark.filterwarnings("ignore")  # what idle code makes of numbers


def filled(composer, body):
    """The released notebook, with every stub replaced by this body."""
    notebook = copy.deepcopy(composer.release)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") in composer.solution:
            cell.source = idle(cell.source, body)
    return notebook


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_a_stub_is_replaced_in_every_answer(assignment):
    composer, _ = composer_of(assignment)
    cells = filled(composer, "nothing").cells
    left = [
        cell.id for cell in cells if cell.cell_type == "code" and 'Error("not written yet")' in cell.source
    ]
    assert left == []


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_a_notebook_that_does_nothing_earns_nothing(assignment, body):
    composer, source = composer_of(assignment)
    graded = grade_in_process(source, filled(composer, body))
    earned = [(cell, each.name) for cell, checks in graded.items() for each in checks.outcomes if each.points]
    assert earned == []
