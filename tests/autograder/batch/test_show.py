"""How the command shows a run depends on where it writes."""

from functools import partial

import pytest
from rich.console import Console

from autograder.batch import show
from autograder.batch.progress import Bar, Plain, Summary
from autograder.batch.run import Options


@pytest.mark.parametrize(
    ("term", "is_terminal", "kind"),
    [
        ("xterm", True, Bar),
        ("dumb", True, Plain),  # an editor's shell, which cannot draw a line anew
        ("xterm", False, Plain),
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
    show.show_run(None, "square", Options(), as_json=False)
    assert type(used[0]) is kind
    assert capsys.readouterr().out == "0 of 1: nothing yet; 0.0 a second\n"
