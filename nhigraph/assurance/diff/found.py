"""Changes of a graph, from two graphs on one numbering."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from nhigraph.assurance.diff.atoms import Atom, Item
from nhigraph.facts.ends import Holder
from nhigraph.facts.evidence import Evidence
from nhigraph.graph import columns
from nhigraph.graph.mixture import Mixture
from nhigraph.graph.store import Cells
from nhigraph.schema import kinds, properties
from nhigraph.schema.types import Certainty, Family, State

#: Where a value is kept from outputs.
_KEPT = "(not shown)"
_NODE_FIELDS = ("name", "owner", "nhi", "state", "expires")
_GATE_FIELDS = ("kind", "approvers", "at", "log")
#: What tells one edge, or gap, from another; the rest is what it says.
_EDGE_KEY = ("src", "dst", "kind", "action")
_GAP_KEY = ("node", "reason")

Places = tuple[tuple[str, str], ...]


def differing(both: Mixture) -> list[Atom]:
    """Changes, those first that a person would name first."""
    nodes, edges, gates, gaps = _Nodes(both), _Edges(both), _Gates(both), _Gaps(both)
    return [
        *nodes.came_and_went(),
        *edges.changes(),
        *gates.changes(),
        *nodes.fields(),
        *gaps.changes(),
        *_addresses(both),
    ]


def sort_of(kind: str) -> str:
    """What people call a node of a kind: identity, credential or node."""
    found = kinds.NODE_KINDS[kind]
    if found.nhi:
        return "identity"
    return "credential" if found.family is Family.CREDENTIAL else "node"


def props_of(cell: str) -> dict[str, Any]:
    """Properties of a node by their field."""
    return {f"props.{name}": value for name, value in columns.props_of(cell).items()}


def tests_of(cell: str) -> dict[str, Any]:
    """Answers to the tests of a gate by their field."""
    return {f"tests.{name}": value for name, value in columns.props_of(cell).items()}


class _Differ:
    """The rows of one sort."""

    of = ""

    def __init__(self, both: Mixture) -> None:
        self.both = both
        self.old, self.new = both.cells[self.of], both.second[self.of]
        before, after = (both.there[side][self.of] for side in (0, 1))
        self.gone = np.flatnonzero(before & ~after).tolist()
        self.come = np.flatnonzero(after & ~before).tolist()
        self.stay = np.flatnonzero(after & before).tolist()

    def place(self, side: int, row: int) -> Evidence:
        """The smallest place that states a row, in a document that differs if there is one."""
        places = self.both.evidence_of(side, self.of, row)
        other = self.both.digests[1 - side]
        return next((place for place in places if place.sha256 not in other), places[0])


class _Nodes(_Differ):
    of = "node"

    def came_and_went(self) -> Iterator[Atom]:
        for row in self.come:
            yield Atom((self._item("added", 1, row),), comes=(("node", row),), nodes=(row,))
        for row in self.gone:
            yield Atom((self._item("removed", 0, row),), goes=(("node", row),), nodes=(row,))

    def fields(self) -> Iterator[Atom]:
        for row in self.stay:
            for name, old, new in self._differing(row):
                item = self._item("changed", 1, row, name, (old, new))
                yield Atom((item,), reads=(("node", row, name),), nodes=(row,))

    def _item(
        self, change: str, side: int, row: int, name: str = "", said: tuple[str, str] = ("", "")
    ) -> Item:
        kind = str((self.new if side else self.old)["kind"][row])
        key = self.both.keys[row]
        place = self.place(side, row)
        return Item(sort_of(kind), change, key, kind, "", name, *said, place)

    def _differing(self, row: int) -> Iterator[tuple[str, str, str]]:
        old, new = (_labels(cells, row) for cells in (self.old, self.new))
        if old != new:
            yield "kind", old, new
        for name in _NODE_FIELDS:
            if self.old[name][row] != self.new[name][row]:
                yield name, str(self.old[name][row]), str(self.new[name][row])
        if self.old["props"][row] != self.new["props"][row]:
            one, other = (props_of(cells["props"][row]) for cells in (self.old, self.new))
            for name in sorted({*one, *other}):
                if one.get(name) != other.get(name):
                    yield name, _shown(name, one.get(name)), _shown(name, other.get(name))


def _labels(cells: Mapping[str, Cells], row: int) -> str:
    """Kinds that records call a node by, the printed one first; who calls it so is no matter."""
    own = str(cells["kind"][row])
    others = {label for _, label in columns.kinds_of(cells["kinds"][row])} - {own}
    return ";".join((own, *sorted(others)))


def _shown(name: str, value: object) -> str:
    if value is None:
        return ""
    declared = properties.declared(name.removeprefix("props."))
    if declared is None or not declared.told:
        return _KEPT
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


class _Several(_Differ):
    """Rows that are told apart by a part of what they say.

    Attributes:
        key: What tells them apart.
        joined: All that came from one place, or went or changed there, is one change.
    """

    key: tuple[str, ...] = ()
    joined = True

    def changes(self) -> Iterator[Atom]:
        """What came, went or says something else now."""
        sides = [self.both.placed(side, self.of) for side in (0, 1)]
        groups: dict[object, list[tuple[list[int], list[int]]]] = {}
        for goes, comes in self._keyed():
            at = tuple(
                tuple(sorted({place for row in rows for place in sides[side].get(row, ())}))
                for side, rows in enumerate((goes, comes))
            )
            one = at if self.joined else (*goes, *comes)[0]
            groups.setdefault(one, []).append((goes, comes))
        for many in groups.values():
            yield self._atom(many)

    def _keyed(self) -> Iterator[tuple[list[int], list[int]]]:
        found: dict[tuple[object, ...], tuple[list[int], list[int]]] = {}
        for side, rows in enumerate((self.gone, self.come)):
            for row in rows:
                key = tuple(self.old[name][row] for name in self.key)
                found.setdefault(key, ([], []))[side].append(row)
        for key in sorted(found):
            yield found[key]

    def _atom(self, many: Sequence[tuple[list[int], list[int]]]) -> Atom:
        goes = [row for one, _ in many for row in one]
        comes = [row for _, one in many for row in one]
        ends = sorted({end for row in (*goes, *comes) for end in self.both.ends(self.of, row)})
        return Atom(
            tuple(self._item(*one) for one in many),
            goes=tuple((self.of, row) for row in goes),
            comes=tuple((self.of, row) for row in comes),
            nodes=tuple(ends),
        )

    def _item(self, goes: Sequence[int], comes: Sequence[int]) -> Item:
        row, side = (comes[0], 1) if comes else (goes[0], 0)
        change = "changed" if goes and comes else "added" if comes else "removed"
        fields = self._fields(goes, comes) if goes and comes else ()
        before, after = (
            "; ".join(self._said(row, fields) for row in rows) for rows in (goes, comes)
        )
        names = self._named(row)
        told = (self.of, change, *names, ";".join(fields), before, after)
        return Item(*told, self.place(side, row))

    def _fields(self, goes: Sequence[int], comes: Sequence[int]) -> tuple[str, ...]:
        """What differs."""
        return tuple(
            name
            for name in self.old
            if name not in self.key
            and {self.old[name][row] for row in goes} != {self.old[name][row] for row in comes}
        )

    def _named(self, row: int) -> tuple[str, str, str]:
        """Subject, kind and target."""
        raise NotImplementedError

    def _said(self, row: int, fields: Sequence[str]) -> str:
        """What a row says in some fields, or all that is worth saying where none is named."""
        raise NotImplementedError


class _Edges(_Several):
    of, key = "edge", _EDGE_KEY

    def _named(self, row: int) -> tuple[str, str, str]:
        source, target = (self.both.keys[self.old[end][row]] for end in ("src", "dst"))
        return source, str(self.old["kind"][row]), target

    def _said(self, row: int, fields: Sequence[str]) -> str:
        cells = {name: str(column[row]) for name, column in self.old.items()}
        told = {
            "action": cells["action"],
            "certainty": cells["certainty"],
            "condition": cells["condition"],
            "gate": cells["gate"],
            "needs": " and ".join(
                f"{s.name} at {at}" for at, s in columns.needs_of(cells["needs"])
            ),
            "valid_from": cells["valid_from"],
            "valid_until": cells["valid_until"],
            "transform": cells["transform"],
        }
        if not fields and told["certainty"] == Certainty.CERTAIN:
            told["certainty"] = ""
        chosen = fields or [name for name, value in told.items() if value]
        return ", ".join(f"{name} {told[name] or 'none'}" for name in chosen if name in told)


class _Gaps(_Several):
    of, key = "gap", _GAP_KEY
    # One refused record leaves gaps at both its ends, and each hides something of its own.
    joined = False

    def _named(self, row: int) -> tuple[str, str, str]:
        return self.both.keys[self.old["node"][row]], "", ""

    def _said(self, row: int, fields: Sequence[str]) -> str:
        hidden = columns.states_of(str(self.old["states"][row])) or tuple(State)
        told = {
            "states": "hides " + ", ".join(state.name for state in hidden),
            "valid_from": str(self.old["valid_from"][row]),
            "valid_until": str(self.old["valid_until"][row]),
        }
        if fields:
            return ", ".join(f"{name} {told[name] or 'none'}" for name in fields if name in told)
        return f"{self.old['reason'][row]} ({told['states']})"


class _Gates(_Differ):
    of = "gate"

    def changes(self) -> Iterator[Atom]:
        for row in self.come:
            yield Atom((self._item("added", 1, row),), comes=(("gate", row),))
        for row in self.gone:
            yield Atom((self._item("removed", 0, row),), goes=(("gate", row),))
        for row in self.stay:
            old, new = self._fields(self.old, row), self._fields(self.new, row)
            for name in sorted({*old, *new}):
                if old.get(name) != new.get(name):
                    said = (_answer(old.get(name)), _answer(new.get(name)))
                    item = self._item("changed", 1, row, name, said)
                    yield Atom((item,), reads=(("gate", row, name),))

    def _fields(self, cells: Mapping[str, Cells], row: int) -> dict[str, Any]:
        told: dict[str, Any] = {name: str(cells[name][row]) for name in _GATE_FIELDS}
        told["approvers"] = ", ".join(columns.props_of(told["approvers"]) or ())
        return told | tests_of(cells["tests"][row])

    def _item(
        self, change: str, side: int, row: int, name: str = "", said: tuple[str, str] = ("", "")
    ) -> Item:
        cells = self.new if side else self.old
        key, kind = str(cells["key"][row]), str(cells["kind"][row])
        return Item("control", change, key, kind, "", name, *said, self.place(side, row))


def _answer(value: object) -> str:
    words: Mapping[object, str] = {True: "yes", False: "no", None: "not told", "": "none"}
    return words[value] if value in words else str(value)


def _addresses(both: Mixture) -> Iterator[Atom]:
    """What documents say of where a holder was reached: answers about two addresses rest on it.

    Where the document itself was found tells two holders apart as their names are made, not here.
    """
    differ = _Ends(both)
    found: dict[int, tuple[list[int], list[int]]] = {}
    for side, rows in enumerate((differ.gone, differ.come)):
        for row in rows:
            if differ.old["type"][row] == Holder.__name__:
                found.setdefault(int(differ.old["node"][row]), ([], []))[side].append(row)
    for node, (goes, comes) in sorted(found.items()):
        if differ.said(goes) == differ.said(comes):
            continue
        kind = str(both.second["node"]["kind"][node])
        change = "changed" if goes and comes else "added" if comes else "removed"
        place = differ.place(1, comes[0]) if comes else differ.place(0, goes[0])
        item = Item(sort_of(kind), change, both.keys[node], kind, "", "address", "", "", place)
        yield Atom((item,), _rows(goes), _rows(comes), nodes=(node,))


class _Ends(_Differ):
    of = "end"

    def said(self, rows: Sequence[int]) -> list[str]:
        """What ends say, without where the document was found."""
        bodies = (json.loads(str(self.old["body"][row])) for row in rows)
        return sorted({columns.canonical({**body, "place": ""}) for body in bodies})


def _rows(rows: Iterable[int]) -> tuple[tuple[str, int], ...]:
    return tuple(("end", row) for row in rows)
