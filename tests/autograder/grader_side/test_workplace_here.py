"""The directory in which graded cells work, in this process: what is in it, and what a pickle may make."""

import contextlib
import errno
import os
import sqlite3
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from nbformat.v4 import new_notebook
from roles import cell

from autograder.grader_side.workplace import Workplace, asks_for_files, workplace


@pytest.fixture
def place(tmp_path):
    """A workplace with one file of the release's."""
    (tmp_path / "work").mkdir()
    (tmp_path / "x.csv").write_text("1,2")
    (tmp_path / "work" / "x.csv").symlink_to(tmp_path / "x.csv")
    return Workplace(tmp_path / "work", {"x.csv": tmp_path / "x.csv"}, "", {})


def there(place):
    return sorted(str(path.relative_to(place.path)) for path in place.path.rglob("*") if path.is_file())


def test_what_was_written_is_copied_with_its_folders(place):
    place.mirror({"a": b"1", "out/deep/b.txt": b"2", "out/deep/c.txt": b"3"})
    assert there(place) == ["a", "out/deep/b.txt", "out/deep/c.txt", "x.csv"]
    assert (place.path / "out" / "deep" / "c.txt").read_bytes() == b"3"
    place.mirror({"a": b"4"})
    assert (place.path / "a").read_bytes() == b"4"


def test_a_release_s_file_and_what_a_link_leads_to_stay_as_they_are(place, tmp_path):
    (tmp_path / "other").write_text("kept")
    (place.path / "link").symlink_to(tmp_path / "other")
    place.mirror({"x.csv": b"9", "link": b"9"})
    assert ((tmp_path / "x.csv").read_text(), (tmp_path / "other").read_text()) == ("1,2", "kept")
    (place.path / "x.csv").unlink()
    place.mirror({"x.csv": b"9"})
    assert there(place) == ["link"]


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../up", "a/../../up", "/tmp/up", "a\x1b", "a\nb", "n" * 201]
)
def test_a_name_that_leads_elsewhere_or_is_none_is_left_out(place, name):
    place.mirror({name: b"x"})
    assert there(place) == ["x.csv"]
    assert not (place.path.parent / "up").exists()


def test_a_name_may_be_two_hundred_characters_long(place):
    place.mirror({"n" * 200: b"x"})
    assert there(place) == ["n" * 200, "x.csv"]


def test_what_cannot_be_written_is_left_out_and_the_rest_is_not(place):
    (place.path / "folder").mkdir()
    place.mirror({"folder": b"x", "x.csv/below": b"x", "rest": b"x"})
    assert there(place) == ["rest", "x.csv"]


def test_no_more_than_sixty_four_files_are_copied(place):
    place.mirror({f"{k:02}": b"" for k in range(99)})
    assert there(place) == [*(f"{k:02}" for k in range(64)), "x.csv"]


@pytest.mark.parametrize("modules", ["", "/helpers"])
def test_cells_work_there_and_all_is_as_before_afterwards(place, monkeypatch, modules):
    monkeypatch.setattr(sys, "path", ["", ".", "/packages", "here"])
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    before, path = os.getcwd(), sys.path
    where = Workplace(place.path, place.files, modules, {})
    with contextlib.suppress(ValueError), where.entered():
        assert Path.cwd() == place.path.resolve()
        assert sys.path == [*([modules] if modules else []), "/packages"]
        assert sys.dont_write_bytecode
        raise ValueError("of a cell")
    assert (os.getcwd(), sys.path, sys.dont_write_bytecode) == (
        before,
        ["", ".", "/packages", "here"],
        False,
    )
    assert sys.path is path


@pytest.mark.parametrize("name", ["x.csv", "./x.csv", "out/../x.csv", ".//x.csv"])
def test_a_copy_of_a_release_s_file_stays_as_it_is_by_whatever_name(place, name):
    (place.path / "x.csv").unlink()
    (place.path / "x.csv").write_text("1,2")
    place.mirror({name: b"9"})
    assert (place.path / "x.csv").read_text() == "1,2"


def test_sql_opens_no_other_file_there_and_any_elsewhere(place, tmp_path):
    connect = sqlite3.connect
    with replace(place, sql=True).entered(), contextlib.closing(sqlite3.connect(":memory:")) as database:
        assert database.execute("SELECT 1").fetchall() == [(1,)]
        with pytest.raises(sqlite3.DatabaseError, match="not authorized"):
            database.execute(f"ATTACH DATABASE '{tmp_path}/other.db' AS other")
    assert sqlite3.connect is sqlite3.dbapi2.connect is connect
    with place.entered():
        assert sqlite3.connect is connect


def test_what_reads_files_is_seen_in_the_text():
    assert asks_for_files("import os\nos.path.exists('a')")
    assert asks_for_files("f(1).lstat().st_size == 2")
    assert not asks_for_files("reopened = f(1)")
    assert not asks_for_files("ast.walk(f(1))")


def notebook(*sources, **role):
    return new_notebook(cells=[cell(source, **role) for source in sources])


GRADED = {"grade_id": "graded", "grade": True, "points": 1}


@pytest.mark.parametrize("watched", [False, True])
def test_student_code_works_at_the_same_path_but_where_it_is_found_out_what_holds_without(watched):
    one = cell("open('x')", facts={"watched": watched}, **GRADED)
    with workplace(new_notebook(cells=[one]), {}, "", {}) as place:
        assert place.of_students is not watched


def made(notebook, files=None, extra=None):
    """What is in the directory for a notebook, with the contents; None without one."""
    with workplace(notebook, files or {}, "/helpers", extra or {}) as place:
        if place is None:
            return None
        found = {name: (place.path / name).read_bytes() for name in there(place)}
    assert not place.path.exists()
    assert (place.files, place.modules) == (files or {}, "/helpers")
    return found, place.extra


def test_where_nobody_would_find_anything_there_is_no_directory():
    assert made(notebook("f(1)", **GRADED)) is None
    assert made(notebook("open('x')")) is None
    assert made(notebook("open('x')", grade_id="answer", solution=True)) is None
    assert made(notebook("f(1)", "open('x')", **GRADED)) == ({}, {})
    assert made(notebook("f(1)", **GRADED), extra={"mine": b"2"}) == ({}, {"mine": b"2"})


def test_the_release_s_files_are_there_and_are_not_replaced(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).write_text(name)
    files = {"data/deep/a": tmp_path / "a", "data/deep/b": tmp_path / "b"}
    extra = {"data/deep/a": b"1", "mine": b"2"}
    found = made(notebook("f(1)", **GRADED), files, extra)
    assert found == ({"data/deep/a": b"a", "data/deep/b": b"b"}, {"mine": b"2"})


def test_a_directory_that_cannot_be_removed_ends_no_grading(tmp_path, monkeypatch):
    def busy(*args, **options):
        raise OSError(errno.EBUSY, "busy")

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with monkeypatch.context() as patched:
        with workplace(notebook("open('x')", **GRADED), {}, "", {}) as place:
            patched.setattr(os, "rmdir", busy)
        assert place.path.exists()
