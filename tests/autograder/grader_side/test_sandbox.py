"""The ladder of walls, with servers that are only noted: which rung is tried how, and what is ended when."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from noted_sandbox import confinement_of

from autograder.grader_side import obstacles, sandbox
from autograder.grader_side.clock import Deadline
from autograder.grader_side.errors import SandboxError
from autograder.grader_side.limits import Limits
from autograder.grader_side.obstacles import Obstacle
from autograder.grader_side.sandbox import PROBE_SECONDS, REFUSED, SERVER_MB, UNSAFE, Sandbox
from autograder.student_side.packages import Packages

LIMITS = Limits(
    notebook_seconds=20.5, memory_mb=300, processes=7, file_mb=5, open_files=33, output_kb=11, rich_kb=13
)
PACKAGES = Packages(("course",))


def test_the_strongest_rung_is_taken_and_said_in_one_line(world):
    box = Sandbox("auto", LIMITS, PACKAGES)
    assert box.rung == "bubblewrap"
    assert not box.shares_machine
    assert box.in_force == (
        "bubblewrap, user 65534, no network, system and environment read-only, no new privileges, own "
        "processes, mounts and memory segments for each notebook, system calls filtered, "
        "300 MB for all of a notebook's processes"
    )
    assert [server.command for server in world.servers] == [["joined", "bwrap", PACKAGES]]
    assert world.servers[0].environment == {}
    assert world.groups == [(300 + SERVER_MB) * 2**20]
    assert SERVER_MB == 512
    assert [entry[0] for entry in world.done] == ["start_child", "hung up", "end_child"]
    assert world.done[1] == ("hung up", "child of 0")
    assert (box.packages, box.draws) == (PACKAGES, False)


def test_a_probe_has_a_limit(world):
    Sandbox("auto", LIMITS)
    (deadline,) = world.probed
    assert type(deadline) is Deadline
    assert PROBE_SECONDS == 10.0


def test_a_child_is_confined_by_the_limits(world):
    Sandbox("bubblewrap", LIMITS)
    confined = confinement_of(world)
    assert (confined.memory_bytes, confined.cpu_seconds, confined.processes) == (300 * 2**20, 42, 7)
    assert (confined.file_bytes, confined.open_files) == (5 * 2**20, 33)
    assert (confined.output_bytes, confined.rich_bytes) == (11_000, 13_000)
    assert (confined.own_namespaces, confined.seccomp, confined.landlock) == (True, True, False)
    assert confined.kept == ["/tmp/env"]


def test_where_namespaces_do_not_nest_it_is_tried_without(world):
    world.fails = [SandboxError("no namespaces in namespaces")]
    world.facts |= {"own_pids": False, "seccomp": False, "uid": 0}
    world.group_there = False
    box = Sandbox("bubblewrap", LIMITS)
    assert box.in_force == (
        "bubblewrap, user 0 without capabilities, no network, system and environment read-only, no new "
        "privileges, a new sandbox for each notebook, system calls not filtered (no libseccomp), "
        "300 MB for each process"
    )
    assert world.servers[0].command == ["bwrap", sandbox.NONE]
    assert (confinement_of(world).own_namespaces, confinement_of(world).seccomp) == (False, True)


def test_below_bubblewrap_there_is_landlock(world, monkeypatch):
    monkeypatch.setattr(obstacles, "of_bubblewrap", lambda: Obstacle("no bwrap", "install it"))
    box = Sandbox("auto", LIMITS, PACKAGES)
    assert box.rung == "landlock"
    assert box.shares_machine
    assert box.in_force.startswith("Landlock version 3, user 65534, no network")
    (server,) = world.servers
    assert server.command == ["joined", "bare", "/scratch/0", PACKAGES]
    assert (server.environment, server.user, world.scratches) == ({"HOME": "/scratch/0"}, None, [None])
    confined = confinement_of(world)
    assert (confined.own_namespaces, confined.landlock, confined.seccomp) == (False, True, True)
    assert (confined.readable, confined.scratch, confined.kept) == (["readable", "course"], "/scratch/0", [])


def test_no_sandbox_says_that_it_is_none(world):
    box = Sandbox("none", LIMITS)
    assert (box.rung, box.in_force) == ("none", UNSAFE)
    assert world.groups == []
    assert world.done == []
    assert world.servers[0].command == ["bare", "/scratch/0", sandbox.NONE]
    box.start_child()
    confined = confinement_of(world)
    assert (confined.own_namespaces, confined.landlock, confined.seccomp) == (False, False, False)


def test_where_nothing_holds_each_rung_says_why(world, monkeypatch):
    monkeypatch.setattr(obstacles, "of_landlock", lambda: Obstacle("no Landlock"))
    monkeypatch.setattr(obstacles, "of_namespaces", lambda: Obstacle("they are forbidden", "sysctl"))
    world.fails = [SandboxError("bwrap failed"), SandboxError("bwrap failed")]
    with pytest.raises(SandboxError) as error:
        Sandbox("auto", LIMITS)
    assert str(error.value) == (
        f"{REFUSED}: bubblewrap: they are forbidden (`sysctl`) (bwrap failed); landlock: no Landlock"
    )
    assert world.done[-1] == ("group removed",)


def test_other_reasons_are_named_one_after_the_other(world, monkeypatch):
    world.fails = [SandboxError("one"), SandboxError("two")]
    with pytest.raises(SandboxError, match=f"^{REFUSED}: bubblewrap: one; then two$"):
        Sandbox("bubblewrap", LIMITS)
    monkeypatch.setattr(obstacles, "of_namespaces", lambda: Obstacle("they are forbidden"))
    world.fails = [SandboxError("gone")]
    with pytest.raises(SandboxError, match=rf"^{REFUSED}: landlock: gone$"):
        Sandbox("landlock", LIMITS)
    assert ("scratch removed", "/scratch/0") in world.done


def test_a_program_that_is_missing_is_a_sandbox_that_is(world, monkeypatch):
    def missing(packages):
        raise FileNotFoundError("setpriv is not installed")

    monkeypatch.setattr(sandbox.command, "bubblewrap", missing)
    with pytest.raises(SandboxError, match="bubblewrap: setpriv is not installed"):
        Sandbox("bubblewrap", LIMITS)


def test_a_user_that_the_machine_does_not_have_is_not_the_last_that_is_tried(world, monkeypatch):
    world.fails = [OSError(22, "Invalid argument"), None]
    monkeypatch.setattr(sandbox, "_ways", lambda rung, packages: [(False, (65534, 65534)), (False, (0, 0))])
    assert Sandbox("landlock", LIMITS).rung == "landlock"
    assert ("scratch removed", "/scratch/0") in world.done


def test_whatever_else_goes_wrong_leaves_nothing_behind(world):
    world.fails = [KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        Sandbox("landlock", LIMITS)
    assert world.done == [("scratch removed", "/scratch/0"), ("group removed",)]


@pytest.mark.parametrize(
    ("fact", "value", "says"),
    [
        ("reads", False, "bubblewrap, as user 65534, cannot read Python's own files"),
        ("network", True, "bubblewrap does not hold: a probe reached the network or could write outside"),
        ("writable", True, "bubblewrap does not hold: a probe reached the network or could write outside"),
        ("capabilities", True, "bubblewrap does not hold: a probe kept privileges, or could gain some"),
        ("no_new_privs", False, "bubblewrap does not hold: a probe kept privileges, or could gain some"),
    ],
)
def test_a_wall_that_a_probe_finds_not_to_hold_is_none(fact, value, says, world):
    world.facts[fact] = value
    with pytest.raises(SandboxError, match=says):
        Sandbox("bubblewrap", LIMITS)
    assert [entry[0] for entry in world.done].count("close") == len(world.servers) == 2


def users_tried(world, monkeypatch, owners, wanted="landlock"):
    """As which users root tries a rung, when each fails; ``owners`` are those of closed directories."""
    stat = {Path(f"/closed/{k}"): SimpleNamespace(st_uid=u, st_gid=g) for k, (u, g) in enumerate(owners)}
    monkeypatch.setattr(os, "getuid", lambda: 0)
    monkeypatch.setattr(sandbox.visible, "closed", lambda shown: list(stat))
    monkeypatch.setattr(os, "stat", lambda path: stat[path])
    world.fails = [SandboxError("no")] * 9
    with pytest.raises(SandboxError):
        Sandbox(wanted, LIMITS)
    monkeypatch.undo()
    return world.scratches


@pytest.mark.parametrize(
    ("owners", "users"),
    [
        ([], [(65534, 65534), (0, 0)]),
        ([(5, 6)], [(5, 6), (0, 0)]),
        ([(8, 7), (6, 5), (8, 7)], [(6, 5), (8, 7), (0, 0)]),
        ([(0, 0)], [(0, 0)]),
    ],
)
def test_for_landlock_root_becomes_nobody_or_who_owns_a_closed_home(owners, users, world, monkeypatch):
    assert users_tried(world, monkeypatch, owners) == users


def test_root_stays_itself_where_there_is_no_wall(world, monkeypatch):
    assert users_tried(world, monkeypatch, [], "none") == [None]


def test_the_user_that_held_is_the_next_servers_too(world, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: 0)
    box = Sandbox("landlock", LIMITS)
    assert (world.servers[0].user, world.scratches) == ((65534, 65534), [(65534, 65534)])
    box.close_server()
    box.start_child()
    assert (world.servers[1].user, world.scratches[1]) == ((65534, 65534), (65534, 65534))
