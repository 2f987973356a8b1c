"""Work in a fork: its result, or what became of it, and nothing left behind."""

import os
import signal
import socket
import time
from pathlib import Path

import pytest

from autograder.grader_side.disposable import Answer, Bounds, Lost, in_a_fork

BOUNDS = Bounds(seconds=20, memory_bytes=2**27, result_bytes=2**20)


def lost(work, bounds=BOUNDS):
    with pytest.raises(Lost) as error:
        in_a_fork(work, bounds)
    return str(error.value)


def raising(error):
    raise error


def test_what_work_returns_is_returned_and_what_it_changes_is_not_changed():
    kept = []
    assert in_a_fork(lambda asking: kept.append(1) or b"done" * 100_000, BOUNDS) == b"done" * 100_000
    assert kept == []


class UnprintableError(Exception):
    def __str__(self):
        raise RuntimeError


@pytest.mark.parametrize(
    ("work", "why"),
    [
        (lambda asking: raising(ValueError("no")), "ValueError: no"),
        (lambda asking: raising(UnprintableError()), "UnprintableError"),
        (lambda asking: raising(KeyboardInterrupt()), "KeyboardInterrupt"),
        (lambda asking: bytes(2**28), "it needed more than 128 MB of memory"),
        (lambda asking: os.abort(), "its process was ended by SIGABRT"),
        (lambda asking: os.kill(os.getpid(), signal.SIGKILL), "SIGKILL, most likely for its memory"),
        (lambda asking: os._exit(3), "its process exited with code 3"),
        (lambda asking: bytes(2**20), "what came of it has more than 1 MB"),
        (lambda asking: None, "TypeError"),
    ],
)
def test_whatever_becomes_of_the_work_is_said(work, why):
    assert why in lost(work)


def test_work_that_takes_too_long_is_ended():
    assert lost(lambda asking: time.sleep(1000), Bounds(0.1, 2**27)) == "it took longer than it may"


def test_work_in_c_that_takes_too_long_is_ended():
    assert "longer" in lost(lambda asking: sum(range(10**13)), Bounds(0.1, 2**27))


def test_requests_are_answered_with_data_and_descriptors_and_may_give_time():
    def work(asking):
        asking.send(b"more")
        data, (descriptor,), _, _ = socket.recv_fds(asking, 100, 1)
        time.sleep(0.3)
        return data + os.read(descriptor, 100)

    def answer(request):
        read_end, write_end = os.pipe()
        os.write(write_end, b" and " + request)
        os.close(write_end)
        return Answer(b"this", (read_end,), time.monotonic() + 20)

    assert in_a_fork(work, Bounds(0.2, 2**27), answer) == b"this and more"


def test_requests_that_nobody_expects_end_the_work():
    assert "asked" in lost(lambda asking: asking.send(b"x") and asking.recv(1))


def children():
    """The processes that this one has started, in the words of Linux."""
    return {pid for path in Path("/proc/self/task").glob("*/children") for pid in path.read_text().split()}


def test_nothing_is_left_behind():
    processes = children()
    before = descriptors()
    lost(lambda asking: time.sleep(1000), Bounds(0.05, 2**27))
    in_a_fork(lambda asking: b"", BOUNDS)
    assert descriptors() == before
    assert children() == processes


def test_the_work_has_no_descriptor_of_ours_and_no_terminal():
    secret = os.open("/etc/hostname", os.O_RDONLY)
    try:
        found = in_a_fork(lambda asking: str(descriptors()).encode(), BOUNDS).decode()
    finally:
        os.close(secret)
    assert "hostname" not in found
    assert found.count("/dev/null") == 3
    assert found.count("socket:") == found.count("pipe:") == 1


def descriptors():
    kept = {}
    for entry in Path("/proc/self/fd").iterdir():
        if entry.is_symlink():
            kept[entry.name] = os.readlink(entry) if entry.exists() or True else ""
    return {name: place for name, place in kept.items() if "/proc/" not in place}
