"""Weaknesses that properties show, and those that only a path shows.

Rules and thresholds: FORMATS, *Facts that become weaknesses*. An absent fact is no weakness.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from nhigraph.assurance.estate import Estate
from nhigraph.schema import kinds
from nhigraph.schema.controls import WEAKNESSES

PROPERTIES = (
    "rotated",
    "created",
    "rights_granted",
    "vendor",
    "used_by",
    "owner_status",
    "required_reviews",
    "trust_subject",
    "exposed",
    "weaknesses",
)
_DATED = {k.label for k in (kinds.API_KEY, kinds.TOKEN, kinds.SECRET, kinds.CERTIFICATE)}
_REVIEWED = {k.label for k in (kinds.REPOSITORY, kinds.BRANCH, kinds.ENVIRONMENT, kinds.WORKFLOW)}
PRODUCTION = {"prod", "production"}


def days_since(day: object, as_of: str) -> int | None:
    """Whole days from an ISO date to the as-of date, or None where it is no date."""
    try:
        return (date.fromisoformat(as_of) - date.fromisoformat(str(day)[:10])).days
    except ValueError:
        return None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value


def of_node(
    kind: str, props: Mapping[str, Any], as_of: str, thresholds: Mapping[str, float]
) -> set[str]:
    """Weaknesses that a node's own properties show; ``change_bypass`` counts on a path only."""
    users = _number(props.get("used_by"))
    holds = {
        "long_lived": _long_lived(kind, props, as_of, thresholds),
        "overprivileged": _overprivileged(props, thresholds),
        "third_party_unassessed": _unassessed(props, as_of, thresholds),
        "shared_identity": users is not None and users >= thresholds["shared_by"],
        "orphaned": props.get("owner_status") in {"left", "none"},
        "pipeline_trust": props.get("trust_subject") in {"wildcard", "missing"},
        "secret_exposed": props.get("exposed") is True,
        "change_bypass": kind in _REVIEWED and _number(props.get("required_reviews")) == 0,
    }
    stated = {w for w in props.get("weaknesses", ()) if w in WEAKNESSES}
    return stated | {name for name, holding in holds.items() if holding}


def _long_lived(
    kind: str, props: Mapping[str, Any], as_of: str, thresholds: Mapping[str, float]
) -> bool:
    day = props.get("rotated") or (props.get("created") if kind in _DATED else None)
    age = days_since(day, as_of) if day else None
    return age is not None and age > thresholds["credential_age_days"]


def _overprivileged(props: Mapping[str, Any], thresholds: Mapping[str, float]) -> bool:
    granted, used = _number(props.get("rights_granted")), _number(props.get("rights_used"))
    if granted is None or used is None:
        return False
    unused = granted - used
    enough = unused >= thresholds["unused_rights_min"]
    return enough and unused >= thresholds["unused_rights_share"] * granted


def _unassessed(props: Mapping[str, Any], as_of: str, thresholds: Mapping[str, float]) -> bool:
    if not props.get("vendor"):
        return False
    assessed = props.get("vendor_assessed")
    age = days_since(assessed, as_of) if assessed else None
    return age is None or age > thresholds["vendor_assessment_days"]


def standing(found: set[str], props: Mapping[str, Any]) -> set[str]:
    """Weaknesses that hold off any path too: a missing review is one only where one passes."""
    explicit = "change_bypass" in props.get("weaknesses", ())
    return found if explicit else found - {"change_bypass"}


def of_nodes(estate: Estate) -> dict[int, set[str]]:
    """Living nodes to the weaknesses their own records show."""
    graph = estate.graph
    found: dict[int, set[str]] = {}
    for node, props in graph.nodes_with_property(*PROPERTIES):
        if estate.alive[node]:
            ids = of_node(graph.kind_list[node], props, estate.day.as_of, estate.thresholds)
            if ids:
                found[node] = ids
    for node, owner in enumerate(graph.nodes["owner"]):
        person = graph.node_id(owner) if owner and estate.alive[node] else None
        if (
            person is not None
            and graph.kind_list[person] == kinds.USER.label
            and not estate.alive[person]
        ):
            found.setdefault(node, set()).add("orphaned")
    return found


def of_credentials(estate: Estate) -> dict[int, set[int]]:
    """Identities to the living credentials that authenticate as them."""
    edges = estate.graph.edges
    kind = edges["kind"].to_numpy(dtype=object)
    found: dict[int, set[int]] = {}
    rows = (kind == kinds.AUTHENTICATES_AS.label) & estate.in_force
    for source, target in zip(edges["src"][rows], edges["dst"][rows], strict=True):
        found.setdefault(int(target), set()).add(int(source))
    return found


def environment(props: Mapping[str, Any]) -> str:
    """Environment of a node, folded; empty where nothing was said."""
    return str(props.get("environment") or "").lower()
