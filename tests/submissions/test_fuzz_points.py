"""Random notebooks in which nobody solves anything: whatever their cells claim to be, they earn nothing."""

import json

import nbformat
import pytest
from hostile_class import ASSIGNMENT, FULL
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.grader_side.grader import Grader
from autograder.grader_side.limits import Limits
from autograder.submission import rebuild, released_with_tests
from autograder.submission.parse import parse_notebook

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]
NAMES = [*FULL, "01_norm", "02_cube", "03_counter", "04_twice", "05_words", "imports", "x"]
SOURCES = [
    "20.0",
    "checks = None",
    "class Checks:\n    def score(self):\n        return 20.0",
    "checks.score()",
    "norm = cube = cube_backward = Counter = twice = 20.0",
    "norm = cube = cube_backward = Counter = twice = Checks",
    "from course_lib.grading import Checks\nChecks.score = lambda self: 20.0",
    "def norm(x):\n    return x",
    "def norm(x):\n    print('20.0')",
    "class Counter:\n    add = total = 20.0",
    "def twice(f, x):\n    return f",
    "raise SystemExit",
    "import os\nos._exit(0)",
    "%%capture\n20.0",
    "!echo 20.0",
    "def (",
    "\0",
]
cells = st.fixed_dictionaries(
    {
        "cell_type": st.sampled_from(["code", "code", "code", "markdown", "raw"]),
        "source": st.sampled_from(SOURCES),
    },
    optional={
        "id": st.sampled_from(["imports", "student-1", "grading-notes"]),
        "metadata": st.fixed_dictionaries(
            {},
            optional={
                "tags": st.lists(
                    st.sampled_from(["setup", "skip-execution", "raises-exception"]), max_size=2
                ),
                "nbgrader": st.fixed_dictionaries(
                    {"grade_id": st.sampled_from(NAMES)},
                    optional={
                        "points": st.sampled_from([0, -1, 20, 1e9]),
                        "grade": st.booleans(),
                        "solution": st.booleans(),
                        "locked": st.booleans(),
                        "schema_version": st.sampled_from([0, 3, 99]),
                    },
                ),
            },
        ),
    },
)


@pytest.fixture(scope="module")
def released(hostile_course):
    course, *_ = hostile_course
    path = course.assignments / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    with course.api().gradebook as gradebook:
        return released_with_tests(path, gradebook, ASSIGNMENT)


@pytest.fixture(scope="module")
def grader(hostile_course):
    limits = Limits(cell_seconds=2.0, call_seconds=1.0, notebook_seconds=12.0)
    with Grader(limits, packages=hostile_course[0].facts.shown) as grader:
        yield grader


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(found=st.lists(cells, max_size=10))
def test_a_notebook_that_solves_nothing_earns_nothing(released, grader, found):
    document = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": found})
    notebook = rebuild(released, parse_notebook(document.encode()).notebook).notebook
    graded = grader.grade(notebook, seed=1)
    assert {name: outcome.points for name, outcome in graded.outcomes.items()} == dict.fromkeys(FULL, 0.0)
    nbformat.validate(graded.notebook)
