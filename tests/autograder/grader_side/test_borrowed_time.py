"""What the owner of a sandbox answers a fork, and until when: its time begins with the first child."""

import os
import socket
from types import SimpleNamespace

import pytest

from autograder.grader_side import borrowed as module
from autograder.grader_side.borrowed import PACKET, Borrowed, Lender
from autograder.grader_side.errors import SandboxError
from autograder.grader_side.limits import CLOSING_SECONDS, Limits
from autograder.student_side.packages import NONE


class Sandbox:
    """Takes so long for a child, knows how long it waited, and fails when it has an error."""

    def __init__(self, clock):
        self.clock, self.waited, self.takes, self.error, self.done = clock, 0.0, 0.0, None, []
        self.draws = False

    def start_child(self):
        self.clock.now += self.takes
        if self.error is not None:
            raise self.error
        self.done.append(self.draws)
        ours, theirs = socket.socketpair()
        theirs.close()
        return ours

    def end_child(self):
        return "it exited"

    def end_notebook(self):
        self.done.append("ended")
        if self.error is not None:
            raise self.error

    def seconds_without_a_core(self):
        return self.waited


@pytest.fixture
def clock(monkeypatch):
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


@pytest.fixture
def sandbox(clock):
    return Sandbox(clock)


@pytest.fixture
def lender(sandbox):
    return Lender(sandbox, Limits(notebook_seconds=180.0))


def answered(lender, request):
    """The words of an answer, how many descriptors came with it, and the time limit."""
    answer = lender.answer(request)
    for descriptor in answer.descriptors:
        os.close(descriptor)
    return answer.data, len(answer.descriptors), answer.deadline


def test_the_time_begins_with_the_first_child_and_waits_while_one_gets_ready(lender, sandbox, clock):
    sandbox.takes = 2.0
    end = 1002.0 + 180.0 + CLOSING_SECONDS
    assert answered(lender, b"1 start") == (b"1 +", 1, end)
    clock.now += 50.0
    assert answered(lender, b"2 end") == (b"2 +it exited", 0, end)
    assert answered(lender, b"3 start figures") == (b"3 +", 1, end + 2.0)
    assert answered(lender, b"4 start") == (b"4 +", 1, end + 4.0)
    assert sandbox.done == [False, True, False]


def test_what_waited_for_a_core_has_longer_up_to_a_bound(lender, sandbox):
    _, _, end = answered(lender, b"1 start")
    for waited, more in ((10.0, 10.0), (10.0, 10.0), (30.0, 30.0), (600.0, 540.0), (700.0, 540.0)):
        sandbox.waited = waited
        assert answered(lender, b"2 waited") == (f"2 +{waited}".encode(), 0, end + more)


@pytest.mark.parametrize("number", [b"1", b"12345"])
def test_a_failure_is_kept_and_said_in_one_packet(lender, sandbox, number):
    sandbox.error = SandboxError("é" * PACKET)
    data, count, _ = answered(lender, number + b" start")
    assert lender.lost is sandbox.error
    assert (len(data), count, data.partition(b" ")[0]) == (4096, 0, number)
    assert data.partition(b" ")[2].startswith("-éé".encode())


def test_what_the_fork_left_is_ended_if_it_began_anything(lender, sandbox):
    lender.take_back()
    assert sandbox.done == []
    answered(lender, b"1 start")
    sandbox.error = SandboxError("it is gone")
    lender.take_back()
    assert sandbox.done == [False, "ended"]


@pytest.fixture
def borrowed():
    """A sandbox as a fork has it, and the other end, where answers are written before they are asked for."""
    asking, owner = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in (asking, owner):
        end.settimeout(5)
    with asking, owner:
        yield Borrowed(asking, NONE), owner


def test_a_fork_asks_by_number_and_reads_what_it_asked_for(borrowed):
    one, owner = borrowed
    owner.send(b"1 +it exited")
    assert one.end_child() == "it exited"
    owner.send(b"2 +1.5")
    assert one.seconds_without_a_core() == 1.5
    assert [owner.recv(100) for _ in range(2)] == [b"1 end", b"2 waited"]
    assert one.end_notebook() is None
    assert (one.packages, one.draws) == (NONE, False)


@pytest.mark.parametrize(("draws", "asks"), [(False, b"1 start"), (True, b"1 start figures")])
def test_a_child_that_may_draw_is_asked_for_as_such(borrowed, draws, asks):
    one, owner = borrowed
    one.draws = draws
    ours, theirs = socket.socketpair()
    with ours, theirs:
        socket.send_fds(owner, [b"1 +"], [theirs.fileno()])
        with one.start_child() as child:
            child.send(b"here")
            assert ours.recv(100) == b"here"
    assert owner.recv(100) == asks


@pytest.mark.parametrize(
    ("data", "says"), [(b"1 -it is gone", "it is gone"), (b"1 -cut \xc3", "cut \N{REPLACEMENT CHARACTER}")]
)
def test_a_failure_is_raised_with_its_words_even_if_they_are_cut(borrowed, data, says):
    one, owner = borrowed
    owner.send(data)
    with pytest.raises(SandboxError, match=f"^{says}$"):
        one.end_child()


def test_as_much_as_a_packet_holds_is_read(borrowed):
    one, owner = borrowed
    owner.send((b"1 +" + b"x" * 9999)[:4096])
    assert len(one.end_child()) == 4096 - 3


def test_an_owner_that_is_gone_answers_nothing(borrowed):
    one, owner = borrowed
    one._owner = SimpleNamespace(send=len, recvmsg=lambda *sizes: (b"", [], 0, None))
    with pytest.raises(SandboxError):
        one.end_child()
    owner.close()
