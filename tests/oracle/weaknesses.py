"""FORMATS 'Facts that become weaknesses', one property at a time."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .automaton import Held, Move
from .records import Facts
from .vocabulary import (
    ALTER,
    APPROVING_ACTIONS,
    CONTROL,
    DATED_BY_CREATED,
    DEFAULT_THRESHOLDS,
    PREPARING_ACTIONS,
    REVIEWED_KINDS,
)
from .world import World, age_in_days, strings

PRODUCTION = frozenset({"prod", "production"})


def environments_of(world: World, key: str) -> frozenset[str]:
    """The environments that the records of a node name; mostly one, or none."""
    return frozenset(strings(world.nodes[key].props.get("environment")))


def thresholds_of(scope: Facts) -> dict[str, Any]:
    """The scope's thresholds over the defaults of FORMATS."""
    given = scope.get("thresholds") or {}
    return {**DEFAULT_THRESHOLDS, **{k: v for k, v in given.items() if v is not None}}


def node_weaknesses(world: World, thresholds: dict[str, Any], key: str) -> set[str]:
    """What the node's own facts say, wherever the node stands; none for an inactive node."""
    if not world.active(key):
        return set()
    node = world.nodes[key]
    props = node.props
    found = set(node.weaknesses)

    dated = props.get("rotated")
    if dated is None and node.kinds & DATED_BY_CREATED:
        dated = props.get("created")
    if dated is not None and age_in_days(dated, world.as_of) > thresholds["credential_age_days"]:
        found.add("long_lived")

    granted, used = props.get("rights_granted"), props.get("rights_used")
    if granted is not None and used is not None:
        unused = granted - used
        share = Fraction(str(thresholds["unused_rights_share"]))
        if unused >= thresholds["unused_rights_min"] and unused >= share * granted:
            found.add("overprivileged")

    if props.get("vendor"):
        assessed = props.get("vendor_assessed")
        limit = thresholds["vendor_assessment_days"]
        if assessed is None or age_in_days(assessed, world.as_of) > limit:
            found.add("third_party_unassessed")

    if props.get("used_by") is not None and props["used_by"] >= thresholds["shared_by"]:
        found.add("shared_identity")

    owner_inactive = any(
        "User" in world.nodes[owner].kinds and not world.in_use(owner)
        for owner in node.owners & world.nodes.keys()
    )
    if props.get("owner_status") in ("left", "none") or owner_inactive:
        found.add("orphaned")

    if props.get("trust_subject") in ("wildcard", "missing"):
        found.add("pipeline_trust")

    if props.get("exposed") is True:
        found.add("secret_exposed")
    return found


def path_node_weaknesses(world: World, thresholds: dict[str, Any], key: str) -> set[str]:
    """As above for a node on a path: `required_reviews` 0 counts only there."""
    found = node_weaknesses(world, thresholds, key)
    node = world.nodes[key]
    if node.kinds & REVIEWED_KINDS and node.props.get("required_reviews") == 0:
        found.add("change_bypass")
    return found


def credentials_of(world: World, key: str) -> list[str]:
    """The active nodes with an AUTHENTICATES_AS edge in force to this identity."""
    return sorted(
        {
            edge.source
            for edge in world.edges
            if edge.kind == "AUTHENTICATES_AS" and edge.target == key and world.active(edge.source)
        }
    )


@dataclass
class PathFacts:
    """What R12 and the graph weaknesses need of the path to one reached target."""

    target: str
    cone: set[Held]
    moves: list[Move]
    arrivals: list[Move]

    def nodes(self, world: World) -> list[str]:
        """The nodes of the estate on the path (the assurance node itself is none)."""
        return sorted({key for key, _ in self.cone if key in world.nodes})

    def gates(self) -> list[str]:
        """The gates of the edges on the path."""
        return sorted({move.gate for move in self.moves if move.gate is not None})


def approvers_on(world: World, path: PathFacts, *, recovery: bool) -> list[str]:
    """Known, active approvers of the gates on a path."""
    found: set[str] = set()
    for key in path.gates():
        gate = world.gates.get(key)
        if gate is not None and (recovery or gate.kind != "recovery"):
            found |= {approver for approver in gate.approvers if world.active(approver)}
    return sorted(found)


def graph_weaknesses(world: World, key: str, held: set[Held], paths: list[PathFacts]) -> set[str]:
    """The rows "from the graph", and env_mixing: facts about the NHI as a whole."""
    found: set[str] = set()
    elsewhere = environments_of(world, key) - PRODUCTION
    for path in paths:
        environments = {e for k in path.nodes(world) for e in environments_of(world, k)}
        if elsewhere and environments & PRODUCTION:
            found.add("env_mixing")
        for node_key, state in path.cone:
            node = world.nodes.get(node_key)
            if node is not None and "User" in node.kinds and not node.is_nhi and state == CONTROL:
                found.add("human_use")
        by = {
            move.edge.action
            for move in path.arrivals
            if move.edge is not None and move.target[1] == ALTER
        }
        if by & PREPARING_ACTIONS and by & APPROVING_ACTIONS:
            found.add("sod_conflict")
        if any((a, CONTROL) in held for a in approvers_on(world, path, recovery=False)):
            found.add("sod_conflict")
    return found
