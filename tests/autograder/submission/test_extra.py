import pytest

from autograder.submission import extra
from autograder.submission.extra import allowed_files


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "data").mkdir()
    for name, content in {"a.txt": b"a", "data/b.csv": b"bb", "notes.ipynb": b"{}", "c.TXT": b"c"}.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    return tmp_path


def test_files_are_taken_that_match_a_pattern_by_their_path(folder):
    assert allowed_files(folder, ["*.txt"]) == {"a.txt": b"a"}
    assert allowed_files(folder, ["data/*.csv", "a*"]) == {"a.txt": b"a", "data/b.csv": b"bb"}
    assert allowed_files(folder, ["b.csv"]) == {}
    assert allowed_files(folder, []) == {}


def test_notebooks_links_and_names_that_cannot_be_printed_are_left(folder):
    (folder / "odd\n.txt").write_bytes(b"odd")
    assert allowed_files(folder, ["*"]) == {"a.txt": b"a", "c.TXT": b"c", "data/b.csv": b"bb"}


def test_no_more_than_32_files_of_8_mb_in_all_are_taken(folder, monkeypatch):
    assert (extra.MOST_FILES, extra.MOST_BYTES) == (32, 8 * 2**20)
    monkeypatch.setattr(extra, "MOST_FILES", 2)
    assert len(allowed_files(folder, ["*"])) == 2
    monkeypatch.setattr(extra, "MOST_BYTES", 2)
    assert sum(map(len, allowed_files(folder, ["*"]).values())) == 2
    assert "data/b.csv" not in allowed_files(folder, ["*"])  # two bytes, and one is left
    (folder / "d.txt").touch()  # the room is used up: what takes none is still taken
    assert list(allowed_files(folder, ["*.txt", "c*"])) == ["a.txt", "c.TXT"]
    assert allowed_files(folder, ["data/*"]) == {"data/b.csv": b"bb"}


def test_files_share_their_room(folder, monkeypatch):
    monkeypatch.setattr(extra, "MOST_BYTES", 3)
    assert allowed_files(folder, ["a*", "data/*"]) == {"a.txt": b"a", "data/b.csv": b"bb"}
    (folder / "data/c.csv").write_bytes(b"c")
    assert allowed_files(folder, ["a*", "data/*"]) == {"a.txt": b"a", "data/b.csv": b"bb"}
    monkeypatch.setattr(extra, "MOST_BYTES", 4)
    (folder / "data/d.csv").touch()
    assert list(allowed_files(folder, ["a*", "data/*"])) == [
        "a.txt",
        "data/b.csv",
        "data/c.csv",
        "data/d.csv",
    ]


def test_a_folder_is_not_looked_into_for_no_pattern(folder, monkeypatch):
    monkeypatch.setattr(extra, "list_files", None)
    assert allowed_files(folder, []) == {}


def test_a_folder_that_cannot_be_listed_has_no_files(tmp_path):
    assert allowed_files(tmp_path / "missing", ["*"]) == {}
