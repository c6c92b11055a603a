"""Weaknesses that properties show, and those that only a path shows.

Rules and thresholds: FORMATS, *Facts that become weaknesses*. An absent fact is no weakness.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from nhigraph.assurance.day import Day
from nhigraph.assurance.estate import Estate
from nhigraph.graph.store import keys_in
from nhigraph.records import dataclass
from nhigraph.schema import kinds, properties
from nhigraph.schema.crosswalk import WEAKNESSES

#: Kinds whose age counts from the day on which they were made.
DATED = {k.label for k in (kinds.API_KEY, kinds.TOKEN, kinds.SECRET, kinds.CERTIFICATE)}
#: Kinds whose changes are reviewed, or not.
REVIEWED = {k.label for k in (kinds.REPOSITORY, kinds.BRANCH, kinds.ENVIRONMENT, kinds.WORKFLOW)}
PRODUCTION = {"prod", "production"}
#: Weaknesses of an identity that only its ways show: the flags that it carries to one target, all
#: of a group. ``env_mixing`` also asks that its own environment is known and another.
SHOWN_BY: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "env_mixing": (("production",),),
    "human_use": (("person",),),
    "sod_conflict": (("approves its own",), ("prepares", "releases")),
}
#: Effects of a way that are told and give no S, by the flag of the same name.
EFFECTS = ("log_tamper", "key_or_data_destruction")


def days_since(day: object, as_of: str) -> int | None:
    """Whole days from an ISO date to the as-of date, or None where it is no date."""
    try:
        return (date.fromisoformat(as_of) - date.fromisoformat(str(day)[:10])).days
    except ValueError:
        return None


def of_node(
    kinds_: Collection[str],
    props: Mapping[str, Any],
    as_of: str,
    thresholds: Mapping[str, float],
) -> set[str]:
    """Weaknesses that a node's own properties show; ``change_bypass`` counts on a path only."""
    about = _About(frozenset(kinds_), props, as_of, thresholds)
    stated = {w for w in _texts(props.get("weaknesses")) if w in WEAKNESSES}
    return stated | _showing(props) | {name for name, holds in _RULES.items() if holds(about)}


@dataclass(frozen=True, slots=True)
class _About:
    """What a rule is told of a node."""

    kinds: frozenset[str]
    props: Mapping[str, Any]
    as_of: str
    thresholds: Mapping[str, float]

    def count(self, name: str) -> float | None:
        """A property that is a number."""
        value = self.props.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return value


def _texts(value: object) -> tuple[str, ...]:
    """A property that is a text or several."""
    many = value if isinstance(value, list | tuple) else (value,)
    return tuple(item for item in many if isinstance(item, str) and item)


def _shared(about: _About) -> bool:
    users = about.count("used_by")
    return users is not None and users >= about.thresholds["shared_by"]


def _long_lived(about: _About) -> bool:
    made = about.props.get("created") if about.kinds & DATED else None
    day = about.props.get("rotated") or made
    age = days_since(day, about.as_of) if day else None
    return age is not None and age > about.thresholds["credential_age_days"]


def _overprivileged(about: _About) -> bool:
    granted, used = about.count("rights_granted"), about.count("rights_used")
    if granted is None or used is None:
        return False
    unused = granted - used
    enough = unused >= about.thresholds["unused_rights_min"]
    return enough and unused >= _written(about.thresholds["unused_rights_share"]) * granted


@lru_cache(maxsize=64)
def _written(share: float) -> Fraction:
    """A share as it is written: 0.55 of 100 rights are 55, and not a trifle more."""
    return Fraction(str(share))


def _unassessed(about: _About) -> bool:
    if not about.props.get("vendor"):
        return False
    assessed = about.props.get("vendor_assessed")
    age = days_since(assessed, about.as_of) if assessed else None
    return age is None or age > about.thresholds["vendor_assessment_days"]


_RULES: Mapping[str, Callable[[_About], bool]] = {
    "long_lived": _long_lived,
    "overprivileged": _overprivileged,
    "third_party_unassessed": _unassessed,
    "shared_identity": _shared,
    "change_bypass": lambda about: (
        bool(about.kinds & REVIEWED) and about.count("required_reviews") == 0
    ),
}


def _showing(props: Mapping[str, Any]) -> set[str]:
    """Weaknesses that a property shows by its value alone."""
    found = set()
    for name, value in props.items():
        one = properties.declared(name)
        if (
            one is not None
            and one.weakness
            and (type(value), value) in [(type(shown), shown) for shown in one.shows]
        ):
            found.add(one.weakness)
    return found


def telling() -> tuple[str, ...]:
    """Properties of which one at least must stand there for a weakness of the node's own."""
    found = properties.PROPERTIES.values()
    fed = (one.name for one in found if one.weakness in _RULES or one.shows)
    return ("weaknesses", *fed)


def standing(found: set[str], props: Mapping[str, Any]) -> set[str]:
    """Weaknesses that hold off any path too: a missing review is one only where one passes."""
    explicit = "change_bypass" in _texts(props.get("weaknesses"))
    return found if explicit else found - {"change_bypass"}


def of_nodes(estate: Estate) -> dict[int, set[str]]:
    """Living nodes to the weaknesses their own records show."""
    graph = estate.graph
    found: dict[int, set[str]] = {}
    for node, props in graph.nodes_with_property(*telling()):
        if estate.alive[node]:
            ids = of_node(graph.kinds(node), props, estate.day.as_of, estate.thresholds)
            if ids:
                found[node] = ids
    # Whoever left is gone, also where it is asked what their account would open.
    gone = graph.of_kind({kinds.USER.label}) & ~Day(estate.day.as_of).alive(graph)
    if gone.any():
        for node, owner in enumerate(graph.nodes["owner"]):
            people = map(graph.node_id, keys_in(owner)) if estate.alive[node] else ()
            if any(person is not None and gone[person] for person in people):
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


def shown(flags: Collection[str]) -> frozenset[str]:
    """Weaknesses and effects that the flags carried to one target amount to."""
    carried = set(flags)
    found = {name for name, ways in SHOWN_BY.items() if any(carried >= set(way) for way in ways)}
    return frozenset(found | carried.intersection(EFFECTS))


def environments(props: Mapping[str, Any]) -> set[str]:
    """Environments of a node, folded; several where its records disagree."""
    return {text.lower() for text in _texts(props.get("environment"))}
