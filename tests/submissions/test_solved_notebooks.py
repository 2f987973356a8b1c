"""Every solved notebook runs from its first cell to its last, as in a student's Jupyter, figures and all.

`uvx --from "nox[uv]" nox -- tests/submissions/test_solved_notebooks.py` runs them on every Python that is
installed, with the newest libraries and with the lowest that are promised.
"""

import pytest
from inprocess import ASSIGNMENTS
from once import solved

pytestmark = pytest.mark.slow
UNFINISHED = ("✗", "○", "not written yet")
STOPPED = ("this cell stopped", "not written yet")  # what `once_written` says in place of an error


def text_of(cell):
    """What the cell shows as text."""
    return "".join(one.get("text") or one.get("data", {}).get("text/plain", "") for one in cell.outputs)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_a_solved_notebook_runs_without_an_error_a_warning_or_a_check_that_fails(
    assignment, tmp_path_factory
):
    cells = [cell for cell in solved(tmp_path_factory, assignment).cells if cell.cell_type == "code"]
    outputs = [output for cell in cells for output in cell.outputs]
    checks = [cell for cell in cells if "checks = Checks(" in cell.source]
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []
    assert [cell.id for cell in checks if any(word in text_of(cell) for word in UNFINISHED)] == []
    assert [cell.id for cell in cells if any(word in text_of(cell) for word in STOPPED)] == []
    assert any("<img" in output.get("data", {}).get("text/html", "") for output in outputs)
