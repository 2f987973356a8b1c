from types import SimpleNamespace

from autograder.workers.preload import dask_setup
from autograder.workers.worker import get_ready


def test_a_worker_gets_ready_in_the_thread_that_grades_and_is_not_profiled():
    asked = {"default": [], "other": []}
    executors = {
        name: SimpleNamespace(submit=lambda *what, to=to: to.append(what)) for name, to in asked.items()
    }
    callbacks = {"profile": 1, "profile-cycle": 2, "heartbeat": 3}
    dask_setup(SimpleNamespace(periodic_callbacks=callbacks, executors=executors))
    assert asked == {"default": [(get_ready,)], "other": []}
    assert callbacks == {"heartbeat": 3}


def test_a_worker_that_is_not_profiled_anyway_is_fine():
    executor = SimpleNamespace(submit=lambda *what: None)
    worker = SimpleNamespace(periodic_callbacks={}, executors={"default": executor})
    dask_setup(worker)
    assert worker.periodic_callbacks == {}
