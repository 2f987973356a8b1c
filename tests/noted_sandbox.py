"""Sandboxes whose servers are only noted: nothing is started."""

import os
from pathlib import Path

from autograder.grader_side import obstacles, sandbox
from autograder.student_side.busy import Below

FACTS = {
    "uid": 65534,
    "reads": True,
    "network": False,
    "writable": False,
    "capabilities": False,
    "no_new_privs": True,
    "own_pids": True,
    "seccomp": True,
}


class World:
    """What was started and ended; ``fails`` are errors of the next servers, ``facts`` what probes find.

    ``group_there``: there are memory groups; ``renews``: a scratch directory can be made anew.
    """

    def __init__(self):
        self.servers, self.groups, self.scratches, self.done = [], [], [], []
        self.fails, self.facts, self.probed = [], dict(FACTS), []
        self.group_there = self.renews = True


def noted_world(monkeypatch):
    """A machine on which servers, groups and scratch directories are only noted."""
    world = World()

    class Server:
        def __init__(self, command, environment, user=None):
            error = world.fails.pop(0) if world.fails else None
            if error is not None:
                raise error
            self.command, self.environment, self.user = command, environment, user
            self.alive, self.below, self.how = True, Below(4711), "it exited"
            world.servers.append(self)

        def __getattr__(self, name):
            def noted(*arguments):
                world.done.append((name, world.servers.index(self), *arguments))
                return self.how if name == "end_child" else f"child of {world.servers.index(self)}"

            return noted

    class Connection:
        def __init__(self, connected):
            self.connected = connected

        def __enter__(self):
            return self

        def __exit__(self, *error):
            world.done.append(("hung up", self.connected))

        def probe(self, deadline):
            world.probed.append(deadline)
            return world.facts

    class Group:
        @classmethod
        def make(cls, limit):
            world.groups.append(limit)
            return cls() if world.group_there else None

        def joined(self, line):
            return ["joined", *line]

        def remove(self):
            world.done.append(("group removed",))

    class Scratch:
        def __init__(self, user):
            self.path = f"/scratch/{len(world.scratches)}"
            world.scratches.append(user)

        def remove(self):
            world.done.append(("scratch removed", self.path))

        def renewed(self):
            world.done.append(("scratch renewed", self.path))
            return world.renews

    monkeypatch.setattr(sandbox, "ServerProcess", Server)
    monkeypatch.setattr(sandbox, "Connection", Connection)
    monkeypatch.setattr(sandbox, "MemoryGroup", Group)
    monkeypatch.setattr(sandbox, "Scratch", Scratch)
    monkeypatch.setattr(sandbox.command, "bubblewrap", lambda packages: ["bwrap", packages])
    monkeypatch.setattr(sandbox.command, "bare", lambda path, packages: ["bare", path, packages])
    monkeypatch.setattr(sandbox.command, "bare_environment", lambda path: {"HOME": path})
    monkeypatch.setattr(sandbox.visible, "environment", lambda: [Path("/tmp/env"), Path("/opt/python")])
    monkeypatch.setattr(sandbox.visible, "readable", lambda shown: ["readable", *shown])
    monkeypatch.setattr(sandbox.visible, "closed", lambda shown: [])
    monkeypatch.setattr(sandbox.landlock, "version", lambda: 3)
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    for name in ("of_bubblewrap", "of_landlock", "of_namespaces"):
        monkeypatch.setattr(obstacles, name, lambda: None)
    return world


def confinement_of(world, number=-1):
    """The confinement with which the last child was started or prepared, or an earlier one."""
    return [entry[2] for entry in world.done if entry[0] in ("start_child", "prepare_child")][number]
