"""Estates of a size, for pages: a company of many, and a chain; always the same bytes.

python -m tests.sized many|chain FOLDER   writes the input files of one
"""

import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.estate_files import write_estate

Records = list[dict[str, Any]]
Estate = tuple[list[dict[str, Any]], dict[str, Any]]

#: What an account is for, its team, its kind, and how many of a hundred are like it.
_SORTS = (
    ("treasury-service", "treasury", "ServiceAccount", 16),
    ("billing-worker", "billing", "ServiceAccount", 14),
    ("payout-batch", "payments", "ServiceAccount", 12),
    ("close-job", "controllership", "CiJob", 14),
    ("report-robot", "", "AiAgent", 8),
    ("ops-agent", "platform", "AiAgent", 6),
    ("etl-runner", "data", "ServiceAccount", 18),
    ("monitor", "platform", "ServiceAccount", 12),
)
_ROLES = ("record", "record", "key_report", "logic", "feeder", "itgc_tool")


def _edge(kind: str, source: str, target: str, **more: object) -> dict[str, Any]:
    return {"kind": kind, "from": source, "to": target, **more}


def _accounts(count: int) -> list[tuple[str, str, str, str]]:
    """Key, kind, owner and what it is for, of every account."""
    pool = [sort for sort in _SORTS for _ in range(sort[3])]
    found = []
    for at in range(count):
        # Spread: neighbours in the list are of different sorts.
        what, team, kind, _ = pool[at * 37 % len(pool)]
        found.append((f"acme:{what}-{at:03}", kind, team, what))
    return found


def many(identities: int = 300, roles: int = 60, targets: int = 20) -> Estate:
    """A company: accounts with a secret each, which open roles, which write tables.

    Accounts of one sort share a role and so an answer; some pass a control that holds, some one
    that nobody describes, some reach a gap, one sort reaches nothing.

    Args:
        identities: Accounts, jobs and agents.
        roles: Database roles, identities as well.
        targets: Targets of the scope, every fourth one a promise.
    """
    accounts = _accounts(identities)
    nodes: Records = [
        {"kind": kind, "key": key, "name": key.removeprefix("acme:"), "owner": owner}
        for key, kind, owner, _ in accounts
    ]
    nodes += [
        {"kind": "DatabaseRole", "key": f"acme:role-{at:02}", "name": f"role_{at:02}"}
        for at in range(roles)
    ]
    nodes += [
        {"kind": "User", "key": "acme:anna", "name": "Anna Berg"},
        {"kind": "User", "key": "acme:tom", "name": "Tom Roe"},
        {"kind": "Group", "key": "acme:closers", "name": "closers"},
    ]
    tables = max(targets, 4)
    for at in range(tables):
        for layer in ("raw", "mart"):
            key = f"acme:{layer}-{at:02}"
            nodes.append({"kind": "Dataset", "key": key, "name": f"{layer}.t{at:02}"})
    sorts = [sort[0] for sort in _SORTS]
    edges = _rights(accounts, sorts, roles)
    gaps: Records = []
    edges += [_edge("FEEDS", f"acme:raw-{at:02}", f"acme:mart-{at:02}") for at in range(tables)]
    edges += _writes(roles, tables)
    edges += [_edge("MEMBER_OF", "acme:tom", "acme:closers")]
    edges += [_edge("CAN_ASSUME", "acme:closers", "acme:role-00")]
    for at, (key, _, _, what) in enumerate(accounts):
        if what == "ops-agent":
            gaps.append({"at": key, "reason": "its permissions were not exported"})
        elif what != "monitor":
            secret = f"acme:secret-{at:03}"
            nodes.append({"kind": "Secret", "key": secret, "name": f"SECRET_{at:03}"})
    facts = {"nhigraph": "facts/1", "extracted": "2026-11-20", "nodes": nodes, "edges": edges}
    scope = {
        "nhigraph": "scope/1",
        "organization": "Acme Treasury plc",
        "as_of": "2026-11-23",
        "commitments": ["S", "A", "C"],
        "targets": [_target(at) for at in range(targets)],
    }
    return [{**facts, "gaps": gaps, "gates": _gates()}], scope


def _rights(accounts: list[tuple[str, str, str, str]], sorts: list[str], roles: int) -> Records:
    edges = []
    for at, (key, _, _, what) in enumerate(accounts):
        if what in {"monitor", "ops-agent"}:
            continue
        secret, number = f"acme:secret-{at:03}", sorts.index(what) * 7 + at % 3
        edges.append(_edge("CAN_READ", key, secret, action="use_secret"))
        edges.append(_edge("AUTHENTICATES_AS", secret, f"acme:role-{number % roles:02}"))
    return edges


def _writes(roles: int, tables: int) -> Records:
    """Each role writes some tables, every fifth past a control; some inherit from the next."""
    edges = []
    for at in range(roles):
        role = f"acme:role-{at:02}"
        gate = ("", "", "", "acme:review", "acme:unknown-rule")[at % 5]
        more = {"gate": gate} if gate else {}
        for offset in (0, 3, 7, 8, 12, 17):
            table = f"acme:raw-{(at + offset) % tables:02}"
            edges.append(_edge("CAN_WRITE", role, table, action="post", **more))
            if table.endswith(("3", "7")):
                edges.append(_edge("CAN_STOP", role, table.replace("raw", "mart"), **more))
                edges.append(_edge("CAN_READ", role, table.replace("raw", "mart")))
        if at % 4 == 1 and at + 1 < roles:
            edges.append(_edge("MEMBER_OF", role, f"acme:role-{at + 1:02}"))
    return edges


def _gates() -> Records:
    tests = ("human", "enforced_by_target", "out_of_reach")
    rest = ("content_bound", "no_auto_threshold", "log_out_of_reach")
    said = dict.fromkeys(tests + rest, True)
    return [{"key": "acme:review", "kind": "review", "approvers": ["acme:anna"], "tests": said}]


def _target(at: int) -> dict[str, Any]:
    select = [{"key": f"acme:mart-{at:02}"}]
    if at % 4 == 3:
        return {
            "id": f"promise-{at:02}",
            "family": "trust-service",
            "commitments": [("A", "C")[at // 4 % 2]],
            "select": select,
        }
    return {
        "id": f"ledger-{at:02}",
        "family": "financial-reporting",
        "fs_role": _ROLES[at % len(_ROLES)],
        "icfr_basis": "own",
        "select": select,
    }


def chain(roles: int = 500) -> Estate:
    """Roles, each a member of the next, the last of which writes the ledger."""
    keys = [f"acme:role-{at:04}" for at in range(roles)]
    nodes = [{"kind": "DatabaseRole", "key": key, "name": key[5:]} for key in keys]
    nodes.append({"kind": "Dataset", "key": "acme:ledger", "name": "ledger"})
    edges = [_edge("MEMBER_OF", one, other) for one, other in pairwise(keys)]
    edges.append(_edge("CAN_WRITE", keys[-1], "acme:ledger", action="post"))
    facts = {"nhigraph": "facts/1", "extracted": "2026-11-20", "nodes": nodes, "edges": edges}
    target = {
        "id": "general-ledger",
        "family": "financial-reporting",
        "fs_role": "record",
        "icfr_basis": "own",
        "select": [{"key": "acme:ledger"}],
    }
    scope = {
        "nhigraph": "scope/1",
        "organization": "Chain plc",
        "as_of": "2026-11-23",
        "commitments": ["S"],
        "targets": [target],
    }
    return [facts], scope


if __name__ == "__main__":
    place = Path(sys.argv[2])
    place.mkdir(parents=True, exist_ok=True)
    write_estate(place, *(chain() if sys.argv[1] == "chain" else many()))
