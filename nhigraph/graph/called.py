"""One graph with its holders called as another graph calls them.

Where two servers or projects have one name, a qualifier tells them apart: an address, or where
the documents were found. It is no part of what they are. A file that was renamed, or a second
export that came, gives a holder another qualifier, or its first one; for a comparison it is the
same holder.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace

from nhigraph.facts import keys
from nhigraph.facts.ends import Holder
from nhigraph.facts.facts import Claim
from nhigraph.graph import frames, holders
from nhigraph.graph.assembly import assemble
from nhigraph.graph.store import Graph
from nhigraph.records import dataclass

#: Name of a holder, and what tells it from others of that name.
Called = tuple[str, str]
#: A platform with a qualifier, as keys begin their holder.
_HEAD = re.compile(r"([\w-]+)\[([^\]]+)\]:")


@dataclass(slots=True)
class _Variant:
    """One holder of a name.

    Attributes:
        digests: Of the documents that speak of it.
        artifacts: Names of these.
        holders: What documents say of it: a system's own identifier, an address.
    """

    digests: set[str] = field(default_factory=set)
    artifacts: set[str] = field(default_factory=set)
    holders: list[Holder] = field(default_factory=list)

    def is_one(self, other: "_Variant") -> bool:
        """Whether what documents say shows that two are one."""
        return any(holders.are_one(a, b) for a in self.holders for b in other.holders)

    def may_be(self, other: "_Variant") -> bool:
        """Whether no system says of itself that it is another one."""
        return not holders.refuted(self.holders, other.holders, same=True)


def as_called(
    before: Graph, after: Graph, claims: Sequence[Claim]
) -> tuple[Graph, tuple[Claim, ...]]:
    """The second graph and its scope, with holders called as in the first.

    Args:
        before: The first graph.
        after: The second.
        claims: The scope of the second.
    """
    if not any("[" in key for graph in (before, after) for key in graph.key_list):
        return after, tuple(claims)
    names = _names(_variants(before), _variants(after))
    if not names:
        return after, tuple(claims)
    naming = _Naming(names)
    records = holders.rekeyed(frames.records(after), naming.key, naming.text)
    renamed = (
        replace(claim, body={n: _inside(one, naming.text) for n, one in claim.body.items()})
        for claim in claims
    )
    return assemble(records).graph, tuple(renamed)


def _variants(graph: Graph) -> dict[str, dict[str, _Variant]]:
    """Holders by their name and qualifier."""
    called: dict[int, Called] = {}
    for node, text in enumerate(graph.key_list):
        key = keys.parse(text)
        if key is not None and key.holder_name:
            called[node] = (key.holder_name, key.qualifier)
    found: dict[str, dict[str, _Variant]] = {}
    for node, (name, at) in called.items():
        variant = found.setdefault(name, {}).setdefault(at, _Variant())
        for place in graph.evidence_of("node", node):
            variant.digests.add(place.sha256)
            variant.artifacts.add(place.artifact)
    for node in graph.ends_of(Holder.__name__):
        for end in graph.ends_at(node) if node in called else ():
            if isinstance(end, Holder):
                name, at = called[node]
                found[name][at].holders.append(end)
    return found


def _names(
    before: Mapping[str, Mapping[str, _Variant]], after: Mapping[str, Mapping[str, _Variant]]
) -> dict[Called, str]:
    """Holders of the second graph that the first calls otherwise, and how."""
    found: dict[Called, str] = {}
    for name in sorted(before.keys() & after.keys()):
        pairs = _paired(before[name], after[name])
        called = [pairs.get(at, at) for at in after[name]]
        if len(called) == len(set(called)):
            found |= {(name, at): new for at, new in pairs.items() if at != new}
    return found


def _paired(before: Mapping[str, _Variant], after: Mapping[str, _Variant]) -> dict[str, str]:
    """Qualifier in the second graph to that in the first, on the best evidence there is."""
    if set(before) == set(after) == {""}:
        return {"": ""}
    tests: tuple[Callable[[str, str], bool], ...] = (
        lambda new, old: bool(after[new].digests & before[old].digests),
        lambda new, old: after[new].is_one(before[old]),
        lambda new, old: new == old,
        lambda new, old: bool(after[new].artifacts & before[old].artifacts),
        lambda _new, _old: True,
    )
    found: dict[str, str] = {}
    for test in tests:
        left = [at for at in after if at not in found]
        free = [at for at in before if at not in found.values()]
        for new in left:
            like = [o for o in free if test(new, o) and after[new].may_be(before[o])]
            # Of several nobody can say which one is meant.
            if len(like) == 1 and sum(test(other, like[0]) for other in left) == 1:
                found[new] = like[0]
    return found


class _Naming:
    """Keys and texts as the first graph has them."""

    def __init__(self, names: Mapping[Called, str]) -> None:
        self.names = names

    def key(self, text: str) -> str:
        """A key; any other text stays."""
        key = keys.parse(text)
        if key is None:
            return text
        new = self.names.get((key.holder_name, key.qualifier))
        return text if new is None else key.qualified(new).text

    def text(self, text: str) -> str:
        """A text in which keys, or what holders are called, may stand."""
        found = self.key(text)
        if found != text:
            return found
        for name, old, new in self._heads(text):
            text = text.replace(f"{name}[{old}]:", f"{name}[{new}]:" if new else f"{name}:")
        for (name, old), new in self.names.items():
            text = text.replace(holders.unclear(name, old), holders.unclear(name, new))
        return text

    def _heads(self, text: str) -> Iterator[tuple[str, str, str]]:
        """Platforms with a qualifier that one new one alone stands for."""
        for platform, at in sorted(set(_HEAD.findall(text))):
            news = {
                new
                for (name, old), new in self.names.items()
                if old == at and name.partition(":")[0] == platform
            }
            if len(news) == 1:
                yield platform, at, news.pop()


def _inside(value: object, change: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {name: _inside(one, change) for name, one in value.items()}
    if isinstance(value, list | tuple):
        made: Iterable[object] = (_inside(one, change) for one in value)
        return type(value)(made)
    return value
