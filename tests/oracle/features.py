"""What an estate gets beside its plain records: refused words, dead targets, conflicts, gates.

Each feature is drawn by a generator of its own, so that one more changes no other estate part.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from .shapes import (
    ACTIONS,
    CODE_KINDS,
    CREDENTIALS,
    DATA_KINDS,
    GHOSTS,
    IDENTITY_KINDS,
    OTHER_KINDS,
    PEOPLE_KINDS,
    near,
    shifted,
)
from .vocabulary import GATE_TESTS, NODE_KINDS, RECOVERY_TESTS, STATES

Record = dict[str, Any]
Estate = tuple[list[Record], Record]
Feature = Callable[[Random, list[Record], Record], None]

_UNUSUAL = ("Grant", "User", "Group", "Report", "Repository", "AuditLog", "Container")


def misspelt(rng: Random, word: str) -> str:
    """A word with one letter gone, doubled, or two letters changed about: no word any more."""
    at = rng.randrange(len(word) - 1)
    changed = rng.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )
    return changed if changed not in (word, "") else word + "x"


def records_of(facts: list[Record], section: str) -> list[Record]:
    """The records of one section, over all documents; changed in place."""
    return [record for document in facts for record in document.get(section, [])]


def add(rng: Random, facts: list[Record], section: str, *records: Record) -> None:
    """More records, each in any of the documents, anywhere among the others."""
    for record in records:
        section_of = rng.choice(facts).setdefault(section, [])
        section_of.insert(rng.randint(0, len(section_of)), record)


def _keys(facts: list[Record], kinds: tuple[str, ...] = ()) -> list[str]:
    nodes = [node for node in records_of(facts, "nodes") if not kinds or node["kind"] in kinds]
    return list(dict.fromkeys(node["key"] for node in nodes))


# --- refused records: one word of one record that nobody knows ---------------------------------


SPOILT = (
    *("kind", "action", "certainty", "transform", "from", "until", "turned"),
    *("needs", "end", "gate", "if"),
)


def refuse_edge(rng: Random, facts: list[Record], scope: Record) -> None:
    """An unknown word or a value out of its type, in any column of an edge."""
    edges = records_of(facts, "edges")
    if not edges:
        return
    edge = rng.choice(edges)
    spoil = rng.choice(SPOILT)
    if spoil == "kind":
        edge["kind"] = misspelt(rng, edge["kind"])
    elif spoil == "action":
        edge["action"] = misspelt(rng, edge.get("action") or rng.choice(ACTIONS))
    elif spoil == "transform" and edge["kind"] == "FEEDS":
        edge["transform"] = misspelt(rng, edge.get("transform") or "copy")
    elif spoil == "from":
        edge["valid_from"] = rng.choice(("soon", "2026-13-01", [near(rng)]))
    elif spoil == "until":
        edge["valid_until"] = rng.choice(("never", "2026-02-30", "23/11/2026"))
    elif spoil == "turned":
        edge["valid_from"], edge["valid_until"] = shifted(rng.choice((-5, 5))), shifted(-9)
    elif spoil == "needs":
        at = rng.choice(_keys(facts))
        edge["needs"] = rng.choice(
            (at, [at], [{"at": at}], [{"at": at, "state": misspelt(rng, rng.choice(STATES))}])
        )
    elif spoil == "end":
        edge[rng.choice(("from", "to"))] = rng.choice((None, [rng.choice(_keys(facts))], ""))
    elif spoil == "gate":
        edge["gate"] = ["acme:gate-0"]
    elif spoil == "if":
        edge["condition"] = {"ip": "10.0.0.0/8"}
    else:
        edge["certainty"] = misspelt(rng, edge.get("certainty") or "certain")
    if rng.random() < 0.25:  # a date that can be read still bounds what is hidden
        edge.setdefault(rng.choice(("valid_from", "valid_until")), near(rng))


def refuse_node(rng: Random, facts: list[Record], scope: Record) -> None:
    """A node with an unknown kind or state, a date or a flag that is none, a list for a text."""
    node = rng.choice(records_of(facts, "nodes"))
    spoil = rng.choice(("kind", "kind", "state", "expires", "nhi", "owner", "props"))
    if spoil == "kind":
        node["kind"] = misspelt(rng, node["kind"])
    elif spoil == "state":
        node["state"] = misspelt(rng, node.get("state") or "disabled")
    elif spoil == "expires":
        node["expires"] = rng.choice(("soon", "2026-13-01"))
    elif spoil == "nhi":
        node["nhi"] = rng.choice(("perhaps", "true", "no"))
    elif spoil == "owner":
        node["owner"] = ["finance", "audit"]
    else:
        node["props"] = ["exposed"]


def refuse_beside(rng: Random, facts: list[Record], scope: Record) -> None:
    """A node that one record takes out, and another record of it that cannot be read in that."""
    node = rng.choice(records_of(facts, "nodes"))
    name, out, unread = rng.choice(
        (
            ("state", rng.choice(("disabled", "deleted")), "gone"),
            ("expires", shifted(-30), "soon"),
            ("nhi", False, "no"),
        )
    )
    node[name] = out
    other = {"kind": node["kind"], "key": node["key"], name: unread}
    if rng.random() < 0.2:  # a third one, which says what the second may have said
        right = {"state": "active", "expires": shifted(30), "nhi": True}
        add(rng, facts, "nodes", {"kind": node["kind"], "key": node["key"], name: right[name]})
    add(rng, facts, "nodes", other)


def refuse_gate(rng: Random, facts: list[Record], scope: Record) -> None:
    """A gate of no known kind, or with approvers that are no list."""
    gates = records_of(facts, "gates")
    if not gates:
        return
    gate = rng.choice(gates)
    if rng.random() < 0.6:
        gate["kind"] = misspelt(rng, gate["kind"])
    else:
        gate["approvers"] = {"team": "acme:user-1"}


def refuse_gap(rng: Random, facts: list[Record], scope: Record) -> None:
    """A gap whose states are no states: it hides any."""
    gaps = records_of(facts, "gaps")
    if not gaps:
        gaps = [{"at": rng.choice(_keys(facts)), "reason": "not exported"}]
        add(rng, facts, "gaps", *gaps)
    gap = rng.choice(gaps)
    states = gap.get("states") or ["CONTROL"]
    gap["states"] = rng.choice(([misspelt(rng, states[0]), *states[1:]], states[0]))


def refuse_link(rng: Random, facts: list[Record], scope: Record) -> None:
    """A link of the scope that cannot be read is an edge that cannot be read."""
    ends = rng.choice(_keys(facts)), rng.choice(_keys(facts))
    link: Record = {"kind": rng.choice(("AUTHENTICATES_AS", "FEEDS", "RUNS_AS", "CAN_WRITE"))}
    link.update(zip(("from", "to"), ends, strict=True))
    if rng.random() < 0.5:
        link["confirmed_by"] = "change ticket 1234"
    if rng.random() < 0.7:
        link["kind"] = misspelt(rng, link["kind"])
    else:
        link["action"] = misspelt(rng, rng.choice(ACTIONS))
    scope["links"] = [*(scope.get("links") or []), link]


# --- the scope ---------------------------------------------------------------------------------


def kill_target(rng: Random, facts: list[Record], scope: Record) -> None:
    """A target that no node supports: a key with a letter wrong, or nodes that are outside."""
    target = rng.choice(scope["targets"])
    key = rng.choice(_keys(facts, DATA_KINDS) or _keys(facts))
    if rng.random() < 0.8:
        target["select"] = [{"key": key + "x"}]
    else:
        target["select"] = [{"key": key}]
        scope.setdefault("boundary", {})["outside"] = [{"key": key}]
        scope["boundary"].pop("carve_out", None)
        scope["boundary"].pop("inclusive", None)


def refuse_target(rng: Random, facts: list[Record], scope: Record) -> None:
    """A target with a word that nobody knows: refused, and what is readable of it is kept."""
    target = rng.choice(scope["targets"])
    financial = target["family"] == "financial-reporting"
    spoil = rng.choice(("family", "fs_role", "data_class", "select", "list", "basis"))
    if spoil == "family":
        target["family"] = misspelt(rng, target["family"])
    elif spoil == "data_class":
        target["data_class"] = [*target.get("data_class", []), "personel"]
    elif spoil == "select":
        word, kind = rng.choice((("kye", "acme:x"), ("kind", "Datset")))
        target["select"] = [*target["select"], {word: kind}]
    elif spoil == "list" or not financial:
        name = "assertions" if financial else "commitments"
        known = target.get(name)
        target[name] = [*(known if isinstance(known, list) else []), "completness"]
    elif spoil == "fs_role":
        target["fs_role"] = misspelt(rng, target.get("fs_role") or "record")
    else:
        target["icfr_basis"] = misspelt(rng, target.get("icfr_basis") or "user_entity")


# --- two records of one thing ------------------------------------------------------------------


def second_kind(rng: Random, facts: list[Record], scope: Record) -> None:
    """Another record of a node, of another kind."""
    node = rng.choice(records_of(facts, "nodes"))
    pool = rng.choice((IDENTITY_KINDS, DATA_KINDS, CODE_KINDS, CREDENTIALS, PEOPLE_KINDS))
    kind = rng.choice(rng.choice((pool, OTHER_KINDS)))
    add(rng, facts, "nodes", {"kind": kind, "key": node["key"]})


def second_properties(rng: Random, facts: list[Record], scope: Record) -> None:
    """Two records of a node that say different things of every sort of property."""
    node = rng.choice(records_of(facts, "nodes"))
    choices: dict[str, tuple[Any, ...]] = {
        "environment": ("prod", "sandbox", "dev"),
        "owner_status": ("active", "left", "none"),
        "trust_subject": ("exact", "wildcard", "missing"),
        "vendor_assessed": (shifted(-10), shifted(-800)),
        "vendor": ("Statusly", "Otherly"),
        "exposed": (True, False),
        "rotated": (shifted(-10), shifted(-500)),
        "created": (shifted(-10), shifted(-900)),
        "used_by": (0, 1, 3),
        "required_reviews": (0, 2),
        "rights_granted": (10, 100),
        "rights_used": (1, 90),
        "tags": (["ledger"], ["pii", "core"]),
    }
    for _ in range(2):
        names = rng.sample(sorted(choices), rng.randint(1, 6))
        record = {"kind": node["kind"], "key": node["key"]}
        record["props"] = {name: rng.choice(choices[name]) for name in names}
        if rng.random() < 0.3:
            record["owner"] = rng.choice(["finance", "audit", *_keys(facts, ("User",))])
        if rng.random() < 0.3:
            record["name"] = rng.choice(("first", "second"))
        add(rng, facts, "nodes", record)


def second_gate(rng: Random, facts: list[Record], scope: Record) -> None:
    """Another record of a gate: some tests, some false, some not told; other approvers, ends."""
    gates = records_of(facts, "gates")
    if not gates:
        return
    gate = rng.choice(gates)
    names = RECOVERY_TESTS if gate["kind"] == "recovery" else GATE_TESTS
    again: Record = {"key": gate["key"], "kind": gate["kind"]}
    again["tests"] = {
        name: rng.choice((True, True, True, False)) for name in names if rng.random() < 0.5
    }
    everything = _keys(facts)
    if rng.random() < 0.4:
        people = _keys(facts, PEOPLE_KINDS) or everything
        again["approvers"] = [rng.choice([*people, *people, *GHOSTS, rng.choice(everything)])]
    for name in ("at", "log"):
        if rng.random() < 0.25:
            again[name] = rng.choice(everything)
    if rng.random() < 0.15:
        again["kind"] = rng.choice(("approval", "review", "protection", "recovery"))
    add(rng, facts, "gates", again)


# --- gates, marks, conditions ------------------------------------------------------------------


def approving_groups(rng: Random, facts: list[Record], scope: Record) -> None:
    """A gate whose approver is a group in which other groups are nested, with whom one likes."""
    edges = records_of(facts, "edges")
    if not edges:
        return
    names = [f"acme:crew-{number}" for number in range(rng.choice((1, 2, 2, 3)))]
    crew: list[Record] = [{"kind": "Group", "key": name} for name in names]
    person: Record = {"kind": "User", "key": "acme:crew-person"}
    if rng.random() < 0.2:
        rng.choice(crew)["state"] = "disabled"
    add(rng, facts, "nodes", *crew, person)
    members = [{"kind": "MEMBER_OF", "from": person["key"], "to": names[-1]}]
    for inner, outer in zip(names[1:], names, strict=False):
        members.append({"kind": "MEMBER_OF", "from": inner, "to": outer})
    if rng.random() < 0.3:
        members.append({"kind": "MEMBER_OF", "from": names[0], "to": names[-1]})  # a circle
    if rng.random() < 0.6:
        machine = rng.choice(_keys(facts, IDENTITY_KINDS) or [person["key"]])
        kind = rng.choice(("MEMBER_OF", "MEMBER_OF", "CAN_ASSUME"))
        members.append({"kind": kind, "from": machine, "to": names[-1]})
    for member in members:
        if rng.random() < 0.2:
            member["certainty"] = rng.choice(("conditional", "assumed"))
        if rng.random() < 0.2:
            member["gate"] = rng.choice(("acme:crew-gate", "acme:undeclared-gate"))
    gate: Record = {"key": "acme:crew-gate", "kind": "approval", "approvers": names[:1]}
    gate["tests"] = dict.fromkeys(GATE_TESTS, True)
    for edge in rng.sample(edges, min(len(edges), rng.randint(1, 3))):
        edge["gate"] = gate["key"]
    add(rng, facts, "gates", gate)
    add(rng, facts, "edges", *members)


def stoppable_log(rng: Random, facts: list[Record], scope: Record) -> None:
    """A gate whose log somebody can stop, and do nothing else with."""
    edges = records_of(facts, "edges")
    identities = _keys(facts, IDENTITY_KINDS)
    if not edges or not identities:
        return
    log: Record = {"kind": rng.choice(("AuditLog", "System", "Stream")), "key": "acme:log"}
    person: Record = {"kind": "User", "key": "acme:log-person"}
    gate: Record = {"key": "acme:log-gate", "kind": rng.choice(("approval", "protection"))}
    gate.update(approvers=[person["key"]], log=log["key"], tests=dict.fromkeys(GATE_TESTS, True))
    stop: Record = {"kind": "CAN_STOP", "from": rng.choice(identities), "to": log["key"]}
    if rng.random() < 0.3:
        stop["gate"] = rng.choice(("acme:log-gate", "acme:undeclared-gate"))
    if rng.random() < 0.3:
        stop["certainty"] = "conditional"
    for edge in rng.sample(edges, min(len(edges), rng.randint(1, 3))):
        edge["gate"] = gate["key"]
    add(rng, facts, "nodes", log, person)
    add(rng, facts, "gates", gate)
    add(rng, facts, "edges", stop)


def marks(rng: Random, facts: list[Record], scope: Record) -> None:
    """`nhi: true` on a person, a group, a grant, a thing; `nhi: false` on a machine."""
    nodes = records_of(facts, "nodes")
    unusual = [node for node in nodes if node["kind"] in _UNUSUAL]
    for node in unusual[: rng.randint(1, 2)]:
        node["nhi"] = rng.random() < 0.7
    machines = [node for node in nodes if node["kind"] in IDENTITY_KINDS]
    if machines and rng.random() < 0.5:
        rng.choice(machines)["nhi"] = False


def bare_conditions(rng: Random, facts: list[Record], scope: Record) -> None:
    """A condition without a certainty, and one that a certainty settles."""
    edges = records_of(facts, "edges")
    for edge in rng.sample(edges, min(len(edges), 3)):
        edge["condition"] = rng.choice(("ip", "tag", "time", ""))
        if rng.random() < 0.7:
            edge.pop("certainty", None)


def condition_link(rng: Random, facts: list[Record], scope: Record) -> None:
    """A link of the scope that holds on a condition, whether or not somebody confirmed it."""
    link: Record = {"kind": rng.choice(("RUNS_AS", "CAN_WRITE", "CAN_READ", "FEEDS"))}
    link.update(zip(("from", "to"), rng.choices(_keys(facts), k=2), strict=True))
    link["condition"] = rng.choice(("ip", "tag", "time"))
    if rng.random() < 0.7:
        link["confirmed_by"] = "change ticket 1234"
    scope["links"] = [*(scope.get("links") or []), link]


#: (name, share of the estates that have it, how it is drawn).
FEATURES: tuple[tuple[str, float, Feature], ...] = (
    ("marks", 0.08, marks),
    ("approving_groups", 0.08, approving_groups),
    ("stoppable_log", 0.08, stoppable_log),
    ("bare_conditions", 0.1, bare_conditions),
    ("second_gate", 0.1, second_gate),
    ("second_kind", 0.08, second_kind),
    ("second_properties", 0.1, second_properties),
    ("refuse_edge", 0.06, refuse_edge),
    ("refuse_node", 0.04, refuse_node),
    ("refuse_beside", 0.03, refuse_beside),
    ("refuse_gate", 0.02, refuse_gate),
    ("refuse_gap", 0.02, refuse_gap),
    ("refuse_link", 0.02, refuse_link),
    ("kill_target", 0.05, kill_target),
    ("refuse_target", 0.05, refuse_target),
    ("condition_link", 0.04, condition_link),
)
NAMES = tuple(name for name, _, _ in FEATURES)


def drawn(seed: int, only: str | None = None) -> list[tuple[str, Feature, Random]]:
    """The features that the estate of a seed has; `only` gives it that one for certain."""
    found = []
    for name, share, feature in FEATURES:
        rng = Random(f"{seed} {name}")
        chosen = rng.random() < share
        if chosen if only is None else name == only:
            found.append((name, feature, rng))
    return found


assert set(_UNUSUAL) <= NODE_KINDS
