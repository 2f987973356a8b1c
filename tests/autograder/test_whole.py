"""A file is written whole, or stays as it was; a folder is filled, or stays empty."""

import errno
import os

import pytest

from autograder.whole import filled, whole, write_whole


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
    if before:
        (tmp_path / "page").write_text(before)
    with pytest.raises(OSError, match="no space left") as raised:
        written(whole(tmp_path / "page"), OSError(errno.ENOSPC, "no space left"))
    assert raised.value.filename == str(tmp_path / "page")
    assert [path.read_text() for path in tmp_path.iterdir()] == ([before] if before else [])


def written(new, error):
    with new as place:
        place.write_text("half")
        raise error


def test_of_two_that_write_at_once_each_writes_a_file_of_its_own(tmp_path, monkeypatch):
    with whole(tmp_path / "page") as first:
        first.write_text("first")
        monkeypatch.setattr(os, "getpid", lambda: 0)
        write_whole(tmp_path / "page", "second")
        assert (tmp_path / "page").read_text() == "second"
    assert [path.read_text() for path in tmp_path.iterdir()] == ["first"]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "no space left"), KeyboardInterrupt()])
def test_a_folder_that_cannot_be_filled_is_empty_again(error, tmp_path):
    kit = tmp_path / "kit"
    with pytest.raises(type(error)) as raised:
        half_filled(kit, error)
    assert os.listdir(kit) == []
    if isinstance(error, OSError):
        assert raised.value.filename == str(kit)
    with filled(kit):
        (kit / "page").write_text("whole")
    assert os.listdir(kit) == ["page"]


def half_filled(kit, error):
    with filled(kit):
        (kit / "data").mkdir()
        (kit / "data" / "page").write_text("half")
        (kit / "link").symlink_to("data")
        raise error


def test_what_cannot_be_read_meanwhile_is_named_itself_and_what_cannot_be_written_by_its_place(tmp_path):
    for missing, place, in_place in (
        ("source", tmp_path / "page", whole(tmp_path / "page")),
        ("source", tmp_path / "kit", filled(tmp_path / "kit")),
        ("kit/none/page", tmp_path / "kit", filled(tmp_path / "kit")),
    ):
        with pytest.raises(FileNotFoundError) as raised:
            opened(in_place, tmp_path / missing)
        assert raised.value.filename == str(tmp_path / missing if missing == "source" else place)


def opened(place, path):
    with place:
        path.open()


def test_a_link_still_leads_to_what_is_written(tmp_path):
    (tmp_path / "link").symlink_to("page")
    for text in ("one", "two"):
        write_whole(tmp_path / "link", text)
        assert (tmp_path / "page").read_text() == text
        assert (tmp_path / "link").is_symlink()


@pytest.mark.parametrize("data", ["text", b"text"])
def test_a_pipe_is_written_to_as_it_is(tmp_path, data):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_whole(pipe, data)
    assert os.read(reader, 9) == b"text"
    assert pipe.is_fifo()
    os.close(reader)
