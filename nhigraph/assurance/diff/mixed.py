"""The first of two estates with some changes made: neither is touched."""

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any

from nhigraph.assurance.day import Day
from nhigraph.assurance.diff import claims, found
from nhigraph.assurance.diff.atoms import Atom, Item
from nhigraph.assurance.diff.claims import Scope
from nhigraph.assurance.estate import Estate
from nhigraph.assurance.left_out import NOTHING, LeftOut
from nhigraph.assurance.scope import resolve
from nhigraph.facts.facts import Claim
from nhigraph.graph import columns
from nhigraph.graph.mixture import Mask, Mixture, Picked
from nhigraph.graph.store import Graph
from nhigraph.records import dataclass


@dataclass(frozen=True, slots=True)
class Stored:
    """What an estate is made of.

    Attributes:
        graph: The graph, before its scope was resolved.
        claims: The scope.
        day: Its day.
        left_out: What is supposed not to be there.
    """

    graph: Graph
    claims: Sequence[Claim]
    day: Day
    left_out: LeftOut = NOTHING


class Mixed:
    """Two estates.

    Attributes:
        before: The first.
        after: The second.
        both: Their graphs on one numbering.
        atoms: What differs.
    """

    def __init__(self, before: Stored, after: Stored) -> None:
        """Find what differs."""
        self.before, self.after = before, after
        self.both = Mixture(before.graph, after.graph)
        self._scopes = Scope(before.claims), Scope(after.claims)
        self.atoms = (
            *found.differing(self.both),
            *claims.differing(*self._scopes),
            *self._days(),
            *self._left_out(),
        )

    def _days(self) -> list[Atom]:
        old, new = (_day(side.day) for side in (self.before, self.after))
        item = Item("day", "changed", "as of", before=old, after=new)
        return [Atom((item,), day=True)] if old != new else []

    def _left_out(self) -> list[Atom]:
        """What only the scope gives and is left out; the rest is told as what documents say."""
        old, new = (side.left_out for side in (self.before, self.after))
        if old == new:
            return []
        found = []
        for change, side, other in (("removed", self.before, new), ("added", self.after, old)):
            estate = resolve(side.graph, side.claims, side.day).estate
            gone = sorted(other.rows(estate) - side.left_out.rows(estate))
            scope = {(one.evidence.artifact, one.evidence.pointer) for one in side.claims}
            said = estate.graph.places("edge")
            given = [row for row in gone if not scope.isdisjoint(said.get(row, ()))]
            found += [_of_scope(estate.graph, row, change) for row in given]
        return [Atom(tuple(found), left_out=True)]

    def estate(self, chosen: Collection[int], within: Mask | None = None) -> Estate:
        """The first estate with some changes made.

        Args:
            chosen: Numbers of the changes.
            within: The nodes that are looked at; all by default.
        """
        return self.resolved([self.atoms[number] for number in sorted(chosen)], within)[0]

    def resolved(
        self, atoms: Collection[Atom], within: Mask | None = None
    ) -> tuple[Estate, Graph]:
        """The same, and the graph before its scope was resolved."""
        parts = [part for atom in atoms for part in atom.claims]
        day = self.after.day if any(atom.day for atom in atoms) else self.before.day
        left_out = any(atom.left_out for atom in atoms)
        without = (self.after if left_out else self.before).left_out
        graph = self.graph(atoms, within)
        scope = claims.mixed(*self._scopes, parts)
        return without.of(resolve(graph, scope, day, without.nodes).estate), graph

    def graph(self, atoms: Collection[Atom], within: Mask | None = None) -> Graph:
        """The first graph with some changes made, or the part of it at some nodes."""
        rows = {of: mask.copy() for of, mask in self.both.there[0].items()}
        cells: dict[tuple[str, int, str], str] = {}
        for atom in atoms:
            for of, row in atom.comes:
                rows[of][row] = True
                if of not in ("node", "gate"):
                    rows["node"][list(self.both.ends(of, row))] = True
            for of, row in atom.goes:
                rows[of][row] = False
            for of, row, name in atom.reads:
                self._read(cells, of, row, name)
        if within is not None:
            rows["node"] &= within
        return self.both.made(Picked(rows, cells))

    @cached_property
    def everything(self) -> Graph:
        """All nodes, edges, gaps and gates of both, nodes with what the first says of them."""
        rows: dict[str, Mask] = {
            of: mask | self.both.there[1][of] for of, mask in self.both.there[0].items()
        }
        return self.both.made(Picked(rows))

    def _read(self, cells: dict[tuple[str, int, str], str], of: str, row: int, name: str) -> None:
        """Let a field read as in the second graph."""
        old, new = self.both.cells[of], self.both.second[of]
        sort, dot, rest = name.partition(".")
        if not dot:
            for column in ("kind", "kinds") if (of, name) == ("node", "kind") else (name,):
                cells[of, row, column] = new[column][row]
            return
        made: dict[str, Any] = columns.props_of(cells.get((of, row, sort), old[sort][row]))
        told = columns.props_of(new[sort][row])
        made.pop(rest, None)
        if rest in told:
            made[rest] = told[rest]
        cells[of, row, sort] = (
            columns.props_cell(made) if of == "node" else columns.canonical(made)
        )


def _of_scope(graph: Graph, row: int, change: str) -> Item:
    """An edge that the scope gives."""
    kind, *ends = (graph.edges[name].tolist()[row] for name in ("kind", "src", "dst"))
    source, target = (graph.key_list[end] for end in ends)
    place = graph.evidence_of("edge", row)[0]
    return Item("edge", change, source, str(kind), target, place=place)


def _day(day: Day) -> str:
    return f"{day.as_of}{', disabled nodes included' if day.include_disabled else ''}"
