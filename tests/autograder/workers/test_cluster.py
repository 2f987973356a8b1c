"""A real Dask cluster on this machine grades as local workers do, and refuses workers that would not."""

import contextlib
import os
import pickle
import signal
import subprocess
import sysconfig
import threading
import time
from pathlib import Path

import pytest
from distributed import Client, LocalCluster

from autograder.errors import CourseError
from autograder.workers import cluster
from autograder.workers.worker import work_on

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]
DASK = Path(sysconfig.get_path("scripts")) / "dask"


@pytest.fixture(scope="module")
def scheduler_file(tmp_path_factory):
    """A scheduler with two workers, one of them ready early; stopped when the tests of this file are done."""
    place = tmp_path_factory.mktemp("dask")
    path = place / "scheduler.json"
    worker = ["worker", "--nthreads", "1", "--no-dashboard", "--scheduler-file", path]
    commands = [
        ["scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", path],
        [*worker, "--no-nanny"],  # a nanny is a process more, which takes two seconds to begin
        [*worker, "--preload", "autograder.workers.preload"],
    ]
    with contextlib.ExitStack() as running:
        for command in commands:
            process = subprocess.Popen(
                [DASK, *map(str, command)],
                cwd=place,
                env={**os.environ, "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"},  # rather than three
                stderr=subprocess.DEVNULL,
            )
            running.callback(process.wait)
            running.callback(process.terminate)
            deadline = time.monotonic() + 60
            while not path.exists() and time.monotonic() < deadline:
                time.sleep(0.1)
        with Client(scheduler_file=str(path)) as client:
            client.wait_for_workers(2, timeout=60)
        yield path


def test_a_cluster_gives_the_scores_of_local_workers(a_class, scheduler_file):
    a_class.hand_in(*a_class.composer.a_class(7))
    assert a_class.grade("--jobs", 2)[0] == 0
    local = a_class.gradebook()
    status, events = a_class.events("--force", "--scheduler-file", scheduler_file)
    assert status == 0
    assert events[-1]["counts"] == {"graded": 7}
    assert a_class.gradebook() == local


def test_a_worker_that_was_preloaded_has_its_sandbox_before_it_is_asked_and_is_not_profiled(scheduler_file):
    def state(dask_worker):
        from autograder.grading import warm

        return "profile" in dask_worker.periodic_callbacks, len(warm._graders)

    with Client(scheduler_file=str(scheduler_file)) as client:
        # Each is done with its preparations when it takes a task.
        client.gather([client.submit(os.getpid, workers=[name], pure=False) for name in client.nthreads()])
        states = client.run(state)
    assert (False, 1) in states.values()


def test_workers_of_other_versions_are_refused_in_a_sentence(a_class, scheduler_file, monkeypatch):
    there = cluster.fingerprint()
    monkeypatch.setattr(cluster, "_code_digest", lambda: "0" * 16)
    a_class.hand_in(a_class.composer.blank("ada"))
    status, _, err = a_class.grade("--scheduler-file", scheduler_file)
    assert status == 2
    assert f"would not grade alike: code {there['code']} there, {'0' * 16} here" in err
    assert a_class.gradebook() == {}


def test_a_submission_that_ends_its_workers_is_marked_and_the_class_goes_on(
    a_class, scheduler_file, monkeypatch
):
    def deadly(pickled):
        if pickle.loads(pickled)[0].student == "eve":
            os.kill(os.getpid(), signal.SIGKILL)
        return work_on(pickled)

    monkeypatch.setattr(cluster, "work_on", deadly)  # sent to the workers as it is
    a_class.hand_in(*(a_class.composer.submission(name, "perfect") for name in ("ada", "bob", "eve", "kim")))
    status, events = a_class.events("--scheduler-file", scheduler_file)
    assert status == 1
    assert events[-1]["counts"] == {"failed": 1, "graded": 3}
    assert "it ended one worker after the other" in " ".join(events[-1]["look"]["eve"])
    points = {name: row["grades"]["01_square-values"][0] for name, row in a_class.gradebook().items()}
    assert points == {"ada": 90.0, "bob": 90.0, "eve": None, "kim": 90.0}


def test_a_scheduler_that_is_lost_is_said(a_class, monkeypatch):
    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, protocol="tcp://", dashboard_address=":0"
    ) as lost:

        def slow(pickled):
            time.sleep(5)

        monkeypatch.setattr(cluster, "work_on", slow)
        monkeypatch.setattr(
            cluster, "_same_everywhere", lambda client: threading.Timer(1, lost.close).start()
        )
        a_class.hand_in(a_class.composer.submission("ada", "perfect"))
        status, _, err = a_class.grade("--scheduler", lost.scheduler_address)
    assert status == 2
    assert "was lost; what was recorded before is kept" in err


def test_a_scheduler_without_workers_is_refused(tmp_path):
    with (
        LocalCluster(n_workers=0, dashboard_address=":0", host="127.0.0.1") as empty,
        pytest.raises(CourseError, match="has no workers; start some"),
    ):
        list(cluster.cluster_results(iter(()), None, None, empty.scheduler_address, ""))
