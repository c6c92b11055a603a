"""Rows of tables that are no facts: what stays of each, one object for a bad row only."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from nhigraph.facts import refused
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import LIFE, Gap, Left, Node, Refused
from nhigraph.schema import kinds
from nhigraph.schema.types import NodeState, Origin
from nhigraph.sources.facts import vocabulary
from nhigraph.sources.facts.opened import Lost, Source
from nhigraph.sources.facts.properties import parsed

if TYPE_CHECKING:
    import pyarrow as pa

_FLAGS = {"true": True, "false": False}


def of_rows(
    source: Source, table: "pa.Table", problems: "pa.Array", unread: "pa.Array"
) -> Iterator[Refused]:
    """A refusal for every row that is not a fact, in the order of the rows.

    Args:
        source: Where the rows stand.
        table: All rows, with what could be read of each; empty cells elsewhere.
        problems: What is wrong with each row; null where nothing is.
        unread: Names of the fields of ``LIFE`` that could not be read of each, as one text.
    """
    bad = problems.is_valid()
    if not problems.null_count < len(problems):
        return
    place = source.doc.rows()
    reasons = problems.filter(bad).to_pylist()
    rows = table.append_column("unread", unread).filter(bad).to_pylist()
    for row, reason in zip(rows, reasons, strict=True):
        evidence = place.unfold(row["row"])
        left = (
            _node(row, reason, evidence)
            if source.what == "nodes"
            else _edge(row, reason, evidence)
        )
        yield Refused(reason, evidence, left)


def _node(row: dict[str, Any], reason: str, evidence: Evidence) -> tuple[Left, ...]:
    key = row["key"]
    if not key:
        return ()
    node = Node(
        kinds.NODE_KINDS[row["kind"]] if row["kind"] else kinds.UNKNOWN,
        key,
        evidence,
        name=row["name"] or None,
        owner=row["owner"] or None,
        nhi=_FLAGS.get(row["nhi"]),
        state=NodeState(row["state"]) if row["state"] else None,
        expires=_day(row["expires"]),
        props=parsed(row["props"]),
        origin=Origin.FACTS,
        unread=tuple(name for name in LIFE if name in row["unread"]),
    )
    return node, refused.of_node(key, reason, evidence)


def _edge(row: dict[str, Any], reason: str, evidence: Evidence) -> tuple[Left, ...]:
    kind = kinds.EDGE_KINDS[row["kind"]] if row["kind"] else None
    days = _day(row["valid_from"]), _day(row["valid_until"])
    return tuple(refused.of_edge(kind, row["from"], row["to"], reason, evidence, days))


def _day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None


def of_lost(what: str, names: Sequence[str], lost: Lost, evidence: Evidence) -> tuple[Left, ...]:
    """What stays of a row with too many cells or too few: no column is sure any more.

    A node stays where its kind and key are where they should be. Whatever else is the key of a
    node may have been meant, so a gap is left at each; at what is no key the graph lays none.
    """
    cells = lost.cells()
    at = dict(zip(names, cells, strict=False))
    gaps = [
        Gap(cell, f"a row with its key could not be read: {lost.problem}", evidence)
        for cell in sorted({cell for cell in cells if cell})
    ]
    kind = vocabulary.node_kinds().get(at.get("kind", ""))
    if what == "nodes" and kind is not None and at.get("key"):
        return (Node(kind, at["key"], evidence, origin=Origin.FACTS, unread=LIFE), *gaps)
    return tuple(gaps)
