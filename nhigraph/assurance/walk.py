"""The one walk behind the assessment and the questions: who holds what, and reaches which gap.

A ``Ground`` is an estate made walkable, once for any number of walkers. A ``Walk`` is what some
walkers hold on it, one bit lane each.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from nhigraph.assurance.estate import Estate
from nhigraph.assurance.gates import Gates, compile_gates
from nhigraph.assurance.held import Held
from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.schema.types import State
from nhigraph.trace.alternatives import Alternatives, Beside
from nhigraph.trace.engine import Engine, InMemory
from nhigraph.trace.holders import Holders, holders
from nhigraph.trace.holders import Starts as Begins
from nhigraph.trace.lanes import WORD, Reach, bits
from nhigraph.trace.leading import FROM, edges_leading_to
from nhigraph.trace.order import settle
from nhigraph.trace.paths import Paths, Way
from nhigraph.trace.product import STATES, Closure, Product, compile_product, state_id
from nhigraph.trace.trees import GATED

#: What a walker holds from the beginning, as states of the product.
Starts = Callable[[int], Sequence[int]]
#: Walkers traced at once: small blocks bound memory, large ones share work.
BLOCK = 1024


@dataclass(frozen=True)
class Walk:
    """What some walkers hold.

    Attributes:
        ground: Where they walked.
        walkers: Node ids by lane.
        reach: What every lane holds, in each closure that was asked for.
    """

    ground: "Ground"
    walkers: Sequence[int]
    reach: Mapping[Closure, Reach]

    @cached_property
    def gaps(self) -> list[list[int]]:
        """Per lane, the nodes whose gaps it reaches, ascending."""
        may, gaps = self.reach[Closure.MAY], self.ground.estate.open_gaps
        return gaps_reached(may, gaps, len(self.walkers))

    def held(self, lane: int, node: int) -> Held:
        """States that a lane holds at a node."""
        return Held(*(self._at(self.reach[closure], lane, node) for closure in Closure))

    def nodes(self, lane: int) -> list[int]:
        """Nodes at which a lane holds a state in *may*, ascending."""
        states = range(self.ground.product.nodes * STATES)
        words = self.reach[Closure.MAY].words(states)[:, lane // WORD]
        held = words >> np.uint64(lane % WORD) & np.uint64(1)
        return np.flatnonzero(held.reshape(-1, STATES).any(axis=1)).tolist()

    def way(self, lane: int, node: int, state: State | None = None) -> Way | None:
        """The best path of a lane to a node; None where it does not hold what is asked for there.

        Args:
            lane: The lane.
            node: Node id.
            state: What it is to hold there; by default anything.
        """
        may = self.reach[Closure.MAY]
        wanted = _states(node) if state is None else [state_id(node, state)]
        goals = tuple(s for s in wanted if may.holds(s, lane))
        starts = start_states(self.ground.estate, self.walkers[lane])
        return self.ground.paths.best(may, lane, goals, starts) if goals else None

    def steps(self, lane: int) -> Sequence[int]:
        """Per node, the steps of a lane's best path to it; -1 where it has none.

        All at once: each path is not found, only counted.
        """
        may, starts = self.reach[Closure.MAY], start_states(self.ground.estate, self.walkers[lane])
        costs = self.ground.paths.trees.costs(may, lane, starts)
        by_node = costs[: self.ground.product.nodes * STATES].reshape(-1, STATES)
        none = np.iinfo(np.int64).max
        best = np.where(by_node < 0, none, by_node).min(axis=1)
        found: list[int] = np.where(best == none, -1, best % GATED).tolist()
        return found

    def beside(self, lane: int, way: Way, most: int) -> Alternatives:
        """Alternatives of the best path of a lane."""
        may, starts = self.reach[Closure.MAY], start_states(self.ground.estate, self.walkers[lane])
        paths = self.ground.paths
        beside = Beside(paths, self.ground.estate.changes.ones)
        best, ends = paths.clauses(way), (sorted(way.goals), starts)
        return beside.alternatives(may, lane, best, ends, most)

    @staticmethod
    def _at(reach: Reach, lane: int, node: int) -> int:
        return sum(reach.holds(state_id(node, state), lane) << state for state in State)


class Ground:
    """An estate made walkable.

    Attributes:
        estate: The estate.
        gates: Its gates, compiled.
        product: Clauses that lead to what is asked about or to a gap.
        readings: The product, as each closure reads it.
        paths: Best paths in *may*.
    """

    def __init__(
        self,
        estate: Estate,
        asked: Iterable[int] | None,
        walkers: int,
        engine: Callable[[int], Engine] | None = None,
    ) -> None:
        """Compile the gates and the product.

        Args:
            estate: The estate.
            asked: Nodes that are asked about, besides those of gaps; None for every node.
            walkers: How many will walk.
            engine: Makes what closes the clauses for so many; by default it is this process.
        """
        self.estate = estate
        self.gates: Gates = compile_gates(estate)
        masks, goals = self.gates.masks, None if asked is None else self._goals(asked)
        if goals is not None and len(estate.graph.edges) >= FROM:
            leading = edges_leading_to(estate.graph, masks, self.gates.specs, goals)
            masks = replace(masks, edges=leading)
        product = compile_product(estate.graph, masks, self.gates.specs)
        if goals is not None:
            product = product.leading_to(goals)
        self.product: Product = product
        self.readings = product.readings()
        self._lanes, self._engine = max(walkers, 1), engine
        self.paths = Paths(estate.graph, product)

    @cached_property
    def solver(self) -> Engine:
        """What closes the clauses over start states."""
        return self._engine(self._lanes) if self._engine else self.here

    @cached_property
    def here(self) -> InMemory:
        """What closes them in this process."""
        return InMemory(self.product, settle(self.product), min(BLOCK, self._lanes))

    def rest(self) -> None:
        """Keep what closes the clauses no longer: it is as large as they are, and made again."""
        for kept in ("solver", "here"):
            self.__dict__.pop(kept, None)

    @property
    def block(self) -> int:
        """How many walkers are closed at once."""
        if self._engine:
            return self.solver.words * WORD
        return -(-min(BLOCK, self._lanes) // WORD) * WORD

    def _goals(self, asked: Iterable[int]) -> Ints:
        states = {state for node in asked for state in _states(node)}
        for node, hidden in self.estate.open_gaps:
            states.update(state_id(node, state) for state in hidden)
        return np.array(sorted(states), dtype=np.int64)

    def walk(
        self,
        walkers: Sequence[int],
        closures: Iterable[Closure] = Closure,
        starts: Starts | None = None,
    ) -> Walk:
        """What walkers hold; no more of them than one block.

        Args:
            walkers: Node ids.
            closures: Which are asked for.
            starts: What each holds from the beginning; by default as ``start_states`` says.
        """
        start: dict[int, int] = {}
        for lane, walker in enumerate(walkers):
            for state in starts(walker) if starts else start_states(self.estate, walker):
                start[state] = start.get(state, 0) | 1 << lane
        reach = self.solver.reaches({c: self.readings[c] for c in closures}, start)
        return Walk(self, walkers, reach)

    def holders(self, starts: Sequence[Sequence[int]], states: Ints) -> Holders:
        """Who holds which of some states in *may*, of walkers who start from some states each."""
        return holders(self.readings[Closure.MAY], Begins.of(starts), states)

    def walks(
        self,
        walkers: Sequence[int],
        closures: Sequence[Closure] = tuple(Closure),
        starts: Starts | None = None,
    ) -> Iterator[Walk]:
        """What any number of walkers hold, block by block, in the order given."""
        block = self.block
        for first in range(0, len(walkers), block):
            yield self.walk(walkers[first : first + block], closures, starts)


def gaps_reached(
    may: Reach, gaps: Iterable[tuple[int, Iterable[State]]], lanes: int
) -> list[list[int]]:
    """Per lane, the nodes whose gaps it reaches, ascending.

    Args:
        may: What every lane holds in *may*.
        gaps: Node of each gap, and the states hidden there.
        lanes: How many lanes there are.
    """
    found: list[set[int]] = [set() for _ in range(lanes)]
    for node, hidden in gaps:
        held = 0
        for state in hidden:
            held |= may.lanes(state_id(node, state))
        for lane in bits(held):
            found[lane].add(node)
    return [sorted(nodes) for nodes in found]


def start_states(estate: Estate, walker: int) -> list[int]:
    """States held from the beginning: a credential is known, too; a dead node holds none.

    Whoever has taken over what acts on nothing by itself (a table, a system, a repository) does
    with it as it likes. Control alone implies nothing else there (DESIGN 3): a table that only
    feeds the ledger would lead nowhere.
    """
    if not estate.alive[walker]:
        return []
    if not (estate.acts[walker] or estate.credential[walker]):
        return [state_id(walker, state) for state in State]
    found = [state_id(walker, State.CONTROL)]
    if estate.credential[walker]:
        found.append(state_id(walker, State.READ))
    return found


def unsure(estate: Estate, walker: int, gaps: Sequence[int]) -> bool:
    """Whether something may be hidden from what was found: by a gap, or by the scope itself.

    Args:
        estate: The estate.
        walker: Node id of who walks.
        gaps: Node ids whose gaps it reaches.
    """
    hidden = estate.unread and estate.in_boundary(walker) and bool(estate.alive[walker])
    return bool(gaps) or hidden


def living(estate: Estate) -> list[int]:
    """Identities of the population that hold states on the day, by key."""
    return [identity for identity in estate.identities if estate.alive[identity]]


def _states(node: int) -> range:
    return range(node * STATES, node * STATES + STATES)
