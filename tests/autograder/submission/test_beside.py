import re

import pytest

from autograder.errors import CourseError
from autograder.submission.beside import digest_of, files_beside

MB = 2**20


def test_files_are_found_in_folders_too_and_notebooks_caches_and_what_is_hidden_are_not(tmp_path):
    for name in ("data/b.csv", "a.py", "flat.ipynb", "a.pyc", ".git/config", ".hidden", "__pycache__/a.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    found = files_beside(tmp_path)
    assert list(found) == ["a.py", "data/b.csv"]
    assert [path.read_text() for path in found.values()] == list(found)


def test_a_folder_that_lies_in_a_hidden_one_has_its_files_and_a_link_is_the_file_it_leads_to(tmp_path):
    folder = tmp_path / ".course" / "one"
    folder.mkdir(parents=True)
    (tmp_path / "digits.csv").write_text("1")
    (folder / "data.csv").symlink_to(tmp_path / "digits.csv")
    assert files_beside(folder) == {"data.csv": (tmp_path / "digits.csv").resolve()}


def big(path, size):
    with path.open("wb") as file:
        file.truncate(size)  # takes no room on a disk


def test_a_file_has_sixteen_megabytes_and_all_of_them_twice_as_many(tmp_path):
    big(tmp_path / "a", 16 * MB)
    big(tmp_path / "b", 16 * MB)
    assert list(files_beside(tmp_path)) == ["a", "b"]
    big(tmp_path / "c", MB)
    limits = "a file beside a notebook may have 16 MB, all of them 32 MB, as each notebook has copies"
    sentence = f"{tmp_path.name}/c is too large (with those before it, 33 MB): {limits}"
    with pytest.raises(CourseError, match=f"^{re.escape(sentence)}$"):
        files_beside(tmp_path)
    big(tmp_path / "c", 16 * MB)
    with pytest.raises(CourseError, match="with those before it, 48 MB"):
        files_beside(tmp_path)
    big(tmp_path / "c", 1)
    with pytest.raises(CourseError, match="with those before it, 32 MB"):
        files_beside(tmp_path)
    big(tmp_path / "a", 16 * MB + 1)
    with pytest.raises(CourseError, match=re.escape(f"{tmp_path.name}/a is too large (16 MB): ")):
        files_beside(tmp_path)


def test_there_are_five_hundred_files_at_most(tmp_path):
    for number in range(500):
        (tmp_path / f"{number}.txt").touch()
    assert len(files_beside(tmp_path)) == 500
    (tmp_path / "one more").touch()
    sentence = f"{tmp_path} holds 501 files beside its notebooks; 500 are the most"
    with pytest.raises(CourseError, match=f"^{re.escape(sentence)}$"):
        files_beside(tmp_path)


def test_a_digest_changes_with_any_name_and_any_byte_and_with_where_one_ends(tmp_path):
    def digest(**files):
        paths = {name: tmp_path / str(number) for number, name in enumerate(files)}
        for name, path in paths.items():
            path.write_bytes(files[name])
        return digest_of(paths)

    assert digest() == ""
    different = [
        digest(a=b"12"),
        digest(a=b"13"),
        digest(b=b"12"),
        digest(a=b""),
        digest(a=b"1", b=b"2"),
        digest(a=b"1b\x002"),
        digest(a=b"12", b=b""),
    ]
    assert len({*different}) == len(different)


def test_a_digest_is_the_same_in_every_version_or_all_that_was_graded_would_be_graded_anew(tmp_path):
    (tmp_path / "data.csv").write_text("1,2\n")
    (tmp_path / "helper.py").write_text("")
    assert digest_of(files_beside(tmp_path)) == "5f49df6880c642d8139d602b4a44a600"
