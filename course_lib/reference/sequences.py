"""Layers for sequences, as pairs of functions: embedding, the recurrent net of the lecture, attention.

Floating dtypes are kept and others become float64; every gradient has the shape of its variable; nothing
passed in is modified.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from course_lib.reference.stable import Array, Labels, as_float, softmax

StepCache: TypeAlias = tuple[Array, Array, Array, Array, Array]
AttentionCache: TypeAlias = tuple[Array, Array, Array, Array]


def embedding_forward(ids: Labels, W: Array) -> tuple[Array, tuple[Labels, tuple[int, ...]]]:
    """Return rows of ``W`` (V, D), one for each number in ``ids``: an array of shape ids.shape + (D,)."""
    W = as_float(W)
    return W[ids], (np.array(ids), W.shape)


def embedding_backward(dout: Array, cache: tuple[Labels, tuple[int, ...]]) -> Array:
    """Return dW (V, D): each row collects from every place where it was used, however often."""
    ids, (rows, columns) = cache
    used = np.equal.outer(np.arange(rows), ids.reshape(-1))  # (V, how many): which row went where
    return used.astype(dout.dtype) @ dout.reshape(-1, columns)


def rnn_step_forward(x: Array, h: Array, Wx: Array, Wh: Array) -> tuple[Array, StepCache]:
    """Return tanh(x Wx + h Wh), (N, H), for ``x`` (N, D), ``h`` (N, H), ``Wx`` (D, H) and ``Wh`` (H, H)."""
    x, h, Wx, Wh = map(as_float, (x, h, Wx, Wh))
    after = np.tanh(x @ Wx + h @ Wh)
    return after, (x, h, Wx, Wh, after)


def rnn_step_backward(dout: Array, cache: StepCache) -> tuple[Array, Array, Array, Array]:
    """Return (dx, dh, dWx, dWh)."""
    x, h, Wx, Wh, after = cache
    da = dout * (1 + after) * (1 - after)
    return da @ Wx.T, da @ Wh.T, x.T @ da, h.T @ da


def rnn_forward(x: Array, h0: Array, Wx: Array, Wh: Array) -> tuple[Array, list[StepCache]]:
    """Return the states (N, T, H) after each step of ``x`` (N, T, D), beginning from ``h0`` (N, H)."""
    states, caches = [], []
    h = h0
    for t in range(x.shape[1]):
        h, cache = rnn_step_forward(x[:, t], h, Wx, Wh)
        states.append(h)
        caches.append(cache)
    return np.stack(states, axis=1), caches


def rnn_backward(dout: Array, caches: list[StepCache]) -> tuple[Array, Array, Array, Array]:
    """Return (dx, dh0, dWx, dWh) for ``dout`` (N, T, H); the weights' gradients add up over the steps."""
    _, h, Wx, Wh, _ = caches[0]
    dh, dWx, dWh = np.zeros_like(h), np.zeros_like(Wx), np.zeros_like(Wh)
    dx = []
    for t in reversed(range(len(caches))):
        dxt, dh, dWxt, dWht = rnn_step_backward(dout[:, t] + dh, caches[t])
        dx.append(dxt)
        dWx += dWxt
        dWh += dWht
    return np.stack(dx[::-1], axis=1), dh, dWx, dWh


def attention_forward(
    q: Array, k: Array, v: Array, mask: NDArray[np.bool_] | None = None
) -> tuple[Array, AttentionCache]:
    """Return softmax(q k^T / sqrt(D)) v, (T, M), for ``q`` (T, D), ``k`` (S, D) and ``v`` (S, M).

    Where ``mask`` (T, S) is False, query t does not see key s; each query sees at least one
    (Vaswani et al. 2017).
    """
    q, k, v = map(as_float, (q, k, v))
    scores = q @ k.T / np.sqrt(q.shape[1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = softmax(scores)
    return weights @ v, (q, k, v, weights)


def attention_backward(dout: Array, cache: AttentionCache) -> tuple[Array, Array, Array]:
    """Return (dq, dk, dv); a pair that is masked contributes exactly 0."""
    q, k, v, weights = cache
    dweights = dout @ v.T
    dscores = weights * (dweights - np.sum(weights * dweights, axis=1, keepdims=True))
    scale: Any = 1 / np.sqrt(q.shape[1])
    return scale * dscores @ k, scale * dscores.T @ q, weights.T @ dout
