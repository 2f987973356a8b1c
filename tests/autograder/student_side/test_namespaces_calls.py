"""What is asked of the kernel for a child's own view, call by call, with nothing behind the calls."""

import ctypes
import os
import platform
from types import SimpleNamespace

import pytest
from forks import found_in_a_fork

from autograder.student_side import namespaces

OWN_NAMESPACES = 0x20000 | 0x4000000 | 0x8000000 | 0x10000000 | 0x20000000 | 0x40000000
FLAGS = OWN_NAMESPACES | 0x200000 | 0x1000000 | 17  # a thread id that is renewed; SIGCHLD at the end


class Calls:
    """In the place of a library: notes each call, and answers it as told, else with 0."""

    def __init__(self, **answers):
        self.made, self._answers = [], answers

    def __getattr__(self, name):
        def call(*arguments):
            self.made.append((name, *arguments))
            answer = self._answers.get(name, 0)
            return answer(*arguments) if callable(answer) else answer

        return call


@pytest.mark.parametrize(("machine", "number", "place"), [("x86_64", 56, 2), ("aarch64", 220, 3)])
@pytest.mark.parametrize(("pid", "after"), [(0, "PyOS_AfterFork_Child"), (7, "PyOS_AfterFork_Parent")])
def test_one_call_forks_into_namespaces(monkeypatch, machine, number, place, pid, after):
    libc, python = Calls(), Calls(syscall=pid)
    monkeypatch.setattr(namespaces, "libc", libc)
    monkeypatch.setattr(namespaces, "python", python)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    assert namespaces.fork_apart() == pid
    ((name, option, _, *rest),) = libc.made
    assert (name, option, rest) == ("prctl", 40, [0, 0, 0])
    assert [call[0] for call in python.made] == ["PyOS_BeforeFork", "syscall", after]
    _, called, flags, *others = python.made[1]
    assert (called.value, flags.value) == (number, FLAGS)
    assert [type(each) for each in others].index(ctypes.c_void_p) == place
    assert others.count(None) == 3


def test_a_fork_that_is_refused_is_an_error_in_the_parent(monkeypatch):
    python = Calls(syscall=-1)
    monkeypatch.setattr(namespaces, "libc", Calls())
    monkeypatch.setattr(namespaces, "python", python)
    with pytest.raises(OSError, match=r"^\[Errno \d+\] clone: "):
        namespaces.fork_apart()
    assert python.made[-1] == ("PyOS_AfterFork_Parent",)


def test_who_it_was_is_written_and_each_file_is_closed(monkeypatch):
    files = Calls(open=9)
    monkeypatch.setattr(
        namespaces,
        "os",
        SimpleNamespace(open=files.open, write=files.write, close=files.close, O_WRONLY=os.O_WRONLY),
    )
    namespaces.keep_user(5, 6)
    assert files.made == [
        step
        for name, text in (("setgroups", b"deny"), ("uid_map", b"5 5 1"), ("gid_map", b"6 6 1"))
        for step in (("open", f"/proc/self/{name}", os.O_WRONLY), ("write", 9, text), ("close", 9))
    ]


def test_places_are_mounted_in_their_order_and_what_is_kept_comes_back(monkeypatch, tmp_path):
    held = []

    def mount(source, *others):
        if source.startswith(b"/proc/self/fd/"):
            held.append((int(source.rpartition(b"/")[2]), os.readlink(source)))
        return 0

    libc, made = Calls(mount=mount), []
    monkeypatch.setattr(namespaces, "libc", libc)
    with monkeypatch.context() as patched:
        patched.setattr(os, "makedirs", made.append)
        namespaces.mount_own_places([str(tmp_path)])
    ((descriptor, path),) = held
    assert (path, made) == (os.fsencode(tmp_path), [str(tmp_path)])
    assert libc.made == [
        ("mount", b"proc", b"/proc", b"proc", 15, b""),
        ("mount", b"tmpfs", b"/tmp", b"tmpfs", 6, b"size=67108864,nr_inodes=8192,mode=1777"),
        ("mount", b"tmpfs", b"/dev/shm", b"tmpfs", 14, b"size=16777216,nr_inodes=64,mode=1777"),
        ("mount", b"/proc/self/fd/%d" % descriptor, os.fsencode(tmp_path), None, 4096 | 16384, None),
    ]
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)


@pytest.mark.parametrize(("fails", "what"), [(b"/proc", "mount /proc: "), (None, "bind ")])
def test_a_place_that_cannot_be_mounted_is_named(monkeypatch, tmp_path, fails, what):
    def mount(source, target, kind, flags, data):
        return -1 if fails == target or kind is fails else 0

    monkeypatch.setattr(namespaces, "libc", Calls(mount=mount))
    monkeypatch.setattr(os, "makedirs", lambda path: None)
    with pytest.raises(OSError, match=what):
        namespaces.mount_own_places([str(tmp_path)] if fails is None else [])


@pytest.mark.parametrize("known", [41, 100])
def test_every_capability_that_the_kernel_knows_is_given_up(monkeypatch, known):
    libc = Calls(prctl=lambda option, capability, *rest: 0 if capability < known else -1)
    monkeypatch.setattr(namespaces, "libc", libc)
    namespaces.drop_capabilities()
    *dropped, (name, header, data) = libc.made
    assert dropped == [("prctl", 24, capability, 0, 0, 0) for capability in range(min(known + 1, 64))]
    assert (name, list(header), list(data)) == ("capset", [0x20080522, 0], [0] * 6)


@pytest.mark.parametrize("part", [None, *range(6)])
def test_one_capability_of_any_kind_is_one(monkeypatch, part):
    def capget(header, found):
        assert (list(header), len(found)) == ([0x20080522, 0], 6)
        if part is not None:
            found[part] = 1
        return 0

    monkeypatch.setattr(namespaces, "libc", Calls(capget=capget))
    assert namespaces.has_capabilities() == (part is not None)


@pytest.mark.parametrize("ask", [namespaces.drop_capabilities, namespaces.has_capabilities])
def test_an_answer_about_capabilities_that_is_refused_is_an_error(monkeypatch, ask):
    monkeypatch.setattr(namespaces, "libc", Calls(capset=-1, capget=-1))
    with pytest.raises(OSError, match=r"cap[sg]et: "):
        ask()


def test_an_option_is_set_with_nothing_beside_it(monkeypatch):
    libc = Calls()
    monkeypatch.setattr(namespaces, "libc", libc)
    namespaces.prctl(4, 1)
    assert libc.made == [("prctl", 4, 1, 0, 0, 0)]


def test_the_kernel_knows_the_options_by_these_numbers():
    def work():
        namespaces.prctl(namespaces.PR_SET_NO_NEW_PRIVS, 1)
        namespaces.prctl(namespaces.PR_SET_CHILD_SUBREAPER, 1)
        namespaces.prctl(namespaces.PR_SET_PDEATHSIG, 10)
        found = [ctypes.c_int(), ctypes.c_int()]
        for option, each in zip((2, 37), found, strict=True):
            namespaces.libc.prctl(option, ctypes.byref(each), 0, 0, 0)
        return [namespaces.libc.prctl(39, 0, 0, 0, 0), *(each.value for each in found)]

    assert found_in_a_fork(work) == [1, 10, 1]
