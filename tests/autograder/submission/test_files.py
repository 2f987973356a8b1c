import errno
import os
import socket
import stat
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.submission.files import BadFileError, Entry, list_files, log_name, read_regular_file


def test_a_regular_file_is_read(tmp_path):
    (tmp_path / "a").write_bytes(b"text")
    assert read_regular_file(tmp_path / "a") == b"text"


def test_a_link_is_not_followed_even_to_a_regular_file(tmp_path):
    (tmp_path / "secret").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(BadFileError, match="is a symbolic link, not a regular file"):
        read_regular_file(tmp_path / "link")


def test_from_a_folder_on_no_link_is_followed_whatever_a_look_found_there(tmp_path):
    own, other = tmp_path / "own", tmp_path / "other"
    (own / "in").mkdir(parents=True)
    other.mkdir()
    (own / "in/work").write_bytes(b"mine")
    (other / "work").write_bytes(b"another's")
    before = set(os.listdir("/proc/self/fd"))
    assert read_regular_file(own / "in/work", within=own) == read_regular_file(own / "in/work") == b"mine"
    (own / "link").symlink_to(other)
    (tmp_path / "eve").symlink_to(other)
    for path, folder in ((own / "link/work", own), (tmp_path / "eve/work", tmp_path / "eve")):
        with pytest.raises(BadFileError, match="cannot be opened"):
            read_regular_file(path, within=folder)
    assert set(os.listdir("/proc/self/fd")) == before


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


def test_a_limit_is_the_most_that_is_read_and_nothing_stays_open(tmp_path):
    (tmp_path / "a").write_bytes(b"text")
    opened = len(os.listdir("/proc/self/fd"))
    assert read_regular_file(tmp_path / "a", 4) == b"text"
    with pytest.raises(BadFileError, match="more than the 0 MB allowed"):
        read_regular_file(tmp_path / "a", 3)
    assert len(os.listdir("/proc/self/fd")) == opened


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"1234")
    earlier = os.stat(tmp_path / "a")
    (tmp_path / "a").write_bytes(b"12345")
    monkeypatch.setattr("autograder.submission.files.os.fstat", lambda descriptor: earlier)
    assert read_regular_file(tmp_path / "a", 5) == b"12345"
    with pytest.raises(BadFileError, match=r"^grew beyond the 0 MB allowed while it was read$"):
        read_regular_file(tmp_path / "a", 4)


def test_no_program_that_is_started_meanwhile_inherits_the_file(tmp_path, monkeypatch):
    seen = []
    (tmp_path / "a").touch()
    real = os.open
    monkeypatch.setattr(
        "autograder.submission.files.os.open", lambda path, flags: seen.append(flags) or real(path, flags)
    )
    read_regular_file(tmp_path / "a")
    assert seen[0] & os.O_CLOEXEC


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
    for folder in (".ipynb_checkpoints", "__MACOSX", "x/__pycache__", "a/b/c/d/e"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "file").touch()
    assert list_files(tmp_path) == []
    (tmp_path / "a/b/c/d/file").touch()
    assert [str(entry.path) for entry in list_files(tmp_path)] == ["a/b/c/d/file"]


def test_files_come_in_order_of_their_depth_then_by_name_and_links_are_no_files(tmp_path):
    for name in ("b/z", "a/y", "a/b/x", "d", "c"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "link").symlink_to(tmp_path / "c")
    found = [(str(entry.path), entry.regular) for entry in list_files(tmp_path)]
    assert found == [
        ("c", True),
        ("d", True),
        ("link", False),
        ("a/y", True),
        ("b/z", True),
        ("a/b/x", True),
    ]


def test_a_folder_that_cannot_be_listed_stands_in_the_listing(tmp_path, monkeypatch):
    (tmp_path / "closed").mkdir()
    (tmp_path / "file").touch()
    scandir = os.scandir

    def refuse(path):
        if path.name == "closed":
            raise PermissionError
        return scandir(path)

    monkeypatch.setattr("autograder.submission.files.os.scandir", refuse)
    assert list_files(tmp_path) == [Entry(Path("closed"), regular=False), Entry(Path("file"), regular=True)]
    with pytest.raises(BadFileError, match=r"^cannot be opened: "):
        list_files(tmp_path / "closed")


def test_two_thousand_files_are_the_most(tmp_path):
    for number in range(2000):
        (tmp_path / str(number)).touch()
    assert len(list_files(tmp_path)) == 2000
    (tmp_path / "more").touch()
    with pytest.raises(BadFileError, match=r"^holds more than 2000 files and folders$"):
        list_files(tmp_path)


def test_a_folder_that_is_a_link_or_missing_or_overfull_is_refused(tmp_path, monkeypatch):
    (tmp_path / "link").symlink_to("/etc")
    with pytest.raises(BadFileError, match="is a symbolic link, not a folder"):
        list_files(tmp_path / "link")
    with pytest.raises(BadFileError, match="does not exist"):
        list_files(tmp_path / "none")
    (tmp_path / "file").touch()
    with pytest.raises(BadFileError, match=r"^is a file, not a folder$"):
        list_files(tmp_path / "file")
    monkeypatch.setattr("autograder.submission.files.MAX_ENTRIES", 1)
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadFileError, match="holds more than 1 files and folders"):
        list_files(tmp_path)


def test_a_disk_is_a_device(tmp_path, monkeypatch):
    disk = SimpleNamespace(st_mode=stat.S_IFBLK)
    monkeypatch.setattr("autograder.submission.files.os.lstat", lambda path: disk)
    with pytest.raises(BadFileError, match=r"^is a device, not a folder$"):
        list_files(tmp_path)


def test_a_name_cannot_drive_a_terminal_or_fill_the_log():
    assert log_name("a\x1b[2Jb\nc") == "a�[2Jb�c"
    assert log_name("x" * 1000, 5) == "xxxxx…"
    assert log_name("xxxxx", 5) == "xxxxx"
    assert log_name("x" * 101) == "x" * 100 + "…"
    assert log_name(12) == "12"
    assert log_name("\udcff") == "�"


def test_a_file_that_may_not_be_read_is_refused_with_the_systems_reason(tmp_path, monkeypatch):
    (tmp_path / "closed.ipynb").write_text("{}", encoding="utf-8")

    def refuse(path, flags):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("autograder.submission.files.os.open", refuse)
    for name in ("closed.ipynb", ""):  # or a folder, which was not asked to be one
        with pytest.raises(BadFileError, match="cannot be opened: Permission denied"):
            read_regular_file(tmp_path / name)
