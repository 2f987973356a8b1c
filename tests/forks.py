"""What is found in a fork of the test process, which may confine itself for good, or die of what it tries."""

import json
import os
import sys
from pathlib import Path

from autograder.student_side.forked import fork


def found_in_a_fork(work):
    """What `work` returns there, by way of JSON; AssertionError with what it raised, or if it died."""
    receiving, sending = os.pipe()
    child = fork()
    if child == 0:
        try:
            os.close(receiving)
            # Pytest's would keep the frames in which garbage of earlier tests complains, and what these hold.
            sys.unraisablehook = lambda unraisable: None
            try:
                said = {"found": work()}
            except BaseException as error:
                said = {"raised": repr(error)}
            os.write(sending, json.dumps(said).encode())
        finally:
            os._exit(0)  # a signal to itself may be refused by then
    os.close(sending)
    with os.fdopen(receiving, "rb") as file:
        said = file.read()
    os.waitpid(child, 0)
    assert said, "the fork died"
    said = json.loads(said)
    assert "found" in said, said["raised"]
    return said["found"]


def refusal(call, *arguments):
    """The number of the error with which a call is refused; 0 where it is not."""
    try:
        call(*arguments)
    except OSError as error:
        return error.errno
    return 0


def descriptors():
    """What this process has open, by its number; not what looking for it opens."""
    kept = {entry.name: os.readlink(entry) for entry in Path("/proc/self/fd").iterdir() if entry.is_symlink()}
    return {number: place for number, place in kept.items() if "/proc/" not in place}


def is_running(pid):
    """Whether there is a process of this number, be it dead and not yet asked for its status."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
