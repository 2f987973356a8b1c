"""One notebook's child in a process of its own, where there is no fork of a warm one, and no sandbox.

``python -m autograder.student_side.alone PACKAGES PORT OUTPUT_BYTES RICH_BYTES``, in its scratch directory.
It connects to the grader's side, and first sends the line that it finds on its standard input, by which it is
known there.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys

from autograder.student_side.channel import Channel
from autograder.student_side.child import Child
from autograder.student_side.outputs import Outputs
from autograder.student_side.packages import Packages
from autograder.student_side.shell import use, warm_figures, warm_shell
from autograder.student_side.spare import Spare


def main() -> None:
    """Get ready, connect, and answer until the connection ends."""
    packages = Packages.of_argument(sys.argv[1])
    port, output_bytes, rich_bytes = map(int, sys.argv[2:])
    known_by = sys.stdin.buffer.readline()
    shell = warm_shell(packages)
    with contextlib.suppress(Exception):  # what is wrong with it is said where a student draws
        warm_figures(shell, packages)
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(known_by)
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    channel = Channel(connection)
    outputs = Outputs(channel.send, output_bytes, rich_bytes)
    use(shell, outputs)
    with contextlib.suppress(EOFError, OSError):  # the grader's side is gone
        Child(channel, shell, outputs, Spare()).serve()


if __name__ == "__main__":
    main()
