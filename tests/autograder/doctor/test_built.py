"""Whether a course is ready, found without grading: each thing that would keep it from being so is told."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.doctor import built
from autograder.doctor.finding import Examined, State
from autograder.errors import CourseError
from autograder.gradebook.opening import NotBuilt


def raises(error):
    def refuse(*given):
        raise error

    return refuse


class Course:
    """One assignment in text and one in notebooks, both of which can be graded."""

    root, solutions = Path("/course"), Path("/course/solutions")
    address = "postgresql://me:secret@host/grades"
    texts, notebooks = ("text",), ("book",)

    def config(self):
        return {}

    def assignment_names(self):
        return list(self.texts)

    def notebook_names(self):
        return list(self.notebooks)

    def directories(self):
        return SimpleNamespace(db_url=self.address)

    def released_by(self, name):
        return f"make {name}"


@pytest.fixture
def ready(monkeypatch):
    """What is found, by name, where these functions do something else than find all as it should be."""

    def look(course=None, **other):
        usual = {
            "lacking": lambda config: [],
            "check_gradebook": lambda url: None,
            "load_release": lambda course, name: None,
            "stage": lambda course, names: [SimpleNamespace(is_current=lambda: True)],
            "read_tiers": lambda root, name: {},
        }
        for name, function in {**usual, **other}.items():
            monkeypatch.setattr(built, name, function)
        return {each.name: each for each in built.readiness(course or Course())}

    monkeypatch.setattr(os, "access", lambda path, mode: (path, mode) == (Course.root, os.W_OK))
    return look


def test_a_course_that_is_ready_is_told_thing_by_thing_and_no_password_is(ready):
    found = ready()
    assert list(found) == ["course", "configuration", "gradebook", "text", "book"]
    assert found["course"] == Examined("course", State.OK, "/course")
    assert found["configuration"].state is State.OK
    assert found["gradebook"] == Examined("gradebook", State.OK, "postgresql://me:***@host/grades")
    assert found["text"] == Examined("text", State.OK, "built, and current")


def test_a_course_that_may_only_be_read_gets_no_grades(ready, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    says = "/course may not be written to, where grades go"
    assert ready()["course"] == Examined("course", State.REFUSED, says)


def test_each_consequence_of_a_setting_that_lacks_has_a_line(monkeypatch):
    wrong = [("names are shown", ["A.b", "C.d"]), ("links are followed", ["E.f"])]
    monkeypatch.setattr(built, "lacking", {"the configuration": wrong}.get)
    assert list(built._configured("the configuration")) == [
        Examined("configuration", State.LOOK, f"{says}: nbgrader_config.py lacks {what}", built.MEND)
        for says, what in (("names are shown", "A.b, C.d"), ("links are followed", "E.f"))
    ]


def test_a_course_without_sources_has_nothing_to_grade(ready):
    course = Course()
    course.texts = course.notebooks = ()
    found = ready(course)
    assert list(found) == ["course", "configuration", "assignments"]
    assert found["assignments"] == Examined("assignments", State.REFUSED, "solutions/ holds no source")


@pytest.mark.parametrize(
    ("error", "says", "mend"),
    [
        (NotBuilt("none"), "not there yet: postgresql://me:***@host/grades", "make text"),
        (CourseError("of another version"), "of another version", ""),
    ],
)
def test_without_a_gradebook_that_opens_no_assignment_is_looked_at(ready, error, says, mend):
    found = ready(check_gradebook=raises(error))
    assert list(found)[-1] == "gradebook"
    assert found["gradebook"] == Examined("gradebook", State.REFUSED, says, mend)


def test_an_assignment_that_cannot_be_graded_says_why_and_how_to_make_it(ready):
    found = ready(load_release=raises(CourseError("not of one build")))
    assert found["text"] == Examined("text", State.REFUSED, "not of one build", "make text")
    assert found["book"] == Examined("book", State.REFUSED, "not of one build", "make book")


def test_a_source_that_changed_or_no_longer_builds_is_worth_a_look(ready):
    changed = ready(stage=lambda course, names: [SimpleNamespace(is_current=lambda: names != ["text"])])[
        "text"
    ]
    assert (changed.state, changed.mend) == (State.LOOK, "make text")
    assert changed.says == "can be graded; its source has changed since it was built"
    broken = ready(stage=raises(CourseError("line 3")))["text"]
    assert broken == Examined("text", State.LOOK, "can be graded; its source no longer builds: line 3")


def test_of_an_assignment_in_notebooks_it_is_told_how_well_its_cells_are_protected(ready):
    unknown = ready()["book"]
    assert (unknown.state, unknown.mend) == (State.LOOK, "course check book")
    cells = {"one": {"a": {"tier": "inside"}, "b": {"tier": "apart"}}, "two": {"c": {"takes": ["x"]}}}
    tiers = {(Course.root, "book"): cells}
    known = ready(read_tiers=lambda *which: tiers[which])["book"]
    assert known == Examined("book", State.OK, "released, and checked: 2 of 3 graded cells are graded apart")
