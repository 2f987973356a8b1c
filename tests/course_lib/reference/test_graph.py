import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.reference import flat
from course_lib.reference.gates import (
    AddConstantGate,
    AddGate,
    ExpGate,
    Gate,
    MaxGate,
    MultiplyGate,
    ReciprocalGate,
    ScaleGate,
    SinGate,
)
from course_lib.reference.graph import ComputationalGraph

Row = tuple[str, Gate, tuple[str, ...]]


def build(*rows: Row) -> ComputationalGraph:
    graph = ComputationalGraph()
    for name, gate, inputs in rows:
        graph.add(name, gate, *inputs)
    return graph


def neuron_rows() -> list[Row]:
    return [
        ("w0x0", MultiplyGate(), ("w0", "x0")),
        ("w1x1", MultiplyGate(), ("w1", "x1")),
        ("products", AddGate(), ("w0x0", "w1x1")),
        ("dot", AddGate(), ("products", "w2")),
        ("negated", ScaleGate(-1), ("dot",)),
        ("exp", ExpGate(), ("negated",)),
        ("plus_one", AddConstantGate(1), ("exp",)),
        ("f", ReciprocalGate(), ("plus_one",)),
    ]


def test_the_sigmoid_neuron_of_the_lecture() -> None:
    graph = build(*neuron_rows())
    assert graph.forward(w0=2.0, x0=-1.0, w1=-3.0, x1=-2.0, w2=-3.0) == pytest.approx(0.7311, abs=5e-5)
    gradients = graph.backward()
    expected = {"w0": -0.1966, "x0": 0.3932, "w1": -0.3932, "x1": -0.5898, "w2": 0.1966}
    assert gradients == pytest.approx(expected, abs=5e-5)
    assert graph.values["exp"] == pytest.approx(0.3679, abs=5e-5)
    assert graph.gradients["plus_one"] == pytest.approx(-0.5344, abs=5e-5)


def test_the_patterns_of_the_lecture() -> None:
    graph = build(
        ("product", MultiplyGate(), ("x", "y")),
        ("larger", MaxGate(), ("z", "w")),
        ("total", AddGate(), ("product", "larger")),
        ("f", ScaleGate(2), ("total",)),
    )
    assert graph.forward(x=3.0, y=-4.0, z=2.0, w=-1.0) == -20
    assert graph.backward() == {"x": -8, "y": 6, "z": 2, "w": 0}


def test_gradients_accumulate_where_a_value_is_used_twice() -> None:
    graph = build(
        ("product", MultiplyGate(), ("x1", "x2")),
        ("wave", SinGate(), ("x2",)),
        ("f", AddGate(), ("product", "wave")),
    )
    value, expected = flat.sin_product(0.3, -1.2)
    assert graph.forward(x1=0.3, x2=-1.2) == pytest.approx(value, rel=1e-15)
    assert graph.backward() == pytest.approx(expected, rel=1e-15)


def test_one_value_may_feed_both_inputs_of_a_gate() -> None:
    graph = build(("square", MultiplyGate(), ("x", "x")))
    graph.forward(x=3.0)
    assert graph.backward() == {"x": 6.0}


def test_the_order_of_adding_does_not_matter() -> None:
    expected: dict[str, Any] | None = None
    for order in itertools.islice(itertools.permutations(range(8)), 0, 40320, 997):
        rows = neuron_rows()
        graph = build(*(rows[i] for i in order))
        graph.forward(w0=2.0, x0=-1.0, w1=-3.0, x1=-2.0, w2=-3.0)
        gradients = graph.backward()
        expected = expected or gradients
        assert gradients == expected


@settings(max_examples=50, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32 - 1), nodes=st.integers(1, 12))
def test_random_graphs_agree_with_differences(assert_vjp: Any, seed: int, nodes: int) -> None:
    rng = np.random.default_rng(seed)
    names = ["a", "b", "c"]
    rows: list[Row] = []
    for i in range(nodes):
        gate = [AddGate, MultiplyGate, SinGate][rng.integers(3)]()
        inputs = rng.choice(names, size=1 if isinstance(gate, SinGate) else 2)
        rows.append((f"n{i}", gate, tuple(inputs)))
        names.append(f"n{i}")
    used = sorted({source for _, _, sources in rows for source in sources} & {"a", "b", "c"})
    point = {name: rng.normal() for name in used}
    graph = build(*(rows[i] for i in rng.permutation(nodes)))
    graph.forward(**point)
    gradients = graph.backward()

    def f(*values: Any) -> Any:
        return graph.forward(**dict(zip(used, values, strict=True)))

    assert_vjp(f, list(point.values()), 1.0, [gradients[name] for name in used])


def test_an_input_that_the_output_does_not_need_has_gradient_zero() -> None:
    graph = build(("unused", SinGate(), ("x",)), ("f", ScaleGate(3), ("y",)))
    graph.forward(x=np.ones(2), y=2.0)
    gradients = graph.backward()
    np.testing.assert_array_equal(gradients["x"], [0.0, 0.0])
    assert gradients["y"] == 3


def test_backward_repeats_and_forward_starts_afresh() -> None:
    graph = build(("square", MultiplyGate(), ("x", "x")))
    graph.forward(x=3.0)
    assert graph.backward() == graph.backward() == {"x": 6.0}
    graph.forward(x=5.0)
    assert graph.backward() == {"x": 10.0}


def test_backward_before_forward_raises() -> None:
    with pytest.raises(RuntimeError, match="before forward"):
        build(("f", SinGate(), ("x",))).backward()


def test_a_cycle_is_named() -> None:
    graph = build(("p", SinGate(), ("q",)), ("q", SinGate(), ("r",)), ("r", SinGate(), ("p",)))
    with pytest.raises(ValueError, match=r"the graph has a cycle: .*q"):
        graph.forward()


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({}, "unknown name 'x'"),
        ({"x": 1.0, "y": 2.0}, "unknown name 'y'"),
        ({"x": 1.0, "f": 2.0}, "'f' has the name of a node"),
    ],
)
def test_a_wrong_input_is_named(inputs: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build(("f", SinGate(), ("x",))).forward(**inputs)


def test_names_and_gates_are_used_once() -> None:
    gate = SinGate()
    graph = build(("f", gate, ("x",)))
    with pytest.raises(ValueError, match="already has a node named 'f'"):
        graph.add("f", SinGate(), "x")
    with pytest.raises(ValueError, match="gate of node 'g' is in the graph already"):
        graph.add("g", gate, "x")


def test_an_empty_graph_says_so() -> None:
    with pytest.raises(ValueError, match="no nodes"):
        ComputationalGraph().forward()
