"""What a child finds ready: matplotlib where a notebook looks as if it drew, and the core of its grader."""

import os
import threading

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grader_side.cells import may_draw
from autograder.grader_side.grader import Grader
from autograder.student_side.packages import NONE, Packages

LOADED = "import sys\n'matplot' + 'lib.pyplot' in sys.modules"
UNSEEN = "import importlib\np = importlib.import_module('matplot' + 'lib.pyplot')\np.plot([1, 2])\np.show()"
SEEN = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
OURS = Packages(figures=("our_course.viz",))
sandboxed = pytest.mark.sandbox


def notebook(source, **role):
    cell = new_code_cell(source)
    cell.metadata["nbgrader"] = role
    return new_notebook(cells=[cell])


@pytest.mark.parametrize("source", [SEEN, "plt.plot(x)", "%matplotlib inline", "viz.draw_losses(x)"])
def test_a_notebook_that_may_draw_is_known_by_its_words(source):
    assert may_draw(notebook(source), OURS)


@pytest.mark.parametrize("source", ["x = 1", "from course_lib import viz", "adapt = 1", UNSEEN])
def test_others_are_taken_not_to(source):
    assert not may_draw(notebook(source), OURS)


def test_a_package_that_no_course_named_draws_nothing():
    assert not may_draw(notebook("viz.draw_losses(x)"), NONE)


def test_what_our_own_cells_could_draw_with_does_not_count():
    assert not may_draw(notebook("def sketch():\n    return viz.draw_run(x)", locked=True), OURS)
    assert may_draw(notebook(SEEN, locked=True), OURS)


@sandboxed
def test_a_figure_is_the_same_whether_or_not_it_was_expected():
    with Grader() as grader:

        def outputs(source):
            (cell,) = grader.grade(notebook(source), seed=0).notebook.cells
            return cell.outputs

        assert outputs(LOADED)[0].data["text/plain"] == "False"
        (unexpected,) = outputs(UNSEEN)
        (expected,) = outputs(SEEN)
        assert "image/png" in expected.data
        assert unexpected.data == expected.data
        # The server keeps what it once imported, for all that follow.
        assert outputs(LOADED)[0].data["text/plain"] == "True"


@sandboxed
def test_a_child_runs_on_the_core_of_the_thread_that_grades():
    core = max(os.sched_getaffinity(0))
    found = []

    def grade():
        os.sched_setaffinity(0, {core})  # of this thread alone
        with Grader() as grader:
            result = grader.grade(notebook("import os\nos.sched_getaffinity(0)"), seed=0)
        found.append(result.notebook.cells[0].outputs[0].data["text/plain"])

    thread = threading.Thread(target=grade)
    thread.start()
    thread.join()
    assert found == [repr({core})]
