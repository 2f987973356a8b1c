"""`course grade` gives nbgrader's scores, grades what is missing or stale, and refuses in one sentence."""

import fcntl
from datetime import datetime

import pytest

from autograder.authoring.build import build
from autograder.batch import run
from autograder.batch.run import GradeOptions, _changes
from autograder.course import CONFIG
from autograder.grading.task import Graded

pytestmark = pytest.mark.sandbox


def test_the_gradebook_comes_out_as_nbgraders_own_command_leaves_it(a_class):
    a_class.hand_in(*a_class.composer.a_class(8))
    late = a_class.course.submitted / "student-01" / "01_square" / "timestamp.txt"
    late.write_text("2030-01-02 03:04:05 UTC", encoding="utf-8")
    with a_class.course.api().gradebook as gradebook:
        gradebook.find_assignment("01_square").duedate = datetime(2029, 1, 1)
        gradebook.db.commit()
    assert a_class.course.api().autograde("01_square", "*")["success"]
    plain = a_class.gradebook()
    status, _, _ = a_class.grade("--force")
    assert status == 0
    assert a_class.gradebook() == plain
    assert plain["student-01"]["timestamp"].year == 2030


def test_autograded_notebooks_have_the_same_cells_as_nbgraders(a_class):
    a_class.hand_in(a_class.composer.submission("ada", "perfect"))
    assert a_class.course.api(GradeApart={"seed": 5}).autograde("01_square", "ada")["success"]
    plain = a_class.notebook("ada")
    assert a_class.grade("--force", "--seed", 5)[0] == 0
    ours = a_class.notebook("ada")
    assert ours.cells == plain.cells
    for record in (ours.metadata["autograder"], plain.metadata["autograder"]):
        record.pop("seconds")
    assert ours.metadata == plain.metadata


def test_only_what_is_missing_or_changed_is_graded_again(a_class):
    ada, bob = (a_class.composer.submission(name, "perfect") for name in ("ada", "bob"))
    a_class.hand_in(ada, bob)
    assert a_class.events()[1][-1]["counts"] == {"graded": 2}
    assert a_class.events()[1][-1]["counts"] == {"already graded": 2}
    a_class.hand_in(a_class.answers("bob", "def square(x):\n    return x + x"))
    a_class.hand_in(a_class.composer.blank("eve"))
    (a_class.course.submitted / "eve/01_square/timestamp.txt").write_text("yesterday", encoding="utf-8")
    _, events = a_class.events()
    assert events[-1]["look"]["eve"][0].endswith("the submission counts as not late.")
    assert events[-1]["counts"] == {"already graded": 1, "graded": 2}
    changed = [(change["student"], change["before"], change["after"]) for change in events[-1]["changes"]]
    assert changed == [("bob", 90.0, 30.0)]
    with a_class.course.api().gradebook as gradebook:  # as one that was made anew, or a backup
        gradebook.remove_submission("01_square", "bob")
    assert a_class.events()[1][-1]["counts"] == {"already graded": 2, "graded": 1}
    assert "bob" in a_class.gradebook()


def test_a_changed_hidden_test_makes_every_grade_stale_and_keeps_what_people_gave(a_class):
    a_class.hand_in(a_class.composer.submission("ada", "perfect"))
    a_class.grade()
    with a_class.course.api().gradebook as gradebook:
        grade = gradebook.find_grade("02_written", "square", "01_square", "ada")
        grade.manual_score, grade.needs_manual_grade = 7.0, False
        gradebook.find_comment("02_written", "square", "01_square", "ada").manual_comment = "Well put."
        gradebook.db.commit()
    source = a_class.course.source_of("01_square")
    text = source.read_text(encoding="utf-8").replace(
        "square(anywhere), anywhere**2", "square(anywhere), anywhere**3"
    )
    source.write_text(text, encoding="utf-8")
    build(a_class.course, checked=False)  # the solution fails that test too
    before = a_class.gradebook()
    status, out, _ = a_class.grade("--dry-run")
    assert status == 0
    assert "ada: 01_square-values 90 -> 30" in out
    assert a_class.gradebook() == before
    assert a_class.grade()[0] == 0
    after = a_class.gradebook()["ada"]
    assert after["grades"]["01_square-values"][0] == 30
    assert after["grades"]["02_written"][1] == 7
    assert after["comments"]["02_written"] == (None, "Well put.")


def test_points_that_changed_are_told_by_notebook_and_cell():
    before = {("letters", "x"): 0.0, ("classes", "x"): 2.0, ("classes", "y"): None}
    scores = {"letters": {"x": 0.0}, "classes": {"x": 1.0, "y": 3.0, "new": 1.0}}
    changes = _changes(before, Graded("eve", scores=scores))
    assert [*map(str, changes)] == ["eve: classes: x 2 -> 1", "eve: classes: y no score -> 3"]
    alone = _changes(before, Graded("eve", scores={"classes": {"x": 1.0, "y": None}}))
    assert [*map(str, alone)] == ["eve: x 2 -> 1"]


def test_one_student_can_be_graded_alone(a_class):
    a_class.hand_in(*(a_class.composer.submission(name, "perfect") for name in ("ada", "bob")))
    assert a_class.events("--student", "bob")[1][-1]["counts"] == {"graded": 1}
    assert set(a_class.gradebook()) == {"bob"}
    (a_class.course.submitted / "a..b" / "01_square").mkdir(parents=True)
    _, events = a_class.events("--student", "bob", "--dry-run")
    assert events[-1]["counts"] == {"graded": 1}, "what is graded already is tried again"
    assert events[-1]["look"] == {}, "of others nothing is said"


def test_who_is_graded_again_alone_has_the_seed_that_was_asked_for(monkeypatch):
    again = []
    monkeypatch.setattr(run, "tasks", lambda *given, **options: again.append((given[2], options)) or [])
    monkeypatch.setattr(run, "_results", lambda *given: iter(()))
    first = (waiting for waiting in [[Graded("ada", starved=True), Graded("bob")]])
    results = run._with_second_looks(first, None, None, GradeOptions(seed=7))
    assert list(results) == [[Graded("bob")]]
    assert again == [(["ada"], {"force": True, "seed": 7})]


def test_a_seed_repeats_a_run(a_class):
    a_class.hand_in(a_class.composer.submission("ada", "perfect"))
    a_class.grade("--seed", 11)
    assert a_class.record("ada")["seed"] == 11
    assert a_class.events("--seed", 11)[1][-1]["counts"] == {"already graded": 1}
    assert a_class.events()[1][-1]["counts"] == {"already graded": 1}
    assert a_class.events("--seed", 12)[1][-1]["counts"] == {"graded": 1}
    assert a_class.record("ada")["seed"] == 12


def test_what_needs_a_look_is_named_with_the_reason(a_class):
    a_class.hand_in(a_class.composer.submission("ada", "perfect"), a_class.composer.blank("bob"))
    (a_class.course.submitted / "bob" / "01_square" / "square.ipynb").write_text("{", encoding="utf-8")
    status, out, _ = a_class.grade()
    assert status == 0
    assert "To look at:\n  bob: square.ipynb" in out
    assert a_class.gradebook()["bob"]["grades"]["01_square-values"] == (0.0, None, True)


def test_a_folder_that_no_page_could_show_is_left_out_with_a_sentence_and_the_others_are_graded(a_class):
    a_class.hand_in(a_class.composer.submission("ada", "perfect"))
    a_class.hand_in(a_class.composer.submission('grace "g" hopper', "perfect"))
    status, said, _ = a_class.grade()
    assert status == 0
    assert 'To look at:\n  grace "g" hopper: a student\'s folder cannot be called' in said
    assert "'grace g hopper' would do." in said
    assert list(a_class.gradebook()) == ["ada"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--student", ""], "a student's name is empty; without --student, all are graded"),
        (["--student", "adda"], "adda handed in nothing for 01_square; there is: ada"),
        (["--seed", "-5"], "greater than or equal to 0"),
        (["--scheduler", "tcp://127.0.0.1:9"], "no Dask scheduler can be reached at tcp://127.0.0.1:9"),
        (
            ["--scheduler-file", "nowhere.json"],
            "no Dask scheduler can be reached at nowhere.json: no such file",
        ),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_changed(a_class, options, sentence):
    a_class.hand_in(a_class.composer.submission("ada", "perfect"))
    status, _, err = a_class.grade(*options)
    assert status == 2
    assert sentence in err
    assert a_class.gradebook() == {}
    assert not a_class.course.autograded.exists()


def test_a_second_run_on_the_same_course_is_refused(a_class):
    a_class.hand_in(a_class.composer.submission("ada", "perfect"))
    with (a_class.course.root / ".course-grade.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        status, _, err = a_class.grade()
    assert status == 2
    assert "another `course grade` is at work" in err


def test_without_a_sandbox_scores_are_marked(a_class):
    a_class.hand_in(a_class.composer.submission("ada", "perfect"))
    status, out, _ = a_class.grade("--unsafe-no-sandbox")
    assert status == 0
    assert "NO SANDBOX" in out
    assert a_class.record("ada")["review"] is True
    assert "NO SANDBOX" in a_class.record("ada")["in_force"]


def test_late_penalties_that_cannot_be_used_are_said_before_anything_is_graded(a_class):
    a_class.hand_in(a_class.composer.submission("ada", "perfect"))
    with (a_class.course.root / CONFIG).open("a") as config:
        config.write('\nc.LateSubmissionPlugin.penalty_method = "zer0"\n')
    status, _, err = a_class.grade()
    assert status == 2
    assert "the late penalties in nbgrader_config.py cannot be used" in err
    assert a_class.gradebook() == {}
