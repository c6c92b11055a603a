"""Rights that work on what others do: TRIGGER makes them run code, REFERENCES refuses statements.

Both work only in time, so all they open is conditional. ``trigger/TABLE`` is the grant of
attaching; whom the code runs as hangs on it once, not on each of its holders. Roles that write
with the rights of one grantee are one grant, ``writing as/ROLE``; those who may write everything
(superusers and ``pg_write_all_data``) one more.

A table's owner attaches triggers too: it reaches those whom a grant lets write its table. That
one of those who may write everything writes to a table nobody but its owner made dangerous is
said only of TRIGGER that was granted; of owners it would say that whoever owns a table may become
a superuser, which is a line of the coverage.

Who owns a function that a trigger calls decides what others run just as well, whatever its text
says today, as does who owns a table. Tried on 15.18: the owner replaces the text where it has
CREATE on the function's schema (USAGE is not asked for), or moves the function to a schema of its
own and replaces it there, or sets its ``search_path`` so that what the text calls is found there;
both take USAGE on the function's schema. The code then runs as whoever writes, who needs neither
USAGE nor EXECUTE; a security definer is made an invoker first, which takes its owner alone. That
is the grant ``trigger/SCHEMA.FUNCTION(…)``.

So does who owns a function that a view, default, check, policy or index of a table calls, which
runs as whoever reads or writes there, and one of an event trigger, for a superuser's command.

A function whose text could not be read (dynamic SQL, another language, none in the export) hides
where what is written to the table goes on to: a gap there, for what is changed, missing or
stopped. Its writer gains no right by it, but what one writes another's statement may carry on:
hidden is what all writers together reach. Who reads what such a trigger wrote is not told.
Functions of ``pg_catalog``, and those of PostgreSQL's own modules that only change the row, write
nothing else.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from nhigraph.facts.facts import Edge, Fact, Gap, Need, Note
from nhigraph.policy.postgres.catalog import (
    EVENT_TRIGGER,
    PUBLIC,
    Call,
    Function,
    Name,
    Place,
    Relation,
    Trigger,
)
from nhigraph.policy.postgres.planting import ATTACHABLE, Planting
from nhigraph.schema import kinds as k
from nhigraph.schema.types import FLOWING, State
from nhigraph.sources.postgres import making
from nhigraph.sources.postgres.decided import Decided, conditional

#: Relations that a foreign key can refer to (sql-createtable: REFERENCES).
_REFERABLE = frozenset("rp")


#: Trigger functions of modules of PostgreSQL's that change the row and nothing else
#: (contrib-spi: F.42; lo: lo_manage unlinks a large object); they are written in C.
_OF_THE_ROW = frozenset({"autoinc", "insert_username", "lo_manage", "moddatetime"})
_ALL = "a superuser, or who may write all data, writes to {}"
_COMMAND = "a superuser runs a command for which event trigger {} fires"


def read(estate: Decided) -> Iterator[Fact]:
    """Yield what TRIGGER, a trigger's function and REFERENCES amount to."""
    found = [*_Triggers(estate).read(), *_references(estate), *_unread(estate)]
    yield from found
    if any(isinstance(fact, Edge) for fact in found) or making.attachable(estate) or estate.makes:
        yield from making.read(estate)


class _Triggers:
    """Grants of attaching code, and the writers behind them, each set of them once."""

    def __init__(self, estate: Decided) -> None:
        self._estate = estate
        self._planting = Planting(estate.catalog, estate.today, estate.effects)
        self._as: dict[str, None] = {}
        self._everywhere = False
        self._owners: Place | None = None

    def read(self) -> Iterator[Fact]:
        for relation in self._estate.catalog.relations.values():
            if relation.kind in ATTACHABLE and relation.name[0] in self._estate.catalog.schemas:
                yield from self._relation(relation)
        for relation, function, call in self._called():
            yield from self._function(relation, function, call)
        for call in self._estate.catalog.calls or ():
            if call.sort == EVENT_TRIGGER:
                yield from self._of_events(call)
        for grantee in self._as:
            yield from self._sessions(grantee)
        if self._everywhere:
            yield from self._all_writers()
        if self._owners is not None:
            reason = "an owner's trigger on its own table runs as a superuser who writes there"
            yield Note(reason, self._estate.at(self._owners))

    def _relation(self, relation: Relation) -> Iterator[Fact]:
        estate = self._estate
        found = estate.holders(relation.acl, relation.owner, relation.place, "TRIGGER")
        writers = self._planting.by_grant(relation)
        granted = [one for one in found if one[0] != relation.owner]
        superusers = self._superusers(relation)
        if not estate.today.roles.has(estate.today.roles.superusers, relation.owner):
            self._owners = self._owners or (*relation.place, "owner")
            owners: list[str] = []
        else:
            owners = superusers
        others = {*writers.grantees, *writers.others, *owners} - (
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
            code, existing = making.code(estate), making.existing(estate)
            yield from self._effects(relation, key, code, existing)
        for who in (*writers.grantees, *writers.others, *owners):
            if who in others and (who == PUBLIC or who in estate.relevant):
                whole = who in writers.grantees
                target = self._writing_as(who) if whole else estate.session(who)
                yield self._runs_as(relation, key, target, who, making.code(estate))
        for grantee, place in granted:
            self._everywhere = True
            needs = (Need(key, State.CONTROL), *making.code(estate))
            edge = Edge(
                k.RUNS_AS, estate.source(grantee), self._all(), estate.at(place), needs=needs
            )
            yield conditional(edge, _ALL.format(name))
            for who in superusers if not owners else ():
                whom = replace(edge, target=estate.session(who))
                yield conditional(whom, f"{who} {_used(name, '')}")

    def _superusers(self, relation: Relation) -> list[str]:
        """Those whom a grant lets write the relation, too.

        A superuser's code, or that of who has TRIGGER anyway, is said to run as them: it does once
        they are superusers no more, and of a cut that makes them so nothing is hidden.
        """
        found = self._planting.superusers(relation)
        return [one for one in found if one in self._estate.relevant]

    # --- who owns a function that a trigger calls -----------------------------------------------

    def _called(self) -> list[tuple[Relation, Function, Call | None]]:
        """Functions of triggers, each once a table.

        So are those that a view, default, check, policy or index calls, with what does. Those of
        the table's owner are its own when the table is somebody else's.
        """
        estate = self._estate
        found: dict[tuple[object, ...], tuple[Relation, Function, Call | None]] = {}
        pairs: list[tuple[Name, Function | None, Call | None]] = [
            (one.relation, estate.effects.function(one), None) for one in estate.catalog.triggers
        ]
        known = {(*one.name, one.arguments): one for one in estate.catalog.functions}
        pairs += [
            (one.relation, known.get(one.function), one)
            for one in estate.catalog.calls or ()
            if one.relation is not None
        ]
        for name, function, call in pairs:
            relation = estate.catalog.relations.get(name)
            if relation is None or function is None:
                continue
            schemas = {relation.name[0], function.name[0]}
            there = schemas <= estate.catalog.schemas.keys()
            there &= call is not None or relation.kind in ATTACHABLE
            if there and function.owner in estate.relevant:
                at = (relation.name, function.name, function.arguments)
                found.setdefault(at, (relation, function, call))
        return list(found.values())

    def _function(
        self, relation: Relation, function: Function, call: Call | None
    ) -> Iterator[Fact]:
        """What the owner of a function that a table's trigger, or what it has, calls has by it."""
        estate, owner = self._estate, function.owner
        sort = "trigger function" if call is None else "function"
        key = self._owned(function, sort)
        yield from self._redefining(function, key)
        what = "" if call is None else f"{call.sort} {call.name} runs"
        yield from self._effects(relation, key, (), (), what)
        writers = self._planting.by_grant(relation, reading=call is not None)
        for who in (*writers.grantees, *writers.others):
            if who != owner and (who == PUBLIC or who in estate.relevant):
                whole = who in writers.grantees
                target = self._writing_as(who) if whole else estate.session(who)
                yield self._runs_as(relation, key, target, who, what=what)
        own = owner == relation.owner
        if not own or estate.today.roles.has(estate.today.roles.superusers, owner):
            for who in self._superusers(relation):
                if who != owner:
                    yield self._runs_as(relation, key, estate.session(who), who, what=what)
        if not own:
            yield self._by_all(function, key, ".".join(relation.name))

    def _owned(self, function: Function, sort: str) -> str:
        parts = (function.name[0], function.signature)
        text = f"owner of the {sort} {'.'.join(parts)}"
        return self._estate.grant("trigger", parts, function.place, text)

    def _redefining(self, function: Function, key: str) -> Iterator[Edge]:
        """An owner replaces a function where it lies, or in a schema of its own."""
        estate, schema, place = self._estate, function.name[0], (*function.place, "owner")
        usage = estate.needs(function.owner, schema, place)
        elsewhere = (*usage, Need(making.tables(estate), State.CONTROL))
        for needs in (elsewhere, (Need(estate.creating(schema), State.CONTROL),)):
            yield Edge(k.HOLDS, estate.source(function.owner), key, estate.at(place), needs=needs)

    def _by_all(self, function: Function, key: str, name: str) -> Edge:
        self._everywhere = True
        at = self._estate.at((*function.place, "owner"))
        return conditional(Edge(k.RUNS_AS, key, self._all(), at), _ALL.format(name))

    def _of_events(self, call: Call) -> Iterator[Fact]:
        """The owner of an event trigger's function: whoever runs such a command runs it."""
        estate, known = self._estate, self._estate.catalog.functions
        for function in known:
            if (*function.name, function.arguments) != call.function:
                continue
            owner = function.owner
            if owner not in estate.relevant or call.function[0] not in estate.catalog.schemas:
                continue
            key = self._owned(function, "function")
            yield from self._redefining(function, key)
            self._everywhere = True
            edge = Edge(k.RUNS_AS, key, self._all(), estate.at((*function.place, "owner")))
            yield conditional(edge, _COMMAND.format(call.name))

    # --- what attached code does ----------------------------------------------------------------

    def _effects(
        self,
        relation: Relation,
        key: str,
        code: tuple[Need, ...],
        existing: Iterable[tuple[Need, ...]],
        what: str = "",
    ) -> Iterator[Fact]:
        """A function of one's own changes, drops and sees what is written; any stops it."""
        estate, name = self._estate, ".".join(relation.name)
        edge = partial(
            Edge,
            source=key,
            target=estate.dataset(relation.name),
            evidence=estate.at(relation.place),
        )
        why = f"somebody {_used(name, what)}"
        yield conditional(edge(k.CAN_STOP, action="stop"), why)
        if relation.kind == "v":
            return  # What is written through it is its writers' right, and that is said of them.
        for needs in (code, *existing):
            yield conditional(edge(k.CAN_WRITE, action="change_logic", needs=needs), why)
            yield conditional(edge(k.CAN_DELETE, action="delete", needs=needs), why)
        yield conditional(edge(k.CAN_READ, action="read", needs=code), why)

    def _runs_as(
        self,
        relation: Relation,
        key: str,
        target: str,
        who: str,
        needs: tuple[Need, ...] = (),
        what: str = "",
    ) -> Edge:
        estate, name = self._estate, ".".join(relation.name)
        at = estate.at(relation.place)
        edge = Edge(k.RUNS_AS, key, target, at, needs=needs)
        said = "anybody" if who == PUBLIC else who
        return conditional(edge, f"{said} {_used(name, what)}")

    def _writing_as(self, grantee: str) -> str:
        names = self._planting.sessions(grantee)
        if names == [grantee]:
            return self._estate.session(grantee)
        self._as[grantee] = None
        return self._as_key(grantee)

    def _whose(self, grantee: str) -> Place:
        """Where the grantee stands: its sessions are the same whichever table they write."""
        catalog = self._estate.catalog
        return catalog.database.place if grantee == PUBLIC else catalog.roles[grantee].place

    def _as_key(self, grantee: str) -> str:
        text = f"sessions that write with the rights of {grantee}"
        return self._estate.grant("writing as", (grantee,), self._whose(grantee), text)

    def _sessions(self, grantee: str) -> Iterator[Fact]:
        key, at = self._as_key(grantee), self._estate.at(self._whose(grantee))
        for name in self._planting.sessions(grantee):
            if name in self._estate.relevant:
                yield Edge(k.RUNS_AS, key, self._estate.session(name), at)

    def _all(self) -> str:
        place = self._estate.catalog.database.place
        return self._estate.grant("writing", ("everything",), place, "who may write everything")

    def _all_writers(self) -> Iterator[Fact]:
        for name in self._estate.today.roles.listed(self._planting.everywhere):
            if name in self._estate.relevant:
                place = self._estate.catalog.roles[name].place
                if self._estate.today.roles.has(self._planting.by_attribute, name):
                    place = (*place, "superuser")
                at = self._estate.at(place)
                yield Edge(k.RUNS_AS, self._all(), self._estate.session(name), at)


def _used(name: str, what: str) -> str:
    """What makes code of a relation run: a trigger of its by default."""
    return (
        f"uses {name}, and {what}"
        if what
        else f"writes to {name}, and a trigger attached to it runs"
    )


def _references(estate: Decided) -> Iterator[Fact]:
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


def _unread(estate: Decided) -> Iterator[Gap]:
    """Tables of which triggers carry on what is written, nobody knows where to."""
    for trigger in estate.catalog.triggers:
        relation = estate.catalog.relations.get(trigger.relation)
        problem = _problem(estate, trigger)
        if not problem or relation is None or relation.name[0] not in estate.catalog.schemas:
            continue
        name = ".".join(trigger.function[:2])
        reason = f"where trigger {trigger.name} ({name}) takes what is written here: {problem}"
        yield Gap(estate.dataset(relation.name), reason, estate.at(trigger.place), FLOWING)


def _problem(estate: Decided, trigger: Trigger) -> str:
    """Why it cannot be told what a trigger's function writes; empty where it can."""
    schema, name, _ = trigger.function
    function = estate.effects.function(trigger)
    if function is None:
        return "" if schema == "pg_catalog" else "the export does not have its function"
    if function.language == "c" and name in _OF_THE_ROW:
        return ""
    return estate.effects.understood(function).problem
