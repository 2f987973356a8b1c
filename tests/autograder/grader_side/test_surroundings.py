"""What a graded cell finds around it, without a wall."""

import contextlib
import io
import os
import sys
import threading
import warnings
from types import ModuleType

import pytest

from autograder.grader_side.surroundings import (
    BACKEND,
    drawing_on_no_screen,
    failing_with_its_threads,
    kept_out_of_the_output,
    standing_for_main,
)


def in_a_thread(function):
    thread = threading.Thread(target=function)
    thread.start()
    thread.join()


def test_what_is_printed_is_collected_and_what_is_on_stderr_or_warned_is_not():
    printed, streams = io.StringIO(), (sys.stdout, sys.stderr)
    with kept_out_of_the_output(printed):
        print("shown")
        print("lost", file=sys.stderr)
        warnings.warn("lost", stacklevel=1)
    assert printed.getvalue() == "shown\n"
    assert (sys.stdout, sys.stderr) == streams


def test_a_module_is_the_programs_in_the_block_alone():
    before, main = sys.modules["__main__"], ModuleType("__main__")
    with standing_for_main(main):
        assert sys.modules["__main__"] is main
    assert sys.modules["__main__"] is before


@pytest.mark.parametrize("before", ["garbage", None])
def test_figures_are_drawn_on_no_screen_in_the_block_alone(monkeypatch, before):
    monkeypatch.delenv(BACKEND, raising=False)
    if before is not None:
        monkeypatch.setenv(BACKEND, before)
    for cell in (dict, lambda: os.environ.pop(BACKEND)):
        with drawing_on_no_screen():
            assert os.environ[BACKEND] == "agg"
            cell()
        assert os.environ.get(BACKEND) == before


def test_what_ends_a_thread_is_raised_when_the_block_is_over():
    ended, before = [], threading.excepthook

    @failing_with_its_threads()
    def block():
        in_a_thread(lambda: 1 / 0)
        ended.append("the block")

    with pytest.raises(ZeroDivisionError):
        block()
    assert ended == ["the block"]
    assert threading.excepthook is before


@pytest.mark.parametrize("later", [failing_with_its_threads, contextlib.nullcontext])
def test_what_ends_a_thread_after_its_block_is_nobodys_and_not_shown(monkeypatch, later):
    shown, goes_on = [], threading.Event()
    monkeypatch.setattr(threading, "excepthook", lambda ended: shown.append(ended.thread))
    thread = threading.Thread(target=lambda: goes_on.wait(60) and 1 / 0)
    with failing_with_its_threads():
        thread.start()
    with later():
        goes_on.set()
        thread.join()
    assert shown == []
    in_a_thread(lambda: 1 / 0)
    assert len(shown) == 1


def test_threads_that_end_well_raise_nothing():
    ended = []
    with failing_with_its_threads():
        in_a_thread(lambda: ended.append("by itself"))
        in_a_thread(lambda: sys.exit(ended.append("by sys.exit")))
    assert ended == ["by itself", "by sys.exit"]
