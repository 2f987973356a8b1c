"""A small released notebook, with its hidden tests, and how a student would edit it."""

import copy
import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.submission import rebuild
from autograder.submission.parse import parse_notebook


def role(grade_id, **flags):
    plain = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    return {"nbgrader": {"grade_id": grade_id, **plain, **flags}}


CHECKS = "checks = Checks()\nwith checks('two'):\n    expect(f(2), 4)\nchecks.score()"
HIDDEN = "checks = Checks()\nwith checks('two'):\n    expect(f(2), 4)\nexpect(f(9), 81)\nchecks.score()"
STUB = "def f(x):\n    raise NotImplementedError"


def released_cells():
    setup = {**role("imports", locked=True), "tags": ["setup"]}
    return [
        new_markdown_cell("# Title <b>bold</b>", id="title"),
        new_code_cell("import numpy as np", id="imports", metadata=setup),
        new_markdown_cell("Write f.", id="prose-1"),
        new_code_cell(STUB, id="f", metadata=role("01_f", solution=True)),
        new_code_cell(HIDDEN, id="f-values", metadata=role("01_f-values", grade=True, locked=True, points=3)),
        new_code_cell("[k for k in range(3)]", id="example"),
        new_code_cell("def g(x):\n    pass", id="g", metadata=role("02_g", solution=True)),
        new_code_cell(
            "test(g)", id="g-values", metadata=role("02_g-values", grade=True, locked=True, points=2)
        ),
        new_markdown_cell(
            "*Answer here.*", id="w", metadata=role("03_w", grade=True, solution=True, points=5)
        ),
    ]


@pytest.fixture
def released():
    """The notebook to rebuild on."""
    return new_notebook(
        cells=released_cells(), metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    )


@pytest.fixture
def handed_in(released):
    """What students got, with both functions written; ``handed_in.cells`` is edited by the tests."""
    notebook = copy.deepcopy(released)
    cell_of(notebook, "01_f-values").source = CHECKS
    cell_of(notebook, "01_f").source = "def f(x):\n    return x * x"
    cell_of(notebook, "02_g").source = "def g(x):\n    return x + 1"
    return notebook


def cell_of(notebook, grade_id):
    found = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id]
    assert len(found) == 1
    return found[0]


@pytest.fixture(name="cell_of")
def cell_of_fixture():
    """Finds the one cell with a grade_id."""
    return cell_of


@pytest.fixture
def submit():
    """Hands a notebook in: through its JSON, as a file would come."""
    return lambda notebook: parse_notebook(json.dumps(nbformat.from_dict(notebook)).encode()).notebook


@pytest.fixture
def rebuilt(released, submit):
    """Rebuilds what is handed in, and looks after the release."""

    def run(notebook):
        before = copy.deepcopy(released)
        result = rebuild(released, submit(notebook))
        assert released == before, "the release must not be changed"
        nbformat.validate(result.notebook)
        return result

    return run
