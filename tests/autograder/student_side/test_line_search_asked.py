"""What the other side asks about one function is answered in one fork, and in another where that is gone."""

import json
import os
import signal
from binascii import a2b_base64

import numpy as np
import pytest

from autograder.student_side import line_search

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here"),
    pytest.mark.usefixtures("no_fork_stands_by"),
]

calls = []


def counted(x):
    calls.append(1)
    if x < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    y = x * len(calls)
    return y  # noqa: RET504 (lines are looked for by their names)


def traced(x, function=counted, changes=(), recording=False):
    said = line_search.traced(function, 0, [x], {}, list(changes), recording)
    return json.loads(said) if said else None


def number(said):
    return np.frombuffer(a2b_base64(said["result"]["bytes"]), "<f8")[0]


def test_the_calls_of_one_search_follow_each_other_in_one_process():
    places = json.loads(line_search.inside(counted, 0))
    assert "y = x * len(calls)" in places["text"]
    assert [number(traced(3.0)) for _ in range(3)] == [3.0, 6.0, 9.0]
    assert calls == []


def test_another_search_begins_anew():
    for _ in range(2):
        line_search.inside(counted, 0)
        assert number(traced(3.0)) == 3.0


def test_a_call_that_ends_the_process_says_nothing_and_the_next_one_is_answered():
    line_search.inside(counted, 0)
    assert traced(-1.0) is None
    assert number(traced(3.0)) == 3.0
    assert number(traced(3.0)) == 3.0  # by a process of its own


def test_a_function_whose_places_were_not_asked_for_is_called_all_the_same():
    def doubled(x):
        y = 2 * x
        return y  # noqa: RET504 (lines are looked for by their names)

    line_search.inside(counted, 0)
    assert number(traced(3.0, doubled)) == 6.0
    assert number(traced(3.0)) == 3.0


def test_arguments_that_cannot_leave_this_process_are_called_with_here():
    def of_function(f):
        y = f(2.0)
        return y  # noqa: RET504 (lines are looked for by their names)

    line_search.inside(of_function, 0)
    assert number(traced(lambda v: v + 1, of_function)) == 3.0


def test_edits_are_tried_where_the_calls_are_made():
    line_search.inside(counted, 0)
    edits = [[3, "y = x + 1"], [3, "y = x +"], [3, "y = 1 + x"]]
    said = json.loads(line_search.tried(counted, [3.0], {}, edits, 1.0))
    assert said["which"] == [0, -1, 0]
    assert len(said["results"]) == 1
