"""The scratch directory of a server without file systems of its own."""

import os
import tempfile
from pathlib import Path

import pytest

from autograder.grader_side.scratch import Scratch


def test_a_scratch_directory_is_new_and_empty_and_goes_with_all_that_is_in_it(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    scratch = Scratch()
    path = Path(scratch.path)
    assert (path.parent, list(path.iterdir())) == (tmp_path, [])
    assert path.name.startswith("notebook-")
    assert Scratch().path != scratch.path
    (path / "below").mkdir()
    (path / "below" / "file").write_text("x")
    scratch.remove()
    assert not path.exists()
    scratch.remove()  # which raises nothing where there is none


def test_it_is_made_anew_in_its_place(tmp_path, monkeypatch):
    owned = []
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(os, "chown", lambda *args: owned.append(args))
    scratch = Scratch((65534, 65533))
    path = Path(scratch.path)
    (path / "below").mkdir()
    path.chmod(0o777)
    assert scratch.renewed()
    assert list(path.iterdir()) == []
    assert path.stat().st_mode & 0o777 == 0o700
    assert owned == [(scratch.path, 65534, 65533)] * 2


def test_it_is_not_renewed_where_another_is_in_its_place(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    scratch = Scratch()
    monkeypatch.setattr(scratch, "remove", lambda: None)  # as if it had been there again at once
    assert not scratch.renewed()


def test_it_belongs_to_the_user_that_will_write_there(tmp_path, monkeypatch):
    owned = []
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(os, "chown", lambda *args: owned.append(args))
    Scratch()
    assert owned == []
    path = Scratch((65534, 65533)).path
    assert owned == [(path, 65534, 65533)]


def test_a_user_that_is_not_there_leaves_no_directory(tmp_path, monkeypatch):
    def refused(path, *user):
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("os.chown", refused)
    with pytest.raises(OSError, match="Invalid argument"):
        Scratch((65534, 65534))
    assert list(tmp_path.iterdir()) == []
