import contextlib
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from autograder.bounded import Bounds, Stopped, bounded

BOUNDS = Bounds(cpu_seconds=1, wall_seconds=30.0, memory_mb=100, value_mb=1)


def for_ever():
    while True:
        pass


def deep(levels):
    return deep(levels + 1)


def test_a_value_comes_back_whatever_its_size():
    assert bounded(BOUNDS, lambda x, y: x * y, "ab", y=300_000) == "ab" * 300_000


def test_what_the_call_changes_stays_with_its_process():
    seen = []
    assert bounded(BOUNDS, seen.append, 1) is None
    assert seen == []


@pytest.mark.parametrize(
    ("function", "args", "why"),
    [
        (for_ever, (), "took more than 1 seconds of the processor"),
        (bytes, (10**9,), "needed more memory than it may have"),
        (bytes, (2 * 10**6,), "made more than 1 MB"),
        (int, ("no\x1b number",), "raised ValueError: invalid literal for int.. with base 10: 'no.*number'"),
        (deep, (0,), "raised RecursionError: maximum recursion depth exceeded"),
        (lambda: os.kill(os.getpid(), signal.SIGKILL), (), "was ended by SIGKILL"),
        (os._exit, (0,), "ended without an answer"),
        (sys.exit, (0,), "ended without an answer"),
        (lambda: lambda: 0, (), "raised .*pickle"),
    ],
)
def test_a_call_without_a_value_says_why(function, args, why):
    with pytest.raises(Stopped, match=why):
        bounded(BOUNDS, function, *args)


def test_a_call_that_only_waits_is_ended_too():
    with pytest.raises(Stopped, match=r"did not end within 0.2 seconds"):
        bounded(Bounds(wall_seconds=0.2), time.sleep, 600)


def children():
    """The processes that this one has started, in the words of Linux."""
    return {pid for path in Path("/proc/self/task").glob("*/children") for pid in path.read_text().split()}


def test_no_process_and_no_descriptor_is_left():
    processes = children()
    before = len(os.listdir("/proc/self/fd"))
    for function in (int, for_ever, lambda: os._exit(1)):
        with contextlib.suppress(Stopped):
            bounded(BOUNDS, function)
    assert len(os.listdir("/proc/self/fd")) == before
    assert children() == processes
