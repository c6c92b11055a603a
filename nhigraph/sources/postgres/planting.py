"""Rights that work on what others do: TRIGGER makes them run code, REFERENCES refuses statements.

Both work only in time, so all they open is conditional. ``trigger/TABLE`` is the grant of
attaching; whom the code runs as hangs on it once, not on each of its holders. Roles that write
with the rights of one grantee are one grant, ``writing as/ROLE``; those who may write everything
(superusers and ``pg_write_all_data``) one more.

A table's owner attaches triggers too: it reaches those whom a grant lets write its table. That
one of those who may write everything writes to a table nobody but its owner made dangerous is
said only of TRIGGER that was granted; of owners it would say that whoever owns a table may become
a superuser, which is a line of the coverage.
"""

from collections.abc import Iterator
from functools import partial

from nhigraph.facts.facts import Edge, Fact, Need, Note
from nhigraph.policy.postgres.catalog import PUBLIC, Place, Relation
from nhigraph.policy.postgres.planting import ATTACHABLE, Planting
from nhigraph.schema import kinds as k
from nhigraph.schema.types import State
from nhigraph.sources.postgres import making
from nhigraph.sources.postgres.estate import Estate, conditional

#: Relations that a foreign key can refer to (sql-createtable: REFERENCES).
_REFERABLE = frozenset("rp")


def read(estate: Estate) -> Iterator[Fact]:
    """Yield what TRIGGER and REFERENCES amount to."""
    found = [*_Triggers(estate).read(), *_references(estate)]
    yield from found
    if any(isinstance(fact, Edge) for fact in found) or making.attachable(estate):
        yield from making.read(estate)


class _Triggers:
    """Grants of attaching code, and the writers behind them, each set of them once."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        self._planting = Planting(estate.catalog, estate.today, estate.effects)
        self._as: dict[str, Place] = {}
        self._everywhere = False
        self._owners: Place | None = None

    def read(self) -> Iterator[Fact]:
        for relation in self._estate.catalog.relations.values():
            if relation.kind in ATTACHABLE and relation.name[0] in self._estate.catalog.schemas:
                yield from self._relation(relation)
        for grantee, place in self._as.items():
            yield from self._sessions(grantee, place)
        if self._everywhere:
            yield from self._all_writers()
        if self._owners is not None:
            reason = "an owner's trigger on its own table runs as a superuser who writes there"
            yield Note(reason, self._estate.at(self._owners))

    def _relation(self, relation: Relation) -> Iterator[Fact]:
        estate = self._estate
        superuser = estate.today.roles.superusers
        found = [
            (grantee, place)
            for grantee, place in estate.holders(
                relation.acl, relation.owner, relation.place, "TRIGGER"
            )
            if not estate.today.roles.has(superuser, grantee)
        ]
        writers = self._planting.by_grant(relation)
        granted = [one for one in found if one[0] != relation.owner]
        if len(granted) < len(found):
            self._owners = self._owners or (*relation.place, "owner")
        others = {*writers.grantees, *writers.others} - (
            {relation.owner} if not granted else set()
        )
        if not found or not (granted or others):
            return
        name = ".".join(relation.name)
        key = estate.grant("trigger", relation.name, relation.place, f"TRIGGER on {name}")
        for grantee, place in found:
            needs = estate.needs(grantee, relation.name[0], place)
            yield Edge(k.HOLDS, estate.source(grantee), key, estate.at(place), needs=needs)
        if granted:
            yield from self._effects(relation, key)
        for who in (*writers.grantees, *writers.others):
            if who in others and (who == PUBLIC or who in estate.relevant):
                whole = who in writers.grantees
                target = self._writing_as(who, relation.place) if whole else estate.session(who)
                yield self._runs_as(relation, key, target, who)
        for grantee, place in granted:
            self._everywhere = True
            needs = (Need(key, State.CONTROL), *making.code(estate))
            edge = Edge(
                k.RUNS_AS, estate.source(grantee), self._all(), estate.at(place), needs=needs
            )
            yield conditional(edge, f"a superuser, or who may write all data, writes to {name}")

    def _effects(self, relation: Relation, key: str) -> Iterator[Fact]:
        """A function of one's own changes, drops and sees what is written; any stops it."""
        estate, name = self._estate, ".".join(relation.name)
        edge = partial(
            Edge,
            source=key,
            target=estate.dataset(relation.name),
            evidence=estate.at(relation.place),
        )
        why = f"somebody writes to {name}, and a trigger attached to it runs"
        yield conditional(edge(k.CAN_STOP, action="stop"), why)
        if relation.kind == "v":
            return  # What is written through it is its writers' right, and that is said of them.
        code = making.code(estate)
        for needs in (code, *making.existing(estate)):
            yield conditional(edge(k.CAN_WRITE, action="change_logic", needs=needs), why)
            yield conditional(edge(k.CAN_DELETE, action="delete", needs=needs), why)
        yield conditional(edge(k.CAN_READ, action="read", needs=code), why)

    def _runs_as(self, relation: Relation, key: str, target: str, who: str) -> Edge:
        estate, name = self._estate, ".".join(relation.name)
        at = estate.at(relation.place)
        edge = Edge(k.RUNS_AS, key, target, at, needs=making.code(estate))
        said = "anybody" if who == PUBLIC else who
        return conditional(edge, f"{said} writes to {name}, and a trigger attached to it runs")

    def _writing_as(self, grantee: str, place: Place) -> str:
        names = self._planting.sessions(grantee)
        if names == [grantee]:
            return self._estate.session(grantee)
        self._as.setdefault(grantee, place)
        return self._as_key(grantee, place)

    def _as_key(self, grantee: str, place: Place) -> str:
        text = f"sessions that write with the rights of {grantee}"
        return self._estate.grant("writing as", (grantee,), place, text)

    def _sessions(self, grantee: str, place: Place) -> Iterator[Fact]:
        key = self._as_key(grantee, place)
        for name in self._planting.sessions(grantee):
            if name in self._estate.relevant:
                yield Edge(k.RUNS_AS, key, self._estate.session(name), self._estate.at(place))

    def _all(self) -> str:
        place = self._estate.catalog.database.place
        return self._estate.grant("writing", ("everything",), place, "who may write everything")

    def _all_writers(self) -> Iterator[Fact]:
        for name in self._estate.today.roles.listed(self._planting.everywhere):
            if name in self._estate.relevant:
                at = self._estate.at(self._estate.catalog.roles[name].place)
                yield Edge(k.RUNS_AS, self._all(), self._estate.session(name), at)


def _references(estate: Estate) -> Iterator[Fact]:
    """A key that refers to the table refuses to delete, truncate or drop what it refers to.

    Tried on 15.18: a column's REFERENCES is enough, and USAGE on the schema is needed; the
    refusal also comes without a row that refers, once the referring table's owner may not read
    it. Nobody but its owner drops the key.
    """
    for relation in estate.catalog.relations.values():
        if relation.kind not in _REFERABLE or relation.name[0] not in estate.catalog.schemas:
            continue
        holders = estate.holders(relation.acl, relation.owner, relation.place, "REFERENCES")
        granted = [one for one in holders if one[0] != relation.owner]
        if not granted:
            continue
        name = ".".join(relation.name)
        key = estate.grant("references", relation.name, relation.place, f"REFERENCES on {name}")
        why = f"a table that refers to {name} keeps its rows from being deleted"
        target, at = estate.dataset(relation.name), estate.at(relation.place)
        yield conditional(Edge(k.CAN_STOP, key, target, at, action="stop"), why)
        for grantee, place in granted:
            needs = estate.needs(grantee, relation.name[0], place)
            needs = (*needs, Need(making.references(estate), State.CONTROL))
            yield Edge(k.HOLDS, estate.source(grantee), key, estate.at(place), needs=needs)
