"""The warm server as seen from the grader's side: a process that starts and ends children."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import asdict
from typing import Any

from autograder.grader_side.errors import SandboxError
from autograder.student_side.busy import Below
from autograder.student_side.confine import Confinement
from autograder.student_side.frames import WireError
from autograder.student_side.wire import message_of, payload_of

WARM_UP_SECONDS = 60.0
ANSWER_SECONDS = 5.0
CONTROL_FRAME = 2**20


class ServerProcess:
    """One running server, warm when the first child is wanted; SandboxError whenever it is found dead."""

    def __init__(
        self, command: list[str], environment: dict[str, str], user: tuple[int, int] | None = None
    ) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long as the server)
        self._asked = 0  # the number of the last request, and then of its answer
        self._prepared: socket.socket | None = None
        self._warm = False
        self._draws = False
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        identity = {} if user is None else {"user": user[0], "group": user[1], "extra_groups": ()}
        try:
            self._process = subprocess.Popen(
                command,
                env=environment,
                cwd="/",
                stdin=theirs,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                start_new_session=True,
                **identity,  # type: ignore[call-overload]
            )
        except OSError as error:
            self._control.close()
            self._errors.close()
            raise SandboxError(f"the sandbox could not be started: {error}") from None
        finally:
            theirs.close()
        #: The processes of this sandbox, all below the one that was started.
        self.below = Below(self._process.pid)

    def warm_figures(self) -> None:
        """Have children forked from now on that can draw at once; a prepared one is given up."""
        if self._draws:
            return
        self._wait_until_warm()
        try:
            if self._prepared is not None:
                self._receive(ANSWER_SECONDS)
                self._discard()
            self._control.send(self._request("figures"))
            self._receive(WARM_UP_SECONDS)
        except (OSError, SandboxError) as error:
            self.close()
            raise SandboxError(f"the sandbox is gone: {error}") from None
        self._draws = True

    def prepare_child(self, confinement: Confinement) -> None:
        """Have a confined child forked, without waiting for it: it will be ready when it is wanted."""
        self._wait_until_warm()
        wanted = asdict(confinement)
        self._prepared, theirs = socket.socketpair()
        with theirs:
            try:
                message = self._request("start", list(wanted), list(wanted.values()))
                socket.send_fds(self._control, [message], [theirs.fileno()])
            except OSError as error:
                self._discard()
                raise SandboxError(f"the sandbox is gone: {error}") from None

    def start_child(self, confinement: Confinement) -> socket.socket:
        """The connection to a confined child, forked now if none was prepared."""
        if self._prepared is None:
            self.prepare_child(confinement)
        try:
            reply = self._receive(ANSWER_SECONDS)
        except SandboxError as error:
            self._discard()
            raise SandboxError(f"the sandbox is gone: {error}") from None
        if reply[0] != "started":
            self._discard()
            raise SandboxError(f"a sandboxed process could not be set up: {reply[1]}")
        child, self._prepared = self._prepared, None
        assert child is not None
        return child

    def _wait_until_warm(self) -> None:
        if not self._warm:
            try:
                self._receive(WARM_UP_SECONDS)
            except SandboxError:
                self.close()
                raise
            self._warm = True

    def _discard(self) -> None:
        if self._prepared is not None:
            self._prepared.close()
            self._prepared = None

    def end_child(self) -> str:
        """Kill the child with all that it started; how it had ended, if it was dead before, in words.

        Raises SandboxError when the server is gone; then the child is too.
        """
        try:
            self._control.send(self._request("end"))
            status = self._receive(ANSWER_SECONDS)[1]
        except (OSError, SandboxError) as error:
            self.close()
            raise SandboxError(f"the sandbox was lost while it ran a notebook: {error}") from None
        self._discard()  # one that was prepared and never wanted has ended with it
        return _ending(status)

    @property
    def alive(self) -> bool:
        """Whether the server runs."""
        return self._process.poll() is None and self._control.fileno() >= 0

    def close(self) -> None:
        """End the server and with it everything inside; can be called twice."""
        self._control.close()
        self._discard()
        try:
            self._process.wait(0.5 if self._warm else 0.0)  # one not yet warm hears nothing, and has no child
        except subprocess.TimeoutExpired:
            # The group, for as root the outer sandbox may not signal the inner one.
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._errors.close()

    def _request(self, kind: str, *rest: Any) -> bytes:
        self._asked += 1
        return payload_of([kind, self._asked, *rest])

    def _receive(self, seconds: float) -> list[Any]:
        """The answer to the last request: one to another before it came too late, and nobody waits for it."""
        deadline = time.monotonic() + seconds
        try:
            while True:
                self._control.settimeout(max(deadline - time.monotonic(), 0.001))
                data = self._control.recv(CONTROL_FRAME)
                if not data:
                    break
                number, *answer = message_of(data)
                if number == self._asked:
                    return answer
        except (OSError, WireError) as error:
            raise SandboxError(f"the sandbox does not answer: {error}") from None
        raise SandboxError(self._last_words())

    def _last_words(self) -> str:
        self._process.wait()
        self._errors.seek(0)
        lines = self._errors.read()[-4000:].decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"it ended with code {self._process.returncode}"


def _ending(status: int | None) -> str:
    """How a process ended of itself, from its wait status, in words; "" for None."""
    if status is None:
        return ""
    if os.WIFEXITED(status):
        return f"it exited with code {os.WEXITSTATUS(status)}"
    name = signal.Signals(os.WTERMSIG(status)).name
    return "it was killed, most likely for its memory" if name == "SIGKILL" else f"it was ended by {name}"
