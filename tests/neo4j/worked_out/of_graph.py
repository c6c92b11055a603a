"""Questions about nodes and edges, answered by looping over them."""

from collections.abc import Mapping
from typing import Any, Final

from tests.neo4j.worked_out.folder import Edge, Folder, Row, Worked, days

_ADMINISTER: Final = ("CAN_ADMINISTER", "OWNS")
_BECOME: Final = ("CAN_ASSUME", "MEMBER_OF", "RUNS_AS", "HOLDS")
_RIGHTS: Final = ("CAN_WRITE", "CAN_DELETE", *_ADMINISTER, "CAN_READ", "CAN_STOP", "COMPUTES")
_LINEAGE: Final = ("FEEDS", "FILTERS", "COMPUTES", "SUPPORTS")
_AGENTS: Final = frozenset({"AiAgent", "McpServer"})
#: Who starts a run without any role in the repository.
_OUTSIDE: Final = frozenset({"fork-author", "anyone", "issue-author", "commenter"})
_ANYONE: Final = frozenset({"github:anyone"})
Given = Mapping[str, Any]


def _many(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _opened(told: Folder, key: str) -> list[str]:
    """Whom a credential authenticates as."""
    edges = told.standing(["AUTHENTICATES_AS"])
    return sorted({edge.target for edge in edges if edge.source == key})


def _holding(told: Folder, key: str) -> set[str]:
    """A node, and whatever contains it."""
    return {key} | told.walked(key, ["CONTAINS"], back=True)


def _kind(told: Folder, key: str) -> str:
    return told.nodes[key].kind


# -- agents, jobs, repositories -----------------------------------------------------------------


def _directs(told: Folder, given: Given) -> list[Row]:
    kinds = ("EXECUTES", "CAN_ASSUME", *_ADMINISTER, "CAN_WRITE")
    return [
        {"agent": edge.target, "source": edge.source, "kind": _kind(told, edge.source),
         "relationship": edge.kind}
        for edge in told.standing(kinds)
        if told.nodes[edge.target].kinds & _AGENTS
    ]  # fmt: skip


def _outsiders(told: Folder, given: Given) -> list[Row]:
    found = []
    for job in told.nodes.values():
        if "CiJob" not in job.kinds:
            continue
        how = {
            trigger
            for edge in told.standing(["EXECUTES"])
            if edge.target == job.key and "Workflow" in told.nodes[edge.source].kinds
            for trigger in _many(told.nodes[edge.source].props.get("triggers", []))
            if trigger.rpartition("=")[2] in _OUTSIDE
        } | set(_taken_over(told, job.key))
        books = _books(told, job.key)
        if how and books:
            found.append({"job": job.key, "name": job.name, "how": sorted(how), "targets": books})
    return found


def _taken_over(told: Folder, job: str) -> list[str]:
    """By which rights anybody decides what a job, or the machine that runs it, executes."""
    runs = {edge.source for edge in told.standing(["EXECUTES"]) if edge.target == job}
    machines = {key for key in runs if "Runner" in told.nodes[key].kinds}
    return [
        f"{told.nodes[edge.source].name}: {edge.condition}"
        for edge in told.standing(["CAN_ASSUME", "EXECUTES", *_ADMINISTER, "CAN_WRITE"])
        if edge.source in _ANYONE and edge.target in {job, *machines}
    ]


def _books(told: Folder, identity: str) -> list[str]:
    effects = {"CONTROL", "ALTER", "OMIT"}
    return sorted(
        row["target"]
        for row in told.verdicts
        if row["identity"] == identity
        and row["target"].startswith("fin:")
        and told.held(row) & effects
    )


def _repositories(told: Folder, given: Given) -> list[Row]:
    def altered(holder: str) -> int:
        return sum(
            row["identity"] == holder
            and row["target"].startswith("fin:")
            and "ALTER" in told.held(row)
            for row in told.verdicts
        )

    return [
        {"repository": edge.target, "holder": edge.source, "right": edge.kind, "gate": edge.gate,
         "reached_books": altered(edge.source)}
        for edge in told.standing(["CAN_WRITE", *_ADMINISTER])
        if "Repository" in told.nodes[edge.target].kinds
    ]  # fmt: skip


def _secrets_of_jobs(told: Folder, given: Given) -> list[Row]:
    handed = {
        (edge.source, edge.target)
        for edge in told.standing(["CAN_READ"])
        if "CiJob" in told.nodes[edge.source].kinds and told.nodes[edge.target].credential
    }
    return [{"job": job, "credential": c, "opens": _opened(told, c)} for job, c in handed]


def _who_changes(told: Folder, given: Given) -> list[Row]:
    run = told.walked(given["identity"], ["EXECUTES", "CONTAINS"], back=True)
    return [
        {"holder": edge.source, "kind": _kind(told, edge.source), "right": edge.kind,
         "node": edge.target, "gate": edge.gate, "place": edge.place}
        for edge in told.standing(["CAN_WRITE", *_ADMINISTER])
        if edge.target in run
    ]  # fmt: skip


# -- controls -----------------------------------------------------------------------------------


def _guarded(told: Folder, given: Given) -> list[Row]:
    return [
        {"source": edge.source, "kind": edge.kind, "target": edge.target, "place": edge.place}
        for edge in told.edges
        if edge.gate == given["gate"]
    ]


def _machines(told: Folder, given: Given) -> list[Row]:
    return [
        {"gate": gate, "name": told.controls.get(gate, {}).get("name", gate), "approver": key,
         "kind": _kind(told, key)}
        for gate, row in told.gates.items()
        for key in sorted(set(row["approvers"]))
        if key in told.nodes and told.nodes[key].nhi
    ]  # fmt: skip


def _unguarded(told: Folder, given: Given) -> list[Row]:
    kinds = ("CAN_WRITE", "CAN_DELETE", *_ADMINISTER)
    return [
        {"holder": edge.source, "right": edge.kind, "node": edge.target, "target": rests.target,
         "place": edge.place}
        for rests in told.standing(["SUPPORTS"])
        if rests.target.startswith("fin:")
        for edge in told.standing(kinds)
        if edge.target == rests.source and not edge.gate
    ]  # fmt: skip


# -- credentials --------------------------------------------------------------------------------


def _expiring(told: Folder, given: Given) -> list[Row]:
    rows = [
        {"credential": one.key, "name": one.name, "kind": one.kind, "expires": one.expires,
         "days_left": days(told.as_of, one.expires), "alive": one.alive}
        for one in told.nodes.values()
        if one.credential and one.expires
    ]  # fmt: skip
    return [row for row in rows if row["days_left"] <= given["days"]]


def _exposed(told: Folder, given: Given) -> list[Row]:
    return [
        {"credential": one.key, "name": one.name, "kind": one.kind, "place": one.place}
        for one in told.nodes.values()
        if one.credential and one.props.get("exposed") is True
    ]


def _ageless(told: Folder, given: Given) -> list[Row]:
    return [
        {"credential": one.key, "name": one.name, "kind": one.kind, "owner": one.owner}
        for one in told.nodes.values()
        if one.credential and not {"rotated", "created"}.intersection(one.props)
    ]


def _open_nobody(told: Folder, given: Given) -> list[Row]:
    return [
        {"credential": one.key, "name": one.name,
         "gaps": sum(gap["key"] == one.key and told.covers(gap) for gap in told.gaps)}
        for one in told.nodes.values()
        if one.credential and not _opened(told, one.key)
    ]  # fmt: skip


def _readers(told: Folder, key: str) -> list[Edge]:
    holding = _holding(told, key)
    return [e for e in told.standing(["CAN_READ", *_ADMINISTER]) if e.target in holding]


def _several_teams(told: Folder, given: Given) -> list[Row]:
    found = []
    for one in told.nodes.values():
        if not one.credential:
            continue
        readers = {edge.source for edge in _readers(told, one.key)}
        owned = {key: told.nodes[key].owner for key in readers if told.nodes[key].owner}
        if len(set(owned.values())) > 1:
            by_owner = sorted(owned, key=lambda key: (owned[key], key))
            found.append(
                {"credential": one.key, "name": one.name, "owners": sorted(set(owned.values())),
                 "readers": by_owner}
            )  # fmt: skip
    return found


def _may_learn(told: Folder, given: Given) -> list[Row]:
    return [
        {"reader": edge.source, "kind": _kind(told, edge.source), "right": edge.kind,
         "place": edge.place}
        for edge in _readers(told, given["credential"])
    ]  # fmt: skip


# -- looking around -----------------------------------------------------------------------------


def _named(told: Folder, keys: set[str], column: str = "node") -> list[Row]:
    return [{column: key, "kind": _kind(told, key), "name": told.nodes[key].name} for key in keys]


def _acts_as(told: Folder, given: Given) -> list[Row]:
    return _named(told, told.walked(given["node"], _BECOME))


def _become(told: Folder, given: Given) -> list[Row]:
    found = told.walked(given["node"], (*_BECOME, *_ADMINISTER), back=True)
    actors = {key for key in found if told.nodes[key].identity or "Grant" in told.nodes[key].kinds}
    return _named(told, actors, "actor")


def _relies_on(told: Folder, given: Given) -> list[Row]:
    found = told.walked(given["node"], (*_LINEAGE, "CONTAINS"))
    return _named(told, found - {given["node"]})


def _comes_from(told: Folder, given: Given) -> list[Row]:
    found = told.walked(given["target"], _LINEAGE, back=True)
    return _named(told, found - {given["target"]})


def _rights(told: Folder, given: Given) -> list[Row]:
    return [
        {"holder": edge.source, "kind": _kind(told, edge.source), "right": edge.kind,
         "action": edge.action, "certainty": edge.certainty, "place": edge.place}
        for edge in told.standing(_RIGHTS)
        if edge.target == given["node"]
    ]  # fmt: skip


# -- identities ---------------------------------------------------------------------------------


def _inactive(told: Folder, given: Given) -> list[Row]:
    rows = [
        {"identity": one.key, "name": one.name, "state": one.state, "expires": one.expires,
         "rights": sum(edge.source == one.key for edge in told.edges)}
        for one in told.nodes.values()
        if one.nhi and not one.alive
    ]  # fmt: skip
    return [row for row in rows if row["rights"]]


def _superusers(told: Folder, given: Given) -> list[Row]:
    return [
        {"identity": one.key, "name": one.name,
         "superuser": one.props.get("superuser", False),
         "bypassrls": one.props.get("bypassrls", False),
         "login": one.props.get("login"),
         "verdict": told.identities.get(one.key, {}).get("verdict")}
        for one in told.nodes.values()
        if one.identity and True in (one.props.get("superuser"), one.props.get("bypassrls"))
    ]  # fmt: skip


def _ownerless(told: Folder, given: Given) -> list[Row]:
    gone = {"left", "none"}
    return [
        {"identity": one.key, "kind": one.kind, "name": one.name, "owner": one.owner,
         "owner_status": one.props.get("owner_status", ""),
         "verdict": told.identities[one.key]["verdict"]}
        for one in told.nodes.values()
        if one.nhi and one.alive and (not one.owner or one.props.get("owner_status") in gone)
    ]  # fmt: skip


WORKED: Final[dict[str, Worked]] = {
    "agents/who-directs-an-agent": _directs,
    "change/outsiders-start-jobs": _outsiders,
    "change/repositories-and-who-writes": _repositories,
    "change/secrets-of-jobs": _secrets_of_jobs,
    "change/who-can-change-a-job": _who_changes,
    "controls/guarded-rights": _guarded,
    "controls/machines-that-approve": _machines,
    "controls/unguarded-writes": _unguarded,
    "credentials/expired-or-expiring": _expiring,
    "credentials/exposed": _exposed,
    "credentials/nobody-says-when": _ageless,
    "credentials/opens-nobody-known": _open_nobody,
    "credentials/readable-by-several-teams": _several_teams,
    "credentials/who-may-learn": _may_learn,
    "explore/what-it-can-act-as": _acts_as,
    "explore/what-relies-on": _relies_on,
    "explore/where-it-comes-from": _comes_from,
    "explore/who-may-become": _become,
    "explore/who-writes-directly": _rights,
    "identities/inactive-with-rights": _inactive,
    "identities/superusers": _superusers,
    "identities/without-owner": _ownerless,
}
