"""One warm grader for a process, and one kept fork; a sandbox that is lost is tried a second time."""

import os
from types import SimpleNamespace

import pytest

from autograder.disposable import Lost
from autograder.fork_side import Done
from autograder.grader_side.errors import SandboxError
from autograder.grading import warm
from autograder.grading_settings import Settings

USUAL, OTHER = Settings(), Settings(limits={"grader_mb": 7})


class Grader:
    """Notes when it begins and ends; what it lends is taken back."""

    def __init__(self, limits, rung, packages):
        self.limits, self.how = limits, (rung, packages)
        self.in_force = "wall"
        self.sandbox = SimpleNamespace(shares_machine="shares")
        self.open, self.lent = False, []

    def __enter__(self):
        self.open = True
        self.made.append(self)
        return self

    def __exit__(self, *raised):
        self.open = False

    def lend(self):
        self.lent.append(SimpleNamespace(lost=self.loses, answer="answering", take_back=self.taken))
        return self.lent[-1]

    def taken(self):
        self.lent[-1].lost = "taken back"


class Fork:
    """Does a job here, as it would there."""

    def __init__(self, begin, bounds):
        self.work, self.bounds, self.closed = begin(), bounds, 0
        self.made.append(self)

    def do(self, job, answer):
        assert (answer, self.closed) == ("answering", 0)
        return self.work("owner", job).result

    def close(self):
        self.closed += 1


@pytest.fixture(autouse=True)
def noted(monkeypatch):
    """The graders and forks that are made, and which of the graders lose their sandbox."""
    found = SimpleNamespace(graders=[], forks=[])
    for kind, made in ((Grader, found.graders), (Fork, found.forks)):
        monkeypatch.setattr(kind, "made", made, raising=False)
        monkeypatch.setattr(warm, kind.__name__, kind)
    monkeypatch.setattr(Grader, "loses", None, raising=False)
    monkeypatch.setattr(warm, "FORKS", True)
    monkeypatch.setattr(warm, "_graders", {})
    monkeypatch.setattr(warm, "_kept", {})
    monkeypatch.setattr(warm, "Borrowed", lambda owner, **how: (owner, *how.values()))
    return found


def begin():
    """Work that tells behind what it is done; the job `fail` fails."""

    def work(behind, job):
        if job == b"fail":
            raise Lost("it died")
        return Done(f"{job.decode()} {behind.in_force}".encode())

    return work


def test_the_same_settings_have_one_grader_and_others_another_one_instead(noted):
    first = warm.warm_grader(USUAL)
    assert warm.warm_grader(Settings()) is first
    second = warm.warm_grader(OTHER)
    assert [grader.open for grader in noted.graders] == [False, True]
    assert (second.limits.grader_mb, second.how) == (7, ("auto", USUAL.packages))
    assert [grader.open for grader in (warm.warm_grader(Settings("none")), second)] == [True, False]


def test_what_another_process_started_is_not_ours_to_end(noted, monkeypatch):
    theirs = warm.warm_grader(USUAL)
    warm.apart(begin, USUAL, b"a", keep_for="class")
    with monkeypatch.context() as patch:
        patch.setattr(os, "getpid", lambda: -1)
        ours = warm.warm_grader(USUAL)
        assert warm.apart(begin, USUAL, b"b", keep_for="class") == b"b wall"
        warm.close_graders()
    assert (theirs.open, ours.open) == (True, False)
    assert [fork.closed for fork in noted.forks] == [0, 1]
    warm.close_graders()
    assert (theirs.open, noted.forks[0].closed) == (False, 1)


def test_a_fork_that_is_kept_does_the_next_job_of_the_same_and_gives_way_to_one_of_another(noted):
    assert [warm.apart(begin, USUAL, job, keep_for="one") for job in (b"a", b"b")] == [b"a wall", b"b wall"]
    assert len(noted.forks) == 1
    assert noted.forks[0].bounds.jobs == warm.JOBS == 100
    warm.apart(begin, USUAL, b"c", keep_for="two")
    assert [fork.closed for fork in noted.forks] == [1, 0]
    assert all(lender.lost == "taken back" for grader in noted.graders for lender in grader.lent)


def test_a_fork_for_one_job_is_ended_after_it_and_leaves_a_kept_one_alone(noted):
    warm.apart(begin, OTHER, b"a", keep_for="one")
    assert warm.apart(begin, OTHER, b"b") == b"b wall"
    kept, one = noted.forks
    assert (one.closed, one.bounds.jobs, one.bounds.seconds) == (1, 1, 10.0)
    assert one.bounds.memory_bytes == 7 * 2**20
    assert kept.closed == 0
    warm.warm_grader(USUAL)
    assert (kept.closed, one.closed) == (1, 1)  # one that was kept ends with its grader


def test_the_work_is_done_behind_the_sandbox_on_loan():
    behind = []
    warm.apart(lambda: lambda *given: behind.append(given) or Done(b""), OTHER, b"job")
    ((lent, job),) = behind
    assert job == b"job"
    assert lent.sandbox == ("owner", OTHER.packages, "shares")
    assert (lent.limits.grader_mb, lent.in_force) == (7, "wall")


def test_work_that_dies_has_no_result_and_is_not_tried_again(noted):
    with pytest.raises(Lost, match=r"^it died$") as lost:
        warm.apart(begin, USUAL, b"fail")
    assert (lost.value.again, len(noted.forks), noted.forks[0].closed) == (False, 1, 1)
    assert noted.graders[0].lent[0].lost == "taken back"


def test_a_sandbox_that_is_lost_is_replaced_once_and_then_the_machine_is_to_blame(noted, monkeypatch):
    monkeypatch.setattr(Grader, "loses", "the server is gone")
    with pytest.raises(Lost, match=r"^the server is gone$") as lost:
        warm.apart(begin, USUAL, b"fail", keep_for="one")
    assert lost.value.again
    assert ([grader.open for grader in noted.graders], len(noted.forks)) == ([False, False], 2)


def test_where_nothing_forks_the_work_is_done_here_and_a_missing_sandbox_is_no_fault_of_it(
    noted, monkeypatch
):
    def none():
        raise SandboxError("none")

    monkeypatch.setattr(warm, "FORKS", False)
    assert warm.apart(begin, USUAL, b"a") == b"a wall"
    with pytest.raises(SandboxError):
        warm.apart(none, USUAL)
    with pytest.raises(Lost, match=r"^KeyError"):
        warm.apart(lambda: {}["x"], USUAL)
    assert noted.forks == []


def test_reading_has_a_fork_without_a_sandbox(noted, monkeypatch):
    bounds = []
    monkeypatch.setattr(warm, "in_a_fork", lambda work, limits: bounds.append(limits) or work("owner"))
    assert warm.reading_apart(lambda: b"read") == b"read"
    assert (bounds[0].seconds, bounds[0].memory_bytes, noted.graders) == (10.0, 2**28, [])
