"""Values that several lines put together."""

import numpy as np

from course_lib.gradcheck.lines import replaced
from course_lib.gradcheck.lines.sums import of_sum
from tests.course_lib.gradcheck.lines import functions
from tests.course_lib.gradcheck.lines.asking import search, sources

AB = {"a": 0.7, "b": 1.3}
RNG = np.random.default_rng(0)


def guilty(function, inputs):
    asked = search(function, inputs)
    found = of_sum(asked, replaced.findings(asked)[0])
    return found and (sources(asked, found.sites), found)


def test_a_contribution_that_is_overwritten_is_told_with_its_line():
    lines, found = guilty(functions.overwritten, AB)
    assert lines[0].startswith("b_grad = np.cos(b) * grad_s")
    assert found.sentence == "it overwrites what line 8 put there, b_grad = a * grad_p: add to it with +="


def test_the_contribution_that_belongs_to_no_use_is_the_wrong_one():
    lines, found = guilty(functions.one_contribution_wrong, AB)
    assert lines[0].startswith("db += np.sin(b) * df_ds")
    assert not found.doubts


def test_entries_tell_which_line_changed_them():
    inputs = {"scores": RNG.normal(size=(5, 3)), "y": np.array([0, 2, 1, 0, 2])}
    lines, found = guilty(functions.softmax_loss, inputs)
    assert lines[0].startswith("dscores[rows, y] -= 2")
    assert not found.doubts


def test_a_value_of_one_line_is_no_sum():
    assert guilty(functions.neuron_without_exp, {"w": 2.0, "x": -1.0, "b": 1.0}) is None


def all_wrong(a, b):
    f = a * b + np.sin(b) * a
    db = a * 2
    db += np.cos(b)
    return f, {"b": db}


def test_where_several_contributions_may_be_wrong_all_are_doubted():
    lines, found = guilty(all_wrong, {"a": 0.7, "b": 1.3})
    assert found.doubts == 1
    assert set(lines[:2]) == {"db = a * 2", "db += np.cos(b)"}
