"""The measured gradient in the place of what a line computes."""

import numpy as np
import pytest

from course_lib import find_line
from course_lib.gradcheck.lines import replaced
from course_lib.gradcheck.lines.source import NotFollowed
from tests.course_lib.gradcheck.lines import functions
from tests.course_lib.gradcheck.lines.asking import search

NEURON = {"w": 2.0, "x": -1.0, "b": 1.0}
RNG = np.random.default_rng(0)


def names(found):
    return [(one.site.name, one.target) for one in found]


def test_the_one_value_that_mends_everything():
    (first,) = replaced.findings(search(functions.neuron_without_exp, NEURON))[:1]
    assert (first.site.line, first.target, first.right_before, first.mended) == (10, "neg", 3, 3)
    assert first.whole


def test_of_two_slips_none_mends_everything_and_the_first_is_told():
    asked = search(functions.two_slips, {"x": 0.3, "y": 1.1})
    assert replaced.findings(asked) == []
    (first,) = replaced.first_of_several(asked)
    assert (first.site.name, first.whole) == ("dp", False)


def test_right_gradients_have_no_first_wrong_one():
    with pytest.raises(NotFollowed, match="right at this point"):
        replaced.findings(search(functions.neuron, NEURON))


def cross_entropy(z, y):
    exps = np.exp(z)
    probs = exps / exps.sum()
    loss = np.log(exps.sum()) - z[y]
    dz = probs * 1.0  # the true class's 1 is missing
    return loss, {"z": dz}


def test_what_forward_makes_on_its_way_comes_after_a_gradient_by_name():
    found = replaced.findings(search(cross_entropy, {"z": RNG.normal(size=4), "y": 1}))
    assert names(found)[0] == ("dz", "z")
    assert "probs" in [one.site.name for one in found[1:]]


def grown(f):
    for _ in range(3):
        f = 1.3 * f
    df = 2.0  # 1
    for _ in range(3):
        df *= 1.3
    return f, {"f": df}


def test_a_value_that_a_loop_begins_with():
    assert find_line(grown, {"f": 0.7}).source.startswith("df = 2.0")
