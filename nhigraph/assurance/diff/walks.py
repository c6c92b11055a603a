"""Answers under changes of edges and tests, walked on from one walk of all who are asked about.

The walk is on an estate that has the edges that are gone and those that are new. Whatever part of
the changes is made, the others are taken away again, and only those walk anew who went by them;
likewise those who came by a control of which a test is answered otherwise. What a change does
besides, to nodes or the scope, makes another estate, which is walked once it is asked about again.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.anew import Held, Walked
from nhigraph.assurance.answer import Judged
from nhigraph.assurance.diff.answers import Pair, Told
from nhigraph.assurance.diff.atoms import Atom
from nhigraph.assurance.diff.mixed import Mixed
from nhigraph.assurance.diff.told import of_itself, of_rows
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.gates import Weighing
from nhigraph.graph import columns
from nhigraph.graph.mixture import Mask
from nhigraph.graph.store import Graph
from nhigraph.records import dataclass
from nhigraph.schema import kinds
from nhigraph.trace.product import GateSpec

Changes = frozenset[int]
#: Estates that are kept, walked.
_KEPT = 8
#: Edges times identities: what everybody holds is not kept of a larger estate.
_MOST = 500_000_000


@dataclass(frozen=True, slots=True)
class _Base:
    """An estate with the edges of both sides, walked.

    Attributes:
        walked: It.
        judged: Who judges on it.
        lane: Identity to its block and lane.
        told: Identity to its answers there, but for what its own weaknesses say.
        row: Row of an edge of both graphs to that in the estate.
    """

    walked: Walked
    judged: Judged
    lane: Mapping[str, tuple[int, int]]
    told: Mapping[str, Mapping[Pair, Told]]
    row: Mapping[int, int]


class Walks:
    """Answers of some identities, whichever changes are made."""

    def __init__(
        self,
        mixed: Mixed,
        identities: Sequence[str],
        common: Collection[int],
        within: Mask | None,
    ) -> None:
        """Nobody has walked yet.

        Args:
            mixed: Two estates.
            identities: Keys of those who may be asked about.
            common: Numbers of changes that may matter to everybody.
            within: The nodes that are looked at; all by default.
        """
        self._mixed, self._identities, self._within = mixed, identities, within
        own = {n: atom for n, atom in enumerate(mixed.atoms) if n not in common}
        light = _Light(mixed)
        #: Changes that only take edges away or bring some, which nothing else rests on.
        self._edges = {n: atom for n, atom in own.items() if light.of_edges(atom)}
        self._asked: dict[Changes, int] = {}
        self._bases: dict[Changes, _Base | None] = {}
        #: Changes that only answer tests of a control otherwise, of which the scope says nothing.
        self._tests = {n: atom for n, atom in own.items() if light.of_tests(atom)}
        size = int(sum(side["edge"].sum() for side in mixed.both.there))
        self._small = size * len(identities) <= _MOST

    def told(self, changes: Changes, identities: Collection[str]) -> Mapping[Pair, Told] | None:
        """Answers of some identities after some changes; None where they are not walked on."""
        others = changes.difference(self._edges, self._tests)
        base = self._base(others)
        if base is None:
            return None
        taken = [
            row
            for number, atom in self._edges.items()
            for _, row in (atom.goes if number in changes else atom.comes)
        ]
        dropped = {base.row[row] for row in taken if row in base.row}
        tests = [atom for number, atom in self._tests.items() if number in changes]
        return self._under(base, dropped, tests, identities)

    # -- one estate -----------------------------------------------------------------------------

    def _base(self, others: Changes) -> _Base | None:
        """The estate under all changes but those of edges; None where it is not worth a walk."""
        asked = self._asked[others] = self._asked.get(others, 0) + 1
        # What is asked about once is judged at once; where nothing else changes all sets are.
        if not self._small or (asked == 1 and others):
            return None
        if others not in self._bases:
            if len(self._bases) >= _KEPT:
                self._bases.pop(next(iter(self._bases)))
            self._bases[others] = self._walked(others)
        base = self._bases[others]
        if base is not None:
            base = self._bases[others] = replace(base, walked=base.walked.sped())
        return base

    def _walked(self, others: Changes) -> _Base | None:
        atoms = [
            replace(atom, goes=()) if number in self._edges else atom
            for number, atom in enumerate(self._mixed.atoms)
            if number in others or number in self._edges
        ]
        estate, graph = self._mixed.resolved(atoms, self._within)
        row = self._rows(estate, graph)
        if row is None:
            return None
        wanted, keys = set(self._identities), estate.graph.key_list
        walkers = [node for node in estate.identities if keys[node] in wanted]
        analysis = Analysis(estate, walkers, gated=False)
        walked, judged = Walked.of(analysis), Judged(analysis)
        lane = {
            keys[node]: (at, number)
            for at, held in enumerate(walked.blocks)
            for number, node in enumerate(held.walkers)
        }
        told: dict[str, dict[Pair, Told]] = {key: {} for key in lane}
        every = [(held, (1 << len(held.walkers)) - 1) for held in walked.blocks]
        for pair, one in _answers(walked, judged, every):
            told[pair[0]][pair] = one
        return _Base(walked, judged, lane, told, row)

    def _rows(self, estate: Estate, graph: Graph) -> Mapping[int, int] | None:
        """Where the estate has the edges that come or go; None where the scope states one, too."""
        both = self._mixed.both
        edges = sorted(
            {row for atom in self._edges.values() for _, row in (*atom.goes, *atom.comes)}
        )
        before, after = both.rows_in(graph, edges), both.rows_in(estate.graph, edges)
        said, says = graph.places("edge"), estate.graph.places("edge")
        for row, own in before.items():
            there = after.get(row)
            if there is None or len(said.get(own, ())) != len(says.get(there, ())):
                return None
        return after

    def _under(
        self,
        base: _Base,
        dropped: Collection[int],
        tests: Sequence[Atom],
        identities: Collection[str],
    ) -> Mapping[Pair, Told] | None:
        """Answers on an estate without some edges, where some tests are answered otherwise."""
        asked = [0] * len(base.walked.blocks)
        known = [one for one in identities if one in base.lane]
        for one in known:
            at, lane = base.lane[one]
            asked[at] |= 1 << lane
        found = base.walked.under(dropped, (), asked)
        if found is None:
            return None
        after, steps = found
        changed = [some for _, some in steps]
        if tests:
            after, steps = after.with_gates(self._gates(after, tests), asked)
            changed = [one | other for one, (_, other) in zip(changed, steps, strict=True)]
        told: dict[Pair, Told] = {}
        anew = [
            (held, some & ours)
            for (held, _), some, ours in zip(steps, changed, asked, strict=True)
        ]
        for one in known:
            at, lane = base.lane[one]
            if not anew[at][1] >> lane & 1:
                told.update(base.told[one])
        # Whose credentials are others now is judged by another analysis.
        judged = base.judged
        if after.analysis is not base.walked.analysis:
            judged = Judged(after.analysis)
        told.update(_answers(after, judged, anew))
        nodes = [after.blocks[at].walkers[lane] for at, lane in map(base.lane.__getitem__, known)]
        told.update(of_itself(after.analysis, nodes))
        return told

    def _gates(self, walked: Walked, tests: Iterable[Atom]) -> dict[int, GateSpec]:
        """Controls on the ways, by their number, as some changes let them be."""
        both, weighing = self._mixed.both, Weighing(walked.estate)
        records = walked.estate.graph.gate_records
        said: dict[str, dict[str, bool]] = {}
        for atom in tests:
            for _, row, name in atom.reads:
                key, test = str(both.cells["gate"]["key"][row]), name.partition(".")[2]
                now = said.setdefault(key, dict(records[key].tests))
                now.pop(test, None)
                told = columns.props_of(both.second["gate"]["tests"][row])
                if test in told:
                    now[test] = told[test]
        return {
            number: weighing.spec_of(spec.key, replace(records[spec.key], tests=said[spec.key]))
            for number, spec in enumerate(walked.product.gates)
            if spec.key in said
        }


def _answers(
    walked: Walked, judged: Judged, steps: Sequence[tuple[Held, int]]
) -> Iterator[tuple[Pair, Told]]:
    yield from of_rows(judged.of(block for _, _, block in walked.met(steps)))


class _Light:
    """Which changes can be walked on."""

    def __init__(self, mixed: Mixed) -> None:
        both = self._both = mixed.both
        claims = (*mixed.before.claims, *mixed.after.claims)
        self._answered = any(claim.subject == "answer" for claim in claims)
        #: A scope may answer what no document does, or tell of a control by its own.
        self._controls = any(
            claim.body.get("recoverable") or "gate" in claim.body or "default" in claim.body
            for claim in claims
        )
        self._stays = both.there[0]["node"] & both.there[1]["node"]

    def of_tests(self, atom: Atom) -> bool:
        """Whether a change answers tests of a control otherwise, and does nothing else."""
        if self._controls or atom.goes or atom.comes or atom.of_scope or not atom.reads:
            return False
        return all(of == "gate" and name.startswith("tests.") for of, _, name in atom.reads)

    def of_edges(self, atom: Atom) -> bool:
        """Whether a change takes edges away or brings some, and does nothing else.

        What a document shows somebody to authenticate as stands against an answer of the scope; a
        node that comes with an edge may be a target.
        """
        many = (*atom.goes, *atom.comes)
        if atom.reads or atom.of_scope or any(of != "edge" for of, _ in many):
            return False
        kind = self._both.cells["edge"]["kind"]
        if self._answered and any(kind[row] == kinds.AUTHENTICATES_AS.label for _, row in many):
            return False
        ends = (end for _, row in atom.comes for end in self._both.ends("edge", row))
        return all(self._stays[end] for end in ends)
