"""Which of the lines that a wrong value is computed from can be cleared."""

import linecache

import numpy as np

from course_lib import check_gradient, find_line
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


def chain(x, y):
    m = 0 - x * y
    f = np.exp(m)
    f_by_m = f
    m_by_p = 1.0  # -1
    dp = f_by_m * m_by_p
    return f, {"x": dp * y, "y": dp * x}


def test_a_constant_may_be_wrong_although_it_is_a_gradient_by_chance():
    found = find_line(chain, {"x": 0.4, "y": 1.3})
    assert "m_by_p = 1.0" in [each.source.split("  #")[0] for each in found.candidates[: 1 + found.doubts]]


def listed(x, y):
    f = x**2 * y + np.sin(x)
    into_x = [x * y, x * y, np.sin(x)]  # cos
    return f, {"x": sum(into_x), "y": x**2}


def test_a_list_is_doubted_where_it_is_read_as_a_whole():
    found = find_line(listed, {"x": 0.4, "y": 1.3})
    assert any(each.source.startswith("into_x = ") for each in found.candidates[: 1 + found.doubts])


class Log:
    def forward(self, x):
        self.x, self.y = x, np.log(x)
        return self.y

    def backward(self, dout):
        slope = self.y  # 1 / self.x
        return (dout * slope,)


def test_what_is_taken_out_under_another_name_may_be_wrong():
    found = find_line(Log(), np.array([0.5, 2.0, 3.0]))
    assert "slope = self.y" in [each.source.split("  #")[0] for each in found.candidates[: 1 + found.doubts]]


def gate(x):
    return 1 / (1 + np.exp(-x))


def of_another_gate(dout, x):
    s = gate(dout)  # gate(x)
    return dout * (s + x * s * (1 - s))


def test_a_line_whose_other_value_is_not_found_where_what_it_enters_bends_is_not_cleared():
    found = find_line(lambda_free_gated, of_another_gate, RNG.normal(size=(3, 4)))
    assert [each.line for each in found.candidates[: 1 + found.doubts]] == [3, 2]


def lambda_free_gated(x):
    return x * gate(x), x


def fitted(p):
    return np.mean((p[0] * np.sin(p[1] * TIMES) + p[2]) ** 2)


TIMES = np.linspace(0, 1, 6)


def fitted_by(**other):
    text = {
        "r": "a * s + c",
        "dr": "2 * r / len(TIMES)",
        "gb": "dr @ (a * TIMES * np.cos(b * TIMES))",
        "order": "ga, gb",
    }
    text.update(other)
    lines = [
        "def gradient(p):",
        "a, b, c = p",
        "s = np.sin(b * TIMES)",
        f"r = {text['r']}",
        f"dr = {text['dr']}",
        "ga = dr @ s",
        f"gb = {text['gb']}",
        "gc = dr.sum()",
        f"return np.array([{text['order']}, gc])",
    ]
    return check_gradient(
        fitted, np.array([1.2, 2.7, 0.1]), written_as("\n    ".join(lines), "gradient")
    ).line


def written_as(text, name):
    linecache.cache[text] = (len(text), None, text.splitlines(keepends=True), text)
    space = {"np": np, "TIMES": TIMES}
    exec(compile(text, text, "exec"), space)
    return space[name]


def test_what_is_put_into_one_array_is_named_before_the_line_that_puts_it_there():
    one = fitted_by(gb="dr @ (a * np.cos(b * TIMES))")
    assert (one.line, one.candidates[one.doubts].line) == (7, 9)


def test_where_several_parts_of_an_array_are_wrong_what_all_of_them_read_is_named_first():
    assert fitted_by(dr="2 * r").line == 5
    deeper = fitted_by(r="a * s - c")
    assert deeper.line == 5
    assert deeper.more


def test_where_parts_of_an_array_only_change_places_the_line_that_puts_them_there_is_named_alone():
    found = fitted_by(order="gb, ga")
    assert (found.line, found.doubts) == (9, 0)
