"""Gaps that answers close, and what is so without them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import permutations
from typing import Any

from nhigraph.assurance.answers import edges
from nhigraph.assurance.answers.given import Given
from nhigraph.assurance.answers.said import Against, OfGap, OfHolders, OfSecret, Outcome, Said
from nhigraph.assurance.select import Selector
from nhigraph.facts import keys
from nhigraph.facts.asks import Ask, Becomes, Leads, Machine, Needs, Opens, Same, Trusted
from nhigraph.facts.ends import Holder
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Gap
from nhigraph.facts.keys import forge
from nhigraph.graph.dangling import edges_of
from nhigraph.graph.holders import addresses, refuted
from nhigraph.graph.store import Graph
from nhigraph.policy import forges
from nhigraph.schema import claims as words
from nhigraph.schema import kinds
from nhigraph.schema.types import Certainty, EdgeKind, Family, State

#: What a gap asks for that an answer of each sort tells; one about a gap closes any.
_TELLS: Mapping[str, type[Ask]] = {
    "secret": Opens,
    "token": Trusted,
    "variable": Machine,
    "default": Machine,
    "same": Same,
    "different": Same,
}


#: What an answer that names somebody is, as an edge.
_OPENING: Mapping[str, EdgeKind] = {
    "opens": kinds.AUTHENTICATES_AS,
    "trusted_by": kinds.CAN_ASSUME,
    "becomes": kinds.CAN_ASSUME,
}


class Gaps:
    """The gaps of one graph."""

    def __init__(self, graph: Graph, selector: Selector, own: frozenset[str]) -> None:
        """Nothing is indexed before it is asked for.

        Args:
            graph: The graph.
            selector: Finds its nodes.
            own: Documents that are the scope's.
        """
        self.graph, self.selector, self.own = graph, selector, own

    def said(self, one: Given) -> Iterator[Said]:
        """What an answer says of each gap that it is about."""
        meant = self._meant(one)
        for row in meant:
            node = self._nodes[row]
            found = self._outcome(one, node, row)
            if isinstance(found, Against):
                yield found
            elif found is not None:
                name = (self.graph.key_list[node], self._reasons[row])
                yield OfGap(name), found
        if one.about in ("same", "different"):
            yield from self._of_holders(one)
        if one.about == "secret":
            asked = {self._nodes[row] for row in meant}
            for node in sorted(self.selector.matches(one.body["select"])):
                against = [*self._against(one, node)]
                yield from against
                if not against and node not in asked:
                    yield from self._unasked(one, node)

    def _unasked(self, one: Given, node: int) -> Iterator[Said]:
        """What a secret opens of which nothing is asked: where no document says it, too."""
        key, to = self.graph.key_list[node], one.body["opens"]
        family = kinds.NODE_KINDS[self.graph.kind_list[node]].family
        if family is not Family.CREDENTIAL or self._shown(node):
            return
        found = self._opens(one, key, to, kinds.AUTHENTICATES_AS)
        if isinstance(found, Against):
            yield replace(found, facts=(_not_described(one, key, to),))
        elif found.facts or to == words.NOTHING:
            # That it opens nothing has something to say only against another answer.
            yield OfSecret(key), found

    def _of_holders(self, one: Given) -> Iterator[Said]:
        """Whether systems speak against what an answer says of two addresses, or nobody does."""
        first, second = one.body["names"]
        mine, theirs = self._reached.get(first, []), self._reached.get(second, [])
        if refuted(mine, theirs, same=one.about == "same"):
            what = "two" if one.about == "same" else "one"
            yield Against(f"the systems at {first} and {second} say that they are {what}")
        elif mine and theirs:
            yield OfHolders(one.body["names"]), Outcome(one.about)

    def beside(self, one: Given) -> str:
        """Key of a node that an answer selects and that has a gap, if only one of another sort."""
        found = self._near(one) if one.about in ("secret", "token") else []
        return self.graph.key_list[self._nodes[found[0]]] if found else ""

    # -- which gaps -----------------------------------------------------------------------------

    def _meant(self, one: Given) -> list[int]:
        wanted = Becomes if "becomes" in one.body else _TELLS.get(one.about)
        near = self._near(one)
        if one.about == "gap" and ("for" in one.body or one.body.get("is") == words.HELD):
            return [row for row in near if self._waits(one, self._asks.get(row))]
        if wanted is None:
            return near
        # A gap that asks for no one thing is one of those that an answer about a gap names.
        any_gap = one.about == "gap"
        return [
            row
            for row in near
            if isinstance(self._asks.get(row), wanted) or (any_gap and row not in self._asks)
        ]

    def _waits(self, one: Given, ask: Ask | None) -> bool:
        """Whether a gap waits for what no input describes, and that an answer names."""
        if one.body["is"] == words.HELD and not isinstance(ask, Needs):
            return False
        if "for" not in one.body:
            return True
        match ask:
            case Needs(needs):
                wanted = [at for at, _ in needs]
            case Leads(to):
                wanted = [to]
            case _:
                return False
        meant, named = keys.Listed(wanted), one.body["for"]
        return len(set[int]().union(*map(meant.matching, named))) == len(wanted)

    def _near(self, one: Given) -> list[int]:
        """Gaps at what an answer names, whatever they ask for."""
        if one.about == "variable":
            return self._of_settings(one)
        if one.about in ("same", "different"):
            meant = [self._holders.get(name, {name}) for name in one.body["names"]]
            return [row for row, ask in self._asks.items() if _is_of(ask, meant)]
        nodes = self.selector.matches(one.body["select"])
        if one.about == "default":
            selected = {self.graph.key_list[node] for node in nodes}
            return [row for row, node in enumerate(self._nodes) if self._home(node) in selected]
        return [row for node in sorted(nodes) for row in self._at.get(node, ())]

    def _of_settings(self, one: Given) -> list[int]:
        """Gaps that wait for a variable's value, by the key of the variable."""
        waiting = [(a.setting, r) for r, a in self._asks.items() if isinstance(a, Machine)]
        named = keys.Listed([setting for setting, _ in waiting])
        found = {n for item in one.body["select"] for n in named.matching(item.get("key", ""))}
        return [waiting[number][1] for number in sorted(found) if waiting[number][0]]

    def _home(self, node: int) -> str:
        of = forge.home_of(self.graph.key_list[node])
        return "" if of is None else of.text

    @cached_property
    def _said_of_holders(self) -> list[tuple[str, Holder]]:
        """Holders by their own name, with what documents say of them."""
        nodes = self.graph.ends_of(Holder.__name__)
        parsed = ((node, keys.parse(self.graph.key_list[node])) for node in nodes)
        return [
            ("" if key is None else key.holder_name, end)
            for node, key in parsed
            for end in self.graph.ends_at(node)
            if isinstance(end, Holder)
        ]

    @cached_property
    def _reached(self) -> dict[str, list[Holder]]:
        """What was said of what was reached at a host, or at ``host:port``."""
        found: dict[str, list[Holder]] = {}
        for _, end in self._said_of_holders:
            for address in addresses(end):
                found.setdefault(address, []).append(end)
        return found

    @cached_property
    def _holders(self) -> dict[str, set[str]]:
        """Holders by their own name, by ``host`` and by ``host:port``."""
        found: dict[str, set[str]] = {}
        for holder, end in self._said_of_holders:
            for name in {holder, *end.proofs.values(), end.label} - {""} if holder else ():
                found.setdefault(name, set()).add(holder)
        return found

    @cached_property
    def _nodes(self) -> list[int]:
        return self.graph.gaps["node"].tolist()

    @cached_property
    def _reasons(self) -> list[str]:
        return self.graph.gaps["reason"].tolist()

    @cached_property
    def _asks(self) -> dict[int, Ask]:
        """What gaps ask for, where they ask for one thing."""
        cells = self.graph.gaps["asks"].tolist()
        return {row: self.graph.gap_asks(row) for row, cell in enumerate(cells) if cell}  # type: ignore[misc]  # none is None

    @cached_property
    def _at(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for row, node in enumerate(self._nodes):
            found.setdefault(node, []).append(row)
        return found

    # -- what is so -----------------------------------------------------------------------------

    def _outcome(self, one: Given, node: int, row: int) -> Outcome | Against | None:
        key = self.graph.key_list[node]
        for field, kind in _OPENING.items():
            if field in one.body:
                return self._opens(one, key, one.body[field], kind)
        ask = self._asks.get(row)
        if one.body.get("is") == words.HELD and isinstance(ask, Needs):
            cells = self.graph.gaps
            days = (str(cells["valid_from"].iat[row]), str(cells["valid_until"].iat[row]))
            made = edges_of(key, ask, one.evidence, days, sure=one.confirmed)
            return Outcome(words.HELD, tuple(made))
        match one.about:
            case "variable":
                label = str(one.body["is"])
                facts = forges.of(keys.parse(key)).machine(key, label, one.evidence)
                return Outcome(label, tuple(_as_sure(one, facts)))
            case "default":
                return Outcome("hosted") if one.body["is"] == "hosted" else None
            case "same":
                return Outcome("same", tuple(self._shared(one, key)))
            case _:
                return Outcome(one.about)

    def _shared(self, one: Given, role: str) -> Iterator[Edge]:
        """Who has a role by one database of a server has it by the other."""
        key = keys.Role.parse(role)
        asked = {name for said in one.body["names"] for name in self._holders.get(said, (said,))}
        for name in sorted(asked):
            platform, _, database = name.partition(":")
            if key is None or key.database.holder_name == name:
                continue
            twin = keys.Role(keys.database(platform, database), key.name).text
            if self.graph.node_id(twin) is not None:
                made = Edge(kinds.CAN_ASSUME, role, twin, one.evidence)
                yield made if one.confirmed else replace(made, certainty=Certainty.ASSUMED)

    def _opens(self, one: Given, key: str, to: Any, kind: EdgeKind) -> Outcome | Against:  # noqa: ANN401 - of a claim
        """Edges to what a credential opens."""
        if to == words.NOTHING:
            return Outcome(words.NOTHING)
        found = self._named(to)
        if not found:
            told = ", ".join(map(str, to.values())) if isinstance(to, Mapping) else to
            problem = f"no input describes {told}, which it is said to open"
            return Against(problem, "correct the key, or give the export that describes it")
        several = len(found) > 1 and not isinstance(to, Mapping)
        sure = Certainty.CONDITIONAL if several else Certainty.CERTAIN
        made = (
            Edge(
                kind,
                key,
                target,
                one.evidence,
                certainty=sure if one.confirmed else Certainty.ASSUMED,
                condition=f"{target} is meant" if several else None,
            )
            for target in found
            if target != key
        )
        return Outcome(tuple(found), tuple(made))

    def _named(self, to: Any) -> list[str]:  # noqa: ANN401 - of a claim
        if isinstance(to, Mapping):
            return [self.graph.key_list[node] for node in sorted(self.selector.item(to))]
        named = self.graph.named(keys.canonical(str(to)))
        return [name for name in named if self.graph.node_id(name) is not None]

    def _shown(self, node: int) -> set[str]:
        """What documents show for certain that a secret opens."""
        return {
            self.graph.key_list[target]
            for row, target in edges.out(self.graph, node, kinds.AUTHENTICATES_AS)
            if self.graph.edges["certainty"].iat[row] == Certainty.CERTAIN
            and any(e.artifact not in self.own for e in self.graph.evidence_of("edge", row))
        }

    def _against(self, one: Given, node: int) -> Iterator[Against]:
        """What documents show that a secret opens, against an answer that says otherwise."""
        shown, to = self._shown(node), one.body["opens"]
        if shown and (to == words.NOTHING or set(self._named(to)) != shown):
            key = self.graph.key_list[node]
            yield Against(f"a document shows that {key} opens {min(shown)}")


def left_open(secret: str, reason: str, evidence: Evidence) -> Gap:
    """That a secret opens something of which nobody can say what.

    Args:
        secret: Key of the secret.
        reason: Why nobody can.
        evidence: Where it is said that it opens something.
    """
    return Gap(secret, reason, evidence, (State.READ,), asks=Opens())


def _not_described(one: Given, secret: str, to: Any) -> Gap:  # noqa: ANN401 - of a claim
    told = ", ".join(map(str, to.values())) if isinstance(to, Mapping) else to
    reason = f"it is said to open {told}, which no input describes"
    return left_open(secret, reason, one.evidence)


def _is_of(ask: Ask, meant: Sequence[set[str]]) -> bool:
    """Whether a gap asks of two holders, each of which may be meant by several names."""
    if not isinstance(ask, Same):
        return False
    one, other = meant
    return any(a in one and b in other for a, b in permutations((ask.one, ask.other)))


def _as_sure(one: Given, facts: Iterable[Fact]) -> Iterator[Fact]:
    """Edges, assumed where nobody confirmed them."""
    for fact in facts:
        if isinstance(fact, Edge) and not one.confirmed:
            yield replace(fact, certainty=Certainty.ASSUMED)
        else:
            yield fact
