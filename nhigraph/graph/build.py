"""From facts to the merged graph.

The result does not depend on the order, the splitting or the repetition of the facts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from nhigraph.facts.ends import End, Holder
from nhigraph.facts.facts import Claim, Edge, Fact, Gap, Gate, Need, Node
from nhigraph.facts.tables import FactTable
from nhigraph.graph import columns, frames, holders
from nhigraph.graph.assembly import Built, assemble
from nhigraph.graph.store import Graph
from nhigraph.schema.types import Certainty


@dataclass(slots=True)
class _Sorted:
    """Facts by what they are; refusals and notes are the runner's account."""

    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    gates: list[Gate] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    ends: list[End] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    tables: list[FactTable] = field(default_factory=list)

    def add(self, fact: Fact | FactTable) -> None:
        match fact:
            case Node():
                self.nodes.append(fact)
            case Edge():
                self.edges.append(fact)
            case Gate():
                self.gates.append(fact)
            case Gap():
                self.gaps.append(fact)
            case End():
                self.ends.append(fact)
            case Claim():
                self.claims.append(fact)
            case FactTable():
                self.tables.append(fact)
            case _:
                pass

    def frames(self) -> frames.Records:
        return frames.Records(
            frames.node_frame(self.nodes, self.tables),
            frames.edge_frame(self.edges, self.tables),
            frames.gate_frame(self.gates),
            frames.gap_frame(self.gaps),
            frames.end_frame(self.ends),
        )


def _sorted(facts: Iterable[Fact | FactTable]) -> _Sorted:
    found = _Sorted()
    for fact in facts:
        found.add(fact)
    return found


def build(facts: Iterable[Fact | FactTable], left: Iterable[Fact] = ()) -> Built:
    """Merge facts into a graph.

    Args:
        facts: What the documents say.
        left: What stays of records that were refused; none of it is counted again.
    """
    told, kept = _sorted(facts), _sorted(left)
    laid = told.frames()
    if kept.nodes or kept.gates or kept.gaps:
        laid = _with(laid, kept.frames())
    aliases = {
        (str(one.body["platform"]), str(one.body["host"])): str(one.body["as"])
        for one in told.claims
        if one.subject == "alias"
    }
    found = holders.apart(
        holders.aliased((one for one in told.ends if isinstance(one, Holder)), aliases)
    )
    laid, order = holders.separated(laid, found)
    because = {
        new: told.edges[old].because
        for new, old in enumerate(order)
        if old < len(told.edges) and told.edges[old].because
    }
    built = assemble(laid, because)
    for artifact, pointer, line in found.lines:
        built.tally(artifact).conflicts.append((pointer, line))
    claims = sorted((*told.claims, *kept.claims), key=lambda c: c.evidence)
    built.claims = claims
    for claim in told.claims:
        built.tally(claim.evidence.artifact).accepted += 1
    return built


def _with(laid: frames.Records, kept: frames.Records) -> frames.Records:
    """Records, and beside them those that nobody counts."""
    told = (one.assign(counted=True) for one in laid)
    left = (one.assign(counted=False) for one in kept)
    return frames.concat([frames.Records(*told), frames.Records(*left)])


def combine(graph: Graph, *others: Graph) -> Graph:
    """Merge graphs; commutative, associative and idempotent."""
    return assemble(frames.concat([frames.records(g) for g in (graph, *others)])).graph


def guarded(graph: Graph, gates: Mapping[int, str]) -> Graph:
    """The graph with gates on some of its edges, by their numbers; merge it anew by ``extend``."""
    column = graph.edges["gate"].copy()
    for edge, gate in gates.items():
        column.iat[edge] = gate
    return replace(graph, edges=graph.edges.assign(gate=column))


def needing(graph: Graph, needs: Mapping[int, tuple[Need, ...]]) -> Graph:
    """The graph with further needs on some of its edges, by their numbers; as ``guarded``."""
    column = graph.edges["needs"].copy()
    for edge, more in needs.items():
        held = [Need(at, state) for at, state in columns.needs_of(str(column.iat[edge]))]
        column.iat[edge] = columns.needs_cell((*held, *more))
    return replace(graph, edges=graph.edges.assign(needs=column))


def settled(graph: Graph, edges: Mapping[int, bool]) -> Graph:
    """The graph with some edges decided, by their numbers: certain, or gone; see ``guarded``."""
    holding = [edge for edge, holds in edges.items() if holds]
    cells = {name: graph.edges[name].copy() for name in ("certainty", "condition")}
    for edge in holding:
        cells["certainty"].iat[edge] = str(Certainty.CERTAIN)
        cells["condition"].iat[edge] = ""
    # An edge that no place says is none.
    gone = {edge for edge, holds in edges.items() if not holds}
    places = graph.evidence
    kept = ~((places["of"] == "edge") & places["id"].isin(gone))
    return replace(
        graph, edges=graph.edges.assign(**cells), evidence=places[kept].reset_index(drop=True)
    )


def extend(graph: Graph, facts: Iterable[Fact]) -> Built:
    """Merge derived facts (joins, scope) into a graph; their ends may be the graph's nodes."""
    new = _sorted(facts)
    joined = frames.concat([new.frames(), frames.records(graph)])
    because = {i: e.because for i, e in enumerate(new.edges) if e.because}
    return assemble(joined, because)
