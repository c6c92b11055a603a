"""What documents say of a credential: where it lies, what it opens, who uses it, what breaks."""

from collections import deque
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from nhigraph.assurance.estate import Estate
from nhigraph.assurance.weaknesses import days_since, of_nodes
from nhigraph.facts.keys.holders import holder_of
from nhigraph.graph.actions import effective_actions
from nhigraph.graph.columns import needs_of
from nhigraph.schema import kinds
from nhigraph.schema.types import Family, State
from nhigraph.trace.product import Bools

#: Weaknesses for which a credential is rotated.
URGENT = frozenset({"long_lived", "secret_exposed"})
#: Kinds of credential that have a value to change.
ROTATED = tuple(
    kind.label
    for kind in kinds.NODE_KINDS.values()
    if kind.family is Family.CREDENTIAL and kind is not kinds.SECRET_STORE
)
_HALTING = {
    effect for effect, moves in kinds.TRANSITIONS.items() if (State.HALT, State.HALT) in moves
}
#: What a credential has besides what it authenticates as.
_RIGHTS = [
    kind.label
    for kind in kinds.EDGE_KINDS.values()
    if kind.effect in kinds.REMOVABLE and kind is not kinds.AUTHENTICATES_AS
]
_USING = "use_secret"
_Ends = Mapping[int, list[int]]


class Credentials:
    """The living credentials of an estate, and what lies around them on the day.

    Attributes:
        nodes: Their node ids, by key.
    """

    def __init__(self, estate: Estate) -> None:
        """Find them."""
        self.estate = estate
        found = estate.graph.of_kind(ROTATED) & estate.alive
        self.nodes: list[int] = np.flatnonzero(found).tolist()
        self._days_since: dict[str, int | None] = {}
        self._edges = {
            name: estate.graph.edges[name].to_numpy() for name in ("src", "dst", "needs")
        }

    def urgent(self, node: int) -> bool:
        """Whether it is long-lived or exposed."""
        return bool(self.weaknesses(node) & URGENT)

    def weaknesses(self, node: int) -> set[str]:
        """Its own."""
        return self._weaknesses.get(node, set())

    def acts(self, node: int) -> bool:
        """Whether whoever knows it acts as it: it is an identity itself, or has rights itself."""
        return bool(self.estate.nhi[node]) or node in self._rights

    def holders(self, node: int) -> tuple[str, ...]:
        """Keys of what it lies in: of what contains it, else what its key says."""
        said = self._named(self._within.get(node, ()))
        own = said or (holder_of(self.estate.graph.key_list[node]),)
        return own if own[0] else ()

    def opens(self, node: int) -> tuple[str, ...]:
        """Keys of those it authenticates as, by its value or by one that it holds or copies."""
        if node not in self._values:
            return self._named(self._opens.get(node, ()))
        found, waiting = {node}, [node]
        while waiting:
            more = set(self._values.get(waiting.pop(), ())) - found
            found |= more
            waiting += more
        return self._named({who for one in found for who in self._opens.get(one, ())})

    def idle(self, node: int) -> tuple[str, ...]:
        """Keys of those that it would authenticate as on another day: inactive, or not yet so."""
        return self._named(self._idle.get(node, ()))

    def unnamed(self, node: int, breaks: Collection[str]) -> tuple[str, ...]:
        """Keys of those that are handed it and are not said to need it: not among ``breaks``."""
        users = self._users.get(node)
        return self._named({*users} - {node}, without=breaks) if users else ()

    def used_by(self, node: int) -> int:
        """How many use it: those that documents name, or what a document counts, if more."""
        users, needing = self._users.get(node), self._needing.get(node)
        named = {*(users or ()), *(needing or ())} - {node} if users or needing else ()
        counted = self._props(node).get("used_by")
        known = counted if isinstance(counted, int) and not isinstance(counted, bool) else 0
        return max(len(named), known)

    def age(self, node: int) -> int | None:
        """Days since it was rotated, else since it was made; None where nobody says, or later."""
        found = self._days(self._dated(node))
        return found if found is not None and found >= 0 else None

    def dated(self, node: int) -> str:
        """The day from which its age would count, where that is after the day asked about."""
        found = self._days(day := self._dated(node))
        return str(day) if found is not None and found < 0 else ""

    def _dated(self, node: int) -> object:
        props = self._props(node)
        return props.get("rotated") or props.get("created")

    def _days(self, day: object) -> int | None:
        """Days since a day; many credentials are of one."""
        if not isinstance(day, str):
            return days_since(day, self.estate.day.as_of) if day else None
        if day not in self._days_since:
            found = days_since(day, self.estate.day.as_of) if day else None
            self._days_since[day] = found
        return self._days_since[day]

    def said(self, node: int, name: str) -> str:
        """A property as a cell: several values, where records disagree, are joined."""
        value = self._props(node).get(name)
        if isinstance(value, str):
            return value
        many = value if isinstance(value, list | tuple) else (value,)
        return ";".join(str(item) for item in many if item is not None)

    def breaks(self, node: int) -> tuple[str, ...]:
        """Keys of what stops where it stops, the nearest first: HALT at it, and on in *may*."""
        if not self._stopping[node]:
            return ()
        found, waiting = {node: None}, deque([node])
        asking: set[int] = set()
        while waiting:
            here = waiting.popleft()
            asking.update(self._halting(here))
            # What needs more than it waits until HALT is all that it needs.
            for edge in sorted(asking):
                if all(need in found for need in self._halt_needs(edge)):
                    asking.discard(edge)
                    after = int(self._edges["dst"][edge])
                    if after not in found:
                        found[after] = None
                        waiting.append(after)
        return tuple(self.estate.graph.key_list[one] for one in found if one != node)

    def _named(self, nodes: Collection[int], without: Collection[str] = ()) -> tuple[str, ...]:
        if not nodes:
            return ()
        keys = self.estate.graph.key_list
        return tuple(sorted({keys[node] for node in nodes}.difference(without)))

    def _props(self, node: int) -> Mapping[str, Any]:
        return self.estate.graph.props(node)

    # -- what lies around -----------------------------------------------------------------------

    @cached_property
    def _weaknesses(self) -> Mapping[int, set[str]]:
        return of_nodes(self.estate)

    @cached_property
    def _rights(self) -> frozenset[int]:
        rows = self.estate.graph.edge_kind.isin(_RIGHTS) & self.estate.in_force
        return frozenset(self._edges["src"][rows].tolist())

    @cached_property
    def _within(self) -> _Ends:
        return self._ends(self._of(kinds.CONTAINS.label), "dst", "src")

    @cached_property
    def _opens(self) -> _Ends:
        return self._ends(self._of(kinds.AUTHENTICATES_AS.label), "src", "dst")

    @cached_property
    def _idle(self) -> _Ends:
        estate, ends = self.estate, self._edges["dst"]
        rows = estate.graph.edge_kind.isin([kinds.AUTHENTICATES_AS.label])
        rows &= ~(estate.alive[ends] & estate.day.covers(estate.graph.edges))
        return self._ends(rows, "src", "dst")

    @cached_property
    def _values(self) -> _Ends:
        """Credential to those whose value whoever knows it knows: READ that needs nobody."""
        edges, ours = self.estate.graph.edges, self.estate.credential
        between = ours[self._edges["src"]] & ours[self._edges["dst"]]
        copied = self._of(kinds.FEEDS.label) & (edges["transform"].to_numpy() != "masked")
        found = {node: list(ends) for node, ends in self._within_credentials(between).items()}
        for node, ends in self._ends(copied & between, "dst", "src").items():
            found.setdefault(node, []).extend(ends)
        return found

    def _within_credentials(self, between: Bools) -> _Ends:
        return self._ends(self._of(kinds.CONTAINS.label) & between, "src", "dst")

    @cached_property
    def _needing(self) -> _Ends:
        return self._ends(self._of(kinds.DEPENDS_ON.label), "src", "dst")

    @cached_property
    def _users(self) -> _Ends:
        rows = self._of(kinds.CAN_READ.label)
        rows[rows] = effective_actions(self.estate.graph, np.flatnonzero(rows)) == _USING
        return self._ends(rows, "dst", "src")

    def _halting(self, node: int) -> list[int]:
        """Edges in force from a node by which HALT goes on."""
        if not self._stopping[node]:
            return []
        first, last = np.searchsorted(self._edges["src"], (node, node + 1)).tolist()
        found: list[int] = (first + np.flatnonzero(self._halts[first:last])).tolist()
        return found

    @cached_property
    def _stopping(self) -> Bools:
        """Nodes from which HALT goes on."""
        found = np.zeros(len(self.estate.graph.nodes), dtype=bool)
        found[self._edges["src"][self._halts]] = True
        return found

    @cached_property
    def _halts(self) -> Bools:
        labels = [k.label for k in kinds.EDGE_KINDS.values() if k.effect in _HALTING]
        return self.estate.graph.edge_kind.isin(labels) & self.estate.in_force

    def _halt_needs(self, edge: int) -> list[int]:
        """Nodes at which HALT is needed besides; one that is never so held where more is."""
        found = []
        for at, state in needs_of(str(self._edges["needs"][edge])):
            node = self.estate.graph.node_id(at)
            if node is not None:
                found.append(node if state is State.HALT else -1)
        return found

    def _of(self, label: str) -> Bools:
        rows: Bools = self.estate.graph.edge_kind.isin([label]) & self.estate.in_force
        return rows

    def _ends(self, rows: Bools, by: str, other: str) -> _Ends:
        """Node at one end to the nodes at the other, for some edges."""
        found: dict[int, list[int]] = {}
        pairs = (self._edges[end][rows].tolist() for end in (by, other))
        for node, at in zip(*pairs, strict=True):
            found.setdefault(node, []).append(at)
        return found
