"""Digests that change with whatever a grade is of, and with nothing else."""

from datetime import datetime
from pathlib import Path

from autograder.grading.task import Graded, Release, Task, files_digest
from autograder.submission import Handed, ReadingStatus

WHEN = datetime(2026, 11, 2)


def handed(data=b"x", note="", digest="f"):
    return Handed("ada: n.ipynb", ReadingStatus.READ, data, note, file_digest=digest)


def test_a_release_is_another_one_with_any_cell_or_file_and_in_any_order_the_same():
    digests = [
        Release("a", {"n": "x", "m": "y"}).digest,
        Release("a", {"n": "y", "m": "x"}).digest,
        Release("a", {"n": "x"}).digest,
        Release("a", {"nx": ""}).digest,
        Release("a", {"n": "x"}, files_digest="d").digest,
        Release("a", {"n": "x", "d": ""}).digest,
    ]
    assert len(set(digests)) == len(digests)
    assert {len(digest) for digest in digests} == {32}
    assert Release("b", {"m": "y", "n": "x"}).digest == digests[0]
    assert Release("a", {"n": "\ud800"}).digest  # half of a pair is no UTF-8


def test_helper_modules_lie_where_the_files_do():
    files = {"data/a.csv": Path("/r/one/data/a.csv"), "helper.py": Path("/r/one/helper.py")}
    assert Release("one", {}, files).modules == "/r/one"
    assert Release("one", {}).modules == ""


def test_a_task_is_another_one_with_what_was_handed_in_and_when_but_not_with_whose_it_is():
    whole = Task("ada", {"n": handed(), "m": handed(b"y")}, WHEN)
    others = [
        Task("ada", {"n": handed(b"y"), "m": handed(b"x")}, WHEN),
        Task("ada", {"n": handed(), "m": handed(b"y")}),
        Task("ada", {"n": handed()}, WHEN),
        Task("ada", {"n": handed(None, "gone")}, WHEN),
        Task("ada", {"n": handed(None, "lost")}, WHEN),
        Task("ada", {"n": handed()}, WHEN, extra={"a.txt": b"1"}),
        Task("ada", {"n": handed()}, WHEN, extra={"a.txt": b"2"}),
    ]
    assert len({whole.digest, *(task.digest for task in others)}) == 8
    assert Task("bob", {"m": handed(b"y"), "n": handed()}, WHEN, seed=3).digest == whole.digest
    two = [
        Task("a", {}, extra=dict(items)).digest
        for items in ([("a", b""), ("b", b"")], [("b", b""), ("a", b"")])
    ]
    assert two[0] == two[1]


def test_what_a_record_says_of_a_task():
    extra = {"a.txt": b"1"}
    task = Task("ada", {"n": handed(digest="d"), "m": handed(digest="e")}, WHEN, extra=extra)
    files = files_digest(WHEN, {"m": "e", "n": "d"}, extra)
    assert task.facts == {"submission": task.digest, "files": files}
    assert len(files) == 32


def test_files_are_the_same_by_their_bytes_and_time_and_unknown_where_one_is():
    known = files_digest(WHEN, {"n": "d", "m": "e"}, {"a": b"1", "b": b"2"})
    assert files_digest(WHEN, {"m": "e", "n": "d"}, {"b": b"2", "a": b"1"}) == known
    others = [
        files_digest(None, {"n": "d", "m": "e"}, {"a": b"1", "b": b"2"}),
        files_digest(WHEN, {"n": "e", "m": "d"}, {"a": b"1", "b": b"2"}),
        files_digest(WHEN, {"n": "d", "m": "e"}, {"a": b"2", "b": b"1"}),
    ]
    assert len({known, *others}) == 4
    assert files_digest(WHEN, {"n": "d", "m": ""}, {}) == files_digest(WHEN, {}, {"a": b"1"}) == ""


def test_what_came_of_a_task_is_nothing_until_it_is_said():
    nothing = Graded("ada")
    assert (nothing.status, nothing.notes, nothing.seconds) == ("", (), 0.0)
    assert not any((nothing.review, nothing.timed_out, nothing.starved))
    assert nothing.contents == nothing.scores == nothing.untouched == {}
