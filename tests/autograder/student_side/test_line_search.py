"""The search for a wrong line beside the student's code: what it tells, and in what form."""

import json
import os
import signal
from binascii import a2b_base64
from fractions import Fraction

import numpy as np
import pytest
from searched import FIRST, Gate, X, square, stepping, wrong

from autograder.student_side import line_search
from course_lib.gradcheck.lines.source import read_source
from course_lib.gradcheck.lines.twin import twin_of

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")


def mixed(b, a, word):
    doubled = 2 * a
    positive = doubled > 0
    said = word.upper()
    y = doubled * positive + b * a
    return y, said


def right(dout, cache):
    (x,) = cache
    slope = 2 * x
    return dout * slope


def dying(dout, cache):
    os.kill(os.getpid(), signal.SIGKILL)
    dx = dout
    return dx  # noqa: RET504 (lines are looked for by their names)


def read(said):
    """What was told of a value, as arrays in tuples and dicts."""
    if said is None:
        return None
    if "parts" in said:
        return tuple(map(read, said["parts"]))
    if "keys" in said:
        return {key: read(part) for key, part in said["keys"].items()}
    return np.frombuffer(a2b_base64(said["bytes"]), "<f8").reshape(said["shape"])


def twin(function):
    return twin_of(read_source(function), FIRST)


def place(made, name, kind):
    (number,) = [site.number for site in made.sites.values() if (site.name, site.kind) == (name, kind)]
    return number


def traced(made, *args, changes=(), recording=True):
    said = json.loads(line_search._traced(made, list(args), {}, list(changes), recording))
    return read(said["result"]), said["events"]


def searched(backward, edits=lambda found: "[]", forward=square, seconds=5.0, x=X):
    found, number = line_search.find_line(forward, [backward, x], None, 0, edits, seconds)
    return (json.loads(found) if found else None), number


@pytest.mark.parametrize(
    ("value", "shape", "numbers"),
    [
        (2, [], "AAAAAAAAAEA="),
        (2.0, [], "AAAAAAAAAEA="),
        (True, [], "AAAAAAAA8D8="),
        (np.float32(2), [], "AAAAAAAAAEA="),
        (np.array([[2], [1]], np.int8), [2, 1], "AAAAAAAAAEAAAAAAAADwPw=="),
        (np.array([2.0, 1.0], ">f8"), [2], "AAAAAAAAAEAAAAAAAADwPw=="),
        (np.array([2, 1], np.uint16), [2], "AAAAAAAAAEAAAAAAAADwPw=="),
        (np.array([True]), [1], "AAAAAAAA8D8="),
    ],
)
def test_numbers_are_told_as_their_shape_and_float64(value, shape, numbers):
    assert json.loads(json.dumps(line_search._as_text(value))) == {"shape": shape, "bytes": numbers}


def test_many_numbers_are_told_in_one_line():
    array = np.arange(300.0).reshape(3, 100)
    said = line_search._as_text(array)
    assert "\n" not in said["bytes"]
    assert np.array_equal(read(said), array)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "2",
        1j,
        np.array([1j]),
        np.array("text"),
        np.array([None]),
        10**400,
        {1},
        range(3),
        Fraction(1, 2),
    ],
)
def test_of_what_is_no_number_nothing_is_told(value):
    assert line_search._as_text(value) is None


def test_parts_are_told_and_those_with_a_plain_name():
    said = line_search._as_text((1.0, [None, {"a": 2, 3: 4, np.str_("b"): 5}]))
    first, (none, named) = read(said)
    assert (float(first), none, list(named), float(named["a"])) == (1.0, None, ["a"], 2.0)


def test_places_come_with_the_text_and_what_each_reads_in_order():
    said = json.loads(line_search._places(twin(mixed)))
    assert said["text"].startswith("def mixed(b, a, word):")
    assert [site["number"] for site in said["sites"]] == list(range(FIRST, FIRST + len(said["sites"])))
    by_name = {(site["name"], site["kind"]): site for site in said["sites"]}
    assert by_name["y", "assigned"]["reads"] == ["a", "b", "doubled", "positive"]
    assert by_name["y", "assigned"]["line"] == 5
    assert by_name["a", "parameter"]["reads"] == ["a"]


def test_what_passes_the_places_is_told_but_for_what_is_read_and_what_is_no_number():
    made = twin(mixed)
    (y, said), events = traced(made, 3.0, X, "word")
    assert np.array_equal(y, 2 * X * (X > 0) + 3 * X)
    assert said is None
    told = {(made.sites[number].name, made.sites[number].kind): value for number, _, value, _ in events}
    expected = [("b", "parameter"), ("a", "parameter"), ("doubled", "assigned"), ("positive", "assigned")]
    assert list(told)[:5] == [*expected, ("y", "assigned")]
    assert "used" in {site.kind for site in made.sites.values()}
    assert "used" not in {kind for _, kind in told}
    assert "said" not in {name for name, _ in told}
    assert np.array_equal(read(told["doubled", "assigned"]), 2 * X)
    assert [made.sites[number].name for number, _, _, mask in events if mask is True] == ["positive"]


def test_changes_are_made_where_and_when_they_say():
    made = twin(stepping)
    number = place(made, "x", "added to")
    changes = [[number, 1, np.array(10.0)], [number, 3, np.array(20.0)]]
    result, events = traced(made, 0.0, 3, changes=changes)
    assert result == 11.0
    assert [read(value) for place, _, value, _ in events if place == number] == [1.0, 2.0, 11.0]
    assert [turn for place, turn, _, _ in events if place == number] == [0, 1, 2]
    result, events = traced(made, 0.0, 3, changes=changes, recording=False)
    assert (result, events) == (11.0, [])


def test_of_many_numbers_the_first_and_the_last_turn_are_told(monkeypatch):
    made = twin(stepping)
    number = place(made, "x", "added to")
    x = np.zeros(10)
    _, events = traced(made, x, 4)
    assert all(value is not None for _, _, value, _ in events)
    many = sum(read(value).size for _, _, value, _ in events)

    def told():
        return [value is not None for place, _, value, _ in traced(made, x, 4)[1] if place == number]

    monkeypatch.setattr(line_search, "MOST_NUMBERS", many)
    assert told() == [True] * 4
    monkeypatch.setattr(line_search, "MOST_NUMBERS", many - 1)
    assert told() == [True, False, False, True]


def test_of_how_many_numbers_all_are_told():
    assert line_search.MOST_NUMBERS == 60_000


@pytest.mark.parametrize("size", [600, 601])
def test_a_value_that_the_search_does_not_follow_is_not_told(size):
    made = twin(stepping)
    result, events = traced(made, np.zeros(size), 1)
    assert result.shape == (size,)
    told = [value is not None for number, _, value, _ in events if made.sites[number].name == "x"]
    assert set(told) == {size == 600}


def test_results_of_edits_are_told_once_with_whose_they_are():
    made = twin(square)
    edits = [[0, "y = x"], [0, "y = x +"], [0, "y = x * 1"], [0, "y = 'no number'"], [1, "return 'text'"]]
    said = json.loads(line_search._results(made, [2.0], {}, edits, 5.0))
    assert said["which"] == [0, -1, 0, 1, 2]
    first, second, third = map(read, said["results"])
    assert (float(first[0]), float(first[1][0])) == (2.0, 2.0)
    assert (second[0], third) == (None, None)


def test_edits_for_which_no_time_is_left_have_no_result():
    said = json.loads(line_search._results(twin(square), [2.0], {}, [[0, "y = x"]], -1.0))
    assert said == {"results": [], "which": [-1]}


def test_a_wrong_line_is_told_with_what_edits_are_made_of():
    found, number = searched(wrong)
    assert found["function"] == "wrong"
    assert found["line"] in (3, 4)
    assert found["source"] in ("slope = 3 * x", "return dout * slope")
    assert ["wrong", 3] in found["suspects"]
    assert [draft[0] for draft in found["drafts"]] == ["wrong", "square"]
    assert found["drafts"][0][1].startswith("def wrong(dout, cache):")
    assert found["drafts"][0][2]["slope"] == [2, 3]
    assert (found["right"], type(found["doubts"]), number) == (False, int, -1)
    assert found["sentences"]


def test_the_place_of_the_first_edit_that_mends_is_told():
    asked = []

    def edits(found):
        asked.append(json.loads(found)["function"])
        texts = ("slope = 4 * x", "slope = x + x", "slope = 2 * x")
        return json.dumps([["wrong", 1, text] for text in texts])

    assert searched(wrong, edits)[1] == 1
    assert asked == ["wrong"]
    assert searched(wrong, edits, seconds=-1.0)[1] == -1


def test_the_first_edit_can_be_the_one():
    assert searched(wrong, lambda found: json.dumps([["wrong", 1, "slope = 2 * x"]]))[1] == 0


def test_of_a_right_function_it_is_told_that_it_is_right():
    found, number = searched(right)
    assert (found["right"], found["line"], found["suspects"], found["drafts"]) == (True, None, [], [])
    assert number == -1


def test_of_a_function_that_has_no_lines_none_is_named():
    found, _ = searched(np.cos, forward=np.sin)
    assert (found["right"], found["line"], found["drafts"]) == (False, None, [])


def test_of_a_function_that_ends_its_process_nothing_is_told():
    asked = []
    assert searched(dying, asked.append) == (None, -1)
    assert asked == []


def test_a_method_comes_as_its_object_and_its_name():
    gate = Gate()
    found, _ = searched(wrong, forward=[gate, "forward"])
    assert [draft[0] for draft in found["drafts"]] == ["wrong", "forward"]
    assert line_search._found([gate, "other"]) == gate.other
    assert line_search._found(square) is square
