"""Product graphs of any size, made as arrays: no Python object per node or edge.

An organisation of applications: people and accounts in groups, roles, machines, pipelines,
secrets, and data that flows in layers. ``tidy`` lets privilege flow down between applications;
``tangled`` does not, and lets data configure what runs: one component then holds a good part of
all states. Every graph of a shape and size is the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from nhigraph.graph.store import Ints
from nhigraph.schema import kinds
from nhigraph.schema.types import Effect, State
from nhigraph.trace.product import STATES, GateSpec, Product

Bools = npt.NDArray[np.bool_]
SHAPES = ("tidy", "tangled")
#: Share of each kind among the nodes, and whether it acts: then who alters it controls it.
KINDS = {
    "human": (0.05, True),
    "nhi": (0.20, True),
    "role": (0.04, True),
    "group": (0.01, True),
    "compute": (0.18, True),
    "secret": (0.08, False),
    "repo": (0.04, False),
    "pipeline": (0.04, True),
    "data": (0.36, False),
}
#: The family of a kind, as ``schema.types.Family`` has them.
FAMILY = {"secret": 1, "repo": 2, "data": 3}
FAMILIES = ("identity", "credential", "change path", "data")
_EFFECT = {
    "become": Effect.BECOME,
    "admin": Effect.ADMINISTER,
    "writes": Effect.ALTER,
    "reads": Effect.READ,
    "disrupts": Effect.DELETE,
    "reveals": Effect.REVEAL,
    "executes": Effect.EXECUTE,
    "feeds": Effect.FEED_DIRECT,
    "contains": Effect.CONTAIN,
    "supports": Effect.SUPPORT,
}
_NAMES = list(_EFFECT)
#: One role of so many may use its data rights from a zone only, which is a group it must be in.
_CONDITIONAL = 0.05
_ZONES = 200
_GATED = 0.02
_GATES = 100


@dataclass(slots=True)
class Company:
    """A generated graph.

    Attributes:
        nodes: Number of nodes, targets included.
        kind: Per node, its place in ``KINDS``; targets have one more.
        edges: Number of edges.
        product: Clauses of all edges.
        identities: Nodes whose reach is asked for.
        targets: Assurance nodes.
        gaps: Nodes at which control is hidden.
    """

    nodes: int
    kind: Ints
    edges: int
    product: Product
    identities: Ints
    targets: Ints
    gaps: Ints

    @property
    def family(self) -> Ints:
        """Per node, the number of its family."""
        by_kind = [FAMILY.get(name, 0) for name in KINDS] + [len(FAMILIES)]
        return np.array(by_kind)[self.kind]


@dataclass(slots=True)
class _Edges:
    """Edges as they are drawn."""

    src: list[Ints] = field(default_factory=list)
    dst: list[Ints] = field(default_factory=list)
    kind: list[str] = field(default_factory=list)

    def add(self, name: str, src: Ints, dst: Ints) -> None:
        keep = src != dst
        self.src.append(src[keep])
        self.dst.append(dst[keep])
        self.kind.append(name)

    def whole(self, nodes: int, names: Sequence[str]) -> tuple[Ints, Ints, Ints]:
        """Each edge once: its ends, and the place of its name among these."""
        src, dst = map(np.concatenate, (self.src, self.dst))
        kind = np.repeat([names.index(name) for name in self.kind], [*map(len, self.src)])
        span = len(names)
        keys = np.unique((src.astype(np.int64) * nodes + dst) * span + kind)
        pairs = keys // span
        return pairs // nodes, pairs % nodes, keys % span


class Drawing:
    """Draws edges between kinds, most of them within an application."""

    def __init__(
        self, size: int, shares: Mapping[str, float], *, seed: int, tangled: bool = False
    ) -> None:
        """So many nodes, of kinds in these shares."""
        self.rng = np.random.default_rng(seed)
        self.tangled = tangled
        counts = [round(share * size) for share in shares.values()]
        counts[-1] += size - sum(counts)
        self.kind = np.repeat(np.arange(len(shares)), counts)
        self.rng.shuffle(self.kind)
        self.ids = {name: np.flatnonzero(self.kind == n) for n, name in enumerate(shares)}
        self.applications = max(4, size // 250)
        weight = np.arange(1, self.applications + 1) ** -0.6
        self.weight = weight / weight.sum()
        self.of = self.rng.choice(self.applications, size, p=self.weight)
        self.rank = self.rng.permutation(self.applications)
        self.local = {}
        for name, ids in self.ids.items():
            ordered = ids[np.argsort(self.of[ids], kind="stable")]
            first = np.searchsorted(self.of[ordered], np.arange(self.applications + 1))
            self.local[name] = (ordered, first)
        self.edges = _Edges()

    def degrees(self, shape: float | None, mean: float, many: int) -> Ints:
        """Edges of each of so many, with a tail of this shape or none."""
        if shape is None:
            return self.rng.poisson(mean, many)
        found = self.rng.pareto(shape, many) + 1
        return np.minimum(self.rng.poisson(found / found.mean() * mean), 20_000)

    def draw(
        self,
        name: str,
        ends: tuple[str, str],
        mean: float,
        local: float = 0.97,
        shape: float | None = None,
    ) -> None:
        """Edges of a kind from one kind of node to another, so many a node."""
        sources = self.ids[ends[0]]
        src = np.repeat(sources, self.degrees(shape, mean, len(sources)))
        ordered, first = self.local[ends[1]]
        there = self.of[src].copy()
        cross = np.flatnonzero(self.rng.random(len(src)) > local)
        other = self.rng.choice(self.applications, len(cross), p=self.weight)
        if not self.tangled:  # privilege flows down the ranking, with few exceptions
            up = self.rank[other] <= self.rank[there[cross]]
            up &= self.rng.random(len(cross)) > 1e-5
            other[up] = there[cross][up]
        there[cross] = other
        low, high = first[there], first[there + 1]
        some = high > low
        low, high, src = low[some], high[some], src[some]
        skewed = self.rng.random(len(src)) ** 2  # some are asked for more than others
        self.edges.add(name, src, ordered[(low + skewed * (high - low)).astype(np.int64)])

    def hubs(self) -> None:
        """One role of a hundred holds a grant over up to a twentieth of all data."""
        data, roles = self.ids["data"], self.ids["role"]
        for hub in self.rng.choice(roles, max(2, len(roles) // 100), replace=False).tolist():
            wide = (self.rng.pareto(1.0) + 1) * 0.02 * min(len(data), 100_000)
            many = int(min(0.05 * len(data), 20_000, wide))
            name = ("reads", "writes", "disrupts")[self.rng.choice(3, p=[0.7, 0.2, 0.1])]
            ends = self.rng.choice(data, many)  # one that is drawn twice is one edge
            self.edges.add(name, np.full(many, hub), ends)


def generate(size: int, targets: int, shape: str = "tidy", seed: int = 7) -> Company:
    """A graph of so many nodes and, from 100,000 on, about ten times as many edges.

    Args:
        size: Nodes without targets.
        targets: Assurance nodes, each resting on one late dataset.
        shape: One of ``SHAPES``.
        seed: Another organisation of the same shape.
    """
    shares = {name: share for name, (share, _) in KINDS.items()}
    drawing = Drawing(size, shares, seed=seed, tangled=shape == "tangled")
    _drawn(drawing)
    rng = drawing.rng
    src, dst, kind = drawing.edges.whole(size, _NAMES)
    stage = rng.random(size)
    for name, wrong in (("feeds", 0.05 if drawing.tangled else 0.0), ("contains", 0.0)):
        these = np.flatnonzero(kind == _NAMES.index(name))
        turn = (stage[src[these]] > stage[dst[these]]) & (rng.random(len(these)) >= wrong)
        src[these[turn]], dst[these[turn]] = dst[these[turn]], src[these[turn]]
    data = drawing.ids["data"]
    late = data[np.argsort(-stage[data])[: max(2 * targets, len(data) // 20)]]
    chosen = np.sort(rng.choice(late, targets, replace=False))
    ends = size + np.arange(targets)
    src, dst = np.concatenate([src, chosen]), np.concatenate([dst, ends])
    kind = np.concatenate([kind, np.full(targets, _NAMES.index("supports"))])
    product = _product(drawing, (src, dst, kind), size + targets)
    gaps = np.sort(rng.choice(size, max(2, size // 5_000), replace=False))
    kinds_of = np.concatenate([drawing.kind, np.full(targets, len(KINDS))])
    return Company(size + targets, kinds_of, len(src), product, drawing.ids["nhi"], ends, gaps)


def _drawn(one: Drawing) -> None:
    local = 0.90 if one.tangled else 0.985
    for ends, mean in (
        (("human", "group"), 2),
        (("nhi", "group"), 0.5),
        (("group", "group"), 0.3),
    ):
        one.draw("become", ends, mean, local)
    one.draw("become", ("nhi", "role"), 1.5, local)
    one.draw("become", ("group", "role"), 5, local, 1.8)
    one.draw("become", ("role", "role"), 0.3, local)
    one.draw("reads", ("role", "data"), 50, 0.9, 1.6)
    one.draw("writes", ("role", "data"), 20, 0.93, 1.6)
    one.draw("disrupts", ("role", "data"), 6, 0.93, 1.8)
    one.draw("reads", ("nhi", "data"), 3, 0.95)
    one.draw("writes", ("nhi", "data"), 1.5, 0.95)
    one.draw("reads", ("role", "secret"), 6, local, 1.8)
    one.draw("reads", ("nhi", "secret"), 1.5, local)
    one.draw("reads", ("pipeline", "secret"), 3, local)
    one.draw("reveals", ("secret", "nhi"), 1.1, local)
    one.draw("become", ("compute", "nhi"), 1.1, local)
    one.draw("executes", ("pipeline", "compute"), 4, local, 2.0)
    one.draw("become", ("pipeline", "nhi"), 1.2, local)
    one.draw("executes", ("repo", "pipeline"), 1.2, local)
    one.draw("writes", ("nhi", "repo"), 0.3, local)
    one.draw("writes", ("human", "repo"), 4, local)
    one.draw("admin", ("role", "compute"), 8, local, 1.8)
    one.draw("become", ("role", "nhi"), 1, local, 2.0)
    one.draw("reads", ("compute", "data"), 4, 0.97)
    one.draw("writes", ("compute", "data"), 2.5, 0.97)
    one.draw("reads", ("compute", "secret"), 1, local)
    one.draw("contains", ("data", "data"), 0.8, 1.0)
    one.draw("feeds", ("data", "data"), 3.2, 0.9, 2.0)
    if one.tangled:
        one.draw("executes", ("data", "compute"), 0.05, local)
    one.hubs()


def _product(drawing: Drawing, edges: tuple[Ints, Ints, Ints], nodes: int) -> Product:
    """Multiply with the automaton, as ``compile_product`` does; needs and gates drawn besides."""
    rng = drawing.rng
    src, dst, kind = edges
    certain = rng.random(len(src)) < 0.9
    masked = rng.random(len(src)) < 0.5
    need, gate = _conditions(drawing, edges)
    parts: list[tuple[Ints, Ints, Ints]] = []
    for number, effect in enumerate(_EFFECT.values()):
        rows = np.flatnonzero(kind == number)
        for before, after in kinds.TRANSITIONS[effect]:
            parts.append((src[rows] * STATES + before, dst[rows] * STATES + after, rows))
        for before, after in kinds.BACKWARD.get(effect, ()):
            back = rows[~masked[rows]]
            parts.append((dst[back] * STATES + before, src[back] * STATES + after, back))
    acting = np.flatnonzero(
        np.isin(drawing.kind, [n for n, (_, actor) in enumerate(KINDS.values()) if actor])
    )
    ends = np.arange(len(drawing.kind), nodes)
    for some, moves in ((acting, kinds.AT_ACTOR), (ends, kinds.AT_ASSURANCE)):
        for before, after in moves:
            none = np.full(len(some), -1)
            parts.append((some * STATES + before, some * STATES + after, none))
    specs, defeats = _gates(drawing)
    held = nodes * STATES + 2 * np.arange(len(specs))
    parts.append((defeats, held, np.full(len(specs), -1)))
    begin, end, edge = (np.concatenate([part[i] for part in parts]) for i in range(3))
    needs = np.append(need, -1)[edge]
    need_ptr = np.concatenate([[0], np.cumsum(needs >= 0)])
    return Product(
        size=nodes * STATES + 2 * len(specs) + 1,
        nodes=nodes,
        src=begin,
        dst=end,
        edge=edge,
        certain=np.append(certain, True)[edge],
        gate=np.append(gate, -1)[edge],
        need_ptr=need_ptr,
        need_idx=needs[needs >= 0],
        gates=specs,
    )


def _conditions(drawing: Drawing, edges: tuple[Ints, Ints, Ints]) -> tuple[Ints, Ints]:
    """Per edge, the state that it needs besides, or -1, and the gate on it, or -1."""
    rng, ids = drawing.rng, drawing.ids
    src, dst, kind = edges
    roles = ids["role"]
    zones = rng.choice(ids["group"], min(_ZONES, len(ids["group"])), replace=False)
    chosen = rng.choice(roles, max(1, int(len(roles) * _CONDITIONAL)), replace=False)
    zone = np.full(len(drawing.kind), -1)
    zone[chosen] = rng.choice(zones, len(chosen)) * STATES + State.CONTROL
    data = np.append(drawing.kind, np.full(dst.max() + 1 - len(drawing.kind), -1))[dst]
    right = np.isin(kind, [_NAMES.index(name) for name in ("reads", "writes", "disrupts")])
    from_role = np.zeros(len(drawing.kind), dtype=bool)
    from_role[roles] = True
    right &= (data == list(KINDS).index("data")) & from_role[src]
    need = np.where(right, zone[src], -1)
    gated = (kind == _NAMES.index("writes")) & (rng.random(len(src)) < _GATED)
    gate = np.where(gated, rng.integers(_GATES, size=len(src)), -1)
    return need, gate


def _gates(drawing: Drawing) -> tuple[list[GateSpec], Ints]:
    """Gates, most of which hold, and the state that defeats each: control of a person."""
    rng = drawing.rng
    people = rng.choice(drawing.ids["human"], _GATES)
    luck = rng.random(_GATES)
    specs = [
        GateSpec(f"gate-{n}", bool(luck[n] < 0.1), bool(0.1 <= luck[n] < 0.2))
        for n in range(_GATES)
    ]
    return specs, people * STATES + State.CONTROL
