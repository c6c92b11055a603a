"""Rows from the analysis: verdicts, what they add up to per identity, and paths."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from nhigraph.assurance import verdict as rule
from nhigraph.assurance.analyse import Analysis, Block, Meeting, Progress
from nhigraph.assurance.controls import Rested, control_rows
from nhigraph.assurance.judging import Judging
from nhigraph.assurance.row_order import basis, worst_exposure
from nhigraph.assurance.rows import (
    Alternative,
    ControlRow,
    IdentityRow,
    PathStep,
    VerdictRow,
)
from nhigraph.assurance.shown import ShownPaths, Walks
from nhigraph.assurance.verdict import Judgement
from nhigraph.assurance.witnesses import Asked
from nhigraph.graph.columns import states_cell
from nhigraph.schema.types import State
from nhigraph.trace.alternatives import MOST_WORK
from nhigraph.trace.lanes import Reach
from nhigraph.trace.product import state_id


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
    verdicts: list[VerdictRow] = field(default_factory=list)
    paths: dict[str, tuple[PathStep, ...]] = field(default_factory=dict)
    left_out: int = 0
    alternatives: dict[str, tuple[Alternative, ...]] = field(default_factory=dict)
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
            found.identities.append(writer.identity(identity, [], set(), []))
    found.identities.sort(key=lambda row: row.identity)
    found.verdicts.sort(key=lambda row: (row.identity, row.target))
    writer.show_paths(found)
    found.controls = writer.controls()
    return found


def controls_of(analysis: Analysis) -> tuple[ControlRow, ...]:
    """Every control, with what rests on it."""
    writer = _Writer(analysis, Options())
    writer.rows(None)
    return writer.controls()


def rows(analysis: Analysis) -> Answer:
    """The rows of those who are judged, in no order, without paths and controls."""
    return _Writer(analysis, Options()).rows(None)


def rows_and_walks(analysis: Analysis) -> tuple[Answer, Walks]:
    """The rows of those who are judged, in no order, and the path that each of them asks for."""
    writer = _Writer(analysis, Options())
    return writer.rows(None), writer.walks


def rows_of_holders(analysis: Analysis, nodes: Sequence[int]) -> list[VerdictRow]:
    """The rows of whoever would hold each of some nodes, in no order.

    The holder of an identity is that identity; the holder of a credential knows it, too; whoever
    holds anything else may do everything to it (``Analysis.holders``).
    """
    found, writer = Answer(), _Writer(analysis, Options())
    for block in analysis.holders(nodes):
        writer.block(block, found)
    return found.verdicts


def _held(may: Reach, node: int) -> bool:
    return any(may.at_all(state_id(node, state)) for state in State)


class _Writer:
    """Turns blocks into rows."""

    def __init__(self, analysis: Analysis, options: Options) -> None:
        self.analysis, self.options = analysis, options
        estate = analysis.estate
        self.estate = estate
        self.keys = estate.graph.key_list
        self.judging = Judging(analysis)
        self.walks: dict[tuple[str, str], Asked] = {}
        self._rested: dict[str, Rested] = {}

    # -- verdict rows ---------------------------------------------------------------------------

    def rows(self, progress: Progress | None) -> Answer:
        found = Answer()
        for block in self.analysis.blocks(progress):
            self.block(block, found)
        return found

    def block(self, block: Block, found: Answer) -> None:
        by_lane, weaknesses = block.by_lane(self._matters), block.weaknesses()
        for lane, identity in enumerate(block.identities):
            gaps = tuple(self.keys[node] for node in block.gaps[lane])
            rows: list[VerdictRow] = []
            on_paths = block.derived[lane] | weaknesses[lane]
            for met in by_lane[lane]:
                judged = self.judging.at(met)
                row = self._row(identity, met, judged, gaps)
                if judged.told or self.options.all_reached:
                    asked = Asked(met.target, judged.goal, identity)
                    self.walks[row.identity, row.target] = asked
                    found.verdicts.append(row)
                if judged.told:
                    rows.append(row)
                if judged.verdict != "neither":
                    self._shows(met, row, block.derived[lane], found)
                    self._rests(block, lane, met.target, row)
            reached = (self.estate.targets[met.target].key for met in by_lane[lane])
            beside = [
                self._unreached(identity, *dead, gaps)
                for dead in self.judging.dead(identity, reached)
            ]
            if self.analysis.unsure(identity, block.gaps[lane]):
                star = self.judging.star(identity)
                beside.append(self._unreached(identity, "*", "", star, gaps))
            rows += beside
            found.verdicts += beside
            found.identities.append(self.identity(identity, rows, on_paths, gaps))
        found.passed |= {node for node in self.analysis.noted if _held(block.may, node)}

    def _matters(self, met: Meeting) -> bool:
        return self.options.all_reached or self.judging.matters(met)

    def _shows(self, met: Meeting, row: VerdictRow, derived: set[str], found: Answer) -> None:
        """Note what the ways of a row show."""
        own = met.shown
        if "env_mixing" in own:
            found.by_production.add(row.identity)
            own = own if "env_mixing" in derived else own - {"env_mixing"}
        if own:
            found.shown[row.identity, row.target] = own

    def _row(
        self, identity: int, met: Meeting, judged: Judgement, gaps: tuple[str, ...]
    ) -> VerdictRow:
        target = self.estate.targets[met.target]
        states = _states(met.arrival.may)
        return VerdictRow(
            self.keys[identity],
            target.key,
            judged.verdict,
            judged.soc1,
            judged.soc2,
            judged.soc2_outside,
            judged.exposure,
            judged.certainty,
            states,
            judged.assertions,
            target.icfr_basis,
            judged.rules,
            None,
            "",
            gaps,
        )

    def _unreached(
        self, identity: int, target: str, basis: str, judged: Judgement, gaps: tuple[str, ...]
    ) -> VerdictRow:
        """A row of what was not seen: no state arrives, and no path is shown."""
        return VerdictRow(
            self.keys[identity],
            target,
            judged.verdict,
            judged.soc1,
            judged.soc2,
            (),
            judged.exposure,
            judged.certainty,
            "",
            (),
            basis,
            judged.rules,
            0,
            "",
            gaps,
        )

    # -- identity rows --------------------------------------------------------------------------

    def identity(
        self,
        identity: int,
        rows: Sequence[VerdictRow],
        on_paths: set[str],
        gaps: Iterable[str],
    ) -> IdentityRow:
        """What the rows of one identity add up to (FORMATS, *identities.csv adds up*)."""
        estate, graph = self.estate, self.estate.graph
        boundary = str(estate.boundary[identity])
        weaknesses = set(on_paths)
        own_gives = self.judging.own_gives(identity)
        if estate.alive[identity]:
            weaknesses |= self.analysis.own_weaknesses(identity)
            for credential in self.analysis.credentials.get(identity, ()):
                weaknesses |= self.analysis.own_weaknesses(credential)
        soc1, soc2 = self.judging.added_up(
            (r.soc1 for r in rows), (c for r in rows for c in r.soc2), own_gives=own_gives
        )
        outside = {c for r in rows for c in r.soc2_outside}
        if own_gives and "S" not in self.judging.possible:
            outside.add("S")
        verdict = rule.verdict_of(soc1, soc2)
        return IdentityRow(
            self.keys[identity],
            graph.kind_list[identity],
            graph.name_list[identity],
            graph.owner_list[identity],
            verdict,
            soc1,
            soc2,
            rule.in_order(outside),
            worst_exposure(rows, verdict),
            basis(rows),
            tuple(sorted(r.target for r in rows if r.verdict != "neither" and r.target != "*")),
            tuple(sorted(weaknesses)),
            tuple(gaps),
            boundary,
        )

    # -- paths ----------------------------------------------------------------------------------

    def show_paths(self, found: Answer) -> None:
        """Fill steps and path ids; print the paths of the worst rows."""
        options = self.options
        shown = ShownPaths(self.analysis, found.verdicts, self.walks)
        found.verdicts, found.paths, found.left_out = shown.best(options.paths, options.paths_of)
        found.alternatives, found.alternatives_left_out = shown.alternatives(
            options.alternatives, options.alternatives_of, options.work
        )

    # -- controls -------------------------------------------------------------------------------

    def _rests(self, block: Block, lane: int, target: int, row: VerdictRow) -> None:
        """Note what a row rests on."""
        gates = block.on_ways.gates(self.analysis.ends[target], lane)
        for gate in gates:
            key = self.analysis.gates.specs[gate].key
            rested = self._rested.setdefault(key, Rested())
            rested.identities.add(row.identity)
            rested.targets.add(row.target)

    def controls(self) -> tuple[ControlRow, ...]:
        """Every control, with what rests on it."""
        product, specs = self.analysis.product, self.analysis.gates.specs
        standing = {specs[gate].key for gate in set(product.gate.tolist()) if gate >= 0}
        return control_rows(self.estate, standing, self._rested)


@lru_cache
def _states(bits: int) -> str:
    return states_cell(state for state in State if bits >> state & 1)
