"""Messages of a child's over a blocking socket."""

from __future__ import annotations

import socket
from typing import Any

from autograder.student_side.alarm import Alarm
from autograder.student_side.frames import Frames, Message
from autograder.student_side.wire import message

CHUNK = 2**16  # read at once: for more, memory is mapped and given back at every message


class Channel:
    """Messages over a blocking socket."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._frames = Frames()
        self._arrived = b""

    def send(self, event: list[Any]) -> None:
        """Send what a cell shows; see ``write``."""
        self.write(message("event", event))

    def write(self, data: bytes) -> None:
        """Send one message whole; a time limit that runs out meanwhile waits."""
        Alarm.sending = True
        try:
            self._connection.sendall(data)
        finally:
            Alarm.sending = False

    def read(self) -> Message:
        """The next message; raises EOFError when the grader's side is gone.

        Whatever it is short of memory for, it can be called again: nothing that arrived is lost.
        """
        while True:
            received = self._frames.next()
            if received is not None:
                return received
            self._arrived = self._arrived or self._connection.recv(CHUNK)
            if not self._arrived:
                raise EOFError("the grader's side closed the connection")
            self._frames.feed(self._arrived)
            self._arrived = b""
