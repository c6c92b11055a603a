"""Two estates that differ in a few records, and the changes between them, made one by one.

A change is what the specification of `diff` calls one: an edge by its ends, kind and action, a
property of a node, a node with all that lies at it, a field of a gate, a gap, a field of a target
or of the scope, a link, owner or boundary, the day. Made are changes on records, never on graphs.
"""

from __future__ import annotations

import copy
from collections.abc import Collection
from dataclasses import dataclass
from random import Random
from typing import Any

from .claims import read_target
from .estates import estate, random_edge, random_gap, random_gate, random_nodes
from .features import NAMES
from .records import edge_refused, gate_refused, read_node
from .rows import IN_BOUNDARY
from .scope import apply_owners, boundaries
from .scopes import random_item, random_link, random_target
from .shapes import AS_OF, shifted
from .vocabulary import HYGIENE
from .walker import judge
from .weaknesses import credentials_of, node_weaknesses, thresholds_of
from .world import build_world

Record = dict[str, Any]
#: What was changed: a sort, what names it, and the field of it where that is only a part.
Change = tuple[str, Any, str]
#: Columns of a verdict that its reader sees, the path apart.
TOLD = (
    "verdict",
    "soc1",
    "soc2",
    "soc2_outside",
    "exposure",
    "certainty",
    "assertions",
    "icfr_basis",
)
Answers = dict[tuple[str, str], tuple[str, ...]]


@dataclass
class Estate:
    """Records by what names them; every name is there once."""

    nodes: dict[str, Record]
    edges: dict[tuple[str, ...], Record]
    gates: dict[str, Record]
    gaps: dict[tuple[str, str], Record]
    targets: dict[str, Record]
    links: dict[tuple[str, ...], Record]
    owners: dict[str, Record]
    boundary: dict[str, tuple[str, Record]]
    head: Record
    day: str

    def documents(self) -> tuple[list[Record], Record]:
        """The facts and the scope."""
        facts = {
            "nhigraph": "facts/1",
            "nodes": [*self.nodes.values()],
            "edges": [*self.edges.values()],
            "gates": [*self.gates.values()],
            "gaps": [*self.gaps.values()],
        }
        scope = {**self.head, "as_of": self.day, "targets": [*self.targets.values()]}
        scope["links"] = [*self.links.values()]
        scope["owners"] = [*self.owners.values()]
        scope["boundary"] = {}
        for name, item in self.boundary.values():
            scope["boundary"].setdefault(name, []).append(item)
        return [copy.deepcopy(facts)], copy.deepcopy(scope)

    def answers(self) -> Answers:
        """Every answer, and what a weakness of an identity's own says of it, by the walker."""
        facts, scope = self.documents()
        _, rows = judge(facts, scope, as_of=self.day)
        found = {
            (row["identity"], row["target"]): tuple(row[name] for name in TOLD)
            for row in rows
            if row["verdict"] != "neither" or row["soc2_outside"]
        }
        world = build_world(facts, scope, self.day)
        apply_owners(world, scope)
        boundary, limits = boundaries(world, scope), thresholds_of(scope)

        def weak(key: str) -> bool:
            return boundary[key] != "outside" and bool(
                node_weaknesses(world, limits, key) & HYGIENE
            )

        promised = "S" in (self.head.get("commitments") or [])
        told = ("soc2", "none", "S", "", "open") if promised else ("neither", "none", "", "S")
        for key, node in world.nodes.items():
            inside = node.is_nhi and world.active(key) and boundary[key] in IN_BOUNDARY
            if inside and (weak(key) or any(map(weak, credentials_of(world, key)))):
                found[key, ""] = (*told, *(() if promised else ("in-population",)), "", "", "")
        return found


def ends_of(edge: Record) -> set[Any]:
    """What an edge cannot be without."""
    needs = edge.get("needs") or []
    return {edge.get("from"), edge.get("to"), *(need["at"] for need in needs)}


def drop(one: Estate, key: str) -> None:
    """Take out a node with all that lies at it."""
    one.nodes.pop(key, None)
    for name, edge in list(one.edges.items()):
        if key in ends_of(edge):
            del one.edges[name]
    for name in [name for name in one.gaps if name[0] == key]:
        del one.gaps[name]


# --- drawing -----------------------------------------------------------------------------------


def _sound(seed: int) -> Estate:
    """An estate of which every record is read, each thing by one of them."""
    facts, scope = estate(seed, without=NAMES)
    every = {
        name: [record for document in facts for record in document.get(name, [])]
        for name in ("nodes", "edges", "gates", "gaps")
    }
    nodes: dict[str, Record] = {}
    for node in every["nodes"]:
        if not read_node(node)[1]:
            nodes.setdefault(node["key"], node)
    made = Estate(nodes, {}, {}, {}, {}, {}, {}, {}, {}, AS_OF)
    for edge in every["edges"]:
        _lay_edge(made, edge)
    for gate in every["gates"]:
        if not gate_refused(gate):
            made.gates.setdefault(gate["key"], gate)
    for gap in every["gaps"]:
        _lay_gap(made, gap)
    for target in scope["targets"]:
        if not read_target(target).refused:
            made.targets[target["id"]] = target
    for link in scope.get("links") or []:
        _lay_link(made, link)
    for owner in scope.get("owners") or []:
        made.owners[str(owner["select"])] = owner
    for name, items in (scope.get("boundary") or {}).items():
        for item in items:
            made.boundary.setdefault(str(item), (name, item))
    given = ("nhigraph", "organization", "commitments", "thresholds")
    made.head = {name: scope[name] for name in given if name in scope}
    return made


def _lay_edge(made: Estate, edge: Record) -> None:
    name = (edge.get("kind"), edge.get("from"), edge.get("to"), edge.get("action") or "")
    if not edge_refused(edge) and ends_of(edge) <= made.nodes.keys():
        made.edges.setdefault(name, edge)  # type: ignore[arg-type]  # a sound edge has them all


def _lay_gap(made: Estate, gap: Record) -> None:
    if gap["at"] in made.nodes:
        made.gaps.setdefault((gap["at"], gap["reason"]), gap)


def _lay_link(made: Estate, link: Record) -> None:
    if {link["from"], link["to"]} <= made.nodes.keys():
        made.links.setdefault((link["kind"], link["from"], link["to"]), link)


_DRAWN = (
    *("edge", "edge", "edge", "edge of", "edge of", "node", "node of", "node of", "gate"),
    *("gate of", "gate of", "gap", "gap", "target", "target of", "target of", "head", "link"),
    *("owner", "boundary", "day", "new"),
)


def _changed(rng: Random, one: Estate) -> None:
    """One change or a few that belong together, anywhere."""
    nodes = [*one.nodes.values()]
    sort = rng.choice(_DRAWN)
    if sort == "edge" and one.edges:
        del one.edges[rng.choice([*one.edges])]
    elif sort == "edge of" and one.edges:
        edge = one.edges[rng.choice([*one.edges])]
        said = random_edge(rng, nodes, [*one.gates, "acme:undeclared-gate"], 0.6)
        for name in rng.sample(("certainty", "condition", "gate", "valid_until"), 2):
            edge.pop(name, None)
            if name in said:
                edge[name] = said[name]
    elif sort == "node" and len(nodes) > 3:
        drop(one, rng.choice(nodes)["key"])
    elif sort == "node of":
        node = rng.choice(nodes)
        said = rng.choice([n for n in random_nodes(rng) if n.get("props")] or [{}])
        for name in rng.sample(("state", "expires", "nhi", "owner", "props", "weaknesses"), 2):
            node.pop(name, None)
            if name in said:
                node[name] = said[name]
        if rng.random() < 0.2:
            node["weaknesses"] = rng.sample(sorted(HYGIENE), 1)
    elif sort == "gate of" and one.gates:
        gate = one.gates[rng.choice([*one.gates])]
        said = random_gate(rng, gate["key"], nodes)
        for name in rng.sample(("approvers", "tests", "at", "log", "kind"), 2):
            gate.pop(name, None) if name != "kind" else None
            if name in said:
                gate[name] = said[name]
    elif sort == "gate" and one.gates:
        del one.gates[rng.choice([*one.gates])]
    elif sort == "gap":
        _lay_gap(one, {**random_gap(rng, nodes), "reason": rng.choice(("lost", "not exported"))})
    elif sort == "target of" and one.targets:
        target = one.targets[rng.choice([*one.targets])]
        said = random_target(rng, 0, nodes, target["family"] == "financial-reporting")
        name = rng.choice(("fs_role", "icfr_basis", "assertions", "commitments", "data_class"))
        name = rng.choice((name, name, "recoverable", "select"))
        if name in said:
            target[name] = said[name]
    elif sort == "target" and len(one.targets) > 1:
        del one.targets[rng.choice([*one.targets])]
    elif sort == "head":
        one.head["commitments"] = [c for c in ("S", "A", "PI", "C", "P") if rng.random() < 0.6]
    elif sort == "link":
        _lay_link(one, random_link(rng, nodes))
    elif sort == "owner":
        item = random_item(rng, nodes)
        if item:
            one.owners[str(item)] = {"select": item, "owner": rng.choice(("finance", "audit"))}
    elif sort == "boundary":
        item = {"key": rng.choice(nodes)["key"]}
        one.boundary[str(item)] = (rng.choice(("carve_out", "outside", "inclusive")), item)
    elif sort == "day":
        one.day = shifted(rng.choice((-40, -1, 1, 2, 41)))
    elif sort == "new":
        _new(rng, one)


def _new(rng: Random, one: Estate) -> None:
    """A new node with what lies at it."""
    nodes = [*one.nodes.values()]
    new = {**rng.choice(random_nodes(rng)), "key": f"acme:new-{rng.randint(0, 99)}"}
    one.nodes.setdefault(new["key"], new)
    for _ in range(rng.randint(1, 3)):
        edge = random_edge(rng, nodes, [*one.gates], 0.3)
        edge[rng.choice(("from", "to"))] = new["key"]
        _lay_edge(one, edge)


def pair(seed: int) -> tuple[Estate, Estate]:
    """Two estates, each with a few changes of one."""
    rng = Random(seed)
    base = _sound(seed)
    before, after = copy.deepcopy(base), copy.deepcopy(base)
    for one, most in ((before, 3), (after, 5)):
        for _ in range(rng.randint(1, most)):
            _changed(rng, one)
    return before, after


# --- what differs, and making it so ------------------------------------------------------------

_PARTS = {"props": "props.", "tests": "tests."}


def _fields(record: Record) -> dict[str, Any]:
    """A record field by field, its properties and tests each by itself."""
    found: dict[str, Any] = {}
    for name, value in record.items():
        if name in _PARTS:
            found |= {f"{_PARTS[name]}{part}": one for part, one in (value or {}).items()}
        elif name == "weaknesses":
            found["props.weaknesses"] = value
        elif name not in {"key", "id"}:
            found[name] = value
    return found


def _with(record: Record, other: Record, field: str) -> None:
    """Let one field of a record be as in another."""
    if field == "props.weaknesses":
        field = "weaknesses"
    sort, dot, part = field.partition(".")
    if dot:
        mine, theirs = dict(record.get(sort) or {}), other.get(sort) or {}
        mine.pop(part, None)
        if part in theirs:
            mine[part] = theirs[part]
        record[sort] = mine
    else:
        record.pop(field, None)
        if field in other:
            record[field] = other[field]


def changes(before: Estate, after: Estate) -> list[Change]:
    """Everything that differs, change by change."""
    found: list[Change] = []
    for sort in ("nodes", "gates", "targets"):
        mine, theirs = getattr(before, sort), getattr(after, sort)
        for key in {**mine, **theirs}:
            if key in mine and key in theirs:
                one, other = _fields(mine[key]), _fields(theirs[key])
                found += [
                    (sort, key, name)
                    for name in {**one, **other}
                    if one.get(name) != other.get(name)
                ]
            else:
                found.append((sort, key, ""))
    for sort in ("edges", "gaps", "links", "owners", "boundary"):
        mine, theirs = getattr(before, sort), getattr(after, sort)
        found += [(sort, k, "") for k in {**mine, **theirs} if mine.get(k) != theirs.get(k)]
    for name in ("commitments", "thresholds"):
        if before.head.get(name) != after.head.get(name):
            found.append(("head", name, ""))
    return [*found, *([("day", "", "")] if before.day != after.day else [])]


def made(before: Estate, after: Estate, chosen: Collection[Change]) -> Estate:
    """The first estate with some changes made."""
    one = copy.deepcopy(before)
    gone = []
    for sort, key, field in chosen:
        if sort == "day":
            one.day = after.day
        elif sort == "head":
            _with(one.head, after.head, key)
        elif field:
            _with(getattr(one, sort)[key], getattr(after, sort)[key], field)
        elif key in getattr(after, sort):
            record = getattr(one, sort)[key] = copy.deepcopy(getattr(after, sort)[key])
            if sort == "edges":
                for end in ends_of(record):
                    one.nodes.setdefault(end, copy.deepcopy(after.nodes[end]))
            elif sort == "gaps":
                one.nodes.setdefault(key[0], copy.deepcopy(after.nodes[key[0]]))
        elif sort == "nodes":
            gone.append(key)
        else:
            getattr(one, sort).pop(key)
    for key in gone:
        drop(one, key)
    return one
