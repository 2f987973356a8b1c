"""A full disk and a locked gradebook: one sentence or a wait, nothing lost, and a rerun finishes the rest."""

import errno
import pathlib

import pytest
from locked_gradebook import locked

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]
STUDENTS = ("ada", "bob", "carol")


def test_a_full_disk_is_one_sentence_and_the_next_run_finishes_the_rest(a_class, monkeypatch):
    a_class.hand_in(*(a_class.composer.submission(student, "perfect") for student in STUDENTS))
    write_bytes = pathlib.Path.write_bytes

    def full(path, *arguments, **options):
        if "bob" in str(path):
            raise OSError(errno.ENOSPC, "No space left on device")
        return write_bytes(path, *arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr(pathlib.Path, "write_bytes", full)
        status, _, err = a_class.grade("--jobs", 1)
    assert status == 2
    assert "bob could not be recorded ([Errno 28] No space left on device)" in err
    assert "Traceback" not in err
    assert "bob" not in a_class.gradebook()
    recorded = len(a_class.gradebook())
    assert a_class.events()[1][-1]["counts"] == {"already graded": recorded, "graded": 3 - recorded}
    assert [row["grades"]["01_square-values"][0] for row in a_class.gradebook().values()] == [90.0] * 3


def test_a_gradebook_that_somebody_locks_is_waited_for(a_class):
    a_class.hand_in(a_class.composer.submission("ada", "perfect"))
    with locked(a_class.course.root / "gradebook.db"):
        assert a_class.grade()[0] == 0
    assert a_class.gradebook()["ada"]["grades"]["01_square-values"][0] == 90
