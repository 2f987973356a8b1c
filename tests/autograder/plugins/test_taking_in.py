import json
import os
from datetime import datetime

import nbformat
import pytest
from nbgrader.converters import base

from autograder.plugins.taking_in import read_timestamp

pytestmark = pytest.mark.sandbox
FULL = {"01_square-values": 90.0}


def earned(scores):
    return scores["01_square-values"]


BAD = {
    "empty": lambda path: path.write_bytes(b""),
    "not-json": lambda path: path.write_bytes(b"PK\x03\x04"),
    "nbformat-99": lambda path: path.write_text('{"nbformat": 99, "cells": []}'),
    "link": lambda path: path.symlink_to("/etc/passwd"),
    "pipe": os.mkfifo,
    "huge": lambda path: os.truncate(os.open(path, os.O_CREAT | os.O_WRONLY), 10**11),
    "bomb": lambda path: path.write_bytes(b"[" * 1_000_000),
    "cut-off": lambda path: path.write_bytes(b'{"nbformat": 4, "cells": [{"source": "a'),
}


def test_every_bad_file_is_one_sentence_and_zero_points_and_the_others_are_graded(a_class):
    a_class.hand_in("alice")
    for name, make in BAD.items():
        make(a_class.folder(name) / "square.ipynb")
    a_class.folder("nothing")
    a_class.hand_in("zoe")
    assert a_class.grade(), a_class.log
    assert [earned(a_class.scores(student)) for student in ("alice", "zoe")] == [90, 90]
    for name in (*BAD, "nothing"):
        assert earned(a_class.scores(name)) == 0
        lines = [line for line in a_class.log.splitlines() if f"] {name}: " in line]
        assert len(lines) == 1, lines
        assert a_class.record(name)["intake"] in ("not readable", "missing")
        assert all(a_class.needs_review(name).values())
        assert name in a_class.autograded(name).cells[0].source
    assert not any(a_class.needs_review("alice")[name] for name in FULL)
    assert "Traceback" not in a_class.log


def test_a_near_miss_and_a_notebook_in_a_folder_are_graded_and_reported(a_class):
    a_class.hand_in("alice", name="square (1).ipynb")
    (a_class.folder("bob") / "within").mkdir()
    a_class.hand_in("bob", name="within/square.ipynb")
    a_class.hand_in("carol", name="Square-Copy1.ipynb")
    assert a_class.grade()
    assert [earned(a_class.scores(student)) for student in ("alice", "bob", "carol")] == [90, 90, 90]
    assert "alice: square (1).ipynb was taken for square.ipynb" in a_class.log
    assert a_class.record("bob")["intake"] == "read under another name"


def test_an_old_format_is_graded(a_class):
    cells = [
        {"cell_type": cell.cell_type, "input": cell.source, "source": cell.source, "metadata": cell.metadata}
        for cell in a_class.released().cells
    ]
    document = nbformat.from_dict({"nbformat": 3, "worksheets": [{"cells": cells}], "metadata": {}})
    (a_class.folder("alice") / "square.ipynb").write_text(json.dumps(document))
    assert a_class.grade()
    assert earned(a_class.scores("alice")) == 90


def test_nothing_that_lies_beside_the_notebook_is_copied_or_followed(a_class):
    folder = a_class.folder("alice")
    a_class.hand_in("alice")
    (folder / "numpy.py").write_text("raise SystemExit")
    (folder / "link").symlink_to("/etc/passwd")
    (folder / "endless").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe")
    (folder / "loop").symlink_to(folder)
    assert a_class.grade()
    assert earned(a_class.scores("alice")) == 90
    copied = [path.name for path in (a_class.course.autograded / "alice").rglob("*") if path.is_file()]
    assert copied == ["square.ipynb"]


def test_folders_in_folders_are_not_walked_through_where_nothing_is_copied(tmp_path, monkeypatch):
    (tmp_path / "data.csv").touch()
    assert base.find_all_files(str(tmp_path), ["*.ipynb"]) == [str(tmp_path / "data.csv")]
    monkeypatch.setattr(os, "walk", None)
    assert base.find_all_files(str(tmp_path), ["*", "*.ipynb"]) == []


def test_students_with_odd_names_are_graded(a_class):
    names = ["[abc]", "a*b", "a b", "Ä", "~", "-rf", "$(id)", "a'b", "s{0}", "x+y", "李", "zoe"]
    for name in names:
        a_class.hand_in(name)
    assert a_class.grade()
    assert {name: earned(a_class.scores(name)) for name in names} == dict.fromkeys(names, 90)


def test_a_folder_whose_name_is_no_name_is_left_out_and_the_others_are_graded(a_class):
    names = ["bob\nalice", "<img src=x>", "a\x1b[2J", 'grace "g" hopper', "50%41"]
    for name in [*names, "carol"]:
        a_class.hand_in(name)
    assert a_class.grade()
    assert earned(a_class.scores("carol")) == 90
    assert a_class.log.count("a student's folder cannot be called") == len(names)
    assert all((a_class.folder(name) / "square.ipynb").is_file() for name in names)
    with a_class.course.api().gradebook as gradebook:
        assert [student.id for student in gradebook.students] == ["carol"]


def test_a_time_stamp_is_kept_and_a_newer_submission_is_graded_again(a_class):
    a_class.hand_in("alice", a_class.released(None))
    stamp = a_class.folder("alice") / "timestamp.txt"
    stamp.write_text("2026-01-01 10:00:00 UTC")
    assert a_class.grade(force=False)
    assert earned(a_class.scores("alice")) == 0
    a_class.hand_in("alice")
    assert a_class.grade(force=False)
    assert earned(a_class.scores("alice")) == 0
    stamp.write_text("2026-01-02 10:00:00 UTC")
    assert a_class.grade(force=False)
    assert earned(a_class.scores("alice")) == 90


def test_a_time_stamp_that_is_no_time_counts_as_not_late(a_class):
    texts = ["never", "9" * 500, "0001-01-01 00:00:00 +99", "\0", "2026-13-45", "1e999999"]
    students = dict(zip("abcdef", texts, strict=True))
    for student, text in students.items():
        a_class.hand_in(student)
        (a_class.folder(student) / "timestamp.txt").write_text(text)
    assert a_class.grade()
    assert [earned(a_class.scores(student)) for student in students] == [90] * len(students)
    said = "01_square: timestamp.txt holds no time; without a time that was recorded earlier, the submission"
    told = [student for student in students if f"/{student}/{said} counts as not late" in a_class.log]
    assert told == [*students]


def test_a_time_stamp_that_is_a_pipe_does_not_hold_the_class(a_class):
    a_class.hand_in("alice")
    os.mkfifo(a_class.folder("alice") / "timestamp.txt")
    assert a_class.grade()  # who waits for a writer waits for ever
    assert earned(a_class.scores("alice")) == 90


def test_a_time_stamp_is_read_in_utc(tmp_path):
    assert read_timestamp(tmp_path) is None
    (tmp_path / "timestamp.txt").write_text("2026-01-01 10:00:00+02:00")
    assert read_timestamp(tmp_path) == datetime(2026, 1, 1, 8)


def test_an_unknown_assignment_is_nbgraders_to_name(a_class):
    a_class.hand_in("alice")
    (a_class.course.submitted / "alice/01_square").rename(a_class.course.submitted / "alice/02_other")
    result = a_class.course.api().autograde("02_other", "*")
    assert not result["success"]


def test_one_student_can_be_graded_alone(a_class):
    a_class.hand_in("alice")
    a_class.hand_in("bob", a_class.released(a_class.right + "\n"))
    assert a_class.grade("bob")
    assert not (a_class.course.autograded / "alice").exists()
