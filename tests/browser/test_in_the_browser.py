"""The site's own kernel: a notebook says there what it says here, and what is kept there is graded.

It needs a Pyodide to serve, which only the group `browser` installs; docs/site.md has the command.
"""

import os
import shutil

import nbformat
import pytest
from browser.conftest import ASSIGNMENT, NOTEBOOK
from browser.kernels import SECONDS, KernelOfNotebook, code_of, ran, rounded
from built_site import PACKAGED, built_site, served
from inprocess import ASSIGNMENTS, composer_of
from nbclient import NotebookClient
from once import solved

from autograder.course import Course
from autograder.gradebook.scores import automatic_scores
from autograder.grading.warm import close_graders

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
RUN = "() => window.jupyterapp.commands.execute('notebook:run-all-cells')"
SAVED = """async () => {
  await window.jupyterapp.commands.execute('docmanager:save');
  const path = window.jupyterapp.shell.currentWidget.context.path;
  const kept = await window.jupyterapp.serviceManager.contents.get(path, {content: true});
  return JSON.stringify(kept.content);
}"""

# What turns and fades while the kernel is busy is drawn again and again: a sixth of all that a browser does.
STILL = """addEventListener("DOMContentLoaded", () => {
  const style = document.createElement("style");
  style.textContent = "*, *::before, *::after { animation: none !important }";
  document.head.append(style);
})"""


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


@pytest.fixture(scope="module")
def kernel(chromium, address):
    """The kernel of a notebook that is open in the browser, one for all tests: to start one takes longest."""
    context = chromium.new_context()
    context.set_default_timeout(1000 * SECONDS)
    context.add_init_script(STILL)
    path = f"lite/notebooks/index.html?path={ASSIGNMENT}/{NOTEBOOK}"
    kernel = KernelOfNotebook(context.new_page(), f"{address}/{path}")
    kernel.begin()
    yield kernel
    context.close()


def run_all_with(window, notebook):
    """Fill the open notebook's cells with those of this one and run all of them; what the browser keeps."""
    sources = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader")
    }
    window.evaluate(FILL, [sources])
    window.evaluate(RUN)
    return nbformat.reads(window.evaluate(SAVED), as_version=4)


def without_figures(notebook):
    """The notebook with nothing in its figures' cells, which take most of the time."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and "figure" in cell.id:
            cell.source = ""
    return notebook


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


def differing(kernel_says, notebook):
    """The code cells of a notebook that ran here of which the browser's kernel says something else."""
    both = {
        cell.id: (kernel_says(cell).to_three_digits(), ran(cell.outputs).to_three_digits())
        for cell in code_of(notebook)
        if cell.id != "figure-spiral"  # fifteen trainings, of which other cells do some
    }
    return {name: (there, here) for name, (there, here) in both.items() if there != here}


def test_wrong_answers_then_right_ones_hear_what_they_hear_here_and_what_is_kept_is_graded(
    kernel, address, own_course, tmp_path_factory
):
    os.environ.setdefault("MPLBACKEND", "agg")
    composer, _ = composer_of(ASSIGNMENT)
    one_each = {answer.exercise: answer for answer in composer.answers if not answer.right}
    wrong = without_figures(composer.mixture("eve", tuple(one_each.values())).notebook)
    there = run_all_with(kernel.window, wrong)
    assert said(there) == said(run_here(wrong))
    assert all(said(there).values())
    right = composer.submission("eve", "in the browser").notebook
    there = run_all_with(kernel.window, right)
    shown = {cell.id: ran(cell.outputs) for cell in code_of(there)}
    assert differing(lambda cell: shown[cell.id], solved(tmp_path_factory, ASSIGNMENT)) == {}
    assert all(said(there).values())
    assert graded(own_course, "eve", there) == 90
    other = kernel.window.context.new_page()
    other.goto(f"{address}/assignments/{ASSIGNMENT}.html")
    kept = other.evaluate("(path) => stored(path)", f"{ASSIGNMENT}/{NOTEBOOK}")
    assert [cell["id"] for cell in kept["cells"]] == [cell.id for cell in there.cells]


def graded(course, student, notebook):
    """The automatic points of this notebook when it is handed in and graded."""
    place = course.root / "submitted" / student / ASSIGNMENT
    place.mkdir(parents=True)
    nbformat.write(notebook, place / NOTEBOOK)
    assert course.api().autograde(ASSIGNMENT, student)["success"]
    close_graders()
    earned = automatic_scores(course, ASSIGNMENT)[student]
    return sum(points for points in earned.values() if points)


@pytest.mark.parametrize("assignment", [name for name in ASSIGNMENTS if name != ASSIGNMENT])
def test_each_cell_of_a_solved_notebook_shows_there_what_it_shows_here(kernel, assignment, tmp_path_factory):
    kernel.again()
    assert differing(lambda cell: kernel.run(cell.source), solved(tmp_path_factory, assignment)) == {}
