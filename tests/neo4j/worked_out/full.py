"""An estate in which every question of the library has an answer, and the state it was in before.

Small, and complete: an empty answer equals an empty expectation, whatever the question asks.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tests.e2e.command import inside
from tests.estate_files import write_estate
from tests.neo4j.worked_out.folder import Folder, read

Record = dict[str, Any]
LEDGER: Final = "dataset:postgres:erp.fin.ledger"
#: What its questions are asked with.
GIVEN: Final = {
    "snapshot": "full",
    "before": "full-before",
    "target": "fin:gl",
    "identity": "acme:job",
    "node": "acme:agent",
    "credential": "acme:key",
    "gate": "acme:approval",
    "days": 365,
}

#: Nodes of questions to which the first has no answer.
AT: Final = {"explore/what-relies-on": LEDGER, "explore/who-may-become": "acme:svc"}


def given(name: str) -> dict[str, object]:
    """What a question is asked with."""
    return GIVEN | ({"node": AT[name]} if name in AT else {})


def _node(kind: str, key: str, owner: str = "", **more: Any) -> Record:  # noqa: ANN401 - YAML
    props = {
        name: more.pop(name) for name in list(more) if name not in {"state", "expires", "nhi"}
    }
    said = {"kind": kind, "key": key, "name": key.rpartition(":")[2], **more}
    return said | ({"owner": owner} if owner else {}) | ({"props": props} if props else {})


def _edge(said: str, **more: Any) -> Record:  # noqa: ANN401 - YAML
    source, kind, target = said.split()
    return {"kind": kind, "from": source, "to": target, **more}


_NODES: Final = [
    _node("AiAgent", "acme:agent", "platform", vendor="Agently"),
    _node("McpServer", "acme:tools", "platform"),
    _node("CiJob", "acme:job", "platform"),
    _node("Runner", "acme:runner", "platform"),
    _node("Workflow", "acme:workflow", triggers=["push=writer", "pull_request=fork-author"]),
    _node("Repository", "acme:repo", "platform"),
    _node("Group", "github:anyone", nhi=False),
    _node("Group", "acme:team", "finance"),
    _node("User", "acme:anna", "finance"),
    _node("Secret", "acme:key", "platform", rotated="2024-01-31"),
    _node("Secret", "acme:bare", "platform"),
    _node("Token", "acme:old-token", "platform", expires="2026-12-24", exposed=True),
    _node("Token", "acme:gone-token", "platform", expires="2026-01-31", created="2020-02-29"),
    _node("SecretStore", "acme:store", "security"),
    _node("DatabaseRole", "acme:root", superuser=True, bypassrls=False, login=True),
    _node("DatabaseRole", "acme:passes", "finance", bypassrls=True, owner_status="left"),
    _node("ServiceAccount", "acme:svc", "platform"),
    _node("ServiceAccount", "acme:off", "platform", state="disabled"),
    _node("ServiceAccount", "acme:idle", "platform", state="disabled"),
    _node("ServiceAccount", "acme:hidden", "platform"),
    _node("OAuthApp", "proc:app", "Processor"),
    _node("Grant", "acme:grant"),
    _node("Dataset", "dataset:postgres:erp.raw.lines"),
    _node("Dataset", LEDGER),
    _node("Dataset", "dataset:postgres:crm.people"),
]
_EDGES: Final = [
    _edge("acme:repo CONTAINS acme:workflow"),
    _edge("acme:workflow EXECUTES acme:job"),
    _edge("acme:runner EXECUTES acme:job"),
    _edge("github:anyone CAN_WRITE acme:runner", certainty="conditional", condition="a fork"),
    _edge("acme:team CAN_ADMINISTER acme:job"),
    _edge("acme:team CAN_WRITE acme:repo", gate="acme:approval"),
    _edge("acme:anna MEMBER_OF acme:team"),
    _edge("acme:job CAN_READ acme:key", action="use_secret"),
    _edge("acme:job CAN_READ acme:key", action="read_secret"),
    _edge("acme:key AUTHENTICATES_AS acme:svc"),
    _edge("acme:store CONTAINS acme:key"),
    _edge("acme:anna CAN_READ acme:store"),
    _edge("acme:repo EXECUTES acme:agent"),
    _edge("acme:anna CAN_WRITE acme:agent"),
    _edge("acme:agent CAN_ASSUME acme:svc"),
    _edge("acme:tools CAN_READ dataset:postgres:crm.people"),
    _edge("acme:svc HOLDS acme:grant"),
    _edge(f"acme:grant CAN_WRITE {LEDGER}", action="post"),
    _edge(f"acme:svc CAN_WRITE {LEDGER}", action="update", gate="acme:approval"),
    _edge("acme:root CAN_ADMINISTER dataset:postgres:crm.people"),
    _edge(f"acme:root OWNS {LEDGER}"),
    _edge(f"acme:passes CAN_READ {LEDGER}"),
    _edge(f"acme:off CAN_DELETE {LEDGER}"),
    _edge(f"proc:app CAN_WRITE {LEDGER}", action="post"),
    _edge(f"acme:svc CAN_STOP {LEDGER}"),
    _edge(f"dataset:postgres:erp.raw.lines FEEDS {LEDGER}"),
    _edge(f"acme:hidden CAN_READ {LEDGER}"),
]
_TESTS: Final = {
    "human": False, "enforced_by_target": True, "out_of_reach": True,
    "content_bound": True, "no_auto_threshold": True,
}  # fmt: skip
_GATES: Final = [
    {"key": "acme:approval", "kind": "approval", "approvers": ["acme:svc", "acme:anna"],
     "at": "acme:repo", "log": "dataset:postgres:erp.raw.lines", "tests": _TESTS},
]  # fmt: skip
_GAPS: Final = [
    {"at": "acme:hidden", "reason": "its grants were not exported", "states": ["CONTROL"]},
    {"at": "acme:bare", "reason": "whom it opens is not told"},
]
_SCOPE: Final = {
    "nhigraph": "scope/1",
    "organization": "Acme",
    "as_of": "2026-11-23",
    "commitments": ["S", "C"],
    "targets": [
        {"id": "gl", "family": "financial-reporting", "fs_role": "record", "icfr_basis": "own",
         "select": [{"key": LEDGER}]},
        {"id": "people", "family": "trust-service", "commitments": ["C"],
         "select": [{"key": "dataset:postgres:crm.*"}, {"key": LEDGER}]},
        {"id": "nothing", "family": "financial-reporting", "fs_role": "record",
         "icfr_basis": "own", "select": [{"key": "acme:no-such"}]},
        {"id": "nowhere", "family": "financial-reporting", "fs_role": "record",
         "icfr_basis": "own", "select": [{"key": "acme:neither"}]},
    ],
    "boundary": {"carve_out": [{"key": "proc:*"}]},
}  # fmt: skip


def assessed(
    path: Path,
    facts: Sequence[Mapping[str, Any]],
    scope: Mapping[str, Any],
    **told: Any,  # noqa: ANN401
) -> Folder:
    """Assess an estate as anybody does."""
    inputs = path / "inputs"
    inputs.mkdir(parents=True)
    write_estate(inputs, facts, scope)
    ran = inside("assess", inputs, "--out", path / "out", "--all-reached")
    assert ran.code == 0, ran.err
    return read(path / "out", **told)


def full(path: Path) -> Folder:
    """The estate, and what it was before an agent and an export of rights came."""
    facts = {"nhigraph": "facts/1", "nodes": _NODES, "edges": _EDGES, "gates": _GATES,
             "gaps": _GAPS}  # fmt: skip
    came = {"acme:agent", "proc:app"}
    before = facts | {
        "nodes": [one for one in _NODES if one["key"] not in came]
        + [_node("ServiceAccount", "acme:retired", "platform")],
        "edges": [one for one in _EDGES if not came & {one["from"], one["to"]}]
        + [_edge(f"acme:retired CAN_WRITE {LEDGER}")],
    }
    beyond = {"proc:app": "carve_out"}
    earlier = assessed(path / "before", [before], _SCOPE, name="full-before")
    return assessed(path / "now", [facts], _SCOPE, name="full", boundary=beyond, earlier=earlier)
