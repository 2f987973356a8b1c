"""A score that a person gave stands until its answer or its cell changes, by either way of grading."""

import json
import shutil
from types import SimpleNamespace

import pytest

from autograder.authoring.build import build
from autograder.exports.standing import GradingStatus, standings
from autograder.recorded.settled import answers_at, answers_in, answers_of, needs_a_person, with_answers
from autograder.report.results import read_results

ASSIGNMENT = "01_square"
VALUES, WRITTEN = "01_square-values", "02_written"


def cell(kind, source, cell_id="c", **role):
    return {
        "cell_type": kind,
        "source": source,
        "id": cell_id,
        "metadata": {"nbgrader": role} if role else {},
    }


NOTEBOOK = (
    cell("code", "import numpy", "setup", grade_id="setup", locked=True),
    cell("code", "def f(): ...", grade_id="f", solution=True),
    cell("code", "f()", grade_id="f-values", grade=True, locked=True, points=2),
    cell("markdown", "my words", grade_id="words", grade=True, solution=True, points=3, checksum="abc"),
    cell("markdown", "draw", grade_id="task", task=True, locked=True, points=4),
    cell("markdown", "my drawing", "student-1"),
    cell("code", "g()", grade_id="g-values", grade=True, locked=True, points=5),
    cell("markdown", "a heading", "heading"),
)


@pytest.mark.parametrize(
    ("index", "changes", "opens"),
    [
        (0, {"source": "import math"}, set()),
        (1, {"source": "def f(): return 1"}, {"f-values", "g-values", "task"}),
        (2, {"source": "f(); f()"}, {"f-values"}),
        (3, {"source": "other words"}, {"words", "task"}),
        (3, {"attachments": {"p.png": {"image/png": "AA"}}}, {"words", "task"}),
        (3, {"cell_type": "code"}, {"words", "task", "g-values"}),
        (4, {"source": "paint"}, {"task"}),
        (5, {"source": "my other drawing"}, {"task"}),
        (5, {"cell_type": "code"}, {"task", "g-values"}),
        (7, {"source": "another heading"}, set()),
    ],
)
def test_a_score_is_about_its_cell_and_what_the_student_wrote_for_it(index, changes, opens):
    before = answers_of(NOTEBOOK)
    changed = [{**c, **changes} if number == index else c for number, c in enumerate(NOTEBOOK)]
    after = answers_of(changed)
    assert {name for name in before if before[name] != after[name]} == opens


@pytest.mark.parametrize(
    ("automatic", "by_hand", "now", "was_open", "review", "is_open"),
    [
        (None, None, "same", False, False, True),
        (3.0, None, "same", True, False, False),
        (3.0, None, "same", False, True, True),
        (None, 2.0, "same", False, True, False),
        (None, 2.0, "same", True, False, True),
        (None, 2.0, "other", False, False, True),
        (None, 2.0, None, False, False, True),
        (None, 2.0, "", False, False, False),  # nothing could be looked into
    ],
)
def test_who_has_to_look_at_a_score(automatic, by_hand, now, was_open, review, is_open):
    grade = SimpleNamespace(auto_score=automatic, manual_score=by_hand)
    after = {"w": now, "else": "same"} if now != "" else {}
    assert needs_a_person(grade, "w", {"w": "same"}, after, was_open=was_open, review=review) is is_open


@pytest.mark.parametrize("key", ["points", "checksum"])
def test_other_points_or_another_released_cell_open_a_score(key):
    changed = [
        {**c, "metadata": {"nbgrader": {**c["metadata"].get("nbgrader", {}), key: 9}}} for c in NOTEBOOK
    ]
    assert not set(answers_of(NOTEBOOK).items()) & set(answers_of(changed).items())


def test_notes_on_top_of_a_notebook_change_nothing():
    notes = cell("markdown", "**Notes**", "grading-notes")
    assert answers_of([notes, *NOTEBOOK]) == answers_of(NOTEBOOK)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"metadata": 3}', '{"metadata": {"autograder": []}}'])
def test_what_is_no_notebook_tells_nothing(text, tmp_path):
    assert answers_in(text) == {}
    (tmp_path / "n.ipynb").write_text(text, encoding="utf-8")
    assert answers_at(tmp_path / "n.ipynb") == answers_at(tmp_path / "none.ipynb") == {}


def test_a_notebook_keeps_what_an_earlier_run_knew():
    failed = json.dumps({"metadata": {"autograder": {"status": "failed"}}, "cells": list(NOTEBOOK)})
    assert answers_in(failed) == {}
    assert answers_in(with_answers(failed, {"words": "1"})) == {"words": "1"}


def plain(a_class):
    assert a_class.course.api().autograde(ASSIGNMENT, "*", force=True)["success"]


def parallel(a_class):
    assert a_class.grade("--force")[0] == 0


def by_hand(a_class, **scores):
    """What Formgrader records when a person types points."""
    with a_class.course.api().gradebook as gradebook:
        for name, points in scores.items():
            grade = gradebook.find_grade(name.replace("__", "-"), "square", ASSIGNMENT, "ada")
            grade.manual_score, grade.extra_credit, grade.needs_manual_grade = points, 1.0, False
        gradebook.find_comment(WRITTEN, "square", ASSIGNMENT, "ada").manual_comment = "Well put."
        gradebook.db.commit()


def is_open(a_class):
    found = a_class.gradebook()["ada"]
    assert found["comments"][WRITTEN][1] == "Well put."
    return {name for name, (_, _, needs) in found["grades"].items() if needs}


def rewritten(a_class, grade_id, source):
    submission = a_class.composer.submission("ada", "perfect")
    for c in submission.notebook.cells:
        if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id:
            c.source = source
    return submission


@pytest.fixture(params=[plain, parallel])
def regrade(request):
    return request.param


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return tmp_path_factory.mktemp("settled")


@pytest.fixture
def settled(request, course, class_of, regrade, kept):
    """A class of one, whose written answer and whose check a person has graded, twice regraded since.

    It is made once for each way of grading, and copied.
    """
    kept /= regrade.__name__
    if kept.exists():
        shutil.copytree(kept, course.root, dirs_exist_ok=True)
        return class_of(course)
    a_class = request.getfixturevalue("a_class")
    a_class.hand_in(a_class.composer.submission("ada", "perfect"))
    regrade(a_class)
    by_hand(a_class, **{WRITTEN: 8.0, "01_square__values": 60.0})
    regrade(a_class)
    regrade(a_class)
    assert is_open(a_class) == set()
    shutil.copytree(a_class.course.root, kept)
    return a_class


@pytest.mark.sandbox
def test_what_a_person_gave_stands_through_regrades_until_its_answer_changes(settled, regrade):
    settled.hand_in(rewritten(settled, WRITTEN, "Side by side."))
    regrade(settled)
    assert is_open(settled) == {WRITTEN}
    regrade(settled)
    assert is_open(settled) == {WRITTEN}  # until a person has looked
    by_hand(settled, **{WRITTEN: 9.0})
    settled.hand_in(rewritten(settled, "01_square", "def square(x):\n    return x**2"))
    regrade(settled)
    assert is_open(settled) == {WRITTEN, VALUES}  # its words are the first ones again
    grades = settled.gradebook()["ada"]["grades"]
    assert (grades[WRITTEN][1], grades[VALUES][:2]) == (9.0, (90.0, 60.0))


@pytest.mark.sandbox
def test_a_changed_cell_opens_its_own_score_alone(settled, regrade):
    source = settled.course.source_of(ASSIGNMENT)
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace('"at a random point"', '"at any point"'), encoding="utf-8")
    build(settled.course)
    regrade(settled)
    assert is_open(settled) == {VALUES}


@pytest.mark.sandbox
def test_a_run_that_cannot_look_into_a_submission_leaves_what_a_person_gave(settled, regrade, monkeypatch):
    from autograder.batch.plan import load_release, tasks
    from autograder.gradebook.writer import Writer
    from autograder.grading.grade import without_result

    release = load_release(settled.course, ASSIGNMENT)
    (task,) = tasks(settled.course, release, ["ada"], force=True, seed=None)
    writer = Writer(settled.course, ASSIGNMENT)
    writer.record(without_result(task, release, "It ended one worker after the other."))
    writer.close()
    assert is_open(settled) == set()
    assert settled.gradebook()["ada"]["grades"][VALUES] == (None, 60.0, False)
    regrade(settled)
    assert is_open(settled) == set()
    assert settled.gradebook()["ada"]["grades"][VALUES] == (90.0, 60.0, False)


@pytest.mark.sandbox
def test_a_notebook_graded_before_answers_were_noted_is_understood(settled, regrade):
    path = settled.course.autograded / "ada" / ASSIGNMENT / "square.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    del notebook["metadata"]["autograder"]["answers"]
    path.chmod(0o644)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    regrade(settled)
    assert is_open(settled) == set()


@pytest.mark.sandbox
def test_a_grade_of_plain_nbgrader_is_current_for_course_grade(a_class):
    a_class.hand_in(a_class.composer.submission("ada", "perfect"))
    plain(a_class)
    assert a_class.events()[1][-1]["counts"] == {"already graded": 1}


@pytest.mark.sandbox
@pytest.mark.parametrize("what", ["submission", "assignment"])
def test_a_grade_of_something_that_has_changed_since_is_in_no_export(settled, regrade, what):
    def score():
        with settled.course.api().gradebook as gradebook:
            (standing,) = standings(settled.course, gradebook, [ASSIGNMENT], [])[ASSIGNMENT]
            return standing.score, standing.mark

    assert score() == (70.0, "")
    if what == "submission":
        settled.hand_in(rewritten(settled, "01_square", "def square(x):\n    return x**2"))
    else:
        source = settled.course.source_of(ASSIGNMENT)
        text = source.read_text(encoding="utf-8")
        source.write_text(text.replace("Write $x^2$", "Write $x^2$, please"), encoding="utf-8")
        build(settled.course)
    assert score() == (None, str(GradingStatus.STALE))
    (reported,) = read_results(settled.course, ASSIGNMENT).submissions
    assert "changed since it was graded" in reported.reasons
    regrade(settled)
    assert (score()[0] is None) == (what == "submission")  # an overruled check, whose answer has changed
    assert settled.gradebook()["ada"]["grades"][WRITTEN][1] == 8.0
