"""What which.csv is about, and whoever has taken it over, planted into the facts.

Written from FORMATS and from the docstring of the product's subjects alone; the words of the
random estates are all it knows of keys.
"""

from __future__ import annotations

import copy
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from .records import Facts
from .scope import apply_owners, boundaries, select, targets_of
from .vocabulary import LETTERS, NHI_KINDS
from .world import World, build_world, strings

DATA = {"Dataset", "Stream", "Model", "Report", "AuditLog", "System", "Container"}
IMAGINED = "zz:imagined"


@dataclass(frozen=True)
class Subject:
    """A subject: the nodes it is taken over at, and all that are altered with it.

    `lost`: a target of the process stands for nothing.
    """

    key: str
    kind: str
    seats: frozenset[str]
    nodes: frozenset[str]
    lost: bool = False


def _within(world: World, keys: set[str], held: list[tuple[str, str]]) -> set[str]:
    found = set(keys)
    changed = True
    while changed:
        more = {to for at, to in held if at in found and world.nodes[to].kinds & DATA}
        changed = not more <= found
        found |= more
    return found


def _database(key: str) -> str | None:
    match = re.fullmatch(r"dataset:postgres:([^.]+)\.[^.]+\.[^.]+", key)
    return match[1] if match else None


def subjects(facts: list[Facts], scope: Facts, as_of: str | None) -> list[Subject]:
    """Every subject, sorted by key and kind."""
    world = build_world(facts, scope, as_of)
    apply_owners(world, scope)
    boundary = boundaries(world, scope)
    held = [(edge.source, edge.target) for edge in world.edges if edge.effect == "contain"]
    found = [*_databases(world, held), *_single(world, held)]
    vendors: dict[str, set[str]] = defaultdict(set)
    for key, node in world.nodes.items():
        for name in strings(node.props.get("vendor")):
            vendors[f"vendor:{name}"].add(key)
    named = {key for keys in vendors.values() for key in keys}
    for name in ("carve_out", "inclusive"):
        for item in (scope.get("boundary") or {}).get(name) or []:
            keys = {k for k in select(world, item) - named if boundary[k] == name}
            if keys:
                vendors[f"{name}:{_said(item)}"] |= keys
    processes: dict[str, set[str]] = defaultdict(set)
    lost = set()
    targets = targets_of(world, scope, boundary)
    for entry in scope.get("targets") or []:
        if entry.get("process"):
            names = {f"{form}{entry['id']}" for form in ("fin:", "target:")}
            names |= {f"trust:{letter}/{entry['id']}" for letter in (*LETTERS, "unknown")}
            for target in (one for one in targets if one.key in names):
                processes[f"process:{entry['process']}"] |= target.selected
                if not target.selected:
                    lost.add(f"process:{entry['process']}")
    for kind, groups in (("vendor", vendors), ("process", processes)):
        found += [
            Subject(k, kind, frozenset(v), frozenset(v), k in lost) for k, v in groups.items()
        ]
    return sorted(found, key=lambda one: (one.key, one.kind))


def _said(item: dict[str, Any]) -> str:
    if set(item) == {"key"}:
        return str(item["key"])
    return ", ".join(f"{name}: {value}" for name, value in sorted(item.items()))


def _databases(world: World, held: list[tuple[str, str]]) -> list[Subject]:
    named: dict[str, set[str]] = defaultdict(set)
    for key, node in world.nodes.items():
        name = _database(key)
        if name and node.kinds & {"Dataset", "Container", "Stream"}:
            named[name].add(key)
    found = []
    for name, keys in named.items():
        nodes = frozenset(_within(world, keys, held))
        found.append(Subject(f"container:postgres:{name}", "database", frozenset(keys), nodes))
    return found


def _single(world: World, held: list[tuple[str, str]]) -> list[Subject]:
    found = []
    for key, node in world.nodes.items():
        above = {at for at, to in held if to == key and at != key}
        boxes = {
            at for at in above if world.nodes[at].kinds & {"Container", "System", "SecretStore"}
        }
        nodes = frozenset(_within(world, {key}, held))
        alone = frozenset({key})
        data = {to for to in nodes if "Dataset" in world.nodes[to].kinds}
        keyed = {
            to
            for to in nodes
            if _database(to) and world.nodes[to].kinds & {"Dataset", "Container", "Stream"}
        }
        if node.kinds & {"System", "SecretStore"}:
            found.append(Subject(key, "system", alone, nodes))
        elif "Container" in node.kinds and not boxes and key not in keyed:
            inside = [world.nodes[to] for at, to in held if at == key]
            # An account that has identities is no database, whatever data it holds besides.
            peopled = any(one.kinds & NHI_KINDS for one in inside)
            kind = "system" if keyed or not data or peopled else "database"
            found.append(Subject(key, kind, alone, nodes))
        elif (
            "Dataset" in node.kinds
            and key not in keyed
            and not {at for at, to in held if to == key}
        ):
            found.append(Subject(key, "database", alone, alone))
        if "Repository" in node.kinds and not node.kinds & {"System", "SecretStore"}:
            found.append(Subject(key, "repository", alone, alone))
    return found


def planted(facts: list[Facts], scope: Facts, subject: Subject) -> list[Facts] | None:
    """The facts with somebody who owns the subject; None where the scope would select them."""
    for kind in sorted(NHI_KINDS - {"Unknown"}):
        document: Facts = {
            "nhigraph": "facts/1",
            "nodes": [{"kind": kind, "key": IMAGINED}],
            "edges": [{"kind": "OWNS", "from": IMAGINED, "to": key} for key in subject.seats],
        }
        grown = [*copy.deepcopy(facts), document]
        world = build_world(grown, scope)
        apply_owners(world, scope)
        items = [item for target in scope["targets"] for item in target.get("select") or []]
        items += [i for many in (scope.get("boundary") or {}).values() for i in many or []]
        items += [owner["select"] for owner in scope.get("owners") or []]
        if IMAGINED not in select(world, [i for i in items if isinstance(i, dict)]):
            return grown
    return None
