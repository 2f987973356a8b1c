import json
import os
import re

import nbformat
import pytest

from autograder.submission import ReadingStatus, collect, file_digests, read_submission


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "01_flat"
    made.mkdir()
    return made


def read(folder):
    return read_submission(folder, "alice", ["flat"])["flat"]


def write_notebook(path):
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("a = 1")]), path)


def test_a_good_notebook_is_read_without_a_sentence(folder):
    write_notebook(folder / "flat.ipynb")
    reading = read(folder)
    assert (reading.status, reading.sentences) == (ReadingStatus.READ, ())
    assert reading.notebook.cells[0].source == "a = 1"


def test_a_near_miss_is_read_and_reported_by_student_and_file(folder):
    write_notebook(folder / "Flat (1).ipynb")
    reading = read(folder)
    assert reading.status is ReadingStatus.RENAMED
    assert reading.sentences == ("alice: Flat (1).ipynb was taken for flat.ipynb, the name it should have.",)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda path: path.write_bytes(b""), "alice: flat.ipynb is empty."),
        (lambda path: path.write_bytes(b"no"), "alice: flat.ipynb is not JSON: input data was truncated."),
        (
            lambda path: path.symlink_to("/etc/passwd"),
            "alice: flat.ipynb is a symbolic link, not a regular file.",
        ),
        (
            lambda path: path.symlink_to("nowhere"),
            "alice: flat.ipynb is a symbolic link, not a regular file.",
        ),
        (os.mkfifo, "alice: flat.ipynb is a named pipe, not a regular file."),
        (
            lambda path: path.write_bytes(b"\xff"),
            "alice: flat.ipynb is not JSON: invalid character (line 1).",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(folder, make, sentence):
    make(folder / "flat.ipynb")
    reading = read(folder)
    assert (reading.status, reading.notebook, reading.sentences) == (ReadingStatus.REFUSED, None, (sentence,))


def test_a_folder_of_that_name_is_no_notebook(folder):
    (folder / "flat.ipynb").mkdir()
    assert read(folder).sentences == ("alice: the folder 01_flat holds no flat.ipynb: no file is in it.",)


def test_of_copies_that_say_the_same_one_is_taken_though_their_outputs_differ(folder):
    write_notebook(folder / "flat (1).ipynb")
    cell = nbformat.v4.new_code_cell("a = 1", outputs=[nbformat.v4.new_output("stream", text="1")])
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / "flat (2).ipynb")
    text = (folder / "flat (2).ipynb").read_text().replace(cell.id, "x")
    (folder / "flat (2).ipynb").write_text(text)
    text = (folder / "flat (1).ipynb").read_text()
    (folder / "flat (1).ipynb").write_text(re.sub('"id": "[^"]*"', '"id": "x"', text))
    reading = read(folder)
    assert reading.status is ReadingStatus.RENAMED
    assert reading.sentences == (
        "alice: flat (1).ipynb was taken for flat.ipynb, the name it should have; its copies say the same.",
    )
    (folder / "flat (2).ipynb").write_text(text.replace("a = 1", "a = 2"))
    assert read(folder).sentences == (
        "alice: the folder 01_flat holds 2 files that could be flat.ipynb: flat (1).ipynb, flat (2).ipynb.",
    )


def test_of_more_than_ten_copies_none_is_taken(folder):
    write_notebook(folder / "flat (1).ipynb")
    said = (folder / "flat (1).ipynb").read_bytes()
    for number in range(2, 11):
        (folder / f"flat ({number}).ipynb").write_bytes(said)
    assert read(folder).status is ReadingStatus.RENAMED
    (folder / "flat (11).ipynb").write_bytes(said)
    assert read(folder).status is ReadingStatus.MISSING


def test_copies_that_cannot_be_read_say_nothing(folder):
    for name in ("flat (1).ipynb", "flat (2).ipynb"):
        (folder / name).write_bytes(b"")
    assert read(folder).status is ReadingStatus.MISSING


def test_what_there_is_to_say_of_a_notebook_is_said_in_order(folder):
    old = {"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": "a = 1"}]}]}
    (folder / "flat (1).ipynb").write_text(json.dumps(old))
    assert read(folder).sentences == (
        "alice: flat (1).ipynb was taken for flat.ipynb, the name it should have.",
        "alice: flat (1).ipynb was nbformat 3 and was upgraded.",
    )


def test_a_students_name_is_printed_as_it_is_safe_to_print(folder):
    assert read_submission(folder, "al\x1bice", ["flat"])["flat"].sentences[0].startswith("al�ice: ")
    write_notebook(folder / "Flat.ipynb")
    assert read_submission(folder, "al\x1bice", ["flat"])["flat"].sentences[0].startswith("al�ice: ")


def test_what_is_kept_of_a_notebook_is_small_whatever_its_outputs_are(folder):
    output = nbformat.v4.new_output("stream", text="x" * 5_000_000)
    cell = nbformat.v4.new_code_cell("a = 1", outputs=[output])
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / "flat.ipynb")
    assert len(collect(folder, "alice", ["flat"])["flat"].data) < 1_000
    assert read(folder).notebook.cells[0].source == "a = 1"


def test_a_file_is_known_again_by_its_bytes_without_a_look_into_it(folder):
    write_notebook(folder / "flat.ipynb")
    read_before = collect(folder, "alice", ["flat"])["flat"].file_digest
    assert file_digests(folder, ["flat"]) == {"flat": read_before}
    with (folder / "flat.ipynb").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert file_digests(folder, ["flat"])["flat"] not in ("", read_before)


def test_where_more_or_less_than_one_file_is_asked_for_none_is_known_by_its_bytes(folder):
    assert file_digests(folder, ["flat"]) == {}
    assert file_digests(folder / "nowhere", ["flat"]) == {}
    for name in ("flat (1).ipynb", "flat (2).ipynb"):
        write_notebook(folder / name)
        (folder / name).write_bytes((folder / "flat (1).ipynb").read_bytes())
    handed = collect(folder, "alice", ["flat"])["flat"]
    assert (handed.data is not None, handed.file_digest) == (True, "")
    assert file_digests(folder, ["flat"]) == {}


def test_nothing_handed_in_is_said(folder):
    assert read(folder).status is ReadingStatus.MISSING
    assert read(folder).sentences == ("alice: the folder 01_flat holds no flat.ipynb: no file is in it.",)


def test_what_is_said_of_a_notebook_is_text(folder, tmp_path):
    (folder / "a.ipynb").write_bytes(b"")
    notes = {name: handed.note for name, handed in collect(folder, "alice", ["a", "b"]).items()}
    assert notes == {"a": "is empty", "b": "holds no b.ipynb, but a.ipynb"}
    assert collect(tmp_path / "none", "alice", ["a"])["a"].note == "does not exist"


def test_a_folder_that_is_a_link_to_anothers_is_refused(folder, tmp_path):
    write_notebook(folder / "flat.ipynb")
    (tmp_path / "other").symlink_to(folder)
    reading = read(tmp_path / "other")
    assert reading.sentences == ("alice: the folder other is a symbolic link, not a folder.",)


def test_each_expected_notebook_has_its_own_reading(folder):
    write_notebook(folder / "a.ipynb")
    (folder / "b.ipynb").write_text("{}")
    readings = read_submission(folder, "alice", ["a", "b", "c"])
    assert [readings[name].status for name in "abc"] == [
        ReadingStatus.READ,
        ReadingStatus.REFUSED,
        ReadingStatus.MISSING,
    ]
