"""What nbgrader itself would give a graded cell of the solution, and which other one it needs for that."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from roles import graded

from autograder.protection.in_order import ITSELF, InOrder
from autograder.recorded.record import NOTES_CELL

ANSWER = "made = []\ndef make(x):\n    made.append(x)"


def run(notebook):
    """In the place of the grader: the cells in one namespace, their errors and ``value`` as outputs."""
    names = {}
    for one in notebook.cells:
        assert not one.metadata, "nothing is graded"
        try:
            exec(one.source, names)
        except Exception as error:
            one.outputs = [new_output("error", ename=type(error).__name__, evalue=str(error))]
        if "value" in names:
            one.outputs = [new_output("execute_result", data={"text/plain": repr(names.pop("value"))})]
    notebook.cells.insert(0, new_code_cell("a note", id=NOTES_CELL))
    return notebook


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        ("make(1)", "assert made", "first changes what it reads, and is graded, so that no other graded"),
        ("made.append(1)", "assert made", "first changes made, and is graded, so that no other graded"),
        ("make(1)", "assert len(made) == 2", ""),
        ("make(1)", "value = 0.5", ""),
        ("make(1)", "value = 3.0", ""),
        ("make(1)", "value = float('nan')", ITSELF),
        ("1 / 0", "assert not made", ITSELF),
    ],
)
def test_a_cell_is_laid_to_another_only_where_it_earns_its_points_with_it_alone(first, second, says):
    cells = [graded(first, "first"), graded("pass", "between"), graded(second, "second")]
    said = InOrder(new_notebook(cells=[new_code_cell(ANSWER), *cells]), run).why_not_here("second")
    assert said.startswith(says)
    assert bool(said) == bool(says)


def test_the_first_graded_cell_needs_no_other():
    assert InOrder(new_notebook(cells=[graded("pass")]), run).why_not_here("graded") == ITSELF


def test_where_any_one_of_several_would_do_none_is_named():
    cells = [graded("make(1)", "first"), graded("make(1)", "other"), graded("assert made")]
    said = InOrder(new_notebook(cells=[new_code_cell(ANSWER), *cells]), run).why_not_here("graded")
    assert said.startswith("a graded cell above changes what it reads")


def test_cells_that_earn_nothing_there_either_are_all_known_by_one_run():
    cells = [graded("assert made", name) for name in ("one", "two", "three")]
    runs = []
    found = InOrder(
        new_notebook(cells=[new_code_cell(ANSWER), *cells]), lambda one: runs.append(1) or run(one)
    )
    assert [found.why_not_here(name) for name in ("one", "two", "three")] == ["", "", ""]
    assert len(runs) == 1
