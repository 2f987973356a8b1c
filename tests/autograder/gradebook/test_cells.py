"""A build changes the gradebook all at once, and not at all where it holds submissions of other cells."""

import contextlib
from pathlib import Path
from types import SimpleNamespace

import pytest
from nbgrader.api import MissingEntry
from nbgrader.preprocessors import SaveCells
from roles import answer, cell, graded, words
from traitlets.config import Config

from autograder.errors import CourseError
from autograder.gradebook import cells as module
from autograder.gradebook.cells import SaveCellsAtOnce, in_one_transaction, refuse_what_submissions_forbid
from autograder.gradebook.opening import NotBuilt

SOURCE = Path("/course/source/one/n.ipynb")


class Mine:
    """A step of the course's own."""


@pytest.fixture
def settings(monkeypatch):
    """The settings of a build with these steps and this address; the gradebooks that were begun are noted."""

    def of(steps=None, address="sqlite:///gradebook.db"):
        config = Config()
        if steps is not None:
            config.GenerateAssignment.preprocessors = steps
        directories = SimpleNamespace(db_url=address)
        course = SimpleNamespace(root=Path("/c"), config=lambda: config, directories=lambda: directories)
        found = in_one_transaction(course)
        assert begun.pop() == found["CourseDirectory"]["db_url"]
        return found["GenerateAssignment"]["preprocessors"], found["CourseDirectory"]["db_url"]

    begun = []
    monkeypatch.setattr(module, "begin_gradebook", begun.append)
    return of


def test_cells_are_saved_at_once_however_the_step_is_named_and_other_steps_stay(settings):
    usual = settings()[0]
    assert usual.count(SaveCellsAtOnce) == 1
    assert SaveCells not in usual
    assert len(usual) > 5
    named = [
        "nbgrader.preprocessors.SaveCells",
        Mine,
        "nbgrader.preprocessors.savecells.SaveCells",
        SaveCells,
    ]
    assert settings(named)[0] == [SaveCellsAtOnce, Mine, SaveCellsAtOnce, SaveCellsAtOnce]


@pytest.mark.parametrize(
    ("address", "whole"),
    [
        ("sqlite:///gradebook.db", "sqlite:////c/gradebook.db?timeout=120"),
        ("sqlite:////else/g.db", "sqlite:////else/g.db?timeout=120"),
        ("sqlite://", "sqlite://?timeout=120"),
        ("postgresql://me:secret@host/grades", "postgresql://me:secret@host/grades"),
    ],
)
def test_the_address_is_the_same_from_any_directory_and_patient(settings, address, whole):
    assert settings(address=address)[1] == whole


def test_a_notebook_is_saved_in_one_transaction(monkeypatch):
    noted = []

    @contextlib.contextmanager
    def one_transaction(gradebook):
        noted.append(f"begin {gradebook}")
        yield
        noted.append("commit")

    monkeypatch.setattr(module, "one_transaction", one_transaction)
    monkeypatch.setattr(SaveCells, "_create_notebook", lambda self, notebook: noted.append(notebook))
    step = SaveCellsAtOnce()
    step.gradebook = "gradebook"
    step._create_notebook("notebook")
    assert noted == ["begin gradebook", "notebook", "commit"]


def given(name):
    return cell(grade_id=name)


CELLS = [answer(), graded(name="check"), given("given"), words(name="poster", task=True)]


class Gradebook:
    """Knows the assignment, with these cells in notebook `n`, and submissions of it."""

    def __init__(self, count=2, name="n"):
        of = lambda *names: [SimpleNamespace(name=each) for each in names]  # noqa: E731
        notebook = SimpleNamespace(
            name=name,
            grade_cells=of("check"),
            solution_cells=of("answer"),
            task_cells=of("poster"),
            source_cells=of("answer", "check", "given", "poster"),
        )
        self.one = SimpleNamespace(notebooks=[notebook], submissions=[None] * count)

    __enter__ = lambda self: self  # noqa: E731

    def __exit__(self, *raised):
        pass

    def find_assignment(self, name):
        if name != "one" or self.one is None:
            raise MissingEntry
        return self.one


@pytest.fixture
def refused(monkeypatch):
    """Why cells are refused, or nothing."""

    def of(cells, gradebook=None):
        gradebook = gradebook or Gradebook()
        monkeypatch.setattr(module, "open_gradebook", {"course": gradebook}.__getitem__)
        try:
            refuse_what_submissions_forbid("course", SOURCE, cells)
        except CourseError as error:
            return str(error)
        return ""

    return of


def test_the_same_cells_may_be_built_again_in_any_order(refused):
    assert refused(CELLS) == refused(CELLS[::-1]) == ""
    assert refused([*CELLS, cell(grade_id="neither", locked=False)]) == ""


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ([*CELLS, given("more"), graded(name="also")], "(added: also, more)"),
        (CELLS[1:], "(removed: answer)"),
        (CELLS[:3], "(removed: poster)"),
        ([*CELLS[:2], given("told"), CELLS[3]], "(added: told; removed: given)"),
        ([graded(name="answer"), *CELLS[1:]], "(of another kind: answer)"),
        ([*CELLS, *map(given, "hgfedcba")], "(added: a, b, c, d, e, f and 2 more)"),
        ([*CELLS, *map(given, "fedcba")], "(added: a, b, c, d, e, f)"),
    ],
)
def test_what_was_added_removed_or_given_another_role_is_named(refused, cells, says):
    told = refused(cells)
    assert told.startswith(
        f"{SOURCE}: the gradebook holds submissions of one (2), so that none of its cells can be added, "
        f"removed or given another role {says}. Put that back; "
    )
    assert "`nbgrader db assignment remove one --force`" in told


def test_a_notebook_keeps_its_name_under_submissions(refused):
    told = refused(CELLS, Gradebook(1, "square"))
    assert "submissions of one (1), so that its notebook cannot be called n any more, but square. " in told


def test_without_submissions_or_a_gradebook_nothing_is_forbidden(refused, monkeypatch):
    assert refused([], Gradebook(count=0)) == ""
    unknown = Gradebook()
    unknown.one = None
    assert refused([], unknown) == ""

    def none(course):
        raise NotBuilt("none")

    monkeypatch.setattr(module, "open_gradebook", none)
    refuse_what_submissions_forbid("course", SOURCE, [])
