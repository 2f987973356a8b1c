"""Files of a notebook's directory: the release's are put there and stay as they are, others are found."""

import os
import stat

import pytest

from autograder.student_side import files


@pytest.fixture
def home(tmp_path):
    return str(tmp_path)


def test_one_works_at_a_path_where_there_can_be_a_directory(home, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(files.sys, "path", [home, "/lib"])
    there = str(tmp_path / "a" / "b")
    assert files.work_in(home, there) == os.getcwd() == there
    assert files.sys.path == [there, "/lib"]
    for path in (home, "/proc/nowhere"):
        assert files.work_in(there, path) == os.getcwd() == there
    assert files.sys.path == [there, "/lib"]


def test_a_file_is_put_where_its_name_says(home, tmp_path):
    files.put(home, "data/deep/numbers.csv", b"1,2", False)
    files.put(home, "helper.py", b"x = 1", False)
    assert (tmp_path / "data" / "deep" / "numbers.csv").read_bytes() == b"1,2"
    assert (tmp_path / "helper.py").read_bytes() == b"x = 1"


def test_what_the_release_has_is_only_to_be_read_and_is_not_handed_over(home, tmp_path):
    files.put(home, "fixed.csv", b"1", True)
    files.put(home, "own.csv", b"2", False)
    assert stat.S_IMODE(os.stat(tmp_path / "fixed.csv").st_mode) == 0o444
    assert stat.S_IMODE(os.stat(tmp_path / "own.csv").st_mode) != 0o444
    assert files.written(home) == {"own.csv": b"2"}


def test_a_file_that_code_writes_is_found_by_its_name_below_the_directory(home, tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "out.txt").write_bytes(b"deep")
    (tmp_path / "top.txt").write_bytes(b"top")
    assert files.written(home) == {"top.txt": b"top", "a/b/out.txt": b"deep"}


def test_an_empty_folder_is_found_too(home, tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "file").write_bytes(b"x")
    assert files.written(home) == {"a/b/": b"", "c/file": b"x"}


def test_links_pipes_and_what_others_write_are_not_taken_along(home, tmp_path):
    for folder in (".hidden", "ipython", "matplotlib", "__pycache__", "mine"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "file").write_bytes(b"x")
    (tmp_path / "link").symlink_to("/etc/hostname")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_bytes(b"y")
    assert files.written(home) == {"file": b"y", "mine/file": b"x"}


def test_only_so_deep_is_looked(home, tmp_path):
    folder = tmp_path
    for depth in range(6):
        (folder / "file").write_bytes(b"x")
        folder = folder / str(depth)
        folder.mkdir()
    assert [name.count("/") for name in files.written(home)] == [0, 1, 2, 3, 4]


def test_only_so_many_are_handed_over_the_first_by_name(home, tmp_path):
    (tmp_path / "folder").mkdir()
    for number in range(70):
        (tmp_path / f"{number:02}").write_bytes(b"x")
    assert list(files.written(home)) == [f"{number:02}" for number in range(64)]
    for number in range(63, 70):
        (tmp_path / f"{number:02}").unlink()
    assert list(files.written(home))[63] == "folder/"


def test_folders_are_looked_through_in_the_order_of_their_names(home, tmp_path):
    for folder in "cbade":
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "file").write_bytes(b"x")
    assert list(files.written(home)) == [f"{folder}/file" for folder in "abcde"]


def test_a_file_that_is_too_large_for_what_is_left_is_passed_over(home, tmp_path):
    most = 8 * 2**20
    for name, size in {"a": most + 1, "b": most - 10, "c": 11, "d": 10, "e": 1, "f": 0}.items():
        with open(tmp_path / name, "wb") as file:
            file.truncate(size)
    found = files.written(home)
    assert {name: len(data) for name, data in found.items()} == {"b": most - 10, "d": 10, "f": 0}
