"""Children where nothing can be forked, as outside Linux: each starts anew, and no wall is around it."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
from collections.abc import Mapping

from autograder.grader_side.errors import SandboxError
from autograder.student_side.confine import Confinement

START_SECONDS = 120.0
KNOWN_BY = 32  # hexadecimal digits, and a line's end


class FreshProcesses:
    """What :class:`autograder.grader_side.server.ServerProcess` does, with a process started for each child.

    One is started ahead of its notebook, for that takes seconds.
    """

    alive = True

    def __init__(self, command: list[str], environment: Mapping[str, str], scratch: str) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._command, self._scratch = command, scratch
        path = {"PATH": os.environ.get("PATH", "")}
        self._environment = {**os.environ, **environment, **path}
        self._running: subprocess.Popen[bytes] | None = None
        self._ahead: tuple[subprocess.Popen[bytes], bytes] | None = None

    def warm_figures(self) -> None:
        """Every child is ready to draw."""

    def prepare_child(self, confinement: Confinement) -> None:
        """Start the next child, without waiting for it; of the confinement it keeps what outputs may take."""
        known_by = secrets.token_hex(KNOWN_BY // 2).encode() + b"\n"
        numbers = (self._listener.getsockname()[1], confinement.output_bytes, confinement.rich_bytes)
        process = subprocess.Popen(
            [*self._command, *map(str, numbers)],
            cwd=self._scratch,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert process.stdin is not None
        process.stdin.write(known_by)
        process.stdin.close()
        self._ahead = (process, known_by)

    def start_child(self, confinement: Confinement) -> socket.socket:
        """The connection to a child, started now if none was; SandboxError when it does not connect."""
        self.end_child()
        if self._ahead is None:
            self.prepare_child(confinement)
        assert self._ahead is not None
        (self._running, known_by), self._ahead = self._ahead, None
        self._listener.settimeout(START_SECONDS)
        while True:
            try:
                connection = self._listener.accept()[0]
            except OSError as error:
                raise SandboxError(f"a process for the notebook did not start: {error}") from None
            connection.settimeout(START_SECONDS)
            with contextlib.suppress(OSError), connection.makefile("rb", buffering=0) as line:
                if line.readline(len(known_by)) == known_by:
                    return connection
            connection.close()

    def end_child(self) -> str:
        """Kill the child; how it had ended, if it was dead before, in words."""
        process, self._running = self._running, None
        if process is None:
            return ""
        ended = process.poll()
        process.kill()
        process.wait()
        return "" if ended is None else f"it ended with code {ended}"

    def close(self) -> None:
        """End every child; can be called twice."""
        self.end_child()
        if self._ahead is not None:
            self._running, self._ahead = self._ahead[0], None
            self.end_child()
        self._listener.close()
