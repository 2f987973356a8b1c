"""How the command shows a run depends on where it writes."""

import json
from collections import Counter
from functools import partial

import pytest
from rich.console import Console

from autograder.batch import show
from autograder.batch.progress import Bar, Events, LogLines, PointsChange, Summary
from autograder.batch.run import GradeOptions


@pytest.mark.parametrize(
    ("term", "is_terminal", "kind"),
    [
        ("xterm", True, Bar),
        ("dumb", True, LogLines),  # an editor's shell, which cannot draw a line anew
        ("xterm", False, LogLines),
    ],
)
def test_a_bar_is_drawn_where_it_can_be_and_the_counts_stand_at_the_end(
    monkeypatch, capsys, term, is_terminal, kind
):
    used = []

    def grade_class(course, assignment, options, reporter):
        used.append(reporter(1))
        return Summary(1)

    monkeypatch.setenv("TERM", term)
    monkeypatch.setenv("COLUMNS", "0")
    monkeypatch.setattr(show, "Console", partial(Console, force_terminal=is_terminal))
    monkeypatch.setattr(show, "grade_class", grade_class)
    show.show_run(None, "square", GradeOptions(), as_json=False)
    assert type(used[0]) is kind
    assert capsys.readouterr().out == "0 of 1: nothing yet; 0.0 a second\n"


@pytest.fixture
def shown(monkeypatch, capsys):
    """Shows a run that comes to `summary`, None if somebody stops it; status, and what went out and aside."""

    def show_it(summary, *, as_json=False, **options):
        def grade_class(course, assignment, given, reporter):
            assert (course, assignment, given) == ("course", "square", GradeOptions(**options))
            assert isinstance(reporter(1), Events if as_json else LogLines)
            if summary is None:
                raise KeyboardInterrupt
            return summary

        monkeypatch.setattr(show, "grade_class", grade_class)
        status = show.show_run("course", "square", GradeOptions(**options), as_json=as_json)
        return status, *capsys.readouterr()

    return show_it


def test_points_that_changed_and_who_is_to_be_looked_at_are_listed_after_the_counts(shown):
    many = [PointsChange(f"s{number}", "f", 1.0, None) for number in range(43)]
    look = {"eve": ["eve: odd.", "Slow."], "ada": ["late"]}
    status, out, _ = shown(Summary(45, Counter(graded=44, failed=1), look, many))
    lines = out.splitlines()
    assert lines[1:3] == ["Points that changed:", "  s0: f 1 -> no score"]
    assert lines[41:] == [
        "  s39: f 1 -> no score",
        "  ... and 3 more",
        "To look at:",
        "  ada: late",
        "  eve: odd. Slow.",
    ]
    assert status == 1
    status, out, _ = shown(Summary(1, Counter(graded=1), {}, many[:40]), dry_run=True)
    assert (status, out.splitlines()[1]) == (0, "Points that would change:")
    assert "more" not in out


@pytest.mark.parametrize("as_json", [True, False])
def test_machines_get_objects_alone_and_people_are_told_aside(shown, as_json):
    status, out, aside = shown(Summary(1, Counter(graded=1)), as_json=as_json, sandbox="none")
    assert status == 0
    assert ("NO SANDBOX" in out, "NO SANDBOX" in aside) == (not as_json, as_json)
    if as_json:
        assert json.loads(out) == {"event": "summary", "counts": {"graded": 1}, "look": {}, "changes": []}
    status, out, aside = shown(None, as_json=as_json)
    assert status == 130
    said = "Stopped. What was graded is recorded; run the same command to grade the rest.\n"
    assert (out, aside) == (("", said) if as_json else (said, ""))
