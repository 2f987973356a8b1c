"""What the warm server answers is taken for the answer to that request alone."""

import socket
import threading

import pytest

from autograder.grader_side.errors import SandboxError
from autograder.grader_side.server import ServerProcess
from autograder.student_side.confine import Confinement
from autograder.student_side.wire import message_of, payload_of

CONFINEMENT = Confinement(
    memory_bytes=1, cpu_seconds=1, processes=1, file_bytes=1, open_files=1, output_bytes=1, rich_bytes=1
)


class Process:
    """Stands for the process of a server that runs."""

    pid = returncode = 0

    def poll(self):
        return None

    def wait(self, seconds=None):
        return 0


@pytest.fixture
def server(monkeypatch):
    """A warm server, and the end of its socket at which the other process would be."""
    monkeypatch.setattr("autograder.grader_side.server.subprocess.Popen", lambda *a, **k: Process())
    made = ServerProcess([], {})
    made._control.close()
    made._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    theirs.send(payload_of([0, "warm", ""]))
    yield made, theirs
    theirs.close()
    made.close()


def next_request(theirs):
    data, descriptors, _, _ = socket.recv_fds(theirs, 2**20, 1)
    kind, number, *_ = message_of(data)
    return kind, number, [socket.socket(fileno=descriptor) for descriptor in descriptors]


def reply(theirs, number, *words):
    theirs.send(payload_of([number, *words]))


def test_a_start_that_was_answered_too_late_is_not_taken_for_the_next_childs(server, monkeypatch):
    made, theirs = server
    monkeypatch.setattr("autograder.grader_side.server.ANSWER_SECONDS", 0.05)
    with pytest.raises(SandboxError, match="does not answer"):
        made.start_child(CONFINEMENT)
    _, late, (first,) = next_request(theirs)
    reply(theirs, late, "started")
    made.prepare_child(CONFINEMENT)
    kind, number, (second,) = next_request(theirs)
    assert (kind, number) == ("start", late + 1)
    with pytest.raises(SandboxError, match="does not answer"):  # it has not: the answer was the first one's
        made.start_child(CONFINEMENT)
    for one in (first, second):
        one.close()


def test_each_answer_is_waited_for_and_others_are_passed_over(server):
    made, theirs = server
    made.prepare_child(CONFINEMENT)
    _, number, (child,) = next_request(theirs)
    reply(theirs, number - 1, "failed", "an old one")
    reply(theirs, number, "started")
    with made.start_child(CONFINEMENT) as connection:
        child.send(b"hello")
        assert connection.recv(10) == b"hello"
    reply(theirs, number, "started")
    reply(theirs, number + 1, "ended", 9)
    assert "killed" in made.end_child()
    child.close()


def test_a_child_that_was_prepared_and_not_wanted_ends_with_the_last_one(server):
    made, theirs = server
    made.prepare_child(CONFINEMENT)
    _, number, (child,) = next_request(theirs)
    reply(theirs, number, "started")
    reply(theirs, number + 1, "ended", None)
    assert made.end_child() == ""
    assert child.recv(10) == b""  # nobody holds the other end
    child.close()


def test_an_answer_is_waited_for_as_long_as_was_said(server):
    made, theirs = server
    made._wait_until_warm()
    later = threading.Timer(0.1, reply, (theirs, made._asked, "started", 3))
    later.start()
    assert made._receive(60) == ["started", 3]
    later.join()


def test_when_the_time_is_over_what_is_there_is_read_and_nothing_is_waited_for(server):
    made, theirs = server
    made._wait_until_warm()
    reply(theirs, made._asked, "there")
    assert made._receive(0) == ["there"]
    with pytest.raises(SandboxError, match="does not answer: timed out"):
        made._receive(0)


def test_of_the_last_words_the_last_line_is_said_and_not_more_than_4000_bytes_of_it(server):
    made, _ = server
    made._errors.write(b"first\n" + b"x" * 5000 + b"\n")
    assert made._last_words() == "x" * 3999
    made._errors.write(b"last \xff\n\n")
    assert made._last_words() == "last \ufffd"


def test_a_child_whose_answer_says_that_it_failed_is_given_up(server):
    made, theirs = server
    made.prepare_child(CONFINEMENT)
    _, number, (child,) = next_request(theirs)
    reply(theirs, number, "failed", "no memory")
    with pytest.raises(SandboxError, match="could not be set up: no memory"):
        made.start_child(CONFINEMENT)
    assert made._prepared is None
    assert child.recv(1) == b""
    child.close()


def test_a_child_that_cannot_be_asked_for_is_given_up(server):
    made, theirs = server
    made._wait_until_warm()
    theirs.close()
    with pytest.raises(SandboxError, match="the sandbox is gone"):
        made.prepare_child(CONFINEMENT)
    assert made._prepared is None


@pytest.mark.parametrize("gone", ["the process", "the connection"])
def test_a_server_runs_while_its_process_and_its_connection_do(server, monkeypatch, gone):
    made, _ = server
    assert made.alive
    if gone == "the process":
        monkeypatch.setattr(made._process, "poll", lambda: 0, raising=False)
    else:
        made._control.close()
    assert not made.alive
