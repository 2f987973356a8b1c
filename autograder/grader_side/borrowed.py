"""A sandbox lent to a fork of the process that holds it: the fork talks with children, its owner ends them.

A submission is checked in a process that may die at any moment. The warm server, its socket and the state of
what was asked of it stay with the owner, which so can always end what the fork left.
"""

from __future__ import annotations

import contextlib
import os
import socket
import time

from autograder.disposable import Reply
from autograder.grader_side.errors import SandboxError
from autograder.grader_side.limits import CLOSING_SECONDS, Limits
from autograder.grader_side.sandbox import Sandbox
from autograder.student_side.busy import longest
from autograder.student_side.packages import Packages

PACKET = 2**12


class Borrowed:
    """The sandbox as the fork has it, over the socket to its owner."""

    def __init__(self, owner: socket.socket, packages: Packages, *, shares_machine: bool = False) -> None:
        self._owner = owner
        self.shares_machine = shares_machine
        self._asked = 0
        self.packages = packages
        self.draws = False

    def start_child(self) -> socket.socket:
        """The connection to a fresh child; SandboxError when none can be started."""
        (descriptor,) = self._ask(b"start figures" if self.draws else b"start")[1]
        return socket.socket(fileno=descriptor)

    def end_child(self) -> str:
        """Kill the child and all that it started; what it died of, if it was dead before, in words."""
        return self._ask(b"end")[0]

    def seconds_without_a_core(self) -> float:
        """How long this notebook's children have waited for a core that others had."""
        return float(self._ask(b"waited")[0])

    def end_notebook(self) -> None:
        """Nothing: the owner does it when the fork is gone, however that ended."""

    def _ask(self, request: bytes) -> tuple[str, list[int]]:
        """The words and descriptors of the answer: of that to this request, for a check that was stopped for
        its time while it waited left another.
        """
        self._asked += 1
        self._owner.send(b"%d %s" % (self._asked, request))
        while True:
            reply, descriptors, _, _ = socket.recv_fds(self._owner, PACKET, 1)
            number, _, words = reply.partition(b" ")
            if not reply or int(number) == self._asked:
                break
            for descriptor in descriptors:
                os.close(descriptor)
        text = words[1:].decode("utf-8", "replace")
        if words[:1] != b"+":
            raise SandboxError(text)
        return text, descriptors


class Lender:
    """Answers a fork's requests with the sandbox; ``lost`` is the error when the sandbox failed."""

    def __init__(self, sandbox: Sandbox, limits: Limits) -> None:
        self._sandbox = sandbox
        self._limits = limits
        self._deadline = 0.0
        self._waited = 0.0
        self.lost: SandboxError | None = None

    def answer(self, request: bytes) -> Reply:
        """Do what is asked; the notebook's time begins with its first child.

        It waits while one gets ready or waits for a core, which may be as long as ``longest`` allows.
        """
        began = time.monotonic()
        number, _, request = request.partition(b" ")
        descriptors: tuple[int, ...] = ()
        words = ""
        try:
            if request == b"end":
                words = self._sandbox.end_child()
            elif request == b"waited":
                words = str(self._excused())
            else:
                self._sandbox.draws = request == b"start figures"
                descriptors = (self._sandbox.start_child().detach(),)
            data = b"+" + words.encode()
        except SandboxError as error:
            self.lost = error
            data = b"-" + str(error).encode()[: PACKET - len(number) - 2]
        if self._deadline:
            self._deadline += time.monotonic() - began
        else:
            self._deadline = time.monotonic() + self._limits.notebook_seconds + CLOSING_SECONDS
        return Reply(number + b" " + data, descriptors, self._deadline)

    def _excused(self) -> float:
        waited, seconds = self._sandbox.seconds_without_a_core(), self._limits.notebook_seconds
        most = longest(seconds) - seconds
        self._deadline += min(waited, most) - min(self._waited, most)
        self._waited = waited
        return waited

    def take_back(self) -> None:
        """End what the fork left running, and have the sandbox ready for the next notebook."""
        if self._deadline:
            with contextlib.suppress(SandboxError):  # then it ended with its sandbox
                self._sandbox.end_notebook()
