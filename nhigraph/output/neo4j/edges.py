"""Edges as relationships: keyed by what they say, each with the place that states it."""

import hashlib
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from nhigraph.assurance.rows import PathStep
from nhigraph.graph.columns import EDGES, needs_of
from nhigraph.graph.store import Graph, cells_of
from nhigraph.output.neo4j.values import Row, day, place, text

#: Start, end and properties of a relationship.
Relation = tuple[str, str, Row]
_DAYS: Final = frozenset({"valid_from", "valid_until"})
_TEXTS: Final = ("action", "certainty", "condition", "gate", "transform")
_KEY_BYTES: Final = 8


class Edges:
    """Relationships of a graph."""

    def __init__(self, graph: Graph, in_force: npt.NDArray[np.bool_]) -> None:
        """Take the columns.

        Args:
            graph: The graph.
            in_force: Per edge, whether it holds on the day.
        """
        self._graph = graph
        self._cells = cells_of(graph.edges)
        self._in_force = in_force.tolist()
        self._said = cells_of(graph.evidence)
        self._artifacts = cells_of(graph.documents)["artifact"]
        self.marks: dict[int, Row] = {}

    @cached_property
    def places(self) -> list[str]:
        """What each node is looked up by."""
        return [place(key) for key in self._graph.key_list]

    def key(self, edge: int) -> str:
        """Key of an edge: the same in every snapshot in which it says the same."""
        said = [str(self._cells[name][edge]) for name in EDGES if name not in {"src", "dst"}]
        ends = (self._graph.key_list[self._cells[end][edge]] for end in ("src", "dst"))
        raw = "\x1f".join((*said, *ends)).encode("utf-8", "surrogatepass")
        return hashlib.blake2b(raw, digest_size=_KEY_BYTES).hexdigest()

    def by_kind(self) -> Iterator[tuple[str, Iterator[Relation]]]:
        """Every kind with its relationships, in the graph's order."""
        kinds = self._cells["kind"]
        first = self._first_places()
        for kind in sorted(set(kinds.tolist())):
            rows = np.flatnonzero(kinds == kind).tolist()
            yield kind, (self._relation(row, first) for row in rows)

    def _relation(self, row: int, first: npt.NDArray[np.int64]) -> Relation:
        cells = self._cells
        said: Row = {"key": self.key(row), "in_force": self._in_force[row]}
        for name in _TEXTS:
            if cell := cells[name][row]:
                said[name] = text(cell)
        for name in _DAYS:
            if cell := cells[name][row]:
                said[name] = day(cell)
        if cell := cells["needs"][row]:
            said["needs"] = [f"{state.name} at {text(at)}" for at, state in needs_of(cell)]
        self._evidence(row, int(first[row]), said)
        said |= self.marks.get(row, {})
        return self.places[cells["src"][row]], self.places[cells["dst"][row]], said

    def _evidence(self, row: int, first: int, said: Row) -> None:
        if first < 0:  # Several places: in the order in which everybody else tells them.
            found = self._graph.stated("edge", row)
            said |= {
                "artifact": text(found[0].artifact),
                "pointer": text(found[0].pointer),
                "line": found[0].line,
                "basis": found[0].basis,
                "places": [text(one.full_place) for one in found],
            }
            excerpt = found[0].excerpt
        else:
            of = self._said
            number = of["row"][first]
            pointer = of["pointer"][first] or (f"row {number}" if number else "")
            said |= {
                "artifact": text(self._artifacts[of["doc"][first]]),
                "pointer": text(pointer),
                "line": int(of["line"][first]),
                "basis": of["basis"][first],
            }
            excerpt = of["excerpt"][first]
        if excerpt:
            said["excerpt"] = text(excerpt)

    def _first_places(self) -> npt.NDArray[np.int64]:
        """Per edge the row of its evidence; -1 where it has several."""
        first, last = self._graph.spans["edge"]
        ids = self._said["id"][first:last]
        count = len(self._graph.edges)
        begin = np.searchsorted(ids, np.arange(count))
        end = np.searchsorted(ids, np.arange(count), side="right")
        return np.where(end - begin == 1, begin + first, -1)

    # -- finding edges by what rows say of them -------------------------------------------------

    @cached_property
    def _rows(self) -> dict[tuple[str, str, str], list[int]]:
        found: dict[tuple[str, str, str], list[int]] = {}
        keys, cells = self._graph.key_list, self._cells
        ends = zip(cells["kind"], cells["src"].tolist(), cells["dst"].tolist(), strict=True)
        for row, (kind, source, target) in enumerate(ends):
            found.setdefault((kind, keys[source], keys[target]), []).append(row)
        return found

    def of_step(self, step: PathStep) -> int | None:
        """The edge of a step; one that is walked against its direction, too."""
        rows = self._rows.get((step.edge_kind, step.source, step.target), [])
        rows = rows or self._rows.get((step.edge_kind, step.target, step.source), [])
        rows = self._narrowed(rows, "action", step.action)
        rows = self._narrowed(rows, "gate", step.gate)
        rows = self._narrowed(rows, "condition", step.residual)
        return self._at(rows, step.artifact, step.pointer)

    def of_right(self, kind: str, ends: tuple[str, str], where: tuple[str, str]) -> int | None:
        """The edge that a cut or a choke point is about.

        Args:
            kind: Its kind.
            ends: Keys of its source and destination.
            where: Artifact and pointer of its place.
        """
        return self._at(self._rows.get((kind, *ends), []), *where)

    def _narrowed(self, rows: list[int], name: str, cell: str) -> list[int]:
        if len(rows) < 2:  # noqa: PLR2004 - nothing to choose from
            return rows
        return [row for row in rows if self._cells[name][row] == cell] or rows

    def _at(self, rows: list[int], artifact: str, pointer: str) -> int | None:
        for row in rows[1:] and rows:
            found = self._graph.evidence_of("edge", row)
            if any(one.artifact == artifact and one.pointer == pointer for one in found):
                return row
        return rows[0] if rows else None

    def mark(self, rows: Iterable[int | None], name: str, value: Any) -> None:  # noqa: ANN401
        """Say something of edges; a list grows."""
        for row in rows:
            if row is None:
                continue
            said = self.marks.setdefault(row, {})
            if isinstance(value, list):
                known = said.setdefault(name, [])
                known += [one for one in value if one not in known]
            else:
                said[name] = value
