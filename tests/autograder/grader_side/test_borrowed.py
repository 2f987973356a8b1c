"""A sandbox on loan: each answer is that to its question."""

import os
import socket

import pytest

from autograder.grader_side.borrowed import Borrowed, Lender
from autograder.grader_side.errors import SandboxError
from autograder.grader_side.limits import Limits
from autograder.student_side.packages import NONE


class Sandbox:
    """Starts what is one end of a pipe, and knows how children end."""

    def __init__(self):
        self.draws = False
        self.started = []

    def start_child(self):
        ours, theirs = socket.socketpair()
        self.started.append(theirs)
        theirs.send(b"child %d" % len(self.started))
        return ours

    def end_child(self):
        return f"child {len(self.started)} was ended"

    def seconds_without_a_core(self):
        raise SandboxError("it is gone")


@pytest.fixture
def both():
    """A sandbox as a fork has it, and what its owner does with the next packet."""
    asking, owner = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    sandbox = Sandbox()
    lender = Lender(sandbox, Limits())

    def answer():
        answered = lender.answer(owner.recv(1000))
        socket.send_fds(owner, [answered.data], answered.descriptors)
        for descriptor in answered.descriptors:
            os.close(descriptor)

    yield Borrowed(asking, NONE), answer, asking
    for one in (asking, owner, *sandbox.started):
        one.close()


def asked(borrowed, question, answer, asking):
    """Ask, with the owner's answer sent before it is waited for, as there is one thread here."""
    send = asking.send

    class Answering:
        def send(self, data):
            send(data)
            answer()

        def __getattr__(self, name):
            return getattr(asking, name)

    borrowed._owner = Answering()
    return question()


def test_each_question_has_its_answer(both):
    borrowed, answer, asking = both
    with asked(borrowed, borrowed.start_child, answer, asking) as child:
        assert child.recv(100) == b"child 1"
    assert asked(borrowed, borrowed.end_child, answer, asking) == "child 1 was ended"
    with pytest.raises(SandboxError, match="it is gone"):
        asked(borrowed, borrowed.seconds_without_a_core, answer, asking)


def test_an_answer_that_nobody_waited_for_is_passed_over_with_its_descriptors(both):
    borrowed, answer, asking = both
    asking.send(b"0 start")  # by somebody who was stopped while it waited
    answer()
    before = len(os.listdir("/proc/self/fd"))
    assert asked(borrowed, borrowed.end_child, answer, asking) == "child 1 was ended"
    assert len(os.listdir("/proc/self/fd")) == before
    with asked(borrowed, borrowed.start_child, answer, asking) as child:
        assert child.recv(100) == b"child 2"
