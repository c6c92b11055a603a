"""Two graphs on one numbering, and any graph made of rows of both.

What both graphs say alike is there once, with the places of the first. Nodes and gates are told
apart by their keys; edges, gaps and ends by all that they say, so one that changed is two.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

import numpy as np
import numpy.typing as npt

from nhigraph.facts.evidence import Evidence
from nhigraph.graph import columns
from nhigraph.graph.store import THINGS, Cells, Graph, Ints, cells_of, frame_of, objects
from nhigraph.records import dataclass

Mask = npt.NDArray[np.bool_]
#: What is known by its key; all else by its whole content.
KEYED = ("node", "gate")
#: Columns that are numbers of nodes.
_ENDS = {"node": (), "gate": (), "edge": ("src", "dst"), "gap": ("node",), "end": ("node",)}


@dataclass(frozen=True, slots=True)
class Picked:
    """Rows of a mixture.

    Attributes:
        rows: By sort, which rows are there.
        cells: By sort, row and column, cells that read otherwise than ``Mixture.cells``.
    """

    rows: Mapping[str, Mask]
    cells: Mapping[tuple[str, int, str], str] = field(default_factory=dict)


class Mixture:
    """Two graphs.

    Attributes:
        graphs: Both, the first and the second.
        cells: By sort, the cells of every row: as the first graph has them, if it has the row.
        second: By sort, the cells as the second graph has them, if it has the row.
        there: By graph and sort, which rows it has.
        digests: By graph, the digests of its documents.
    """

    def __init__(self, before: Graph, after: Graph) -> None:
        """Lay the rows of both on one numbering."""
        self.graphs = (before, after)
        self.digests = tuple(frozenset(graph.documents["sha256"]) for graph in self.graphs)
        self.cells: dict[str, dict[str, Cells]] = {}
        self.second: dict[str, dict[str, Cells]] = {}
        self.there: tuple[dict[str, Mask], dict[str, Mask]] = ({}, {})
        #: By graph and sort, the row here of each row of the graph.
        self._rows: tuple[dict[str, Ints], dict[str, Ints]] = ({}, {})
        self._lay("node")
        self.keys: list[str] = self.cells["node"]["key"].tolist()
        self.number = {key: row for row, key in enumerate(self.keys)}
        for of in THINGS:
            if of != "node":
                self._lay(of)
        self._needed = self._needs()
        self._evidence = self._places()

    def ends(self, of: str, row: int) -> Iterator[int]:
        """Nodes without which an edge, gap or end cannot be."""
        yield from (int(self.cells[of][name][row]) for name in _ENDS[of])
        if of == "edge":
            yield from self._needed.get(row, ())

    def evidence_of(self, side: int, of: str, row: int) -> list[Evidence]:
        """Where one of the graphs states a row, smallest place first; none where it does not."""
        if not self.there[side][of][row]:
            return []
        own = int(np.flatnonzero(self._rows[side][of] == row)[0])
        return self.graphs[side].evidence_of(of, own)

    def placed(self, side: int, of: str) -> dict[int, tuple[tuple[str, str], ...]]:
        """Artifact and pointer of every place at which one of the graphs states each row."""
        rows = self._rows[side][of]
        return {int(rows[own]): many for own, many in self.graphs[side].places(of).items()}

    def rows_in(self, graph: Graph, rows: Sequence[int]) -> dict[int, int]:
        """Where a graph has some edges, by all that they say; those that it has not are left out.

        Args:
            graph: Any graph of which the nodes are named as here.
            rows: Rows of edges here.
        """
        here, there = self.cells["edge"], cells_of(graph.edges)
        names = [name for name in here if name not in ("src", "dst")]

        def said(cells: Mapping[str, Cells], keys: Sequence[str], row: int) -> tuple[object, ...]:
            ends = (keys[cells[end][row]] for end in ("src", "dst"))
            return (*ends, *(cells[name][row] for name in names))

        starts = map(graph.node_id, {self.keys[here["src"][row]] for row in rows})
        own = np.isin(there["src"], [node for node in starts if node is not None])
        at = {said(there, graph.key_list, one): one for one in np.flatnonzero(own).tolist()}
        found = {row: at.get(said(here, self.keys, row)) for row in rows}
        return {row: one for row, one in found.items() if one is not None}

    # -- laying ---------------------------------------------------------------------------------

    def _lay(self, of: str) -> None:
        both = [self._numbered(of, side) for side in (0, 1)]
        named = [
            cells["key"].tolist() if of in KEYED else list(zip(*cells.values(), strict=True))
            for cells in both
        ]
        names = list(both[0])
        place = [names.index(end) for end in _ENDS[of]]
        every = {*named[0], *named[1]}
        # As the store sorts them: by the nodes they lie at, then by what they say.
        ordered = sorted(every, key=lambda one: ([one[at] for at in place], one))
        row = {one: number for number, one in enumerate(ordered)}
        for side in (0, 1):
            self._rows[side][of] = np.array([row[one] for one in named[side]], dtype=np.int64)
            there = self.there[side][of] = np.zeros(len(ordered), dtype=bool)
            there[self._rows[side][of]] = True
        self.cells[of] = self._joined(of, both, (1, 0))
        self.second[of] = self._joined(of, both, (0, 1)) if of in KEYED else self.cells[of]

    def _numbered(self, of: str, side: int) -> dict[str, Cells]:
        """Cells of one graph with the numbers that nodes have here."""
        cells = cells_of(getattr(self.graphs[side], THINGS[of]))
        for name in _ENDS[of]:
            cells[name] = self._rows[side]["node"][cells[name]]
        return cells

    def _joined(
        self, of: str, both: list[dict[str, Cells]], order: tuple[int, int]
    ) -> dict[str, Cells]:
        """Columns of all rows; the graph that comes last in ``order`` has the say."""
        length = len(self.there[0][of])
        found: dict[str, Cells] = {}
        for name in both[0]:
            column: Cells = np.empty(length, np.int64 if name in columns.INTEGERS else object)
            for side in order:
                column[self._rows[side][of]] = both[side][name]
            found[name] = column
        return found

    def _needs(self) -> dict[int, tuple[int, ...]]:
        cells = self.cells["edge"]["needs"].tolist()
        return {
            row: tuple(self.number[at] for at, _ in columns.needs_of(cell))
            for row, cell in enumerate(cells)
            if cell
        }

    def _places(self) -> dict[str, Cells]:
        """Evidence of all rows: of a row that both graphs have, that of the first."""
        parts: list[dict[str, Cells]] = []
        artifacts: list[tuple[str, str]] = []
        for side, graph in enumerate(self.graphs):
            cells = cells_of(graph.evidence)
            cells["doc"], cells["id"] = cells["doc"] + len(artifacts), cells["id"].copy()
            artifacts += list(graph.documents.itertuples(index=False, name=None))
            wanted = np.zeros(len(cells["id"]), dtype=bool)
            for of, (first, last) in graph.spans.items():
                span = slice(first, last)
                rows = cells["id"][span] = self._rows[side][of][cells["id"][span]]
                wanted[span] = True if side == 0 else ~self.there[0][of][rows]
            parts.append({name: cell[wanted] for name, cell in cells.items()})
        self._documents = artifacts
        joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        sort = {of: number for number, of in enumerate(THINGS)}
        of_sort = np.array([sort[of] for of in joined["of"].tolist()], dtype=np.int64)
        order = np.lexsort((joined["id"], of_sort))
        return {name: cell[order] for name, cell in joined.items()}

    # -- making ---------------------------------------------------------------------------------

    def made(self, picked: Picked) -> Graph:
        """The graph of some rows; what lies at a node that is not there, or needs it, is not."""
        keep = dict(picked.rows)
        node = keep["node"]
        for of, names in _ENDS.items():
            for name in names:
                keep[of] = keep[of] & node[self.cells[of][name]]
        for edge, needed in self._needed.items():
            if keep["edge"][edge] and not node[list(needed)].all():
                keep["edge"][edge] = False
        number = {of: np.cumsum(mask) - 1 for of, mask in keep.items()}
        frames: dict[str, Any] = {}
        for of, name in THINGS.items():
            cells = dict(self.cells[of])
            for (sort, row, column), value in picked.cells.items():
                if sort == of:
                    if cells[column] is self.cells[of][column]:
                        cells[column] = cells[column].copy()
                    cells[column][row] = value
            kept = {column: cell[keep[of]] for column, cell in cells.items()}
            for end in _ENDS[of]:
                kept[end] = number["node"][kept[end]]
            frames[name] = frame_of(kept)
        return Graph(**frames, **self._stating(keep, number))

    def _stating(self, keep: Mapping[str, Mask], number: Mapping[str, Ints]) -> dict[str, Any]:
        """Evidence and documents of the rows that are there."""
        cells = self._evidence
        wanted = np.zeros(len(cells["id"]), dtype=bool)
        ids = cells["id"].copy()
        of_row = cells["of"]
        for of in THINGS:
            rows = np.flatnonzero(of_row == of)
            wanted[rows] = keep[of][cells["id"][rows]]
            ids[rows] = number[of][cells["id"][rows]]
        kept = {name: cell[wanted] for name, cell in (cells | {"id": ids}).items()}
        pairs = sorted({self._documents[doc] for doc in kept["doc"].tolist()})
        at = {pair: row for row, pair in enumerate(pairs)}
        known = [at.get(pair, -1) for pair in self._documents]
        kept["doc"] = np.array(known, dtype=np.int64)[kept["doc"]]
        told = zip(*pairs, strict=True) if pairs else ((), ())
        named = zip(columns.DOCUMENTS, told, strict=True)
        documents = {name: objects(column) for name, column in named}
        return {"documents": frame_of(documents), "evidence": frame_of(kept)}
