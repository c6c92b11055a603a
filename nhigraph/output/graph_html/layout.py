"""Places for nodes: layers from left to right, few crossings, straight runs; no chance in it.

Longest-path layers over the condensed graph, stand-ins on edges that pass layers, barycentre
sweeps for the order in a layer, and isotonic regression for the height: with the order and the
least distance given, it is the exact least-squares answer, where pushing apart drifts.

``page/graph/layout.js`` is the same for what a reader chooses in the page; a test compares them.
"""

from collections.abc import Collection, Sequence
from dataclasses import field
from itertools import pairwise

import numpy as np

from nhigraph.records import dataclass
from nhigraph.trace.searches import components

COLUMN = 222.0
ROW = 72.0
_STAND_IN = 0.35
#: Stand-ins at most: edges that pass fewest layers get theirs first.
_STAND_INS = 3000
_ORDER_SWEEPS = 24
_HEIGHT_SWEEPS = 30

_Point = tuple[float, float]
_Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things stand.

    Attributes:
        places: Centre of every node.
        bends: Where an edge passes layers between its ends, from its left end on; an edge that
            passes some and is not here has to go around everything.
    """

    places: dict[str, _Point]
    bends: dict[_Pair, list[_Point]]


@dataclass(slots=True)
class _Grid:
    """Nodes and stand-ins by number, each in its layer and with its neighbours to both sides."""

    layer: list[int]
    rows: list[list[int]]
    left: list[list[int]] = field(default_factory=list)
    right: list[list[int]] = field(default_factory=list)
    weight: list[float] = field(default_factory=list)

    def add(self, layer: int, weight: float) -> int:
        self.layer.append(layer)
        self.left.append([])
        self.right.append([])
        self.weight.append(weight)
        self.rows[layer].append(len(self.layer) - 1)
        return len(self.layer) - 1

    def join(self, one: int, other: int) -> None:
        self.right[one].append(other)
        self.left[other].append(one)


def layered(
    nodes: Sequence[str],
    edges: Sequence[_Pair],
    *,
    first: Collection[str] = (),
    last: Collection[str] = (),
) -> Layout:
    """Place nodes.

    Args:
        nodes: Names, sorted.
        edges: Pairs of names.
        first: Nodes that stand leftmost where nothing leads to them.
        last: Nodes that share the rightmost layer.
    """
    if not nodes:
        return Layout({}, {})
    at = {node: number for number, node in enumerate(nodes)}
    pairs = sorted({(at[source], at[target]) for source, target in edges})
    layer = _layers(len(nodes), pairs, {at[x] for x in first}, {at[x] for x in last})
    grid, chains = _with_stand_ins(layer, pairs)
    _order(grid)
    height = _heights(grid)

    def place(one: int) -> _Point:
        return grid.layer[one] * COLUMN, round(height[one], 1)

    return Layout(
        {node: place(number) for node, number in at.items()},
        {(nodes[a], nodes[b]): [place(one) for one in chain] for (a, b), chain in chains.items()},
    )


def _layers(
    count: int, pairs: Sequence[tuple[int, int]], first: set[int], last: set[int]
) -> list[int]:
    member = _components(count, pairs)
    after: list[set[int]] = [set() for _ in range(count)]
    before: list[set[int]] = [set() for _ in range(count)]
    for source, target in pairs:
        if member[source] != member[target]:
            after[member[source]].add(member[target])
            before[member[target]].add(member[source])
    order = _topological(after, before)
    depth = [0] * count
    for one in order:
        depth[one] = max((depth[other] + 1 for other in before[one]), default=0)
    for one in reversed(order):  # next to what it leads to, not at the far left
        if after[one]:
            depth[one] = min(depth[other] for other in after[one]) - 1
    entered = {target for _, target in pairs}
    layer = [0 if one in first - entered else depth[member[one]] for one in range(count)]
    inner = [at for one, at in enumerate(layer) if one not in last]
    if last:
        rightmost = max([max(inner, default=-1) + 1, *(layer[one] for one in last)])
        layer = [rightmost if one in last else at for one, at in enumerate(layer)]
    used = {at: rank for rank, at in enumerate(sorted(set(layer)))}
    return [used[at] for at in layer]


def _components(count: int, pairs: Sequence[tuple[int, int]]) -> list[int]:
    """Strongly connected component of every node, as a number below ``count``."""
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    found: list[int] = components(count, ends[:, 0], ends[:, 1]).tolist()
    return found


def _topological(after: list[set[int]], before: list[set[int]]) -> list[int]:
    waiting = [len(others) for others in before]
    ready = [one for one, number in enumerate(waiting) if not number]
    order = []
    while ready:
        one = ready.pop()
        order.append(one)
        for other in after[one]:
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    return order


def _with_stand_ins(
    layer: Sequence[int], pairs: Sequence[tuple[int, int]]
) -> tuple[_Grid, dict[tuple[int, int], list[int]]]:
    """A grid in which edges join neighbours, by way of thin stand-ins, and each edge's own."""
    grid = _Grid([], [[] for _ in range(max(layer) + 1)])
    for at in layer:
        grid.add(at, 1.0)
    chains: dict[tuple[int, int], list[int]] = {}
    spent = 0
    for _, source, target in sorted((abs(layer[a] - layer[b]), a, b) for a, b in pairs):
        left, right = (source, target) if layer[source] < layer[target] else (target, source)
        inner = range(layer[left] + 1, layer[right])
        spent += len(inner)
        if layer[left] == layer[right]:
            continue
        if spent > _STAND_INS and inner:
            grid.join(left, right)
            continue
        chain = chains[source, target] = []
        previous = left
        for at in inner:
            chain.append(grid.add(at, _STAND_IN))
            grid.join(previous, chain[-1])
            previous = chain[-1]
        grid.join(previous, right)
    return grid, chains


def _order(grid: _Grid) -> None:
    """Order every row by where its neighbours stand, from the left, then from the right."""
    rank = [0.0] * len(grid.layer)
    for row in grid.rows:
        for place, one in enumerate(row):
            rank[one] = float(place)
    still = 0
    for sweep in range(_ORDER_SWEEPS):
        side = grid.right if sweep % 2 else grid.left
        before = [*map(tuple, grid.rows)]
        for row in reversed(grid.rows) if sweep % 2 else grid.rows:
            centre = {}
            for one in row:
                others = side[one]
                centre[one] = sum([rank[x] for x in others]) / len(others) if others else rank[one]
            row.sort(key=lambda one: (centre[one], one))
            for place, one in enumerate(row):
                rank[one] = float(place)
        still = still + 1 if before == [*map(tuple, grid.rows)] else 0
        if still == 2:  # noqa: PLR2004 - neither from the left nor from the right
            return


def _heights(grid: _Grid) -> list[float]:
    """Height of every node in its row: near its neighbours, and never too near the next one."""
    height = [0.0] * len(grid.layer)
    weight = grid.weight
    beside = [[*left, *right] for left, right in zip(grid.left, grid.right, strict=True)]
    offsets = []
    for row in grid.rows:
        edge = -sum(weight[one] for one in row) / 2
        apart = [0.0]
        for one in row:
            height[one] = (edge + weight[one] / 2) * ROW
            edge += weight[one]
        for upper, lower in pairwise(row):
            apart.append(apart[-1] + (weight[upper] + weight[lower]) / 2 * ROW)
        offsets.append(apart)
    order = [*zip(grid.rows, offsets, strict=True)]
    for sweep in range(_HEIGHT_SWEEPS):
        for row, apart in reversed(order) if sweep % 2 else order:
            free = []
            for one, offset in zip(row, apart, strict=False):
                others = beside[one]
                wanted = sum([height[x] for x in others]) / len(others) if others else height[one]
                free.append(wanted - offset)
            for one, value, offset in zip(row, _isotonic(free), apart, strict=False):
                height[one] = value + offset
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
