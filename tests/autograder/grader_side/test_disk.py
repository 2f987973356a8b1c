"""What student code may take of a disk that it shares with others."""

import os
from types import SimpleNamespace

import pytest

from autograder.grader_side import disk
from autograder.grader_side.disk import BETWEEN_LOOKS, RESERVE, Disk


class Machine:
    """A disk with free bytes, and a clock."""

    def __init__(self):
        self.free, self.now, self.looks = 10 * RESERVE, 0.0, 0

    def statvfs(self, place):
        self.looks += 1
        return SimpleNamespace(f_bavail=self.free // 4096, f_frsize=4096)

    def is_nearly_full(self, watched):
        self.now += 2 * BETWEEN_LOOKS
        return watched.is_nearly_full()


@pytest.fixture
def machine(monkeypatch):
    made = Machine()
    monkeypatch.setattr(disk.os, "statvfs", made.statvfs)
    return made


def test_a_disk_is_nearly_full_when_less_than_the_reserve_is_free(machine):
    watched = Disk(lambda: machine.now)
    assert not machine.is_nearly_full(watched)
    machine.free = RESERVE
    assert not machine.is_nearly_full(watched)
    machine.free = RESERVE - 4096
    assert machine.is_nearly_full(watched)


def test_of_a_disk_with_little_room_at_first_half_of_it_stays(machine):
    machine.free = RESERVE
    watched = Disk(lambda: machine.now)
    assert not machine.is_nearly_full(watched)
    machine.free = RESERVE // 2 - 4096
    assert machine.is_nearly_full(watched)


def test_the_machine_is_asked_now_and_then(machine):
    watched = Disk(lambda: machine.now)
    machine.free = 0
    assert watched.is_nearly_full()
    assert not watched.is_nearly_full()
    assert machine.looks == 2
    assert machine.is_nearly_full(watched)


def test_the_disk_is_that_of_temporary_files(tmp_path, monkeypatch):
    monkeypatch.setattr(disk.tempfile, "gettempdir", lambda: str(tmp_path))
    found = os.statvfs(tmp_path)
    assert abs(Disk()._free() - found.f_bavail * found.f_frsize) < 2**30


def test_a_quarter_of_a_gigabyte_stays_free_and_it_is_looked_at_fifty_times_a_second():
    assert (RESERVE, BETWEEN_LOOKS) == (256 * 2**20, 0.02)
