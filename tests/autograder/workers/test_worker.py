import os
import pickle
from types import SimpleNamespace

import pytest

from autograder.errors import CourseError
from autograder.grader_side.errors import SandboxError
from autograder.grading import grade, warm
from autograder.workers import worker

CORES = sorted(os.sched_getaffinity(0))
CALL = ("task", "release", "settings")


@pytest.fixture
def graded(monkeypatch):
    """Has submissions graded by what the test says; what was asked, on which cores, and whether alone."""
    seen = []
    monkeypatch.setattr(worker, "_core", None)

    def note(asked):
        seen.append((asked, os.sched_getaffinity(0), worker._one_at_a_time.locked()))

    def by(behave):
        def noted(*call):
            note(call)
            return behave(*call)

        monkeypatch.setattr(grade, "grade", noted)
        return seen

    monkeypatch.setattr(warm, "warm_grader", lambda settings: by.warmed(settings))
    by.warmed = note
    return by


def test_a_submission_is_graded_alone_wherever_there_is_a_core(graded):
    seen = graded(lambda *call: "the grade")
    assert worker.work(CALL) == "the grade"
    assert worker.work_on(pickle.dumps(CALL)) == "the grade"
    assert seen == [(CALL, set(CORES), True)] * 2
    assert not worker._one_at_a_time.locked()


def test_a_worker_with_a_core_gets_ready_and_grades_there_and_goes_where_it_could_before(graded):
    seen = graded(lambda *call: "the grade")
    worker.get_ready(pickle.dumps("settings"), CORES[-1])
    assert os.sched_getaffinity(0) == set(CORES)
    worker.work(CALL)
    assert seen == [("settings", {CORES[-1]}, True), (CALL, {CORES[-1]}, True)]
    assert os.sched_getaffinity(0) == set(CORES)


def test_a_core_that_was_taken_away_is_no_harm(graded, monkeypatch):
    seen = graded(lambda *call: "the grade")

    def refuse(process, cores):
        raise OSError("no such core")

    monkeypatch.setattr(worker, "_core", 10**4)
    monkeypatch.setattr(os, "sched_setaffinity", refuse)
    assert worker.work(CALL) == "the grade"
    assert seen == [(CALL, set(CORES), True)]


def test_to_get_ready_is_to_import_what_grading_needs_first_what_puts_other_imports_off(graded, monkeypatch):
    imported = []
    monkeypatch.setattr(worker, "importlib", SimpleNamespace(import_module=imported.append))
    worker.get_ready()
    assert imported == ["autograder.workers.put_off", "autograder.grading.grade"]


def test_without_settings_no_grader_is_started_and_one_that_cannot_be_is_told_later(graded):
    seen = graded(lambda *call: None)
    worker.get_ready()
    assert seen == []

    def refuse(settings):
        seen.append(settings)
        raise SandboxError("install bubblewrap")

    graded.warmed = refuse
    worker.get_ready(pickle.dumps("settings"))
    assert seen == ["settings"]
    assert not worker._one_at_a_time.locked()


@pytest.mark.parametrize("error", [SandboxError("install bubblewrap"), CourseError("install bubblewrap")])
def test_what_the_instructor_can_mend_is_said_and_costs_the_class(graded, error):
    def refuse(*call):
        raise error

    graded(refuse)
    with pytest.raises(CourseError, match="install bubblewrap"):
        worker.work(CALL)
    assert not worker._one_at_a_time.locked()


def test_an_error_of_ours_costs_one_submission_and_is_told_in_short(graded, monkeypatch):
    def fail(*call):
        raise KeyError("x" * 500)

    graded(fail)
    monkeypatch.setattr(grade, "without_result", lambda *arguments: arguments)
    task, release, why = worker.work(CALL)
    assert (task, release) == ("task", "release")
    assert why == f"KeyError in the grader: '{'x' * 199}"


def test_leaving_ends_the_graders(monkeypatch):
    ended = []
    monkeypatch.setattr(warm, "close_graders", lambda: ended.append(True))
    worker.leave()
    assert ended == [True]
