"""A child answers each kind of request: cells, names, files, graded cells in a fork, the probe."""

import json
import os
import signal
import sys
import time

import numpy as np
import pytest

from autograder.student_side import child, files, frames
from autograder.student_side.alarm import Alarm
from tests.autograder.student_side.far_end import Object, World

RAN_OUT = "stopped: this took longer than it may"
RUN = "exec(source, self.user_ns)"  # the line of far_end that runs a cell


def sleeps(*arguments):
    """Never ends, if nobody looks, but for a test's sake."""
    for _ in range(200):
        time.sleep(0.01)


def test_the_probe_is_answered_with_what_it_finds(world, monkeypatch):
    monkeypatch.setattr(child, "probe", lambda: {"uid": 7})
    assert world.ask("probe") == ["done", {"uid": 7}, ()]


def test_a_cell_runs_and_it_is_said_whether_it_succeeded(world):
    assert world.ask("run", "x = 1") == ["done", True, ()]
    assert world.ask("run", "succeeded = x == 2") == ["done", False, ()]


def test_what_a_cell_shows_comes_before_its_answer(world):
    world.requests("run", "outputs.text('stdout', 'one'); outputs.text('stdout', 'two')")
    assert world.hears() == [
        ["event", ["stream", "stdout", "one"]],
        ["event", ["stream", "stdout", "two"]],
        ["done", 1, True, ()],
    ]


def test_each_cell_may_show_as_much_again(alarms):
    world = World(text_bytes=4)
    for number in (1, 2):
        world.requests("run", "outputs.text('stdout', '1234')")
        shown = "".join(event[1][2] for event in world.hears() if event[0] == "event")
        assert shown == "1234", number


def test_a_request_of_no_known_kind_is_answered_with_an_error(world):
    names = ["KeyError", "LookupError", "Exception"]
    assert world.ask("dance") == ["raise", 0, names, "dance", "", None, ()]


def test_even_a_cell_that_exits_gets_an_answer_and_the_next_one_too(world):
    assert world.ask("run", "raise SystemExit(3)") == ["raise", 0, ["SystemExit"], 3, RUN, None, ()]
    assert world.ask("run", "") == ["done", True, ()]


def test_a_return_that_nobody_waits_for_is_passed_over(world):
    world.returns(3, "late")
    assert world.ask("run", "") == ["done", True, ()]


@pytest.mark.parametrize("kind", ["run", "names", "do"])
def test_a_request_has_the_time_that_it_says(world, clock, kind):
    if kind == "do":
        handle = world.handle_of(lambda: None)
        clock.timer.clear()
        world.do("call", handle, seconds=7.0)
    else:
        world.ask(kind, "" if kind == "run" else (), seconds=7.0)
    assert clock.timer == [(7.0, 0.5), (0.0, 0.5)]


@pytest.mark.parametrize("kind", ["run", "names"])
def test_cells_and_lookups_listen_to_the_alarm_again(world, kind):
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    world.ask(kind, "" if kind == "run" else ())
    assert signal.getsignal(signal.SIGALRM) == Alarm.ring


def test_a_cell_that_takes_too_long_is_stopped(world):
    world.names["sleeps"] = sleeps
    said = world.ask("run", "sleeps()", seconds=0.01)
    assert said == ["raise", 0, ["TimeLimit", "TimeoutError"], RAN_OUT, "time.sleep(0.01)", None, ()]


def test_a_file_is_put_into_the_directory_where_the_child_began(alarms, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    world = World()
    monkeypatch.chdir("/")
    assert world.ask("put", "data.txt", b"numbers", True) == ["done", None, ()]
    assert world.ask("put", "own.txt", b"words", False) == ["done", None, ()]
    assert (tmp_path / "data.txt").read_bytes() == b"numbers"
    assert (tmp_path / "data.txt").stat().st_mode & 0o777 == files.READ_ONLY
    assert world.ask("written") == ["done", {"own.txt": b"words"}, ()]
    assert world.ask("work_in", str(tmp_path / "new")) == ["done", None, ()]
    assert world.ask("put", "own.txt", b"more", False) == ["done", None, ()]
    assert (tmp_path / "new" / "own.txt").read_bytes() == b"more"


def test_to_look_for_files_takes_no_longer_than_it_may(world, clock, monkeypatch):
    monkeypatch.setattr(files, "written", lambda home: {"during": str(clock.timer).encode()})
    assert world.ask("written", seconds=7.0) == ["done", {"during": b"[(7.0, 0.5)]"}, ()]
    assert clock.timer == [(7.0, 0.5), (0.0, 0.5)]


# Names


def test_the_names_that_are_there_are_answered_by_value_or_as_objects(world):
    world.names |= {"a": [1, 2], "f": sleeps}
    assert world.ask("names", ("a", "f", "missing")) == [
        "done",
        {"a": [1, 2], "f": Object(1, "function")},
        (),
    ]
    assert world.ask("names", ("missing",)) == ["done", {}, ()]


def test_of_names_too_large_together_those_beyond_their_share_stay_where_they_are(world, monkeypatch):
    for module in (child, frames):
        monkeypatch.setattr(module, "MAX_FRAME", 30_000)
    world.names |= {"large": np.ones(5000), "half": np.ones(1050), "small": np.ones(850)}
    _, found, changed = world.ask("names", ("large", "half", "small"))
    assert (found.pop("small").tolist(), changed) == ([1.0] * 850, ())
    kind = "ndarray of dtype float64"
    assert {name: value.kind for name, value in found.items()} == {"large": kind, "half": kind}
    assert world.do("getitem", found["half"], 0) == ["done", np.float64(1.0), ()]


def test_an_object_given_back_is_there_no_more(world):
    handle = world.handle_of(sleeps)
    assert world.do("getattr", handle, "__name__") == ["done", "sleeps", ()]
    kind, _, names, text, line, whole, changed = world.ask(
        "do", "getattr", 1, None, (handle, "__name__"), (), released=(handle.number,)
    )
    assert (kind, names, line, whole, changed) == ("raise", ["WireError"], "", None, ())
    assert text == f"there is no object number {handle.number}"


# Graded cells that run inside


def test_a_graded_cell_runs_in_a_fork_after_those_before_it(world):
    world.names["x"] = [1]
    said = world.ask("inside", "len(x)", ("x.append(2)", "x.append(3)"))
    assert said == ["done", ("number", 3.0, ""), ()]
    assert world.names["x"] == [1]


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        ("1 / 0", ("raised", 1.0, "ZeroDivisionError: division by zero")),
        ("exits('a\\ud800')", ("raised", 0.0, "SystemExit: a?")),
        ("dies(3)", ("raised", 0.0, "Stopped: its process ended")),
        ("sleeps()", ("raised", 0.0, f"TimeLimit: {RAN_OUT}")),
    ],
)
def test_however_a_graded_cell_ends_there_is_a_verdict(world, source, verdict):
    world.names |= {"exits": sys.exit, "dies": os._exit, "sleeps": sleeps}
    assert world.ask("inside", source, (), seconds=0.05) == ["done", verdict, ()]


def test_what_a_graded_cell_shows_is_sent_from_its_fork(alarms):
    receiving, sending = os.pipe()
    world = World(lambda event: os.write(sending, json.dumps(event).encode() + b"\n"), text_bytes=4)
    for _ in range(2):
        world.ask("inside", "[outputs.text('stdout', each) for each in '1234']", ())
        world.ask("run", "outputs.text('stdout', '1234')")
    os.close(sending)
    with os.fdopen(receiving, "rb") as file:
        shown = [json.loads(line)[2] for line in file]
    assert "".join(shown) == "1234" * 4


def test_a_graded_cell_has_the_time_that_it_says(world, clock):
    world.names["timer"] = clock.timer
    assert world.ask("inside", "timer[-1][0]", (), seconds=7.0) == ["done", ("number", 7.0, ""), ()]


def test_a_graded_cell_listens_to_the_alarm_again(world):
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    world.ask("inside", "None", ())
    assert signal.getsignal(signal.SIGALRM) == Alarm.ring


def test_a_cell_for_whose_error_there_is_no_memory_is_shown_to_have_failed_for_it(world):
    def fails():
        raise MemoryError

    world.names["fails"] = fails
    world.requests("run", "fails()")
    assert world.hears() == [["event", ["error", "MemoryError", "", ["MemoryError"]]], ["done", 1, False, ()]]


def test_names_are_looked_up_again_where_memory_was_short_and_a_call_ends_with_it(world, monkeypatch):
    given_up, real = [], child.Child._done

    def short(self, number, value):
        if not given_up:
            raise MemoryError
        return real(self, number, value)

    monkeypatch.setattr(child.Spare, "give_up", lambda self: given_up.append(1))
    monkeypatch.setattr(child.Child, "_done", short)
    world.names["x"] = 3
    assert world.ask("names", ("x",)) == ["done", {"x": 3}, ()]
    given_up.clear()
    monkeypatch.setattr(child.Child, "_raised", short)
    assert world.ask("probe") == ["raise", 0, ["MemoryError", "Exception"], "", "raise MemoryError", None, ()]
    assert given_up == [1]


def test_a_request_that_cannot_be_read_for_want_of_memory_is_read_once_more(world, monkeypatch):
    real, tried = world.read, []

    def short():
        tried.append(1)
        if len(tried) == 1:
            raise frames.WireError("a message is not well formed (MemoryError)")
        return real()

    monkeypatch.setattr(world, "read", short)
    assert world.ask("run", "x = 1") == ["done", True, ()]
    assert len(tried) == 3


def test_what_was_given_up_for_an_answer_is_kept_again_after_it(world, monkeypatch):
    kept = []
    monkeypatch.setattr(child.Spare, "keep", lambda self: kept.append(len(written)))
    written, write = [], world.write
    monkeypatch.setattr(world, "write", lambda data: (written.append(data), write(data)))
    world.ask("run", "x = 1")
    assert kept == [1]


def test_a_process_that_student_code_forked_and_did_not_end_answers_nothing(world, monkeypatch):
    class Gone(BaseException):
        pass

    def ended(status):
        raise Gone

    monkeypatch.setattr(os, "_exit", ended)
    world.names["forks"] = lambda: monkeypatch.setattr(os, "getpid", lambda: 0)  # as in the copy of a process
    world.requests("run", "forks()")
    with pytest.raises(Gone):
        world.hears()
    assert world.hears() == []
