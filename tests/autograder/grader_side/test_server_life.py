"""A server from its start to its end: how it is started, asked, believed, and said to be gone."""

import os
import signal
import socket
import subprocess
import sys

import pytest

from autograder.grader_side import server as module
from autograder.grader_side.errors import SandboxError
from autograder.grader_side.server import ServerProcess
from autograder.student_side.confine import Confinement
from autograder.student_side.wire import message_of, payload_of

CONFINEMENT = Confinement(processes=5)
WARM = payload_of([0, "warm", ""])


class Process:
    """The process of a server, as the test has it end: by itself, or only when it is killed."""

    pid, returncode = 4711, 3

    def __init__(self, line, options):
        self.line, self.options, self.waited, self.runs = line, options, [], True

    def poll(self):
        return None if self.runs else self.returncode

    def wait(self, seconds=None):
        self.waited.append(seconds)
        if seconds is not None and self.runs:
            raise subprocess.TimeoutExpired("server", seconds)
        self.runs = False
        return self.returncode


@pytest.fixture
def started(monkeypatch):
    """Starts a server whose process is only noted; gives it, its process and the other end of its socket."""
    made, killed = [], []

    def popen(line, **options):
        made.append((Process(line, options), options["stdin"].dup()))
        return made[-1][0]

    monkeypatch.setattr(module.subprocess, "Popen", popen)
    monkeypatch.setattr(module.os, "killpg", lambda *args: killed.append(args))

    def start(*warm, **options):
        server = ServerProcess(["a", "server"], {"HOME": "/x"}, **options)
        process, theirs = made[-1]
        theirs.settimeout(5)
        for message in warm:
            theirs.send(message)
        process.killed, process.errors = killed, server._errors
        return server, process, theirs

    yield start
    for _, theirs in made:
        theirs.close()


def heard(theirs):
    data, descriptors, _, _ = socket.recv_fds(theirs, 2**20, 1)
    for descriptor in descriptors:
        os.close(descriptor)
    return message_of(data)


def test_a_server_is_started_in_a_session_of_its_own_and_as_a_user(started):
    server, process, _theirs = started()
    assert process.line == ["a", "server"]
    options = process.options
    assert (options["env"], options["cwd"], options["start_new_session"]) == ({"HOME": "/x"}, "/", True)
    assert options["stdout"] == subprocess.DEVNULL
    assert "user" not in options
    assert (server.below.pid, server.alive) == (4711, True)
    server.close()
    assert not server.alive
    other, process, _ = started(user=(5, 6))
    assert [process.options[name] for name in ("user", "group", "extra_groups")] == [5, 6, ()]
    other.close()


def test_a_program_that_is_not_there_is_no_sandbox():
    with pytest.raises(SandboxError, match=r"the sandbox could not be started: .*no-such-program"):
        ServerProcess(["/no-such-program"], {})


def test_a_child_is_asked_for_with_how_it_is_confined(started):
    server, _, theirs = started(WARM)
    server.prepare_child(CONFINEMENT)
    kind, number, names, values = heard(theirs)
    assert (kind, number) == ("start", 1)
    assert dict(zip(names, values, strict=True))["processes"] == 5
    theirs.send(payload_of([1, "started"]))
    with server.start_child(CONFINEMENT) as child:
        assert child.fileno() >= 0
    server.prepare_child(CONFINEMENT)
    assert heard(theirs)[1] == 2, "it is warm only once"
    server.close()


def test_a_child_that_could_not_be_set_up_says_why(started):
    server, _, theirs = started(WARM, payload_of([1, "failed", "no rights"]))
    with pytest.raises(SandboxError, match="a sandboxed process could not be set up: no rights"):
        server.start_child(CONFINEMENT)
    theirs.send(payload_of([2, "started"]))
    server.start_child(CONFINEMENT).close()
    server.close()


def test_figures_are_warmed_once_and_a_prepared_child_given_up(started):
    server, _, theirs = started(WARM)
    server.prepare_child(CONFINEMENT)
    for answer in ([1, "started"], [2, "warm"]):
        theirs.send(payload_of(answer))
    server.warm_figures()
    server.warm_figures()
    assert [heard(theirs)[:2] for _ in range(2)] == [["start", 1], ["figures", 2]]
    theirs.send(payload_of([3, "started"]))
    server.start_child(CONFINEMENT).close()
    assert heard(theirs)[:2] == ["start", 3]
    server.close()


def test_a_server_that_never_gets_warm_is_ended_and_its_last_words_are_said(started):
    server, process, theirs = started()
    process.errors.write(b"first\nImportError: no numpy\n")
    process.errors.flush()
    process.runs = False
    theirs.close()
    process.options["stdin"].close()
    with pytest.raises(SandboxError, match=r"^ImportError: no numpy$"):
        server.prepare_child(CONFINEMENT)
    assert not server.alive


def test_a_server_without_last_words_says_its_code(started):
    server, _process, theirs = started()
    theirs.close()
    with pytest.raises(SandboxError, match=r"^it ended with code 3$"):
        server.warm_figures()


@pytest.mark.parametrize("work", ["warm_figures", "prepare_child", "start_child", "end_child"])
def test_a_server_that_is_gone_is_said_to_be(work, started):
    server, _process, theirs = started(WARM)
    server._wait_until_warm()
    theirs.close()
    arguments = [CONFINEMENT] if "child" in work and work != "end_child" else []
    says = "was lost while it ran a notebook" if work == "end_child" else "is gone"
    with pytest.raises(SandboxError, match=f"the sandbox {says}: "):
        getattr(server, work)(*arguments)
    server.close()


@pytest.mark.parametrize("answer", [b"nonsense", payload_of([3])])
def test_what_is_no_answer_is_none(answer, started, monkeypatch):
    monkeypatch.setattr(module, "ANSWER_SECONDS", 0.05)
    server, _, _theirs = started(WARM, answer)
    with pytest.raises(SandboxError, match="the sandbox is gone: the sandbox does not answer"):
        server.start_child(CONFINEMENT)
    server.close()


@pytest.mark.parametrize(
    ("status", "how"),
    [
        (None, ""),
        (0, "it exited with code 0"),
        (3 << 8, "it exited with code 3"),
        (signal.SIGKILL, "it was killed, most likely for its memory"),
        (signal.SIGSEGV, "it was ended by SIGSEGV"),
    ],
)
def test_how_a_child_ended_is_said_in_words(status, how, started):
    server, _, theirs = started(WARM)
    server._wait_until_warm()
    theirs.send(payload_of([1, "ended", None if status is None else int(status)]))
    assert server.end_child() == how
    assert heard(theirs)[:2] == ["end", 1]
    server.close()


def test_a_warm_server_may_end_by_itself_and_another_is_killed_with_its_group(started):
    server, process, _ = started(WARM)
    server._wait_until_warm()
    server.close()
    assert process.waited == [0.5, None]
    assert process.killed == [(4711, signal.SIGKILL)]
    server.close()
    cold, process, _ = started()
    cold.close()
    assert process.waited == [0.0, None]
    ended, process, _ = started()
    process.runs = False
    process.killed.clear()
    ended.close()
    assert (process.waited, process.killed) == ([0.0], [])


def test_a_real_process_is_ended():
    server = ServerProcess([sys.executable, "-I", "-c", "import time; time.sleep(60)"], {})
    assert server.alive
    server.close()
    with pytest.raises(ProcessLookupError):
        os.kill(server.below.pid, 0)
