"""What a computational graph consists of, read from whatever describes one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Node:
    """One node of a graph: an input, or a gate with the value it puts out.

    ``inputs`` are the names of the nodes it is computed from, in order; an input has none, and ``op`` is what
    stands inside a gate. ``grad`` is the gradient of the graph's output with respect to ``value``; either may
    be None, and is then not drawn. ``input_grads``, where given, is the gradient that this gate sends to
    each of its inputs, drawn at the end of the wire: where a wire forks, they add up.
    """

    name: str
    op: str = ""
    inputs: tuple[str, ...] = ()
    value: Any = None
    grad: Any = None
    input_grads: tuple[Any, ...] = ()


def read_nodes(graph: Any) -> dict[str, Node]:
    """Return the nodes of ``graph`` (what :func:`draw_graph` takes) by name, in the order given.

    Raises ValueError if two have one name.
    """
    items = _items(graph)
    names = _Names(items)
    nodes: dict[str, Node] = {}
    for item in items:
        node = names.node(item)
        if node.name in nodes:
            raise ValueError(f"two nodes of the graph are called {node.name!r}")
        nodes[node.name] = node
    return nodes


def _items(graph: Any) -> list[Any]:
    graph = getattr(graph, "nodes", graph)
    if isinstance(graph, Mapping):
        return list(graph.values())
    if hasattr(graph, "inputs"):
        return _ancestors(graph)
    return list(graph)


def _ancestors(last: Any) -> list[Any]:
    """All nodes that ``last`` is computed from, inputs first, without recursion (graphs can be deep)."""
    found: list[Any] = []
    seen: set[int] = set()
    stack = [(last, False)]
    while stack:
        node, inputs_done = stack.pop()
        if inputs_done:
            found.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack.extend((source, False) for source in reversed(list(node.inputs)))
    return found


class _Names:
    """Gives every item a name: its own, or for objects without one a number that is not shown."""

    def __init__(self, items: Iterable[Any]) -> None:
        self.of = {id(item): getattr(item, "name", "") or f"#{i}" for i, item in enumerate(items)}

    def node(self, item: Any) -> Node:
        if isinstance(item, Node):
            return item
        if isinstance(item, tuple):
            return Node(*item)
        sources = getattr(item, "inputs", ())
        return Node(
            name=self.of[id(item)],
            op=str(getattr(item, "op", "") or ""),
            inputs=tuple(source if isinstance(source, str) else self._of(source) for source in sources),
            value=getattr(item, "value", getattr(item, "data", None)),
            grad=getattr(item, "grad", None),
        )

    def _of(self, source: Any) -> str:
        known = self.of.get(id(source))
        return known if known is not None else f"a {type(source).__name__} that is not among the nodes"
