"""Selectors of the scope: which nodes a claim is about.

``*`` stands for any run of characters, ``.`` and ``/`` included, ``?`` for one; case counts but
where the platform of a key compares without; a key without a qualifier means those that have one,
too (``facts.keys.patterns``). All conditions of one item hold; an empty item matches nothing.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

import numpy as np

from nhigraph.assurance.day import Day
from nhigraph.facts import keys
from nhigraph.graph.store import Graph
from nhigraph.schema import kinds
from nhigraph.schema.types import Effect

_LINEAGE = {Effect.FEED_DIRECT, Effect.FEED_INDIRECT, Effect.COMPUTE}
#: Property in which each condition on a list of words is looked up.
_WORDS = {"tag": "tags", "label": "labels", "group": "group"}


@lru_cache(maxsize=4096)
def pattern(glob: str) -> re.Pattern[str]:
    """A glob as a pattern for the whole text."""
    parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in glob)
    return re.compile("".join(parts) + r"\Z", re.DOTALL)


class Selector:
    """Finds nodes of one graph.

    Attributes:
        keys: Keys of its nodes, by id.
    """

    def __init__(self, graph: Graph, day: Day, absent: Collection[str] = ()) -> None:
        """Nothing is indexed before it is asked for; lineage is that of the day.

        Args:
            graph: The graph.
            day: The day.
            absent: Keys of nodes that are supposed not to be there.
        """
        self._graph, self._day = graph, day
        nodes = (graph.node_id(key) for key in absent)
        self._absent = frozenset(node for node in nodes if node is not None)
        self.keys = graph.key_list
        self._listed = keys.Listed(self.keys)
        self._flows: dict[int, list[int]] | None = None

    def matches(self, items: Iterable[Mapping[str, object]]) -> set[int]:
        """Nodes that match any of the items."""
        found: set[int] = set()
        for item in items:
            found |= self.item(item)
        return found

    def item(self, item: Mapping[str, object]) -> set[int]:
        """Nodes for which every condition of the item holds."""
        found: set[int] | None = None
        for name, value in sorted(item.items()):
            matching = self._condition(name, str(value))
            found = matching if found is None else found & matching
        return (found or set()) - self._absent

    def _condition(self, name: str, value: str) -> set[int]:
        graph = self._graph
        if name == "downstream_of":
            return self._downstream(self._keyed(value))
        if name in _WORDS:
            return self._worded(_WORDS[name], value)
        if name == "dbt":
            return self._dbt(value)
        if name == "kind":
            named = set(filter(pattern(value).match, kinds.NODE_KINDS))
            return set(np.flatnonzero(graph.of_kind(named)).tolist())
        if name in {"name", "owner"}:
            return self._joined(graph.nodes[name].tolist(), value)
        return self._keyed(value) if name == "key" else set()

    def _keyed(self, glob: str) -> set[int]:
        """Nodes by their key."""
        return self._listed.matching(glob)

    def _joined(self, column: list[str], glob: str) -> set[int]:
        """Nodes by a column that joins what several records say; nothing said meets no glob."""
        found = self._globbed(column, glob)
        match = pattern(glob).match
        return found | {
            node
            for node, text in enumerate(column)
            if ";" in text and any(map(match, text.split(";")))
        }

    def _dbt(self, value: str) -> set[int]:
        """``exposure:``, ``tag:``, ``group:`` or a node's name, as in dbt's own selection."""
        found = self._worded("dbt", value)
        method, colon, rest = value.partition(":")
        if not colon:
            return found | self._keyed(keys.Model(keys.Package("*"), value).text)
        if method == "exposure":
            return found | self._keyed(keys.Report(rest).text)
        return found | (self._worded(_WORDS[method], rest) if method in _WORDS else set())

    def _globbed(self, column: list[str], glob: str) -> set[int]:
        if "*" not in glob and "?" not in glob:
            return {node for node, text in enumerate(column) if text == glob}
        match = pattern(glob).match
        return {node for node, text in enumerate(column) if text and match(text)}

    def _worded(self, name: str, glob: str) -> set[int]:
        match = pattern(glob).match
        found = set()
        for node, props in self._graph.nodes_with_property(name):
            words = props.get(name) or ()
            words = words.split(";") if isinstance(words, str) else words
            if any(match(str(word)) for word in words):
                found.add(node)
        return found

    def _downstream(self, starts: set[int]) -> set[int]:
        """What lineage leads to from each start, the start itself left out.

        A start that lies downstream of another one is in. To say so without one search per
        start, every node keeps up to two different starts that lead to it.
        """
        flows = self._lineage()
        origins: dict[int, set[int]] = {}
        waiting = [(follower, start) for start in starts for follower in flows.get(start, ())]
        while waiting:
            node, start = waiting.pop()
            known = origins.setdefault(node, set())
            if start in known or len(known) > 1:
                continue
            known.add(start)
            waiting += [(follower, start) for follower in flows.get(node, ())]
        return {node for node, found in origins.items() if found != {node}}

    def _lineage(self) -> dict[int, list[int]]:
        if self._flows is None:
            labels = [k.label for k in kinds.EDGE_KINDS.values() if k.effect in _LINEAGE]
            edges = self._graph.edges
            rows = self._graph.edge_kind.isin(labels)
            rows &= self._day.in_force(self._graph)
            self._flows = {}
            for source, target in zip(edges["src"][rows], edges["dst"][rows], strict=True):
                self._flows.setdefault(int(source), []).append(int(target))
        return self._flows


def items_of(value: object) -> list[Mapping[str, object]]:
    """The items of a selector, given as a list of them or as one."""
    many = [value] if isinstance(value, Mapping) else value
    return [i for i in many if isinstance(i, Mapping)] if isinstance(many, Iterable) else []
