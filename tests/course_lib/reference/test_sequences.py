from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.reference import sequences as seq

LAW = settings(max_examples=20, deadline=None, derandomize=True)
SEEDS = st.integers(0, 2**32 - 1)


@LAW
@given(seed=SEEDS)
def test_embedding_adds_at_repeated_rows_as_add_at_does(seed: int) -> None:
    rng = np.random.default_rng(seed)
    W, ids = rng.normal(size=(5, 3)), rng.integers(4, size=(2, 6))
    out, cache = seq.embedding_forward(ids, W)
    np.testing.assert_array_equal(out[1, 2], W[ids[1, 2]])
    dout = rng.normal(size=out.shape)
    expected = np.zeros_like(W)
    np.add.at(expected, ids, dout)
    np.testing.assert_allclose(seq.embedding_backward(dout, cache), expected, atol=1e-13)


def rnn_inputs(seed: int, N: int = 2, T: int = 3, D: int = 4, H: int = 5) -> tuple[Any, list[Any]]:
    rng = np.random.default_rng(seed)
    x, h0 = rng.normal(size=(N, T, D)), rng.normal(size=(N, H))
    return rng, [x, h0, rng.normal(size=(D, H)) / 2, rng.normal(size=(H, H)) / 2]


@LAW
@given(seed=SEEDS)
def test_the_recurrent_net_agrees_with_differences_in_extended_precision(assert_vjp: Any, seed: int) -> None:
    rng, inputs = rnn_inputs(seed)
    h, cache = seq.rnn_forward(*inputs)
    dout = rng.normal(size=h.shape)

    def states(x: Any, h: Any, Wx: Any, Wh: Any) -> Any:
        steps = [h := np.tanh(x[:, t] @ Wx + h @ Wh) for t in range(x.shape[1])]
        return np.stack(steps, axis=1)

    assert_vjp(states, inputs, dout, seq.rnn_backward(dout, cache))


def test_one_step_in_time_is_the_step() -> None:
    rng, (x, h0, Wx, Wh) = rnn_inputs(0, T=1)
    h, caches = seq.rnn_forward(x, h0, Wx, Wh)
    after, cache = seq.rnn_step_forward(x[:, 0], h0, Wx, Wh)
    np.testing.assert_array_equal(h[:, 0], after)
    dout = rng.normal(size=after.shape)
    dx, *others = seq.rnn_backward(dout[:, np.newaxis], caches)
    expected = seq.rnn_step_backward(dout, cache)
    for mine, right in zip((dx[:, 0], *others), expected, strict=True):
        np.testing.assert_array_equal(mine, right)


def attention_inputs(seed: int, T: int = 4, S: int = 5, D: int = 3, M: int = 2) -> tuple[Any, list[Any], Any]:
    rng = np.random.default_rng(seed)
    mask = rng.random(size=(T, S)) < 0.5
    mask[:, 1] = True
    mask[:, 3] = False
    return rng, [rng.normal(size=(T, D)), rng.normal(size=(S, D)), rng.normal(size=(S, M))], mask


@LAW
@given(seed=SEEDS, masked=st.booleans())
def test_attention_agrees_with_differences_in_extended_precision(
    assert_vjp: Any, seed: int, masked: bool
) -> None:
    rng, inputs, mask = attention_inputs(seed)
    mask = mask if masked else np.ones_like(mask)

    def attend(q: Any, k: Any, v: Any) -> Any:
        weights = np.exp(q @ k.T / np.sqrt(np.longdouble(q.shape[1]))) * mask
        return weights @ v / weights.sum(axis=1, keepdims=True)

    out, cache = seq.attention_forward(*inputs, mask if masked else None)
    np.testing.assert_allclose(out, attend(*inputs).astype(float), atol=1e-12)
    dout = rng.normal(size=out.shape)
    assert_vjp(attend, inputs, dout, seq.attention_backward(dout, cache))


@LAW
@given(seed=SEEDS)
def test_a_key_that_nobody_sees_has_gradients_of_exactly_zero(seed: int) -> None:
    rng, (q, k, v), mask = attention_inputs(seed)
    k[3] *= 1e6
    out, cache = seq.attention_forward(q, k, v, mask)
    _, dk, dv = seq.attention_backward(rng.normal(size=out.shape), cache)
    assert not dk[3].any()
    assert not dv[3].any()


def test_numbers_that_can_be_checked_by_hand() -> None:
    q, k, v = np.array([[2.0]]), np.array([[0.0], [np.log(3) / 2]]), np.array([[4.0], [8.0]])
    out, cache = seq.attention_forward(q, k, v)
    np.testing.assert_allclose(out, [[7.0]])
    dq, dk, dv = seq.attention_backward(np.array([[4.0]]), cache)
    np.testing.assert_allclose(dv, [[1.0], [3.0]])
    np.testing.assert_allclose(dk, [[-6.0], [6.0]])
    np.testing.assert_allclose(dq, [[3 * np.log(3) / 2]])
