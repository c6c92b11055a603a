"""Seeded random estates, small and nasty: `estate(seed)` gives facts documents and a scope.

python -m tests.oracle.estates --stats [COUNT]   what the first COUNT (1,000) seeds cover
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Collection
from random import Random
from typing import Any

from .features import NAMES, drawn
from .scope import apply_owners, boundaries, select
from .scopes import random_scope
from .shapes import (
    ACTIONS,
    AS_OF,
    BECOME_KINDS,
    CODE_KINDS,
    CREDENTIALS,
    DATA_KINDS,
    GATE_KINDS,
    GHOSTS,
    IDENTITY_KINDS,
    OTHER_KINDS,
    PEOPLE_KINDS,
    RIGHT_KINDS,
    conflicting_record,
    near,
    node_key,
    random_props,
)
from .vocabulary import (
    GATE_TESTS,
    HYGIENE,
    LETTERS,
    NODE_KINDS,
    RECOVERY_TESTS,
    STATES,
)
from .walker import judge
from .world import build_world

Record = dict[str, Any]
_LINEAGE = ("FEEDS", "FEEDS", "FILTERS", "COMPUTES")
_ANY_KIND = (*RIGHT_KINDS, *BECOME_KINDS, *_LINEAGE, "EXECUTES", "CONTAINS", "DEPENDS_ON")


def random_nodes(rng: Random) -> list[Record]:
    """4 to 14 nodes: at least one identity and two data nodes, the rest of any kind."""
    kinds = [rng.choice(IDENTITY_KINDS), rng.choice(DATA_KINDS), rng.choice(DATA_KINDS)]
    pools = (
        IDENTITY_KINDS,
        IDENTITY_KINDS,
        DATA_KINDS,
        CODE_KINDS,
        CREDENTIALS,
        PEOPLE_KINDS,
        OTHER_KINDS,
    )
    for _ in range(rng.randint(1, 11)):
        kinds.append(rng.choice(rng.choice(pools)))
    weak = rng.choice((0.0, 0.0, 0.03, 0.12))
    nodes = []
    for number, kind in enumerate(kinds):
        node: Record = {"kind": kind, "key": node_key(rng, kind, number)}
        if rng.random() < 0.8:
            node["name"] = f"n{number}"
        props = random_props(rng, kind, weak)
        if props:
            node["props"] = props
        chance = rng.random()
        if chance < 0.04:
            node["state"] = rng.choice(("disabled", "deleted"))
        elif chance < 0.2:
            node["state"] = "active"
        if rng.random() < 0.08:
            node["expires"] = near(rng)
        if rng.random() < 0.08:
            node["nhi"] = rng.random() < 0.6
        if rng.random() < weak:
            node["weaknesses"] = rng.sample([*sorted(HYGIENE), "log_tamper"], rng.randint(1, 2))
        nodes.append(node)
    users = [node["key"] for node in nodes if node["kind"] == "User"]
    for node in nodes:
        if rng.random() < 0.2:
            node["owner"] = rng.choice([*users, "finance", "platform"])
    return nodes


def of_kinds(nodes: list[Record], kinds: tuple[str, ...]) -> list[str]:
    """The keys of the nodes of some kinds."""
    return [node["key"] for node in nodes if node["kind"] in kinds]


def random_ends(rng: Random, nodes: list[Record]) -> tuple[str, str, str]:
    """(edge kind, from, to): mostly ends that make sense together, sometimes any two."""
    everything = [node["key"] for node in nodes]
    ids, data = of_kinds(nodes, IDENTITY_KINDS), of_kinds(nodes, DATA_KINDS)
    code, creds = of_kinds(nodes, CODE_KINDS), of_kinds(nodes, CREDENTIALS)
    people, grants = of_kinds(nodes, PEOPLE_KINDS), of_kinds(nodes, ("Grant",))
    boxes = of_kinds(nodes, ("Container", "System", "Repository", "SecretStore"))
    actors = ids + people + grants
    shapes: list[tuple[str, list[str], list[str]]] = [
        (rng.choice(RIGHT_KINDS), actors, rng.choice((data, everything))),
        (rng.choice(RIGHT_KINDS), ids, data),
        (rng.choice(RIGHT_KINDS), ids, data[:2]),
        ("CAN_WRITE", ids, data[:2]),
        (rng.choice(_LINEAGE[:3]), data, data[:2]),
        (rng.choice(BECOME_KINDS), actors, ids + people),
        ("MEMBER_OF", ids + people, people),
        ("HOLDS", ids, grants),
        ("CAN_READ", actors, creds),
        ("AUTHENTICATES_AS", creds, ids + people),
        ("EXECUTES", code, ids),
        ("COMPUTES", code + ids, data),
        (rng.choice(_LINEAGE[:3]), data, data),
        ("CONTAINS", boxes, everything),
        ("DEPENDS_ON", creds + data + ids, ids + data),
        (rng.choice(_ANY_KIND), everything, everything),
    ]
    usable = [shape for shape in shapes if shape[1] and shape[2]]
    kind, sources, targets = rng.choice(usable)
    source, target = rng.choice(sources), rng.choice(targets)
    if source == target and rng.random() < 0.9:
        target = rng.choice(targets)
    return kind, source, target


def random_edge(rng: Random, nodes: list[Record], gates: list[str], dense: float) -> Record:
    """One edge with its action, certainty, gate, needs and dates."""
    kind, source, target = random_ends(rng, nodes)
    edge: Record = {"kind": kind, "from": source, "to": target}
    if kind in (*RIGHT_KINDS, *BECOME_KINDS) and rng.random() < 0.5:
        edge["action"] = rng.choice(ACTIONS)
    elif rng.random() < 0.1:
        edge["action"] = None
    chance = rng.random()
    if chance < 0.15:
        edge["certainty"], edge["condition"] = "conditional", rng.choice(("ip", "tag", "time"))
    elif chance < 0.22:
        edge["certainty"] = "assumed"
    elif chance < 0.6:
        edge["certainty"] = "certain"
    if gates and rng.random() < dense:
        edge["gate"] = rng.choice(gates)
    if rng.random() < 0.1:
        edge["needs"] = [
            {
                "at": rng.choice(GHOSTS) if rng.random() < 0.12 else rng.choice(nodes)["key"],
                "state": rng.choice((*STATES, "CONTROL", "READ")),
            }
            for _ in range(rng.randint(1, 2))
        ]
    if rng.random() < 0.05:
        edge["valid_from"] = near(rng)
    if rng.random() < 0.06:
        edge["valid_until"] = near(rng)
    if kind == "FEEDS" and rng.random() < 0.6:
        edge["transform"] = rng.choice(("copy", "masked", "other"))
    if rng.random() < 0.03:
        edge[rng.choice(("from", "to", "to"))] = rng.choice(GHOSTS)
    return edge


def random_edges(rng: Random, nodes: list[Record], gates: list[str]) -> list[Record]:
    """4 to 28 edges, some twice, some twice with one field changed."""
    dense = rng.choice((0.15, 0.5, 0.85))
    wanted = min(28, rng.randint(4, 8) + rng.randint(0, 2 * len(nodes)))
    edges: list[Record] = []
    if rng.random() < 0.6:  # often one plain right on what the scope will probably name
        edges.append(
            {
                "kind": rng.choice(("CAN_WRITE", "CAN_DELETE")),
                "from": nodes[0]["key"],
                "to": nodes[rng.choice((1, 2))]["key"],
            }
        )
        if gates and rng.random() < 0.6:
            edges[0]["gate"] = rng.choice(gates)
    while len(edges) < wanted:
        if edges and rng.random() < 0.08:
            again = dict(rng.choice(edges))
            if rng.random() < 0.6:
                again["certainty"] = rng.choice(("certain", "conditional", "assumed"))
            if rng.random() < 0.4:
                again["gate"] = rng.choice([None, *gates])
            edges.append(again)
        else:
            edges.append(random_edge(rng, nodes, gates, dense))
    return edges


def random_gate(rng: Random, key: str, nodes: list[Record]) -> Record:
    """A gate: mostly sound, else with false and absent tests; approvers of every sort."""
    kind = rng.choice(GATE_KINDS)
    names = RECOVERY_TESTS if kind == "recovery" else GATE_TESTS
    tests: dict[str, bool] = dict.fromkeys(names, True)
    if rng.random() < 0.25:
        broken = rng.choice(names)
        if rng.random() < 0.5:
            tests[broken] = False
        else:
            del tests[broken]
    people = of_kinds(nodes, PEOPLE_KINDS) or of_kinds(nodes, IDENTITY_KINDS)
    everything = [node["key"] for node in nodes]
    approvers = []
    for _ in range(rng.choice((0, 1, 1, 1, 2))):
        chance = rng.random()
        pool = people if chance < 0.85 else everything if chance < 0.96 else list(GHOSTS)
        approvers.append(rng.choice(pool))
    gate: Record = {"key": key, "kind": kind, "approvers": approvers, "tests": tests}
    if rng.random() < 0.25:
        gate["at"] = rng.choice(everything)
    if rng.random() < 0.2:
        gate["log"] = rng.choice([*everything, *GHOSTS])
    return gate


def random_gap(rng: Random, nodes: list[Record]) -> Record:
    """A gap, with or without `states`; now and then at a node that nobody has."""
    at = rng.choice(GHOSTS) if rng.random() < 0.05 else rng.choice(nodes)["key"]
    gap: Record = {"at": at, "reason": "not exported"}
    if rng.random() < 0.6:
        gap["states"] = rng.sample(STATES, rng.randint(1, 3))
    return gap


def support(rng: Random, documents: list[Record], scope: Record) -> None:
    """Most targets stand for something: a selector that hit nothing is given a key beside it."""
    data = [
        node["key"]
        for document in documents
        for node in document.get("nodes", [])
        if node["kind"] in DATA_KINDS
    ]
    world = build_world(documents, scope, AS_OF)
    apply_owners(world, scope)
    boundary = boundaries(world, scope)
    for target in scope["targets"]:
        selected = select(world, target["select"])
        living = any(boundary[key] != "outside" for key in selected)
        if not living and rng.random() < 0.85:
            target["select"].append({"key": rng.choice(data)})


def estate(
    seed: int, only: str | None = None, without: Collection[str] = ()
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The estate of a seed: one to three facts/1 documents and a scope/1 document.

    `only` gives it that one of `features.FEATURES` for certain, and no other; `without` leaves
    some out.
    """
    rng = Random(seed)
    nodes = random_nodes(rng)
    gates = [random_gate(rng, f"acme:gate-{i}", nodes) for i in range(rng.randint(0, 3))]
    gate_keys = [gate["key"] for gate in gates]
    if rng.random() < 0.3:
        gate_keys.append("acme:undeclared-gate")
    edges = random_edges(rng, nodes, gate_keys)
    gaps = [random_gap(rng, nodes) for _ in range(rng.choice((0, 0, 0, 1, 2)))]
    scope = random_scope(rng, nodes)
    records: list[tuple[str, Record]] = [("nodes", node) for node in nodes]
    records += [("nodes", conflicting_record(rng, node)) for node in nodes if rng.random() < 0.12]
    records += [("edges", edge) for edge in edges]
    records += [("gates", gate) for gate in gates]
    records += [("gaps", gap) for gap in gaps]
    rng.shuffle(records)
    documents: list[dict[str, Any]] = [{"nhigraph": "facts/1"} for _ in range(rng.randint(1, 3))]
    for section, record in records:
        rng.choice(documents).setdefault(section, []).append(record)
    if "as_of" not in scope:
        for document in documents:
            document["extracted"] = "2026-11-01"
        rng.choice(documents)["extracted"] = AS_OF
    support(rng, documents, scope)
    for name, feature, own in drawn(seed, only):
        if name not in without:
            feature(own, documents, scope)
    return documents, scope


EXPECTED: dict[str, set[str]] = {
    "verdict": {"both", "soc1", "soc2", "neither", "undetermined"},
    "soc1": {"direct", "indirect", "none", "undetermined"},
    "soc2": {*LETTERS, "undetermined"},
    "soc2_outside": set(LETTERS),
    "exposure": {"open", "gated", "in-population", "relies_on_subservice", "undetermined"},
    "certainty": {"can", "may"},
    "states": set(STATES),
    "rules": {"R0", *(f"R{n}" for n in range(2, 14))},
    "weaknesses": set(HYGIENE),
    "icfr_basis": {"own", "user_entity", "both", "unknown"},
    "boundary": {"in", "carve_out", "inclusive", "outside"},
    "node kinds": set(NODE_KINDS) - {"FinancialReporting", "TrustService"},
    "edge kinds": {*_ANY_KIND, "AUTHENTICATES_AS"},
    "features": set(NAMES),
}


def statistics(count: int) -> tuple[dict[str, Counter[str]], int]:
    """How often each value occurs over the first seeds, and the estates with a direct row."""
    seen: dict[str, Counter[str]] = {name: Counter() for name in EXPECTED}
    direct = 0
    for seed in range(count):
        facts, scope = estate(seed)
        identities, verdicts = judge(facts, scope)
        direct += any(row["soc1"] == "direct" for row in verdicts)
        for row in identities + verdicts:
            for name in EXPECTED:
                for value in row.get(name, "").replace("+", ";").split(";"):
                    if value:
                        seen[name][value] += 1
        seen["features"].update(name for name, _, _ in drawn(seed))
        for document in facts:
            seen["node kinds"].update(node["kind"] for node in document.get("nodes", []))
            seen["edge kinds"].update(edge["kind"] for edge in document.get("edges", []))
    return seen, direct


def main() -> None:
    """Print the statistic and fail if any value that must occur does not."""
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    count = numbers[0] if numbers else 1000
    began = time.perf_counter()
    seen, direct = statistics(count)
    for name, counter in seen.items():
        print(name, dict(sorted(counter.items())))
    print(f"estates with a soc1 direct row: {direct} of {count}")
    print(f"milliseconds an estate: {1000 * (time.perf_counter() - began) / count:.1f}")
    missing = {name: want - set(seen[name]) for name, want in EXPECTED.items()}
    missing = {name: values for name, values in missing.items() if values}
    assert not missing, missing
    assert direct > count / 2, direct


if __name__ == "__main__":
    main()
