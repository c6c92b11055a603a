"""An estate that was walked, and is walked on under answers about edges and gates.

An answer changes little. Gates that are taken not to stand let more through: what everybody held
is still held, and only what comes by them is walked. Edges that are taken away are missed by those
alone who went by them: only these walk again. All others stay as they are, to the bit.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from operator import and_, or_

import numpy as np

from nhigraph.assurance.analyse import Analysis, Block
from nhigraph.assurance.arrivals import AtEnds
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.gates import Weighing, compile_gates
from nhigraph.assurance.reached import Place, reached_rows
from nhigraph.assurance.tracing import Traced
from nhigraph.assurance.walk import start_states
from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.schema import kinds
from nhigraph.trace.engine import InMemory
from nhigraph.trace.lanes import WORD, Reach, bits, mixed
from nhigraph.trace.product import Closure, GateSpec, Product

_GATED = (Closure.OPEN, Closure.MAYBE_OPEN)


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


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an answer is about.

    Attributes:
        clauses: Clauses of its edges, or before which its gates stand.
        gates: Numbers of its gates.
        owners: Node ids of whom a credential goes with its edges.
        members: Whether somebody leaves a group.
    """

    clauses: Ints
    gates: Sequence[int] = ()
    owners: frozenset[int] = frozenset()
    members: bool = False


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
    """

    estate: Estate
    analysis: Analysis
    engine: InMemory
    product: Product
    readings: Mapping[Closure, Product]
    gaps: Mapping[Place, list[int]]
    blocks: Sequence[Held]

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
            estate.alike_gaps,
            (),
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

    def met(self, steps: Iterable[Step]) -> Iterator[tuple[Held, list[int], Block]]:
        """What those met who may be judged otherwise after some steps, and their lanes."""
        for held, changed in steps:
            lanes = [*bits(changed)]
            if not lanes:
                continue
            gaps = [held.traced.gaps[lane] for lane in lanes]
            arriving = held.at_ends.of(np.array(lanes, dtype=np.int64))
            traced = replace(held.traced, at_ends=arriving, gaps=gaps)
            walkers = [held.walkers[lane] for lane in lanes]
            yield held, lanes, self.analysis.judged(walkers, held.reach[Closure.MAY], traced)

    def named(self, lanes: Sequence[int]) -> set[str]:
        """Keys of some lanes of each block, given as bits."""
        keys, blocks = self.estate.graph.key_list, zip(self.blocks, lanes, strict=True)
        return {keys[held.walkers[lane]] for held, some in blocks for lane in bits(some)}

    def touched(self, dropped: Collection[int], down: Collection[str]) -> list[int]:
        """Per block, lanes for which an answer may be of matter, as bits.

        For all others it is of none, whatever is answered besides: answers take ways away in
        *may* and add none, and whoever fires none of these clauses in *may* fires none at all.
        """
        return [self._touched(held, self._asked(dropped, down)) for held in self.blocks]

    def under(
        self, dropped: Collection[int], down: Collection[str], only: Sequence[int] | None = None
    ) -> "tuple[Walked, list[Step]] | None":
        """The estate under an answer, and what may be judged otherwise there.

        Args:
            dropped: Rows of edges that are taken for none.
            down: Gates that are taken not to stand.
            only: Per block, the lanes that are asked about, as bits; nothing is promised of any
                other. By default all.

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
        asked = self._asked(dropped, down)
        lanes = [self._touched(held, asked) for held in self.blocks]
        if only is not None:
            lanes = [some & chosen for some, chosen in zip(lanes, only, strict=True)]
        if down:
            return self._without_gates(estate, asked, lanes)
        return self._without_edges(estate, asked, lanes)

    def _asked(self, dropped: Collection[int], down: Collection[str]) -> "_Asked":
        """What an answer is about."""
        product = self.product
        if down:
            gates = [number for number, spec in enumerate(product.gates) if spec.key in down]
            return _Asked(np.flatnonzero(np.isin(product.gate, gates)), gates=gates)
        rows = np.array(sorted(dropped), dtype=np.int64)
        edges = self.estate.graph.edges
        kind = self.estate.graph.edge_kind.at(rows)
        # Weaknesses of its credentials count for an identity that goes nowhere, too.
        logins = rows[kind.isin([kinds.AUTHENTICATES_AS.label])]
        owners = frozenset(edges["dst"].to_numpy()[logins].tolist())
        members = bool(kind.isin([kinds.MEMBER_OF.label]).any())
        clauses = np.flatnonzero(np.isin(product.edge, rows))
        return _Asked(clauses, owners=owners, members=members)

    def _touched(self, held: Held, asked: "_Asked") -> int:
        """Lanes of a block that fire a clause that is asked about, or to whom one belongs."""
        own = (1 << lane for lane, one in enumerate(held.walkers) if one in asked.owners)
        may, product = held.reach[Closure.MAY], self.product
        src, ptr, idx = product.src, product.need_ptr, product.need_idx
        found = reduce(or_, own, 0) if asked.owners else 0
        for clause in asked.clauses.tolist():
            needs = (may.lanes(state) for state in idx[ptr[clause] : ptr[clause + 1]].tolist())
            found |= reduce(and_, needs, may.lanes(int(src[clause])))
        return found

    # -- gates ----------------------------------------------------------------------------------

    def _without_gates(
        self, estate: Estate, asked: "_Asked", lanes: Sequence[int]
    ) -> "tuple[Walked, list[Step]] | None":
        """Gates let through who could not defeat them: *may* and *can* ask nothing of them."""
        specs = [*self.product.gates]
        weighing = Weighing(estate, memberships=False)  # of no matter to gates that do not stand
        fallen = [weighing.spec(specs[number].key) for number in asked.gates]
        before = [specs[number] for number in asked.gates]
        if not all(_lets_more(one, other) for one, other in zip(before, fallen, strict=True)):
            return None
        for number, spec in zip(asked.gates, fallen, strict=True):
            specs[number] = spec
        product = replace(self.product, gates=tuple(specs))
        changed = [c for c in _GATED if not all(spec.passes(c) for spec in before)]
        readings = {c: product.in_closure(c) for c in changed} if any(lanes) else {}
        after = replace(
            self, estate=estate, product=product, readings={**self.readings, **readings}
        )
        steps = [
            after.let_through(held, changed, asked.clauses, some) if some else (held, 0)
            for held, some in zip(self.blocks, lanes, strict=True)
        ]
        return after.with_blocks(steps), steps

    def let_through(
        self, held: Held, closures: Sequence[Closure], freed: Ints, lanes: int
    ) -> Step:
        """A block on this estate, of one on which some clauses asked for more.

        Args:
            held: The block, as it was there.
            closures: In which closures they did.
            freed: The clauses.
            lanes: Lanes that are asked about, as bits.
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
        return found, at_ends.differing(held.at_ends) & lanes

    def with_gates(
        self, specs: Mapping[int, GateSpec], only: Sequence[int]
    ) -> "tuple[Walked, list[Step]]":
        """The estate where some tests of gates are answered otherwise.

        Args:
            specs: Number of a gate to the gate as it is then; who defeats it, and who approves
                there, is as before.
            only: See ``under``.
        """
        gates = list(self.product.gates)
        for number, spec in specs.items():
            gates[number] = spec
        before = np.flatnonzero(np.isin(self.product.gate, list(specs)))
        asked = _Asked(before, gates=tuple(specs))
        lanes = [
            self._touched(held, asked) & some for held, some in zip(self.blocks, only, strict=True)
        ]
        product = replace(self.product, gates=tuple(gates))
        after = replace(self, product=product)
        if any(lanes):
            after = replace(after, readings=product.readings())
        steps = [
            after.walked_again(held, some) if some else (held, 0)
            for held, some in zip(self.blocks, lanes, strict=True)
        ]
        return after.with_blocks(steps), steps

    # -- edges ----------------------------------------------------------------------------------

    def _without_edges(
        self, estate: Estate, asked: "_Asked", lanes: Sequence[int]
    ) -> "tuple[Walked, list[Step]] | None":
        """Edges are missed by those who went by them in *may*: all others went elsewhere."""
        # A group without its machine is one of people: who approves there then counts.
        if asked.members and tuple(compile_gates(estate).specs) != tuple(self.product.gates):
            return None
        after = replace(self, estate=estate)
        if len(asked.clauses) and any(lanes):
            lost = np.zeros(self.product.clauses, dtype=bool)
            lost[asked.clauses] = True
            product = self.product.without(lost)
            after = replace(after, product=product, readings=product.readings())
        if asked.owners:
            analysis = self.analysis.with_credentials_of(estate)
            after = replace(after, analysis=analysis)
        steps = []
        for held, some in zip(self.blocks, lanes, strict=True):
            found, changed = after.walked_again(held, some) if some else (held, 0)
            if asked.owners:
                own = (1 << lane for lane in bits(some) if held.walkers[lane] in asked.owners)
                changed = reduce(or_, own, changed)
            steps.append((found, changed))
        return after.with_blocks(steps), steps

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
