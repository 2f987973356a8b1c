import os
import pickle
import threading

import pytest

from autograder.errors import CourseError
from autograder.workers import local
from autograder.workers.worker import LIBRARIES, get_ready, leave, work


@pytest.fixture
def made(monkeypatch):
    """What was made, in order: the fork server with its libraries, pools with their workers."""
    found = []

    class Pool:
        def __init__(self, *arguments):
            self.closed = False
            found.append((self, *arguments))

        def close(self):
            self.closed = True

    monkeypatch.setattr(local, "Pool", Pool)
    monkeypatch.setattr(local, "start_fork_server", lambda modules: found.append(modules))
    monkeypatch.setattr(local, "_prepared", False)
    monkeypatch.setattr(local, "_starting", {})
    return found


def test_the_fork_server_is_started_once_before_the_first_workers(made):
    local.started(2, "settings")
    local.prepare()
    assert made[0] == LIBRARIES
    assert [pool for pool in made if pool == LIBRARIES] == [LIBRARIES]


def test_what_keeps_workers_from_starting_is_said_each_time(made, monkeypatch):
    def fails(modules):
        raise OSError("AF_UNIX path too long")

    monkeypatch.setattr(local, "start_fork_server", fails)
    for _ in range(2):
        with pytest.raises(CourseError, match=r"\(AF_UNIX path too long\): they need 8 open files each"):
            local.started(2, "settings")


def test_workers_get_ready_with_the_settings_and_as_many_as_are_wanted(made):
    pool = local.started(3, "settings")
    assert made[1:] == [(pool, 3, work, get_ready, (pickle.dumps("settings"),), leave)]
    local.started(0, "settings")
    assert made[2][1] == len(os.sched_getaffinity(0))


def test_workers_that_were_started_are_found_once_by_number_and_settings(made):
    local.start(2, "settings")
    others = [local.started(3, "settings"), local.started(2, "others")]
    pool = local.started(2, "settings")
    assert pool not in others
    assert len(made) == 4
    assert local.started(2, "settings") is not pool
    assert len(made) == 5


def test_starting_workers_waits_for_nothing(made, monkeypatch):
    gate = threading.Event()
    monkeypatch.setattr(local, "_pool", lambda jobs, settings: gate.wait(60))
    local.start(2, "settings")
    gate.set()
    assert local.started(2, "settings") is True  # it was still waiting to be let go


def test_workers_that_nobody_came_for_are_ended(made):
    local.start(1, "settings")
    local.start(2, "settings")
    mine = local.started(1, "settings")
    local.close()
    assert [(jobs, pool.closed) for pool, jobs, *_ in made[1:]].count((2, True)) == 1
    assert not mine.closed
    local.close()
