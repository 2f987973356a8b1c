"""What a child gave up is found by trying it, in a fork that was confined."""

import errno
import multiprocessing
import os
import resource
from dataclasses import replace
from pathlib import Path

import pytest
from forks import found_in_a_fork, refusal

from autograder.student_side import confine as module
from autograder.student_side import landlock, seccomp
from autograder.student_side.confine import (
    Confinement,
    _limit_resources,
    address_space_in_use,
    confine,
    probe,
)

MEMORY = 2**28


@pytest.fixture
def wanted(tmp_path):
    """A confinement without namespaces, for which no rights are needed."""
    return Confinement(own_namespaces=False, seccomp=False, scratch=str(tmp_path), memory_bytes=MEMORY)


def test_limits_are_as_asked_for_and_cannot_be_raised(wanted):
    asked = replace(wanted, cpu_seconds=77, file_bytes=1000, open_files=99)
    kinds = ("CPU", "FSIZE", "NOFILE", "CORE", "MEMLOCK", "MSGQUEUE")

    def work():
        before = address_space_in_use()
        confine(asked)
        limits = [resource.getrlimit(getattr(resource, f"RLIMIT_{kind}")) for kind in kinds]
        return [limits, resource.getrlimit(resource.RLIMIT_AS), before]

    limits, memory, before = found_in_a_fork(work)
    assert limits == [[value, value] for value in (77, 1000, 99, 0, 0, 0)]
    assert memory[0] == memory[1]
    assert 0 <= memory[0] - before - MEMORY < 2**24


def test_processes_are_counted_where_they_have_a_namespace_of_their_own(wanted):
    def work():
        _limit_resources(replace(wanted, own_namespaces=True, processes=37))
        return resource.getrlimit(resource.RLIMIT_NPROC)

    assert found_in_a_fork(work) == [37, 37]


def test_a_limit_that_holds_already_is_not_raised(wanted):
    def work():
        resource.setrlimit(resource.RLIMIT_NOFILE, (50, 60))
        confine(wanted)
        return resource.getrlimit(resource.RLIMIT_NOFILE)

    assert found_in_a_fork(work) == [60, 60]


def test_more_memory_than_allowed_is_not_given(wanted):
    def work():
        confine(wanted)
        bytearray(MEMORY // 2)
        try:
            bytearray(2 * MEMORY)
        except MemoryError:
            return "refused"
        return "given"

    assert found_in_a_fork(work) == "refused"


def test_where_memory_runs_out_it_is_the_first_to_go(wanted):
    def work():
        confine(wanted)
        return Path("/proc/self/oom_score_adj").read_text()

    assert found_in_a_fork(work) == "1000\n"


def test_it_works_in_its_scratch_directory_and_gains_nothing_by_programs(wanted):
    def work():
        user_limit = resource.getrlimit(resource.RLIMIT_NPROC)
        confine(wanted)
        same = resource.getrlimit(resource.RLIMIT_NPROC) == user_limit
        return [os.getcwd(), probe()["no_new_privs"], probe()["seccomp"], same]

    assert found_in_a_fork(work) == [wanted.scratch, True, False, True]


def test_it_runs_on_the_cores_that_it_is_given_where_it_may(wanted):
    core = min(os.sched_getaffinity(0))

    def work():
        confine(replace(wanted, cores=[core]))
        confine(replace(wanted, cores=[10**3]))  # there is none: slower, no more
        return sorted(os.sched_getaffinity(0))

    assert found_in_a_fork(work) == [core]


@pytest.mark.skipif(landlock.version() == 0, reason=landlock.why_not() or "there is Landlock")
def test_a_pool_of_processes_hears_why_there_is_none(wanted):
    def work():
        confine(replace(wanted, landlock=True, readable=[os.path.dirname(os.__file__)]))
        try:
            multiprocessing.Lock()
        except OSError as error:
            return str(error)

    assert found_in_a_fork(work).startswith("processes share no lock, queue or pool behind Landlock")


@pytest.mark.skipif(seccomp.library() is None, reason="libseccomp is not installed")
def test_calls_are_refused_where_that_is_asked_for(wanted):
    def work():
        confine(replace(wanted, seccomp=True))
        return [probe()["seccomp"], probe()["network"], refusal(os.kill, os.getppid(), 0)]

    assert found_in_a_fork(work) == [True, False, errno.EPERM]


@pytest.mark.skipif(landlock.version() == 0, reason=landlock.why_not() or "there is Landlock")
def test_files_are_closed_where_that_is_asked_for(wanted, tmp_path):
    def work():
        confine(replace(wanted, landlock=True, readable=["/usr", "/proc"]))
        found = probe()
        tries = [refusal(open, place, "ab") for place in ("mine", "/dev/null")]
        return [
            found["capabilities"],
            found["writable"],
            tries,
            [refusal(open, device) for device in ("/dev/urandom", "/dev/random", "/dev/zero")],
            refusal(os.listdir, "/"),
        ]

    assert found_in_a_fork(work) == [False, [], [0, 0], [0, 0, 0], errno.EACCES]


@pytest.mark.skipif(seccomp.library() is None, reason="libseccomp is not installed")
@pytest.mark.parametrize("walled", [False, True])
def test_signals_are_sent_only_where_they_stay_among_ones_own(wanted, walled):
    def work():
        confine(replace(wanted, seccomp=True, landlock=walled, readable=["/usr", "/proc"]))
        return refusal(os.kill, os.getpid(), 0)

    may = walled and landlock.keeps_signals()
    assert found_in_a_fork(work) == (0 if may else errno.EPERM)


def test_a_filter_is_made_ahead_where_all_children_have_the_same(monkeypatch):
    made = []
    monkeypatch.setattr(seccomp, "program", made.append)
    monkeypatch.setattr(seccomp, "library", lambda: "there")
    for namespaces in (True, False):
        for filtered in (True, False):
            module.prepare(Confinement(own_namespaces=namespaces, seccomp=filtered))
    assert made == [True]
    monkeypatch.setattr(seccomp, "library", lambda: None)
    module.prepare(Confinement())
    assert made == [True]


def test_what_holds_is_found_by_trying(monkeypatch, tmp_path):
    found = probe()
    assert found["uid"] == os.getuid()
    assert found["own_pids"] is (os.getpid() == 1)
    assert found["reads"] is True
    assert found["memory_bytes"] == resource.getrlimit(resource.RLIMIT_AS)[0]
    assert ("/var/tmp" in found["writable"]) is os.access("/var/tmp", os.W_OK)
    monkeypatch.setattr(module.os, "__file__", str(tmp_path / "missing"))
    assert probe()["reads"] is False


def test_trying_leaves_nothing_behind(tmp_path):
    before = set(os.listdir("/proc/self/fd"))
    assert module._can_write(str(tmp_path))
    assert module._can_read(str(tmp_path))
    assert not module._can_write(str(tmp_path / "gone"))
    assert not module._can_read(str(tmp_path / "gone"))
    assert set(os.listdir("/proc/self/fd")) <= before
    assert os.listdir(tmp_path) == []


def test_only_a_network_beyond_this_machine_counts(monkeypatch):
    for names, reaches in ((["lo"], False), (["lo", "eth0"], True), ([], False)):
        monkeypatch.setattr(module.socket, "if_nameindex", lambda names=names: list(enumerate(names)))
        assert probe()["network"] is reaches
