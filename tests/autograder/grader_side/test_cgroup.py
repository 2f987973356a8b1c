"""Where control groups are ours to make, a notebook's processes together have a limit of memory."""

import os
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.grader_side import cgroup
from autograder.grader_side.cgroup import MemoryGroup


@pytest.fixture
def delegated(monkeypatch, tmp_path):
    """A made-up hierarchy of version 2, of which the user owns a part."""
    (tmp_path / "user" / "scope").mkdir(parents=True)
    (tmp_path / "user" / "cgroup.subtree_control").write_text("cpu memory pids\n")
    (tmp_path / "membership").write_text("9:name=systemd:/\n0::/user/scope\n")
    monkeypatch.setattr(cgroup, "ROOT", tmp_path)
    monkeypatch.setattr(cgroup, "MEMBERSHIP", tmp_path / "membership")
    # As the kernel does it: what it shows in a group is no obstacle to its removal.
    monkeypatch.setattr(Path, "rmdir", lambda path: shutil.rmtree(path))
    return tmp_path / "user"


def groups(delegated):
    return [path.name for path in delegated.iterdir() if path.name.startswith("notebook-")]


def test_a_group_is_made_beside_our_own_and_joined_before_the_command(delegated):
    group = MemoryGroup.make(10**9)
    (made,) = delegated.glob("notebook-*")
    assert (made / "memory.max").read_text() == "1000000000"
    assert subprocess.run(group.joined(["echo", "a b"]), capture_output=True, check=True).stdout == b"a b\n"
    assert (made / "cgroup.procs").read_text() == "0\n"
    group.remove()
    assert groups(delegated) == []


def test_groups_have_names_of_their_own(delegated):
    assert MemoryGroup.make(10**9) is not None
    assert MemoryGroup.make(10**9) is not None
    assert len(groups(delegated)) == 2


def test_a_group_that_cannot_be_joined_is_not_used_and_nothing_is_said(delegated, monkeypatch, capfd):
    line = ["sh", "-c", "echo out; echo no >&2; false"]
    monkeypatch.setattr(MemoryGroup, "joined", lambda group, command: line)
    assert MemoryGroup.make(10**9) is None
    assert groups(delegated) == []
    assert capfd.readouterr() == ("", "")


def test_a_group_that_takes_no_limit_is_not_used(delegated, monkeypatch):
    def refused(path, text):
        raise OSError(1, "not permitted")

    monkeypatch.setattr(Path, "write_text", refused)
    assert MemoryGroup.make(10**9) is None
    assert groups(delegated) == []


def test_a_group_is_removed_when_its_processes_are_gone_or_left_after_a_second(delegated, monkeypatch):
    clock = SimpleNamespace(now=0.0, naps=[], busy=2, tries=0)

    def sleep(seconds):
        clock.naps.append(seconds)
        clock.now += 0.25

    def rmdir(path):
        clock.tries += 1
        if clock.tries <= clock.busy:
            raise OSError(16, "busy")
        shutil.rmtree(path)

    group = MemoryGroup.make(10**9)
    monkeypatch.setattr(cgroup, "time", SimpleNamespace(monotonic=lambda: clock.now, sleep=sleep))
    monkeypatch.setattr(Path, "rmdir", rmdir)
    group.remove()
    group.remove()
    assert (groups(delegated), clock.tries, clock.naps) == ([], 3, [0.01, 0.01])
    monkeypatch.undo()
    (delegated / "notebook-busy").mkdir()
    other = MemoryGroup(delegated / "notebook-busy")
    clock.tries, clock.busy = 0, 99
    monkeypatch.setattr(cgroup, "time", SimpleNamespace(monotonic=lambda: clock.now, sleep=sleep))
    monkeypatch.setattr(Path, "rmdir", rmdir)
    other.remove()
    assert (groups(delegated), clock.tries) == (["notebook-busy"], 4)


@pytest.mark.parametrize("controllers", ["cpu pids\n", "cpu memory.own\n", ""])
def test_without_the_memory_controller_there_is_no_group(delegated, controllers):
    (delegated / "cgroup.subtree_control").write_text(controllers)
    assert MemoryGroup.make(10**9) is None


def test_the_root_of_all_groups_is_not_ours(delegated):
    (delegated.parent / "membership").write_text("0::/\n")
    assert MemoryGroup.make(10**9) is None


def test_without_any_control_groups_there_is_no_group(monkeypatch, tmp_path):
    monkeypatch.setattr(cgroup, "MEMBERSHIP", tmp_path / "nothing")
    assert MemoryGroup.make(10**9) is None


def test_where_only_groups_of_version_1_are_ours_there_is_no_group(delegated):
    (delegated.parent / "membership").write_text("9:memory:/user/scope\n1:name=systemd:/user/scope\n")
    assert MemoryGroup.make(10**9) is None


def test_above_the_root_of_all_groups_nothing_is_looked_for(delegated, monkeypatch):
    (delegated.parent / "membership").write_text("0::/\n")
    monkeypatch.setattr(cgroup, "ROOT", delegated / "root")
    assert MemoryGroup.make(10**9) is None


def test_a_part_that_this_user_may_not_write_to_is_not_delegated(delegated, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: (path, mode) != (delegated, os.W_OK))
    assert MemoryGroup.make(10**9) is None
