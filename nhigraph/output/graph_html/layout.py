"""Places for nodes: layers from left to right, few crossings, straight runs; no chance in it.

Longest-path layers over the condensed graph, stand-ins on edges that pass layers, barycentre
sweeps for the order in a layer, and isotonic regression for the height: with the order and the
least distance given, it is the exact least-squares answer, where pushing apart drifts.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import pairwise

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

COLUMN = 222.0
ROW = 72.0
_STAND_IN = 0.35
#: An edge over more layers than this gets no stand-ins: they would outnumber the nodes.
_LONGEST = 12
_ORDER_SWEEPS = 24
_HEIGHT_SWEEPS = 30

_Layers = dict[int, list[str]]
_Beside = dict[str, dict[int, list[str]]]


def layered(
    nodes: Sequence[str],
    edges: Sequence[tuple[str, str]],
    *,
    first: Collection[str] = (),
    last: Collection[str] = (),
) -> dict[str, tuple[float, float]]:
    """Centre of every node.

    Args:
        nodes: Names, sorted.
        edges: Pairs of names.
        first: Nodes that stand leftmost where nothing leads to them.
        last: Nodes that share the rightmost layer.
    """
    if not nodes:
        return {}
    layer = _layer_of(nodes, edges, first, last)
    layers, beside, weight = _with_stand_ins(nodes, edges, layer)
    _order(layers, beside)
    height = _heights(layers, beside, weight)
    return {node: (layer[node] * COLUMN, round(height[node], 1)) for node in nodes}


def _layer_of(
    nodes: Sequence[str],
    edges: Sequence[tuple[str, str]],
    first: Collection[str],
    last: Collection[str],
) -> dict[str, int]:
    member = _components(nodes, edges)
    after: dict[int, set[int]] = defaultdict(set)
    before: dict[int, set[int]] = defaultdict(set)
    for source, target in edges:
        if member[source] != member[target]:
            after[member[source]].add(member[target])
            before[member[target]].add(member[source])
    order = _topological(sorted(set(member.values())), after, before)
    depth: dict[int, int] = {}
    for one in order:
        depth[one] = max((depth[other] + 1 for other in before[one]), default=0)
    for one in reversed(order):  # next to what it leads to, not at the far left
        if after[one]:
            depth[one] = min(depth[other] for other in after[one]) - 1
    entered = {target for _, target in edges}
    layer = {node: depth[member[node]] for node in nodes}
    for node in first:
        if node not in entered:
            layer[node] = 0
    rightmost = max((at for node, at in layer.items() if node not in last), default=-1)
    rightmost = max([rightmost + 1, *(layer[node] for node in last)]) if last else rightmost
    for node in last:
        layer[node] = rightmost
    used = {at: rank for rank, at in enumerate(sorted(set(layer.values())))}
    return {node: used[at] for node, at in layer.items()}


def _components(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Strongly connected component of every node, numbered by its first node."""
    at = {node: number for number, node in enumerate(nodes)}
    rows = np.array([at[source] for source, _ in edges], dtype=np.int64)
    cols = np.array([at[target] for _, target in edges], dtype=np.int64)
    matrix = coo_array((np.ones(len(edges)), (rows, cols)), shape=(len(nodes), len(nodes)))
    _, labels = connected_components(matrix, directed=True, connection="strong")
    numbered: dict[int, int] = {}
    return {
        node: numbered.setdefault(int(label), len(numbered))
        for node, label in zip(nodes, labels, strict=True)
    }


def _topological(
    items: Sequence[int], after: dict[int, set[int]], before: dict[int, set[int]]
) -> list[int]:
    waiting = {one: len(before[one]) for one in items}
    ready = [one for one in items if not waiting[one]]
    order = []
    while ready:
        one = ready.pop()
        order.append(one)
        for other in sorted(after[one]):
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    return order


def _with_stand_ins(
    nodes: Sequence[str], edges: Sequence[tuple[str, str]], layer: dict[str, int]
) -> tuple[_Layers, _Beside, dict[str, float]]:
    """Layers in which every edge joins neighbours, by way of thin stand-ins."""
    layers: _Layers = defaultdict(list)
    beside: _Beside = defaultdict(lambda: defaultdict(list))
    weight = dict.fromkeys(nodes, 1.0)
    for node in nodes:
        layers[layer[node]].append(node)

    def join(left: str, at: int, right: str) -> None:
        beside[left][1].append(right)
        beside[right][-1].append(left)
        weight.setdefault(right, _STAND_IN)
        if right not in layer:
            layers[at].append(right)

    for number, (source, target) in enumerate(sorted(set(edges))):
        left, right = (source, target) if layer[source] < layer[target] else (target, source)
        if layer[left] == layer[right]:
            continue
        previous = left
        inner = range(layer[left] + 1, layer[right])
        for at in inner if len(inner) < _LONGEST else ():
            join(previous, at, f"·{number}·{at}")
            previous = f"·{number}·{at}"
        join(previous, layer[right], right)
    return layers, beside, weight


def _order(layers: _Layers, beside: _Beside) -> None:
    rank = {node: float(at) for row in layers.values() for at, node in enumerate(row)}
    for sweep in range(_ORDER_SWEEPS):
        side = -1 if sweep % 2 == 0 else 1
        for at in sorted(layers, reverse=side > 0):
            row = layers[at]
            centre = {
                node: _mean([rank[x] for x in beside[node][side]], rank[node]) for node in row
            }
            row.sort(key=lambda node: (centre[node], node))
            rank.update((node, float(place)) for place, node in enumerate(row))


def _heights(layers: _Layers, beside: _Beside, weight: dict[str, float]) -> dict[str, float]:
    height: dict[str, float] = {}
    for row in layers.values():
        edge = -sum(weight[node] for node in row) / 2
        for node in row:
            height[node] = (edge + weight[node] / 2) * ROW
            edge += weight[node]
    for sweep in range(_HEIGHT_SWEEPS):
        for at in sorted(layers, reverse=bool(sweep % 2)):
            row = layers[at]
            wanted = [
                _mean([height[x] for side in (-1, 1) for x in beside[node][side]], height[node])
                for node in row
            ]
            offsets = [0.0]
            for upper, lower in pairwise(row):
                offsets.append(offsets[-1] + (weight[upper] + weight[lower]) / 2 * ROW)
            free = [want - offset for want, offset in zip(wanted, offsets, strict=True)]
            for node, value, offset in zip(row, _isotonic(free), offsets, strict=True):
                height[node] = value + offset
    return height


def _isotonic(values: Sequence[float]) -> list[float]:
    """The never-falling sequence nearest to the values (pool adjacent violators)."""
    blocks: list[tuple[float, int]] = []
    for value in values:
        mean, count = value, 1
        while blocks and blocks[-1][0] > mean:
            other, size = blocks.pop()
            mean = (other * size + mean * count) / (size + count)
            count += size
        blocks.append((mean, count))
    return [mean for mean, count in blocks for _ in range(count)]


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
