"""What student code may take of a machine that it shares with others."""

import os
from types import SimpleNamespace

import pytest

from autograder.grader_side import shared
from autograder.grader_side.shared import BETWEEN_LOOKS, FILES, PER_CORE, RESERVE, Shared


class Machine:
    """A disk with free bytes and files on it, processes, and a clock."""

    def __init__(self):
        self.free, self.files, self.processes, self.now, self.looks = 10 * RESERVE, 1000, 300, 5000.0, 0

    def statvfs(self, place):
        self.looks += 1
        room = {"f_bavail": self.free // 4096, "f_frsize": 4096}
        return SimpleNamespace(**room, f_files=10**6, f_ffree=10**6 - self.files)

    def is_scarce(self, watched):
        self.now += 2 * BETWEEN_LOOKS
        return watched.is_scarce()


@pytest.fixture
def machine(monkeypatch):
    made = Machine()
    monkeypatch.setattr(shared.os, "statvfs", made.statvfs)
    monkeypatch.setattr(shared, "_processes", lambda: made.processes)
    return made


def test_a_disk_is_nearly_full_when_less_than_the_reserve_is_free(machine):
    watched = Shared(lambda: machine.now)
    assert machine.is_scarce(watched) == ""
    machine.free = RESERVE
    assert machine.is_scarce(watched) == ""
    machine.free = RESERVE - 4096
    assert machine.is_scarce(watched) == "the disk was nearly full"


def test_of_a_disk_with_little_room_at_first_half_of_it_stays(machine):
    machine.free = RESERVE
    watched = Shared(lambda: machine.now)
    machine.free = RESERVE // 2
    assert machine.is_scarce(watched) == ""
    machine.free -= 4096
    assert machine.is_scarce(watched)


def test_files_are_very_many_when_so_many_came_since_it_was_made(machine):
    watched = Shared(lambda: machine.now)
    machine.files += FILES
    assert machine.is_scarce(watched) == ""
    machine.files += 1
    assert machine.is_scarce(watched) == "there were very many new files"


def test_processes_are_very_many_when_so_many_for_each_core_came_since_it_was_made(machine, monkeypatch):
    monkeypatch.setattr(shared.os, "cpu_count", lambda: 3)
    watched = Shared(lambda: machine.now)
    machine.processes += 3 * PER_CORE
    assert machine.is_scarce(watched) == ""
    machine.processes += 1
    assert machine.is_scarce(watched) == "there were very many processes"


def test_the_machine_is_asked_now_and_then(machine):
    watched = Shared(lambda: machine.now)
    machine.free = 0
    assert watched.is_scarce()
    assert not watched.is_scarce()
    assert machine.looks == 2
    assert machine.is_scarce(watched)


def test_the_disk_is_that_of_temporary_files(tmp_path, monkeypatch):
    monkeypatch.setattr(shared.tempfile, "gettempdir", lambda: str(tmp_path))
    found = os.statvfs(tmp_path)
    free, files = Shared()._disk()
    assert abs(free - found.f_bavail * found.f_frsize) < 2**30
    assert abs(files - (found.f_files - found.f_ffree)) < 2**16


def test_processes_are_those_that_can_be_seen(monkeypatch):
    monkeypatch.setattr(shared.os, "listdir", lambda place: {"/proc": ["1", "72", "self"]}[place])
    assert shared._processes() == 3


def test_where_there_is_no_proc_there_are_no_processes(tmp_path, monkeypatch):
    listdir = os.listdir
    monkeypatch.setattr(shared.os, "listdir", lambda place: listdir(tmp_path / place.strip("/")))
    assert shared._processes() == 0


def test_what_stays_for_others_and_how_often_it_is_looked_at():
    assert (RESERVE, FILES, PER_CORE, BETWEEN_LOOKS) == (256 * 2**20, 65536, 128, 0.02)
