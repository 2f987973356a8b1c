"""A file is written whole, or stays as it was."""

import errno
import os
from pathlib import Path

import pytest

from autograder import whole
from autograder.whole import write_whole


def test_a_text_is_written_as_it_is_and_nothing_is_left_beside_it(tmp_path):
    write_whole(tmp_path / "page", "é\r\n\n")
    assert (tmp_path / "page").read_bytes() == "é\r\n\n".encode()
    (tmp_path / "page").chmod(0o640)
    write_whole(tmp_path / "page", "other")
    assert (tmp_path / "page").read_text() == "other"
    assert (tmp_path / "page").stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["page"]


@pytest.mark.parametrize("before", ["old", None])
def test_what_fails_half_way_leaves_what_was_there(before, tmp_path, monkeypatch):
    def full(path, text, **_):
        path.write_bytes(text[:1].encode())
        raise OSError(errno.ENOSPC, "no space left")

    if before:
        (tmp_path / "page").write_text(before)
    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="no space left"):
        write_whole(tmp_path / "page", "new")
    assert [path.read_text() for path in tmp_path.iterdir()] == ([before] if before else [])


def test_a_link_still_leads_to_what_is_written(tmp_path):
    (tmp_path / "link").symlink_to("page")
    for text in ("one", "two"):
        write_whole(tmp_path / "link", text)
        assert (tmp_path / "page").read_text() == text
        assert (tmp_path / "link").is_symlink()


def test_a_pipe_is_written_to_as_it_is(tmp_path, monkeypatch):
    monkeypatch.setattr(whole.os, "replace", lambda *paths: pytest.fail("it was replaced"))
    write_whole(Path(os.devnull), "text")
    assert not Path(os.devnull).is_file()
