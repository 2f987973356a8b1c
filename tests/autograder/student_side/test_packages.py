"""What notebooks may import is shown, crosses as one word, and is imported but for what is late."""

import sys

import pytest

from autograder.student_side import packages
from autograder.student_side.packages import NONE, Packages

ALL = Packages(("one_plain", "shared"), ("shared", "two_figures"), ("one_plain.late",))


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Two packages and a module; what was imported of them."""
    inside = ("__init__", "late", "early", "inner/__init__", "inner/deep")
    for name in (*(f"one_plain/{name}" for name in inside), "two_figures/__init__", "shared"):
        path = tmp_path / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    ours = ("one_plain", "two_figures", "shared")
    yield lambda: {name for name in sys.modules if name.partition(".")[0] in ours}
    for name in [name for name in sys.modules if name.partition(".")[0] in ours]:
        del sys.modules[name]


def test_all_that_can_be_imported_is_shown_once():
    assert ALL.shown == ("one_plain", "shared", "two_figures")
    assert NONE.shown == ()


def test_packages_cross_as_one_word():
    assert Packages.of_argument(ALL.as_argument()) == ALL
    assert Packages.of_argument(NONE.as_argument()) == NONE == Packages()
    assert ALL.as_argument().startswith('{"plain": ["one_plain", "shared"], "figures"')


def test_plain_packages_are_imported_whole_but_for_what_is_late(written):
    ALL.import_plain()
    inner = {"one_plain.early", "one_plain.inner", "one_plain.inner.deep"}
    assert written() == {"one_plain", "shared", *inner}


def test_what_draws_is_imported_when_it_is_wanted(written):
    ALL.import_figures()
    assert written() == {"shared", "two_figures"}


def test_the_checker_comes_with_every_course(written, monkeypatch):
    assert packages.CHECKER == ("course_lib.gradcheck", "course_lib.grading")
    monkeypatch.setattr(packages, "CHECKER", ("shared",))
    NONE.import_plain()
    assert written() == {"shared"}


def test_what_cannot_be_imported_is_an_import_error(written):
    with pytest.raises(ImportError):
        Packages(plain=("no_such_package",)).import_plain()
