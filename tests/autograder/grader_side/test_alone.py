"""Children that are processes of their own: started ahead, known by a word, ended with all."""

import os
import socket
import subprocess
import sys
import time

import pytest
from forks import is_running

from autograder.grader_side import alone
from autograder.grader_side.alone import FreshProcesses
from autograder.grader_side.errors import SandboxError
from autograder.student_side.confine import Confinement

CONFINEMENT = Confinement(output_bytes=11, rich_bytes=22)
CHILD = """
import os, socket, sys
known_by = sys.stdin.buffer.read()
port, output, rich = map(int, sys.argv[1:])
with socket.create_connection(("127.0.0.1", port)) as connection:
    connection.sendall(known_by)
    connection.sendall(f"{os.getpid()} {output} {rich} {os.getcwd()} {os.environ.get('OURS')}\\n".encode())
    connection.recv(1)
sys.exit(3)
"""
STRANGER_FIRST = """
import socket, sys
stranger = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
stranger.sendall(b"0" * 32 + b"\\n")
silent = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
silent.close()
"""


@pytest.fixture
def fresh(tmp_path, monkeypatch):
    """Fresh processes that run a program, closed in the end; what never comes is not waited for long."""
    made = []
    assert alone.START_SECONDS == 120.0
    monkeypatch.setattr(alone, "START_SECONDS", 10.0)

    def fresh(program=CHILD):
        made.append(FreshProcesses([sys.executable, "-I", "-c", program], {"OURS": "yes"}, str(tmp_path)))
        return made[-1]

    yield fresh
    for each in made:
        each.close()


def said(connection):
    """The first line that a child says of itself."""
    with connection.makefile("r") as lines:
        return lines.readline().split()


def test_a_child_connects_with_its_word_and_has_what_it_needs(fresh, tmp_path):
    processes = fresh()
    assert processes.alive
    with processes.start_child(CONFINEMENT) as connection:
        pid, *rest = said(connection)
        assert rest == ["11", "22", str(tmp_path), "yes"]
        assert is_running(int(pid))
        assert connection.gettimeout() == 10.0
        assert processes.end_child() == ""
    assert not is_running(int(pid))


def test_each_child_is_another_process_and_the_one_before_is_ended(fresh):
    processes = fresh()
    with processes.start_child(CONFINEMENT) as one:
        first = int(said(one)[0])
        with processes.start_child(CONFINEMENT) as two:
            second = int(said(two)[0])
            assert first != second
            assert not is_running(first)
            assert is_running(second)


def test_a_child_that_was_started_ahead_is_taken(fresh, monkeypatch):
    processes, started = fresh(), []
    popen = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *a, **k: started.append(popen(*a, **k)) or started[-1])
    processes.prepare_child(CONFINEMENT)
    with processes.start_child(CONFINEMENT) as connection:
        assert [process.pid for process in started] == [int(said(connection)[0])]
    processes.warm_figures()
    assert len(started) == 1


def test_the_search_path_for_programs_is_ours(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "/our/path")
    processes = FreshProcesses([sys.executable], {"PATH": "/other"}, str(tmp_path))
    processes.close()
    assert processes._environment["PATH"] == "/our/path"


def test_a_stranger_that_does_not_know_the_word_is_turned_away(fresh):
    processes = fresh(STRANGER_FIRST + CHILD)
    with processes.start_child(CONFINEMENT) as connection:
        assert said(connection)[1:3] == ["11", "22"]


def test_how_a_child_ended_by_itself_is_said(fresh):
    processes = fresh()
    connection = processes.start_child(CONFINEMENT)
    pid = int(said(connection)[0])
    connection.close()
    end = time.monotonic() + 60
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None and time.monotonic() < end:
        time.sleep(0.01)
    assert processes.end_child() == "it ended with code 3"
    assert processes.end_child() == ""


def test_a_child_that_does_not_connect_is_no_sandbox(fresh, monkeypatch):
    monkeypatch.setattr(alone, "START_SECONDS", 0.1)
    with pytest.raises(SandboxError, match="a process for the notebook did not start: timed out"):
        fresh("").start_child(CONFINEMENT)


def test_to_close_ends_all_and_can_be_done_twice(fresh, monkeypatch):
    started = []
    popen = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *a, **k: started.append(popen(*a, **k)) or started[-1])
    processes = fresh()
    with processes.start_child(CONFINEMENT):
        processes.prepare_child(CONFINEMENT)
        port = processes._listener.getsockname()[1]
        assert [process.poll() for process in started] == [None, None]
        processes.close()
    assert [process.poll() is not None for process in started] == [True, True]
    processes.close()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port))
