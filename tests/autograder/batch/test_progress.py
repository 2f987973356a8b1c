"""How a run is shown: a bar on a terminal, lines in a log, one JSON object a line for machines."""

import io
import json
import re

import pytest
from rich.console import Console

from autograder.batch.progress import ALREADY, Bar, Events, LogLines, PointsChange, Summary, kind_of
from autograder.grading.task import Graded
from autograder.recorded.record import FAILED

GRADED = Graded("ada", scores={"square": {"a": 30.0, "b": None}}, status="graded", seconds=0.5)
FAILURE = Graded("bob", status=FAILED, notes=("It ended three workers.",), review=True)
LATE = Graded("eve", status="out of time", timed_out=True, notes=("The notebook's time was used up.",))
LOOK = Graded("kim", status="graded", notes=("kim: square.ipynb is empty.",), review=True)


def play(reporter, summary, *settled):
    """Show each of these as `course grade` does; a name alone was graded before."""
    with reporter as shown:
        for graded in settled:
            if isinstance(graded, str):
                summary.counts[ALREADY] += 1
                shown.show(summary, graded, ALREADY, None)
            else:
                summary.add(graded, [])
                shown.show(summary, graded.student, kind_of(graded), graded)


@pytest.mark.parametrize(("graded", "kind"), [(GRADED, "graded"), (FAILURE, "failed"), (LATE, "timed out")])
def test_a_submission_counts_as_graded_failed_or_timed_out(graded, kind):
    assert kind_of(graded) == kind


def test_the_bar_has_counts_rate_and_time_left(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=120, legacy_windows=False)
    play(Bar(console, 10), Summary(10), "zoe", GRADED, FAILURE, LATE, LOOK)
    last = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", out.getvalue()).splitlines()[-1]
    assert re.search(r"\d+\.\d/s · 2 graded · 1 failed · 1 timed out", last)
    assert re.search(r" 5/10 +(\d+:\d\d:\d\d|-:--:--)", last)


def test_a_log_gets_a_line_for_each_that_needs_a_look_and_leaves_the_end_to_the_summary():
    out = io.StringIO()
    play(LogLines(out), Summary(4), GRADED, FAILURE, LATE, LOOK)
    assert out.getvalue().splitlines() == [
        "bob: It ended three workers.",
        "eve: The notebook's time was used up.",
        "kim: square.ipynb is empty.",
    ]


def test_a_log_gets_the_counts_every_few_seconds(monkeypatch):
    clock = iter(range(0, 1000, 3))
    monkeypatch.setattr("autograder.batch.progress.time.monotonic", lambda: next(clock))
    out = io.StringIO()
    play(LogLines(out), Summary(100), *[GRADED] * 6)
    counts = [line.partition(";")[0] for line in out.getvalue().splitlines()]
    assert len(counts) >= 2
    assert all(re.fullmatch(r"\d of 100: \d graded", line) for line in counts)


def test_machines_get_an_event_for_each_submission_and_the_summary_last():
    out = io.StringIO()
    summary = Summary(3, look={"bob": ["timestamp.txt holds no time"]})
    events = Events(out)
    play(events, summary, "zoe", GRADED, FAILURE)
    summary.changes.append(PointsChange("ada", "a", 10.0, 30.0))
    events.finish(summary)
    zoe, ada, bob, last = (json.loads(line) for line in out.getvalue().splitlines())
    assert zoe == {"event": "submission", "student": "zoe", "kind": "already graded", "done": 1, "total": 3}
    assert ada == {
        "event": "submission",
        "student": "ada",
        "kind": "graded",
        "points": 30.0,
        "seconds": 0.5,
        "notes": [],
        "done": 2,
        "total": 3,
    }
    assert (bob["kind"], bob["notes"]) == ("failed", ["It ended three workers."])
    assert last == {
        "event": "summary",
        "counts": {"already graded": 1, "failed": 1, "graded": 1},
        "look": {"bob": ["timestamp.txt holds no time", "It ended three workers."]},
        "changes": [{"student": "ada", "cell": "a", "before": 10.0, "after": 30.0}],
    }


def test_a_change_says_from_what_to_what():
    assert str(PointsChange("ada", "a", None, 0.0)) == "ada: a no score -> 0"


def test_what_was_graded_before_does_not_count_into_the_rate(monkeypatch):
    monkeypatch.setattr("autograder.batch.progress.time.monotonic", lambda: 10.0)
    summary = Summary(100, started=0.0)
    summary.counts.update({ALREADY: 50, "graded": 20})
    assert summary.rate == 2.0
