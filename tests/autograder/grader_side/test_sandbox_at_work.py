"""A sandbox at work, with servers that are only noted: what is started, ended and replaced when."""

import os

import pytest
from noted_sandbox import confinement_of

from autograder.grader_side import sandbox
from autograder.grader_side.errors import SandboxError
from autograder.grader_side.limits import Limits
from autograder.grader_side.sandbox import Sandbox
from autograder.student_side.packages import Packages

LIMITS, PACKAGES = Limits(memory_mb=300), Packages(("course",))


def test_a_child_starts_in_the_server_that_runs_and_on_this_threads_cores(world, monkeypatch):
    box = Sandbox("bubblewrap", LIMITS)
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {3, 1})
    world.done.clear()
    assert box.start_child() == "child of 0"
    assert [entry[:2] for entry in world.done] == [("start_child", 0)]
    assert confinement_of(world).cores == [1, 3]
    assert confinement_of(world).memory_bytes == 300 * 2**20


def test_a_server_that_died_is_replaced(world):
    box = Sandbox("bubblewrap", LIMITS)
    world.servers[0].alive = False
    world.done.clear()
    assert box.start_child() == "child of 1"
    assert [entry[:2] for entry in world.done] == [("close", 0), ("start_child", 1)]


def test_a_notebook_that_may_draw_has_a_child_that_is_ready_to(world):
    box = Sandbox("bubblewrap", LIMITS)
    world.done.clear()
    box.draws = True
    box.start_child()
    assert [entry[0] for entry in world.done] == ["warm_figures", "start_child"]


def test_when_a_child_ends_the_next_is_prepared(world):
    box = Sandbox("bubblewrap", LIMITS)
    world.done.clear()
    assert box.end_child() == "it exited"
    assert [entry[0] for entry in world.done] == ["end_child", "prepare_child"]
    assert confinement_of(world).cores == sorted(os.sched_getaffinity(0))
    box.close_server()
    world.done.clear()
    assert box.end_child() == ""
    assert world.done == []


def test_after_a_notebook_with_namespaces_of_its_own_the_server_goes_on(world):
    box = Sandbox("bubblewrap", LIMITS)
    world.done.clear()
    box.end_notebook()
    assert [entry[:2] for entry in world.done] == [("end_child", 0), ("prepare_child", 0)]
    assert len(world.servers) == 1


def test_behind_landlock_the_server_goes_on_with_a_scratch_directory_made_anew(world):
    box = Sandbox("landlock", LIMITS)
    world.done.clear()
    box.end_notebook()
    assert [entry[:2] for entry in world.done] == [
        ("end_child", 0), ("scratch renewed", "/scratch/0"), ("prepare_child", 0),
    ]  # fmt: skip
    assert confinement_of(world).scratch == "/scratch/0"
    assert len(world.servers) == 1


def test_where_it_cannot_be_made_anew_a_new_server_warms_up(world):
    box = Sandbox("landlock", LIMITS)
    world.done.clear()
    world.renews = False
    box.end_notebook()
    assert [entry[:2] for entry in world.done] == [
        ("end_child", 0), ("scratch renewed", "/scratch/0"), ("close", 0), ("scratch removed", "/scratch/0"),
    ]  # fmt: skip
    assert [server.command[2] for server in world.servers] == ["/scratch/0", "/scratch/1"]
    assert box.start_child() == "child of 1"


def test_inside_bubblewrap_a_notebook_without_its_own_namespaces_leaves_no_server(world):
    world.fails = [SandboxError("no namespaces inside")]
    box = Sandbox("bubblewrap", LIMITS)
    world.done.clear()
    box.end_notebook()
    assert [entry[:2] for entry in world.done] == [("end_child", 0), ("close", 0)]
    assert len(world.servers) == 2


def test_without_a_wall_the_server_goes_on(world):
    box = Sandbox("none", LIMITS)
    box.end_notebook()
    assert [entry[0] for entry in world.done] == ["end_child", "prepare_child"]
    assert len(world.servers) == 1


def test_a_notebook_may_end_when_the_server_is_closed(world):
    box = Sandbox("landlock", LIMITS)
    box.close_server()
    world.done.clear()
    box.end_notebook()
    assert world.done == []
    assert len(world.servers) == 1


def test_a_server_that_cannot_end_its_child_is_closed_all_the_same(world, monkeypatch):
    box = Sandbox("landlock", LIMITS)

    def lost():
        raise SandboxError("lost")

    world.servers[0].end_child = lost
    with pytest.raises(SandboxError, match="lost"):
        box.end_notebook()
    assert ("close", 0) in world.done
    assert len(world.servers) == 1


def test_waits_are_counted_of_what_runs_below_the_server_anew_for_each_notebook(world, monkeypatch):
    looked, made = [], []

    class Waits:
        def __init__(self, look):
            self._look = look
            made.append(self)

        def seconds(self):
            self._look()
            return 1.5

    monkeypatch.setattr(sandbox, "Waits", Waits)
    box = Sandbox("bubblewrap", LIMITS)
    monkeypatch.setattr(world.servers[0].below, "look", lambda: looked.append("below"))
    assert [box.seconds_without_a_core() for _ in range(2)] == [1.5, 1.5]
    assert (looked, len(made)) == (["below", "below"], 1)
    box.end_notebook()
    box.seconds_without_a_core()
    assert len(made) == 2
    box.close_server()
    assert box.seconds_without_a_core() == 0.0


def test_to_close_ends_all_and_can_be_done_twice(world):
    box = Sandbox("landlock", LIMITS)
    world.done.clear()
    box.close()
    assert world.done == [("close", 0), ("scratch removed", "/scratch/0"), ("group removed",)]
    box.close()
    assert world.done[3:] == [("group removed",)]
    world.group_there = False
    Sandbox("landlock", LIMITS).close()


def test_outside_linux_each_child_is_a_process_of_its_own(world, monkeypatch):
    made = []
    monkeypatch.setattr(sandbox.sys, "platform", "darwin")
    monkeypatch.setattr(sandbox.command, "alone", lambda packages: ["alone", packages])

    class Fresh:
        alive = True

        def __init__(self, *arguments):
            made.append(arguments)

        def start_child(self, confinement):
            return confinement

        def end_child(self):
            return ""

        def prepare_child(self, confinement):
            made.append(confinement)

    monkeypatch.setattr(sandbox, "FreshProcesses", Fresh)
    box = Sandbox("none", LIMITS, PACKAGES)
    assert made == [(["alone", PACKAGES], {"HOME": "/scratch/0"}, "/scratch/0")]
    assert box.start_child().cores == []
    assert box.seconds_without_a_core() == 0.0
    box.end_notebook()
    assert made[1].scratch == "/scratch/0"
