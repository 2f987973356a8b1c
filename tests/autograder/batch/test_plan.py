"""What needs grading: whatever is not as it was when it was graded, by its bytes or else by what it says."""

import errno
import os
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from autograder.authoring.build import build
from autograder.batch.plan import (
    UNCHOSEN,
    Current,
    all_students_of,
    known_assignment,
    left_out,
    load_release,
    read_release,
    stale,
    students_of,
    tasks,
    untimed,
)
from autograder.course import CONFIG
from autograder.errors import CourseError
from autograder.gradebook.opening import open_gradebook
from autograder.recorded.reading import read_record
from autograder.recorded.record import RECORD, Record
from autograder.submission import intake
from autograder.submission.timestamp import UNTIMED

ASSIGNMENT = "01_square"


def submitted(a_class, name="square.ipynb"):
    return a_class.course.submitted / "ada" / ASSIGNMENT / name


def autograded(a_class):
    return a_class.course.autograded / "ada" / ASSIGNMENT / "square.ipynb"


def planned(a_class):
    release = load_release(a_class.course, ASSIGNMENT)
    (item,) = tasks(a_class.course, release, ["ada"], force=False, seed=None)
    return item


def record(a_class, **changes):
    """Leave the record of a grade of what ada's folder holds now, with these changes."""
    release = load_release(a_class.course, ASSIGNMENT)
    (task,) = tasks(a_class.course, release, ["ada"], force=True, seed=None)
    made = replace(Record(status="graded", release=release.digest, **task.facts), **changes)
    notebook = nbformat.v4.new_notebook(metadata={RECORD: made.as_metadata()})
    autograded(a_class).parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, autograded(a_class))
    return made


def who_is_stale(a_class):
    with open_gradebook(a_class.course) as gradebook:
        return stale(a_class.course, gradebook, ASSIGNMENT, {"ada": [read_record(autograded(a_class))]})


def rewrite(path, change):
    notebook = nbformat.read(path, as_version=4)
    change(notebook)
    nbformat.write(notebook, path)


def with_an_output(notebook):
    code = next(cell for cell in notebook.cells if cell.cell_type == "code")
    code.outputs = [nbformat.v4.new_output("stream", text="run again")]


def with_another_answer(notebook):
    answer = next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("solution"))
    answer.source += "\n# thought of later"


def test_what_the_gradebook_does_not_have_is_graded_again(a_class):
    a_class.hand_in(a_class.composer.submission("ada", "perfect"))
    record(a_class)
    release = load_release(a_class.course, ASSIGNMENT)
    for new, current in ((["bob"], True), (["ada"], False)):
        is_new = new.__contains__
        (item,) = tasks(a_class.course, release, ["ada"], force=False, seed=None, is_new=is_new)
        assert (type(item) is Current) is current


@pytest.fixture
def ada(a_class):
    """A class of one, whose submission has a current grade."""
    a_class.hand_in(a_class.composer.submission("ada", "perfect"))
    record(a_class)
    return a_class


def test_what_is_as_it_was_byte_for_byte_is_current_and_nobody_looks_into_it(ada, monkeypatch):
    monkeypatch.setattr(intake, "parse_notebook", lambda data: pytest.fail("it was looked into"))
    assert planned(ada) == Current("ada")
    assert who_is_stale(ada) == set()


def test_what_says_the_same_but_for_its_outputs_is_current(ada):
    rewrite(submitted(ada), with_an_output)
    assert planned(ada) == Current("ada")
    assert who_is_stale(ada) == set()


def test_another_answer_is_graded_again(ada):
    rewrite(submitted(ada), with_another_answer)
    assert planned(ada).student == "ada"
    assert planned(ada).handed["square"].data is not None
    assert who_is_stale(ada) == {"ada"}


def test_the_same_at_another_time_is_graded_again(ada):
    submitted(ada, "timestamp.txt").write_text("2030-01-02 03:04:05 UTC", encoding="utf-8")
    assert planned(ada).timestamp.year == 2030
    assert who_is_stale(ada) == {"ada"}


def test_who_has_a_time_stamp_that_is_no_time_is_told_of(ada):
    assert untimed(ada.course, ASSIGNMENT, ["ada"]) == {}
    submitted(ada, "timestamp.txt").write_text("yesterday", encoding="utf-8")
    says = f"timestamp.txt holds no time; {UNTIMED}."
    assert untimed(ada.course, ASSIGNMENT, ["ada", "bob"]) == {"ada": [says]}
    assert planned(ada) == Current("ada")


def test_a_notebook_that_is_gone_is_another_submission(ada):
    submitted(ada).unlink()
    assert planned(ada).handed["square"].data is None
    assert who_is_stale(ada) == {"ada"}


def test_of_a_folder_that_is_gone_nothing_is_claimed(ada):
    submitted(ada).unlink()
    submitted(ada).parent.rmdir()
    assert who_is_stale(ada) == set()


@pytest.mark.parametrize("changes", [{"status": ""}, {"again": True}], ids=["interrupted", "machine failed"])
def test_what_was_not_graded_to_the_end_is_graded_again_though_it_is_the_same(ada, changes):
    record(ada, **changes)
    assert planned(ada).student == "ada"
    assert who_is_stale(ada) == set()


def test_a_grade_of_another_release_is_made_again(ada):
    source = ada.course.source_of(ASSIGNMENT)
    text = source.read_text(encoding="utf-8").replace('"at a random point"', '"anywhere"')
    source.write_text(text, encoding="utf-8")
    build(ada.course, checked=False)
    assert planned(ada).student == "ada"
    assert who_is_stale(ada) == {"ada"}
    (ada.course.assignments / ASSIGNMENT / "square.ipynb").unlink()
    assert who_is_stale(ada) == set()


def test_a_record_that_knows_no_bytes_is_compared_by_what_the_notebook_says(ada):
    record(ada, files="")
    assert planned(ada) == Current("ada")
    rewrite(submitted(ada), with_another_answer)
    assert planned(ada).student == "ada"


def test_a_grade_that_does_not_say_what_it_is_of_is_made_again_and_not_called_stale(ada):
    record(ada, files="", submission="")
    assert planned(ada).student == "ada"
    assert who_is_stale(ada) == set()


def test_copies_that_say_the_same_are_current_until_one_differs(ada):
    for name in ("square (1).ipynb", "square (2).ipynb"):
        submitted(ada, name).write_bytes(submitted(ada).read_bytes())
    submitted(ada).unlink()
    assert record(ada).files == ""
    assert planned(ada) == Current("ada")
    rewrite(submitted(ada, "square (2).ipynb"), with_another_answer)
    assert planned(ada).handed["square"].data is None


def test_all_is_graded_again_where_that_is_asked_for(ada):
    release = load_release(ada.course, ASSIGNMENT)
    students = students_of(ada.course, ASSIGNMENT)
    (task,) = tasks(ada.course, release, students, force=True, seed=7)
    assert (task.student, task.seed) == ("ada", 7)


def test_the_seed_of_the_configuration_holds_unless_another_is_given(ada):
    with (ada.course.root / CONFIG).open("a", encoding="utf-8") as config:
        config.write("\nc.GradeApart.seed = 5\n")
    release = load_release(ada.course, ASSIGNMENT)
    seeds = [next(tasks(ada.course, release, ["ada"], force=True, seed=seed)).seed for seed in (None, 0, 7)]
    assert seeds == [5, 0, 7]


def closed_to_us(monkeypatch, *closed):
    """Folders that an ordinary user may not look into, for root too."""
    stat, listdir = Path.stat, os.listdir

    def looked_at(path, **options):
        if path.parent in closed:
            raise PermissionError(errno.EACCES, "Permission denied")
        return stat(path, **options)

    def listed(path):
        if path in closed:
            raise PermissionError(errno.EACCES, "Permission denied")
        return listdir(path)

    monkeypatch.setattr(Path, "stat", looked_at)
    monkeypatch.setattr(os, "listdir", listed)


def test_an_assignment_of_which_nothing_was_released_is_refused(ada):
    gradebook = SimpleNamespace(find_assignment=lambda name: SimpleNamespace(notebooks=[]))
    with pytest.raises(CourseError, match="the gradebook knows no notebook of it; run `course build"):
        read_release(ada.course.root, ada.course.assignments, gradebook, ASSIGNMENT)


@pytest.fixture
def of_two(tmp_path):
    """A course of which only the folder of submissions is looked at: ada's and bob's."""
    for student in ("ada", "bob"):
        (tmp_path / student / "01_square").mkdir(parents=True)
    (tmp_path / "carol").mkdir()
    (tmp_path / "notes.txt").touch()
    directories = SimpleNamespace(student_id="*", student_id_exclude="")
    return SimpleNamespace(submitted=tmp_path, directories=lambda: directories)


def test_whom_the_configuration_excludes_is_named_and_left_out(of_two):
    of_two.directories().student_id_exclude = "eve,bob"
    assert students_of(of_two, "01_square") == ["ada"]
    ((why,),) = left_out(of_two, "01_square").values()
    assert why.startswith("CourseDirectory.student_id_exclude")


def test_whom_the_configuration_does_not_choose_is_graded_when_asked_for_by_name(of_two):
    of_two.directories().student_id = "a*"
    assert students_of(of_two, "01_square") == ["ada"]
    assert left_out(of_two, "01_square") == {"bob": [UNCHOSEN]}
    assert students_of(of_two, "01_square", ["bob"]) == ["bob"]
    with pytest.raises(CourseError, match="a student's name is empty"):
        students_of(of_two, "01_square", [""])
    assert all_students_of(of_two, "01_square") == ["ada", "bob"], "in whose tables bob is, and has handed in"


def test_a_student_whose_folder_is_closed_to_us_is_named_and_the_others_are_found(of_two, monkeypatch):
    assert students_of(of_two, "01_square") == ["ada", "bob"]
    closed_to_us(monkeypatch, of_two.submitted / "bob")
    assert students_of(of_two, "01_square") == ["ada"]
    why = "whether 01_square was handed in cannot be seen: the folder is closed to you"
    assert left_out(of_two, "01_square") == {"bob": [why]}
    with pytest.raises(CourseError, match=f"bob: {why}"):
        students_of(of_two, "01_square", ["bob"])


def test_a_student_whose_folder_cannot_be_read_for_another_reason_is_named_too(of_two):
    (of_two.submitted / "carol" / "01_square").symlink_to(of_two.submitted / "carol" / "01_square")
    assert students_of(of_two, "01_square") == ["ada", "bob"]
    (why,) = left_out(of_two, "01_square")["carol"]
    assert why.startswith("whether 01_square was handed in cannot be seen: Too many levels of symbolic links")


def test_where_no_submission_can_be_seen_that_is_said_and_none_at_all_is_nothing(of_two, monkeypatch):
    assert students_of(SimpleNamespace(submitted=of_two.submitted / "nowhere"), "01_square") == []
    closed_to_us(monkeypatch, of_two.submitted)
    with pytest.raises(CourseError, match="cannot be read: Permission denied"):
        students_of(of_two, "01_square")


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("02_cube", "run `course build`"),
        ("03_sine", "run `nbgrader generate_assignment 03_sine`"),
        ("cube", "there is: 02_cube, ..."),
        ("0_e", "there is: 03_sine, 02_cube"),
        ("xyz", "there is: 02_cube, 03_sine"),
    ],
)
def test_an_assignment_that_the_gradebook_lacks_is_built_or_was_meant_otherwise(asked, hint):
    course = SimpleNamespace(
        assignment_names=lambda: ["02_cube"],
        notebook_names=lambda: ["03_sine"],
        released_by=lambda name: f"nbgrader generate_assignment {name}",
    )
    gradebook = SimpleNamespace(assignments=[SimpleNamespace(name="01_square")])
    known_assignment(course, gradebook, "01_square")
    with pytest.raises(CourseError) as refused:
        known_assignment(course, gradebook, asked)
    assert str(refused.value) == f"assignment {asked!r} is not in the gradebook; {hint}"
