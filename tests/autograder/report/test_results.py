import contextlib
import random
from dataclasses import replace
from types import SimpleNamespace

import pytest

from autograder.errors import CourseError
from autograder.grader_side.grader import RunStatus
from autograder.pages import Effort
from autograder.recorded.record import FAILED, Record
from autograder.report import results
from autograder.report.results import ClassResults, StudentResults, read_results
from autograder.submission import ReadingStatus

GRADED = Record(intake=ReadingStatus.READ, status=RunStatus.GRADED, seconds=1.5)
CALLED = {("one", "f"): "f", ("two", "f"): "two:f", ("two", "w"): "w"}


def row(student, late=0.0, **penalties):
    """A submission as the gradebook has it, with its notebooks' penalties."""
    books = [
        SimpleNamespace(name=name, late_submission_penalty=penalty) for name, penalty in penalties.items()
    ]
    return SimpleNamespace(student_id=student, total_seconds_late=late, notebooks=books)


def read(given=(), records=None, old=(), **of_row):
    """What comes of one submission of two notebooks."""
    found = row("ada", **{"one": None, "two": None, **of_row})
    return results._submission(found, dict(given), records or {"one": GRADED, "two": GRADED}, CALLED, old)


def test_points_have_the_names_of_their_cells_and_the_score_is_their_sum_less_the_penalty():
    given = {("one", "f"): 3.0, ("two", "f"): 2.0, ("two", "w"): None}
    found = read(given, one=1.5, two=1)
    assert found.points == {"f": 3.0, "two:f": 2.0, "w": None}
    assert (found.student, found.score, found.penalty, found.waiting) == ("ada", 2.5, 2.5, ["w"])
    assert read(given, one=9.0).score == 0.0
    assert (read(given).score, read(given).penalty) == (5.0, 0.0)


def test_records_of_all_notebooks_come_together_and_what_is_no_cell_of_it_is_left_out():
    first = replace(GRADED, repairs=("a",), notes=("b", "c"), outcomes={"f": {"n": 1}, "gone": {"n": 2}})
    second = replace(GRADED, repairs=("d",), seconds=0.5, outcomes={"f": {"n": 3}})
    found = read(records={"one": first, "two": second}, late=30)
    assert (found.notes, found.seconds, found.seconds_late) == (("a", "b", "c", "d"), 2.0, 30.0)
    assert found.outcomes == {"f": {"n": 1}, "two:f": {"n": 3}}
    assert found.reasons == ("suspicious", "repaired", "late")


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({}, ()),
        ({"status": FAILED}, ("failed",)),
        ({"intake": ReadingStatus.MISSING}, ("not readable",)),
        ({"intake": ReadingStatus.REFUSED, "repairs": ("a",)}, ("not readable",)),
        ({"status": RunStatus.OUT_OF_TIME, "notes": ("a",)}, ("timed out",)),
        ({"status": RunStatus.REPLACED}, ("suspicious",)),
        ({"notes": ("a",)}, ("suspicious",)),
        ({"repairs": ("a",)}, ("repaired",)),
    ],
)
def test_one_notebook_is_reason_enough_for_a_look(changes, reasons):
    for records in (
        {"one": GRADED, "two": replace(GRADED, **changes)},
        {"one": replace(GRADED, **changes), "two": GRADED},
    ):
        assert read(records=records).reasons == reasons
        assert read(records=records).failed == ("failed" in reasons)


def test_the_gravest_reason_comes_first():
    failed = replace(GRADED, status=FAILED, intake=ReadingStatus.MISSING, notes=("a",))
    found = read(records={"one": failed}, old={"ada"}, late=1)
    assert found.reasons == (
        "failed",
        "changed since it was graded",
        "not readable",
        "suspicious",
        "late",
    )
    assert read(old={"bob"}).reasons == ()


def test_what_has_no_record_was_graded_elsewhere():
    assert read(records={"one": Record(), "two": Record()}).reasons == ("graded elsewhere",)
    assert read(records={"one": Record(), "two": GRADED}).reasons == ()


ADA, BOB = (
    StudentResults(name, 1.0, 0.0, {"f": 1.0}, 1.0, 0.0, ("late",), (f"{name}.ipynb",), {"f": {"tier": tier}})
    for name, tier in (("ada", "inside"), ("bob", "apart"))
)
CLASS = ClassResults("a", "A", {"f": 0.1, "g": 0.2}, {}, {}, {}, [ADA, BOB], ["eve", "kim"])


def test_what_was_graded_inside_is_told_with_its_worth():
    assert CLASS.inside == {"f": 0.1}
    assert (
        replace(CLASS, submissions=[BOB, replace(BOB, outcomes={"g": {}, "x": {"tier": "inside"}})]).inside
        == {}
    )
    assert CLASS.max_score == 0.3


def test_an_anonymous_class_has_no_names_no_notes_and_no_order(monkeypatch):
    class Turned(random.Random):
        def sample(self, population, k):
            return list(population)[::-1][:k]

    monkeypatch.setattr(random, "SystemRandom", Turned)
    hidden = CLASS.anonymous()
    expected = [replace(BOB, student="student 1", notes=()), replace(ADA, student="student 2", notes=())]
    assert hidden == replace(CLASS, submissions=expected, ungraded=["student 3", "student 4"])


@pytest.fixture
def gradebook(monkeypatch, course):
    """What the gradebook, the notebooks and the folders of a class say; to be changed by a test."""
    said = SimpleNamespace(rows=[row("ada", one=None), row("bob", one=1.0)], points={}, old=set(), read=[])
    said.outline = SimpleNamespace(
        title="T", max_points={"f": 4.0}, titles={"f": "F"}, labels={"f": "1"}, efforts={"f": Effort(4)}
    )
    said.outline.called = CALLED
    said.points = {"bob": {("one", "f"): 3.0}}

    def record(path):
        said.read.append(path.relative_to(course.autograded).as_posix())
        return GRADED

    def stale(of, gradebook, assignment, told):
        assert {student: list(its) for student, its in told.items()} == {
            r.student_id: [GRADED] for r in said.rows
        }
        return said.old

    for name, fake in {
        "open_gradebook": lambda of: contextlib.nullcontext("gradebook"),
        "known_assignment": lambda *what: said.read.append(what),
        "LatePenalties": lambda config, root: SimpleNamespace(
            bring_up_to_date=lambda *what: said.read.append(what)
        ),
        "read_outline": lambda of, gradebook, assignment: said.outline,
        "submissions": lambda gradebook, assignment: said.rows,
        "points_of": lambda gradebook, assignment: said.points,
        "counted": lambda found, what: found,
        "stale": stale,
        "all_students_of": lambda of, assignment: ["ada", "eve"],
        "read_record": record,
    }.items():
        monkeypatch.setattr(results, name, fake)
    return said


def test_a_class_is_read_with_late_penalties_up_to_date_and_who_is_not_graded_yet(course, gradebook):
    gradebook.old = {"bob"}
    found = read_results(course, "01")
    assert gradebook.read == [
        (course, "gradebook", "01"),
        ("gradebook", "01"),
        "ada/01/one.ipynb",
        "bob/01/one.ipynb",
    ]
    ada, bob = found.submissions
    assert (ada.student, ada.points, ada.score, ada.reasons) == ("ada", {}, 0.0, ())
    assert (bob.points, bob.score, bob.reasons) == ({"f": 3.0}, 2.0, ("changed since it was graded",))
    outline = gradebook.outline
    assert (found.assignment, found.title, found.ungraded) == ("01", "T", ["eve"])
    assert (found.max_points, found.titles, found.labels, found.efforts) == (
        outline.max_points,
        outline.titles,
        outline.labels,
        outline.efforts,
    )


def test_a_class_without_grades_is_one_sentence(course, gradebook):
    gradebook.rows = []
    with pytest.raises(CourseError, match="01: nothing is graded yet; run `course grade 01`"):
        read_results(course, "01")
