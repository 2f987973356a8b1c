"""The program of the warm server, run in a fork of the test process with a socket as its input."""

import gc
import os
import socket
import sys

import pytest
from forks import found_in_a_fork

from autograder.student_side import namespaces, server
from autograder.student_side.packages import Packages
from autograder.student_side.wire import message_of, payload_of

if sys.platform != "linux":
    pytest.skip("the server's children are confined on Linux", allow_module_level=True)


def as_main(prepare, *paths):
    """What the program says, to a grader's end that is as `prepare` leaves it, and what it leaves."""

    def work():
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        control.settimeout(10)
        os.dup2(theirs.fileno(), 0)
        theirs.close()
        gc.unfreeze()
        prepare(control)
        sys.argv = ["server", Packages(plain=("one",)).as_argument(), *map(str, paths)]
        server.main()
        said = []
        while control.fileno() >= 0 and (data := control.recv(2**20)):
            said.append(message_of(data))
        flag = namespaces.ctypes.c_int()
        namespaces.libc.prctl(37, namespaces.ctypes.byref(flag), 0, 0, 0)
        link = os.readlink("/proc/self/fd/0")
        return [said, link, os.read(0, 1) == b"", gc.isenabled(), gc.get_freeze_count() > 0, flag.value]

    return found_in_a_fork(work)


@pytest.fixture
def warmed(monkeypatch):
    """In place of a warm shell there are the names of the packages that it would import."""
    monkeypatch.setattr(server, "warm_shell", lambda packages: packages.plain)


def shut(control):
    control.send(payload_of(["end", 4]))
    control.shutdown(socket.SHUT_WR)


def test_the_program_says_when_it_is_warm_serves_and_tidies_up(warmed, tmp_path):
    paths = [tmp_path / "one", tmp_path / "two"]
    for path in paths:
        path.mkdir()
    said, link, empty, collects, frozen, adopts = as_main(shut, *paths)
    assert said == [[0, "warm", sys.version.split()[0]], [4, "ended", None]]
    assert (link, empty, collects, frozen, adopts) == ("/dev/null", True, False, True, 1)
    assert not any(path.exists() for path in paths)


def test_the_shell_is_that_of_its_packages_and_the_places_are_those_to_be_removed(warmed, monkeypatch):
    def noted(control, shell, packages, places):
        raise ZeroDivisionError(shell, packages.plain, places)

    monkeypatch.setattr(server, "Server", noted)
    with pytest.raises(AssertionError, match=r"ZeroDivisionError\(\('one',\), \('one',\), \['/here'\]\)"):
        as_main(shut, "/here")


@pytest.mark.parametrize("how", ["gone", "nonsense", "gone with something unread"])
def test_the_program_tidies_up_whatever_becomes_of_the_graders_side(warmed, monkeypatch, tmp_path, how):
    controls = []
    serve = server.Server.serve

    def prepare(control):
        controls.append(control)
        if how == "gone":
            control.close()
        elif how == "nonsense":
            control.send(b"nonsense")
            control.shutdown(socket.SHUT_WR)

    def served(self):
        if how == "gone with something unread":
            controls[0].close()
        serve(self)

    def close(self):
        (tmp_path / "closed").write_text("")

    monkeypatch.setattr(server.Server, "serve", served)
    monkeypatch.setattr(server.Server, "close", close)
    (tmp_path / "one").mkdir()
    as_main(prepare, tmp_path / "one")
    assert (tmp_path / "closed").exists()
    assert not (tmp_path / "one").exists()
