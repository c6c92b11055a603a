"""Links of a scope: what no export can show."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import product

from nhigraph.facts import keys, refused
from nhigraph.facts.facts import Claim, Edge, Fact, Gap, about
from nhigraph.graph.store import Graph
from nhigraph.schema import kinds
from nhigraph.schema.types import Certainty, Transform


def opened(claims: Iterable[Claim]) -> dict[str, set[str]]:
    """Keys of credentials that a link ties to what they authenticate as, and of that."""
    found: dict[str, set[str]] = {}
    for claim in about(claims, "link"):
        if claim.body["kind"] == kinds.AUTHENTICATES_AS.label:
            to = keys.canonical(str(claim.body["to"]))
            found.setdefault(keys.canonical(str(claim.body["from"])), set()).add(to)
    return found


def linked(claims: Iterable[Claim]) -> set[str]:
    """Keys of which a link says what they may do, or whom they become."""
    links = (claim.body for claim in about(claims, "link"))
    reveal = kinds.AUTHENTICATES_AS.label
    return {keys.canonical(str(body["from"])) for body in links if body["kind"] != reveal}


def links(graph: Graph, claims: Iterable[Claim]) -> list[Fact]:
    """What no export can show; ``assumed`` unless somebody confirmed it.

    Who confirms a link with a condition confirms it on that condition: it is as an edge of facts/1
    that states one and no certainty. An end that names no holder, where several have the name, is
    each of them on that condition.
    """
    facts: list[Fact] = []
    for claim in about(claims, "link"):
        body = claim.body
        confirmed = bool(body.get("confirmed_by"))
        ends = [graph.named(keys.canonical(str(body[end]))) for end in ("from", "to")]
        for source, target in product(*ends):
            meant = [
                f"{one} is meant"
                for one, many in zip((source, target), ends, strict=True)
                if len(many) > 1
            ]
            conditions = [one for one in (_text(body.get("condition")), *meant) if one]
            sure = Certainty.CONDITIONAL if conditions else Certainty.CERTAIN
            facts.append(
                Edge(
                    kinds.EDGE_KINDS[str(body["kind"])],
                    source,
                    target,
                    claim.evidence,
                    action=_text(body.get("action")),
                    certainty=sure if confirmed else Certainty.ASSUMED,
                    condition=" and ".join(conditions) or None,
                    gate=keys.canonical(str(body["gate"])) if body.get("gate") else None,
                    valid_from=_day(body.get("valid_from")),
                    valid_until=_day(body.get("valid_until")),
                    transform=_transform(body.get("transform")),
                )
            )
    return facts


def _transform(value: object) -> Transform | None:
    return Transform(str(value)) if value else None


def refused_links(graph: Graph, claims: Iterable[Claim]) -> Iterator[Gap]:
    """Gaps at the known ends of links that could not be read."""
    for claim in about(claims, "refused link"):
        body = claim.body
        gaps = refused.of_edge(
            kinds.EDGE_KINDS.get(str(body["kind"])),
            _text(body["from"]),
            _text(body["to"]),
            str(body["reason"]),
            claim.evidence,
            (_day(body["valid_from"]), _day(body["valid_until"])),
        )
        yield from (gap for gap in gaps if graph.node_id(gap.at) is not None)


def _text(value: object) -> str | None:
    return str(value) if value else None


def _day(value: object) -> date | None:
    if isinstance(value, date):
        return value
    return date.fromisoformat(str(value)) if value else None
