"""The warm server's work, in forks of the test process: children begin, end, and keep what they may."""

import gc
import os
import signal
import socket
import sys
import weakref

import pytest
from forks import found_in_a_fork, is_running

from autograder.student_side import namespaces, server
from autograder.student_side.forked import fork
from autograder.student_side.packages import Packages
from autograder.student_side.wire import message_of, payload_of

if sys.platform != "linux":
    pytest.skip("the server's children are confined on Linux", allow_module_level=True)

PR_SET_NAME = 15


def forked(work, *args):
    """The pid of a fork that does some work, and then waits to be killed."""
    child = fork()
    if child == 0:
        try:
            work(*args)
            while True:
                signal.pause()
        finally:
            os._exit(99)
    return child


def dead(child):
    """Wait until a child is dead; its status can still be asked for."""
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)


def idle(child=0):
    made = server.Server(None, None, Packages())
    made._child = child
    return made


def kill_myself(number):
    os.kill(os.getpid(), number)


@pytest.mark.parametrize(
    ("last", "argument", "status"),
    [
        (os._exit, 3, 3 << 8),
        (os._exit, 0, 0),
        (kill_myself, signal.SIGTERM, signal.SIGTERM),
        (kill_myself, signal.SIGKILL, signal.SIGKILL),
    ],
)
def test_of_a_child_that_was_dead_before_it_is_told_how_it_ended(last, argument, status):
    def work():
        child = forked(last, argument)
        dead(child)
        ours = idle(child)
        return [ours._end(), ours._end()]

    assert found_in_a_fork(work) == [status, None]


def test_a_child_that_runs_is_killed_and_has_not_ended_by_itself():
    def work():
        child = forked(lambda: None)
        return [idle(child)._end(), is_running(child)]

    assert found_in_a_fork(work) == [None, False]


@pytest.mark.parametrize(
    ("last", "argument", "status"),
    [(os._exit, 9, 9 << 8), (kill_myself, signal.SIGTERM, signal.SIGTERM)],
)
def test_a_child_that_ends_just_before_it_is_killed_has_ended_by_itself(last, argument, status):
    def work():
        waiting, going = os.pipe()
        child = forked(lambda: os.read(waiting, 1) and last(argument))
        os.kill = lambda pid, number: os.write(going, b"x")  # it ends by itself instead
        return idle(child)._end()

    assert found_in_a_fork(work) == status


def test_where_there_is_no_child_nothing_is_ended():
    def work():
        other = forked(lambda: None)
        said = [idle()._end(), is_running(other)]
        os.kill(other, signal.SIGKILL)
        return said

    assert found_in_a_fork(work) == [None, True]


def test_what_a_child_left_behind_ends_with_it():
    def work():
        namespaces.prctl(namespaces.PR_SET_CHILD_SUBREAPER, 1)
        told, telling = os.pipe()

        def leave(depth):
            if depth:
                os.setsid()
                os.write(telling, f"{forked(leave, depth - 1)}\n".encode())

        child = forked(leave, 3)
        with os.fdopen(told) as file:
            left = [int(file.readline()) for _ in range(3)]
        there = [is_running(pid) for pid in left]
        idle(child).close()
        return [there, [is_running(pid) for pid in (child, *left)]]

    assert found_in_a_fork(work) == [[True] * 3, [False] * 4]


def test_only_ones_own_children_are_found():
    def work():
        mine = [forked(lambda: None) for _ in range(2)]
        found = server._children()
        for child in mine:
            os.kill(child, signal.SIGKILL)
        return [sorted(mine), sorted(found)]

    mine, found = found_in_a_fork(work)
    assert found == mine


@pytest.mark.parametrize("name", [b"a) S 1 (b", b"\xff\xfe", b"\n"])
def test_a_child_is_found_whatever_it_is_called(name):
    def work():
        told, telling = os.pipe()

        def be_called():
            namespaces.libc.prctl(PR_SET_NAME, name, 0, 0, 0)
            os.write(telling, b"!")

        mine = forked(be_called)
        os.read(told, 1)
        found = server._children()
        os.kill(mine, signal.SIGKILL)
        return found == [mine]

    assert found_in_a_fork(work)


def test_figures_get_ready_where_no_child_is_and_whatever_goes_wrong(monkeypatch, tmp_path):
    def fail(*warmed):
        (tmp_path / "matplotlib").mkdir()
        noted.append(list(warmed))
        raise ImportError("no matplotlib")

    noted = []
    monkeypatch.setattr(server, "warm_figures", fail)

    def work():
        gc.unfreeze()
        child = forked(lambda: None)
        ours = server.Server(None, "shell", "packages", [str(tmp_path)])
        ours._child = child
        ready = ours._get_ready_for_figures()
        return [ready, is_running(child), noted, gc.get_freeze_count() > 0, os.listdir(tmp_path)]

    assert found_in_a_fork(work) == [["ready"], False, [["shell", "packages"]], True, []]


def test_what_is_kept_for_forks_is_tidied_first():
    def work():
        gc.disable()
        gc.unfreeze()
        one = Packages()
        object.__setattr__(one, "itself", one)  # a ring, which only a collector takes away
        gone = weakref.ref(one)
        del one
        server._keep_for_forks()
        return [gone() is None, gc.get_freeze_count() > 0]

    assert found_in_a_fork(work) == [True, True]


def test_requests_are_answered_by_their_numbers_until_nobody_asks(monkeypatch):
    monkeypatch.setattr(server, "_fork", lambda *asked: noted.append(asked[1:]) or 0)
    monkeypatch.setattr(server, "warm_figures", lambda *warmed: None)
    monkeypatch.setattr(server, "_keep_for_forks", lambda: None)
    noted = []
    control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with control, theirs, open(os.devnull) as file:
        socket.send_fds(
            control, [payload_of(["start", 5, ["processes", "seccomp"], [7, False]])], [file.fileno()]
        )
        control.send(payload_of(["figures", 6]))
        control.send(payload_of(["end", 7]))
        control.shutdown(socket.SHUT_WR)
        before = os.listdir("/proc/self/fd")
        server.Server(theirs, "shell", Packages()).serve()
        assert os.listdir("/proc/self/fd") == before  # a descriptor was sent, and closed
        answers = [message_of(control.recv(2**20)) for _ in range(3)]
    assert answers == [[5, "started"], [6, "ready"], [7, "ended", None]]
    ((shell, wanted),) = noted
    assert (shell, wanted.processes, wanted.seccomp, wanted.landlock) == ("shell", 7, False, False)


def exit_code(path, function, *args):
    child = fork()
    if child == 0:
        try:
            with open(path, "w", buffering=1) as sys.stderr:
                server._run_and_exit(function, *args)
        finally:
            os._exit(99)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.parametrize(
    ("code", "ends"),
    [("1", 0), ("raise_(EOFError())", 0), ("1 / 0", 71), ("raise_(SystemExit(5))", 71), ("exit_(7)", 7)],
)
def test_a_child_never_goes_on_in_the_servers_own_code(code, ends, tmp_path):
    def raise_(error):
        raise error

    said = tmp_path / "said"
    assert exit_code(said, eval, code, {"raise_": raise_, "exit_": os._exit}) == ends
    assert ("Traceback" in said.read_text()) == (ends == 71)


def is_open(number):
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def test_a_child_keeps_what_it_is_told_to_and_of_what_it_inherited_the_numbers(tmp_path):
    (tmp_path / "file").write_text("text")

    def work():
        pipes = {
            n for n in range(100) if is_open(n) and os.readlink(f"/proc/self/fd/{n}").startswith("pipe:")
        }
        opened = [os.open(tmp_path / "file", os.O_RDONLY) for _ in range(6)]
        for number in range(3):
            os.dup2(opened[0], number)
        if 3 not in pipes:
            opened[0] = os.dup2(opened[0], 3)
        lost, inherited, kept, both, last = *opened[:4], os.dup2(opened[5], 150)
        most = os.sysconf("SC_OPEN_MAX")
        server._keep_only({kept, both} | pipes, {inherited, both, most, most + 7})
        links = {n: os.readlink(f"/proc/self/fd/{n}").rpartition("/")[2] for n in range(200) if is_open(n)}
        expected = {0, 1, 2, inherited, kept, both} | pipes
        wrote = os.write(1, b"x") and os.write(2, b"x")
        return [
            sorted(set(links) ^ expected),
            [links.get(n) for n in (0, 1, 2, lost, inherited, kept, both, last)],
            [wrote, len(os.read(0, 1))],
        ]

    unexpected, links, ends = found_in_a_fork(work)
    assert unexpected == []
    assert links == [*["null"] * 3, None, "null", "file", "file", None]
    assert ends == [1, 0]
