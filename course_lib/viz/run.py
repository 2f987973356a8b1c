"""A student's own graph, drawn by watching its gates at work; nothing is asked of the graph but to run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from course_lib.viz.graph import draw_graph
from course_lib.viz.graph_nodes import Node
from course_lib.viz.graph_steps import Steps

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
        self.sent: tuple[Any, ...] = ()

    def forward(self, *inputs: Any) -> Any:
        self.value = self.gate.forward(*inputs)
        return self.value

    def backward(self, upstream: Any) -> Any:
        self.grad = upstream
        sent = self.gate.backward(upstream)
        self.sent = tuple(sent) if isinstance(sent, tuple | list) else (sent,)
        return sent


class _Watcher:
    """Stands in for a graph while it is wired, and puts watched gates into it."""

    def __init__(self, graph: Any) -> None:
        self.graph = graph
        self.watched: list[_Watched] = []

    def add(self, name: str, gate: Any, *inputs: str) -> None:
        self.watched.append(_Watched(name, gate, inputs))
        self.graph.add(name, self.watched[-1], *inputs)


def draw_run(graph: Any, wire: Callable[[Any], object], /, *, title: str = "", **inputs: Any) -> Steps:
    """Wire an empty graph, run it forward and backward at ``inputs``, and draw it with what its gates saw.

    ``graph`` has ``add(name, gate, *inputs)``, ``forward(**inputs)`` and ``backward() -> {input: gradient}``;
    ``wire(graph)`` adds the nodes. A gate's value is what its ``forward`` returned, its gradient what its
    ``backward`` was handed last; where a value is used more than once, the arrows show what each use sends
    back. The gradients appear gate by gate. Whatever the graph raises, goes through.
    """
    watcher = _Watcher(graph)
    wire(watcher)
    graph.forward(**inputs)
    gradients = graph.backward()
    uses = Counter(source for watched in watcher.watched for source in watched.inputs)
    nodes = [Node(name, value=value, grad=gradients.get(name)) for name, value in inputs.items()]
    nodes += [
        Node(w.name, _sign(w.gate), w.inputs, w.value, w.grad, _sent_to_forks(w, uses))
        for w in watcher.watched
    ]
    return draw_graph(nodes, title=title, steps=True)


def _sent_to_forks(watched: _Watched, uses: Counter[str]) -> tuple[Any, ...]:
    """What a gate sends to each of its inputs, where others send something there too; else nothing."""
    if len(watched.sent) != len(watched.inputs) or all(uses[source] == 1 for source in watched.inputs):
        return ()
    pairs = zip(watched.inputs, watched.sent, strict=True)
    return tuple(sent if uses[source] > 1 else None for source, sent in pairs)


def _sign(gate: Any) -> str:
    """What stands inside the gate: a sign where there is one, else the first word of its class's name."""
    kind = type(gate).__name__.removesuffix("Gate")
    if kind not in CONSTANTS:
        return SIGNS.get(kind, kind.lower())
    sign, attribute = CONSTANTS[kind]
    constant = getattr(gate, attribute, attribute)
    shown = f"{constant:g}".replace("-", "−") if isinstance(constant, int | float) else attribute
    return sign + shown
