"""Tables and views: what they are, what flows between them, who may do what to them.

A right that somebody has on all of a schema, or of the server, is one edge to that, unless
something in it makes a difference: a trigger that refuses, a view that cannot be written, one that
has its caller's rights. The same right on less, granted beside it, is an edge of its own: it is
left when the wider one is revoked.
"""

from collections.abc import Collection, Iterator
from functools import partial
from typing import Final

from nhigraph.facts.facts import Edge, Fact, Gap, Node
from nhigraph.facts.keys import mysql as names
from nhigraph.policy.mysql.catalog import Name, Place, Relation, Who
from nhigraph.policy.mysql.hosts import Answer
from nhigraph.policy.mysql.needed import Step
from nhigraph.policy.mysql.outcome import Effect, Outcome
from nhigraph.policy.mysql.powers import DATA
from nhigraph.policy.mysql.views import copied
from nhigraph.policy.privileges import MEANING
from nhigraph.records import dataclass
from nhigraph.schema import kinds as k
from nhigraph.schema.types import State, Transform
from nhigraph.sources.mysql import carried
from nhigraph.sources.mysql.estate import HOST, Estate, conditional

_STATEMENTS: Final = ("SELECT", "INSERT", "UPDATE", "DELETE")
_NOT_THERE: Final = "the schema is none in which that was revoked, or a trigger or view refuses it"
_SOME_COLUMNS: Final = "what others refer to is among the columns that it may set"
#: DROP empties a table too (TRUNCATE TABLE asks for it); ALTER takes columns away and changes
#: what is in them, by itself (tried on MariaDB 10.11.19).
_SHAPES: Final = {"DROP": ("DELETE",), "ALTER": ("UPDATE", "DELETE")}
_MEANING: Final = {
    **MEANING,
    "INDEX": (k.CAN_STOP, "stop"),
    "REFERENCES": (k.CAN_STOP, "stop"),
    "DELETE HISTORY": (k.CAN_DELETE, "delete"),
}
_REFERRED: Final = "somebody takes or changes a row to which a row of a new table refers"
_VERSIONED: Final = "it is system-versioned, and its history counts"
#: An UPDATE of columns to which nothing refers.
_OTHERS: Final = "UPDATE of some columns"
_STANDS_FOR: Final = "what is written to this table of the engine {} changes what it stands for"


def read(estate: Estate) -> Iterator[Fact]:
    """Yield every schema and relation with its flows and rights."""
    for schema in estate.schemas:
        key, at = names.schema(schema), estate.at(estate.catalog.schemas[schema])
        yield Node(k.CONTAINER, key, at, name=schema)
        yield Edge(k.CONTAINS, estate.databases, key, at)
        estate.creating(schema)
    for relation in estate.catalog.relations.values():
        yield from _relation(estate, relation)
    for who in estate.catalog.accounts:
        yield from _Rights(estate, who, _near(estate, who)).read()


def _near(estate: Estate, who: Who) -> tuple[Relation, ...]:
    """Relations on which somebody has any right at all."""
    schemas, things = estate.access.near(who)
    return tuple(
        one
        for name, one in estate.catalog.relations.items()
        if name[0] in estate.catalog.schemas and (name[0] in schemas or name in things)
    )


def _relation(estate: Estate, relation: Relation) -> Iterator[Fact]:
    schema, name = relation.name
    at = estate.at(relation.place)
    if schema not in estate.catalog.schemas:
        yield Gap(estate.databases, "a relation's schema is not in the export", at)
        return
    key = names.dataset(*relation.name)
    props = {"relation": "view" if relation.view else "table"}
    yield Node(k.DATASET, key, at, name=f"{schema}.{name}", props=props)
    yield Edge(k.CONTAINS, names.schema(schema), key, at)
    if relation.engine:
        yield Gap(key, _STANDS_FOR.format(relation.engine), at, (State.ALTER, State.OMIT))
    if relation.view:
        yield from _shown(estate, relation, key)
    for privilege in (*_STATEMENTS, "DROP"):
        outcome = estate.effects.of(privilege, relation.name)
        if outcome.effects and outcome.answer is not Answer.NO:
            yield from effect_edges(estate, _beyond(estate, privilege, relation), outcome.effects)
        if (
            privilege == "UPDATE"
            and outcome.effects
            and estate.effects.keys.watched(relation.name)
        ):
            others = estate.effects.of_other_columns(relation.name).effects
            yield from effect_edges(estate, _beyond(estate, _OTHERS, relation), others)
        if outcome.answer is not Answer.NO:
            why = f"somebody does an {privilege} on {schema}.{name}"
            yield from carried.flows(estate, outcome, relation.place, why)
            key_of = partial(_beyond, estate, privilege, relation)
            own = relation.name if privilege == "INSERT" else None
            yield from carried.reads(estate, key_of, outcome, relation.place, own)


def _shown(estate: Estate, view: Relation, key: str) -> Iterator[Fact]:
    """Values pass from what a view reads into it."""
    body, at = estate.effects.query(view), estate.at(view.place)
    if body.problem:
        yield Gap(key, f"what this view shows could not be read: {body.problem}", at)
        return
    bases = dict.fromkeys(
        (one.thing[0], one.thing[1]) if len(one.thing) > 1 else (view.name[0], one.thing[0])
        for one in body.steps
        if one.privilege == "SELECT" and one.thing
    )
    whole = copied(view.definition)
    for base in bases:
        if base in estate.catalog.relations:
            transform = Transform.COPY if whole else Transform.OTHER
            yield Edge(k.FEEDS, names.dataset(*base), key, at, transform=transform)


def _beyond(estate: Estate, privilege: str, relation: Relation) -> str:
    """The grant of a statement that does more than it names."""
    text = f"{privilege} on {'.'.join(relation.name)}"
    return estate.grant(privilege.lower(), relation.name, relation.place, text)


def effect_edges(estate: Estate, key: str, effects: tuple[Effect, ...]) -> Iterator[Fact]:
    """What holding a grant comes to."""
    for effect in effects:
        if effect.relation is None:
            if effect.lent is not None and effect.lent in estate.catalog.accounts:
                at = estate.at(estate.catalog.accounts[effect.lent].place)
                edge = Edge(k.RUNS_AS, key, estate.who(effect.lent), at)
                yield conditional(edge, effect.condition)
            continue
        known = estate.catalog.relations.get(effect.relation)
        if known is None:
            continue
        for privilege in _SHAPES.get(effect.privilege, (effect.privilege,)):
            kind, action = MEANING[privilege]
            at = estate.at(known.place)
            edge = Edge(kind, key, names.dataset(*effect.relation), at, action=action)
            yield conditional(edge, effect.condition)


@dataclass(frozen=True, slots=True)
class _Rights:
    """Rights of one account or role on data."""

    estate: Estate
    who: Who
    relations: tuple[Relation, ...]

    def read(self) -> Iterator[Fact]:
        """Each right on the largest thing that it is on as a whole."""
        for privilege in (*_STATEMENTS, *_SHAPES, "INDEX"):
            yield from self._privilege(privilege)
        if self._makes_tables():
            yield from self._privilege("REFERENCES", _REFERRED)
        yield from self._history()
        yield from self._whole()
        yield from self._creating()
        yield from self._locking()
        yield from self._beyond()

    # --- one privilege --------------------------------------------------------------------------

    def _privilege(self, privilege: str, why: str = "") -> Iterator[Fact]:
        estate, who = self.estate, self.who
        plain = {name for name in estate.schemas if self._is_plain(name, privilege)}
        everywhere = privilege in estate.access.everywhere(who) and all(
            name in plain for name in estate.schemas
        )
        if everywhere:
            yield from self._edges(privilege, estate.databases, None, why)
        for schema in estate.schemas:
            if schema in plain:
                key, name = names.schema(schema), (schema, "")
                wider = estate.places(who, privilege) if everywhere else []
                yield from self._edges(privilege, key, name, why, besides=wider)
        for relation in self.relations:
            schema = relation.name[0]
            if schema not in plain:
                yield from self._one(privilege, relation, why)
            elif not relation.view and privilege in _STATEMENTS:
                wider = estate.places(who, privilege, (schema, ""))
                key = names.dataset(*relation.name)
                yield from self._edges(privilege, key, relation.name, why, besides=wider)
        if privilege in estate.access.everywhere(who) and not (everywhere or estate.knows_schemas):
            yield from self._edges(privilege, estate.databases, None, why, _NOT_THERE)

    def _is_plain(self, schema: str, privilege: str) -> bool:
        """Whether the right is on all of a schema, and every relation of it is written alike."""
        have = self.estate.access.in_schema(self.who, schema).answer(privilege)
        return have is Answer.YES and schema not in self._odd(privilege)

    def _odd(self, privilege: str) -> frozenset[str]:
        return self.estate.odd(privilege) if privilege in _STATEMENTS else frozenset()

    def _one(self, privilege: str, relation: Relation, why: str = "") -> Iterator[Fact]:
        estate = self.estate
        if privilege not in _STATEMENTS:
            if relation.view and privilege not in _SHAPES:
                return
            have = estate.access.on_relation(self.who, *relation.name).answer(privilege)
            outcome = Outcome()
        else:
            have = estate.access.on_columns(self.who, *relation.name).answer(privilege)
            outcome = self._outcome(privilege, relation)
        if have is Answer.NO or outcome.answer is Answer.NO:
            return
        conditions = ("" if have is Answer.YES else HOST, outcome.condition, why)
        key = names.dataset(*relation.name)
        yield from self._edges(privilege, key, relation.name, *conditions)

    def _outcome(self, privilege: str, relation: Relation) -> Outcome:
        """What comes of a statement; a view that has its caller's rights asks for these.

        A role's rights count there in one session and not in another (an INSERT on the table
        itself was let where the same through the view was not, MariaDB 10.11.19).
        """
        outcome = self.estate.effects.of(privilege, relation.name)
        if outcome.answer is not Answer.YES:
            outcome = self.estate.effects.by(self.who).of(privilege, relation.name)
        if not relation.view or relation.definer is not None or outcome.answer is not Answer.MAYBE:
            return outcome
        body = self.estate.effects.query(relation)
        schema = relation.name[0]
        needed = [
            (one.thing[0], one.thing[1]) if len(one.thing) > 1 else (schema, one.thing[0])
            for one in body.steps
            if one.thing
        ]
        asked = self.estate.effects.asked(privilege, relation)
        may = [self._may(one, base) for base in needed for one in asked]
        return Outcome() if may and min(may) is Answer.YES and not body.problem else outcome

    def _may(self, privilege: str, base: Name) -> Answer:
        known = self.estate.catalog.relations.get(base)
        if known is None or known.view or self.estate.catalog.accounts[self.who].role:
            return Answer.MAYBE
        return self.estate.effects.may(self.who, Step(privilege, base), base)

    def _edges(
        self,
        privilege: str,
        key: str,
        name: Name | None,
        *conditions: str,
        besides: Collection[Place] = (),
    ) -> Iterator[Fact]:
        """The right at every record that gives it, but those of a wider right told already."""
        estate = self.estate
        only = "" if privilege == "SELECT" else estate.reading_only(self.who)
        for place in estate.places(self.who, privilege, name):
            if place in besides:
                continue
            for meant in _SHAPES.get(privilege, (privilege,)):
                kind, action = _MEANING[meant]
                edge = Edge(kind, estate.who(self.who), key, estate.at(place), action=action)
                yield conditional(edge, *conditions, only)

    def _makes_tables(self) -> bool:
        """Whether some session makes or changes tables, in which keys may be."""
        catalog, access = self.estate.catalog, self.estate.access
        group = {one for session in access.sessions(self.who) for one in session}
        making = {"CREATE", "ALTER"}
        if any(one.who in group and one.privileges & making for one in catalog.granted):
            return True
        return any(
            access.in_schema(one, schema).may & making
            for one in group
            for schema in catalog.schemas
        )

    def _history(self) -> Iterator[Fact]:
        """Old rows of system-versioned tables; of a text's tables that is not told."""
        if not self.estate.knows_schemas:
            yield from self._privilege("DELETE HISTORY", _VERSIONED)
            return
        for relation in self.relations:
            if relation.versioned:
                yield from self._one("DELETE HISTORY", relation)

    # --- several together ---------------------------------------------------------------------

    def _whole(self) -> Iterator[Fact]:
        """Who may read, write, take away and make anew decides all that a relation holds."""
        estate, who = self.estate, self.who
        together, hidden = estate.access.together, self._odd("SELECT")
        wholes = [
            name
            for name in estate.schemas
            if name not in hidden and together(who, DATA, "in_schema", name) is Answer.YES
        ]
        if estate.access.everywhere(who) >= DATA and len(wholes) == len(estate.schemas):
            yield from self._owns(estate.databases, None)
            return
        for schema in wholes:
            yield from self._owns(names.schema(schema), (schema, ""))
        for relation in self.relations:
            mine = together(who, DATA, "on_relation", *relation.name)
            # Whoever makes a view shows what its own rights let it show.
            shown = estate.effects.of("SELECT", relation.name).answer is Answer.YES
            if relation.name[0] not in wholes and mine is Answer.YES and shown:
                yield from self._owns(names.dataset(*relation.name), relation.name)

    def _owns(self, key: str, name: Name | None) -> Iterator[Fact]:
        estate, who = self.estate, self.who
        for place in estate.places(who, "DROP", name, session=True):
            edge = Edge(k.OWNS, estate.who(who), key, estate.at(place))
            yield conditional(edge, estate.reading_only(who))

    def _creating(self) -> Iterator[Fact]:
        """Making tables, and views in the place of those that are there."""
        estate = self.estate
        source, only = estate.who(self.who), estate.reading_only(self.who)
        for schema in estate.schemas:
            have = estate.access.in_schema(self.who, schema).answer("CREATE")
            if have is not Answer.NO:
                for place in estate.places(self.who, "CREATE", (schema, "")):
                    edge = Edge(k.HOLDS, source, estate.creating(schema), estate.at(place))
                    yield conditional(edge, "" if have is Answer.YES else HOST, only)
        for relation in self.relations:
            asked = ("CREATE VIEW", "DROP")
            mine = estate.access.together(self.who, asked, "on_relation", *relation.name)
            if relation.view and mine is Answer.YES:
                key = names.dataset(*relation.name)
                places = estate.places(self.who, "CREATE VIEW", relation.name, session=True)
                for place in places:
                    at = estate.at(place)
                    edge = Edge(k.CAN_WRITE, source, key, at, action="change_logic")
                    yield conditional(edge, only)

    def _locking(self) -> Iterator[Fact]:
        """A lock on what one may read keeps others from writing, as long as the session lasts."""
        estate = self.estate
        for schema in estate.schemas:
            asked = ("LOCK TABLES", "SELECT")
            mine = estate.access.together(self.who, asked, "in_schema", schema)
            if mine is Answer.YES:
                source, key = estate.who(self.who), names.schema(schema)
                for place in estate.places(self.who, "LOCK TABLES", (schema, ""), session=True):
                    yield Edge(k.CAN_STOP, source, key, estate.at(place), action="stop")

    def _meant(self, privilege: str, relation: Relation) -> tuple[str, str]:
        """The grant of a statement with all that it does, and a condition where that is open.

        Who may set some columns changes what refers to a relation if these are among them.
        """
        estate, access = self.estate, self.estate.access
        key, watched = (
            _beyond(estate, privilege, relation),
            estate.effects.keys.watched(relation.name),
        )
        if privilege != "UPDATE" or watched == frozenset():
            return key, ""
        whole = access.on_relation(self.who, *relation.name).answer(privilege)
        own = access.columns(self.who, *relation.name, privilege)
        if whole is not Answer.NO or own is None or watched is None:
            return key, "" if whole is Answer.YES else _SOME_COLUMNS
        named = frozenset(one.lower() for one in own)
        return (key if named & watched else _beyond(estate, _OTHERS, relation)), ""

    def _beyond(self) -> Iterator[Fact]:
        """Statements that do more than they name, and triggers of one's own, which may refuse."""
        estate = self.estate
        source = estate.who(self.who)
        for relation in self.relations:
            for privilege in _STATEMENTS:
                # By its own code somebody does no more than by its own rights.
                if not estate.effects.of(privilege, relation.name).effects:
                    continue
                outcome = self._outcome(privilege, relation)
                mine = estate.access.on_columns(self.who, *relation.name).answer(privilege)
                if not outcome.effects or Answer.NO in (mine, outcome.answer):
                    continue
                host = "" if mine is Answer.YES else HOST
                key, some = self._meant(privilege, relation)
                host = host or some
                for place in estate.places(self.who, privilege, relation.name):
                    edge = Edge(k.HOLDS, source, key, estate.at(place))
                    yield conditional(edge, host, outcome.condition, estate.reading_only(self.who))
            own = estate.access.on_relation(self.who, *relation.name)
            if not relation.view and own.answer("TRIGGER") is Answer.YES:
                key, name = names.dataset(*relation.name), ".".join(relation.name)
                why = f"somebody writes to {name}, and a trigger of its refuses"
                for place in estate.places(self.who, "TRIGGER", relation.name):
                    edge = Edge(k.CAN_STOP, source, key, estate.at(place), action="stop")
                    yield conditional(edge, why)
