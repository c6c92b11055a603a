"""The folder that ``assess`` writes, read by a table reader.

Of the answers the CSV files are read, of the graph its columns once the scope is resolved (which
targets its nodes support is in no file). What a day, a place or a family is stands here a second
time, in the words of the formats: a fault of the product is then none of what it is compared with.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from nhigraph.app.neo4j import prepared
from tests.oracle.vocabulary import CREDENTIAL_KINDS, NHI_KINDS

Row = dict[str, Any]
#: Somebody's record could not be read: neither a day nor none.
_UNREAD = "unread"
#: Says no more than that a thing is there: other places come first.
_IMPLIED = "inferred"
_IDENTITIES = NHI_KINDS | {"User", "Group"}


@dataclass(frozen=True)
class Node:
    """A node, as its row says."""

    key: str
    kind: str
    kinds: frozenset[str]
    name: str
    owner: str
    state: str
    expires: str
    nhi: bool
    alive: bool
    props: Mapping[str, Any]
    place: str

    @property
    def credential(self) -> bool:
        """Whether it is of a kind that opens something."""
        return bool(self.kinds & CREDENTIAL_KINDS)

    @property
    def identity(self) -> bool:
        """Whether it acts: a machine, a person, a group."""
        return bool(self.kinds & _IDENTITIES)


@dataclass(frozen=True)
class Edge:
    """An edge, as its row says, and the first place that states it."""

    kind: str
    source: str
    target: str
    action: str
    certainty: str
    condition: str
    gate: str
    says: tuple[str, ...]
    in_force: bool
    artifact: str
    pointer: str
    excerpt: str

    @property
    def place(self) -> str:
        """Document and pointer."""
        return f"{self.artifact} {self.pointer}"


@dataclass
class Folder:
    """What one assessment wrote.

    Attributes:
        path: Where.
        columns: Frames of the resolved graph, by name.
        boundary: Where nodes lie that are not ``in``.
        name: What its snapshot is called.
        earlier: The one that it is compared with; itself where there is none.
    """

    path: Path
    columns: Mapping[str, pd.DataFrame]
    boundary: Mapping[str, str] = field(default_factory=dict)
    name: str = "ledgerline"
    earlier: "Folder | None" = None

    def table(self, name: str) -> list[Row]:
        """Rows of a CSV file; every cell is a text."""
        with (self.path / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            return [{k: _bare(cell) for k, cell in row.items()} for row in csv.DictReader(stream)]

    def _columns(self, name: str) -> list[Row]:
        return [
            {str(k): v for k, v in row.items()} for row in self.columns[name].to_dict("records")
        ]

    @cached_property
    def coverage(self) -> Row:
        """What was read, and what was not."""
        return dict(json.loads((self.path / "coverage.json").read_text(encoding="utf-8")))

    @cached_property
    def as_of(self) -> str:
        """Day of the answers."""
        text = (self.path / "manifest.json").read_text(encoding="utf-8")
        return str(json.loads(text)["as_of"])

    @cached_property
    def claim(self) -> Row:
        """What the scope says of itself."""
        claims = json.loads((self.path / "graph" / "claims.json").read_text(encoding="utf-8"))
        return next((one["body"] for one in claims if one["subject"] == "scope"), {})

    # -- the graph ------------------------------------------------------------------------------

    @cached_property
    def _places(self) -> dict[tuple[str, int], list[Row]]:
        documents = self._columns("documents")
        found: dict[tuple[str, int], list[Row]] = defaultdict(list)
        for row in self._columns("evidence"):
            pointer = row["pointer"] or (f"row {row['row']}" if row["row"] else "")
            artifact = documents[row["doc"]]["artifact"]
            found[row["of"], row["id"]].append(row | {"artifact": artifact, "pointer": pointer})
        for rows in found.values():
            rows.sort(key=lambda row: (row["basis"] == _IMPLIED, row["artifact"], row["pointer"]))
        return found

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """Nodes by key."""
        return {row["key"]: self._node(number, row) for number, row in enumerate(self._node_rows)}

    @cached_property
    def _node_rows(self) -> list[Row]:
        return self._columns("nodes")

    def _node(self, number: int, row: Row) -> Node:
        kinds = frozenset(part.partition(" ")[2] for part in row["kinds"].split(";"))
        first = self._places["node", number][0]
        expired = row["expires"] not in {"", _UNREAD} and row["expires"] < self.as_of
        marked = {"true": True, "false": False}.get(str(row["nhi"]).lower())
        return Node(
            key=row["key"],
            kind=row["kind"],
            kinds=kinds,
            name=row["name"] or row["key"],
            owner=row["owner"],
            state=row["state"] or "active",
            expires="" if row["expires"] == _UNREAD else row["expires"],
            nhi=bool(kinds & NHI_KINDS) if marked is None else marked,
            alive=row["state"] not in {"disabled", "deleted"} and not expired,
            props=json.loads(row["props"]) if row["props"] else {},
            place=f"{first['artifact']} {first['pointer']}",
        )

    @cached_property
    def edges(self) -> list[Edge]:
        """Edges."""
        return [self._edge(number, row) for number, row in enumerate(self._columns("edges"))]

    def _edge(self, number: int, row: Row) -> Edge:
        ends = [self._node_rows[row[end]]["key"] for end in ("src", "dst")]
        first = self._places["edge", number][0]
        alive = all(self.nodes[key].alive for key in ends)
        return Edge(
            kind=row["kind"],
            source=ends[0],
            target=ends[1],
            action=row["action"],
            certainty=row["certainty"],
            condition=row["condition"],
            gate=row["gate"],
            says=tuple(str(row[name]) for name in sorted(row) if name not in {"src", "dst"}),
            in_force=alive and self.covers(row),
            artifact=first["artifact"],
            pointer=first["pointer"],
            excerpt=first["excerpt"],
        )

    def covers(self, row: Row) -> bool:
        """Whether the day of the answers lies in the days of a row."""
        begun = not row["valid_from"] or row["valid_from"] <= self.as_of
        return begun and (not row["valid_until"] or row["valid_until"] >= self.as_of)

    @cached_property
    def gaps(self) -> list[Row]:
        """Gaps: the key of their node, and what is not known there."""
        return [
            row | {"key": self._node_rows[row["node"]]["key"]} for row in self._columns("gaps")
        ]

    @cached_property
    def ends(self) -> list[str]:
        """Keys of the nodes of which a document says something for another to answer."""
        return [self._node_rows[row["node"]]["key"] for row in self._columns("ends")]

    @cached_property
    def gates(self) -> dict[str, Row]:
        """Declared controls by key."""
        return {
            row["key"]: row | {"approvers": json.loads(row["approvers"] or "[]")}
            for row in self._columns("gates")
        }

    # -- walking --------------------------------------------------------------------------------

    def standing(self, kinds: Iterable[str]) -> list[Edge]:
        """Edges of some kinds that hold on the day."""
        wanted = set(kinds)
        return [edge for edge in self.edges if edge.kind in wanted and edge.in_force]

    def walked(self, start: str, kinds: Iterable[str], *, back: bool = False) -> set[str]:
        """Nodes that one or more steps lead to."""
        onward: dict[str, set[str]] = defaultdict(set)
        for edge in self.standing(kinds):
            one, two = (edge.target, edge.source) if back else (edge.source, edge.target)
            onward[one].add(two)
        seen: set[str] = set()
        todo = [start]
        while todo:
            fresh = onward[todo.pop()] - seen
            seen |= fresh
            todo += fresh
        return seen

    # -- answers --------------------------------------------------------------------------------

    @cached_property
    def verdicts(self) -> list[Row]:
        """Rows of verdicts.csv."""
        return self.table("verdicts")

    @cached_property
    def identities(self) -> dict[str, Row]:
        """Rows of identities.csv, by key."""
        return {row["identity"]: row for row in self.table("identities")}

    @cached_property
    def controls(self) -> dict[str, Row]:
        """Rows of controls.csv, by key."""
        return {row["gate"]: row for row in self.table("controls")}

    @cached_property
    def paths(self) -> dict[str, list[Row]]:
        """Steps of the best path of each id."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.table("paths"):
            if row["alternative"] == "0":
                found[row["path_id"]].append(row)
        return dict(found)

    def held(self, row: Row) -> set[str]:
        """States of a row of verdicts."""
        return set(row["states"].split("+")) - {""}


Worked = Callable[[Folder, Mapping[str, Any]], list[Row]]


def listed(cell: str) -> list[str]:
    """Items of a cell."""
    return [item for item in cell.split(";") if item]


def days(since: str, until: str) -> int:
    """Days from one ISO date to another."""
    return (date.fromisoformat(until) - date.fromisoformat(since)).days


def _bare(cell: str) -> str:
    """A cell without the sign that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if cell[:2] in {f"'{sign}" for sign in "=+-@\t\r"} else cell


def read(path: Path, **told: Any) -> Folder:  # noqa: ANN401 - fields of a folder
    """A folder that ``assess`` wrote, with its graph."""
    graph = prepared(path / "graph").judged.estate.graph
    names = ("nodes", "edges", "gates", "gaps", "ends", "documents", "evidence")
    return Folder(path, {name: getattr(graph, name) for name in names}, **told)
