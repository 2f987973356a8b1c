"""What is said and asked of a scheduler; with a real one: test_cluster.py."""

import os
import threading
from types import SimpleNamespace

import distributed
import pytest

from autograder.errors import CourseError
from autograder.workers import connecting
from autograder.workers.connecting import CONNECT_SECONDS, connected, cores_of, telling_of_lost_workers, wake
from autograder.workers.worker import get_ready

A, B, C = (f"tcp://10.0.0.{host}:4000{port}" for host, port in ((1, 1), (1, 2), (2, 1)))


class Client:
    """Stands for Dask's: a scheduler with these workers, and the cores of those that answer."""

    threads, cores, reached, has_workers = {A: 1}, {A: {3}}, None, True

    def __init__(self, address, scheduler_file, timeout):
        if self.reached is not None:
            raise self.reached
        assert timeout == CONNECT_SECONDS
        self.address, self.scheduler_file = address, scheduler_file
        self.submitted, self.closed = [], False

    def nthreads(self):
        return self.threads

    def run(self, function, *arguments):
        assert (function, arguments) == (os.sched_getaffinity, (0,))
        if self.cores is None:
            raise OSError("a worker was lost")
        return self.cores

    def wait_for_workers(self, number, timeout):
        assert (number, timeout) == (1, CONNECT_SECONDS)
        if not self.has_workers:
            raise TimeoutError

    def submit(self, function, *arguments, workers, pure):
        assert pure is False  # the second of two alike is to be done too
        self.submitted.append((function, arguments, workers))
        return f"future {len(self.submitted)}"

    def close(self):
        self.closed = True


@pytest.fixture
def dask(monkeypatch):
    """Dask's client, whose facts a test may change; nothing is woken before the test."""
    made = []

    class Ours(Client):
        def __init__(self, *arguments, **named):
            super().__init__(*arguments, **named)
            made.append(self)

    monkeypatch.setattr(distributed, "Client", Ours)
    monkeypatch.setattr(connecting, "_woken", {})
    monkeypatch.setattr(connecting, "_getting_ready", [])
    Ours.made = made
    return Ours


@pytest.mark.parametrize(
    ("threads", "cores", "expected"),
    [
        ({A: 1, B: 1, C: 1}, {A: {4, 6}, B: {4, 6}, C: {0, 1}}, {A: 4, B: 6, C: None}),
        ({A: 1, B: 1}, {A: {3}, B: {0}}, {A: None, B: None}),  # they are on one already
        ({A: 2, C: 1}, {A: {0, 1}, C: {0}}, {A: None, C: 0}),
        ({A: 2, B: 1}, {A: {0, 1}, B: {0, 1}}, {A: None, B: None}),
        ({A: 1, B: 1}, {A: {0, 1, 2}, B: {0, 1, 2}}, {A: None, B: None}),
        ({A: 1, B: 1}, {A: {2}}, {A: 2}),  # one came since
        ({"inproc://a": 1, "inproc://b": 1}, {"inproc://a": {0, 1}, "inproc://b": {0, 1}}, None),
    ],
)
def test_workers_have_a_core_each_where_they_take_all_of_a_machine(threads, cores, expected):
    client = SimpleNamespace(nthreads=lambda: threads, run=lambda function, process: cores)
    assert cores_of(client) == (expected or dict.fromkeys(threads))


def test_every_worker_is_woken_on_its_core_and_the_client_is_found_once(dask):
    dask.threads, dask.cores = {A: 1, C: 2}, {A: {3}, C: {0, 1}}
    wake("tcp://s:1", "", b"settings")
    (client,) = dask.made
    assert (client.address, client.scheduler_file) == ("tcp://s:1", None)
    assert client.submitted == [
        (get_ready, (b"settings", 3), [A]),
        (get_ready, (b"settings", None), [C]),
    ]
    assert connecting._getting_ready == ["future 1", "future 2"]  # held, or nobody does it
    other = connected("tcp://other:1", "")
    assert other is not client
    assert connected("tcp://s:1", "") is client
    assert connected("tcp://s:1", "") is dask.made[2]


def test_where_a_worker_is_lost_meanwhile_all_are_woken_on_any_core(dask):
    dask.threads, dask.cores = {A: 1, B: 1}, None
    wake("tcp://s:1", "", b"")
    assert dask.made[0].submitted == [(get_ready, (b"", None), [A]), (get_ready, (b"", None), [B])]


def test_a_scheduler_may_be_named_by_a_file(dask, tmp_path):
    path = tmp_path / "scheduler.json"
    path.touch()
    client = connected("", str(path))
    assert (client.address, client.scheduler_file) == (None, str(path))


@pytest.mark.parametrize(
    ("address", "file", "error", "says"),
    [
        ("tcp://s:1", "", OSError("timed out"), "tcp://s:1: timed out"),
        ("s", "", ValueError("no port"), "s: no port"),
        ("", __file__, KeyError("address"), f"{__file__}: 'address'"),
        ("", __file__, TypeError(), f"{__file__}: that is no scheduler file"),
        ("", __file__, AssertionError(), f"{__file__}: that is no scheduler file"),
        ("", "nowhere.json", None, "nowhere.json: no such file"),
    ],
)
def test_a_scheduler_that_cannot_be_reached_is_one_sentence(dask, address, file, error, says):
    dask.reached = error
    with pytest.raises(CourseError) as refused:
        wake(address, file, b"")
    assert str(refused.value) == f"no Dask scheduler can be reached at {says}"


def test_a_scheduler_without_workers_is_let_go_with_a_sentence(dask):
    dask.has_workers = False
    with pytest.raises(CourseError) as refused:
        connected("tcp://s:1", "")
    assert str(refused.value) == (
        "the Dask scheduler at tcp://s:1 has no workers; start some with `dask worker`"
    )
    assert dask.made[0].closed


def test_that_no_worker_is_left_is_said_each_time_once(capsys, monkeypatch):
    monkeypatch.setattr(connecting, "LOOK_SECONDS", 0.0)
    looks, looked = iter([{A: 1}, {}, {}, {B: 1}, {}]), threading.Event()

    def nthreads():
        found = next(looks, None)
        if found is None:
            looked.set()
            raise OSError("the scheduler is lost")
        return found

    with telling_of_lost_workers(SimpleNamespace(nthreads=nthreads)):
        assert looked.wait(60)
    assert capsys.readouterr().err == 2 * "course: no worker is left: start some with `dask worker`\n"


def test_nobody_looks_for_workers_when_all_is_done():
    with telling_of_lost_workers(SimpleNamespace(nthreads=dict)):
        [looking] = [thread for thread in threading.enumerate() if thread.name == connecting.LOOKING]
    looking.join(60)
    assert not looking.is_alive()
