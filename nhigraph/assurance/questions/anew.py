"""An estate that was walked, and is walked on under answers about edges and gates.

An answer changes little. Gates that are taken not to stand let more through: what everybody held
is still held, and only what comes by them is walked. Edges that are taken away are missed by those
alone who went by them: only these walk again. All others stay as they are, to the bit.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from operator import and_, or_

import numpy as np

from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.arrivals import AtEnds
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.gates import Weighing, compile_gates
from nhigraph.assurance.questions.standing import Stand, Standings, open_gaps, reached_rows
from nhigraph.assurance.reached import Place
from nhigraph.assurance.tracing import Traced
from nhigraph.assurance.walk import start_states
from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.schema import kinds
from nhigraph.trace.engine import InMemory
from nhigraph.trace.lanes import WORD, Reach, bits, mixed
from nhigraph.trace.product import Closure, GateSpec, Product

_GATED = (Closure.OPEN, Closure.MAYBE_OPEN)
_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Held:
    """What a block of walkers comes to.

    Attributes:
        walkers: Node ids by lane.
        reach: What they hold, in each closure.
        traced: What they come to.
        at_ends: What of that arrives at the targets.
        rows: Lane to the rows of open gaps that it reaches.
    """

    walkers: Sequence[int]
    reach: Mapping[Closure, Reach]
    traced: Traced
    at_ends: AtEnds
    rows: Mapping[int, frozenset[int]]


#: A block, and of which lanes of it something may be judged otherwise than before, as bits.
Step = tuple[Held, int]


@dataclass(frozen=True)
class Walked:
    """An estate, walked by everybody.

    Attributes:
        estate: It.
        analysis: The analysis on whose ground all is walked; of ``estate`` in what it says of
            identities themselves.
        engine: What closes the clauses.
        product: The clauses of the ground, as the estate reads them.
        readings: The same, as each closure reads them.
        gaps: Open gaps.
        blocks: What everybody comes to.
        standings: Who judges.
    """

    estate: Estate
    analysis: Analysis
    engine: InMemory
    product: Product
    readings: Mapping[Closure, Product]
    gaps: Mapping[Place, list[int]]
    blocks: Sequence[Held]
    standings: Standings

    @classmethod
    def of(cls, analysis: Analysis) -> "Walked":
        """Walk an estate."""
        ground, estate = analysis.ground, analysis.estate
        found = cls(
            estate,
            analysis,
            ground.here,
            ground.product,
            ground.readings,
            open_gaps(estate),
            (),
            Standings(analysis),
        )
        size = found.engine.words * WORD
        walkers = analysis.walkers
        parts = [walkers[first : first + size] for first in range(0, len(walkers), size)]
        blocks = [found._walk(part, range(len(part))) for part in parts]
        return replace(found, blocks=blocks)

    def sped(self) -> "Walked":
        """The same, with compiled loops from here on if all that was walked comes to much."""
        if not self.engine.outgrown:
            return self
        lanes, walked = self.engine.words * WORD, self.engine.walked
        engine = InMemory(self.product, self.engine.order, lanes, walked)
        return replace(self, engine=engine, blocks=[_taken(engine, one) for one in self.blocks])

    def judged(self, steps: Iterable[Step]) -> dict[str, Stand]:
        """How those stand who may be judged otherwise after some steps."""
        keys, found = self.estate.graph.key_list, dict[str, Stand]()
        for held, changed in steps:
            lanes = [*bits(changed)]
            if not lanes:
                continue
            gaps = [held.traced.gaps[lane] for lane in lanes]
            arriving = held.at_ends.of(np.array(lanes, dtype=np.int64))
            traced = replace(held.traced, at_ends=arriving, gaps=gaps)
            walkers = [held.walkers[lane] for lane in lanes]
            block = self.analysis.judged(walkers, held.reach[Closure.MAY], traced)
            for lane, (identity, now, calm) in zip(lanes, self.standings.of(block), strict=True):
                found[keys[identity]] = Stand(now, calm, held.rows.get(lane, _NONE))
        return found

    def under(
        self, dropped: Collection[int], down: Collection[str]
    ) -> "tuple[Walked, list[Step]] | None":
        """The estate under an answer, and what may be judged otherwise there.

        Args:
            dropped: Rows of edges that are taken for none.
            down: Gates that are taken not to stand.

        Returns:
            None where an answer changes what does not follow from this walk.
        """
        estate = replace(
            self.estate,
            dropped=self.estate.dropped.union(dropped),
            down=self.estate.down.union(down),
        )
        if dropped and down:
            return None
        return self._without_gates(estate, down) if down else self._without_edges(estate, dropped)

    # -- gates ----------------------------------------------------------------------------------

    def _without_gates(
        self, estate: Estate, down: Collection[str]
    ) -> "tuple[Walked, list[Step]] | None":
        """Gates let through who could not defeat them: *may* and *can* ask nothing of them."""
        specs = [*self.product.gates]
        numbers = [number for number, spec in enumerate(specs) if spec.key in down]
        weighing = Weighing(estate, memberships=False)  # of no matter to gates that do not stand
        fallen = [weighing.spec(specs[number].key) for number in numbers]
        before = [specs[number] for number in numbers]
        if not all(_lets_more(one, other) for one, other in zip(before, fallen, strict=True)):
            return None
        for number, spec in zip(numbers, fallen, strict=True):
            specs[number] = spec
        product = replace(self.product, gates=tuple(specs))
        changed = [c for c in _GATED if not all(spec.passes(c) for spec in before)]
        readings = {**self.readings, **{c: product.in_closure(c) for c in changed}}
        freed = np.flatnonzero(np.isin(product.gate, numbers))
        after = replace(self, estate=estate, product=product, readings=readings)
        steps = [after.let_through(held, changed, freed) for held in self.blocks]
        return after.with_blocks(steps), steps

    def let_through(self, held: Held, closures: Sequence[Closure], freed: Ints) -> Step:
        """A block on this estate, of one on which some clauses asked for more.

        Args:
            held: The block, as it was there.
            closures: In which closures they did.
            freed: The clauses.
        """
        readings = self.readings
        more = {c: self.engine.more(readings[c], held.reach[c], freed) for c in closures}
        flags = {
            name: self.engine.flag(
                readings[f.closure], more[f.closure], f.states, f.clauses, f.carriers
            )
            for name, f in self.analysis.labels.flags.items()
            if f.closure in more
        }
        at_ends = held.at_ends.but(more, flags)
        traced = replace(held.traced, at_ends=at_ends)
        found = replace(held, reach={**held.reach, **more}, traced=traced, at_ends=at_ends)
        return found, at_ends.differing(held.at_ends)

    # -- edges ----------------------------------------------------------------------------------

    def _without_edges(
        self, estate: Estate, dropped: Collection[int]
    ) -> "tuple[Walked, list[Step]] | None":
        """Edges are missed by those who went by them in *may*: all others went elsewhere."""
        rows = np.array(sorted(dropped), dtype=np.int64)
        kind = self.estate.graph.edge_kind.at(rows)
        member = bool(kind.isin([kinds.MEMBER_OF.label]).any())
        # A group without its machine is one of people: who approves there then counts.
        if member and tuple(compile_gates(estate).specs) != tuple(self.product.gates):
            return None
        lost = np.isin(self.product.edge, rows)
        product = self.product.without(lost) if lost.any() else self.product
        readings = product.readings() if lost.any() else self.readings
        after = replace(self, estate=estate, product=product, readings=readings)
        owners: set[int] = set()
        if kind.isin([kinds.AUTHENTICATES_AS.label]).any():
            # Weaknesses of its credentials count for an identity that goes nowhere, too.
            analysis = self.analysis.with_credentials_of(estate)
            after = replace(after, analysis=analysis, standings=Standings(analysis))
            before, now = self.analysis.credentials, analysis.credentials
            owners = {one for one, some in before.items() if now.get(one) != some}
        clauses = np.flatnonzero(lost)
        steps = []
        for held in self.blocks:
            missing = self._firing(held, clauses)
            found, changed = after.walked_again(held, missing) if missing else (held, 0)
            own = (1 << lane for lane, one in enumerate(held.walkers) if one in owners)
            steps.append((found, reduce(or_, own, changed)))
        return after.with_blocks(steps), steps

    def _firing(self, held: Held, clauses: Ints) -> int:
        """Lanes that fire one of some clauses in *may*."""
        may, product = held.reach[Closure.MAY], self.product
        src, ptr, idx = product.src, product.need_ptr, product.need_idx
        found = 0
        for clause in clauses.tolist():
            needs = (may.lanes(state) for state in idx[ptr[clause] : ptr[clause + 1]].tolist())
            found |= reduce(and_, needs, may.lanes(int(src[clause])))
        return found

    def walked_again(self, held: Held, lanes: int) -> Step:
        """Some lanes walk again, in their places, and all others are left as they are."""
        new = self._walk(held.walkers, bits(lanes))
        reach = {c: mixed(one, held.reach[c], lanes) for c, one in new.reach.items()}
        at_ends = held.at_ends.mixed(new.at_ends, lanes)
        gaps, changed = [*held.traced.gaps], at_ends.differing(held.at_ends)
        rows = {lane: found for lane, found in held.rows.items() if not lanes >> lane & 1}
        rows.update(new.rows)
        for lane in bits(lanes):
            gaps[lane] = new.traced.gaps[lane]
            if gaps[lane] != held.traced.gaps[lane] or rows.get(lane) != held.rows.get(lane):
                changed |= 1 << lane
        traced = replace(held.traced, at_ends=at_ends, gaps=gaps)
        return Held(held.walkers, reach, traced, at_ends, rows), changed

    # -- both -----------------------------------------------------------------------------------

    def _walk(self, walkers: Sequence[int], lanes: Iterable[int]) -> Held:
        """What some lanes of a block come to; the others hold nothing."""
        start: dict[int, int] = {}
        for lane in lanes:
            for state in start_states(self.estate, walkers[lane]):
                start[state] = start.get(state, 0) | 1 << lane
        reach = self.engine.reaches(self.readings, start)
        tracing = replace(self.analysis.tracing, readings=self.readings, gated=False)
        traced = tracing.traced(self.engine, reach, len(walkers))
        assert isinstance(traced.at_ends, AtEnds)  # noqa: S101 - as walking gives it
        rows = dict(reached_rows(reach[Closure.MAY], self.gaps))
        return Held(walkers, reach, traced, traced.at_ends, rows)

    def with_blocks(self, steps: Sequence[Step]) -> "Walked":
        """The same with what steps came to."""
        return replace(self, blocks=[held for held, _ in steps])


def _taken(engine: InMemory, held: Held) -> Held:
    """The same block, as another engine has it."""
    return replace(held, reach={c: engine.taken(one) for c, one in held.reach.items()})


def _lets_more(before: GateSpec, after: GateSpec) -> bool:
    """Whether a gate lets through whom it let through before, and is defeated as it was."""
    alike = (before.defeats, before.approvals) == (after.defeats, after.approvals)
    return alike and all(after.passes(c) or not before.passes(c) for c in _GATED)
