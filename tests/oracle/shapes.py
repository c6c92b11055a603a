"""Vocabulary and single records of the random estates: keys, dates, properties, conflicts."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from .vocabulary import REVIEWED_KINDS, ROLE_KINDS

AS_OF = "2026-11-23"
GHOSTS = ("acme:ghost", "dataset:postgres:erp.fin.ghost", "ext:ghost")
IDENTITY_KINDS = (
    "ServiceAccount",
    "CloudRole",
    "CloudUser",
    "KubernetesServiceAccount",
    "DatabaseRole",
    "OAuthApp",
    "AiAgent",
    "McpServer",
    "CiJob",
    "Runner",
    "Workload",
)
PEOPLE_KINDS = ("User", "User", "Group")
DATA_KINDS = ("Dataset", "Dataset", "Dataset", "Report", "Model", "Stream", "AuditLog")
CODE_KINDS = (
    "Repository",
    "Branch",
    "Environment",
    "Workflow",
    "Image",
    "Artifact",
    "Model",
    "InfrastructureState",
)
CREDENTIALS = ("ApiKey", "Token", "Secret", "Certificate", "SecretStore", "EncryptionKey")
OTHER_KINDS = ("Grant", "Grant", "System", "Container", "Container")
RIGHT_KINDS = (
    "CAN_WRITE",
    "CAN_WRITE",
    "CAN_WRITE",
    "CAN_DELETE",
    "CAN_READ",
    "CAN_READ",
    "CAN_STOP",
    "CAN_ADMINISTER",
    "OWNS",
)
BECOME_KINDS = ("CAN_ASSUME", "MEMBER_OF", "RUNS_AS", "HOLDS")
GATE_KINDS = ("approval", "review", "protection", "recovery")
ACTIONS = (
    "post",
    "post",
    "update",
    "update",
    "approve",
    "release",
    "delete",
    "void",
    "move_money",
    "change_master",
    "change_rate",
    "change_logic",
    "change_report",
    "grant",
    "become",
    "mint_secret",
    "read_secret",
    "use_secret",
    "edit_pipeline",
    "alter_log",
    "destroy",
    "stop",
    "export",
    "read",
)
TAGS = ("ledger", "pii", "core")


def shifted(days: int) -> str:
    """A day so many days after the as-of date."""
    return (dt.date.fromisoformat(AS_OF) + dt.timedelta(days=days)).isoformat()


def near(rng: Random) -> str:
    """A day around the as-of date: before, on, after, far."""
    return shifted(rng.choice((-40, -1, 0, 0, 1, 1, 40)))


def node_key(rng: Random, kind: str, number: int) -> str:
    """A key in one of a few families, so that globs catch some of them."""
    if kind in ("Dataset", "Stream"):
        schema = rng.choice(("fin", "raw", "crm"))
        return f"dataset:postgres:erp.{schema}.t{number}"
    if kind == "Report":
        return f"report:dbt:r{number}"
    if kind == "Model":
        return f"model:dbt:acme.m{number}"
    owner = rng.choice(("acme", "acme", "acme", "proc", "ext"))
    return f"{owner}:{kind.lower()}-{number}"


def random_props(rng: Random, kind: str, weak: float) -> dict[str, Any]:
    """Properties on both sides of every threshold; `weak` is the density of the weak ones."""
    props: dict[str, Any] = {}

    def sometimes() -> bool:
        return rng.random() < weak

    if rng.random() < 0.3:
        props["environment"] = rng.choice(("prod", "prod", "production", "sandbox", "dev"))
    if rng.random() < 0.2:
        props["tags"] = rng.sample(TAGS, rng.randint(1, 2))
    if sometimes():
        props["rotated"] = shifted(-rng.choice((10, 364, 365, 366, 500)))
    if sometimes() or rng.random() < 0.1:
        props["created"] = shifted(-rng.choice((10, 90, 91, 365, 366, 900)))
    if sometimes():
        granted, used = rng.choice(
            ((100, 20), (100, 21), (10, 0), (9, 0), (12, 2), (13, 3), (90, 3), (30, 20))
        )
        props["rights_granted"] = granted
        if rng.random() < 0.9:
            props["rights_used"] = used
    if sometimes():
        props["vendor"] = "Statusly"
        if rng.random() < 0.6:
            props["vendor_assessed"] = shifted(-rng.choice((10, 365, 366, 800)))
    if sometimes():
        props["used_by"] = rng.choice((0, 1, 2, 3))
    if sometimes():
        props["owner_status"] = rng.choice(("active", "left", "none"))
    if kind in REVIEWED_KINDS and rng.random() < 0.1 + weak:
        props["required_reviews"] = rng.choice((0, 0, 1, 2))
    elif sometimes():
        props["required_reviews"] = 0  # on a kind where it says nothing
    if kind in ROLE_KINDS and rng.random() < 2 * weak:
        props["trust_subject"] = rng.choice(("exact", "wildcard", "missing"))
    if sometimes():
        props["exposed"] = rng.random() < 0.6
    return props


def conflicting_record(rng: Random, node: dict[str, Any]) -> dict[str, Any]:
    """A second record of a node that says less, the same, or something else."""
    record: dict[str, Any] = {"kind": node["kind"], "key": node["key"]}
    if rng.random() < 0.15:
        record["kind"] = rng.choice((*IDENTITY_KINDS, *DATA_KINDS))
    if rng.random() < 0.4:
        record["name"] = rng.choice((node.get("name", "x"), "another", None))
    if rng.random() < 0.3:
        record["state"] = rng.choice(("active", "disabled", "deleted"))
    if rng.random() < 0.3:
        record["expires"] = near(rng)
    if rng.random() < 0.3:
        record["nhi"] = rng.random() < 0.5
    if rng.random() < 0.3:
        record["owner"] = rng.choice(("finance", "audit", None))
    if rng.random() < 0.2:
        record["weaknesses"] = ["weak_auth"]
    if rng.random() < 0.6:
        record["props"] = random_props(rng, node["kind"], 0.2)
    return record
