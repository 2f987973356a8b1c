"""A computational graph of gates: any directed acyclic graph, run forward and then backward."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple, Protocol

import numpy as np


class GateLike(Protocol):
    """What the graph asks of a gate; see ``gates`` for the contract."""

    def forward(self, *inputs: Any) -> Any:
        """Return the value at ``inputs``."""

    def backward(self, *upstream: Any) -> tuple[Any, ...]:
        """Return one gradient per input."""


class GateNode(NamedTuple):
    """A gate and the names that its inputs come from."""

    gate: GateLike
    inputs: tuple[str, ...]


class ComputationalGraph:
    """Named gates wired by name, in any order; a name that no gate carries is an input of the graph.

    The output is the node that no other node uses; of several, the one added last. After ``forward``,
    ``values`` maps every input and node to its value; after ``backward``, ``gradients`` maps each to the
    gradient of the sum of the output's entries, which for a scalar output is its gradient.
    """

    def __init__(self) -> None:
        self.nodes: dict[str, GateNode] = {}
        self.values: dict[str, Any] = {}
        self.gradients: dict[str, Any] = {}

    def add(self, name: str, gate: GateLike, *inputs: str) -> None:
        """Add ``gate`` under ``name``, fed by the nodes or graph inputs that ``inputs`` names.

        Raises ValueError if the name is taken, or if the gate is already in the graph: its second use would
        overwrite what it remembers of the first.
        """
        if name in self.nodes:
            raise ValueError(f"the graph already has a node named {name!r}")
        if any(node.gate is gate for node in self.nodes.values()):
            raise ValueError(f"the gate of node {name!r} is in the graph already; each node needs its own")
        self.nodes[name] = GateNode(gate, inputs)

    def forward(self, **inputs: Any) -> Any:
        """Return the value of the output at ``inputs``, one keyword per input of the graph.

        Raises ValueError, naming the culprit, for a cycle, a name that is neither a node nor a given input,
        a given input that no node uses or that has a node's name, and for a graph without nodes.
        """
        order = self._topological_order()
        self._check_names(inputs)
        values = dict(inputs)
        for name in order:
            gate, sources = self.nodes[name]
            values[name] = gate.forward(*(values[source] for source in sources))
        self.values, self.gradients = values, {}
        return values[self._output()]

    def backward(self) -> dict[str, Any]:
        """Return the gradient of each graph input, zeros where the output does not depend on it.

        Raises RuntimeError before the first ``forward``.
        """
        if not self.values:
            raise RuntimeError("ComputationalGraph.backward was called before forward")
        gradients = {name: np.zeros(np.shape(value)) for name, value in self.values.items()}
        gradients[self._output()] = np.ones(np.shape(self.values[self._output()]))
        for name in reversed(self._topological_order()):
            gate, sources = self.nodes[name]
            for source, gradient in zip(sources, gate.backward(gradients[name]), strict=True):
                # Out of place: gates may hand the same array to several inputs.
                gradients[source] = gradients[source] + gradient
        self.gradients = gradients
        return {name: gradients[name] for name in self.values if name not in self.nodes}

    def _topological_order(self) -> list[str]:
        sources = {name: node.inputs for name, node in self.nodes.items()}
        try:
            order = TopologicalSorter(sources).static_order()
            return [name for name in order if name in self.nodes]
        except CycleError as error:
            raise ValueError(f"the graph has a cycle: {' -> '.join(error.args[1])}") from None

    def _check_names(self, inputs: dict[str, Any]) -> None:
        if not self.nodes:
            raise ValueError("the graph has no nodes; add one before forward")
        used = {source for node in self.nodes.values() for source in node.inputs}
        for name in sorted(used - set(self.nodes) - set(inputs)):
            raise ValueError(f"unknown name {name!r}: it is neither a node nor an input given to forward")
        for name in inputs:
            if name in self.nodes:
                raise ValueError(f"the input {name!r} has the name of a node")
            if name not in used:
                raise ValueError(f"unknown name {name!r}: no node uses this input")

    def _output(self) -> str:
        used = {source for node in self.nodes.values() for source in node.inputs}
        return [name for name in self.nodes if name not in used][-1]
