"""From a walk to what the verdict needs: flags, arrivals, weaknesses.

Identities are bit lanes; they are traced in blocks, so that memory stays bounded.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import replace
from functools import cached_property, partial

import numpy as np

from nhigraph.assurance import weaknesses as weak
from nhigraph.assurance.arrivals import Arrived, Arriving, alike
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.flags import Labels
from nhigraph.assurance.path_rows import PathRows
from nhigraph.assurance.planted import Beside, FirstSteps, Imagined
from nhigraph.assurance.resting import Gated
from nhigraph.assurance.rows import Target
from nhigraph.assurance.tracing import Again, Elsewhere, Traced, Tracing
from nhigraph.assurance.turned import turned
from nhigraph.assurance.verdict import Arrival, TargetFacts
from nhigraph.assurance.walk import BLOCK, Ground, Starts, start_states, unsure
from nhigraph.graph.distinct import distinct
from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.schema import kinds
from nhigraph.schema.claims import FINANCIAL
from nhigraph.schema.crosswalk import HYGIENE
from nhigraph.schema.types import State
from nhigraph.trace import kernels
from nhigraph.trace.holders import Holders
from nhigraph.trace.lanes import Reach, bits
from nhigraph.trace.product import STATES, Closure, state_id

Progress = Callable[[int, int], None]
#: From this many clauses on, and for more walkers than a block, the question is turned round, as
#: long as the states of the targets are no more than such a multiple of the walkers.
TURN_FROM, FEWER = 20_000, 4


@dataclass(frozen=True, slots=True)
class Meeting:
    """What arrives at one target, of all identities of a block of whom it is the same.

    Attributes:
        target: Index of the target.
        arrival: Input of the verdict.
        weaknesses: Weaknesses of nodes on the paths, and of those who approve on them.
        shown: Weaknesses and effects that the paths themselves show; ``env_mixing`` counts only
            where the identity has it.
    """

    target: int
    arrival: Arrival
    weaknesses: frozenset[str]
    shown: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Block:
    """A block of identities, traced.

    Attributes:
        identities: Node ids by lane.
        meetings: What arrives, each once.
        lanes: Per pair of an identity and a target that it reaches, its lane; ascending.
        which: Per pair, its meeting; those of a lane in the order of the targets.
        gaps: Per lane, the node ids whose gaps it reaches.
        derived: Per lane, the identity's weaknesses that only its paths show.
        may: Reach in *may*: at gaps, and whether somebody holds what ``Analysis.noted`` names.
        on_ways: Gates on the ways to targets.
    """

    identities: Sequence[int]
    meetings: Sequence[Meeting]
    lanes: Ints
    which: Ints
    gaps: list[list[int]]
    derived: list[set[str]]
    may: Reach
    on_ways: Gated

    def by_lane(self, kept: Callable[[Meeting], bool]) -> list[list[Meeting]]:
        """Per lane, the meetings of which one is true, in the order of the targets."""
        wanted = np.array([kept(one) for one in self.meetings], dtype=bool)
        pairs = np.flatnonzero(wanted[self.which])
        found: list[list[Meeting]] = [[] for _ in self.identities]
        for lane, number in zip(self.lanes[pairs].tolist(), self.which[pairs], strict=True):
            found[lane].append(self.meetings[number])
        return found

    def weaknesses(self) -> list[set[str]]:
        """Per lane, the weaknesses on its paths."""
        number: dict[frozenset[str], int] = {}
        of = [number.setdefault(one.weaknesses, len(number)) for one in self.meetings]
        sets, found = list(number), [set[str]() for _ in self.identities]
        if sets:
            pairs = distinct(self.lanes * len(sets) + np.array(of, dtype=np.int64)[self.which])
            for pair in pairs.tolist():
                found[pair // len(sets)] |= sets[pair % len(sets)]
        return found


class Analysis:
    """Traces an estate.

    Attributes:
        estate: What is judged.
        ground: Where its identities walk.
        product: Clauses that lead to a target or a gap.
        targets: What the verdict needs of each target.
        beside: Whoever is imagined beside the walkers.
    """

    def __init__(
        self,
        estate: Estate,
        walkers: Sequence[int] | None = None,
        elsewhere: Elsewhere | None = None,
        imagined: Sequence[Imagined] = (),
        *,
        gated: bool = True,
    ) -> None:
        """Compile the gates and the product.

        Args:
            estate: What is judged.
            walkers: Nodes to judge as identities, if they are alive; by default the population.
            elsewhere: Where the closures are worked out, if not in this process.
            imagined: Whoever is imagined beside them, for ``Planted``: where the question is
                turned round for the walkers, these cost little more.
            gated: What rests on which gate is asked; without it ``Block.on_ways`` has none.
        """
        self._gated = gated
        self.estate, self._where = estate, elsewhere or Elsewhere()
        graph = estate.graph
        asked = estate.identities if walkers is None else walkers
        self.walkers = [walker for walker in asked if estate.alive[walker]]
        ends = (graph.node_id(t.key) for t in estate.targets)
        self.ends = [-1 if end is None else end for end in ends]
        asked_about = (end for end in self.ends if end >= 0)
        self.ground = Ground(estate, asked_about, len(self.walkers), self._where.engine)
        self.gates, self.product = self.ground.gates, self.ground.product
        self.paths = self.ground.paths
        self.weak_nodes = weak.of_nodes(estate)
        self.credentials = weak.of_credentials(estate)
        self.labels = Labels(estate, self.gates, self.product, self.weak_nodes)
        self.targets = [facts_of(target) for target in estate.targets]
        self._arrived: dict[bytes, Arrived] = {}
        self._traced: list[Block] = []
        self._may: Reach | None = None
        self.beside = Beside(FirstSteps(estate, imagined), self.labels) if imagined else None
        self._beside: Traced | None = None

    def starts(self, identity: int) -> list[int]:
        """See ``start_states``."""
        return start_states(self.estate, identity)

    def blocks(self, progress: Progress | None = None) -> Iterator[Block]:
        """Trace the walkers, block by block, in key order; a single block is traced once."""
        yield from self._traced
        if self._traced:
            return
        done = 0
        for block in self._blocks(self.walkers, self.starts):
            if len(self.walkers) == len(block.identities):
                self._traced = [block]
            yield block
            done += len(block.identities)
            if progress:
                progress(done, len(self.walkers))

    @cached_property
    def written(self) -> PathRows:
        """Writes paths of the estate; what it knows of an edge serves all who ask."""
        return PathRows(self.estate.graph)

    def again(self, walkers: Sequence[int]) -> Iterator[Block]:
        """Trace some of the walkers once more; a single block is there still, with all of them.

        Gates on the ways are not asked about again.
        """
        yield from self._traced or self._blocks(walkers, self.starts, gated=False)

    def holders(self, nodes: Sequence[int]) -> Iterator[Block]:
        """Trace whoever would hold each of some nodes, on the same ground; gates are not told.

        A right to administer it would give all five states at it; at an actor these are control.
        """
        living = [node for node in nodes if self.estate.alive[node]]
        yield from self._blocks(living, self._states_of_holder, gated=False)

    def held(self, walkers: Sequence[int]) -> Iterator[tuple[Reach, dict[int, int]]]:
        """What some of the walkers hold in *may*, block by block, with the lane of each."""
        if self._may is not None:
            yield self._may, {walker: lane for lane, walker in enumerate(self.walkers)}
            return
        for walk in self.ground.walks(walkers, (Closure.MAY,)):
            lanes = {walker: lane for lane, walker in enumerate(walk.walkers)}
            yield walk.reach[Closure.MAY], lanes

    def holding(self, walkers: Sequence[int], states: Ints) -> Holders | None:
        """Who of some walkers holds which state in *may*; None where ``held`` is cheaper."""
        if not self.turns(len(walkers)):
            return None
        return self.ground.holders([self.starts(walker) for walker in walkers], states)

    def rest(self) -> None:
        """Keep no longer what only walking takes, where the question is turned round instead."""
        if self.turns(len(self.walkers)):
            self.ground.rest()

    def _states_of_holder(self, node: int) -> list[int]:
        graph = self.estate.graph
        acting = any(kinds.NODE_KINDS[label].actor for label in graph.kinds(node))
        if acting or self.estate.credential[node]:
            return self.starts(node)
        return [state_id(node, state) for state in State]

    def unsure(self, identity: int, gaps: Sequence[int]) -> bool:
        """See ``walk.unsure``."""
        return unsure(self.estate, identity, gaps)

    def own_weaknesses(self, identity: int) -> set[str]:
        """Weaknesses of the node itself, on a path or off."""
        return self.labels.standing.get(identity, set())

    @cached_property
    def noted(self) -> tuple[int, ...]:
        """Nodes with a weakness or reviews: it matters whether somebody passes them."""
        reviewed = self.estate.graph.of_kind(weak.REVIEWED) & self.estate.alive
        return tuple(sorted({*self.weak_nodes, *np.flatnonzero(reviewed).tolist()}))

    @cached_property
    def tracing(self) -> Tracing:
        """What those who walk are asked about."""
        ends = [end for end in self.ends if end >= 0]
        flags, gaps = self.labels.flags, self.estate.open_gaps
        return Tracing(self.ground.readings, flags, ends, gaps, self.ground.block, self._gated)

    def _blocks(
        self, walkers: Sequence[int], starts: Starts, *, gated: bool = True
    ) -> Iterator[Block]:
        """Trace some walkers, block by block, in the order given."""
        tracing, ground, divided = self.tracing, self.ground, self._where.divided
        tracing = tracing if gated else replace(tracing, gated=False)
        if self.turns(len(walkers)):
            everybody = walkers == self.walkers and starts == self.starts
            beside = self.beside if everybody else None
            found = turned(tracing, [starts(one) for one in walkers], self.noted, beside)
            if found is not None:
                self._beside = found.beside if beside else self._beside
                yield self.judged(walkers, found.may, found.traced)
                return
        if divided is None:
            for walk in ground.walks(walkers, starts=starts):
                may = walk.reach[Closure.MAY]
                traced = tracing.traced(ground.solver, walk.reach, len(walk.walkers))
                if walk.walkers == self.walkers and starts == self.starts:
                    self._may = may
                yield self.judged(walk.walkers, may, traced)
            return
        size = tracing.lanes
        parts = [walkers[first : first + size] for first in range(0, len(walkers), size)]
        begun = [[starts(walker) for walker in part] for part in parts]
        for part, sent in zip(parts, divided(tracing, begun), strict=True):
            may = Again(sent.somebody, partial(self._again, part, starts))
            yield self.judged(part, may, sent.traced)

    def traced_beside(self) -> Traced | None:
        """What those come to who are imagined beside the walkers, if it is known; told once."""
        found, self._beside = self._beside, None
        return found

    def turns(self, walkers: int) -> bool:
        """Whether it pays to ask from the targets on, for so many walkers."""
        here = self._where.divided is None and self._where.engine is None
        large = self.product.clauses >= TURN_FROM and walkers > BLOCK
        few = len(self.ends) * STATES <= FEWER * walkers
        return here and large and few and kernels.available()

    def _again(self, walkers: Sequence[int], starts: Starts) -> Reach:
        return self.ground.walk(walkers, (Closure.MAY,), starts).reach[Closure.MAY]

    def judged(self, block: Sequence[int], may: Reach, traced: Traced) -> Block:
        """A block of identities, of what its lanes come to.

        Args:
            block: Node ids by lane.
            may: What they hold in *may*.
            traced: What they come to.
        """
        at_ends, gaps = traced.at_ends, traced.gaps
        derived = self._derived(block, at_ends)
        pairs = self._pairs(block, at_ends, gaps, derived)
        return Block(block, *pairs, gaps, derived, may, traced.passed)

    def _derived(self, block: Sequence[int], at_ends: Arriving) -> list[set[str]]:
        """Weaknesses of the identity that only its paths show, per lane.

        One path to one target that it reaches makes them; they are then its own.
        """
        found: list[set[str]] = [set() for _ in block]
        for name, ways in weak.SHOWN_BY.items():
            lanes = 0
            for way in ways:
                lanes |= at_ends.anywhere(*way)
            for lane in bits(lanes):
                if name != "env_mixing" or self._elsewhere(block[lane]):
                    found[lane].add(name)
        return found

    def _elsewhere(self, identity: int) -> bool:
        """Whether an environment of it is known that is not production."""
        return bool(weak.environments(self.estate.graph.props(identity)) - weak.PRODUCTION)

    def _pairs(
        self,
        block: Sequence[int],
        at_ends: Arriving,
        gaps: list[list[int]],
        derived: list[set[str]],
    ) -> tuple[list[Meeting], Ints, Ints]:
        """What arrives where, each once; and per pair its lane and which of these it is."""
        gives = [self._gives(node, more) for node, more in zip(block, derived, strict=True)]
        carved = [self.estate.boundary[node] == "carve_out" for node in block]
        reaching = [self.unsure(i, found) for i, found in zip(block, gaps, strict=True)]
        own: Ints = np.packbits([gives, reaching, carved], axis=0)[0].astype(np.int64)
        places, lanes, keys = at_ends.arrivals()
        order = np.lexsort([places, lanes])
        places, lanes, keys = places[order], lanes[order], keys[order]
        which, firsts = alike(keys, places, own[lanes])
        numbers = [number for number, end in enumerate(self.ends) if end >= 0]
        meetings = []
        for pair in firsts.tolist():
            lane, key = int(lanes[pair]), keys[pair].tobytes()
            arrived = self._arrived.get(key)
            if arrived is None:
                arrived = self._arrived[key] = Arrived(at_ends, key)
            arrival = arrived.arrival(
                weak=gives[lane] or arrived.hygiene, gap=reaching[lane], carved_out=carved[lane]
            )
            told = (arrived.weaknesses, arrived.shown)
            meetings.append(Meeting(numbers[int(places[pair])], arrival, *told))
        return meetings, lanes, which

    def with_credentials_of(self, estate: Estate) -> "Analysis":
        """The same, of an estate that differs in edges alone; nobody has walked there yet."""
        found = copy(self)
        found.estate, found.credentials = estate, weak.of_credentials(estate)
        found.forget()
        return found

    def forget(self) -> None:
        """Keep nothing of those who walked."""
        self._traced, self._may, self._beside = [], None, None

    def own_gives(self, identity: int) -> bool:
        """Whether a weakness of the identity or its credentials gives S, on a path or off."""
        inside = self.estate.boundary[identity] != "outside"
        hygiene = self.own_weaknesses(identity).intersection(HYGIENE)
        return bool(inside and hygiene) or self._credential_gives(identity)

    def _gives(self, identity: int, derived: set[str]) -> bool:
        """Whether a weakness of the identity or its credentials gives S on every path of it."""
        inside = self.estate.boundary[identity] != "outside"
        return bool(inside and derived.intersection(HYGIENE)) or self.own_gives(identity)

    def _credential_gives(self, identity: int) -> bool:
        return any(
            self.own_weaknesses(credential).intersection(HYGIENE)
            and self.estate.boundary[credential] != "outside"
            for credential in self.credentials.get(identity, ())
        )


def facts_of(target: Target) -> TargetFacts:
    """The part of a target that the verdict needs."""
    return TargetFacts(
        target.family == FINANCIAL,
        target.fs_role,
        target.category,
        target.data_class,
        target.assertions,
        target.unread,
    )
