"""Facts documents added up into one world: nodes, edges in force, gates, gaps, the as-of date."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from .vocabulary import EFFECT_OF_KIND, FORWARD, NHI_KINDS, NODE_KINDS, STATES, default_action

Facts = dict[str, Any]
Need = tuple[str, str]


@dataclass
class Node:
    """One node after all its records are added up."""

    key: str
    kind: str
    name: str = ""
    owner: str = ""
    state: str = "active"
    expires: str | None = None
    nhi: bool | None = None
    weaknesses: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    props: dict[str, Any] = field(default_factory=dict)

    @property
    def is_nhi(self) -> bool:
        """Every node of an NHI kind and every `nhi: true`; `nhi: false` takes one out."""
        return self.kind in NHI_KINDS if self.nhi is None else self.nhi


@dataclass(frozen=True)
class Edge:
    """One edge with exactly the fields that FORMATS compares to tell two edges apart."""

    kind: str
    source: str
    target: str
    action: str | None = None
    certainty: str = "certain"
    condition: str | None = None
    gate: str | None = None
    needs: tuple[Need, ...] = ()
    valid_from: str | None = None
    valid_until: str | None = None
    transform: str = "other"

    @property
    def effect(self) -> str:
        """The row of the automaton that this kind follows."""
        return EFFECT_OF_KIND[self.kind]


@dataclass
class Gate:
    """A declared gate."""

    key: str
    kind: str
    approvers: set[str]
    at: str | None
    log: str | None
    tests: dict[str, bool]


@dataclass
class World:
    """Everything known at the as-of date; `edges` holds only sound edges that are in force."""

    as_of: str
    nodes: dict[str, Node]
    edges: list[Edge]
    gates: dict[str, Gate]
    gaps: list[tuple[str, frozenset[str]]]
    include_disabled: bool = False

    def active(self, key: str) -> bool:
        """DESIGN 'As of': disabled, deleted or expired nodes hold no state for anybody."""
        node = self.nodes.get(key)
        if node is None:
            return False
        if self.include_disabled:
            return True
        expired = node.expires is not None and node.expires < self.as_of
        return node.state not in ("disabled", "deleted") and not expired


def day(value: object) -> str | None:
    """A date, a UTC day: ISO text whatever the loader made of it."""
    if value is None or value == "":
        return None
    if isinstance(value, dt.datetime):
        return (value.astimezone(dt.UTC) if value.tzinfo else value).date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    text = str(value)
    if len(text) > 10:
        return day(dt.datetime.fromisoformat(text))
    return text


def age_in_days(value: object, as_of: str) -> int:
    """Whole days from a date to the as-of date."""
    return (dt.date.fromisoformat(as_of) - dt.date.fromisoformat(day(value) or as_of)).days


def strings(value: object) -> list[str]:
    """A list of texts; nothing is an empty list, one text is a list of one."""
    if value is None:
        return []
    if isinstance(value, (list, tuple, set, frozenset)):
        return [str(item) for item in value]
    return [str(value)]


def settle(name: str, values: list[Any]) -> Any:  # noqa: ANN401 - YAML
    """FORMATS: "Two records of one node add up: an absent value says nothing; on conflict …"."""
    values = [value for value in values if value is not None]
    if not values:
        return None
    if name == "state":
        return "active" if "active" in values else min(values)
    if name == "expires":
        return max(str(day(value)) for value in values)
    if name in ("rotated", "created"):
        return min(str(day(value)) for value in values)
    if name == "required_reviews":
        return min(values)
    if name in ("rights_granted", "rights_used", "used_by"):
        return max(values)
    if name in ("nhi", "exposed"):
        return True in values
    return min(values, key=str)


def merge_node(key: str, records: list[Facts]) -> Node:
    """Add up all records of one node; lists (tags, weaknesses) are united."""
    fields = {
        name: settle(name, [record.get(name) for record in records])
        for name in ("kind", "name", "owner", "state", "expires", "nhi")
    }
    all_props = [record.get("props") or {} for record in records]
    names = sorted({name for props in all_props for name in props})
    props = {name: settle(name, [one.get(name) for one in all_props]) for name in names}
    return Node(
        key=key,
        kind=fields["kind"],
        name=str(fields["name"] or ""),
        owner=str(fields["owner"] or ""),
        state=fields["state"] or "active",
        expires=fields["expires"],
        nhi=fields["nhi"],
        weaknesses={w for record in records for w in strings(record.get("weaknesses"))},
        tags={tag for one in all_props for tag in strings(one.get("tags"))},
        props=props,
    )


def merge_gates(records: list[Facts]) -> dict[str, Gate]:
    """Declared gates; records of one key add up (a false test stays false)."""
    gates: dict[str, Gate] = {}
    for key in sorted({str(record["key"]) for record in records}):
        mine = [record for record in records if str(record["key"]) == key]
        tests: dict[str, bool] = {}
        for record in mine:
            for test, value in (record.get("tests") or {}).items():
                if value is not None:
                    tests[test] = bool(value) and tests.get(test, True)
        gates[key] = Gate(
            key=key,
            kind=settle("kind", [record.get("kind") for record in mine]) or "approval",
            approvers={a for record in mine for a in strings(record.get("approvers"))},
            at=settle("at", [record.get("at") for record in mine]),
            log=settle("log", [record.get("log") for record in mine]),
            tests=tests,
        )
    return gates


def read_edge(record: Facts, nodes: dict[str, Node]) -> Edge:
    """One edge record, with the default action, certainty and transform filled in."""
    target = str(record["to"])
    action = record.get("action")
    if action is None and target in nodes:
        action = default_action(record["kind"], nodes[target].kind)
    needs = {(str(need["at"]), str(need["state"])) for need in record.get("needs") or []}
    return Edge(
        kind=record["kind"],
        source=str(record["from"]),
        target=target,
        action=action,
        certainty=record.get("certainty") or "certain",
        condition=record.get("condition"),
        gate=record.get("gate"),
        needs=tuple(sorted(needs)),
        valid_from=day(record.get("valid_from")),
        valid_until=day(record.get("valid_until")),
        transform=record.get("transform") or "other",
    )


def in_force(edge: Edge, as_of: str) -> bool:
    """DESIGN: "an edge holds from valid_from to valid_until … that day included"."""
    return (edge.valid_from is None or edge.valid_from <= as_of) and (
        edge.valid_until is None or as_of <= edge.valid_until
    )


def link_record(link: Facts) -> Facts:
    """FORMATS: links "without `confirmed_by` are `assumed`"."""
    return {**link, "certainty": "certain" if link.get("confirmed_by") else "assumed"}


def choose_as_of(facts: list[Facts], scope: Facts, as_of: object) -> str:
    """DESIGN 'As of': the option, else the scope's, else the newest extract date, else today."""
    chosen = day(as_of) or day(scope.get("as_of"))
    extracted = [text for text in (day(doc.get("extracted")) for doc in facts) if text]
    today = dt.datetime.now(dt.UTC).date().isoformat()
    return chosen or (max(extracted) if extracted else today)


def build_world(
    facts: list[Facts], scope: Facts, as_of: object = None, include_disabled: bool = False
) -> World:
    """Merge all documents and the scope's links; dangling edges become gaps at `from`."""
    date = choose_as_of(facts, scope, as_of)
    node_records: dict[str, list[Facts]] = {}
    for doc in facts:
        for record in doc.get("nodes") or []:
            if record.get("kind") in NODE_KINDS:
                node_records.setdefault(str(record["key"]), []).append(record)
    nodes = {key: merge_node(key, records) for key, records in sorted(node_records.items())}

    edge_records = [record for doc in facts for record in doc.get("edges") or []]
    edge_records += [link_record(link) for link in scope.get("links") or []]
    read = [
        read_edge(record, nodes) for record in edge_records if record.get("kind") in EFFECT_OF_KIND
    ]
    valid = [edge for edge in dict.fromkeys(read) if in_force(edge, date)]

    gaps: list[tuple[str, frozenset[str]]] = []
    for doc in facts:
        for record in doc.get("gaps") or []:
            gaps.append((str(record["at"]), frozenset(strings(record.get("states")) or STATES)))
    sound: list[Edge] = []
    for edge in valid:
        ends = [edge.target, *(at for at, _ in edge.needs)]
        if edge.source in nodes and all(end in nodes for end in ends):
            sound.append(edge)
        elif edge.source in nodes:
            gaps.append((edge.source, frozenset(s for s, _ in FORWARD[edge.effect])))
    gate_records = [record for doc in facts for record in doc.get("gates") or []]
    return World(date, nodes, sound, merge_gates(gate_records), gaps, include_disabled)
