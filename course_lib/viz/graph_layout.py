"""Where the nodes of a directed acyclic graph go: columns by longest path, rows that keep wires short.

The method is that of Sugiyama, Tagawa and Toda (1981), cut down to graphs that fit on a page: assign layers,
let long wires pass through a place of their own in every layer between, order each layer to avoid
crossings, then choose heights.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import networkx as nx

SWEEPS = 12
ROW = 1.0  # between two nodes of a column
LANE = 0.6  # between a node, or a wire, and a wire that only passes by

#: A node (its key, its column), or the wire of that node where it passes through another column.
Place = tuple[str, int]


@dataclass(frozen=True)
class Layout:
    """``column[key]``: the column of a node. ``height[place]``: the height of a node or of a passing wire."""

    column: dict[str, int]
    height: dict[Place, float]

    def route(self, source: str, target: str) -> list[Place]:
        """Return the places between ``source`` and ``target``, both left out, where their wire passes."""
        return [(source, k) for k in range(self.column[source] + 1, self.column[target])]


def lay_out(inputs: Mapping[str, Sequence[str]]) -> Layout:
    """Place the nodes of the graph in which node ``key`` is computed from ``inputs[key]``.

    Raises ValueError, naming the node, if an input is unknown or if the graph has a cycle.
    """
    column = _columns(inputs)
    wires = _wires(inputs, column)
    layers = _ordered(_layers(inputs, column, wires), wires)
    return Layout(column, _heights(layers, wires, column))


def _columns(inputs: Mapping[str, Sequence[str]]) -> dict[str, int]:
    graph = nx.DiGraph()
    graph.add_nodes_from(inputs)
    for key, sources in inputs.items():
        for source in sources:
            if source not in inputs:
                raise ValueError(f"node {key!r} takes {source!r} as input, and there is no such node")
            graph.add_edge(source, key)
    if not nx.is_directed_acyclic_graph(graph):
        loop = " -> ".join(repr(edge[0]) for edge in nx.find_cycle(graph))
        raise ValueError(f"the graph has a cycle: {loop}")
    column = {key: k for k, layer in enumerate(nx.topological_generations(graph)) for key in layer}
    for key, sources in inputs.items():
        # An input stands just before the first gate that takes it, not far away at the left margin.
        if not sources and graph.out_degree(key):
            column[key] = min(column[user] for user in graph.successors(key)) - 1
    return column


def _wires(inputs: Mapping[str, Sequence[str]], column: Mapping[str, int]) -> list[tuple[Place, Place]]:
    """Every piece of wire from one column to the next; all users of a node tap one wire."""
    pieces = {}
    for key, sources in inputs.items():
        for source in sources:
            path = [(source, k) for k in range(column[source], column[key])] + [(key, column[key])]
            pieces.update(dict.fromkeys(itertools.pairwise(path)))
    return list(pieces)


def _layers(
    inputs: Mapping[str, Sequence[str]], column: Mapping[str, int], wires: list[tuple[Place, Place]]
) -> list[list[Place]]:
    layers: list[list[Place]] = [[] for _ in range(max(column.values(), default=-1) + 1)]
    places = [(key, column[key]) for key in inputs] + [start for start, _ in wires]
    for place in dict.fromkeys(places):
        layers[place[1]].append(place)
    return layers


def _ordered(layers: list[list[Place]], wires: list[tuple[Place, Place]]) -> list[list[Place]]:
    """Sort each layer by the mean position of its neighbours, to and fro; keep the least crossed order."""
    best, fewest = layers, _crossings(layers, wires)
    for sweep in range(SWEEPS):
        layers = [list(layer) for layer in layers]
        backwards = sweep % 2 == 0
        for layer in reversed(layers) if backwards else layers:
            rank = {place: i for other in layers for i, place in enumerate(other)}
            wanted = {p: _mean_rank(p, wires, rank, backwards) for p in layer}
            layer.sort(key=wanted.__getitem__)
        crossings = _crossings(layers, wires)
        if crossings < fewest:
            best, fewest = layers, crossings
    return best


def _mean_rank(
    place: Place, wires: list[tuple[Place, Place]], rank: Mapping[Place, int], backwards: bool
) -> float:
    ends = [(b, a) if backwards else (a, b) for a, b in wires]
    neighbours = [rank[there] for there, here in ends if here == place]
    return fmean(neighbours) if neighbours else rank[place]


def _crossings(layers: list[list[Place]], wires: list[tuple[Place, Place]]) -> int:
    rank = {place: i for layer in layers for i, place in enumerate(layer)}
    return sum(
        (rank[a] - rank[c]) * (rank[b] - rank[d]) < 0
        for (a, b), (c, d) in itertools.combinations(wires, 2)
        if a[1] == c[1]
    )


def _heights(
    layers: list[list[Place]], wires: list[tuple[Place, Place]], column: Mapping[str, int]
) -> dict[Place, float]:
    height = {place: -i * ROW for layer in layers for i, place in enumerate(layer)}
    before: dict[Place, list[Place]] = {place: [] for place in height}
    after: dict[Place, list[Place]] = {place: [] for place in height}
    for a, b in wires:
        before[b].append(a)
        after[a].append(b)
    around = {place: before[place] + after[place] for place in height}
    # The last sweep looks back only, which makes a chain of gates exactly level.
    level = {place: before[place] or after[place] for place in height}
    for neighbours in [*(4 * SWEEPS) * [around], level]:
        for layer in layers:
            wanted = [fmean([height[n] for n in neighbours[p]] or [height[p]]) for p in layer]
            gaps = [
                ROW if column[a[0]] == a[1] and column[b[0]] == b[1] else LANE
                for a, b in itertools.pairwise(layer)
            ]
            height.update(zip(layer, _spread(wanted, gaps), strict=True))
    return height


def _spread(wanted: Sequence[float], gaps: Sequence[float]) -> list[float]:
    """Return the falling heights nearest to ``wanted`` (least squares), the i-th gap at least ``gaps[i]``.

    With the gaps taken out, this is isotonic regression: neighbours in the wrong order are pooled.
    """
    offsets = [0.0, *itertools.accumulate(gaps)]
    pools: list[list[float]] = []
    for height, offset in zip(wanted, offsets, strict=False):
        pools.append([height + offset])
        while len(pools) > 1 and fmean(pools[-2]) < fmean(pools[-1]):
            last = pools.pop()
            pools[-1] += last
    levels = [fmean(pool) for pool in pools for _ in pool]
    return [level - offset for level, offset in zip(levels, offsets, strict=False)]
