"""Random scope/1 documents for the random estates."""

from __future__ import annotations

from random import Random
from typing import Any

from .shapes import (
    AS_OF,
    CREDENTIALS,
    DATA_KINDS,
    GHOSTS,
    IDENTITY_KINDS,
    PEOPLE_KINDS,
    TAGS,
    shifted,
)
from .vocabulary import ASSERTION_ALIASES, ASSERTIONS, LETTERS

Record = dict[str, Any]
_DIRECT_ROLES = (
    "record",
    "record",
    "record",
    "record",
    "record",
    "feeder",
    "feeder",
    "logic",
    "key_report",
    "key_report",
)
ROLES = (*_DIRECT_ROLES, "itgc_tool", "audit_trail", "none", "unknown")


def some(rng: Random, values: tuple[str, ...], chance: float) -> list[str]:
    """Each value with the given chance, in order."""
    return [value for value in values if rng.random() < chance]


def random_item(rng: Random, nodes: list[Record]) -> Record:
    """One selector item; every form occurs, exact keys of data nodes most often."""
    data = [node for node in nodes if node["kind"] in DATA_KINDS]
    chosen = rng.choice(rng.choice((data[:2], data[:2], data[:2], data, nodes)))
    key = chosen["key"]
    form = rng.random()
    if form < 0.6:
        return {"key": key}
    if form < 0.67:
        return {"key": key[:-1] + "?"}
    if form < 0.73:
        return {"key": key[: len(key) // 2] + "*" + key[-1]}
    if form < 0.77:
        return {"kind": chosen["kind"]}
    if form < 0.8:
        return {"kind": chosen["kind"], "tag": rng.choice(TAGS)}
    if form < 0.82:
        return {"tag": rng.choice(TAGS)}
    if form < 0.85:
        return {"owner": chosen.get("owner", "finance"), "key": "*"}
    if form < 0.88:
        reports = [node["key"] for node in nodes if node["kind"] == "Report"]
        return {"dbt": "exposure:" + (rng.choice(reports)[11:] if reports else "r*")}
    if form < 0.93:
        return {"downstream_of": key}
    if form < 0.98:
        return {"downstream_of": "dataset:postgres:erp.*", "kind": chosen["kind"]}
    return {}


def random_select(rng: Random, nodes: list[Record]) -> list[Record]:
    """One or two items."""
    return [random_item(rng, nodes) for _ in range(rng.choice((1, 1, 1, 2)))]


def random_target(rng: Random, number: int, nodes: list[Record], financial: bool) -> Record:
    """One target of either family, with every optional part sometimes absent."""
    target: Record = {"id": f"t{number}", "select": random_select(rng, nodes)}
    if financial:
        target["family"] = "financial-reporting"
        if rng.random() < 0.95:
            likely = _DIRECT_ROLES if number == 0 and rng.random() < 0.5 else ROLES
            target["fs_role"] = rng.choice(likely)
        if rng.random() < 0.85:
            target["icfr_basis"] = rng.choice(("own", "own", "user_entity", "both", "unknown"))
        if rng.random() < 0.7:
            names = (*ASSERTIONS, *sorted(ASSERTION_ALIASES))
            target["assertions"] = some(rng, names, rng.choice((0.0, 0.15, 0.5)))
    else:
        target["family"] = "trust-service"
        chance = rng.random()
        if chance < 0.8:
            target["commitments"] = some(rng, LETTERS, 0.5)
        elif chance < 0.9:
            target["commitments"] = "unknown"
    if rng.random() < 0.3:
        target["data_class"] = some(rng, ("confidential", "personal"), 0.7)
    if rng.random() < 0.15:
        target["recoverable"] = "tested"
    return target


def random_boundary(rng: Random, nodes: list[Record]) -> Record:
    """Carve-outs, inclusive parts and outside parts, by key family or single key."""

    def items(pattern: str) -> list[Record]:
        chance = rng.random()
        if chance < 0.35:
            return [{"key": pattern}]
        if chance < 0.55:
            return [{"key": rng.choice(nodes)["key"]}]
        return []

    return {
        "carve_out": items("proc:*"),
        "inclusive": items("acme:*-?"),
        "outside": items("ext:*"),
    }


def random_link(rng: Random, nodes: list[Record]) -> Record:
    """A link that no export can show, with or without its confirmation."""

    def one(kinds: tuple[str, ...]) -> str:
        found = [node["key"] for node in nodes if node["kind"] in kinds]
        return str(rng.choice(found or [node["key"] for node in nodes]))

    if any(node["kind"] in CREDENTIALS for node in nodes) and rng.random() < 0.5:
        ends = ("AUTHENTICATES_AS", one(CREDENTIALS), one((*IDENTITY_KINDS, *PEOPLE_KINDS)))
    else:
        ends = rng.choice(
            (
                ("FEEDS", one(DATA_KINDS), one(DATA_KINDS)),
                ("RUNS_AS", one(IDENTITY_KINDS), one(IDENTITY_KINDS)),
                ("CAN_WRITE", one(IDENTITY_KINDS), one(DATA_KINDS)),
            )
        )
    link: Record = dict(zip(("kind", "from", "to"), ends, strict=True))
    if rng.random() < 0.08:
        link["to"] = rng.choice(GHOSTS)
    if rng.random() < 0.5:
        link["confirmed_by"] = "change ticket 1234"
    return link


def random_scope(rng: Random, nodes: list[Record]) -> Record:
    """A scope with one to four targets."""
    commitments = ["S"] if rng.random() < 0.75 else []
    commitments += some(rng, LETTERS[1:], rng.choice((0.2, 0.5, 0.8)))
    scope: Record = {
        "nhigraph": "scope/1",
        "organization": "Ledgerline Ltd",
        "commitments": commitments,
        "targets": [
            random_target(rng, number, nodes, rng.random() < (0.9 if number == 0 else 0.6))
            for number in range(rng.choice((1, 2, 3, 3, 4)))
        ],
    }
    if rng.random() < 0.9:
        scope["as_of"] = AS_OF if rng.random() < 0.9 else shifted(rng.choice((-1, 1)))
    if rng.random() < 0.4:
        scope["boundary"] = random_boundary(rng, nodes)
    if rng.random() < 0.2:
        users = [node["key"] for node in nodes if node["kind"] == "User"]
        scope["owners"] = [
            {
                "select": rng.choice(random_select(rng, nodes)),
                "owner": rng.choice([*users, "treasury"]),
            }
        ]
    if rng.random() < 0.3:
        scope["links"] = [random_link(rng, nodes) for _ in range(rng.randint(1, 2))]
    if rng.random() < 0.2:
        scope["thresholds"] = {
            "credential_age_days": rng.choice((90, 365)),
            "shared_by": rng.choice((2, 3)),
            "unused_rights_share": rng.choice((0.5, 0.8)),
            "unused_rights_min": 5,
            "vendor_assessment_days": rng.choice((9, 365)),
        }
    return scope
