"""What the rules of `nhigraph findings` say, by brute force.

Written from the headings of the rules' docstrings, the table of severities and FORMATS; the parts
of the walker are all it shares with what judges.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .automaton import Held, Move
from .records import Facts
from .rows import IN_BOUNDARY, Context, Identity
from .scope import Target
from .vocabulary import (
    ACTOR_KINDS,
    ALTER,
    CONTROL,
    CREDENTIAL_KINDS,
    HALT,
    READ,
    STATES,
)
from .walker import identities_of, identity_of, judge_one, prepared
from .weaknesses import PathFacts, graph_weaknesses, node_weaknesses, path_node_weaknesses
from .world import strings

Finding = tuple[str, str, str, str]
Row = dict[str, str]
WORDS = ("critical", "high", "medium", "undetermined", "low")
DATA = {"Dataset", "Stream", "Model", "Report", "System", "Container"}
SECRETS = frozenset({"ApiKey", "Token", "Secret", "Certificate"})
_BYPASS = "change_bypass"


@dataclass
class Said:
    """What is expected.

    ``bypass`` are findings of change_bypass that must be there; others of it may.
    """

    found: set[Finding]
    unknown: set[tuple[str, str]]
    bypass: set[Finding]


@dataclass
class _Asked:
    """An estate, walked."""

    ctx: Context
    targets: list[Target]
    moves: list[Move]
    identities: list[Identity]
    rows: dict[str, list[Row]]

    @property
    def ours(self) -> list[Identity]:
        """Living, inside the boundary."""
        boundary = self.ctx.boundary
        return [
            one
            for one in self.identities
            if self.ctx.world.active(one.key) and boundary[one.key] in IN_BOUNDARY
        ]

    def rows_of(self, identity: Identity) -> list[Row]:
        return _telling(judge_one(self.ctx, self.targets, identity)[1])

    def credentials(self, kinds: frozenset[str]) -> list[str]:
        return [
            key
            for key, node in self.ctx.world.nodes.items()
            if node.kinds & kinds
            and self.ctx.world.active(key)
            and self.ctx.boundary[key] in IN_BOUNDARY
        ]


def _telling(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["verdict"] != "neither" and row["states"]]


def word(row: Row | None, *, gaps: bool = False) -> str:
    """The table of severities, from its first line to its last."""
    if row is None:
        return "undetermined" if gaps else "low"
    if row["soc1"] == "direct":
        return "critical" if row["exposure"] == "open" else "high"
    if row["soc1"] == "indirect" or row["soc2"] not in ("", "undetermined"):
        return "medium"
    return "undetermined" if row["verdict"] == "undetermined" else "low"


def findings(facts: list[Facts], scope: Facts, as_of: str | None) -> Said:
    """Everything that the seventeen rules say."""
    ctx, targets, moves = prepared(facts, scope, as_of)
    identities = list(identities_of(ctx, targets, moves))
    asked = _Asked(ctx, targets, moves, identities, {})
    for one in identities:
        asked.rows[one.key] = asked.rows_of(one)
    said = Said(set(), set(), set())
    _records(asked, said)
    for identity in asked.ours:
        for rule, row in _ways(asked, identity):
            said.found.add((rule, identity.key, row["target"], word(row)))
    _split(asked, said)
    _exfil(asked, said)
    _behind_gaps(asked, said)
    return said


# --- what records show -------------------------------------------------------------------------


def _records(asked: _Asked, said: Said) -> None:
    ctx = asked.ctx
    for key in ctx.world.nodes:
        if not ctx.world.active(key) or ctx.boundary[key] == "outside":
            continue
        weak = node_weaknesses(ctx.world, ctx.thresholds, key)
        passed = path_node_weaknesses(ctx.world, ctx.thresholds, key)
        if not passed:
            continue
        rows, gaps = _holder(asked, key)
        found = [(row["target"], word(row)) for row in rows] or [("", word(None, gaps=gaps))]
        for name in weak:
            said.found |= {(name, key, *one) for one in found}
        if _BYPASS in passed and any(
            key in path.nodes(ctx.world) for i in asked.identities for path in i.paths.values()
        ):
            said.bypass |= {(_BYPASS, key, *one) for one in found}
    said.unknown |= {(rule, key) for rule, key in _untold(asked)}


def _holder(asked: _Asked, key: str) -> tuple[list[Row], bool]:
    """Rows of whoever holds a node: an identity itself; a credential known; all else owned."""
    world = asked.ctx.world
    node = world.nodes[key]
    if node.is_nhi:
        (one,) = [one for one in asked.identities if one.key == key]
        return asked.rows[key], bool(one.gaps)
    alone = node.kinds & ACTOR_KINDS or node.kinds & CREDENTIAL_KINDS
    start: set[Held] | None = None if alone else {(key, state) for state in STATES}
    one = identity_of(asked.ctx, asked.targets, asked.moves, key, start)
    return asked.rows_of(one), bool(one.gaps)


def _untold(asked: _Asked) -> Iterator[tuple[str, str]]:
    world, limits = asked.ctx.world, asked.ctx.thresholds
    nhi = [one.key for one in asked.ours]
    both = {*nhi, *asked.credentials(CREDENTIAL_KINDS)}
    secrets = asked.credentials(SECRETS)

    def kinds(*names: str) -> list[str]:
        return [key for key in nhi if world.nodes[key].kinds & set(names)]

    questions: list[tuple[str, Any, tuple[str, ...], bool]] = [
        ("secret_exposed", secrets, ("exposed",), True),
        ("third_party_unassessed", kinds("OAuthApp", "AiAgent", "McpServer"), ("vendor",), True),
        ("overprivileged", nhi, ("rights_granted", "rights_used"), False),
        ("pipeline_trust", kinds("CloudRole"), ("trust_subject",), True),
        ("long_lived", secrets, ("rotated", "created"), True),
        ("shared_identity", both, ("used_by",), True),
        ("weak_auth", nhi, (), True),
    ]
    for rule, keys, names, one_does in questions:
        for key in keys:
            there = [name in world.nodes[key].props for name in names]
            told = any(there) if one_does else all(there)
            if not told and rule not in node_weaknesses(world, limits, key):
                yield rule, key
    for key in both:
        node = world.nodes[key]
        told = bool(node.owners) or "owner_status" in node.props
        if not told and "orphaned" not in node_weaknesses(world, limits, key):
            yield "orphaned", key


# --- what ways show ----------------------------------------------------------------------------


def _ways(asked: _Asked, identity: Identity) -> Iterator[tuple[str, Row]]:
    ctx, held = asked.ctx, identity.walk.may.held
    for row in asked.rows[identity.key]:
        path = identity.paths[row["target"]]
        for name in graph_weaknesses(ctx.world, identity.key, held, [path]):
            yield name, row
        rules = row["rules"].split(";")
        if "R7" in rules or _by_log(asked, path):
            yield "log_tamper", row
        if "R9" in rules and _destroys(asked, path):
            yield "key_or_data_destruction", row
        if "R10" in rules:
            yield "input_integrity", row


def _by_log(asked: _Asked, path: PathFacts) -> bool:
    nodes = asked.ctx.world.nodes
    return any(
        key in nodes and "AuditLog" in nodes[key].kinds and state != READ
        for key, state in path.cone
    )


def _destroys(asked: _Asked, path: PathFacts) -> bool:
    nodes = asked.ctx.world.nodes
    for move in path.moves:
        edge, (key, state) = move.edge, move.target
        if edge is None or state != HALT or key not in nodes:
            continue
        kinds = nodes[key].kinds
        key_, data = "EncryptionKey" in kinds, bool(kinds & DATA)
        removing = edge.effect in {"delete", "administer"}
        if (removing and (data or key_)) or (edge.effect == "halt" and key_):
            return True
        if edge.action == "destroy":
            return True
    return False


def _exfil(asked: _Asked, said: Said) -> None:
    world, boundary = asked.ctx.world, asked.ctx.boundary
    for identity in asked.ours:
        read = [
            row
            for row in asked.rows[identity.key]
            if "R11" in row["rules"].split(";") and {READ, CONTROL} & set(row["states"].split("+"))
        ]
        if not read:
            continue
        away = any(
            key in world.nodes
            and boundary[key] not in IN_BOUNDARY
            and state in (CONTROL, ALTER)
            and not world.nodes[key].kinds & ACTOR_KINDS
            for key, state in identity.walk.may.held
        )
        if away or strings(world.nodes[identity.key].props.get("vendor")):
            said.found |= {("exfil_path", identity.key, r["target"], word(r)) for r in read}
        elif "exfil_path" not in world.nodes[identity.key].weaknesses:
            said.unknown.add(("exfil_path", identity.key))


def _split(asked: _Asked, said: Said) -> None:
    by_key = {target.key: target for target in asked.targets}
    for identity in asked.ours:
        books, trust = [], []
        for row in asked.rows[identity.key]:
            target = by_key[row["target"]]
            if not set(row["states"].split("+")) - {READ}:
                continue
            if target.financial and row["soc1"] in ("direct", "indirect"):
                books.append((row, target))
            elif target.category and target.category in row["soc2"].split(";"):
                trust.append((row, target))
        pairs = [
            (_owners(asked, one), _owners(asked, two)) for _, one in books for _, two in trust
        ]
        if any(one and two and not one & two for one, two in pairs):
            worst = min((word(row) for row, _ in books + trust), key=WORDS.index)
            said.found.add(("split_ownership", identity.key, "", worst))
        elif any(not one or not two for one, two in pairs):
            said.unknown.add(("split_ownership", identity.key))


def _owners(asked: _Asked, target: Target) -> set[str]:
    return {one for key in target.selected for one in asked.ctx.world.nodes[key].owners}


# --- what gaps hide ----------------------------------------------------------------------------


def _behind_gaps(asked: _Asked, said: Said) -> None:
    targets, world = asked.targets, asked.ctx.world
    dead = any(target.dead for target in targets)

    def rests(*letters: str) -> bool:
        return dead or any(
            target.category in {*letters, "unknown"} or target.data_letters & set(letters)
            for target in targets
        )

    books = dead or any(target.financial and target.role != "none" for target in targets)
    log = any(
        target.role == "audit_trail"
        or any("AuditLog" in world.nodes[key].kinds for key in target.selected)
        for target in targets
    )
    asks = {
        "env_mixing": True,
        "human_use": True,
        "sod_conflict": True,
        "log_tamper": log,
        "key_or_data_destruction": books or rests("A"),
        "exfil_path": rests("C", "P"),
        "input_integrity": rests("PI"),
        "split_ownership": books and rests("S", "A", "PI", "C", "P"),
    }
    hit = {(rule, key) for rule, key, _, _ in said.found}
    for identity in asked.ours:
        environments = _environments(asked, [identity.key])
        home = environments and environments <= {"prod", "production"}
        for rule, asked_for in asks.items():
            known = (rule, identity.key) in hit or (rule == "env_mixing" and home)
            if identity.gaps and asked_for and not known:
                said.unknown.add((rule, identity.key))
        passes = (identity.paths[row["target"]] for row in asked.rows[identity.key])
        known = bool(environments) or ("env_mixing", identity.key) in hit
        if not known and any(_by_production(asked, path) for path in passes):
            said.unknown.add(("env_mixing", identity.key))


def _environments(asked: _Asked, keys: list[str]) -> set[str]:
    nodes = asked.ctx.world.nodes
    return {t.lower() for key in keys for t in strings(nodes[key].props.get("environment"))}


def _by_production(asked: _Asked, path: PathFacts) -> bool:
    found = _environments(asked, path.nodes(asked.ctx.world))
    return bool(found & {"prod", "production"})
