"""Witness paths: the ways of a tree, walked and named; ties go to the smaller key."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nhigraph.graph.columns import canonical, quoted
from nhigraph.graph.store import Cells, Graph, Ints
from nhigraph.schema.types import State
from nhigraph.trace.lanes import Reach
from nhigraph.trace.product import STATES, Product
from nhigraph.trace.trees import GATED, Bundle, Tree, Trees

#: States by their numbers: looked up, not made, as often as there are steps.
_STATES = tuple(State)
#: What names say of clauses, remembered for so many.
_WORDS = 500_000


@dataclass(frozen=True, slots=True)
class Step:
    """One edge of a path and what is held at its end.

    Attributes:
        edge: Row number of the edge.
        source: Node the walk leaves: the edge's destination where it is walked backwards.
        target: Node the walk enters.
        state: What is held there.
        certain: Whether the step counts in *can*.
        gate: Key of the gate on this move of the edge; empty if it has none.
    """

    edge: int
    source: int
    target: int
    state: State
    certain: bool
    gate: str


@dataclass(frozen=True, slots=True)
class Way:
    """The best path of one lane.

    Attributes:
        bundle: Ways that it was found among.
        at: Number of its first step there.
        steps: Edges on it; SUPPORTS is no step.
        name: Digest of its steps, 16 hexadecimal digits.
    """

    bundle: Bundle
    at: int
    steps: int
    name: str

    @property
    def goals(self) -> frozenset[int]:
        """States in one of which it ends."""
        return self.bundle.goals

    @property
    def rests(self) -> bool:
        """Whether it rests on needs."""
        return bool(self.bundle.rests[self.at] >= 0)


@dataclass(frozen=True, slots=True)
class Named:
    """Ways from some states, with their names.

    Attributes:
        bundle: The ways.
        names: Name of the way of each state that was asked about; empty where there is none.
    """

    bundle: Bundle
    names: Sequence[str]


class Paths:
    """Best paths in the *may* closure of a product.

    Attributes:
        graph: What its steps are of.
        product: Its clauses.
        trees: Where the ways are found.
    """

    def __init__(self, graph: Graph, product: Product) -> None:
        """Prepare; ``product`` must not be pruned of anything a path may use."""
        self.graph, self.product = graph, product
        self.trees = Trees(graph, product)
        self._words: dict[int, bytes] = {}
        #: What names say of edges besides their ends: alike for most.
        self._rests: dict[tuple[object, ...], str] = {}

    def best(
        self, reach: Reach, lane: int, goals: tuple[int, ...], starts: Iterable[int]
    ) -> Way | None:
        """The best path of a lane.

        Args:
            reach: What every lane holds in *may*.
            lane: Whose path.
            goals: States to end in, sorted, all of them held by the lane.
            starts: States the lane starts from.
        """
        found = self.shared(goals, [[*starts]])[0]
        if found is None or not found.rests or self.meets(reach, lane, found):
            return found
        return self.own(reach, lane, goals, starts)

    def meets(self, reach: Reach, lane: int, way: Way) -> bool:
        """Whether a lane holds all that a way rests on."""
        return self.trees.meets(reach, lane, way.bundle, way.at)

    def shared(self, goals: tuple[int, ...], starts: Sequence[Sequence[int]]) -> list[Way | None]:
        """For each of some walkers, the best path of whoever meets all needs; None for none.

        Args:
            goals: States to end in, sorted; the same for all.
            starts: States that each of them starts from.
        """
        return self._ways(self.trees.tree(goals), starts)

    def own(
        self, reach: Reach, lane: int, goals: tuple[int, ...], starts: Iterable[int]
    ) -> Way | None:
        """The best path of a lane that does not meet the needs of the shared one; see ``best``."""
        return self._ways(self.trees.own(reach, lane, goals), [[*starts]])[0]

    def named(self, goals: tuple[int, ...], states: Ints) -> Named:
        """The best ways from some states, for whoever meets all needs."""
        return self._named(self.trees.tree(goals), states)

    def walk(self, way: Way) -> list[Step]:
        """The steps of a path."""
        return self.steps(self.clauses(way))

    def clauses(self, way: Way) -> list[int]:
        """The clauses of a path, moves inside a node among them."""
        return clauses_from(way.bundle, way.at)

    def steps(self, clauses: Iterable[int]) -> list[Step]:
        """The steps that clauses one after another make."""
        product = self.product
        at = np.fromiter(clauses, dtype=np.int64)
        at = at[product.edge[at] >= 0]
        before, after = product.src[at], product.dst[at]
        columns = (product.edge[at], before // STATES, after // STATES, after % STATES)
        cells = (*columns, product.certain[at], product.gate[at])
        return [
            Step(edge, source, target, _STATES[state], certain, self._gate(gate))
            for edge, source, target, state, certain, gate in zip(
                *(cell.tolist() for cell in cells), strict=True
            )
        ]

    def _gate(self, gate: int) -> str:
        return self.product.gates[gate].key if gate >= 0 else ""

    def _ways(self, tree: Tree, starts: Sequence[Sequence[int]]) -> list[Way | None]:
        """Best paths in a tree."""
        states = sorted({state for some in starts for state in some})
        place = {state: at for at, state in enumerate(states)}
        named = self._named(tree, np.array(states, dtype=np.int64))
        first, costs = named.bundle.first.tolist(), named.bundle.costs.tolist()
        known: dict[int, Way] = {}
        found: list[Way | None] = []
        for some in starts:
            reachable = [(costs[at], at) for at in map(place.__getitem__, some) if costs[at] >= 0]
            if not reachable:
                found.append(None)
                continue
            spent, at = min(reachable)
            if at not in known:
                known[at] = Way(named.bundle, first[at], spent % GATED, named.names[at])
            found.append(known[at])
        return found

    # -- naming ---------------------------------------------------------------------------------

    def _named(self, tree: Tree, states: Ints) -> Named:
        """Ways from some states, each with the digest of its steps."""
        bundle = self.trees.bundle(tree, states)
        words, said, made = self._words, self._said, hashlib.blake2b
        names: list[bytes] = []
        add = names.append
        for clause, onto in zip(bundle.clauses.tolist(), bundle.onto.tolist(), strict=True):
            if clause < 0:
                add(b"")
                continue
            word = words.get(clause)
            if word is None:
                word = said(clause)
            add(made(word + names[onto], digest_size=8).digest() if word else names[onto])
        return Named(bundle, [names[at].hex() if at >= 0 else "" for at in bundle.first.tolist()])

    def _said(self, clause: int) -> bytes:
        """What a name says of a clause; nothing of a move inside a node."""
        edge = self._ends[0][clause]
        if edge < 0:
            said = b""
        else:
            src, dst, cells = self._columns
            keys, more = self.graph.key_list, tuple([column[edge] for column in cells])
            rest = self._rests.get(more)
            if rest is None:
                if len(self._rests) >= _WORDS:
                    self._rests.clear()
                rest = self._rests[more] = canonical([str(cell) for cell in more])[1:]
            ends = f"[{quoted(keys[src[edge]])},{quoted(keys[dst[edge]])},"
            state = bytes((self._ends[1][clause] % STATES,))
            said = (ends + rest).encode(errors="backslashreplace") + state
        if len(self._words) >= _WORDS:
            self._words.clear()
        self._words[clause] = said
        return said

    @cached_property
    def _ends(self) -> tuple[memoryview, memoryview]:
        """Edge and end of every clause: a view gives whole numbers twice as fast as an array."""
        return self.product.edge.data, self.product.dst.data

    @cached_property
    def _columns(self) -> tuple[memoryview, memoryview, list[Cells]]:
        """Columns of the edges: both ends, and the cells that tell one edge from another."""
        edges = self.graph.edges
        told = [edges[name].to_numpy() for name in edges.columns if name not in {"src", "dst"}]
        return edges["src"].to_numpy().data, edges["dst"].to_numpy().data, told


def clauses_from(bundle: Bundle, step: int) -> list[int]:
    """The clauses of a way from one of its steps on, moves inside a node among them."""
    clauses, onto = bundle.clauses, bundle.onto
    found: list[int] = []
    while step >= 0:
        found.append(int(clauses[step]))
        step = int(onto[step])
    found.pop()  # where it ends there is nothing to take
    return found
