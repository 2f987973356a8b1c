"""Assignment 1: forward passes as named stages, each walked backwards in one line per stage.

Scalars may be of any real type; gradients come as a dictionary keyed by input name.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from course_lib.reference.stable import Array, Labels, as_float, log_softmax, sigmoid

Grads = dict[str, Any]
Stages = dict[str, tuple[Any, Any]]


def product_of_sum(x: Any, y: Any, z: Any) -> tuple[Any, Grads]:
    """Return f = (x + y) z and its gradients."""
    q = x + y
    f = q * z

    dq = z
    dz = q
    return f, {"x": dq, "y": dq, "z": dz}


def sigmoid_neuron(w0: Any, x0: Any, w1: Any, x1: Any, w2: Any) -> tuple[Any, Grads, Stages]:
    """Return f = 1 / (1 + exp(-(w0 x0 + w1 x1 + w2))), its gradients and every stage's (value, gradient)."""
    w0x0 = w0 * x0
    w1x1 = w1 * x1
    total = w0x0 + w1x1
    dot = total + w2
    negated = -dot
    exp = np.exp(negated)
    plus_one = exp + 1
    f = 1 / plus_one

    df = 1.0
    dplus_one = -1 / plus_one**2 * df
    dexp = dplus_one
    dnegated = exp * dexp
    ddot = -dnegated
    grads = {"w0": x0 * ddot, "x0": w0 * ddot, "w1": x1 * ddot, "x1": w1 * ddot, "w2": ddot}
    stages = {
        "w0x0": (w0x0, ddot),
        "w1x1": (w1x1, ddot),
        "sum": (total, ddot),
        "dot": (dot, ddot),
        "negated": (negated, dnegated),
        "exp": (exp, dexp),
        "plus_one": (plus_one, dplus_one),
        "reciprocal": (f, df),
    }
    return f, grads, stages


def sigmoid_neuron_grouped(w0: Any, x0: Any, w1: Any, x1: Any, w2: Any) -> tuple[Any, Grads]:
    """Return what ``sigmoid_neuron`` computes, with the sigmoid as one gate of local gradient (1 - s) s."""
    s = sigmoid(w0 * x0 + w1 * x1 + w2)
    ddot = (1 - s) * s
    return s, {"w0": x0 * ddot, "x0": w0 * ddot, "w1": x1 * ddot, "x1": w1 * ddot, "w2": ddot}


def sin_product(x1: Any, x2: Any) -> tuple[Any, Grads]:
    """Return f = x1 x2 + sin(x2) and its gradients; two paths lead into x2."""
    f = x1 * x2 + np.sin(x2)
    return f, {"x1": x2, "x2": x1 + np.cos(x2)}


def patterns(x: Any, y: Any, z: Any, w: Any) -> tuple[Any, Grads]:
    """Return f = 2 (x y + max(z, w)) and its gradients; a tie goes to z."""
    product = x * y
    larger = max(z, w)
    f = 2 * (product + larger)

    dproduct = dlarger = 2.0
    return f, {
        "x": y * dproduct,
        "y": x * dproduct,
        "z": dlarger * (z >= w),
        "w": dlarger * (z < w),
    }


def rational(x: Any, y: Any) -> tuple[Any, Grads]:
    """Return f = (x + s(y)) / (s(x) + (x + y)^2), s the sigmoid, and its gradients."""
    sy = sigmoid(y)
    num = x + sy
    sx = sigmoid(x)
    xpy = x + y
    square = xpy**2
    den = sx + square
    inverse = 1 / den
    f = num * inverse

    dnum = inverse
    dinverse = num
    dden = -(inverse**2) * dinverse
    dsx = dden
    dxpy = 2 * xpy * dden
    dx = dnum + (1 - sx) * sx * dsx + dxpy
    dy = (1 - sy) * sy * dnum + dxpy
    return f, {"x": dx, "y": dy}


def logistic_loss(w: Array, x: Array) -> tuple[Any, Array]:
    """Return -log s(w.x) and dw = -(1 - s(w.x)) x for vectors of one shape; finite for every finite w.x."""
    w, x = as_float(w), as_float(x)
    z = w @ x
    # log(1 + exp(-z)) and s(-z) = 1 - s(z), neither of which overflows or cancels.
    return np.logaddexp(0, -z), -sigmoid(-z) * x


def linear_regression(w: Array, b: Any, x: Array, y: Any) -> tuple[Any, Array, Any]:
    """Return (w.x + b - y)^2, dw (of the shape of w) and db."""
    x = as_float(x)
    z = as_float(w) @ x + b - y
    return z**2, 2 * z * x, 2 * z


def flat_two_layer(
    W1: Array, b1: Array, W2: Array, b2: Array, X: Array, y: Labels
) -> tuple[Any, dict[str, Array]]:
    """Return the mean softmax loss of max(0, X W1 + b1) W2 + b2 and the gradients W1, b1, W2, b2.

    ``X`` is (N, D), ``W1`` (D, H), ``b1`` (H,), ``W2`` (H, C), ``b2`` (C,), ``y`` (N,) integers in [0, C).
    """
    N = len(X)
    pre = X @ W1 + b1
    hidden = np.maximum(pre, 0)
    scores = hidden @ W2 + b2
    log_p = log_softmax(scores)
    loss = -log_p[np.arange(N), y].mean()

    dscores = np.exp(log_p)
    dscores[np.arange(N), y] -= 1
    dscores /= N
    dW2 = hidden.T @ dscores
    db2 = dscores.sum(axis=0)
    dhidden = dscores @ W2.T
    dpre = dhidden * (pre > 0)
    dW1 = X.T @ dpre
    db1 = dpre.sum(axis=0)
    return loss, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
