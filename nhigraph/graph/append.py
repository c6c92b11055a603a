"""A graph that grows: facts laid into one that stands, at the cost of what they touch.

Everything is sorted, so whatever nobody touches stays as it is and in its order; only its row
numbers move, and these are arrays of whole numbers. What is touched goes back into records and
through ``assembly`` with the new ones: how two records add up is said there, once. The result is
the graph that all records together would give, to the last row.

Touched are: of nodes and gates, those whose key is named again; of edges, those between two nodes
between which an edge is new or changed; of gaps and ends, those at a node where one is new or
changed; and of all, what meets because two keys became one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace

import numpy as np
import numpy.typing as npt

from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Fact, Need
from nhigraph.facts.tables import FactTable
from nhigraph.graph import columns, frames
from nhigraph.graph.assembly import Assembly
from nhigraph.graph.distinct import distinct
from nhigraph.graph.late import pd
from nhigraph.graph.store import (
    THINGS,
    Cells,
    Graph,
    Ints,
    cells_of,
    frame_of,
    objects,
    same,
    taken,
)
from nhigraph.graph.tally import Built
from nhigraph.records import dataclass
from nhigraph.schema.types import Certainty

Mask = npt.NDArray[np.bool_]
Because = Mapping[int, tuple[Evidence, ...]]


@dataclass(frozen=True, slots=True)
class Changes:
    """What becomes of edges that a graph has, by their numbers.

    Attributes:
        gates: The gate that guards an edge.
        needs: What must be held beside its source, further to what it says.
        settled: Whether an edge is certain, or is none.
        doubts: How certain an edge then is, and on what condition; empty for none.
    """

    gates: Mapping[int, str] = field(default_factory=dict)
    needs: Mapping[int, tuple[Need, ...]] = field(default_factory=dict)
    settled: Mapping[int, bool] = field(default_factory=dict)
    doubts: Mapping[int, tuple[Certainty, str]] = field(default_factory=dict)

    def gone(self) -> list[int]:
        """Edges that are none."""
        return [edge for edge, holds in self.settled.items() if not holds]

    def touched(self) -> list[int]:
        """Edges of which something else is said now."""
        return sorted(
            {*self.gates, *self.needs, *self.settled, *self.doubts}.difference(self.gone())
        )

    def made(self, graph: Graph) -> Graph:
        """The graph with the cells as they read now; its rows stand where they stood."""
        if not (self.gates or self.needs or self.settled or self.doubts):
            return graph
        cells = cells_of(graph.edges)
        for name in ("gate", "needs", "certainty", "condition"):
            cells[name] = cells[name].copy()
        for edge, gate in self.gates.items():
            cells["gate"][edge] = gate
        for edge, more in self.needs.items():
            held = [Need(at, state) for at, state in columns.needs_of(cells["needs"][edge])]
            cells["needs"][edge] = columns.needs_cell((*held, *more))
        holding = [edge for edge, holds in self.settled.items() if holds]
        cells["certainty"][holding] = str(Certainty.CERTAIN)
        cells["condition"][holding] = ""
        for edge, (certainty, condition) in self.doubts.items():
            cells["certainty"][edge], cells["condition"][edge] = str(certainty), condition
        return replace(graph, edges=frame_of(cells))


def extend(
    graph: Graph, facts: Iterable[Fact | FactTable], changes: Changes | None = None
) -> Built:
    """Merge derived facts (joins, scope) into a graph; their ends may be the graph's nodes.

    Args:
        graph: A merged graph.
        facts: Nodes, edges, gates, gaps and ends; an edge without an end leaves a gap.
        changes: What becomes of the graph's own edges.

    Returns:
        The grown graph; the account is that of the new facts alone.
    """
    changes = changes or Changes()
    new = frames.sorted_facts(facts)
    if changes == Changes() and not new.of_a_graph:
        return Built(graph, [], {})
    touched = {"edge": _at(changes.touched(), len(graph.edges))}
    growth = _Growth(changes.made(graph), touched, _at(changes.gone(), len(graph.edges)))
    return growth.lay(new.frames(), new.because())


def reordered(graph: Graph, touched: Mapping[str, Mask]) -> Graph:
    """A graph whose cells were changed where they stand, merged again.

    Args:
        graph: A merged graph, but some keys of nodes read otherwise now, and some other cells.
        touched: By sort the rows of which a cell was changed that decides order or sameness; two
            nodes of one key are found without it, and what lies at them.
    """
    growth = _Growth(graph, touched, np.zeros(len(graph.edges), dtype=bool))
    return growth.lay(frames.Sorted().frames(), {}).graph


class _Growth:
    """One graph while records are laid into it."""

    def __init__(self, graph: Graph, touched: Mapping[str, Mask], gone: Mask) -> None:
        self.graph, self.gone = graph, gone
        self.cells = {of: cells_of(getattr(graph, name)) for of, name in THINGS.items()}
        none = {of: _at((), len(getattr(graph, name))) for of, name in THINGS.items()}
        #: By sort: rows that are merged again, the number of each row, and of each record laid.
        self.again: dict[str, Mask] = none | dict(touched)
        self.number: dict[str, Ints] = {}
        self.laid: dict[str, Ints] = {}
        self.frames: dict[str, pd.DataFrame] = {}
        #: Whether some node has another number now.
        self._moves = False
        self.built = Built(graph, [], {})
        self.assembly = Assembly(self.built)

    def lay(self, new: frames.Records, because: Because) -> Built:
        """Lay records beside what stands, and close the graph."""
        self._nodes(new.nodes)
        self._move()
        ends = (self.assembly.numbers(new.edges[name]) for name in ("from", "to"))
        self._touch("edge", self._between(*ends))
        dangling = self.assembly.edges(self._records("edge", new.edges), dict(because))
        self.again["gate"] |= _named(self.cells["gate"]["key"], new.gates["key"])
        self.assembly.gates(self._records("gate", new.gates))
        at = [*new.gaps["at"], *(gap.at for gap in dangling)]
        self._touch("gap", self.assembly.numbers(at))
        self.assembly.gaps(self._records("gap", new.gaps), dangling)
        self._touch("end", self.assembly.numbers(new.ends["at"]))
        self.assembly.ends(self._records("end", new.ends))
        self.built.graph = self._closed(self.assembly.graph())
        return self.built

    # -- what is touched ------------------------------------------------------------------------

    def _nodes(self, new: pd.DataFrame) -> None:
        """Lay the nodes, so that every key has its number."""
        keys, again = self.cells["node"]["key"], self.again["node"]
        again |= _named(keys, new["key"]) | pd.Series(keys).duplicated(keep=False).to_numpy()
        self.assembly.nodes(self._records("node", new))
        made = cells_of(self.assembly.frames["nodes"])
        self._merge("node", made, keys, made["key"])
        self.assembly.index = pd.Index(self.frames["nodes"]["key"], dtype=object)
        self.number["node"][again] = self.assembly.numbers(keys[again])

    def _move(self) -> None:
        """Give everything the new numbers of its nodes; what lies where two met is touched."""
        number = self.number["node"]
        self._moves = bool((number != np.arange(len(number))).any())
        met = np.bincount(number, minlength=1) > 1
        for of, name in (("edge", "src"), ("edge", "dst"), ("gap", "node"), ("end", "node")):
            moved = self.cells[of][name] = number[self.cells[of][name]]
            self.again[of] |= met[moved]

    def _between(self, sources: Ints, targets: Ints) -> Ints:
        """One number for two ends, in the order of both; -1 where one is not known."""
        code: Ints = sources * len(self.assembly.index) + targets
        return np.where((sources < 0) | (targets < 0), -1, code)

    def _place(self, of: str, cells: Mapping[str, Cells]) -> Cells:
        """What rows of a sort lie at, in the order of the table: records of one place meet."""
        if of == "edge":
            return self._between(cells["src"], cells["dst"])
        return cells["key"] if of in {"node", "gate"} else cells["node"]

    def _touch(self, of: str, places: Ints) -> None:
        """Merge again what lies at the places of new records, and of what is merged anyway."""
        own, again = self._place(of, self.cells[of]), self.again[of]
        if of == "edge":
            again &= ~self.gone
        wanted = distinct(np.concatenate((places, own[again])))
        if len(wanted):
            at = np.minimum(np.searchsorted(wanted, own), len(wanted) - 1)
            again |= wanted[at] == own
        if of == "edge":
            again &= ~self.gone

    def _records(self, of: str, new: pd.DataFrame) -> pd.DataFrame:
        """New records, and beside them the old ones that they touch, which nobody counts."""
        if not self.again[of].any():
            return new.assign(counted=True)
        old = frames.records_of(self.graph, of, self.again[of])
        parts = [new.assign(counted=True), old.assign(counted=False)]
        return pd.concat(parts, ignore_index=True)

    # -- what comes of it -----------------------------------------------------------------------

    def _stay(self, of: str) -> Mask:
        return ~(self.again[of] | self.gone) if of == "edge" else ~self.again[of]

    def _merge(self, of: str, made: Mapping[str, Cells], *places: Cells) -> None:
        """Put what was laid between the rows that stay."""
        stay = self._stay(of)
        cells = self.cells[of]
        if stay.all() and not len(places[1]) and _ascending(places[0]):
            self.number[of], self.laid[of] = np.arange(len(stay)), np.zeros(0, dtype=np.int64)
            frame: pd.DataFrame = getattr(self.graph, THINGS[of])
            moved = any(self._moves and name in columns.INTEGERS for name in cells)
            self.frames[THINGS[of]] = frame_of(cells) if moved else frame
            return
        kept = np.flatnonzero(stay)
        order = np.argsort(np.concatenate((places[0][kept], places[1])), kind="stable")
        at = np.empty_like(order)
        at[order] = np.arange(len(order))
        self.number[of] = np.full(len(stay), -1, dtype=np.int64)
        self.number[of][kept], self.laid[of] = at[: len(kept)], at[len(kept) :]
        self.frames[THINGS[of]] = _ordered(cells, kept, made, order)

    def _closed(self, made: Graph) -> Graph:
        for of, name in THINGS.items():
            if of != "node":
                cells = cells_of(getattr(made, name))
                self._merge(of, cells, self._place(of, self.cells[of]), self._place(of, cells))
        old, new = cells_of(self.graph.evidence), cells_of(made.evidence)
        spans, added = self.graph.spans, made.spans
        stay = np.concatenate([self._stay(of)[old["id"][slice(*spans[of])]] for of in THINGS])
        kept = np.flatnonzero(stay)
        self._documents(made, old, kept, new)
        number, laid = self.number, self.laid
        old["id"] = np.concatenate([number[of][old["id"][slice(*spans[of])]] for of in THINGS])
        new["id"] = np.concatenate([laid[of][new["id"][slice(*added[of])]] for of in THINGS])
        place = np.concatenate((_thing(spans)[kept], _thing(added)))
        ids = np.concatenate((old["id"][kept], new["id"]))
        order = np.argsort(place * (ids.max(initial=0) + 1) + ids, kind="stable")
        self.frames["evidence"] = _ordered(old, kept, new, order)
        return Graph(**self.frames)

    def _documents(
        self, made: Graph, old: dict[str, Cells], kept: Ints, new: dict[str, Cells]
    ) -> None:
        """Number the documents of which something is left."""
        before, added = (
            list(frame.itertuples(index=False, name=None))
            for frame in (self.graph.documents, made.documents)
        )
        left = np.flatnonzero(np.bincount(old["doc"][kept], minlength=len(before))).tolist()
        pairs = sorted({*added, *(before[row] for row in left)})
        number = {pair: row for row, pair in enumerate(pairs)}
        for cells, known in ((old, before), (new, added)):
            moved = np.array([number.get(pair, -1) for pair in known], dtype=np.int64)
            cells["doc"] = moved[cells["doc"]]
        told = zip(*pairs, strict=True) if pairs else ((), ())
        named = zip(columns.DOCUMENTS, told, strict=True)
        self.frames["documents"] = frame_of({name: objects(column) for name, column in named})


def _at(rows: Sequence[int], length: int) -> Mask:
    found = np.zeros(length, dtype=bool)
    found[list(rows)] = True
    return found


def _ascending(places: Cells) -> bool:
    return bool(np.all(places[1:] >= places[:-1]))


def _named(keys: Cells, named: pd.Series[str]) -> Mask:
    return np.asarray(pd.Series(keys, dtype=object).isin(named.tolist()), dtype=bool)


def _thing(spans: Mapping[str, tuple[int, int]]) -> Ints:
    """Per row of evidence, what it is of, as a number."""
    return np.repeat(np.arange(len(THINGS)), [last - first for first, last in spans.values()])


def _ordered(
    cells: Mapping[str, Cells], kept: Ints, made: Mapping[str, Cells], order: Ints
) -> pd.DataFrame:
    """Rows of two tables in one order: of the first those that are kept, of the second all."""
    if not len(kept):
        return frame_of({name: cell[order] for name, cell in made.items()})
    new = np.flatnonzero(order >= len(kept))
    rows = kept[np.minimum(order, len(kept) - 1)]
    found = {}
    for name, laid in made.items():
        told = laid[order[new] - len(kept)]
        cell = taken(cells[name], rows)
        if not same(cell) or (told != cell[0]).any():
            cell = cell.copy() if same(cell) else cell
            cell[new] = told
        found[name] = cell
    return frame_of(found)
