"""The program of the sandbox is the warm server."""

import runpy

import pytest

from autograder.student_side import server


@pytest.mark.parametrize(("name", "times"), [("__main__", 1), ("looked_at", 0)])
def test_the_server_is_what_runs_and_only_as_a_program(monkeypatch, name, times):
    ran = []
    monkeypatch.setattr(server, "main", lambda: ran.append(1))
    runpy.run_module("autograder.student_side.__main__", run_name=name)
    assert len(ran) == times
