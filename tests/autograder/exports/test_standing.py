"""How a student stands: a final score only where all is settled, and otherwise why there is none."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from nbgrader.api import MissingEntry

from autograder.errors import CourseError
from autograder.exports import standing as module
from autograder.exports.standing import GradingStatus, Person, Standing, standings


class Grade(SimpleNamespace):
    """One of its own, whatever is in it."""

    __hash__ = object.__hash__


def grade(name, auto=None, manual=None, *, kind="code", extra=None, is_open=False):
    """A grade as the gradebook has it; the answer `1_a-code` is a person's to grade."""
    cells = SimpleNamespace(solution_cells=[SimpleNamespace(name="1_a-code")], task_cells=[])
    book = SimpleNamespace(name="n", notebook=cells)
    return Grade(
        name=name,
        auto_score=auto,
        manual_score=manual,
        extra_credit=extra,
        needs_manual_grade=is_open,
        cell_type=kind,
        notebook=book,
    )


def submission(student, *grades, penalty=None):
    books = [SimpleNamespace(name="n", grades=list(grades))]
    return SimpleNamespace(
        student=SimpleNamespace(id=student),
        notebooks=books,
        late_submission_penalty=penalty,
        timestamp=f"when {student} did",
    )


class Gradebook:
    """Two assignments, of which nobody has handed in the second."""

    assignments = tuple(SimpleNamespace(name=name, max_score=10.0) for name in ("two", "one"))
    students = tuple(
        SimpleNamespace(id=name, first_name=first, last_name=None, email=None)
        for name, first in (("eve", None), ("ada", "Ada"), ("bob", None))
    )

    def __init__(self, *found):
        self.found = found

    def assignment_submissions(self, name):
        if name == "one":
            return self.found
        raise MissingEntry


@pytest.fixture
def stand(monkeypatch):
    """The standings of a class of which `zoe` and `bob` have folders, and what is noted on the way."""
    noted = SimpleNamespace(penalties=[], records=[])
    penalties = SimpleNamespace(bring_up_to_date=lambda gradebook, name: noted.penalties.append(name))
    course = SimpleNamespace(
        root=Path("/c"), config=dict, autograded=Path("/c/autograded"), assignments=Path("/c/release")
    )
    handed = {"one": ["zoe", "bob"], "two": []}
    monkeypatch.setattr(module, "all_students_of", lambda course, name: handed[name])
    monkeypatch.setattr(module, "LatePenalties", lambda *of: penalties if of == ({}, course.root) else None)
    monkeypatch.setattr(module, "read_head", lambda path: noted.records.append(path) or path.parts[3])
    monkeypatch.setattr(module, "stale", lambda course, gradebook, name, records: {"eve"} & set(records))
    names = {("n", name): name for name in ("1_a-code", "1_a-values", "2_b-values", "3_c")}
    monkeypatch.setattr(
        module, "cell_names", lambda assignment, folder: {course.assignments / assignment.name: names}[folder]
    )
    found = lambda *given, only=(), students=(): standings(course, Gradebook(*given), only, students)  # noqa: E731
    found.noted, found.handed = noted, handed
    return found


def one(stand, *grades, student="ada", **more):
    """How one student with these grades stands."""
    (found,) = stand(submission(student, *grades, **more), students=[student])["one"]
    return found


def test_everybody_known_or_with_a_folder_has_a_standing_in_what_somebody_handed_in(stand):
    found = stand(submission("ada", grade("3_c", 4.0)))
    assert list(found) == ["one"]
    assert [(each.student.id, each.status.name) for each in found["one"]] == [
        *(("ada", "GRADED"), ("bob", "UNGRADED"), ("eve", "NOTHING"), ("zoe", "UNGRADED"))
    ]
    assert found["one"][0].student == Person("ada", "Ada")
    assert stand.noted.penalties == ["two", "one"]
    assert stand.noted.records == [Path("/c/autograded/ada/one/n.ipynb")]


def test_assignments_and_students_that_are_asked_for_are_all_that_come(stand):
    found = stand(only=["two", "one"], students=["zoe", "ada"])
    assert {name: [each.student.id for each in those] for name, those in found.items()} == {
        "one": ["ada", "zoe"],
        "two": ["ada", "zoe"],
    }
    assert list(found) == ["one", "two"]
    assert found["two"][0].status is GradingStatus.NOTHING
    assert stand.noted.penalties == ["two", "one"]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"only": ["tow"]}, "no assignment 'tow' in the gradebook; there is: one, two"),
        ({"students": ["x"]}, "no student 'x' in the gradebook; there is: ada, bob, eve, zoe"),
    ],
)
def test_a_name_that_is_not_known_is_refused_with_those_that_are(stand, asked, says):
    with pytest.raises(CourseError, match=f"^{says}$"):
        stand(**asked)


def test_of_many_names_ten_are_told_and_of_none_that():
    with pytest.raises(CourseError, match=r"there is: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, \.\.\.$"):
        module._known("student", ["x"], [*map(str, range(10)), "99"])
    with pytest.raises(CourseError, match=r"6, 7, 8, 9$"):
        module._known("student", ["x"], [*map(str, range(10))])
    with pytest.raises(CourseError, match=r"there is: none$"):
        module._known("student", ["x"], [])


def test_where_nobody_handed_anything_in_there_is_nothing_to_export(stand):
    stand.handed["one"] = []
    with pytest.raises(CourseError, match="nothing was handed in yet"):
        stand()


def test_points_add_up_by_exercise_a_persons_before_the_graders_and_with_extra_credit(stand):
    grades = [
        grade("2_b-values", 3.0, 1.0, extra=0.5),
        grade("1_a-values", 2.0),
        grade("1_a-code", None, 4.0),
    ]
    found = one(stand, *grades, penalty=2.5)
    assert found.exercises == {"1_a": 6.0, "2_b": 1.5}
    assert list(found.exercises) == ["1_a", "2_b"]
    assert (found.points, found.penalty, found.score, found.max_score) == (7.5, 2.5, 5.0, 10.0)
    assert (found.timestamp, found.unsettled, found.mark) == ("when ada did", (), "")


def test_what_a_person_has_yet_to_give_or_look_at_waits(stand):
    found = one(stand, grade("1_a-code"), grade("1_a-values", 2.0), grade("2_b-values", 3.0, is_open=True))
    assert (found.status, found.score) == (GradingStatus.WAITING, None)
    assert found.exercises == {"1_a": None, "2_b": 3.0}
    assert (found.points, found.penalty, found.unsettled) == (5.0, 0.0, ("1_a", "2_b"))
    assert found.mark == "waits for a person: 1_a, 2_b"


def test_a_checked_cell_without_a_score_could_not_be_run_and_an_old_grade_is_no_final_one(stand):
    assert one(stand, grade("1_a-code"), grade("2_b-values")).status is GradingStatus.FAILED
    assert one(stand, grade("3_c", kind="markdown")).status is GradingStatus.WAITING
    found = one(stand, grade("3_c", 4.0), student="eve")
    assert (found.status, found.score, found.mark) == (GradingStatus.STALE, None, str(GradingStatus.STALE))


def test_a_penalty_takes_no_more_than_there_is():
    def stands(points, penalty):
        return Standing(Person("a"), "one", 10.0, GradingStatus.GRADED, points, penalty).score

    assert (stands(2.0, 3.0), stands(0.1 + 0.2, 0.0)) == (0.0, 0.3)


@pytest.mark.parametrize(
    ("names", "told"), [("abcd", "a, b, c, d"), ("abcde", "a, b, c, d and 1 more"), ("", "")]
)
def test_four_of_what_is_unsettled_are_named(names, told):
    found = Standing(Person("a"), "one", 10.0, GradingStatus.FAILED, unsettled=tuple(names))
    assert found.mark == f"could not be graded: {told}"


def test_a_name_to_sort_by_is_made_of_what_is_known():
    assert Person("x", "Ada", "King").sortable_name == "King, Ada"
    assert (Person("x", "Ada").sortable_name, Person("x").sortable_name) == ("Ada", "x")
