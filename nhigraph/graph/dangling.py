"""Edges that wait for what no input describes: what their gaps say, and the edges without it."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from nhigraph.facts import asks
from nhigraph.facts.asks import Leads, Needs
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Gap, Need
from nhigraph.graph import columns
from nhigraph.schema import kinds
from nhigraph.schema.types import Certainty, Transform


def hides(cells: Mapping[Any, Any], known: Collection[str]) -> tuple[str, Leads | Needs]:
    """What hides behind an edge of which the end, or a needed node, is not described.

    Args:
        cells: Of its record.
        known: Keys of nodes that inputs describe.

    Returns:
        The reason of its gap, and what that asks for.
    """
    if cells["to"] not in known:
        reason = f"{cells['kind']} leads to {cells['to']}, which no input describes"
        return reason, Leads(str(cells["to"]), str(cells["kind"]))
    stated = [(str(at), str(state)) for at, state in json.loads(cells["needs"])]
    missing = [need for need in stated if need[0] not in known]
    rest = [list(need) for need in stated if need[0] in known]
    kept = {**cells, "needs": columns.canonical(rest) if rest else ""}
    named = " and ".join(sorted({at for at, _ in missing}))
    reason = f"{cells['kind']} needs {named}, which no input describes"
    return reason, Needs(tuple(missing), (tuple(str(kept[name]) for name in asks.EDGE),))


def waiting_together(gaps: Iterable[Gap]) -> list[Gap]:
    """Gaps of edges that wait for one thing ask for it together."""
    found = list(gaps)
    edges: dict[object, set[tuple[str, ...]]] = {}
    for gap in found:
        if isinstance(gap.asks, Needs):
            edges.setdefault(_name(gap), set()).update(gap.asks.edges)
    return [
        replace(gap, asks=Needs(gap.asks.needs, tuple(edges[_name(gap)])))
        if isinstance(gap.asks, Needs)
        else gap
        for gap in found
    ]


def _name(gap: Gap) -> object:
    needs = gap.asks.needs if isinstance(gap.asks, Needs) else ()
    return gap.at, gap.reason, gap.states, gap.valid_from, gap.valid_until, needs


def edges_of(
    source: str, ask: Needs, evidence: Evidence, days: tuple[str, str], *, sure: bool
) -> list[Edge]:
    """The edges that hold where the needs are met.

    Args:
        source: Key of the node that they start from.
        ask: What its gap asks for.
        evidence: Who says that they are met.
        days: First and last day on which they hold, as ISO dates; empty for none.
        sure: Whether that is confirmed; else what is certain is assumed.
    """
    since, until = (date.fromisoformat(day) if day else None for day in days)
    return [
        Edge(
            kinds.EDGE_KINDS[cells["kind"]],
            source,
            cells["to"],
            evidence,
            action=cells["action"] or None,
            certainty=_certainty(cells["certainty"], sure=sure),
            condition=cells["condition"] or None,
            gate=cells["gate"] or None,
            needs=tuple(Need(at, state) for at, state in columns.needs_of(cells["needs"])),
            valid_from=since,
            valid_until=until,
            transform=Transform(cells["transform"]) if cells["transform"] else None,
        )
        for edge in ask.edges
        for cells in [dict(zip(asks.EDGE, edge, strict=True))]
    ]


def _certainty(stated: str, *, sure: bool) -> Certainty:
    found = Certainty(stated)
    return found if sure or found is not Certainty.CERTAIN else Certainty.ASSUMED
