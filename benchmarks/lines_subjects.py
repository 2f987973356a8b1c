"""The functions of the course whose wrong lines are looked for: where they stand and at which point."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_lib import check_gate, check_parameters, check_vjp

Space = dict[str, Any]


@dataclass(frozen=True)
class LineSubject:
    """An answer cell, whether its gradients are right there, and the search."""

    assignment: str
    answer: str
    right: Callable[[Space], bool | None]
    asked: Callable[[Space], tuple[Any, ...]]  # the arguments of find_line
    output: Callable[[Space], Any]
    what: str = ""


def flat(
    assignment: str, answer: str, name: str, loss: Callable[..., Any] | None = None, **inputs: Any
) -> LineSubject:
    """A flat function that returns its value and a dict of gradients, or gradients in the order of `by`."""
    by = inputs.pop("by", None)
    variables = [key for key, x in inputs.items() if np.asarray(x).dtype.kind == "f"]

    def value(space: Space, point: Space) -> Any:
        return space[name](**{**inputs, **point})

    def gradients(space: Space, point: Space) -> Any:
        result = value(space, point)
        if isinstance(result[1], dict):
            return result[1]
        return dict(zip(by or variables, result[1:], strict=True))

    def right(space: Space) -> bool | None:
        point = {key: inputs[key] for key in (by or variables)}
        return check_parameters(lambda p: value(space, p)[0], point, lambda p: gradients(space, p)).passed

    def output(space: Space) -> Any:
        return value(space, {})[0]

    return LineSubject(assignment, answer, right, lambda space: (space[name], inputs), output, name)


def pair(assignment: str, answer: str, name: str, *inputs: Any) -> LineSubject:
    """A `<name>_forward` and a `<name>_backward` with a cache."""

    def functions(space: Space) -> Any:
        return space[f"{name}_forward"], space[f"{name}_backward"]

    return LineSubject(
        assignment,
        answer,
        lambda space: check_vjp(*functions(space), *inputs).passed,
        lambda space: (*functions(space), *inputs),
        lambda space: functions(space)[0](*inputs)[0],
        name,
    )


def gate(assignment: str, answer: str, make: Callable[[Space], Any], *inputs: Any) -> LineSubject:
    """A class with `forward` and `backward`."""
    return LineSubject(
        assignment,
        answer,
        lambda space: check_gate(make(space), *inputs).passed,
        lambda space: (make(space), *inputs),
        lambda space: make(space).forward(*inputs),
    )


def vjp(
    assignment: str,
    answer: str,
    name: str,
    forward: Callable[..., Any],
    fixed: tuple[Any, ...] = (),
    **inputs: Any,
) -> LineSubject:
    """A function of the inputs and the upstream gradient alone, as the checks of assignment 3 wrap it.

    `fixed` are what it takes in place of the inputs that gradients are asked for.
    """

    def wrapped(space: Space) -> Callable[..., Any]:
        function = space[name]

        def called(dy: Any, cache: Any) -> Any:
            return function(*fixed, *(() if fixed else cache), dy)

        called.__name__, called.around = name, function  # type: ignore[attr-defined]
        return called

    point = tuple(inputs.values())
    return LineSubject(
        assignment,
        answer,
        lambda space: check_vjp(forward, wrapped(space), *point, names=tuple(inputs)).passed,
        lambda space: (forward, wrapped(space), *point),
        lambda space: None,
        name,
    )


_rng = np.random.default_rng(0)


def drawn(*shape: int) -> Any:
    return _rng.normal(size=shape)


def log_softmax(z: Any) -> Any:
    """The logarithm of softmax, row by row."""
    shifted = z - z.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


A1, A2, A3, A4 = "01_flat_backprop", "02_modular_gates", "03_vectorized_jacobians", "04_two_layer_net"
A5 = "05_autodiff"
NEURON = {"w0": 2.0, "x0": -1.3, "w1": -3.0, "x1": -2.2, "w2": -3.0}
BATCH = drawn(4, 3)
LABELS = np.array([0, 2, 1, 2, 0])

SUBJECTS = [
    flat(A1, "03_product_of_sum", "product_of_sum", x=-2.0, y=5.0, z=-4.0),
    flat(A1, "04_sigmoid_neuron", "sigmoid_neuron", **NEURON),
    flat(A1, "05_sigmoid_neuron_grouped", "sigmoid_neuron_grouped", **NEURON),
    flat(A1, "06_sin_product", "sin_product", x1=2.0, x2=0.5),
    flat(A1, "07_patterns", "patterns", x=3.0, y=-4.0, z=2.0, w=-1.0),
    flat(A1, "08_rational", "rational", x=3.0, y=-4.0),
    flat(A1, "09_logistic_loss", "logistic_loss", w=drawn(4), x=drawn(4), by=["w"]),
    flat(
        A1, "10_linear_regression", "linear_regression", w=drawn(3), b=0.5, x=drawn(3), y=1.5, by=["w", "b"]
    ),
    flat(
        A1,
        "11_flat_two_layer",
        "flat_two_layer",
        W1=drawn(4, 6),
        b1=drawn(6),
        W2=drawn(6, 3),
        b2=drawn(3),
        X=drawn(5, 4),
        y=LABELS,
        by=["W1", "b1", "W2", "b2"],
    ),
    gate(A2, "01_add_gate", lambda s: s["AddGate"](), drawn(2, 3), drawn(2, 3)),
    gate(A2, "01_multiply_gate", lambda s: s["MultiplyGate"](), drawn(2, 3), drawn(2, 3)),
    gate(A2, "02_max_gate", lambda s: s["MaxGate"](), drawn(2, 3), drawn(2, 3)),
    gate(A2, "03_exp_gate", lambda s: s["ExpGate"](), drawn(2, 3)),
    gate(A2, "03_log_gate", lambda s: s["LogGate"](), np.exp(drawn(2, 3))),
    gate(A2, "03_reciprocal_gate", lambda s: s["ReciprocalGate"](), drawn(2, 3)),
    gate(A2, "03_sin_gate", lambda s: s["SinGate"](), drawn(2, 3)),
    gate(A2, "03_sigmoid_gate", lambda s: s["SigmoidGate"](), drawn(2, 3)),
    gate(A2, "03_add_constant_gate", lambda s: s["AddConstantGate"](2.5), drawn(2, 3)),
    gate(A2, "03_scale_gate", lambda s: s["ScaleGate"](2.5), drawn(2, 3)),
    gate(A2, "07_sigmoid_layer", lambda s: s["SigmoidLayer"]("s"), drawn(2, 3)),
    flat(A3, "04_squared_norm", "squared_norm", W=drawn(3, 4), x=drawn(4)),
    vjp(A3, "03_relu_vjp", "relu_vjp", lambda x: np.maximum(0, x), x=drawn(3, 4)),
    vjp(A3, "05_matmul_vjp", "matmul_vjp", lambda x, w: x @ w, x=drawn(4, 3), w=drawn(3, 2)),
    vjp(A3, "07_linear_dW", "linear_dW", lambda W: BATCH @ W.T, (BATCH,), W=drawn(2, 3)),
    vjp(A3, "09_log_softmax_vjp", "log_softmax_vjp", log_softmax, z=drawn(4, 3)),
    flat(A3, "09_nll_grads", "nll_grads", W=drawn(3, 4), b=drawn(3), x=drawn(4), y=2, by=["W", "b"]),
    pair(A4, "02_affine", "affine", drawn(4, 3), drawn(3, 2), drawn(2)),
    pair(A4, "03_relu", "relu", drawn(4, 3)),
    pair(A4, "03_leaky_relu", "leaky_relu", drawn(4, 3)),
    pair(A4, "03_prelu", "prelu", drawn(4, 3), np.array(0.3)),
    pair(A4, "03_elu", "elu", drawn(4, 3)),
    pair(A4, "03_sigmoid", "sigmoid", drawn(4, 3)),
    pair(A4, "03_tanh", "tanh", drawn(4, 3)),
    pair(A4, "03_maxout", "maxout", drawn(4, 3), drawn(3, 2), drawn(2), drawn(3, 2), drawn(2)),
    flat(A4, "04_svm_loss", "svm_loss", x=drawn(5, 3), y=LABELS),
    flat(A4, "04_softmax_loss", "softmax_loss", x=drawn(5, 3), y=LABELS),
    flat(A4, "05_l2", "l2", W=drawn(4, 3), lam=0.3, by=["W"]),
    flat(A4, "05_l1", "l1", W=drawn(4, 3), lam=0.3, by=["W"]),
    flat(A4, "05_elastic", "elastic", W=drawn(4, 3), lam=0.3, beta=0.2, by=["W"]),
    flat(
        A5,
        "03_grow_by_hand",
        "grow_by_hand",
        balance=800.0,
        rate=0.1,
        threshold=1000.0,
        target=1500.0,
        by=["balance", "rate"],
    ),
]
