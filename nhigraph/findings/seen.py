"""What a rule may look at: the assessment, node by node."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from nhigraph.assurance.analyse import Analysis
from nhigraph.assurance.answer import Answer, rows_of_holders
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.rows import Target, VerdictRow
from nhigraph.assurance.verdict_rows import VerdictRows
from nhigraph.assurance.weaknesses import REVIEWED
from nhigraph.findings.endings import Ends
from nhigraph.findings.outward import ways_out
from nhigraph.graph.store import Graph, Ints
from nhigraph.schema import kinds
from nhigraph.schema.claims import CLASS_CATEGORY, FINANCIAL, UNKNOWN
from nhigraph.schema.crosswalk import WEAKNESSES
from nhigraph.schema.properties import PROPERTIES
from nhigraph.schema.types import State

_BYPASS = "change_bypass"


class Seen:
    """An assessment, as rules see it.

    Attributes:
        analysis: The estate, traced.
        answer: Its rows.
    """

    def __init__(self, analysis: Analysis, answer: Answer) -> None:
        """Take both; what is not asked for is not worked out."""
        self.analysis, self.answer = analysis, answer

    @property
    def estate(self) -> Estate:
        """What is judged."""
        return self.analysis.estate

    @property
    def graph(self) -> Graph:
        """Everything the inputs say."""
        return self.analysis.estate.graph

    # -- nodes ----------------------------------------------------------------------------------

    def with_weakness(self, name: str) -> Iterator[int]:
        """Living nodes, outside ones left out, whose own records show a weakness."""
        for node, found in sorted(self.analysis.weak_nodes.items()):
            outside = self.estate.boundary[node] == "outside"
            if name in found and not outside and (name != _BYPASS or self._bypassed(node)):
                yield node

    def _bypassed(self, node: int) -> bool:
        """A missing review is a weakness where somebody passes, or where people say that it is."""
        stated = _BYPASS in self.analysis.labels.standing.get(node, ())
        return stated or node in self.answer.passed

    @cached_property
    def identities(self) -> tuple[int, ...]:
        """Living identities inside the boundary, by key."""
        estate = self.estate
        living = (i for i in estate.identities if estate.alive[i])
        return tuple(i for i in living if estate.in_boundary(i))

    def of_kind(self, *labels: str) -> tuple[int, ...]:
        """Living identities inside the boundary of some kinds."""
        kind = self.graph.of_kind(labels)
        return tuple(node for node in self.identities if kind[node])

    def credentials(self, *labels: str) -> tuple[int, ...]:
        """Living credentials inside the boundary, of some kinds or of any."""
        estate = self.estate
        mask = self.graph.of_kind(labels) if labels else estate.credential
        living = np.flatnonzero(mask & estate.alive).tolist()
        return tuple(node for node in living if estate.in_boundary(node))

    @cached_property
    def reviewed(self) -> tuple[int, ...]:
        """What is changed by people's reviews, or not, where somebody passes and no gate stands.

        A gate on the way in says itself what is known of its reviews. What lies in another such
        thing is changed there.
        """
        kind, edges = self.graph.of_kind(REVIEWED), self.graph.edges
        ends = edges["dst"].to_numpy()
        inside = kind[edges["src"].to_numpy()]
        inside &= self.graph.edge_kind.isin([kinds.CONTAINS.label])
        guarded = edges["gate"].to_numpy(dtype=object) != ""
        said = set(ends[inside | guarded].tolist())
        passed = (node for node in sorted(self.answer.passed - said) if kind[node])
        return tuple(node for node in passed if self.estate.in_boundary(node))

    def props(self, node: int) -> Mapping[str, Any]:
        """Properties of a node."""
        return self.graph.props(node)

    def key(self, node: int) -> str:
        """Key of a node."""
        return self.graph.key_list[node]

    def owner(self, node: int) -> str:
        """Owner of a node as records name it; empty where none does."""
        return self.graph.owner_list[node]

    def shows(self, name: str, node: int) -> str:
        """Properties that feed a weakness, as far as they stand at a node: ``rotated 2025-06-01``.

        No free text is among them; empty where none stands there.
        """
        props = self.props(node)
        fed = (one for one in PROPERTIES.values() if one.weakness == name and one.told)
        said = (f"{one.name} {props[one.name]}" for one in fed if one.name in props)
        return ", ".join(text.lower() if "True" in text else text for text in said)

    # -- consequences ---------------------------------------------------------------------------

    @cached_property
    def target(self) -> Mapping[str, Target]:
        """Targets by key."""
        return {target.key: target for target in self.estate.targets}

    @cached_property
    def _told(self) -> VerdictRows:
        return VerdictRows.of(self.answer.verdicts)

    @cached_property
    def _held(self) -> "_OfIdentities":
        return _OfIdentities(self._told)

    def consequences(self, node: int) -> tuple[VerdictRow, ...]:
        """What whoever holds a node can do, target by target.

        The holder of an identity is that identity; see ``answer.rows_of_holders``.
        """
        found = self._held if self.estate.nhi[node] else self._of_holders
        return found.rows(self.key(node))

    def with_both(
        self, sides: Callable[[VerdictRow], int], wanted: int
    ) -> Iterator[tuple[int, Sequence[VerdictRow]]]:
        """Identities inside the boundary whose consequences have some bits together.

        Args:
            sides: The bits of a row, by what it says besides whose it is, its steps and its path.
            wanted: All the bits that are asked for.

        Yields:
            Them with their consequences, without whose these are.
        """
        having = self._held.having(sides, wanted)
        for node in self.identities:
            if self.key(node) in having:
                yield node, self._held.sorts(self.key(node))

    @cached_property
    def _of_holders(self) -> "_OfIdentities":
        return _OfIdentities(VerdictRows.of(self._holders))

    @cached_property
    def _holders(self) -> Sequence[VerdictRow]:
        """Rows of whoever would hold the nodes with a weakness, the population left out."""
        weak = {node for name in WEAKNESSES for node in self.with_weakness(name)}
        others = sorted(node for node in weak if not self.estate.nhi[node])
        return rows_of_holders(self.analysis, others) if others else []

    def hidden(self, node: int) -> bool:
        """Whether a node that reaches no target reaches a gap, as far as that was asked."""
        return node in self.unsure or self.key(node) in self._hidden

    @cached_property
    def _hidden(self) -> frozenset[str]:
        """Keys of those who reach a gap, and of holders who would."""
        parts = (self._told, VerdictRows.of(self._holders))
        return frozenset(
            key for part in parts for key, _ in part.pairs(lambda row: bool(row.gaps))
        )

    def rows_that_show(self, name: str) -> Iterator[tuple[int, VerdictRow]]:
        """Identities and rows whose own ways show a weakness or effect."""
        yield from self._at(self._showing.get(name, ()))

    def rows_where(self, holds: Callable[[VerdictRow], bool]) -> Iterator[tuple[int, VerdictRow]]:
        """Identities inside the boundary and those of their rows of which something holds."""
        yield from (pair for pair in self._at(self._ours.tolist()) if holds(pair[1]))

    def rows_of(self, rule: str, name: str = "") -> Iterator[tuple[int, VerdictRow]]:
        """Identities inside the boundary, and those of their rows on which a decision rule holds.

        Args:
            rule: The decision rule, R0 to R13.
            name: A weakness or effect: rows whose ways show it are given, too.
        """
        told = self._told
        holds = np.array([rule in row.rules for row in told.sorts], dtype=bool)
        found = self._ours[holds[told.sort[self._ours]]].tolist()
        yield from self._at(sorted({*found, *self._showing.get(name, ())}))

    def _at(self, places: Iterable[int]) -> Iterator[tuple[int, VerdictRow]]:
        """Identities and rows at some places among all rows."""
        told = self._told
        for at in places:
            node = self.graph.node_id(told.keys[told.who[at]])
            assert node is not None  # noqa: S101 - rows are of nodes
            yield node, told[at]

    @cached_property
    def _ours(self) -> Ints:
        """Places of the rows of identities inside the boundary, by identity and target."""
        told, ours = self._told, {self.key(node) for node in self.identities}
        inside = np.array([key in ours for key in told.keys], dtype=bool)
        places = told.places(_says)
        found: Ints = places[inside[told.who[places]]]
        return found

    @cached_property
    def _showing(self) -> Mapping[str, Sequence[int]]:
        """Places of those rows by each weakness or effect that their ways show."""
        found: dict[str, list[int]] = {}
        shown, told = self.answer.shown, self._told
        for at in self._ours.tolist() if shown else ():
            pair = told.keys[told.who[at]], told.sorts[told.sort[at]].target
            for name in shown.get(pair, ()):
                found.setdefault(name, []).append(at)
        return found

    @cached_property
    def pass_production(self) -> frozenset[int]:
        """Identities with a node of production on a way to a target."""
        passing = self.answer.by_production
        return frozenset(node for node in self.identities if self.key(node) in passing)

    def end(self, row: VerdictRow) -> int:
        """Node id of a row's target."""
        found = self.graph.node_id(row.target)
        if found is None:
            raise ValueError(f"no node {row.target}")
        return found

    def apart(self, node: int, row: VerdictRow, states: Collection[State]) -> Ends:
        """What keeps an identity from some states at a row's target."""
        end = self.end(row)
        return lambda endings: endings.apart(node, (end,), states)

    def may_rest(self, *categories: str) -> bool:
        """Whether the scope has a target of which one of the categories may be affected.

        By its own category, by its class of data, or because either is not known.
        """
        wanted = {*categories, UNKNOWN}
        return any(
            target.dead
            or target.category in wanted
            or not wanted.isdisjoint(
                CLASS_CATEGORY.get(name, UNKNOWN) for name in target.data_class
            )
            for target in self.estate.targets
        )

    @cached_property
    def books(self) -> bool:
        """Whether the scope has a target of the books that counts."""
        return any(
            target.dead or (target.family == FINANCIAL and target.fs_role != "none")
            for target in self.estate.targets
        )

    def kept_by_log(self, target: Target) -> bool:
        """Whether a target is a trail, or a log supports it."""
        nodes = (self.graph.node_id(key) for key in target.nodes)
        logs = (kinds.AUDIT_LOG.label in self.graph.kinds(n) for n in nodes if n is not None)
        return target.fs_role == "audit_trail" or any(logs)

    def ways_out(self, identities: Sequence[int]) -> Mapping[int, str]:
        """Identities that can send something out of the boundary, to where; see ``ways_out``."""
        return ways_out(self.estate, identities)

    @cached_property
    def unsure(self) -> Mapping[int, str]:
        """Identities that may reach more than is shown, to the reason."""
        found, ours = {}, set(self.identities)
        lost = self.estate.unread
        for row in self.answer.identities:
            node = self.graph.node_id(row.identity) if row.gaps or lost else None
            if node in ours and (row.gaps or self.analysis.unsure(node, ())):
                place = f"it reaches a gap at {row.gaps[0]}" if row.gaps else ""
                more = f" and {len(row.gaps) - 1} more" if len(row.gaps) > 1 else ""
                found[node] = place + more or "a part of the scope could not be read"
        return found


def _says(row: VerdictRow) -> bool:
    """Whether a row says what is reached: neither that of all others nor one of a dead target."""
    return row.verdict != "neither" and bool(row.states)


class _OfIdentities:
    """Rows that say what is reached, by identity; those of one by target."""

    def __init__(self, told: VerdictRows) -> None:
        self._told, self._places = told, told.places(_says)
        self._of = told.of_identities(self._places)

    def having(self, sides: Callable[[VerdictRow], int], wanted: int) -> set[str]:
        """Keys of those whose rows together have some bits."""
        told, places = self._told, self._places
        bits = np.array([sides(one) for one in told.sorts], dtype=np.int64)[told.sort[places]]
        found = np.zeros(len(told.keys), dtype=np.int64)
        np.bitwise_or.at(found, told.who[places], bits)
        return {told.keys[at] for at in np.flatnonzero(found & wanted == wanted).tolist()}

    def sorts(self, key: str) -> list[VerdictRow]:
        """Its rows without identity, steps and path."""
        sorts = self._told.sorts
        return [sorts[at] for at in self._told.sort[self._of[key]].tolist()]

    def rows(self, key: str) -> tuple[VerdictRow, ...]:
        """Its rows."""
        places = self._of.get(key)
        found = () if places is None else (self._told[at] for at in places.tolist())
        return tuple(sorted(found, key=lambda row: row.target))
