"""A child that is a process of its own: it gets ready, says its word, and answers until nobody is there."""

import fcntl
import io
import os
import runpy
import socket
import sys
from types import SimpleNamespace

import pytest

from autograder.student_side import alone, child, outputs, shell
from autograder.student_side.packages import Packages

PACKAGES = Packages(plain=("json",), figures=("csv",))


class Stage:
    """What stands around the program: the grader's end, and notes of what it did, in its order."""

    def __init__(self, listener):
        self.listener = listener
        self.did = []
        self.ends = EOFError
        self.drawing_fails = False
        self.opened, self.connections = [], []

    def dup2(self, source, target):
        if not self.opened:
            self.opened += os.readlink(f"/proc/self/fd/{source}"), fcntl.fcntl(source, fcntl.F_GETFL)
            os.close(source)
        self.did.append(("dup2", target))

    def run(self, program=alone.main):
        """Run the program; only meanwhile, as pytest's own output takes the same way."""
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(os, "dup2", self.dup2)
            program()

    def heard(self):
        """What the child said to the grader's side before it was gone."""
        connection, _ = self.listener.accept()
        with connection:
            connection.settimeout(10)
            data = connection.recv(4096)
            while data and not data.endswith(b"ready"):
                data += connection.recv(4096)
            return data


@pytest.fixture
def stage(monkeypatch):
    """The program's surroundings; this process keeps its own standard input and output."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(10)
    stage = Stage(listener)

    def warm_figures(warm, packages):
        stage.did.append(("figures", warm, packages))
        if stage.drawing_fails:
            raise ImportError("no matplotlib")

    class Serving:
        def __init__(self, channel, *rest):
            self._channel = channel
            stage.did.append(("child", *rest))

        def serve(self):
            self._channel.write(b"ready")
            raise stage.ends

    class Shown:
        def __init__(self, send, *sizes):
            send(["stream", "stdout", "x"])
            stage.shown = sizes

    warm = {"warm_shell": lambda packages: stage.did.append(("shell", packages)) or "warm"}
    warm |= {"warm_figures": warm_figures, "use": lambda *used: stage.did.append(("use", *used))}
    for module, stands in ((shell, warm), (child, {"Child": Serving}), (outputs, {"Outputs": Shown})):
        for name, stand in stands.items():
            monkeypatch.setattr(module, name, stand)
            monkeypatch.setattr(alone, name, stand)
    connect = socket.create_connection

    def connected(where):
        stage.connections.append(connect(where))
        return stage.connections[-1]

    monkeypatch.setattr(socket, "create_connection", connected)
    word = io.BytesIO(b"word\nnever read")
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=word))
    port = str(listener.getsockname()[1])
    monkeypatch.setattr(sys, "argv", ["alone", PACKAGES.as_argument(), port, "11", "22"])
    with listener:
        yield stage
    for connection in stage.connections:
        connection.close()  # else it ends with the process


def test_it_gets_ready_says_its_word_and_answers(stage):
    stage.run()
    kinds = [step[0] for step in stage.did]
    assert kinds == ["shell", "figures", "dup2", "dup2", "dup2", "use", "child"]
    assert stage.did[:2] == [("shell", PACKAGES), ("figures", "warm", PACKAGES)]
    (_, used, shown), (_, served, answering, _) = stage.did[-2:]
    assert (used, served) == ("warm", "warm")
    assert shown is answering
    assert stage.shown == (11, 22)
    heard = stage.heard()
    assert heard.startswith(b"word\n\0")  # then what was shown, as a message
    assert heard.endswith(b"ready")


def test_student_code_finds_nothing_at_the_standard_descriptors(stage):
    stage.run()
    assert [step[1] for step in stage.did if step[0] == "dup2"] == [0, 1, 2]
    path, flags = stage.opened
    assert (path, flags & os.O_ACCMODE) == (os.devnull, os.O_RDWR)


def test_what_is_wrong_with_figures_is_said_where_a_student_draws(stage):
    stage.drawing_fails = True
    stage.run()
    assert stage.did[-1][0] == "child"


@pytest.mark.parametrize("ends", [EOFError, ConnectionResetError])
def test_it_ends_when_the_graders_side_is_gone(stage, ends):
    stage.ends = ends
    stage.run()
    assert stage.did[-1][0] == "child"


def test_an_error_of_its_own_is_not_hidden(stage):
    stage.ends = ZeroDivisionError
    with pytest.raises(ZeroDivisionError):
        stage.run()


def test_it_is_a_program(stage, monkeypatch):
    monkeypatch.delitem(sys.modules, "autograder.student_side.alone")
    stage.run(lambda: runpy.run_module("autograder.student_side.alone", run_name="__main__"))
    assert stage.did[-1][0] == "child"
    assert stage.heard().startswith(b"word\n")
