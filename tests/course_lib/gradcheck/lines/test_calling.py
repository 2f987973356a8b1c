"""Calls of a search are unheard, and get arguments of their own."""

import sys
import warnings
from contextlib import contextmanager

import numpy as np
import pytest

from course_lib.gradcheck.lines import calling
from course_lib.gradcheck.lines.calling import as_it_is, fresh, quietly


def test_nothing_is_heard_of_what_is_called_quietly(capsys):
    with quietly():
        print("heard")
        warnings.warn("heard", stacklevel=1)
        assert np.isinf(np.float64(1.0) / 0.0)
    assert capsys.readouterr() == ("", "")


def test_what_is_quiet_already_stays_so_until_the_outer_one_ends(capsys):
    before = sys.stdout, np.geterr()
    with quietly():
        with quietly():
            print("heard")
        print("heard")
    print("shown")
    assert (sys.stdout, np.geterr()) == before
    assert capsys.readouterr().out == "shown\n"


def test_an_exit_of_what_is_called_is_an_exception_like_any_other():
    with quietly(), pytest.raises(Exception, match=r"^bye$") as caught, quietly():
        sys.exit("bye")
    assert type(caught.value).__name__ == "SystemExit"


@pytest.mark.parametrize("waits", [True, False])
def test_each_call_within_is_bounded_where_what_is_called_may_wait(monkeypatch, waits):
    did = []

    @contextmanager
    def bounded():
        did.append("begins")
        yield
        did.append("ends")

    monkeypatch.setattr(calling, "bounded", bounded)
    monkeypatch.setattr(calling, "may_wait", lambda *called: did.append(called) or waits)
    with quietly(np.sin, 3):
        for _ in range(2):
            with quietly():
                did.append("called")
    assert did == [(np.sin, 3), *(["begins", "called", "ends"] if waits else ["called"]) * 2]


def test_all_is_heard_again_after_an_error(capsys):
    with pytest.raises(KeyError), quietly():
        raise KeyError
    with quietly():
        print("heard")
    print("shown")
    assert capsys.readouterr().out == "shown\n"


@pytest.mark.parametrize("kind", [dict, list])
def test_arrays_of_a_copy_are_others_with_the_same_numbers(kind):
    values = {"x": np.arange(6.0).reshape(2, 3).T, "n": 3, "w": 0.5}
    given = values if kind is dict else list(values.values())
    copied = fresh(given)
    array, original = (copied["x"], given["x"]) if kind is dict else (copied[0], given[0])
    assert type(copied) is kind
    assert len(copied) == 3
    assert array is not original
    assert np.array_equal(array, original)
    assert array.strides == original.strides
    array[0] = 9.0
    assert original[0, 0] == 0.0


def test_one_array_in_two_places_stays_one():
    x = np.arange(3.0)
    first, second = fresh([x, x])
    assert first is second is not x
    first, (second,) = fresh([x, [x]])
    assert first is second


def test_what_is_made_of_others_is_copied_with_them():
    values = {"layers": [np.ones(2), {"b": np.zeros(1)}], "of objects": np.array([[1], None], dtype=object)}
    copied = fresh(values)
    copied["layers"][1]["b"][0] = 1.0
    copied["of objects"][0].append(2)
    assert values["layers"][1]["b"][0] == 0.0
    fresh(values["of objects"])[0].append(2)
    assert values["of objects"][0] == [1]


def test_a_single_array_is_copied_and_a_number_is_itself():
    x = np.ones(2)
    assert fresh(x) is not x
    assert np.array_equal(fresh(x), x)
    assert fresh(2.5) == 2.5


def test_what_came_back_is_as_it_is_whatever_becomes_of_its_arrays():
    x, own = np.ones(2), object()
    kept = as_it_is((x, [x, {"x": x}], own, "text"))
    x[...] = 5
    assert kept[0].tolist() == kept[1][0].tolist() == kept[1][1]["x"].tolist() == [1, 1]
    assert (kept[2] is own, kept[3]) == (True, "text")


def test_while_all_is_quiet_text_is_counted_and_numpy_raises_nothing():
    with np.errstate(all="raise"):
        with quietly():
            assert sys.stdout.write("four") == 4
            assert np.isinf(np.ones(1) / np.zeros(1)).all()
        with pytest.raises(FloatingPointError):
            np.ones(1) / np.zeros(1)
