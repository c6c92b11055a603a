"""Facts as frames: one row per record, text cells, evidence columns beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field, replace
from typing import TYPE_CHECKING, NamedTuple

from nhigraph.facts import asks, end_form
from nhigraph.facts.ends import End
from nhigraph.facts.facts import Claim, Edge, Fact, Gap, Gate, Node
from nhigraph.facts.keys import canonical
from nhigraph.facts.tables import FactTable
from nhigraph.graph import columns
from nhigraph.graph.late import pd
from nhigraph.graph.store import THINGS, Graph, objects
from nhigraph.records import dataclass
from nhigraph.schema.types import NodeState, Origin

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from nhigraph.facts.evidence import Evidence

#: Columns of keys; people write them in a case of their own.
_KEYED = frozenset({"key", "from", "to", "gate"})
_EVIDENCE = ("artifact", "sha256", "pointer", "row", "excerpt", "basis", "line")


def _evidence(many: Iterable[Evidence]) -> pd.DataFrame:
    rows = [(e.artifact, e.sha256, e.pointer, 0, e.excerpt, e.basis, e.line) for e in many]
    return pd.DataFrame(rows, columns=list(_EVIDENCE), dtype=object)


def _table(table: FactTable, names: Sequence[str]) -> pd.DataFrame:
    frame = table.frame
    found = pd.DataFrame({name: _keys(name, frame[name]) for name in names})
    found["artifact"] = table.artifact
    found["sha256"] = table.sha256
    found["pointer"] = ""
    found["row"] = frame["row"]
    found["excerpt"] = ""
    found["basis"] = table.basis
    found["line"] = 0
    return found


def _keys(name: str, column: pd.Series) -> pd.Series:
    """A column of a table; keys in the case in which they are minted, each looked at once."""
    if name not in _KEYED:
        return column
    codes, words = pd.factorize(column)
    told = objects([canonical(str(word)) for word in words])
    return pd.Series(told[codes], index=column.index, dtype=object)


def _node_table(table: FactTable, names: Sequence[str]) -> pd.DataFrame:
    found = _table(table, names)
    # One text for every kind, not one for every row.
    told = {kind: columns.kind_cell(kind, Origin.FACTS) for kind in found["kind"].unique()}
    found.insert(1, "kinds", found["kind"].map(told))
    return found


def _joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]


def _boolean(value: bool | None) -> str:  # noqa: FBT001 - a three-valued cell, not a switch
    return "" if value is None else ("true" if value else "false")


def _life(node: Node) -> tuple[str, str, str]:
    """Cells ``nhi``, ``state`` and ``expires``; what could not be read may have said "active"."""
    state = str(node.state) if node.state else ""
    return (
        columns.UNREAD if "nhi" in node.unread else _boolean(node.nhi),
        str(NodeState.ACTIVE) if "state" in node.unread else state,
        columns.UNREAD if "expires" in node.unread else columns.date_cell(node.expires),
    )


def node_frame(nodes: Sequence[Node], tables: Sequence[FactTable]) -> pd.DataFrame:
    """Node records: ``columns.NODES`` and evidence columns."""
    rows = [
        (
            n.kind.label,
            columns.kind_cell(n.kind.label, n.origin or Origin.NATIVE),
            canonical(n.key),
            n.name or "",
            n.owner or "",
            *_life(n),
            columns.props_cell(n.props),
        )
        for n in nodes
    ]
    names = ["kind", "kinds", "key", "name", "owner", "nhi", "state", "expires", "props"]
    frame = pd.DataFrame(rows, columns=names, dtype=object).join(
        _evidence(n.evidence for n in nodes)
    )
    stated = [name for name in names if name != "kinds"]
    return _joined([frame, *(_node_table(t, stated) for t in tables if t.what == "nodes")])


def edge_frame(edges: Sequence[Edge], tables: Sequence[FactTable]) -> pd.DataFrame:
    """Edge records with keys at both ends, and evidence columns."""
    rows = [
        (
            e.kind.label,
            canonical(e.source),
            canonical(e.target),
            e.action or "",
            str(e.certainty),
            e.condition or "",
            canonical(e.gate or ""),
            columns.needs_cell(replace(need, at=canonical(need.at)) for need in e.needs),
            columns.date_cell(e.valid_from),
            columns.date_cell(e.valid_until),
            str(e.transform) if e.transform else "",
        )
        for e in edges
    ]
    names = ["kind", "from", "to", *columns.EDGES[3:]]
    frame = pd.DataFrame(rows, columns=names, dtype=object).join(
        _evidence(e.evidence for e in edges)
    )
    return _joined([frame, *(_table(t, names) for t in tables if t.what == "edges")])


def gate_frame(gates: Sequence[Gate]) -> pd.DataFrame:
    """Gate records and evidence columns."""
    rows = [
        (
            canonical(g.key),
            str(g.kind),
            columns.canonical(sorted({canonical(approver) for approver in g.approvers})),
            canonical(g.at or ""),
            canonical(g.log or ""),
            columns.canonical(dict(g.tests)),
        )
        for g in gates
    ]
    frame = pd.DataFrame(rows, columns=list(columns.GATES), dtype=object)
    return frame.join(_evidence(g.evidence for g in gates))


def gap_frame(gaps: Sequence[Gap]) -> pd.DataFrame:
    """Gap records with the key of their node, and evidence columns."""
    rows = [
        (
            canonical(g.at),
            g.reason,
            columns.states_cell(g.states),
            columns.date_cell(g.valid_from),
            columns.date_cell(g.valid_until),
            asks.cell(g.asks),
        )
        for g in gaps
    ]
    frame = pd.DataFrame(rows, columns=["at", *columns.GAPS[1:]], dtype=object)
    return frame.join(_evidence(g.evidence for g in gaps))


def end_frame(ends: Sequence[End]) -> pd.DataFrame:
    """Ends with the key of their node, and evidence columns."""
    rows = [(canonical(e.at), type(e).__name__, columns.canonical(end_form.body(e))) for e in ends]
    frame = pd.DataFrame(rows, columns=["at", *columns.ENDS[1:]], dtype=object)
    return frame.join(_evidence(e.evidence for e in ends))


class Records(NamedTuple):
    """Records of every sort, each with its place; keys where the store has row numbers."""

    nodes: pd.DataFrame
    edges: pd.DataFrame
    gates: pd.DataFrame
    gaps: pd.DataFrame
    ends: pd.DataFrame


@dataclass(slots=True)
class Sorted:
    """Facts by what they are; refusals and notes are the runner's account."""

    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    gates: list[Gate] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    ends: list[End] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    tables: list[FactTable] = field(default_factory=list)

    def add(self, fact: Fact | FactTable) -> None:
        """Put a fact among its like."""
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

    @property
    def of_a_graph(self) -> bool:
        """Whether there is anything that a graph is made of."""
        of_one = (self.nodes, self.edges, self.gates, self.gaps, self.ends, self.tables)
        return any(map(bool, of_one))

    def frames(self) -> Records:
        """Their records, in the order in which they came."""
        return Records(
            node_frame(self.nodes, self.tables),
            edge_frame(self.edges, self.tables),
            gate_frame(self.gates),
            gap_frame(self.gaps),
            end_frame(self.ends),
        )

    def because(self) -> dict[int, tuple[Evidence, ...]]:
        """Further places of edges, by the number of their record."""
        return {row: edge.because for row, edge in enumerate(self.edges) if edge.because}


def sorted_facts(facts: Iterable[Fact | FactTable]) -> Sorted:
    """Facts by what they are."""
    found = Sorted()
    for fact in facts:
        found.add(fact)
    return found


def concat(parts: Sequence[Records]) -> Records:
    """Records of several graphs, one after another."""
    return Records(*(pd.concat(one, ignore_index=True) for one in zip(*parts, strict=True)))


def records(graph: Graph) -> Records:
    """A graph as records again: one per node, edge, gate, gap or end and place that says it."""
    return Records(*(records_of(graph, of) for of in ("node", "edge", "gate", "gap", "end")))


def records_of(graph: Graph, of: str, only: npt.NDArray[np.bool_] | None = None) -> pd.DataFrame:
    """The records of one sort of thing.

    Args:
        graph: Any graph, of which neither rows nor keys need be in order.
        of: node, edge, gate, gap or end.
        only: The rows that are wanted; all where it is absent.
    """
    first, last = graph.spans[of]
    places = graph.evidence.iloc[first:last]
    if only is not None:
        places = places[only[places["id"].to_numpy()]]
    things: pd.DataFrame = getattr(graph, THINGS[of])
    found = things.take(places["id"].to_numpy()).reset_index(drop=True)
    key = graph.nodes["key"].to_numpy()
    for name, number in (("from", "src"), ("to", "dst"), ("at", "node")):
        if number in found:
            found[name] = key[found.pop(number).to_numpy()]
    documents = graph.documents.take(places["doc"].to_numpy()).reset_index(drop=True)
    rest = places[["pointer", "row", "excerpt", "basis", "line"]].reset_index(drop=True)
    return found.join(documents).join(rest)
