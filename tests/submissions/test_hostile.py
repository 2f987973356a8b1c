"""The hostile class: what is promised of every attack, and of everyone else."""

import json
import re
from pathlib import Path

import nbgrader
import pytest
from attacked_pages import is_attacked
from conftest import COURSE, LIMITS, RUNG, WAY
from hostile_class import ASSIGNMENT, FULL, load_attacks
from nbconvert.exporters import HTMLExporter

from autograder.disposable import Bounds, in_a_fork

needed = pytest.mark.landlock if RUNG == "landlock" else pytest.mark.sandbox
pytestmark = [needed, pytest.mark.slow]
ATTACKS = load_attacks()
of_every_attack = pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
ON_PAGES = [attack for attack in ATTACKS if attack.name.startswith(("html_in", "a_page"))]
of_attacks_on_pages = pytest.mark.parametrize("attack", ON_PAGES, ids=lambda attack: attack.name)
FORMGRADER = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates"
PAGE = Bounds(seconds=15, memory_bytes=512 * 2**20, patience=100)


def honest(attack):
    """The most points per graded cell; of a cell of asserts, which earns all or nothing, all or nothing."""
    if COURSE == "inside":  # where student code may forge what a cell of its own earns
        return FULL
    whole = {name: points if points == FULL[name] else 0.0 for name, points in attack.honest.items()}
    return attack.honest if COURSE == "ours" else whole


@of_every_attack
def test_an_attack_gains_nothing_ends_in_time_finds_no_secret_and_harms_no_neighbour(graded, attack):
    scores, record = graded.points(attack.name), graded.record(attack.name)
    assert all(0 <= scores[name] <= honest(attack)[name] for name in FULL), scores
    assert record["seconds"] <= LIMITS["notebook_seconds"] + 1.0
    neighbour = graded.neighbours[attack.name]
    assert graded.points(neighbour) == FULL
    assert graded.record(neighbour)["status"] == "graded"
    if COURSE == "ours":  # what an honest part keeps, and what our own checks say
        assert {name: scores[name] for name in attack.keeps} == attack.keeps
        shown = json.dumps(graded.notebook(attack.name), ensure_ascii=False)
        assert re.search(attack.options["says"], shown)
    if COURSE != "inside":  # where a cell can be read by that student's code
        assert "FOUND" not in json.dumps(said(graded.notebook(attack.name)))


def said(notebook):
    """What the outputs of a notebook say; a traceback shows lines of the attack itself."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return [{key: value for key, value in output.items() if key != "traceback"} for output in outputs]


def test_the_whole_class_is_graded_in_one_run(graded):
    assert graded.success, graded.log[-3000:]
    assert "Traceback" not in graded.log


def test_no_process_outlives_the_grading(graded):
    assert graded.processes == []


def test_no_file_and_no_socket_is_left(graded):
    assert graded.left == []


def test_nothing_of_the_course_is_changed(graded):
    assert graded.changed == []


def test_nobody_reaches_the_network(graded):
    assert graded.visits == []


@pytest.mark.skipif(WAY != "nbgrader", reason="what one process needs is measured; workers are several")
def test_the_grader_stays_within_its_memory(graded):
    a_fresh_grader = 150  # MB, before anything is handed in
    assert max(graded.peaks) <= 512 - a_fresh_grader, graded.peaks


@pytest.mark.skipif(COURSE != "ours", reason="what a page shows is the same in every course")
@of_attacks_on_pages
def test_the_feedback_page_of_an_attack_runs_nothing_of_it(graded, attack):
    result = graded.course.api().generate_feedback(ASSIGNMENT, attack.name)
    assert result["success"], result
    assert "is in plain text" not in result.get("log", "")
    path = graded.course.feedback / attack.name / ASSIGNMENT / f"{ASSIGNMENT}.html"
    assert not is_attacked(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def page_of(hostile_course):
    """Makes Formgrader's page of a notebook; one was made already, since each is made in a fork."""
    exporter = HTMLExporter(template_name="formgrade", extra_template_basedirs=[str(FORMGRADER)])
    on_page = {"submission_id": "1", "index": 0, "total": 1, "base_url": "", "notebook_path": "x"}

    def make(notebook, student):
        ids = {"assignment_id": ASSIGNMENT, "notebook_id": ASSIGNMENT, "student": student}
        return exporter.from_notebook_node(notebook, resources=ids | on_page)[0]

    assert "norm" in make(hostile_course[1], "nobody")
    return make


@pytest.mark.skipif(COURSE != "ours", reason="what a page shows is the same in every course")
@of_attacks_on_pages
def test_formgraders_page_of_an_attack_runs_nothing_of_it(graded, page_of, attack):
    notebook = graded.notebook(attack.name)
    html = in_a_fork(lambda owner: page_of(notebook, attack.name).encode(), PAGE).decode()
    assert "norm" in html
    assert not is_attacked(html)
