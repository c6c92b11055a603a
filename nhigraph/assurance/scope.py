"""The scope, resolved on the merged graph: targets, boundary, owners, links.

The scope is the user's claim and has evidence like any other source. It is resolved here and not
in its source, because selectors need the whole graph.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any

import numpy as np

from nhigraph.assurance.answers.apply import apply
from nhigraph.assurance.answers.people import people
from nhigraph.assurance.answers.said import Counted, GapName
from nhigraph.assurance.claimed_targets import (
    assurance_facts,
    named_targets,
    targets_of,
    why_lost,
    words,
)
from nhigraph.assurance.cut_weights import cut_weights
from nhigraph.assurance.day import Day
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.links import links, refused_links
from nhigraph.assurance.rows import ScopeIssue, Target
from nhigraph.assurance.select import Selector, items_of
from nhigraph.assurance.verdict import in_order
from nhigraph.errors import UsageError
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Claim, Edge, Fact, Node, about
from nhigraph.graph.append import Changes, extend
from nhigraph.graph.store import Graph, repeated
from nhigraph.records import dataclass
from nhigraph.schema import kinds
from nhigraph.schema.claims import UNKNOWN
from nhigraph.schema.controls import CATEGORIES
from nhigraph.schema.properties import THRESHOLDS
from nhigraph.schema.types import Origin

#: A node named by several lists: the one that hides least wins, and the conflict is reported.
_BOUNDARY = ("outside", "inclusive", "carve_out")


@dataclass(frozen=True, slots=True)
class Bounded:
    """An entry of the list carve_out or inclusive.

    Attributes:
        boundary: Which list.
        selector: The entry in words.
        nodes: Keys of the nodes that it matches and that lie there.
    """

    boundary: str
    selector: str
    nodes: tuple[str, ...]


@dataclass(slots=True)
class Resolved:
    """An estate and what its scope left open.

    Attributes:
        estate: What is judged.
        refused: (artifact, pointer, reason) of links and owners that matched nothing known.
        unmatched: (artifact, pointer, selector) of selector items that match no node.
        conflicts: Keys of nodes that several boundary lists name.
        unread: (level, artifact, pointer, reason) of what of the scope has no effect.
        bounded: Entries of the lists carve_out and inclusive, with the nodes that lie there.
        idle: (artifact, pointer, id, why it was refused) of targets that name no category.
        answers: Answers that count, each with the gaps that it closes, by node and reason.
        problems: Answers and words about people that contradict, do nothing, or have ended.
        people: Key of a node that the scope says is a person's, and where it says so.
        aliases: (artifact, pointer, platform) of names of servers.
    """

    estate: Estate
    refused: list[tuple[str, str, str]] = field(default_factory=list)
    unmatched: list[tuple[str, str, str]] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    unread: list[tuple[str, str, str, str]] = field(default_factory=list)
    bounded: list[Bounded] = field(default_factory=list)
    idle: list[tuple[str, str, str, str]] = field(default_factory=list)
    answers: list[Counted] = field(default_factory=list)
    problems: list[ScopeIssue] = field(default_factory=list)
    people: list[tuple[str, Evidence]] = field(default_factory=list)
    aliases: list[tuple[str, str, str]] = field(default_factory=list)


def header(claims: Iterable[Claim]) -> dict[str, Any]:
    """The scope's own fields; several scope files add up, in what they do not know, too.

    Raises:
        UsageError: Two scopes say two different things in one field.
    """
    found: dict[str, Any] = {"commitments": set(), "thresholds": {}}
    said: dict[str, str] = {}
    for claim in about(claims, "scope"):
        for name, value in claim.body.items():
            if name == "commitments":
                found["commitments"].update(words(value))
            elif name == "thresholds" and isinstance(value, Mapping):
                found["thresholds"].update(value)
            elif value is not None and found.setdefault(name, value) != value:
                files = f"{said[name]} says {found[name]}, {claim.evidence.artifact} {value}"
                raise UsageError(f"two scopes disagree on {name}: {files}; give one of them")
            elif value is not None:
                said.setdefault(name, claim.evidence.artifact)
    return found


def resolve(
    graph: Graph, claims: Sequence[Claim], day: Day, absent: Collection[str] = ()
) -> Resolved:
    """Add what the scope claims to the graph.

    Args:
        graph: The merged graph of all other sources.
        claims: The scope's claims.
        day: Day of the answers.
        absent: Keys of nodes that are supposed not to be there: no target stands for one.
    """
    head = header(claims)
    found = Resolved(Estate(graph, (), np.array([]), "", (), {}, day))
    found.unread = sorted(
        (str(claim.body["level"]), claim.evidence.artifact, claim.evidence.pointer, str(why))
        for claim in about(claims, "unread")
        for why in [claim.body["reason"]]
    )
    found.aliases = [
        (claim.evidence.artifact, claim.evidence.pointer, str(claim.body["platform"]))
        for claim in about(claims, "alias")
    ]
    tied = links(graph, claims)
    # A link from nowhere may be meant to start from anybody.
    astray = any(isinstance(f, Edge) and graph.node_id(f.source) is None for f in tied)
    graph = _extended(
        graph, [*tied, *refused_links(graph, claims), *_owners(graph, claims, found)], found
    )
    graph, closed = _answered(graph, claims, found, day)
    selector = Selector(graph, day, absent)
    targets: list[Target] = []
    facts: list[Fact] = []
    boundary = _boundary(graph, claims, selector, found)
    named, refused = named_targets(claims)
    found.refused += refused
    for name, claim in named:
        nodes = _selected(selector, claim, found)
        ours = sorted(node for node in nodes if boundary[node] != "outside")
        lost = why_lost(claim, nodes)
        made = targets_of(name, claim, tuple(graph.key_list[node] for node in ours), lost)
        targets += made
        facts += [fact for one in made for fact in assurance_facts(one, claim.evidence)]
        if not made:
            place = (claim.evidence.artifact, claim.evidence.pointer)
            found.idle.append((*place, name, str(claim.body.get("refused") or "")))
    graph = _extended(graph, facts, found)
    weights, idle = cut_weights(graph, claims, Selector(graph, day, absent))
    found.unmatched += idle
    promised = head["commitments"]
    found.estate = Estate(
        graph,
        tuple(sorted(targets, key=lambda t: t.key)),
        _of_all(graph, selector.keys, boundary),
        str(head.get("organization") or ""),
        in_order(promised),
        {**THRESHOLDS, **head["thresholds"]},
        day,
        in_order(set(CATEGORIES) - promised) if UNKNOWN in promised else (),
        astray or any(claim.body["hides"] for claim in about(claims, "unread")),
        _rows(graph, closed),
        cut_weights=weights,
    )
    return found


def _answered(
    graph: Graph, claims: Sequence[Claim], found: Resolved, day: Day
) -> tuple[Graph, set[GapName]]:
    """The graph with what answers add and settle, and the gaps that they close."""
    applied = apply(graph, claims, day)
    persons, strangers = people(graph, claims, Selector(graph, day))
    found.answers = applied.counted(graph)
    found.people = [(one.key, one.evidence) for one in persons if isinstance(one, Node)]
    for issue in applied.issues:
        at = issue.given.evidence
        said = (issue.problem, issue.advice)
        found.problems.append(ScopeIssue(issue.level, "", at.artifact, at.pointer, *said))
    for claim, problem in strangers:
        at, advice = claim.evidence, "correct the selector, or take the item out"
        said = (problem, advice)
        found.problems.append(ScopeIssue("error", "", at.artifact, at.pointer, *said))
    facts, changes = [*applied.facts, *persons], applied.changes
    if facts or changes.settled or changes.doubts:
        graph = _extended(graph, facts, found, changes)
    return graph, set(applied.closed)


def _rows(graph: Graph, closed: set[GapName]) -> frozenset[int]:
    """Rows of gaps by node and reason."""
    if not closed:
        return frozenset()
    pairs = zip(graph.gaps["node"].tolist(), graph.gaps["reason"].tolist(), strict=True)
    return frozenset(
        row for row, (node, why) in enumerate(pairs) if (graph.key_list[node], why) in closed
    )


def _extended(
    graph: Graph, facts: list[Fact], found: Resolved, changes: Changes | None = None
) -> Graph:
    if not facts and changes is None:
        return graph
    built = extend(graph, facts, changes)
    for artifact, tally in built.tallies.items():
        found.refused += [(artifact, pointer, reason) for pointer, reason in tally.refused]
    return built.graph


# -- links and owners ---------------------------------------------------------------------------


def _owners(graph: Graph, claims: Iterable[Claim], found: Resolved) -> list[Fact]:
    selector = Selector(graph, found.estate.day)
    facts: list[Fact] = []
    for claim in about(claims, "owner"):
        for node in sorted(_selected(selector, claim, found)):
            kind = kinds.NODE_KINDS[graph.kind_list[node]]
            owner = str(claim.body["owner"])
            facts.append(
                Node(kind, graph.key_list[node], claim.evidence, owner=owner, origin=Origin.SCOPE)
            )
    return facts


def _selected(selector: Selector, claim: Claim, found: Resolved) -> set[int]:
    nodes: set[int] = set()
    for item in items_of(claim.body.get("select")):
        matching = selector.item(item)
        nodes |= matching
        if not matching:
            place = (claim.evidence.artifact, claim.evidence.pointer, _item_told(item))
            found.unmatched.append(place)
    return nodes


def _item_told(item: Mapping[str, object]) -> str:
    """A selector item in words."""
    return ", ".join(f"{name}: {value}" for name, value in sorted(item.items())) or "(empty)"


def _told(claim: Claim) -> str:
    """What a claim selects, in words: a pattern of keys as it is, else every condition."""
    items = items_of(claim.body.get("select"))
    told = (str(item["key"]) if item.keys() == {"key"} else _item_told(item) for item in items)
    return " or ".join(told)


# -- boundary -----------------------------------------------------------------------------------


def _boundary(
    graph: Graph, claims: Iterable[Claim], selector: Selector, found: Resolved
) -> "np.ndarray[Any, np.dtype[np.object_]]":
    boundary = repeated("in", len(graph.nodes)).copy()
    named: dict[str, set[int]] = {name: set() for name in _BOUNDARY}
    entries = []
    for claim in about(claims, "boundary"):
        name, nodes = str(claim.body["list"]), _selected(selector, claim, found)
        named[name] |= nodes
        entries.append((name, claim, nodes))
    for name in _BOUNDARY:
        boundary[sorted(named[name])] = name
    found.bounded = [
        Bounded(name, _told(claim), tuple(graph.key_list[node] for node in sorted(there)))
        for name, claim, nodes in entries
        if name != "outside" and (there := [node for node in nodes if boundary[node] == name])
    ]
    several = {node for a in _BOUNDARY for b in _BOUNDARY if a < b for node in named[a] & named[b]}
    found.conflicts = [graph.key_list[node] for node in sorted(several)]
    return boundary


def _of_all(
    graph: Graph, keys: Sequence[str], boundary: "np.ndarray[Any, np.dtype[np.object_]]"
) -> "np.ndarray[Any, np.dtype[np.object_]]":
    """The boundary of a graph's nodes, by that of some of them; all others are in."""
    found = repeated("in", len(graph.nodes)).copy()
    for at in np.flatnonzero(boundary != "in").tolist():
        node = graph.node_id(keys[at])
        if node is not None:
            found[node] = boundary[at]
    return found
