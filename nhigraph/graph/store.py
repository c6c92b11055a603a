"""The columnar graph: numpy and pandas columns, sorted, with evidence beside them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from nhigraph.facts import asks, end_form, keys
from nhigraph.facts.asks import Ask
from nhigraph.facts.ends import End
from nhigraph.facts.evidence import IMPLIED, Evidence
from nhigraph.graph import columns
from nhigraph.graph.coded import Coded
from nhigraph.graph.late import pd
from nhigraph.graph.named import KNOWN_AS, other_names, place_of
from nhigraph.graph.said import Said
from nhigraph.records import dataclass
from nhigraph.schema.types import GateKind, State

if TYPE_CHECKING:
    import networkx as nx

Ints = npt.NDArray[np.int64]
Cells = npt.NDArray[Any]
#: What evidence is of, and the frame that holds it, in the order of the evidence.
THINGS: Final = {"edge": "edges", "end": "ends", "gap": "gaps", "gate": "gates", "node": "nodes"}


def objects(values: Sequence[object]) -> Cells:
    """An array of the values as they are, whatever they are."""
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found


def repeated(word: str, times: int) -> Cells:
    """One text in every row: a column that takes no room, and that nobody can write in."""
    return np.broadcast_to(objects([word]), times)


def same(cells: Cells) -> bool:
    """Whether a column was made to say one thing in every row; see ``repeated``."""
    return len(cells) > 0 and cells.strides == (0,)


def taken(cells: Cells, rows: Ints) -> Cells:
    """Some rows of a column; one that says one thing in every row still takes no room."""
    return np.broadcast_to(cells[:1].reshape(()), len(rows)) if same(cells) else cells[rows]


def joined(parts: Sequence[Cells]) -> Cells:
    """Columns one after another; where all say one thing in every row, it takes no room."""
    some = [part for part in parts if len(part)]
    if some and all(same(part) and part[0] == some[0][0] for part in some):
        return np.broadcast_to(some[0][:1].reshape(()), sum(map(len, some)))
    return np.concatenate(parts)


def frame_of(cells: Mapping[str, Cells]) -> pd.DataFrame:
    """A frame of text cells and whole numbers, without a guess at what the cells are.

    The columns are those given, not copies.
    """
    length = len(next(iter(cells.values())))
    rows = pd.RangeIndex(length)
    made = {
        name: pd.Series(column, rows, np.int64 if name in columns.INTEGERS else object, copy=False)
        for name, column in cells.items()
    }
    return pd.DataFrame(made, rows, copy=False)


def cells_of(frame: pd.DataFrame) -> dict[str, Cells]:
    """Columns of a frame as arrays: texts as they are, whole numbers of 64 bits."""
    return {
        name: frame[name].to_numpy(dtype=np.int64 if name in columns.INTEGERS else object)
        for name in frame.columns
    }


@dataclass(frozen=True, slots=True)
class GateRecord:
    """A gate as the store knows it.

    Attributes:
        key: What edges name.
        kind: approval, review, protection or recovery.
        approvers: Keys of those who decide, sorted.
        at: Key of the node that enforces the rule; empty if not said. Where records disagree,
            all that they name, joined.
        log: Key of the node that keeps its decisions; likewise.
        tests: Test name to answer; one that is not told, or told two ways, is absent.
    """

    key: str
    kind: str
    approvers: tuple[str, ...]
    at: str
    log: str
    tests: dict[str, bool]


def keys_in(cell: str) -> tuple[str, ...]:
    """The cell as one key, and as the keys that are joined in it: a key may hold the mark too."""
    parts = tuple(part for part in cell.split(";") if part)
    return tuple(dict.fromkeys((cell, *parts))) if cell else ()


@dataclass(frozen=True)
class Graph:
    """Everything the inputs say, merged.

    Nodes are sorted by key, edges by (source, target, kind, …): a row number is an id, and equal
    inputs give equal columns. Cells are text; the empty string means "nothing was said".

    Attributes:
        nodes: Columns ``columns.NODES``.
        edges: Columns ``columns.EDGES``; ``src`` and ``dst`` are row numbers of nodes.
        gates: Columns ``columns.GATES``.
        gaps: Columns ``columns.GAPS``; ``node`` is a row number.
        ends: Columns ``columns.ENDS``; ``node`` is a row number.
        documents: Columns ``columns.DOCUMENTS``.
        evidence: Columns ``columns.EVIDENCE``, sorted by what it is of.
    """

    nodes: pd.DataFrame
    edges: pd.DataFrame
    gates: pd.DataFrame
    gaps: pd.DataFrame
    ends: pd.DataFrame
    documents: pd.DataFrame
    evidence: pd.DataFrame
    _props: dict[int, dict[str, Any]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    @cached_property
    def keys(self) -> pd.Index[str]:
        """Node keys, sorted."""
        found: pd.Index[str] = pd.Index(self.nodes["key"])
        return found

    @cached_property
    def key_list(self) -> list[str]:
        """Node keys as a plain list."""
        return list(self.nodes["key"])

    @cached_property
    def kind_list(self) -> list[str]:
        """Node kind labels as a plain list: the one that is printed; see ``kinds``."""
        return list(self.nodes["kind"])

    @cached_property
    def name_list(self) -> list[str]:
        """Node names as a plain list."""
        return list(self.nodes["name"])

    @cached_property
    def owner_list(self) -> list[str]:
        """Owners of nodes as a plain list."""
        return list(self.nodes["owner"])

    @cached_property
    def known_as(self) -> dict[str, tuple[str, ...]]:
        """Keys of nodes that people know by other names, and these."""
        found = self.nodes_with_property(KNOWN_AS)
        return {self.key_list[node]: other_names(props) for node, props in found}

    @cached_property
    def _several_kinds(self) -> dict[int, tuple[str, ...]]:
        """Nodes that records call by several kinds, to these: the printed one first."""
        cells = self.nodes["kinds"].to_numpy(dtype=object)
        found = {}
        joined = [cell for cell in pd.unique(cells) if ";" in cell]
        for node in np.flatnonzero(np.isin(cells, joined)).tolist() if joined else ():
            own = self.kind_list[node]
            others = {label for _, label in columns.kinds_of(cells[node])} - {own}
            found[node] = (own, *sorted(others))
        return found

    @property
    def several_kinds(self) -> list[int]:
        """Nodes that records call by several kinds."""
        return list(self._several_kinds)

    def kinds(self, node: int) -> tuple[str, ...]:
        """Every kind that a record calls a node by, the printed one first.

        What holds of a kind holds of the node if it holds of one of these.
        """
        return self._several_kinds.get(node) or (self.kind_list[node],)

    @cached_property
    def node_kind(self) -> Coded:
        """Kinds of nodes: of each the one that is printed."""
        return Coded.of(self.nodes["kind"].to_numpy(dtype=object))

    @cached_property
    def edge_kind(self) -> Coded:
        """Kinds of edges."""
        return Coded.of(self.edges["kind"].to_numpy(dtype=object))

    def of_kind(self, labels: Collection[str]) -> npt.NDArray[np.bool_]:
        """Per node, whether a record calls it by one of the kinds."""
        found = self.node_kind.isin(labels)
        for node, several in self._several_kinds.items():
            found[node] |= not set(labels).isdisjoint(several)
        return found

    def node_id(self, key: str) -> int | None:
        """Row number of a key, or None."""
        return place_of(key, self.key_list)

    def named(self, key: str) -> list[str]:
        """Keys of the nodes that a key means.

        Itself; or, where several holders have the name and it says none, one of each.
        """
        if self.node_id(key) is None and key in self._unqualified:
            return self._unqualified[key]
        return [key]

    @cached_property
    def _unqualified(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for key in self.key_list:
            if "[" in key:
                found.setdefault(keys.unqualified(key), []).append(key)
        return found

    def props(self, node: int) -> dict[str, Any]:
        """Properties of a node; do not change them."""
        found = self._props.get(node)
        if found is None:
            cell = self._props_cells[node]
            if not cell:
                return {}  # most nodes have none: nothing is kept for them
            found = self._props[node] = columns.props_of(str(cell))
        return found

    @cached_property
    def _props_cells(self) -> Cells:
        return self.nodes["props"].to_numpy(dtype=object)

    def nodes_with_property(self, *names: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """Nodes whose properties hold one of the names, with their properties."""
        cells = self._props_cells
        marks = tuple(f'"{name}":' for name in names)
        for node in np.flatnonzero(cells != ""):
            if any(mark in cells[node] for mark in marks):
                yield int(node), self.props(int(node))

    @cached_property
    def named_gates(self) -> frozenset[str]:
        """Keys of the gates that edges name, declared or not."""
        return frozenset(self.edges["gate"].tolist()) - {""}

    @cached_property
    def conditions(self) -> dict[str, list[int]]:
        """Edges by the text of their condition, where they have one."""
        found: dict[str, list[int]] = {}
        for row, cell in enumerate(self.edges["condition"].tolist()):
            if cell:
                found.setdefault(cell, []).append(row)
        return found

    @cached_property
    def conditions_by_word(self) -> dict[str, list[str]]:
        """Texts of conditions that may be several in one, by each word in them."""
        found: dict[str, list[str]] = {}
        for cell in self.conditions:
            words = dict.fromkeys(cell.split())
            for word in words if "and" in words else ():
                found.setdefault(word, []).append(cell)
        return found

    @cached_property
    def gate_records(self) -> dict[str, GateRecord]:
        """Gates that a record declares, by key."""
        found: dict[str, GateRecord] = {}
        rows = self.gates[list(columns.GATES)].itertuples(index=False, name=None)
        for key, kind, approvers, at, log, tests in rows:
            if kind == GateKind.UNKNOWN:
                continue  # Only records that could not be read: nobody declares it.
            named = tuple(columns.props_of(approvers) or ())
            told = {n: a for n, a in columns.props_of(tests).items() if a is not None}
            found[key] = GateRecord(key, kind, named, at, log, told)
        return found

    @cached_property
    def _end_rows(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for row, node in enumerate(self.ends["node"].tolist()):
            found.setdefault(node, []).append(row)
        return found

    def ends_of(self, name: str) -> list[int]:
        """Nodes with an end of that type, by row number."""
        rows = self.ends["type"].to_numpy(dtype=object) == name
        return sorted(set(self.ends["node"].to_numpy()[rows].tolist()))

    def ends_at(self, node: int) -> Iterator[End]:
        """What documents say at a node for others to answer; sorted by type and content."""
        for row in self._end_rows.get(node, ()):
            place = self.evidence_of("end", row)[0]
            said = json.loads(str(self.ends["body"].iat[row]))
            yield end_form.end(str(self.ends["type"].iat[row]), self.key_list[node], place, said)

    def gap_states(self, gap: int) -> tuple[State, ...]:
        """States a gap hides; all of them where it names none."""
        return columns.states_of(str(self.gaps["states"].iat[gap])) or tuple(State)

    def gap_asks(self, gap: int) -> Ask | None:
        """The one fact that would close a gap, where there is one."""
        return asks.of_cell(str(self.gaps["asks"].iat[gap]))

    @cached_property
    def spans(self) -> dict[str, tuple[int, int]]:
        """First row of the evidence of each sort of thing, and the one after its last."""
        of = self.evidence["of"].to_numpy(dtype=object)
        ends = (np.searchsorted(of, objects(list(THINGS)), side) for side in ("left", "right"))
        pairs = zip(*(end.tolist() for end in ends), strict=True)
        return dict(zip(THINGS, pairs, strict=True))

    @cached_property
    def _said(self) -> Said:
        return Said(cells_of(self.documents) | cells_of(self.evidence))

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        """Nodes by key, edges keyed by their row number; ``networkx_form`` goes back.

        Every attribute is text or a number, so that GraphML and other interchange forms can
        carry it. Gates, gaps, documents and places travel as JSON text on the graph.
        """
        import networkx as nx  # noqa: PLC0415 - slow to import, and only interchange needs it

        made: nx.MultiDiGraph[str] = nx.MultiDiGraph(nhigraph="graph/4")
        names = list(columns.NODES[1:])
        for key, *cells in self.nodes[list(columns.NODES)].itertuples(index=False, name=None):
            made.add_node(key, **dict(zip(names, cells, strict=True)))
        names = [name for name in columns.EDGES if name not in {"src", "dst"}]
        ends = zip(self.edges["src"].tolist(), self.edges["dst"].tolist(), strict=True)
        rows = self.edges[names].itertuples(index=False, name=None)
        for number, ((source, target), row) in enumerate(zip(ends, rows, strict=True)):
            said = dict(zip(names, row, strict=True))
            made.add_edge(self.key_list[source], self.key_list[target], key=number, **said)
        for name, listed in columns.TABLES.items():
            frame = getattr(self, name)[list(listed)]
            made.graph[name] = json.dumps(frame.to_numpy().tolist(), default=int)
        return made

    def evidence_of(self, what: str, number: int) -> list[Evidence]:
        """Evidence of a node, edge, gate, gap or end by its row; what only implies it last."""
        return self._said.of(*self.spans[what], number)

    def evidence_of_each(self, what: str, numbers: Ints) -> list[list[Evidence]]:
        """As ``evidence_of``, of many things at once."""
        return self._said.of_each(*self.spans[what], numbers)

    def stated_places(self, what: str, numbers: Ints) -> list[tuple[tuple[str, str], ...]]:
        """Artifact and pointer of every place that ``stated`` gives of many things, sorted."""
        return self._said.stated_of(*self.spans[what], numbers)

    def stated(self, what: str, number: int) -> list[Evidence]:
        """Evidence without what only implies; all of it where nothing more is known."""
        found = self.evidence_of(what, number)
        return [place for place in found if place.basis != IMPLIED] or found

    @cached_property
    def given_alone(self) -> frozenset[int]:
        """Edges that several places state, each by itself (``evidence.ALONE``)."""
        return self._said.alone(*self.spans["edge"])

    @cached_property
    def only_implied(self) -> frozenset[int]:
        """Edges that every place only implies: to change one takes none of them away."""
        return self._said.implied(*self.spans["edge"])

    def places(self, what: str) -> dict[int, tuple[tuple[str, str], ...]]:
        """Artifact and pointer of every place that ``stated`` gives of a thing, by its row."""
        return self._said.stated(*self.spans[what])
