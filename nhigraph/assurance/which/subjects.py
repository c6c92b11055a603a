"""The subjects of an estate: what a person calls a system, a database, a vendor, a process.

A database is one per platform, holder and name, as the keys of datasets and containers say
(``facts.keys``); whatever its containers hold is of it. A container at the top that holds no such
database is a database where it holds data (a catalogue, a warehouse that facts/1 describes), else
a system (an organization at a forge, a cluster, a cloud account); one that holds databases is the
server, a system. A store of secrets is a system. A dataset that nothing holds and no database has
is a database by itself (a bucket). A dbt connection is a setting and no system.

A vendor is whatever a node's ``vendor`` names. What the scope puts into a carve-out, or includes
of a subservice, and no ``vendor`` names, is one vendor for each entry of the scope's list.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np

from nhigraph.assurance.estate import Estate
from nhigraph.assurance.scope import Bounded
from nhigraph.facts import keys
from nhigraph.facts.keys.parts import beginnings
from nhigraph.records import dataclass
from nhigraph.schema import kinds
from nhigraph.schema.types import Effect, Family

_CONTAIN = [k.label for k in kinds.EDGE_KINDS.values() if k.effect is Effect.CONTAIN]
_ACTORS = [k.label for k in kinds.NODE_KINDS.values() if k.nhi]
_DATA = [k.label for k in kinds.NODE_KINDS.values() if k.family is Family.DATA]
_STORED = (keys.Dataset, keys.Container)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is asked about.

    Attributes:
        key: See ``WhichRow.subject``.
        kind: system, repository, database, vendor, process, or the kind of a node.
        name: What people call it.
        seats: Nodes that whoever has taken it over holds, ascending.
        nodes: These, and the data that they hold: whoever alters that alters it.
        lost: Keys of targets of a process that no node stands for: nobody is cleared of these.
    """

    key: str
    kind: str
    name: str
    seats: tuple[int, ...]
    nodes: tuple[int, ...]
    lost: tuple[str, ...] = ()


def subjects(estate: Estate, bounded: Iterable[Bounded] = ()) -> list[Subject]:
    """Every subject of an estate, by key and kind.

    Args:
        estate: The estate.
        bounded: Entries of the scope's boundary lists.
    """
    found = _Found(estate)
    listed = [
        *found.databases(),
        *found.systems(),
        *found.repositories(),
        *_vendors(estate, bounded),
        *_processes(estate),
    ]
    return sorted(listed, key=lambda one: (one.key, one.kind))


def of_node(estate: Estate, node: int) -> Subject:
    """Any other node as a subject, its own kind as the kind."""
    graph = estate.graph
    name = _name(estate, node)
    return Subject(graph.key_list[node], graph.kind_list[node], name, (node,), (node,))


class _Found:
    """Subjects that are nodes, or made of nodes by what holds what."""

    def __init__(self, estate: Estate) -> None:
        self.estate, self.graph = estate, estate.graph
        graph = self.graph
        self.is_data = graph.of_kind(_DATA)
        self.is_container = graph.of_kind({kinds.CONTAINER.label})
        self.is_actor = graph.of_kind(_ACTORS)
        self.is_dataset = graph.of_kind({kinds.DATASET.label})
        self.is_system = graph.of_kind({kinds.SYSTEM.label, kinds.SECRET_STORE.label})

    @cached_property
    def _held(self) -> tuple[Mapping[int, list[int]], Mapping[int, list[int]]]:
        """What each node holds on the day, and what holds it, whether these live or not."""
        edges = self.graph.edges
        rows = np.flatnonzero(self.graph.edge_kind.isin(_CONTAIN))
        rows = rows[self.estate.day.covers(edges[["valid_from", "valid_until"]].iloc[rows])]
        below, above = defaultdict(list), defaultdict(list)
        pairs = (edges[end].to_numpy()[rows].tolist() for end in ("src", "dst"))
        for holder, held in zip(*pairs, strict=True):
            below[holder].append(held)
            above[held].append(holder)
        return below, above

    def within(self, nodes: Iterable[int]) -> set[int]:
        """The nodes and the data that they hold, at any depth."""
        below = self._held[0]
        waiting = list(nodes)
        found = set(waiting)
        while waiting:
            for held in below.get(waiting.pop(), ()):
                if held not in found and self.is_data[held]:
                    found.add(held)
                    waiting.append(held)
        return found

    @cached_property
    def database_of(self) -> dict[int, keys.Database]:
        """Data and containers whose key says which database they are of."""
        found = {}
        stored = self.is_dataset | self.is_container | self.graph.of_kind({kinds.STREAM.label})
        known, named = beginnings(), self.graph.key_list
        for node in np.flatnonzero(stored).tolist():
            # Most keys of a large estate may be of no form: they are not read.
            text = named[node]
            key = keys.parse(text) if keys.beginning_of(text) in known else None
            if isinstance(key, _STORED) and key.database.name:
                found[node] = key.database
        return found

    def databases(self) -> Iterator[Subject]:
        """One for each database that keys name, for holders of other data, and for loose data."""
        named: dict[keys.Database, set[int]] = defaultdict(set)
        for node, database in self.database_of.items():
            named[database].add(node)
        for database, nodes in named.items():
            more = {n for n in self.within(nodes) if self.database_of.get(n, database) == database}
            key = keys.Container(database).text
            name = f"{database.name} at {database.at}" if database.at else database.name
            ours, seats = sorted(nodes | more), tuple(sorted(nodes))
            yield Subject(key, "database", name, seats, tuple(ours))
        for node, held in self._tops.items():
            data = self._is_data_alone(node, held)
            if data and not self.is_system[node] and not held & self.database_of.keys():
                yield self._subject(node, "database", held)
        above = self._held[1]
        loose = self.is_dataset & ~self.is_container & ~self.is_system
        for node in np.flatnonzero(loose).tolist():
            if node not in self.database_of and node not in above:
                yield self._subject(node, "database", {node})

    def systems(self) -> Iterator[Subject]:
        """Systems, stores of secrets, and containers at the top that are no database."""
        for node in np.flatnonzero(self.is_system).tolist():
            if not isinstance(keys.parse(self.graph.key_list[node]), keys.Connection):
                yield self._subject(node, "system", self.within([node]))
        for node, held in self._tops.items():
            data = self._is_data_alone(node, held)
            if not self.is_system[node] and (held & self.database_of.keys() or not data):
                yield self._subject(node, "system", held)

    def _is_data_alone(self, node: int, held: set[int]) -> bool:
        """Whether it holds data, and nobody: an account that has identities is no database."""
        actors = any(self.is_actor[one] for one in self._held[0].get(node, ()))
        return not actors and not self._datasets.isdisjoint(held)

    @cached_property
    def _datasets(self) -> frozenset[int]:
        return frozenset(np.flatnonzero(self.is_dataset).tolist())

    def repositories(self) -> Iterator[Subject]:
        """Repositories; what lies in one is changed by changing it, and is not it."""
        found = self.graph.of_kind({kinds.REPOSITORY.label}) & ~self.is_system
        for node in np.flatnonzero(found).tolist():
            yield self._subject(node, "repository", {node})

    @cached_property
    def _tops(self) -> dict[int, set[int]]:
        """Containers that no container or system holds and no database has, to their data."""
        above = self._held[1]
        found = {}
        for node in np.flatnonzero(self.is_container).tolist():
            holders = above.get(node, ())
            held = any(self.is_container[h] or self.is_system[h] for h in holders if h != node)
            if not held and node not in self.database_of:
                found[node] = self.within([node])
        return found

    def _subject(self, node: int, kind: str, nodes: Iterable[int]) -> Subject:
        name = _name(self.estate, node)
        return Subject(self.graph.key_list[node], kind, name, (node,), tuple(sorted(nodes)))


def _name(estate: Estate, node: int) -> str:
    return estate.graph.name_list[node] or estate.graph.key_list[node]


def _vendors(estate: Estate, bounded: Iterable[Bounded]) -> Iterator[Subject]:
    named: dict[str, set[int]] = defaultdict(set)
    of_somebody = set()
    for node, props in estate.graph.nodes_with_property("vendor"):
        for name in _texts(props.get("vendor")):
            named[name].add(node)
            of_somebody.add(node)
    for name, nodes in named.items():
        yield _group(f"vendor:{name}", "vendor", name, nodes)
    # A node that two entries match is of both: which of them runs it is not told.
    groups: dict[tuple[str, str], set[int]] = defaultdict(set)
    for one in bounded:
        ids = {estate.graph.node_id(key) for key in one.nodes} - {None, *of_somebody}
        groups[one.boundary, one.selector].update(node for node in ids if node is not None)
    for (boundary, selector), nodes in groups.items():
        if nodes:
            (only, *rest) = sorted(nodes)
            name = selector if rest else _name(estate, only)
            yield _group(f"{boundary}:{selector}", "vendor", name, nodes)


def _processes(estate: Estate) -> Iterator[Subject]:
    named: dict[str, set[int]] = defaultdict(set)
    lost: dict[str, list[str]] = defaultdict(list)
    for target in estate.targets:
        if target.process:
            ids = (estate.graph.node_id(key) for key in target.nodes)
            named[target.process].update(node for node in ids if node is not None)
            lost[target.process] += [target.key] if target.dead else []
    for name, nodes in named.items():
        yield _group(f"process:{name}", "process", name, nodes, lost[name])


def _group(
    key: str, kind: str, name: str, nodes: Iterable[int], lost: Iterable[str] = ()
) -> Subject:
    listed = tuple(sorted(nodes))
    return Subject(key, kind, name, listed, listed, tuple(sorted(lost)))


def _texts(value: object) -> Sequence[str]:
    many = value if isinstance(value, list | tuple) else (value,)
    return [item for item in many if isinstance(item, str) and item.strip()]
