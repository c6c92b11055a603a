"""Which changes can matter to an identity: none of its answers depends on any other.

An answer rests on what lies on the ways from the identity to targets and gaps, whatever part of
the changes is made. So the ways are those of both graphs together, with both scopes, every edge in
force and every gate failed: more than any part of the changes opens. Beside the ways matter who
decides at the gates on them, who owns what lies on them, what authenticates as the identity, and
what selects the targets: a target that nothing supports is an answer for everybody.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import numpy as np

from nhigraph.assurance.diff.atoms import Atom
from nhigraph.assurance.diff.mixed import Mixed
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.scope import resolve
from nhigraph.assurance.select import Selector
from nhigraph.facts import keys
from nhigraph.facts.ends import Holder
from nhigraph.facts.facts import Claim
from nhigraph.graph import columns
from nhigraph.graph.mixture import Mask
from nhigraph.graph.store import Graph, keys_in
from nhigraph.schema import kinds
from nhigraph.schema.types import Effect

#: Fields of a node that a condition of a selector looks at.
_LOOKED_AT: Mapping[str, tuple[str, ...]] = {
    "kind": ("kind",),
    "name": ("name",),
    "owner": ("owner",),
    "tag": ("props.tags",),
    "label": ("props.labels",),
    "group": ("props.group",),
    "dbt": ("props.dbt", "props.tags", "props.group"),
    "downstream_of": ("state", "expires"),
}
_LINEAGE = {Effect.FEED_DIRECT, Effect.FEED_INDIRECT, Effect.COMPUTE}


class Relevance:
    """What can matter to whom.

    Attributes:
        mixed: The two estates.
        common: Numbers of changes that may matter to all.
    """

    def __init__(self, mixed: Mixed, before: Estate, after: Estate) -> None:
        """Lay the ways of everything.

        Args:
            mixed: Two estates.
            before: The first, resolved.
            after: The second, resolved.
        """
        self.mixed = mixed
        claims = (*mixed.before.claims, *mixed.after.claims)
        self._conditions = set(_conditions(claims))
        self._zones: dict[str, tuple[set[str], set[str]]] = {}
        self._backward = _backward()
        self._out: dict[str, set[str]] = {}
        self._into: dict[str, set[str]] = {}
        #: Group to its members, and node to what authenticates as it.
        self._members: dict[str, set[str]] = {}
        self._credentials: dict[str, set[str]] = {}
        self._opened: dict[str, set[str]] = {}
        #: What the scopes name, and what tells two holders apart: without these they say less.
        self._asked: set[str] = set()
        #: Node to those that own it, by key.
        self._owners: dict[str, set[str]] = {}
        #: Gate to the ends of the edges that it guards, and to those who decide there.
        self._guarded: dict[str, set[tuple[str, str]]] = {}
        self._deciding: dict[str, set[str]] = {}
        self._gaps: set[str] = set()
        self._supporting: set[str] = set()
        self._targets: set[str] = set()
        sides = (mixed.before, mixed.after)
        together = (resolve(mixed.everything, s.claims, s.day).estate for s in sides)
        every = (before, after, *together)
        for estate in every:
            self._lay_controls(estate)
        for estate in every:
            self._lay(estate)
        self._asked |= {key for claim in claims for key in _texts(claim.body)}
        self._leading = _closed(self._into, {*self._targets, *self._gaps})
        self.common = [number for number, a in enumerate(mixed.atoms) if self._common(a)]

    def of(self, identity: str) -> tuple[int, ...]:
        """Changes that can matter to an identity, in their order."""
        zone, near = self._around(identity)
        common = set(self.common)
        return tuple(
            number
            for number, atom in enumerate(self.mixed.atoms)
            if number in common or self._matters(atom, zone, near, identity)
        )

    def within(self, identities: Iterable[str]) -> Mask | None:
        """The nodes on which answers of some identities can rest; None where that is all of them.

        What lineage selects rests on nodes that nobody need reach.
        """
        if "downstream_of" in self._conditions:
            return None
        number = self.mixed.both.number
        found: set[str] = set(self._asked)
        for identity in identities:
            found.update(*self._around(identity))
        # What a document shows a secret to open stands against an answer that says otherwise.
        found.update(*(self._opened.get(key, ()) for key in list(found)))
        mask = np.zeros(len(number), dtype=bool)
        mask[[number[key] for key in found if key in number]] = True
        return mask

    def _around(self, identity: str) -> tuple[set[str], set[str]]:
        """What lies on the ways of an identity, and what matters beside them."""
        if identity not in self._zones:
            zone = _closed(self._out, {identity}) & self._leading | {identity}
            credentials = self._credentials.get(identity, set())
            near = {*credentials, *self._supporting, *self._beside({*zone, *credentials})}
            self._zones[identity] = zone, near
        return self._zones[identity]

    # -- laying ---------------------------------------------------------------------------------

    def _lay_controls(self, estate: Estate) -> None:
        """Note who decides at each gate: before the edges, which lead on from them."""
        for gate, record in estate.graph.gate_records.items():
            said = {*record.approvers, *keys_in(record.at), *keys_in(record.log)}
            self._deciding.setdefault(gate, set()).update(said)

    def _lay(self, estate: Estate) -> None:
        graph = estate.graph
        self._targets |= {target.key for target in estate.targets}
        self._supporting |= {key for target in estate.targets for key in target.nodes}
        self._asked |= {graph.key_list[node] for node in graph.ends_of(Holder.__name__)}
        self._asked |= _meant(estate, self.mixed.before.claims, self.mixed.after.claims)
        self._gaps |= {graph.key_list[node] for node in graph.gaps["node"].tolist()}
        for node, owner in enumerate(graph.nodes["owner"].tolist()):
            if owner:
                self._owners.setdefault(graph.key_list[node], set()).update(keys_in(owner))
        for edge in _edges(graph):
            self._lay_edge(*edge)

    def _lay_edge(self, kind: str, source: str, target: str, gate: str, needs: str) -> None:
        if kind == kinds.MEMBER_OF.label:
            self._members.setdefault(target, set()).add(source)
        if kind == kinds.AUTHENTICATES_AS.label:
            self._credentials.setdefault(target, set()).add(source)
            self._opened.setdefault(source, set()).add(target)
        if gate:
            self._guarded.setdefault(gate, set()).add((source, target))
        beside = {at for at, _ in columns.needs_of(needs)} | self._deciding.get(gate, set())
        ends = [target, source] if kind in self._backward else [target]
        for end in ends:
            for start in {source, target, *beside} - {end}:
                self._out.setdefault(start, set()).add(end)
                self._into.setdefault(end, set()).add(start)

    def _common(self, atom: Atom) -> bool:
        """Whether a change may matter to all: what is asked, and what selects the targets."""
        looked = {name for one in self._conditions for name in _LOOKED_AT.get(one, ())}
        if atom.of_scope or any(name in looked for _, _, name in atom.reads):
            return True
        touched = (*atom.goes, *atom.comes)
        if any(of == "end" for of, _ in touched):
            return True
        label = self.mixed.both.cells["edge"]["kind"]
        return "downstream_of" in self._conditions and any(
            of == "edge" and kinds.EDGE_KINDS[label[row]].effect in _LINEAGE for of, row in touched
        )

    # -- asking ---------------------------------------------------------------------------------

    def _beside(self, zone: Collection[str]) -> set[str]:
        """Who decides at gates on the ways, with the members of groups, and who owns what."""
        deciding = {
            key
            for gate, ends in self._guarded.items()
            if any(one in zone and other in zone for one, other in ends)
            for key in self._deciding.get(gate, ())
        }
        owners = {key for node in zone for key in self._owners.get(node, ())}
        return _closed(self._members, deciding) | owners

    def _matters(
        self, atom: Atom, zone: Collection[str], near: Collection[str], identity: str
    ) -> bool:
        both = self.mixed.both
        for of, row in (*atom.goes, *atom.comes, *((of, row) for of, row, _ in atom.reads)):
            if of == "gate":
                found = self._guards(str(both.cells["gate"]["key"][row]), zone)
            elif of == "edge":
                found = self._on_the_way(row, zone, near, identity)
            else:
                node = row if of == "node" else int(both.cells[of]["node"][row])
                found = both.keys[node] in zone or both.keys[node] in near
            if found:
                return True
        return False

    def _on_the_way(
        self, row: int, zone: Collection[str], near: Collection[str], identity: str
    ) -> bool:
        cells = self.mixed.both.cells["edge"]
        source, target = (self.mixed.both.keys[cells[end][row]] for end in ("src", "dst"))
        if source in zone and target in zone:
            return True
        if cells["kind"][row] == kinds.AUTHENTICATES_AS.label and target == identity:
            return True
        return bool(cells["kind"][row] == kinds.MEMBER_OF.label and target in near)

    def _guards(self, gate: str, zone: Collection[str]) -> bool:
        if gate in {keys.Recovery(key).text for key in self._targets}:
            return True
        return any(one in zone and other in zone for one, other in self._guarded.get(gate, ()))


def _backward() -> set[str]:
    """Kinds of edges that are walked backwards, too."""
    return {k.label for k in kinds.EDGE_KINDS.values() if k.effect in kinds.BACKWARD}


def _edges(graph: Graph) -> Iterator[tuple[str, str, str, str, str]]:
    names = ("kind", "src", "dst", "gate", "needs")
    keys_ = graph.key_list
    for kind, src, dst, gate, needs in zip(
        *(graph.edges[name].tolist() for name in names), strict=True
    ):
        yield kind, keys_[src], keys_[dst], gate, needs


def _closed(follow: Mapping[str, Iterable[str]], starts: Iterable[str]) -> set[str]:
    found = set(starts)
    waiting = list(found)
    while waiting:
        for node in follow.get(waiting.pop(), ()):
            if node not in found:
                found.add(node)
                waiting.append(node)
    return found


def _meant(estate: Estate, *scopes: Sequence[Claim]) -> set[str]:
    """What answers say that something opens, where they say so by a selector."""
    opened = (
        claim.body.get("opens")
        for claims in scopes
        for claim in claims
        if claim.subject == "answer"
    )
    items = [one for one in opened if isinstance(one, Mapping)]
    found = Selector(estate.graph, estate.day).matches(items) if items else set()
    return {estate.graph.key_list[node] for node in found}


def _texts(value: object) -> Iterator[str]:
    """Every text in a claim: a key may be among them."""
    if isinstance(value, str):
        yield keys.canonical(value)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


def _conditions(claims: Sequence[Claim]) -> Iterator[str]:
    """Conditions that selectors of the scopes make."""
    for claim in claims:
        for value in claim.body.values():
            for item in value if isinstance(value, list | tuple) else (value,):
                if isinstance(item, Mapping):
                    yield from map(str, item)
