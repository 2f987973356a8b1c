"""What is said of the line to blame stays quiet where a kink leaves a gradient unmeasured."""

import warnings

import numpy as np

from course_lib import check_vjp, find_line


def forward(x, y):
    return np.maximum(x, y), (x, y)


def backward(dz, cache):
    x, y = cache
    dx = dz * 1.0
    return dx, np.where(x < y, dz, 0)


def test_a_tie_of_two_inputs_draws_no_warning_from_numpy():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = check_vjp(forward, backward, np.array([1.0, 2.0, 3.0]), np.array([2.0, 1.0, 3.0]))
    assert not result.passed
    assert "kink" in str(result)
    assert "the first wrong line" in str(result)


def named(found):
    return [suspect.line for suspect in found.candidates[: 1 + found.doubts]]


def staged(x, y):
    fw = {}
    fw["product"] = x * y
    fw["sine"] = np.sin(fw["product"])
    bw = {"sine": 1.0}
    bw["product"] = bw["sine"]
    return fw["sine"], {"x": bw["product"] * y, "y": bw["product"] * x}


def test_stages_forward_and_backward_may_have_the_same_keys():
    found = find_line(staged, {"x": 0.4, "y": 1.3})
    assert (found.line, named(found)) == (6, [6])


def by_helper(x, y):
    def unit(t):
        value = 1 / (1 + np.exp(-t))
        return value, 1 - value

    sx, slope_x = unit(x)
    sy, slope_y = unit(y)
    top = x + sy
    f = top * sx
    gx, gy = sx, sx * slope_y
    gx += top * slope_x
    return f, {"x": gx, "y": gy}


def test_what_enters_a_value_that_explains_not_all_is_named_where_it_is_made():
    assert {7, 10} <= set(named(find_line(by_helper, {"x": 0.4, "y": 1.3})))


def chosen_forward(x):
    low = np.expm1(np.minimum(x, 0.0))
    return np.maximum(x, 0.0) + low, (x, low)


def chosen_backward(dout, cache):
    _, low = cache
    slope = np.ones_like(dout)
    negative = dout < 0
    slope[negative] = low[negative] + 1
    return slope * dout


def test_the_mask_that_says_which_entries_change_is_named():
    found = find_line(chosen_forward, chosen_backward, np.linspace(-2, 2, 9) + 0.05)
    assert 4 in named(found), str(found)


def scaled_forward(q, k):
    scale = q.shape[1] ** -0.5
    s = scale * (q @ k.T)
    a = np.exp(s)
    a = a / a.sum(axis=1, keepdims=True)
    return a, (q, k, a, scale)


def scaled_backward(dout, cache):
    q, k, a, _ = cache
    ds = a * dout
    ds = ds - a * np.sum(ds, axis=1, keepdims=True)
    dq = ds @ k
    dk = ds.T @ q
    return dq, dk


def test_of_a_factor_that_all_lack_every_line_that_reads_the_value_is_named():
    rng = np.random.default_rng(0)
    found = find_line(scaled_forward, scaled_backward, rng.normal(size=(4, 3)), rng.normal(size=(5, 3)))
    assert {3, 4, 5} <= set(named(found)), str(found)


def hinges(w):
    data, true = np.arange(20.0).reshape(5, 4) % 7 - 3, np.array([0, 1, 2, 2, 0])
    margins = np.maximum(0, data @ w - (data @ w)[np.arange(5), true][:, None] + 1)
    margins[np.arange(5), true] = 0
    return margins.sum() / 5 + 0.3 * np.sum(w * w), (w, margins, data, true)


def hinges_backward(dout, cache):
    w, margins, data, true = cache
    mask = (margins > 0).astype(float)
    mask[np.arange(5), true] -= 1
    dw = data.T @ mask / 5
    dw += 0.6 * w
    return dout * dw


def hinges_overwritten(dout, cache):
    w, margins, data, true = cache
    mask = (margins > 0).astype(float)
    mask[np.arange(5), true] = -mask.sum(axis=1)
    dw = data.T @ mask / 5
    dw = 0.6 * w
    return dout * dw


WEIGHTS = np.random.default_rng(4).normal(size=(4, 3))


def test_what_enters_any_part_of_a_sum_that_is_scaled_afterwards_is_doubted():
    assert {3, 4, 5} <= set(named(find_line(hinges, hinges_backward, WEIGHTS)))


def test_a_sum_that_is_scaled_afterwards_says_what_it_overwrites():
    found = find_line(hinges, hinges_overwritten, WEIGHTS)
    assert named(found) == [6]
    assert "it overwrites what line 5 put there" in str(found)


def normed(x, g):
    unit = x / np.sqrt(np.mean(x**2, axis=1, keepdims=True))
    return g * unit, (x, g, unit)


def normed_backward(dout, cache):
    x, _, unit = cache
    dunit = dout
    mean = (dout * unit).mean(axis=1, keepdims=True)
    dx = (dunit - unit * mean) / np.sqrt(np.mean(x**2, axis=1, keepdims=True))
    return dx, (dout * unit).sum(axis=0)


def test_what_is_wrong_by_its_name_before_is_doubted_where_nothing_else_says_that_all_was_right():
    found = find_line(normed, normed_backward, WEIGHTS, np.array([0.3, -1.1, 2.0]))
    assert {3, 5} <= set(named(found))


def wave(x):
    return np.exp(-(x**2)) * np.sin(3 * x), x


def wave_backward(dout, x):
    e = np.exp(-(x**2))
    return dout * (-2 * x * e * np.sin(3 * x) + e * np.cos(3 * x))


def test_a_line_that_computes_much_is_rather_wrong_than_a_short_one_that_could_make_up_for_it():
    assert named(find_line(wave, wave_backward, np.array([0.3, -0.8, 1.1, 0.6]))) == [3, 2]


class Layer:
    def forward(self, x, w):
        self.x, self.w = x, w
        return x @ w

    def backward(self, dout):
        self.dw = self.x.T @ dout / len(dout)
        return dout @ self.w.T


class Net:
    def forward(self, x, w):
        self.layers = [Layer()]
        return self.layers[0].forward(x, w)

    def backward(self, dout):
        dx = self.layers[0].backward(dout)
        return dx, self.layers[0].dw


def test_what_is_taken_out_of_an_object_may_be_wrong_by_a_line_that_calls_for_it():
    rng = np.random.default_rng(0)
    found = find_line(Net(), rng.normal(size=(3, 2)), rng.normal(size=(2, 2)))
    assert [suspect.line for suspect in found.candidates[: 1 + found.doubts]] == [3, 2]
    assert "or in `self.layers[0].backward`, which line 2 calls" in found.sentences


class KeptInOneLine:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout):
        dx = self.y
        dy = dout * self.x
        return dx, dy


def test_a_line_that_keeps_several_values_computes_none_of_them():
    found = find_line(KeptInOneLine(), np.array([2.0, -1.0]), np.array([3.0, 0.5]))
    assert found.source == "dx = self.y"
    assert not found.doubts
