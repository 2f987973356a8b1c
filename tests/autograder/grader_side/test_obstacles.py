"""What keeps a rung from holding is found by trying, and says what mends it."""

import os
import subprocess
from types import SimpleNamespace

import pytest

from autograder.grader_side import command, obstacles
from autograder.grader_side.obstacles import Obstacle, setting
from autograder.student_side import landlock, seccomp

ALL = (
    obstacles.of_bubblewrap,
    obstacles.of_landlock,
    obstacles.of_namespaces,
)


@pytest.fixture(autouse=True)
def machine(monkeypatch, tmp_path):
    """A machine where everything holds; tests take something away."""
    machine = SimpleNamespace(settings=tmp_path, tried=[], refuses=0, raises=None, patch=monkeypatch.setattr)
    monkeypatch.setattr(obstacles, "SETTINGS", tmp_path)
    monkeypatch.setattr(obstacles.sys, "platform", "linux")
    monkeypatch.setattr(command, "bubblewrap_program", lambda: "/usr/bin/bwrap")
    monkeypatch.setattr(landlock, "why_not", lambda: "")
    monkeypatch.setattr(seccomp, "library", lambda: "a library")
    monkeypatch.setattr(os, "getuid", lambda: 1000)

    def run(line, **options):
        machine.tried.append((line, options))
        if machine.raises is not None:
            raise machine.raises
        return SimpleNamespace(returncode=machine.refuses)

    monkeypatch.setattr(subprocess, "run", run)
    return machine


def put(machine, name, value):
    path = machine.settings / name.replace(".", "/")
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{value}\n")


def test_an_obstacle_says_what_mends_it():
    assert str(Obstacle("it is missing", "install it")) == "it is missing (`install it`)"
    assert str(Obstacle("it is missing")) == "it is missing"


def test_nothing_is_in_the_way_where_everything_is_there():
    assert [find() for find in (*ALL, obstacles.of_seccomp)] == [None] * 4


def test_sandboxes_are_for_linux(machine):
    machine.patch(obstacles.sys, "platform", "darwin")
    says = Obstacle("sandboxes are made for Linux, and this is darwin")
    assert [find() for find in ALL] == [says] * 3
    assert obstacles.of_seccomp() == Obstacle("libseccomp is not installed", "apt-get install libseccomp2")
    assert machine.tried == []


def test_what_is_not_installed_can_be(machine):
    machine.patch(command, "bubblewrap_program", lambda: None)
    machine.patch(seccomp, "library", lambda: None)
    assert str(obstacles.of_bubblewrap()) == "bubblewrap is not installed (`apt-get install bubblewrap`)"
    says = "libseccomp is not installed (`apt-get install libseccomp2`)"
    assert str(obstacles.of_seccomp()) == str(obstacles.of_landlock()) == says


def test_why_landlock_does_not_hold_comes_first(machine):
    machine.patch(seccomp, "library", lambda: None)
    machine.patch(landlock, "why_not", lambda: "this kernel has no Landlock")
    assert obstacles.of_landlock() == Obstacle("this kernel has no Landlock")


def test_user_namespaces_are_tried_as_an_ordinary_user(machine):
    obstacles.of_namespaces()
    machine.patch(os, "getuid", lambda: 0)
    obstacles.of_namespaces()
    (line, as_user), (_, as_root) = machine.tried
    assert line == ["unshare", "--user", "--map-root-user", "true"]
    assert as_user == {"cwd": "/", "capture_output": True, "check": False}
    assert as_root == {**as_user, "user": 65534, "group": 65534, "extra_groups": ()}


def test_where_it_cannot_be_tried_only_bubblewrap_can_tell(machine):
    machine.raises = FileNotFoundError("unshare")
    put(machine, "user.max_user_namespaces", 0)
    assert obstacles.of_namespaces() is None


@pytest.mark.parametrize(
    ("name", "forbids", "allows"),
    [
        ("kernel.unprivileged_userns_clone", 0, 1),
        ("user.max_user_namespaces", 0, 10000),
        ("kernel.apparmor_restrict_unprivileged_userns", 1, 0),
    ],
)
def test_a_setting_that_forbids_namespaces_is_named_with_what_allows_them(name, forbids, allows, machine):
    put(machine, name, forbids)
    assert obstacles.of_namespaces() is None, "where it works, no setting is asked"
    machine.refuses = 1
    says = f"user namespaces are forbidden: {name} is {forbids} (`sysctl -w {name}={allows}`)"
    assert str(obstacles.of_namespaces()) == says
    put(machine, name, allows)
    assert "forbidden" not in str(obstacles.of_namespaces())


def test_two_settings_are_both_named(machine):
    machine.refuses = 1
    put(machine, "kernel.unprivileged_userns_clone", 0)
    put(machine, "user.max_user_namespaces", 0)
    assert str(obstacles.of_namespaces()) == (
        "user namespaces are forbidden: kernel.unprivileged_userns_clone is 0 and user.max_user_namespaces "
        "is 0 (`sysctl -w kernel.unprivileged_userns_clone=1 && sysctl -w user.max_user_namespaces=10000`)"
    )


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("Name:\tx\nSeccomp:\t2\n", "user namespaces are refused by a system call filter, as a container's"),
        (
            "Name:\tx\nSeccomp:\t0\nSeccomp_filters:\t3\n",
            "user namespaces are refused, by no setting that is",
        ),
        ("Name:\t2\n", "user namespaces are refused, by no setting that is known here"),
        (None, "user namespaces are refused, by no setting that is known here"),
    ],
)
def test_a_filter_of_system_calls_refuses_them_too(status, says, machine, tmp_path):
    machine.refuses = 1
    asked = []

    class Status:
        def __new__(cls, path):
            asked.append(path)
            return tmp_path / "status"

    if status is not None:
        (tmp_path / "status").write_text(status)
    machine.patch(obstacles, "Path", Status)
    assert str(obstacles.of_namespaces()).startswith(says)
    assert asked == ["/proc/self/status"]


def test_a_setting_that_is_not_there_is_empty(machine):
    put(machine, "kernel.some_setting", "  12 ")
    assert (setting("kernel.some_setting"), setting("kernel.other")) == ("12", "")
