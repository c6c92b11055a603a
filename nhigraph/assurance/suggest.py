"""A scope to start from: targets that names, tags, owners and lineage point at.

A name is a reason to look, never a proof. So every proposal is commented out, with its reason
beside it: the user takes the mark off what is true.

What it misses: names in other languages, abbreviations of one's own, and models, which are
reached through the data that they compute.
"""

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nhigraph.assurance.day import Day
from nhigraph.assurance.proposals import Item, Proposal, shown, written
from nhigraph.assurance.select import Selector, pattern
from nhigraph.assurance.topics import OF_KIND, Topic, hits, topic_of
from nhigraph.facts import keys
from nhigraph.graph.distinct import distinct
from nhigraph.graph.store import Graph
from nhigraph.schema import kinds
from nhigraph.schema.types import Effect

#: Reports, and selectors of one target, whose whole lineage is counted: those with most inputs.
_MEASURED = 100
#: Most characters of a key that is written whole.
_LONGEST = 400

_NAMED = (kinds.DATASET.label, kinds.STREAM.label, kinds.SYSTEM.label)
_LINEAGE = {Effect.FEED_DIRECT, Effect.FEED_INDIRECT, Effect.COMPUTE}
#: Property to the condition that looks it up.
_LABELS = {"tags": "tag", "labels": "label", "group": "group", "dbt": "dbt"}

_DENIED = re.compile(r"(false|no|none|null|0)\s*$", re.IGNORECASE)


def suggest(graph: Graph, organization: str | None) -> str:
    """Text of a scope that proposes targets, all commented out, what is most relied on first.

    Args:
        graph: The merged graph.
        organization: Name of the organization, where it is known.
    """
    return written(proposed(graph), organization, Selector(graph, Day("")))


def proposed(graph: Graph) -> list[Proposal]:
    """Every target that names, tags, owners and lineage speak for, the most relied on first."""
    lineage = _Lineage(graph)
    found = _by_topic(graph)
    for proposal in found:
        # What most leads to comes first, and what is left out is what least leads to.
        measured = [(lineage.upstream(i.nodes), i) for i in proposal.items[:_MEASURED]]
        ordered = [i for _, i in sorted(measured, key=lambda pair: -pair[0])]
        proposal.items = ordered + proposal.items[_MEASURED:]
    reports = _reports(graph)
    reports.sort(key=lambda report: (report.doubtful, -lineage.inputs(report.nodes), report.id))
    for proposal in [*found, *reports[:_MEASURED]]:
        proposal.upstream = lineage.upstream(proposal.nodes)
        proposal.followers = lineage.followers(proposal.nodes)
    return sorted([*found, *reports], key=_rank)


def _rank(proposal: Proposal) -> tuple[bool, int, int, int, int, str]:
    relied = (-proposal.upstream, -proposal.followers, -len(proposal.nodes))
    return (proposal.doubtful, *relied, proposal.topic.order, proposal.id)


def _name_at(key: str) -> tuple[int, int]:
    """Where the name begins in a key, and where the schema or folder that holds it does."""
    marks = "." if keys.Dataset.parse(key) is not None else ".:/"
    name = max(key.rfind(mark) for mark in marks)
    if name < 0:
        name = key.rfind(":")
    return name + 1, max(key.rfind(mark, 0, max(name, 0)) for mark in ".:/") + 1


def _texts(value: object) -> list[str]:
    """Words of a property, split as selectors split them."""
    if isinstance(value, str):
        return value.split(";")
    return [str(item) for item in value] if isinstance(value, list | tuple) else []


def _meta(props: Mapping[str, Any]) -> list[str]:
    """What ``meta`` affirms, with its names; what it denies is no reason."""
    said: list[tuple[str, object]] = []
    for name, value in sorted(props.items()):
        head, _, label = name.partition(".")
        if head == "meta":
            pairs = sorted(value.items()) if isinstance(value, dict) else [(label, value)]
            said += pairs
    found: list[str] = []
    for label, value in said:
        texts = _texts(value) or [json.dumps(value)]
        found += [f"{label} {text}" for text in texts if not _DENIED.search(text)]
    return found


# -- proposals ----------------------------------------------------------------------------------


class _Keys:
    """Sorted keys, asked for by prefix."""

    def __init__(self, keys: Sequence[str]) -> None:
        self.all = keys

    def span(self, prefix: str) -> tuple[int, int]:
        """First and last (not included) node whose key begins so."""
        size = len(prefix)
        first = bisect_left(self.all, prefix)
        return first, bisect_right(self.all, prefix, first, key=lambda key: key[:size])

    def item(self, glob: str, why: str) -> Item:
        """A selector by key and all that it matches."""
        literal = re.split(r"[*?]", glob, maxsplit=1)[0]
        first, last = self.span(literal)
        if glob == literal:
            last = first + 1  # of keys that begin so, the whole one sorts first
        nodes = frozenset(range(first, last))
        if glob not in {literal, f"{literal}*"}:
            match = pattern(glob).match
            nodes = frozenset(node for node in nodes if match(self.all[node]))
        return Item({"key": glob}, nodes, why)

    def cover(self, named: Mapping[int, tuple[int, str]]) -> list[Item]:
        """Few selectors that match these nodes and no other.

        Args:
            named: Node to where the phrase ends in its key, and the reason; a prefix that is
                shorter than the phrase would match by chance.
        """
        ids = sorted(named)
        found: list[Item] = []
        done = -1
        for node in ids:
            if node < done:
                continue
            key, (end, why) = self.all[node], named[node]
            glob = _whole(key)
            for size in _boundaries(key, end):
                first, last = self.span(key[:size])
                alike = ids[bisect_left(ids, first) : bisect_left(ids, last)]
                if last - first > 1 and len(alike) == last - first:
                    glob, done = f"{_literal(key[:size])}*", last
                    why = ", ".join(sorted({named[other][1] for other in alike})[:3])
                    break
            found.append(self.item(glob, why))
        return found


def _boundaries(key: str, end: int) -> list[int]:
    """Lengths of a key at which a word ends or begins, from a place on."""
    marks = [m for at in range(end, len(key)) if not key[at].isalnum() for m in (at, at + 1)]
    return sorted({end, *marks[:16]})


def _literal(text: str) -> str:
    """A glob for a text: ``*`` matches by ``?``, and so does what no file can hold."""
    return "".join("?" if c == "*" or "\ud800" <= c <= "\udfff" else c for c in text)


def _whole(key: str) -> str:
    """A glob for one key; of a very long one, its beginning."""
    return _literal(key[:_LONGEST]) + ("*" if len(key) > _LONGEST else "")


def _by_topic(graph: Graph) -> list[Proposal]:
    """One target per topic that anything speaks for."""
    named: dict[Topic, dict[int, tuple[int, str]]] = {}
    labelled: dict[Topic, dict[tuple[tuple[str, str], ...], tuple[set[int], str]]] = {}
    for node, topic, end, why in _names(graph):
        named.setdefault(topic, {}).setdefault(node, (end, why))
    for node, topic, conditions, why in _labels(graph):
        labelled.setdefault(topic, {}).setdefault(conditions, (set(), why))[0].add(node)
    by_key = _Keys(graph.key_list)
    found: list[Proposal] = []
    seen: dict[str, set[int]] = {}
    for topic in sorted({*named, *labelled}, key=lambda topic: topic.order):
        items = by_key.cover(named.get(topic, {}))
        known = seen.setdefault(topic.lane, set()).union(*(item.nodes for item in items))
        for conditions, (nodes, why) in sorted(labelled.get(topic, {}).items()):
            # A label of what is proposed already would only say it twice.
            if not nodes <= known:
                items.append(Item(dict(conditions), frozenset(nodes), why))
        if items:
            items.sort(key=lambda item: (-len(item.nodes), sorted(item.conditions.items())))
            why = "; ".join(sorted({item.why for item in items})[:3])
            proposal = Proposal(topic.id, topic, topic.role, why, items)
            seen[topic.lane] |= proposal.nodes
            found.append(proposal)
    return found


def _names(graph: Graph) -> Iterator[tuple[int, Topic, int, str]]:
    """Node, topic, where the phrase ends in the key, reason: by name, else schema, else meta."""
    titles = graph.nodes["name"].tolist()
    props = graph.nodes["props"].tolist()
    for node, kind in enumerate(graph.kind_list):
        if kind not in _NAMED:
            continue
        key = graph.key_list[node]
        name, folder = _name_at(key)
        texts = [("name", key[name:]), ("schema", key[folder : max(name - 1, 0)])]
        texts.append(("display name", titles[node]))
        if '"meta' in props[node]:
            texts += [("meta", text) for text in _meta(graph.props(node))]
        lanes: set[str] = set()
        for place, text in texts:
            for lane, hit in hits(text, kind).items():
                if lane not in lanes:
                    end = {"name": name + hit.end, "schema": name}.get(place, len(key))
                    yield node, hit.topic, end, f"'{hit.phrase}' in the {place}"
                    lanes.add(lane)


def _labels(graph: Graph) -> Iterator[tuple[int, Topic, tuple[tuple[str, str], ...], str]]:
    """Node, topic, conditions, reason: by tag, label, group, dbt name, or kind alone."""
    for node, kind in enumerate(graph.kind_list):
        if kind in OF_KIND:
            yield node, topic_of(OF_KIND[kind]), (("kind", kind),), "all nodes of this kind"
    for node, props in graph.nodes_with_property(*_LABELS):
        kind = graph.kind_list[node]
        if kind not in _NAMED:
            continue
        for name, condition in _LABELS.items():
            for text in _texts(props.get(name)):
                for hit in hits(text, kind).values():
                    wanted = (("kind", kind), (condition, _literal(text)))
                    yield node, hit.topic, wanted, f"'{hit.phrase}' in the {condition}"


def _reports(graph: Graph) -> list[Proposal]:
    """One target per report: a report is made because somebody relies on it."""
    titles, owners = graph.nodes["name"].tolist(), graph.nodes["owner"].tolist()
    by_key = _Keys(graph.key_list)
    found: list[Proposal] = []
    ids: set[str] = set()
    for node, kind in enumerate(graph.kind_list):
        if kind != kinds.REPORT.label:
            continue
        key, props = graph.key_list[node], graph.props(node)
        name = key[_name_at(key)[0] :]
        texts = [("name", name), ("display name", titles[node]), ("owner", owners[node])]
        texts += [(c, text) for p, c in _LABELS.items() for text in _texts(props.get(p))]
        texts += [("meta", text) for text in _meta(props)]
        told = [(place, hits(text, kind).get("books")) for place, text in texts]
        hit = next(((place, said) for place, said in told if said), None)
        why = f"'{hit[1].phrase}' in the {hit[0]}" if hit else "a report, so somebody relies on it"
        item = _exposure(by_key.item(_whole(key), f"{shown(titles[node] or name)}"))
        if owners[node]:
            why += f"; its owner is {shown(owners[node])}"
        topic = hit[1].topic if hit else topic_of("finance-data")
        role = "key_report" if hit else "unknown"
        found.append(Proposal(_id(name, ids), topic, role, why, [item], doubtful=not hit))
    return found


def _exposure(item: Item) -> Item:
    """A dbt exposure by the name that dbt has for it, where that says the same."""
    report = keys.Report.parse(item.conditions["key"])
    if report is None or report.at or "?" in report.name or "*" in report.name:
        return item
    return replace(item, conditions={"dbt": f"exposure:{report.name}"})


def _id(name: str, taken: set[str]) -> str:
    """An id for a report, told apart from those already taken."""
    words = "-".join(re.findall(r"[a-z0-9]+", name.lower()))[:60].strip("-")
    found = plain = f"report-{words}" if words else "report"
    number = 1
    while found in taken:
        number += 1
        found = f"{plain}-{number}"
    taken.add(found)
    return found


class _Lineage:
    """How much leads to nodes, and who takes from them."""

    def __init__(self, graph: Graph) -> None:
        labels = [kind.label for kind in kinds.EDGE_KINDS.values() if kind.effect in _LINEAGE]
        rows = graph.edge_kind.isin(labels)
        self.size = len(graph.nodes)
        self.src = graph.edges["src"].to_numpy(dtype=np.int64)[rows]
        self.dst = graph.edges["dst"].to_numpy(dtype=np.int64)[rows]
        self.degree = np.bincount(self.dst, minlength=self.size)
        from scipy.sparse import csr_array  # noqa: PLC0415 - slow to import, and rarely needed

        against = csr_array((np.ones(len(self.src)), (self.dst, self.src)), shape=(self.size,) * 2)
        self.indptr, self.indices = against.indptr, against.indices

    def inputs(self, nodes: Iterable[int]) -> int:
        """Edges of lineage that end there."""
        return int(sum(self.degree[node] for node in nodes))

    def upstream(self, nodes: Collection[int]) -> int:
        """Nodes from which lineage leads there, themselves left out."""
        if not self.inputs(nodes):
            return 0
        from scipy.sparse import csr_array  # noqa: PLC0415 - as above
        from scipy.sparse.csgraph import breadth_first_order  # noqa: PLC0415

        members = np.array(sorted(nodes), dtype=self.indices.dtype)
        # One more row, a start before all of them, makes one search of many.
        indices = np.concatenate([self.indices, members])
        indptr = np.append(self.indptr, len(indices))
        form = (self.size + 1,) * 2
        against = csr_array((np.ones(len(indices)), indices, indptr), shape=form)
        reached = breadth_first_order(against, self.size, return_predecessors=False)
        return len(reached) - 1 - len(members)

    def followers(self, nodes: Collection[int]) -> int:
        """Nodes that take from them directly."""
        inside = np.zeros(self.size, dtype=bool)
        inside[sorted(nodes)] = True
        return len(distinct(self.dst[inside[self.src] & ~inside[self.dst]]))
