"""Where control groups are ours to make, a notebook's processes together have a limit of memory."""

import subprocess

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
    return tmp_path / "user"


def test_a_group_is_made_beside_our_own_and_joined_before_the_command(delegated):
    group = MemoryGroup.make(10**9)
    (made,) = delegated.glob("notebook-*")
    assert (made / "memory.max").read_text() == "1000000000"
    assert subprocess.run(group.joined(["echo", "a b"]), capture_output=True, check=True).stdout == b"a b\n"
    assert (made / "cgroup.procs").read_text() == "0\n"


def test_a_group_that_cannot_be_joined_is_not_used(delegated, monkeypatch):
    monkeypatch.setattr(MemoryGroup, "joined", lambda group, line: ["false"])
    assert MemoryGroup.make(10**9) is None


def test_without_the_memory_controller_there_is_no_group(delegated):
    (delegated / "cgroup.subtree_control").write_text("cpu pids\n")
    assert MemoryGroup.make(10**9) is None


def test_the_root_of_all_groups_is_not_ours(delegated):
    (delegated.parent / "membership").write_text("0::/\n")
    assert MemoryGroup.make(10**9) is None


def test_without_any_control_groups_there_is_no_group(monkeypatch, tmp_path):
    monkeypatch.setattr(cgroup, "MEMBERSHIP", tmp_path / "nothing")
    assert MemoryGroup.make(10**9) is None
