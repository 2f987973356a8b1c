import numpy as np

from course_lib.gradcheck.pairs import (
    CachedPair,
    GatePair,
    LossOfParameters,
    ScalarWithGradient,
)


def test_a_backward_of_one_argument_gets_the_upstream_gradient_alone():
    assert CachedPair(abs, lambda dout: ("alone", dout)).backward(1, (2,)) == ("alone", 1)
    assert CachedPair(abs, lambda dout, cache: (dout, cache)).backward(1, 2) == (1, 2)
    pair = CachedPair(lambda x: ((x, 2 * x), x), lambda dx, dy, x: (dx, dy, x))
    out, token = pair.forward([3.0])
    assert pair.backward(10 * out, token) == (30.0, 60.0, 3.0)


def test_a_backward_of_one_argument_belongs_to_the_forward_call_whose_token_it_gets():
    kept = []

    def forward(x):
        kept.append(x)
        return x**2, "a cache that backward does not take"

    pair = CachedPair(forward, lambda dout: (dout, kept[-1]))
    (_, first), (_, second) = pair.forward([3]), pair.forward([5])
    assert (pair.has_cache, first, second) == (False, (3,), (5,))
    assert pair.backward(1, second) == (1, 5)
    assert kept == [3, 5]
    assert pair.backward(1, first) == pair.backward(1, first) == (1, 3)
    assert kept == [3, 5, 3]


class Gate:
    """Keeps what its last forward saw, and counts its calls."""

    def __init__(self, outputs):
        self.outputs, self.calls, self.got = outputs, 0, None

    def forward(self, *inputs):
        self.inputs, self.calls = inputs, self.calls + 1
        return self.outputs

    def backward(self, *douts):
        self.got = douts
        return self.inputs


def test_a_gates_backward_follows_the_forward_it_belongs_to():
    gate = Gate(5.0)
    pair = GatePair(gate)
    first, second = [1.0], [2.0]
    assert pair.forward(first) == (5.0, first)
    assert pair.backward(1.0, first) == (1.0,)
    assert gate.calls == 1
    pair.forward(second)
    assert pair.backward(1.0, first) == (1.0,)
    assert gate.calls == 3
    assert gate.got == (1.0,)


def test_the_outputs_of_a_gate_are_one_flat_output_and_get_back_their_own_part():
    gate = Gate((np.arange(6.0).reshape(2, 3), 7.0, np.array([8.0])))
    pair = GatePair(gate)
    out, token = pair.forward([1.0])
    assert out.tolist() == [0, 1, 2, 3, 4, 5, 7, 8]
    pair.backward(10 + out, token)
    matrix, number, vector = gate.got
    assert matrix.tolist() == [[10, 11, 12], [13, 14, 15]]
    assert (number, type(number)) == (17.0, float)
    assert vector.tolist() == [18.0]
    assert GatePair(Gate(())).forward([1.0])[0] == ()


def test_the_gradient_of_a_scalar_is_data_or_a_function_of_it():
    data = ScalarWithGradient(lambda x: (x[0], "more"), [1.0, 2.0])
    assert data.given
    assert data.forward([[5.0]]) == (5.0, [[5.0]])
    assert data.backward(1.0, [[5.0]]) == ([1.0, 2.0],)
    assert ScalarWithGradient(lambda x: (), None).forward([1]) == ((), [1])
    function = ScalarWithGradient(abs, lambda x: x + 1)
    assert not function.given
    assert function.backward(1.0, [2.0]) == (3.0,)


def test_a_pair_of_value_and_gradient_is_told_from_a_gradient_of_two_numbers():
    def gradient_at(x, returned):
        return ScalarWithGradient(abs, lambda x: returned).backward(1.0, [x])[0]

    assert gradient_at(np.ones(2), (1.0, 2.0)) == (1.0, 2.0)
    assert gradient_at(np.ones(3), (1.0, "gradient")) == "gradient"
    assert gradient_at(np.array(1.0), (1.0, 2.0)) == 2.0
    assert gradient_at(np.ones(3), (1.0, 2.0, 3.0)) == (1.0, 2.0, 3.0)
    assert gradient_at(np.ones(3), [1.0, "gradient"]) == [1.0, "gradient"]
    assert gradient_at(np.ones(2), (1.0, 2.0, 3.0)) == (1.0, 2.0, 3.0)  # too many, which its check has to say


def parameters(grads, params, loss=lambda p: p):
    return LossOfParameters(loss, params, grads, lambda leaf: leaf != "text")


def test_a_loss_gets_its_parameters_in_their_form():
    params = {"w": 1.0, "layers": [{"b": 2.0}, "text"]}
    seen = []

    def loss(p):
        seen.append(p)
        return "loss", "more"

    pair = parameters(None, params, loss)
    out, token = pair.forward([5, 6, 7])
    assert seen == [{"w": 5, "layers": [{"b": 6}, 7]}]
    assert (out, token) == ("loss", [5, 6, 7])


def test_gradients_of_parameters_are_data_a_function_or_come_after_the_loss():
    params = {"w": 1.0, "kind": "text"}
    given = parameters({"w": 9}, params)
    assert given.given
    assert given.backward(1.0, [1.0, "text"]) == (9,)
    function = parameters(lambda p: {"w": p["w"] + 1}, params)
    assert not function.given
    assert function.backward(1.0, [4, "text"]) == (5,)
    other = function.with_functions(len, lambda p: {"w": p["w"] + 2})
    assert (other.forward([4, "text"])[0], other.backward(1.0, [4, "text"])) == (2, (6,))
    assert parameters(lambda p: ("loss", {"w": p["w"]}), params).backward(1.0, [4, "text"]) == (4,)
    assert parameters(lambda p: (p[0], p[1]), [None, None]).backward(1.0, [4, 5]) == (4, 5)


def test_gradients_of_a_scalar_take_neither_an_upstream_gradient_nor_a_cache():
    for pair in (ScalarWithGradient(abs, abs), parameters(abs, {"w": 1.0})):
        assert (pair.takes_upstream, pair.has_cache) == (False, False)


class Squares:
    def forward(self, x):
        self.x = x
        return x**2

    def backward(self, dout):
        return 2 * self.x * dout


def test_no_backward_belongs_to_a_call_that_somebody_else_makes():
    gate, other = Squares(), Squares()
    for pair in (GatePair(gate), CachedPair(other.forward, other.backward)):
        _, token = pair.forward([3.0])
        call = pair.call([5.0])
        out, _ = pair.answer(call(), [5.0])
        assert out == 25.0
        assert pair.backward(1.0, token) == 6.0, "forward runs again for its inputs"
    pair = CachedPair(lambda x: (x**2, "cache"), lambda dout, cache: cache)
    assert pair.answer(pair.call([2.0])(), [2.0]) == (4.0, "cache")
