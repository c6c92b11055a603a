"""Rows from the analysis: verdicts, what they add up to per identity, and paths."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field

import numpy as np

from nhigraph.assurance import verdict as rule
from nhigraph.assurance.analyse import Analysis, Block, Progress
from nhigraph.assurance.controls import Rested, control_rows
from nhigraph.assurance.judging import Judging
from nhigraph.assurance.named_ways import Walks
from nhigraph.assurance.row_order import basis, worst_exposure
from nhigraph.assurance.rows import (
    Alternative,
    ControlRow,
    IdentityRow,
    PathStep,
    VerdictRow,
)
from nhigraph.assurance.shown import ShownPaths
from nhigraph.assurance.sorts import Collected, Sorts
from nhigraph.assurance.verdict_rows import UNKNOWN, VerdictRows
from nhigraph.graph.distinct import distinct
from nhigraph.graph.store import Ints
from nhigraph.records import dataclass
from nhigraph.schema.types import State
from nhigraph.trace.alternatives import MOST_WORK
from nhigraph.trace.lanes import Reach
from nhigraph.trace.product import Bools, state_id


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller wants besides the rows themselves.

    Attributes:
        all_reached: Rows of pairs that are reached without any effect, too.
        paths: Most paths to print, worst rows first; their steps have a bound, too
            (``path_rows.Room``).
        paths_of: Target whose rows get steps and paths; all targets if empty.
        alternatives: Most alternatives of a printed path.
        alternatives_of: Target whose paths get them; all targets if empty.
        work: Looks at a clause after which no more alternatives are sought, worst rows first.
    """

    all_reached: bool = False
    paths: int = 10_000
    paths_of: str = ""
    alternatives: int = 0
    alternatives_of: str = ""
    work: int = MOST_WORK


@dataclass(slots=True)
class Answer:
    """Rows of an estate.

    Attributes:
        identities: Rows of identities.csv, sorted.
        verdicts: Rows of verdicts.csv, sorted.
        paths: Path id to its steps.
        left_out: Rows whose path was not printed.
        alternatives: Path id to its alternatives; only where there are some.
        alternatives_left_out: Rows with a printed path whose alternatives were not all sought.
        controls: Rows of controls.csv, sorted.
        shown: Identity and target of a row to what its ways show; see ``weaknesses.shown``.
        passed: Nodes that have a weakness, or whose reviews count, and at which somebody holds a
            state on a way to a target or gap.
        by_production: Identities with a row to which they pass a node of production.
    """

    identities: list[IdentityRow] = field(default_factory=list)
    verdicts: Sequence[VerdictRow] = ()
    paths: Mapping[str, tuple[PathStep, ...]] = field(default_factory=dict)
    left_out: int = 0
    alternatives: Mapping[str, tuple[Alternative, ...]] = field(default_factory=dict)
    alternatives_left_out: int = 0
    controls: tuple[ControlRow, ...] = ()
    shown: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    passed: set[int] = field(default_factory=set)
    by_production: set[str] = field(default_factory=set)


def answer(
    analysis: Analysis, options: Options | None = None, progress: Progress | None = None
) -> Answer:
    """Judge every identity at every target it reaches."""
    writer = _Writer(analysis, options or Options())
    found = writer.rows(progress)
    estate = analysis.estate
    for identity in estate.identities:
        if not estate.alive[identity]:
            found.identities.append(writer.identity(identity, (), set(), ()))
    found.identities.sort(key=lambda row: row.identity)
    writer.show_paths(found)
    found.controls = writer.controls()
    analysis.rest()
    return found


def controls_of(analysis: Analysis) -> tuple[ControlRow, ...]:
    """Every control, with what rests on it."""
    writer = _Writer(analysis, Options())
    writer.rows(None)
    return writer.controls()


def rows(analysis: Analysis) -> Answer:
    """The rows of those who are judged, without paths and controls."""
    return _Writer(analysis, Options()).rows(None)


class Judged:
    """The rows of some who are judged, one block after another; what is alike is judged once."""

    def __init__(self, analysis: Analysis) -> None:
        """Nobody is judged yet."""
        self._writer = _Writer(analysis, Options())

    def of(self, blocks: Iterable[Block]) -> Sequence[VerdictRow]:
        """Their verdicts, sorted."""
        return self._writer.of(blocks).verdicts


def rows_of_holders(analysis: Analysis, nodes: Sequence[int]) -> Sequence[VerdictRow]:
    """The rows of whoever would hold each of some nodes.

    The holder of an identity is that identity; the holder of a credential knows it, too; whoever
    holds anything else may do everything to it (``Analysis.holders``).
    """
    return _Writer(analysis, Options()).of(analysis.holders(nodes)).verdicts


def _held(may: Reach, node: int) -> bool:
    return any(may.at_all(state_id(node, state)) for state in State)


#: Verdict, soc1, soc2, soc2_outside, exposure, icfr_basis and targets of an identity.
_Sum = tuple[str, str, tuple[str, ...], tuple[str, ...], str, str, tuple[str, ...]]


class _Writer:
    """Turns blocks into rows."""

    def __init__(self, analysis: Analysis, options: Options) -> None:
        self.analysis, self.options = analysis, options
        estate = analysis.estate
        self.estate = estate
        self.keys = estate.graph.key_list
        self.judging = Judging(analysis)
        self.walks = Walks.none()
        self._rested: dict[str, Rested] = {}
        self._sorts = Sorts(estate.targets)
        self._gaps: dict[tuple[int, ...], tuple[str, ...]] = {}
        self._sums: dict[tuple[object, ...], _Sum] = {}

    # -- verdict rows ---------------------------------------------------------------------------

    def rows(self, progress: Progress | None) -> Answer:
        """The rows of all blocks, sorted."""
        return self.of(self.analysis.blocks(progress))

    def of(self, blocks: Iterable[Block]) -> Answer:
        """The rows of some blocks, sorted."""
        found, told = Answer(), Collected()
        for block in blocks:
            self.block(block, found, told)
        walker, sort, target, goal = told.columns()
        walkers, who = np.unique(walker, return_inverse=True)
        keys = [self.keys[one] for one in walkers.tolist()]
        places = [*_places(keys)], [*_places([one.target for one in self._sorts.rows])]
        by_key, by_target = (np.array(place, dtype=np.int64) for place in places)
        order = np.lexsort([by_target[sort], by_key[who]])
        who, sort, walker = who[order], sort[order], walker[order]
        self.walks = Walks(target[order], goal[order], walker)
        steps = np.where(self.walks.target >= 0, UNKNOWN, 0)
        none = np.zeros_like(sort)
        found.verdicts = VerdictRows(keys, who, self._sorts.rows, sort, steps, none, [""])
        return found

    def block(self, block: Block, found: Answer, told: Collected) -> None:
        """Add the rows of a block."""
        meetings, judging = block.meetings, self.judging
        judged = [judging.at(met) for met in meetings]
        every = self.options.all_reached
        printed = np.array([one.told or every for one in judged], dtype=bool)
        counts = np.array([one.told for one in judged], dtype=bool)
        gaps = [self._gap_keys(nodes) for nodes in block.gaps]
        pairs = np.flatnonzero(printed[block.which])
        lanes, which = block.lanes[pairs], block.which[pairs]
        sort = self._sorts.of_pairs(meetings, judged, which, gaps, lanes)
        identities = np.asarray(block.identities, dtype=np.int64)
        target = np.array([met.target for met in meetings], dtype=np.int64)
        goal = np.array([one.goal for one in judged], dtype=np.int64)
        told.add(identities[lanes], sort, target[which], goal[which])
        beside = self._beside(block, gaps)
        for lane, numbers in beside.items():
            many = np.full(len(numbers), -1)
            walker = np.full(len(numbers), identities[lane])
            told.add(walker, np.array(numbers), many, np.zeros_like(many))
        ours = np.flatnonzero(counts[which])
        by_lane = np.searchsorted(lanes[ours], np.arange(len(identities) + 1)).tolist()
        counting, weaknesses = sort[ours].tolist(), block.weaknesses()
        for lane, identity in enumerate(block.identities):
            of_lane = (*counting[by_lane[lane] : by_lane[lane + 1]], *beside.get(lane, ()))
            on_paths = block.derived[lane] | weaknesses[lane]
            found.identities.append(self.identity(identity, of_lane, on_paths, gaps[lane]))
        harming = np.array([one.verdict != "neither" for one in judged], dtype=bool)
        self._shows(block, harming, found)
        harmed = harming[which]
        self._rests(block, lanes[harmed], target[which[harmed]])
        found.passed |= {node for node in self.analysis.noted if _held(block.may, node)}

    def _gap_keys(self, nodes: Sequence[int]) -> tuple[str, ...]:
        """Keys of nodes with gaps; those of whom they are the same share them."""
        asked = tuple(nodes)
        known = self._gaps.get(asked)
        if known is None:
            known = self._gaps[asked] = tuple(self.keys[node] for node in asked)
        return known

    def _beside(self, block: Block, gaps: Sequence[tuple[str, ...]]) -> dict[int, list[int]]:
        """By lane, sorts of rows at targets that are dead, and of the row of all others."""
        found: dict[int, list[int]] = {}
        judging, analysis, sorts = self.judging, self.analysis, self._sorts
        reached = block.by_lane(judging.at_dead) if judging.some_dead else None
        for lane, identity in enumerate(block.identities):
            told: list[int] = []
            if reached is not None:
                seen = (self.estate.targets[met.target].key for met in reached[lane])
                dead = judging.dead(identity, seen)
                told += [sorts.of(key, basis, one, "", gaps[lane]) for key, basis, one in dead]
            if analysis.unsure(identity, block.gaps[lane]):
                told.append(sorts.of("*", "", judging.star(identity), "", gaps[lane]))
            if told:
                found[lane] = told
        return found

    def _shows(self, block: Block, harming: Bools, found: Answer) -> None:
        """Note what the ways of rows show."""
        showing = np.array([bool(met.shown) for met in block.meetings], dtype=bool) & harming
        for pair in np.flatnonzero(showing[block.which]).tolist():
            lane, met = int(block.lanes[pair]), block.meetings[block.which[pair]]
            key, own = self.keys[block.identities[lane]], met.shown
            if "env_mixing" in own:
                found.by_production.add(key)
                own = own if "env_mixing" in block.derived[lane] else own - {"env_mixing"}
            if own:
                found.shown[key, self.estate.targets[met.target].key] = own

    # -- identity rows --------------------------------------------------------------------------

    def identity(
        self, identity: int, numbers: Sequence[int], on_paths: set[str], gaps: tuple[str, ...]
    ) -> IdentityRow:
        """What the rows of one identity add up to (FORMATS, *identities.csv adds up*).

        Args:
            identity: Node id.
            numbers: Sorts of its rows.
            on_paths: Weaknesses on its paths.
            gaps: Keys of the nodes whose gaps it reaches.
        """
        estate, graph = self.estate, self.estate.graph
        boundary = str(estate.boundary[identity])
        weaknesses = set(on_paths)
        own_gives = self.judging.own_gives(identity)
        if estate.alive[identity]:
            weaknesses |= self.analysis.own_weaknesses(identity)
            for credential in self.analysis.credentials.get(identity, ()):
                weaknesses |= self.analysis.own_weaknesses(credential)
        alike = numbers, own_gives
        added = self._sums.get(alike)
        if added is None:
            some = [self._sorts.rows[number] for number in numbers]
            added = self._sums[alike] = self._added_up(some, own_gives=own_gives)
        verdict, soc1, soc2, outside, exposure, of_books, targets = added
        return IdentityRow(
            self.keys[identity],
            graph.kind_list[identity],
            graph.name_list[identity],
            graph.owner_list[identity],
            *(verdict, soc1, soc2, outside, exposure, of_books, targets),
            tuple(sorted(weaknesses)),
            gaps,
            boundary,
        )

    def _added_up(self, rows: Sequence[VerdictRow], *, own_gives: bool) -> _Sum:
        """Verdict to targets, as ``IdentityRow`` has them."""
        soc1, soc2 = self.judging.added_up(
            (r.soc1 for r in rows), (c for r in rows for c in r.soc2), own_gives=own_gives
        )
        outside = {c for r in rows for c in r.soc2_outside}
        if own_gives and "S" not in self.judging.possible:
            outside.add("S")
        verdict = rule.verdict_of(soc1, soc2)
        at = sorted(r.target for r in rows if r.verdict != "neither" and r.target != "*")
        exposure = worst_exposure(rows, verdict)
        return verdict, soc1, soc2, rule.in_order(outside), exposure, basis(rows), tuple(at)

    # -- paths ----------------------------------------------------------------------------------

    def show_paths(self, found: Answer) -> None:
        """Fill steps and path ids; print the paths of the worst rows."""
        options = self.options
        shown = ShownPaths(self.analysis, VerdictRows.of(found.verdicts), self.walks)
        found.verdicts, found.paths, found.left_out = shown.best(options.paths, options.paths_of)
        found.alternatives, found.alternatives_left_out = shown.alternatives(
            options.alternatives, options.alternatives_of, options.work
        )

    # -- controls -------------------------------------------------------------------------------

    def _rests(self, block: Block, lanes: Ints, targets: Ints) -> None:
        """Note what rows rest on."""
        ends = np.asarray(self.analysis.ends, dtype=np.int64)[targets]
        for gate, places in block.on_ways.among(lanes, ends):
            rested = self._rested.setdefault(self.analysis.gates.specs[gate].key, Rested())
            who, where = distinct(lanes[places]).tolist(), distinct(targets[places]).tolist()
            rested.identities.update(self.keys[block.identities[lane]] for lane in who)
            rested.targets.update(self.estate.targets[target].key for target in where)

    def controls(self) -> tuple[ControlRow, ...]:
        """Every control, with what rests on it."""
        product, specs = self.analysis.product, self.analysis.gates.specs
        standing = {specs[gate].key for gate in set(product.gate.tolist()) if gate >= 0}
        return control_rows(self.estate, standing, self._rested)


def _places(texts: Sequence[str]) -> Iterator[int]:
    """Place of each text among all, in order."""
    place = {text: at for at, text in enumerate(sorted(set(texts)))}
    return map(place.__getitem__, texts)
