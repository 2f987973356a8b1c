from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.reference.gates import (
    AddConstantGate,
    AddGate,
    CopyGate,
    ExpGate,
    Gate,
    LogGate,
    MaxGate,
    MultiplyGate,
    ReciprocalGate,
    ScaleGate,
    SigmoidGate,
    SinGate,
)

LAW = settings(max_examples=25, deadline=None, derandomize=True)
GATES: dict[str, tuple[Callable[[], Gate], int]] = {
    "add": (AddGate, 2),
    "multiply": (MultiplyGate, 2),
    "max": (MaxGate, 2),
    "exp": (ExpGate, 1),
    "log": (LogGate, 1),
    "reciprocal": (ReciprocalGate, 1),
    "sin": (SinGate, 1),
    "sigmoid": (SigmoidGate, 1),
    "add constant": (lambda: AddConstantGate(2.5), 1),
    "scale": (lambda: ScaleGate(-1.5), 1),
}
every_gate = pytest.mark.parametrize(("make", "arity"), GATES.values(), ids=GATES)


def draw_inputs(rng: np.random.Generator, arity: int, shape: tuple[int, ...]) -> list[Any]:
    # Above 0.5, so that log and 1/x are smooth; interleaved, so that max has no near ties.
    return [0.5 + position * 0.01 + np.round(3 * rng.random(shape), 1) for position in range(arity)]


@every_gate
@LAW
@given(seed=st.integers(0, 2**32 - 1), shape=st.sampled_from([(), (3,), (2, 5)]))
def test_backward_agrees_with_differences_in_extended_precision(
    make: Callable[[], Gate], arity: int, assert_vjp: Any, seed: int, shape: tuple[int, ...]
) -> None:
    rng = np.random.default_rng(seed)
    inputs, dout = draw_inputs(rng, arity, shape), rng.normal(size=shape)
    gate = make()
    gate.forward(*inputs)
    assert_vjp(make().forward, inputs, dout, gate.backward(dout))


@every_gate
@LAW
@given(seed=st.integers(0, 2**32 - 1), factor=st.floats(-10, 10))
def test_backward_is_linear_in_the_upstream_gradient(
    make: Callable[[], Gate], arity: int, seed: int, factor: float
) -> None:
    rng = np.random.default_rng(seed)
    gate = make()
    gate.forward(*draw_inputs(rng, arity, (4,)))
    first, second = rng.normal(size=(2, 4))
    together = gate.backward(first + factor * second)
    for total, one, other in zip(together, gate.backward(first), gate.backward(second), strict=True):
        np.testing.assert_allclose(total, one + factor * other, rtol=1e-12, atol=1e-12)


@every_gate
def test_backward_before_forward_raises(make: Callable[[], Gate], arity: int) -> None:
    gate = make()
    with pytest.raises(RuntimeError, match=f"{type(gate).__name__}.backward was called before forward"):
        gate.backward(1.0)


@every_gate
def test_a_second_forward_replaces_the_cache_and_backward_repeats(
    make: Callable[[], Gate], arity: int
) -> None:
    gate, fresh = make(), make()
    gate.forward(*[2.0] * arity)
    gate.forward(*[3.0] * arity)
    fresh.forward(*[3.0] * arity)
    assert gate.backward(0.7) == gate.backward(0.7) == fresh.backward(0.7)


@every_gate
def test_inputs_and_upstream_gradients_are_left_alone(make: Callable[[], Gate], arity: int) -> None:
    inputs, dout = [np.array([1.0, 2.0]) for _ in range(arity)], np.array([3.0, -4.0])
    gate = make()
    gate.forward(*inputs)
    gate.backward(dout)
    assert all(np.array_equal(x, [1.0, 2.0]) for x in inputs)
    assert np.array_equal(dout, [3.0, -4.0])


@every_gate
def test_integers_give_what_floats_give(make: Callable[[], Gate], arity: int) -> None:
    of_integers, of_floats = make(), make()
    assert of_integers.forward(*[3] * arity) == of_floats.forward(*[3.0] * arity)
    assert of_integers.backward(0.5) == of_floats.backward(0.5)


@pytest.mark.parametrize("make", [AddGate, MultiplyGate, MaxGate])
def test_two_inputs_of_different_shapes_are_refused(make: Callable[[], Gate]) -> None:
    with pytest.raises(ValueError, match=r"takes inputs of one shape, got \(2,\) and \(\)"):
        make().forward(np.ones(2), 1.0)


def test_a_tie_is_shared_without_loss() -> None:
    gate = MaxGate()
    gate.forward(np.array([1.0, 2.0]), np.array([1.0, 3.0]))
    dx, dy = gate.backward(np.array([4.0, 5.0]))
    np.testing.assert_array_equal(dx + dy, [4.0, 5.0])
    assert min(dx.min(), dy.min()) >= 0


@pytest.mark.parametrize("n", [1, 2, 4])
def test_the_gradients_of_copies_add(n: int) -> None:
    gate = CopyGate(n)
    copies = gate.forward(np.array([1.5, -2.0]))
    assert len(copies) == n
    assert all(np.array_equal(copy, [1.5, -2.0]) for copy in copies)
    upstream = np.random.default_rng(0).normal(size=(n, 2))
    (dx,) = gate.backward(*upstream)
    np.testing.assert_allclose(dx, upstream.sum(axis=0), rtol=1e-15)


def test_a_copy_gate_counts_its_upstream_gradients() -> None:
    gate = CopyGate(3)
    with pytest.raises(RuntimeError, match="before forward"):
        gate.backward(1.0, 2.0, 3.0)
    gate.forward(1.0)
    with pytest.raises(ValueError, match="takes 3 upstream gradients, got 2"):
        gate.backward(1.0, 2.0)


def test_the_sigmoid_gate_is_finite_at_any_size() -> None:
    gate = SigmoidGate()
    np.testing.assert_array_equal(gate.forward(np.array([-1e4, 1e4])), [0.0, 1.0])
    np.testing.assert_array_equal(gate.backward(np.ones(2))[0], [0.0, 0.0])
