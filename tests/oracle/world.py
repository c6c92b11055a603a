"""Facts documents added up into one world: nodes, edges in force, gates, gaps, the as-of date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .records import (
    UNREAD,
    Facts,
    day,
    edge_refused,
    ends_before_it_starts,
    gate_refused,
    hidden_at,
    hidden_by,
    is_text,
    read_node,
    readable_day,
)
from .vocabulary import (
    ASSERTIONS,
    ASSERTIONS_OF_ACTION,
    EFFECT_OF_KIND,
    ENABLING_ACTIONS,
    FORWARD,
    GATE_TESTS,
    NHI_KINDS,
    RECOVERY_TESTS,
    STATES,
    UNKNOWN_KIND,
    default_action,
)

Need = tuple[str, str]
Gap = tuple[str, frozenset[str]]


@dataclass
class Node:
    """One node after all its records are added up."""

    key: str
    kinds: frozenset[str]
    names: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()
    state: str = "active"
    expires: str | None = None
    nhi: bool | None = None
    weaknesses: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    props: dict[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The kind that is printed: any before Unknown; among equal sources the smallest."""
        return min(self.kinds - {UNKNOWN_KIND}, default=UNKNOWN_KIND)

    @property
    def is_nhi(self) -> bool:
        """Every node of an NHI kind and every `nhi: true`; `nhi: false` takes one out."""
        return bool(self.kinds & NHI_KINDS) if self.nhi is None else self.nhi


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
    """A declared gate; of one whose other record was refused not all is known."""

    key: str
    kind: str
    approvers: frozenset[str] = frozenset()
    at: frozenset[str] = frozenset()
    log: frozenset[str] = frozenset()
    tests: dict[str, bool] = field(default_factory=dict)
    refused: bool = False


@dataclass
class World:
    """Everything known at the as-of date; `edges` holds only sound edges that are in force."""

    as_of: str
    nodes: dict[str, Node]
    edges: list[Edge]
    gates: dict[str, Gate]
    gaps: list[Gap]
    include_disabled: bool = False

    def active(self, key: str) -> bool:
        """DESIGN 'As of': disabled, deleted or expired nodes hold no state for anybody."""
        node = self.nodes.get(key)
        if node is None:
            return False
        return self.include_disabled or self.in_use(key)

    def in_use(self, key: str) -> bool:
        """The same of a known node, whatever is asked to count as active."""
        node = self.nodes[key]
        expired = node.expires is not None and node.expires < self.as_of
        return node.state not in ("disabled", "deleted") and not expired


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


# --- how records add up ----------------------------------------------------------------------

# The words that hide less come first: a weakness is not lost to a record that denies it.
_HIDES_LESS = {
    "owner_status": ("left", "none", "active"),
    "trust_subject": ("missing", "wildcard", "exact"),
}


def settle(name: str, values: list[Any]) -> Any:  # noqa: ANN401 - YAML
    """FORMATS: "Two records of one node add up: an absent value says nothing; on conflict …"."""
    values = [value for value in values if value is not None]
    if not values:
        return None
    if name == "state":
        return "active" if "active" in values else min(values)
    if name == "expires":
        # What could not be read may be later than any.
        return None if UNREAD in values else max(str(day(value)) for value in values)
    if name in ("rotated", "created", "vendor_assessed"):
        return min(str(day(value)) for value in values)
    if name == "required_reviews":
        return min(values)
    if name in ("rights_granted", "rights_used", "used_by"):
        return max(values)
    if name in ("nhi", "exposed"):
        return None if UNREAD in values and True not in values else True in values
    if name in _HIDES_LESS:
        return min(values, key=_HIDES_LESS[name].index)
    return both(values)


def both(values: list[Any]) -> Any:  # noqa: ANN401 - YAML
    """ "A field without a rule keeps both values (a list, sorted)"."""
    kept = sorted({text for value in values for text in strings(value)})
    return kept if len(kept) > 1 else values[0]


def merge_node(key: str, records: list[Facts]) -> Node:
    """Add up all records of one node."""
    fields = {
        name: settle(name, [record.get(name) for record in records])
        for name in ("state", "expires", "nhi")
    }
    all_props = [record.get("props") or {} for record in records]
    names = sorted({name for props in all_props for name in props})
    props = {name: settle(name, [one.get(name) for one in all_props]) for name in names}
    return Node(
        key=key,
        kinds=frozenset(record["kind"] for record in records),
        names=frozenset(name for record in records for name in strings(record.get("name"))),
        owners=frozenset(owner for record in records for owner in strings(record.get("owner"))),
        state=fields["state"] or "active",
        expires=fields["expires"],
        nhi=fields["nhi"],
        weaknesses={w for record in records for w in strings(record.get("weaknesses"))},
        tags={tag for one in all_props for tag in strings(one.get("tags"))},
        props=props,
    )


def merge_gates(records: list[Facts]) -> dict[str, Gate]:
    """Declared gates; records of one key add up: a false test stays false, nothing is dropped."""
    gates: dict[str, Gate] = {}
    sound = [record for record in records if not gate_refused(record)]
    refused = {str(record.get("key")) for record in records if gate_refused(record)}
    for key in sorted({str(record["key"]) for record in sound}):
        mine = [record for record in sound if str(record["key"]) == key]
        tests: dict[str, bool] = {}
        for record in mine:
            names = RECOVERY_TESTS if record["kind"] == "recovery" else GATE_TESTS
            for test, value in (record.get("tests") or {}).items():
                if isinstance(value, bool) and test in names:
                    tests[test] = value and tests.get(test, True)
        kinds = {record["kind"] for record in mine}

        def united(name: str, mine: list[Facts] = mine) -> frozenset[str]:
            return frozenset(text for record in mine for text in strings(record.get(name)))

        gates[key] = Gate(
            key=key,
            kind=min(kinds, key=("approval", "review", "protection", "recovery").index),
            approvers=united("approvers"),
            at=united("at"),
            log=united("log"),
            tests=tests,
            refused=key in refused,
        )
    for key in refused - gates.keys():  # nothing is known of it but that somebody speaks of it
        gates[key] = Gate(key, "", refused=True)
    return gates


def action_to(kind: str, node: Node | None) -> str | None:
    """The action of an edge without one; where the node has two kinds, what hides less.

    "Of the candidates, an enabling one wins (smallest name), else the one that puts more
    assertions at risk, else the smallest name."
    """
    if node is None:
        return None
    found = {default_action(kind, to) for to in node.kinds} - {None}
    candidates: set[str] = {action for action in found if action is not None}
    if candidates & ENABLING_ACTIONS:
        return min(candidates & ENABLING_ACTIONS)
    at_risk = {a: len(ASSERTIONS_OF_ACTION.get(a, ASSERTIONS)) for a in candidates}
    return min(candidates, key=lambda action: (-at_risk[action], action), default=None)


def read_edge(record: Facts, nodes: dict[str, Node]) -> Edge:
    """One sound edge record, with the default action, certainty and transform filled in."""
    target = str(record["to"])
    needs = {(str(need["at"]), str(need["state"])) for need in record.get("needs") or []}
    condition = record.get("condition") or None
    return Edge(
        kind=record["kind"],
        source=str(record["from"]),
        target=target,
        action=record.get("action") or action_to(record["kind"], nodes.get(target)),
        certainty=record.get("certainty") or ("conditional" if condition else "certain"),
        condition=condition,
        gate=record.get("gate") or None,
        needs=tuple(sorted(needs)),
        valid_from=day(record.get("valid_from")),
        valid_until=day(record.get("valid_until")),
        transform=record.get("transform") or "other",
    )


def in_force(start: str | None, end: str | None, as_of: str) -> bool:
    """DESIGN: "an edge holds from valid_from to valid_until … that day included"."""
    return (start is None or start <= as_of) and (end is None or as_of <= end)


def link_record(link: Facts) -> Facts:
    """FORMATS: links "without `confirmed_by` are `assumed`"; others as conditions say."""
    confirmed = "conditional" if link.get("condition") else "certain"
    return {**link, "certainty": confirmed if link.get("confirmed_by") else "assumed"}


def choose_as_of(facts: list[Facts], scope: Facts, as_of: object) -> str:
    """DESIGN 'As of': the option, else the scope's, else the newest extract date, else today."""
    chosen = day(as_of) or day(scope.get("as_of"))
    extracted = [text for text in (day(doc.get("extracted")) for doc in facts) if text]
    today = dt.datetime.now(dt.UTC).date().isoformat()
    return chosen or (max(extracted) if extracted else today)


def all_records(facts: list[Facts], section: str) -> Iterable[Facts]:
    """The records of one section, over all documents."""
    return (record for document in facts for record in document.get(section) or [])


def build_world(
    facts: list[Facts], scope: Facts, as_of: object = None, include_disabled: bool = False
) -> World:
    """Merge all documents and the scope's links; what is refused or dangling becomes gaps."""
    date = choose_as_of(facts, scope, as_of)
    gaps: list[Gap] = [
        (str(record["at"]), hidden_at(record))
        for record in all_records(facts, "gaps")
        if is_text(record.get("at"))
    ]
    node_records: dict[str, list[Facts]] = {}
    for record in all_records(facts, "nodes"):
        if is_text(record.get("key")):
            read, refused = read_node(record)
            node_records.setdefault(record["key"], []).append(read)
            if refused:
                gaps.append((record["key"], frozenset(STATES)))
    nodes = {key: merge_node(key, records) for key, records in sorted(node_records.items())}

    edges: list[Edge] = []
    links = [link_record(link) for link in scope.get("links") or []]
    for record in (*all_records(facts, "edges"), *links):
        if edge_refused(record):
            start, end = (readable_day(record.get(n)) for n in ("valid_from", "valid_until"))
            if ends_before_it_starts(record) or in_force(start, end, date):
                gaps += [end for end in hidden_by(record) if end[0] in nodes]
        else:
            edges.append(read_edge(record, nodes))

    gates = merge_gates(list(all_records(facts, "gates")))
    # "nothing starts, passes or ends there, gaps and needs included": such an edge hides nothing.
    alone = World(date, nodes, [], gates, [], include_disabled)
    dead = {key for key in nodes if not alone.active(key)}
    sound: list[Edge] = []
    for edge in dict.fromkeys(edges):
        if not in_force(edge.valid_from, edge.valid_until, date):
            continue
        ends = [edge.target, *(at for at, _ in edge.needs)]
        if edge.source in nodes and all(end in nodes for end in ends):
            sound.append(edge)
        elif edge.source in nodes and not (edge.target in nodes and dead.intersection(ends)):
            gaps.append((edge.source, frozenset(s for s, _ in FORWARD[edge.effect])))
    return World(date, nodes, sound, gates, gaps, include_disabled)
