"""A small released notebook, with its hidden tests, and how a student would edit it."""

import copy
import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from roles import answer, cell, graded, named, words

from autograder.submission import rebuild
from autograder.submission.parse import parse_notebook

CHECKS = "checks = Checks()\nwith checks('two'):\n    expect(f(2), 4)\nchecks.score()"
HIDDEN = "checks = Checks()\nwith checks('two'):\n    expect(f(2), 4)\nexpect(f(9), 81)\nchecks.score()"
STUB = "def f(x):\n    raise NotImplementedError"


def released_cells():
    return [
        new_markdown_cell("# Title <b>bold</b>", id="title"),
        named(cell("import numpy as np", tags=["setup"], grade_id="imports")),
        new_markdown_cell("Write f.", id="prose-1"),
        named(answer(STUB, name="01_f")),
        named(graded(HIDDEN, "01_f-values", 3)),
        new_code_cell("[k for k in range(3)]", id="example"),
        named(answer("def g(x):\n    pass", name="02_g")),
        named(graded("test(g)", "02_g-values", 2)),
        words("*Answer here.*", "03_w", grade=True, solution=True, points=5),
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
