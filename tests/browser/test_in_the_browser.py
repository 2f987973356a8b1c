"""The site's own kernel: a notebook says there what it says here, and what is kept there is graded.

It needs a Pyodide to serve, which only the group `browser` installs; docs/site.md has the command.
"""

import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from browser.conftest import ASSIGNMENT, NOTEBOOK
from browser.kernels import SECONDS, KernelInPage, code_of, ran, rounded
from built_site import PACKAGED, built_site, served
from inprocess import ASSIGNMENTS, composer_of
from nbclient import NotebookClient
from once import solved

from autograder.course import Course
from autograder.gradebook.scores import automatic_scores

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(PACKAGED is None, reason="needs a Pyodide: uv sync --group browser"),
]

# Through the application itself: cells of a long notebook are only in the page while they are in sight.
FILL = """([answers]) => {
  const cells = window.jupyterapp.shell.currentWidget.content.model.cells;
  for (let i = 0; i < cells.length; i++) {
    const role = cells.get(i).getMetadata("nbgrader") ?? {};
    if (role.grade_id in answers) cells.get(i).sharedModel.setSource(answers[role.grade_id]);
  }
}"""
IS_OPEN = "() => window.jupyterapp?.shell.currentWidget?.context?.sessionContext?.session?.kernel"
RUN = "() => window.jupyterapp.commands.execute('notebook:run-all-cells')"
SAVED = """async () => {
  await window.jupyterapp.commands.execute('docmanager:save');
  const path = window.jupyterapp.shell.currentWidget.context.path;
  const kept = await window.jupyterapp.serviceManager.contents.get(path, {content: true});
  return JSON.stringify(kept.content);
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The site, served on loopback with a Pyodide beside it."""
    with served(built_site(tmp_path_factory)) as url:
        yield url


@pytest.fixture
def own_course(served_course, tmp_path):
    """A copy of the course: a second submission in the one that is served would be another test's first."""
    root = shutil.copytree(served_course.root, tmp_path / "course")
    return Course(root)


@pytest.fixture
def window(chromium):
    context = chromium.new_context()
    context.set_default_timeout(1000 * SECONDS)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def kernel(chromium, address):
    """The browser's kernel, one for all notebooks: to start one takes longest."""
    context = chromium.new_context()
    context.set_default_timeout(1000 * SECONDS)
    kernel = KernelInPage(context.new_page(), address)
    kernel.begin()
    yield kernel
    context.close()


def run_all_with(window, notebook):
    """Fill the open notebook's answers with those of this one and run all cells; what the browser keeps."""
    sources = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution")
    }
    window.evaluate(FILL, [sources])
    window.evaluate(RUN)
    return nbformat.reads(window.evaluate(SAVED), as_version=4)


def run_here(notebook):
    NotebookClient(notebook, timeout=SECONDS, allow_errors=True).execute()
    return notebook


def said(notebook):
    """What each check printed, by grade id: its words, and its numbers to three digits."""
    found = {}
    for cell in notebook.cells:
        role = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and role.get("grade"):
            text = "".join(output.text for output in cell.outputs if output.output_type == "stream")
            found[role["grade_id"]] = rounded(text)
    return found


def test_wrong_answers_then_right_ones_hear_what_they_hear_here_and_what_is_kept_is_graded(
    window, address, own_course, tmp_path_factory
):
    os.environ.setdefault("MPLBACKEND", "agg")
    composer, _ = composer_of(ASSIGNMENT)
    one_each = {answer.exercise: answer for answer in composer.answers if not answer.right}
    window.goto(f"{address}/lite/notebooks/index.html?path={ASSIGNMENT}/{NOTEBOOK}")
    window.wait_for_function(IS_OPEN)
    wrong = composer.mixture("eve", tuple(one_each.values())).notebook
    right = composer.submission("eve", "in the browser").notebook
    for notebook, here in ((wrong, run_here(wrong)), (right, solved(tmp_path_factory, ASSIGNMENT))):
        there = run_all_with(window, notebook)
        assert said(there) == said(here)
        assert all(said(there).values())
    assert graded(own_course, "eve", there) == 90
    window.goto(f"{address}/assignments/{ASSIGNMENT}.html")
    kept = window.evaluate("(path) => stored(path)", f"{ASSIGNMENT}/{NOTEBOOK}")
    assert [cell["id"] for cell in kept["cells"]] == [cell.id for cell in there.cells]


def graded(course, student, notebook):
    """The automatic points of this notebook when it is handed in and graded."""
    place = course.root / "submitted" / student / ASSIGNMENT
    place.mkdir(parents=True)
    nbformat.write(notebook, place / NOTEBOOK)
    line = [sys.executable, "-m", "autograder", "grade", ASSIGNMENT, "--course", str(course.root)]
    subprocess.run(line, check=True, capture_output=True)
    earned = automatic_scores(course, ASSIGNMENT)[student]
    return sum(points for points in earned.values() if points)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_each_cell_of_a_solved_notebook_shows_there_what_it_shows_here(kernel, assignment, tmp_path_factory):
    kernel.again()
    differing = {}
    for cell in code_of(solved(tmp_path_factory, assignment)):
        there, here = kernel.run(cell.source).to_three_digits(), ran(cell.outputs).to_three_digits()
        if there != here:
            differing[cell.id] = (there, here)
    assert differing == {}
