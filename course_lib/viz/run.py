"""A student's own graph, drawn by watching its gates at work; nothing is asked of the graph but to run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from course_lib.viz.graph import draw_graph
from course_lib.viz.graph_nodes import Node
from course_lib.viz.picture import Picture

SIGNS = {"Add": "+", "Subtract": "−", "Multiply": "×", "Reciprocal": "1/u", "Sigmoid": "σ"}

#: Gates with a constant: its sign, and the attribute that holds it.
CONSTANTS = {"AddConstant": ("+", "c"), "Scale": ("×", "a")}


class _Watched:
    """A gate that works as before, while we note the value it puts out and the gradient it is handed."""

    def __init__(self, name: str, gate: Any, inputs: tuple[str, ...]) -> None:
        self.name = name
        self.gate = gate
        self.inputs = inputs
        self.value: Any = None
        self.grad: Any = None

    def forward(self, *inputs: Any) -> Any:
        self.value = self.gate.forward(*inputs)
        return self.value

    def backward(self, upstream: Any) -> Any:
        self.grad = upstream
        return self.gate.backward(upstream)


class _Watcher:
    """Stands in for a graph while it is wired, and puts watched gates into it."""

    def __init__(self, graph: Any) -> None:
        self.graph = graph
        self.watched: list[_Watched] = []

    def add(self, name: str, gate: Any, *inputs: str) -> None:
        self.watched.append(_Watched(name, gate, inputs))
        self.graph.add(name, self.watched[-1], *inputs)


def draw_run(graph: Any, wire: Callable[[Any], object], /, *, title: str = "", **inputs: Any) -> Picture:
    """Wire an empty graph, run it forward and backward at ``inputs``, and draw it with what its gates saw.

    ``graph`` has ``add(name, gate, *inputs)``, ``forward(**inputs)`` and ``backward() -> {input: gradient}``;
    ``wire(graph)`` adds the nodes. A gate's value is what its ``forward`` returned, its gradient what its
    ``backward`` was handed last. Whatever the graph raises, goes through.
    """
    watcher = _Watcher(graph)
    wire(watcher)
    graph.forward(**inputs)
    gradients = graph.backward()
    nodes = [Node(name, value=value, grad=gradients.get(name)) for name, value in inputs.items()]
    nodes += [Node(w.name, _sign(w.gate), w.inputs, w.value, w.grad) for w in watcher.watched]
    return draw_graph(nodes, title=title)


def _sign(gate: Any) -> str:
    """What stands inside the gate: a sign where there is one, else the first word of its class's name."""
    kind = type(gate).__name__.removesuffix("Gate")
    if kind not in CONSTANTS:
        return SIGNS.get(kind, kind.lower())
    sign, attribute = CONSTANTS[kind]
    constant = getattr(gate, attribute, attribute)
    shown = f"{constant:g}".replace("-", "−") if isinstance(constant, int | float) else attribute
    return sign + shown
