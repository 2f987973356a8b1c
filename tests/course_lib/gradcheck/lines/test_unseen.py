"""Lines that no probe sees, and that may be wrong: calls that change a value, lists, what enters them."""

import numpy as np

from course_lib import check_vjp, find_line

X, W = np.array([[0.3, -1.2], [0.8, 0.1], [-0.5, 0.9]]), np.array([[0.7, -0.4], [0.2, 1.1]])


def named(found):
    return [suspect.line for suspect in found.candidates[: 1 + found.doubts]]


def rows_forward(x, w):
    return np.tanh(x @ w), (x, w)


def test_a_line_that_adds_to_a_list_and_what_it_reads_are_named():
    def rows_backward(dout, cache):
        x, w = cache
        parts = []
        for row, upstream in zip(x, dout, strict=True):
            slope = 1 - np.tanh(row @ w)
            parts.append(w @ (slope * upstream))
        return np.array(parts), x.T @ (dout * (1 - np.tanh(x @ w) ** 2))

    lines = named(find_line(rows_forward, rows_backward, X, W))
    assert {4, 5, 6, 7} <= set(lines), lines
    assert 3 not in lines  # it only begins


def test_a_list_that_is_made_in_one_line_is_named():
    def listing_backward(dout, cache):
        x, w = cache
        slopes = [1 - np.tanh(row @ w) for row in x]
        dx = np.array([w @ (slope * up) for slope, up in zip(slopes, dout, strict=True)])
        return dx, x.T @ (dout * (1 - np.tanh(x @ w) ** 2))

    assert 3 in named(find_line(rows_forward, listing_backward, X, W))


def test_a_call_that_changes_an_array_in_place_is_named():
    def scatter_forward(x, w):
        return np.maximum(x @ w, 0), (x, w)

    def scatter_backward(dout, cache):
        x, w = cache
        local = dout.copy()
        np.copyto(local, 1.0, where=x @ w > 0)
        return local @ w.T, x.T @ (dout * (x @ w > 0))

    found = find_line(scatter_forward, scatter_backward, X, W)
    assert 4 in named(found), str(found)


def test_what_probes_see_adds_no_line():
    def seen_backward(dout, cache):
        x, w = cache
        da = dout * (1 - np.tanh(x @ w) ** 2)
        print(da)
        dx = da @ w
        return dx, x.T @ da

    assert named(find_line(rows_forward, seen_backward, X, W)) == [5]


def test_a_list_is_named_where_the_check_is_written_around_a_function_that_makes_it():
    def squared_norm(w, x):
        r = [row @ x for row in w]
        value = sum(entry**2 for entry in r)
        twice = [1 * entry for entry in r]  # and not 2
        dw = np.array([[g * xj for xj in x] for g in twice])
        dx = sum(g * row for g, row in zip(twice, w, strict=True))
        return value, dw, dx

    x = np.array([0.4, -0.7])

    def backward(dout, w):
        return dout * squared_norm(w, x)[1]

    backward.around = squared_norm
    check = check_vjp(lambda w: (np.sum((w @ x) ** 2), w), backward, W)
    assert check.line.line == 5
    assert 4 in named(check.line), check.line


def test_a_call_that_changes_what_a_line_begins_is_named_before_it():
    def of_rows(b, e):
        return np.sum((b[np.array([0, 0, 1, 2])] + e) ** 2) / 2, (b, e)

    def of_rows_backward(dout, cache):
        b, e = cache
        de, db = b[np.array([0, 0, 1, 2])] + e, np.zeros_like(b)
        np.add.at(db, np.array([0, 1, 0, 1]), de)
        return dout * db, dout * de

    assert named(find_line(of_rows, of_rows_backward, np.array([0.3, -1.0, 2.0]), np.ones(4))) == [4, 3, 5]


def test_a_call_that_fills_what_is_returned_is_named_before_its_return():
    def largest_backward(dout, pick):
        dx = np.zeros((2, 3))
        np.put_along_axis(dx, pick[:, None] - 1, dout[:, None], axis=1)
        return dx

    def largest(x):
        return x.max(axis=1), x.argmax(axis=1)

    found = find_line(largest, largest_backward, np.array([[0.0, 2, 1], [5, 3, 4]]))
    assert named(found)[:2] == [3, 4]


def test_what_a_dict_holds_under_another_key_is_not_doubted():
    def keyed_backward(dout, cache):
        x, w = cache["x"], cache["w"]
        grads = {}
        grads["y"] = dout
        grads["z"] = grads["y"] * 2
        grads["w"] = x.T @ grads["y"]
        return grads["z"] @ w.T, grads["w"]

    def doubled(x, w):
        return 2 * (x @ w), {"x": x, "w": w}

    found = find_line(doubled, keyed_backward, np.ones((2, 3)), np.ones((3, 2)))
    assert (found.line, found.doubts) == (6, 0), found


def test_what_a_dict_holds_is_not_doubted_where_a_return_exchanges_it():
    def exchanged_backward(dout, cache):
        grads = {}
        grads["y"] = dout * cache["x"]
        grads["x"] = dout * cache["y"]
        return grads["y"], grads["x"]

    def product(x, y):
        return x * y, {"x": x, "y": y}

    found = find_line(product, exchanged_backward, np.ones(3), np.arange(2.0, 5.0))
    assert (found.line, found.doubts) == (5, 0), found


def test_a_value_that_a_condition_names_may_be_wrong():
    def unit_backward(dout, x):
        if (along := dout @ x) == 0:
            return dout
        norm = np.sqrt(x @ x)
        return (dout - along * x / norm) / norm

    def unit(x):
        return x / np.sqrt(x @ x), x

    found = find_line(unit, unit_backward, np.array([1.0, 2, 2]))
    assert 2 in named(found), found


def halves(x):
    return np.tanh(x[:, ::2]) * x[:, 1::2], x


def test_a_line_that_changes_a_part_of_an_array_under_another_name_is_named_and_so_is_what_takes_the_part():
    def halves_backward(dout, x):
        dx = np.zeros(x.shape)
        left, right = dx[:, ::2], dx[:, 1::2]
        left += dout * (1 - np.tanh(x[:, ::2]))
        right += dout * np.tanh(x[:, ::2])
        return dx

    found = named(
        find_line(halves, halves_backward, np.array([[0.3, -1.2, 0.8, 0.1], [0.7, 0.2, -0.9, 1.1]]))
    )
    assert found[:2] == [4, 5], found
    assert set(found) == {2, 3, 4, 5, 6}


def test_rows_of_an_array_that_a_loop_changes_are_parts_of_it():
    def rows_backward(dout, cache):
        x, w = cache
        dx = np.zeros_like(x)
        for row, upstream, at in zip(dx, dout, x, strict=True):
            row += w @ (upstream * (1 - np.tanh(at @ w)))
        return dx, x.T @ (dout * (1 - np.tanh(x @ w) ** 2))

    assert named(find_line(rows_forward, rows_backward, X, W))[0] == 5


def test_a_part_that_a_sum_makes_no_part_any_more_is_named():
    def flat_backward(dout, cache):
        x, w = cache
        da, flat = dout * (1 - np.tanh(x @ w) ** 2), np.zeros(w.size)
        dw = flat.reshape(w.shape)
        dw = dw + x.T @ da
        return da @ w.T, flat.reshape(w.shape)

    assert 5 in named(find_line(rows_forward, flat_backward, X, W))


def stacked(x, w, v):
    h = np.tanh(x @ w)
    return h @ v, (x, w, v, h)


def test_where_nothing_explains_what_a_returned_list_holds_the_lines_that_fill_it_are_named():
    def listing_backward(dout, cache):
        x, w, v, h = cache
        grads = []
        for a, slope, weight in ((h, 1, v), (x, 1 - h**2, w)):
            dout = dout * slope
            grads.insert(0, a.T @ dout / len(a))
            dout = dout @ weight.T
        return (dout, *grads)

    found = find_line(stacked, listing_backward, X, W, np.array([[0.3], [-0.8]]))
    assert found.line == 6
    assert 8 in named(found)
    assert "right from wrong one by one" in str(found)


def test_where_what_is_returned_is_followed_nothing_is_said_of_lists():
    def two_slips(dout, cache):
        x, w, v, h = cache
        dz = dout @ v.T * (1 - h**2)
        return dz @ w.T, dout @ x, 2 * h.T @ dout

    found = find_line(stacked, two_slips, X, W, np.array([[0.3], [-0.8]]))
    assert "one by one" not in str(found)


def test_a_dict_with_keys_that_are_computed_is_not_followed():
    def keyed_backward(dout, cache):
        x, w, v, h = cache
        grads = {}
        dz = dout @ v.T * (1 - h**2)
        for key, a, d in (("w", x, dz), ("v", h, dout)):
            grads[f"d{key}"] = -a.T @ d
        return (dz @ w.T, *grads.values())

    found = find_line(stacked, keyed_backward, X, W, np.array([[0.3], [-0.8]]))
    assert found.line == 6
    assert 3 not in named(found)[:2]


def test_a_line_that_puts_what_is_made_of_a_value_into_a_dict_is_named_beside_it():
    def keyed_backward(dout, cache):
        x, w, v, h = cache
        grads = {}
        for key, a, slope in (("v", h, 1), ("w", x, 1 - h**2)):
            dz = dout * slope
            grads[f"d{key}"] = a.T @ dz / len(a)
            dout = dz @ (v if key == "v" else w).T
        return dout, grads["dw"], grads["dv"]

    found = find_line(stacked, keyed_backward, X, W, np.array([[0.3], [-0.8]]))
    assert 6 in named(found), found


class Node:
    """A number that knows what it is made of, and adds to the gradients of that."""

    def __init__(self, value, *local):
        self.value, self.local, self.grad = value, local, 0.0

    def times(self, other):
        return Node(self.value * other.value, (self, self.value), (other, other.value))

    def flow(self, upstream):
        self.grad = self.grad + upstream
        for node, slope in self.local:
            node.flow(upstream * slope)


def product(x, w):
    return x * w, (x, w)


def test_what_is_called_on_one_object_may_change_others():
    def graph_backward(dout, cache):
        a, b = map(Node, cache)
        c = a.times(b)
        c.flow(dout)
        return a.grad, b.grad

    found = find_line(product, graph_backward, X, X + 1)
    assert 4 in named(found)
    assert "or in `c.flow`, which line 4 calls" in found.sentences


class Keeping:
    def backward(self, upstream):
        self.dx = 3 * upstream


def test_what_a_value_is_handed_to_for_its_effect_may_be_wrong_in_its_place():
    keeping = Keeping()

    def square(x):
        return x**2, x

    def handing_backward(dout, x):
        up = dout * x
        keeping.backward(up)
        return keeping.dx

    found = find_line(square, handing_backward, X)
    assert {2, 3} <= set(named(found))


def test_a_function_inside_that_is_called_for_its_effect_may_change_what_it_reads():
    def filling_backward(dout, cache):
        x, w = cache
        dx = np.zeros_like(x)

        def fill(k):
            dx[k] = -dout[k] * w[k]

        for k in range(len(x)):
            fill(k)
        return dx, dout * x

    found = find_line(product, filling_backward, X, X + 1)
    assert 9 in named(found)
    assert "or in `fill`, which line 9 calls" in found.sentences
