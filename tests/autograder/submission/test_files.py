import errno
import os
import socket
from pathlib import Path

import pytest

from autograder.submission.files import BadFileError, list_files, log_name, read_regular_file


def test_a_regular_file_is_read(tmp_path):
    (tmp_path / "a").write_bytes(b"text")
    assert read_regular_file(tmp_path / "a") == b"text"


def test_a_link_is_not_followed_even_to_a_regular_file(tmp_path):
    (tmp_path / "secret").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(BadFileError, match="is a symbolic link, not a regular file"):
        read_regular_file(tmp_path / "link")


def test_a_named_pipe_that_nobody_writes_to_does_not_hold_the_reader(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BadFileError, match="is a named pipe"):
        read_regular_file(tmp_path / "pipe")


def test_a_device_is_refused():
    with pytest.raises(BadFileError, match="is a device"):
        read_regular_file(Path("/dev/zero"))


def test_a_socket_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        with pytest.raises(BadFileError, match="is a socket"):
            read_regular_file(Path("socket"))


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(BadFileError, match="is a folder"):
        read_regular_file(tmp_path)


def test_a_missing_file_and_an_impossible_name_are_refused(tmp_path):
    with pytest.raises(BadFileError, match="does not exist"):
        read_regular_file(tmp_path / "none")
    with pytest.raises(BadFileError, match="cannot be opened"):
        read_regular_file(Path("nul\0name"))


def test_a_large_file_is_refused_by_its_size_before_it_is_read(tmp_path):
    with open(tmp_path / "sparse", "wb") as file:
        file.truncate(10**12)
    with pytest.raises(BadFileError, match="has 1000000 MB, more than the 220 MB allowed"):
        read_regular_file(tmp_path / "sparse")


def test_files_in_folders_are_listed_and_links_to_folders_are_not_entered(tmp_path):
    (tmp_path / "within").mkdir()
    (tmp_path / "within/file").touch()
    (tmp_path / "link").symlink_to("/etc")
    assert [(str(entry.path), entry.regular) for entry in list_files(tmp_path)] == [
        ("link", False),
        ("within/file", True),
    ]


def test_checkpoints_and_deep_folders_are_not_entered(tmp_path):
    for folder in (".ipynb_checkpoints", "a/b/c/d/e/f"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "file").touch()
    assert list_files(tmp_path) == []


def test_a_folder_that_is_a_link_or_missing_or_overfull_is_refused(tmp_path, monkeypatch):
    (tmp_path / "link").symlink_to("/etc")
    with pytest.raises(BadFileError, match="is a symbolic link, not a folder"):
        list_files(tmp_path / "link")
    with pytest.raises(BadFileError, match="does not exist"):
        list_files(tmp_path / "none")
    monkeypatch.setattr("autograder.submission.files.MAX_ENTRIES", 0)
    with pytest.raises(BadFileError, match="holds more than 0 files"):
        list_files(tmp_path)


def test_a_name_cannot_drive_a_terminal_or_fill_the_log():
    assert log_name("a\x1b[2Jb\nc") == "a�[2Jb�c"
    assert log_name("x" * 1000, 5) == "xxxxx…"
    assert log_name("\udcff") == "�"


def test_a_file_that_may_not_be_read_is_refused_with_the_systems_reason(tmp_path, monkeypatch):
    (tmp_path / "closed.ipynb").write_text("{}", encoding="utf-8")

    def refuse(path, flags):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("autograder.submission.files.os.open", refuse)
    with pytest.raises(BadFileError, match="cannot be opened: Permission denied"):
        read_regular_file(tmp_path / "closed.ipynb")
