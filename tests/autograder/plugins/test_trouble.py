"""A full disk and a locked gradebook under plain nbgrader: nothing lost, and a rerun finishes the rest."""

import errno

import pytest
from locked_gradebook import locked
from nbconvert.writers import FilesWriter

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


def test_a_full_disk_is_said_and_the_next_run_finishes_the_rest(a_class, monkeypatch):
    for student in ("alice", "bob", "carol"):
        a_class.hand_in(student)
    write = FilesWriter.write

    def full(self, output, resources, notebook_name=None, **options):
        if resources["nbgrader"]["student"] == "bob":
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(self, output, resources, notebook_name=notebook_name, **options)

    with monkeypatch.context() as patched:
        patched.setattr(FilesWriter, "write", full)
        assert not a_class.grade(force=False)
    assert "No space left on device" in a_class.log
    assert not (a_class.course.autograded / "bob" / a_class.assignment).exists()
    assert a_class.grade(force=False)
    assert [a_class.scores(name)["01_square-values"] for name in ("alice", "bob", "carol")] == [90, 90, 90]


def test_a_gradebook_that_somebody_locks_is_waited_for(a_class):
    a_class.hand_in("alice")
    with locked(a_class.course.root / "gradebook.db"):
        assert a_class.grade(), a_class.log
    assert a_class.scores("alice")["01_square-values"] == 90
