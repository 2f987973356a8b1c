"""Which of the lines that a wrong value is computed from can be cleared."""

import numpy as np

from course_lib import find_line
from course_lib.gradcheck.lines import replaced
from course_lib.gradcheck.lines.cleared import not_cleared
from tests.course_lib.gradcheck.lines.asking import search, sources

RNG = np.random.default_rng(2)
X, V, W = (RNG.normal(size=shape) for shape in ((4, 3), (3, 2), (3, 2)))


def two_maps(x):
    return np.maximum(x @ V, x @ W), x


def copied(dout, x):
    a, b = x @ V, x @ W
    da = np.where(a >= b, dout, 0)
    db = np.where(a >= b, dout, 0)  # copied from above, not turned round
    dx = da @ V.T
    dx += db @ W.T
    return dx


def test_what_a_sum_adds_is_not_cleared_where_another_value_of_it_mends_everything():
    asked = search(two_maps, copied, X)
    dx = next(one for one in replaced.findings(asked) if one.site.name == "dx")
    told, doubted = not_cleared(asked, dx, [dx.site])
    assert any(line.startswith("db = ") for line in sources(asked, told + doubted))
    found = find_line(two_maps, copied, X)
    assert any(each.variable == "db" for each in found.candidates[: 1 + found.doubts])


def squares(dout, x):
    q = x @ V
    dq = q  # 2 q
    return dout * (dq @ V.T)


def test_a_line_that_gives_another_name_to_a_value_may_lack_a_factor():
    found = find_line(lambda_free_squares, squares, X)
    assert "dq = q" in [each.source.split("  #")[0] for each in found.candidates[: 1 + found.doubts]]


def lambda_free_squares(x):
    return np.sum((x @ V) ** 2), x


def first_only(dout, x):
    parts = dout[0], dout[1]
    total = parts[0]
    return total  # noqa: RET504 - the line of its own is what is asked for


def test_what_is_returned_under_another_name_is_doubted_where_it_is_taken():
    found = find_line(lambda_free_copies, first_only, np.array([0.5, -1.0]))
    assert "total = parts[0]" in [each.source for each in found.candidates[: 1 + found.doubts]]


def lambda_free_copies(x):
    return np.stack([x, 3 * x]), x
