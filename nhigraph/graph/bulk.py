"""Whole tables of facts, laid into columns without an object per record.

The fast road: only for tables in which nothing needs a decision. Every node is there once, both
ends and every need of an edge are nodes of the tables, and no key is written in another case than
it is printed in. An edge may be there often: its places add up. Whatever else the inputs say is
laid beside it afterwards.
Where one thing is otherwise, all goes the road of single records (``assembly``), with its lines.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
from pyarrow import compute as pc

from nhigraph.facts import keys
from nhigraph.facts.tables import EDGE_COLUMNS, NODE_COLUMNS, FactTable
from nhigraph.graph import columns
from nhigraph.graph.frames import Sorted
from nhigraph.graph.hashing import Short
from nhigraph.graph.numbering import Bools, Ranks, by_key, edge_order, numbers
from nhigraph.graph.store import Cells, Graph, Ints, frame_of, joined, objects, repeated
from nhigraph.graph.tally import Built
from nhigraph.records import dataclass
from nhigraph.schema.types import Origin

#: Records from which on the other road is felt.
FROM: Final = 20_000
_BEGINNING: Final = r"^(?P<beginning>[^:\[]*[:\[])"
#: Values of one column, laid out once for all rows that have them.
_Coded = tuple[Ranks, Cells]


def laid(told: Sorted, left: Sorted) -> Built | None:
    """The graph of the tables alone; None where they are few, or not whole and clean.

    Args:
        told: What the documents say.
        left: What stays of records that were refused.
    """
    if sum(map(len, told.tables)) < FROM or left.nodes or left.gates or left.gaps:
        return None
    tables = _Tables.of(told.tables)
    if tables is None or not _apart(told, tables.keys) or not _known(tables):
        return None
    words = [codes for codes, _ in tables.said.values()]
    found = edge_order(*tables.ends, words, len(tables.keys))
    if found is None:
        return None
    order, first = found
    built = Built(_graph(tables, order, first), [], {})
    for table in tables.parts[0]:
        built.tally(table.artifact).accepted += len(table)
    which = np.repeat(np.arange(len(tables.parts[1])), [len(table) for table in tables.parts[1]])
    counts = np.bincount(which[order[first]], minlength=len(tables.parts[1]))
    for table, count in zip(tables.parts[1], counts.tolist(), strict=True):
        tally = built.tally(table.artifact)
        tally.accepted += count
        tally.merged += len(table) - count
    return built


@dataclass(frozen=True, slots=True)
class _Tables:
    """Nodes and edges as the tables have them, in numbers.

    Attributes:
        nodes: All nodes.
        edges: All edges.
        parts: The tables of each.
        order: Rows of the nodes, by key.
        keys: Keys in that order.
        ends: Numbers of sources and targets of the edges; -1 where no node has the key.
        said: What else edges say, column by column.
    """

    nodes: "pa.Table"
    edges: "pa.Table"
    parts: tuple[Sequence[FactTable], Sequence[FactTable]]
    order: Ints
    keys: "pa.Array"
    ends: tuple[Short, Short]
    said: Mapping[str, _Coded]

    @classmethod
    def of(cls, tables: Sequence[FactTable]) -> "_Tables | None":
        """The tables, numbered; None where there are not both sorts of them."""
        # By place: of rows that are alike the first is the one that is "accepted".
        tables = sorted(tables, key=lambda t: (t.artifact, t.sha256, _first_row(t)))
        parts = (
            [t for t in tables if t.what == "nodes"],
            [t for t in tables if t.what == "edges"],
        )
        if not all(parts):
            return None
        nodes, edges = (pa.concat_tables([t.cells for t in many]) for many in parts)
        order, keys_ = by_key(nodes["key"])
        src, dst = numbers([edges["from"], edges["to"]], keys_)
        said = {name: _coded(edges[name]) for name in EDGE_COLUMNS if name not in {"from", "to"}}
        return cls(nodes, edges, parts, order, keys_, (src, dst), said)


def _known(tables: _Tables) -> bool:
    """Whether every node is there once, under the key that is printed, and every edge's ends."""
    if "false" in tables.nodes["nhi"].unique().to_pylist():
        return False  # A line says who is taken out of the population.
    found = tables.keys
    if len(found) > 1 and pc.any(pc.equal(found[1:], found[:-1])).as_py():
        return False
    if any(end.min(initial=0) < 0 for end in tables.ends) or not _as_printed(found):
        return False
    if any(keys.canonical(str(word)) != word for word in tables.said["gate"][1]):
        return False
    cells = tables.said["needs"][1]
    named = {at for cell in cells if cell for at, _ in json.loads(cell)}
    return pc.all(pc.is_in(pa.array(sorted(named), found.type), found)).as_py() is not False


def _graph(tables: _Tables, order: Ints, first: Bools) -> Graph:
    """The graph of tables in which nothing needs a decision.

    Args:
        tables: Those.
        order: Rows of the edges in their order.
        first: Which of them are no repeats of the row before.
    """
    both = [*tables.parts[0], *tables.parts[1]]
    documents = sorted({(table.artifact, table.sha256) for table in both})
    named = {
        name: objects([pair[at] for pair in documents])
        for at, name in enumerate(columns.DOCUMENTS)
    }
    nodes = np.arange(len(tables.order), dtype=np.int64)
    things = [
        ("edge", tables.parts[1], order, np.cumsum(first) - 1),
        ("node", tables.parts[0], tables.order, nodes),
    ]
    return Graph(
        nodes=frame_of(_node_cells(tables)),
        edges=frame_of(_edge_cells(tables, order[first])),
        gates=frame_of(_empty(columns.GATES)),
        gaps=frame_of(_empty(columns.GAPS)),
        ends=frame_of(_empty(columns.ENDS)),
        documents=frame_of(named),
        evidence=frame_of(_evidence(things, documents)),
    )


# -- keys -----------------------------------------------------------------------------------------


def _as_printed(found: "pa.Array") -> bool:
    """Whether every key is written as it is printed."""
    beginning = pc.struct_field(pc.extract_regex(found, _BEGINNING), "beginning")
    folding = [one for one in beginning.unique().to_pylist() if one and keys.folds(one)]
    if not folding:
        return True
    some = found.filter(pc.is_in(beginning, pa.array(folding, beginning.type)))
    return all(keys.canonical(key) == key for key in some.to_pylist())


def _apart(told: Sorted, sorted_keys: "pa.Array") -> bool:
    """Whether nothing else that was told is of a node or an edge of the tables."""
    stated = pa.array([keys.canonical(node.key) for node in told.nodes], sorted_keys.type)
    if pc.any(pc.is_in(stated, sorted_keys)).as_py():
        return False
    pairs = [(keys.canonical(e.source), keys.canonical(e.target)) for e in told.edges]
    both = [
        pc.is_in(pa.array([pair[at] for pair in pairs], sorted_keys.type), sorted_keys)
        for at in (0, 1)
    ]
    return not pc.any(pc.and_(*both)).as_py()


# -- cells ----------------------------------------------------------------------------------------


def _coded(cells: "pa.ChunkedArray") -> _Coded:
    """A column as ranks of its words, as small as they may be, and the words in order."""
    coded = cells.combine_chunks().dictionary_encode()
    words = coded.dictionary.to_pylist()
    sort = np.min_scalar_type(max(len(words) - 1, 0))
    if len(words) == 1:
        return np.broadcast_to(sort.type(0), len(coded)), objects(words)
    order = sorted(range(len(words)), key=words.__getitem__)
    rank = np.empty(len(words), dtype=sort)
    rank[order] = np.arange(len(words))
    return rank[coded.indices.to_numpy()], objects([words[at] for at in order])


def _said(words: Cells, codes: Ranks, order: Ints) -> Cells:
    """Words of some rows, in an order."""
    return repeated(words[0], len(order)) if len(words) == 1 else words[codes[order]]


def _node_cells(tables: _Tables) -> dict[str, Cells]:
    found: dict[str, Cells] = {"key": objects(tables.keys.to_pylist())}
    for name in NODE_COLUMNS:
        if name != "key":
            codes, words = _coded(tables.nodes[name])
            found[name] = _said(words, codes, tables.order)
            if name == "kind":
                told = [columns.kind_cell(str(word), Origin.FACTS) for word in words]
                found["kinds"] = objects(told)[codes[tables.order]]
    return {name: found[name] for name in columns.NODES}


def _edge_cells(tables: _Tables, order: Ints) -> dict[str, Cells]:
    found: dict[str, Cells] = {
        name: _said(words, codes, order) for name, (codes, words) in tables.said.items()
    }
    found["src"], found["dst"] = (end[order].astype(np.int64) for end in tables.ends)
    return {name: found[name] for name in columns.EDGES}


def _evidence(
    things: Sequence[tuple[str, Sequence[FactTable], Ints, Ints]],
    documents: Sequence[tuple[str, str]],
) -> dict[str, Cells]:
    """Where each thing is said: a row of a table.

    Args:
        things: Sort, tables of it, the order of their rows, and the number of what each tells of.
        documents: Documents in order.
    """
    number = {pair: at for at, pair in enumerate(documents)}
    found: dict[str, list[Cells]] = {name: [] for name in columns.EVIDENCE}
    for of, tables, order, ids in things:
        counts = [len(table) for table in tables]
        at = np.array([number[table.artifact, table.sha256] for table in tables], dtype=np.int64)
        basis = [str(table.basis) for table in tables]
        which = np.repeat(np.arange(len(tables)), counts)[order]
        rows = np.concatenate([table.cells["row"].to_numpy() for table in tables])
        found["of"].append(repeated(of, len(order)))
        found["id"].append(ids)
        found["doc"].append(at[which])
        found["row"].append(rows[order].astype(np.int64))
        alike = len(set(basis)) == 1
        found["basis"].append(repeated(basis[0], len(order)) if alike else objects(basis)[which])
        found["line"].append(np.broadcast_to(np.int64(0), len(order)))
        for name in ("pointer", "excerpt"):
            found[name].append(repeated("", len(order)))
    return {name: joined(parts) for name, parts in found.items()}


def _first_row(table: FactTable) -> int:
    """The number of its first row; 0 where it has none."""
    return int(table.cells["row"][0].as_py()) if len(table) else 0


def _empty(names: Sequence[str]) -> dict[str, Cells]:
    return {n: np.empty(0, np.int64 if n in columns.INTEGERS else object) for n in names}
