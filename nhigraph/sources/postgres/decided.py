"""Keys, needs and grants that the facts of one export share."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from nhigraph.facts import keys
from nhigraph.facts.ends import Account, Endpoint, Holder
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Need, Node, Note, Value
from nhigraph.facts.values import Literal
from nhigraph.ingest.document import Document
from nhigraph.policy.postgres.authentication import ClientAuthentication
from nhigraph.policy.postgres.catalog import (
    PUBLIC,
    AclItem,
    Call,
    Catalog,
    Name,
    Place,
    Role,
)
from nhigraph.policy.postgres.effects import Effect, Effects
from nhigraph.policy.postgres.lookup import Opening, handing_on
from nhigraph.policy.postgres.membership import (
    NEW_ROLE,
    Roles,
    altering,
    connecting,
    implicit,
    without_set,
)
from nhigraph.policy.postgres.rights import ALL_DATA, Rights
from nhigraph.policy.postgres.system import HANDS_ON
from nhigraph.policy.privileges import MEANING
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, State

PLATFORM = "postgres"
#: What somebody makes, and how the grant of it is called.
_MAKING = {
    "tables": "may make a table",
    "functions": "may make a function",
    "keys": "has a table of its own or may make one",
    "code": "may use a procedural language",
    "triggers": "may attach a function that is there",
}
#: What stands between an owner and dropping what it may not name.
DROP_OWNED = "none of the rights that others have granted to the owner refuses DROP OWNED"
_LOOPBACK = re.compile(r"127\.|::1\Z|0\.0\.0\.0\Z")


class Decided:
    """One export, decided: who has which rights, under which keys.

    Attributes:
        today: Rights as memberships stand.
        possible: Rights after what a role can grant itself.
        effects: What statements do.
        relevant: Roles that appear: all but predefined ones that nobody has.
        makes: Some fact needs that somebody makes things of its own.
        calls: What calls each function, by schema, name and arguments.
        connecting: Roles that may open a session in the database.
    """

    def __init__(
        self, doc: Document, catalog: Catalog, rules: ClientAuthentication | None = None
    ) -> None:
        """Close membership twice; nothing is yielded yet.

        Args:
            doc: The export.
            catalog: What it says.
            rules: Whom the server lets in, where the export says so.
        """
        self._doc, self._rules = doc, rules
        self.catalog = catalog
        self.today = Rights(catalog, Roles(catalog))
        self.possible = Rights(catalog, Roles(catalog, possible=True), self.today)
        self.effects = Effects(catalog, self.today)
        self.relevant = _relevant(catalog, self.possible.roles)
        self.makes = False
        self.calls: dict[tuple[str, str, str], list[Call]] = {}
        for one in catalog.calls or ():
            self.calls.setdefault(one.function, []).append(one)
        self._rights_apart = without_set(catalog)
        self._altering, self.connecting = altering(catalog), connecting(catalog)
        self._expiring = _expiring(catalog, self.today.roles)
        self._roles: dict[str, str] = {}
        self._grants: dict[str, Node] = {}
        self._pairs: dict[tuple[str, str], list[Place]] = {}
        self._usage = {name: self._usable(name) for name in catalog.schemas}
        self._public = frozenset(
            name
            for name, found in catalog.schemas.items()
            if any(item.grantee == PUBLIC and "USAGE" in item.privileges for item in found.acl)
        )

    # --- evidence and keys ---------------------------------------------------------------------

    def at(self, place: Place) -> Evidence:
        """Evidence: a catalog shows rights, it does not see them used."""
        return self._doc.at(*place, basis="entitled")

    def listed(self, reasons: Mapping[str, str]) -> Iterator[Note]:
        """A note for each section of the document that holds anything."""
        for section, reason in reasons.items():
            found = self._doc.content.get(section)
            if found:
                yield Note(reason, self.at((section,)))

    @property
    def database(self) -> str:
        """Name of the database."""
        return self.catalog.database.name

    def role(self, name: str) -> str:
        """Key of a role."""
        key = self._roles.get(name)
        if key is None:
            key = keys.Role(keys.database(PLATFORM, self.database), name).text
            self._roles[name] = key
        return key

    def session(self, name: str) -> str:
        """Where what only the role itself can do starts from."""
        if name in self._expiring:
            return self._grant_key("session as", name)
        return self.role(name)

    def rights(self, name: str) -> str:
        """Where the role's privileges start from."""
        if name == NEW_ROLE:
            return self._grant_key("createrole", "roles")
        if name in self._rights_apart:
            return self._grant_key("rights of", name)
        return self.session(name)

    def becoming(self, name: str) -> list[str]:
        """The nodes that whoever becomes the role reaches: itself, and what outlives it."""
        return list(dict.fromkeys((self.role(name), self.session(name))))

    def altering(self, name: str) -> list[str]:
        """Who sets the passwords of roles that the role has ADMIN on."""
        return self._altering.get(name, [])

    def apart(self, name: str) -> bool:
        """Whether somebody has the role's rights without being able to become it."""
        return name in self._rights_apart

    def container(self, *parts: str) -> str:
        """Key of the database, or of a schema of it."""
        return keys.Container(keys.database(PLATFORM, self.database), *parts).text

    @property
    def cluster(self) -> str:
        """Key of the server."""
        return keys.Cluster(keys.database(PLATFORM, self.database)).text

    @property
    def address(self) -> dict[str, Value]:
        """Where the server is and which database of it this is; empty over a socket."""
        host = self._doc.content.get("host")
        if not isinstance(host, str) or not host:
            return {}
        return {"platform": PLATFORM, "database": self.database, "hosts": (host,)}

    def holder(self) -> Holder:
        """The server, as far as the export tells it from another one.

        Reached at a loopback address, or over a socket, it says nothing of where it is. Its
        identifier is its own from ``initdb`` on, and a copy made of its files has it too
        (PostgreSQL, functions-info: ``pg_control_system``).
        """
        content = self._doc.content
        host, port = (content.get(name) for name in ("host", "port"))
        system = content.get("system_identifier")
        proofs: dict[str, str] = {"system": system} if isinstance(system, str) else {}
        label = ""
        if isinstance(host, str) and host and not _LOOPBACK.match(host):
            known = isinstance(port, int) and not isinstance(port, bool)
            label = f"{host}:{port}" if known else host
            proofs |= {"host": host, **({"address": label} if known else {})}
        return Holder(
            self.cluster,
            self.at(("database",)),
            names=(f"{PLATFORM}:{self.database}",),
            proofs=proofs,
            label=label,
            place=self._doc.artifact,
            client_rules=self._rules is not None,
        )

    def logs_in(self, role: Role) -> bool:
        """Whether somebody logs in here as the role: it may, and the server does not refuse it."""
        refused = self._rules is not None and role.name in self._rules.refused
        return role.login and not refused and role.name in self.connecting

    def account(self, role: Role) -> Account:
        """Whoever logs in under the role's name, from whatever host the server lets in."""
        return Account(
            self.role(role.name),
            self.at(role.place),
            endpoint=Endpoint(PLATFORM, database=(Literal(self.database),)),
            name=role.name,
            login=self.logs_in(role),
            holder=self.cluster,
        )

    def dataset(self, name: Name) -> str:
        """Key of a relation."""
        return keys.Dataset(keys.database(PLATFORM, self.database), *name).text

    def _grant_key(self, privilege: str, thing: str) -> str:
        return keys.Grant(keys.database(PLATFORM, self.database), privilege, thing).text

    # --- grants --------------------------------------------------------------------------------

    def grant(self, privilege: str, parts: tuple[str, ...], place: Place, text: str) -> str:
        """Key of a grant; its node is yielded once, by ``grants``."""
        key = self._grant_key(privilege, keys.dotted(*parts))
        if key not in self._grants:
            self._grants[key] = Node(k.GRANT, key, self.at(place), name=text)
        return key

    def usage(self, schema: str) -> str:
        """Key of the grant of USAGE on a schema."""
        place = self.catalog.schemas[schema].place
        return self.grant("usage", (schema,), place, f"USAGE on schema {schema}")

    def creating(self, schema: str = "") -> str:
        """Key of the grant of CREATE on a schema, or on the database."""
        database = self.catalog.database
        if not schema:
            text = f"CREATE on {database.name}"
            return self.grant("create schema", (database.name,), database.place, text)
        place = self.catalog.schemas[schema].place
        return self.grant("create", (schema,), place, f"CREATE on schema {schema}")

    def _usable(self, schema: str) -> int:
        """Roles with USAGE, or that own the schema and may give it to themselves."""
        owner = self.catalog.schemas[schema].owner
        return self.possible.usage(schema) | self.possible.roles.with_rights_of(owner)

    def usable(self, schema: str) -> int:
        """Roles that can name what is in the schema."""
        return self._usage.get(schema, 0)

    def open_to_all(self, schema: str) -> bool:
        """Whether PUBLIC has USAGE."""
        return schema in self._public

    def needs(self, grantee: str, schema: str, place: Place) -> tuple[Need, ...]:
        """What a right of the grantee needs beside itself to be usable.

        USAGE held by the grantee itself, or needed by PUBLIC, is USAGE; USAGE that only some of
        those with the grantee's rights have must be theirs in one session.
        """
        if schema not in self.catalog.schemas or self.open_to_all(schema):
            return ()
        if grantee == PUBLIC or self.possible.roles.has(self.usable(schema), grantee):
            return (Need(self.usage(schema), State.CONTROL),)
        self._pairs.setdefault((grantee, schema), []).append(place)
        text = f"USAGE on schema {schema} together with the rights of {grantee}"
        key = self.grant(f"usage as {grantee}", (schema,), place, text)
        return (Need(key, State.CONTROL),)

    def grants(self) -> Iterator[Fact]:
        """The nodes of all grants that were named, and who holds USAGE."""
        for (grantee, schema), places in self._pairs.items():
            key = self._grant_key(f"usage as {grantee}", keys.dotted(schema))
            both = self.possible.roles.with_rights_of(grantee) & self.usable(schema)
            for holder in self.smallest(both):
                for place in dict.fromkeys(places):
                    yield Edge(k.HOLDS, self.rights(holder), key, self.at(place))
        for one in self.catalog.schemas.values():
            if self.open_to_all(one.name):
                continue
            key = self.usage(one.name)
            for name, place in self.holders(one.acl, one.owner, one.place, "USAGE"):
                yield Edge(k.HOLDS, self.rights(name), key, self.at(place))
            for name in sorted(set(ALL_DATA.values()) & self.relevant):
                place = self.catalog.roles[name].place
                yield Edge(k.HOLDS, self.rights(name), key, self.at(place))
        for name in sorted(self._rights_apart & self.relevant):
            text = f"rights of {name} without the role itself"
            yield from self._apart(self.session(name), self.rights(name), text, name)
        for name in sorted(self._expiring & self.relevant):
            text = f"session as {name}"
            yield from self._apart(self.role(name), self.session(name), text, name)
        yield from self._grants.values()

    def _apart(self, holder: str, key: str, text: str, name: str) -> Iterator[Fact]:
        evidence = self.at(self.catalog.roles[name].place)
        yield Node(k.GRANT, key, evidence, name=text)
        yield Edge(k.HOLDS, holder, key, evidence)

    def holders(
        self, acl: tuple[AclItem, ...], owner: str, place: Place, privilege: str
    ) -> list[tuple[str, Place]]:
        """Grantees of a privilege at each place that gives it, and the owner at its own.

        Every grantor has an item of its own, and every column; each gives the privilege by itself.
        The owner may grant itself all of them, so its items give it nothing; a new owner takes
        them over (tried on 15.18: they name the new one after ``OWNER TO``).
        """
        found = [(owner, (*place, "owner"))]
        for item in acl:
            known = item.grantee == PUBLIC or item.grantee in self.catalog.roles
            if privilege in item.privileges and known and item.grantee != owner:
                found.append((item.grantee, item.place))
        return found

    def smallest(self, mask: int) -> list[str]:
        """Those of a set from whom the others have it, as far as they appear."""
        roles = self.possible.roles
        return roles.smallest(mask & roles.mask((*self.relevant, NEW_ROLE)))

    def source(self, grantee: str) -> str:
        """Where a grantee's right starts from; PUBLIC is a group."""
        return self.role(PUBLIC) if grantee == PUBLIC else self.rights(grantee)

    # --- effects -------------------------------------------------------------------------------

    def effect_edges(self, key: str, effects: list[Effect], place: Place) -> Iterator[Edge]:
        """What holding a grant amounts to."""
        for effect in effects:
            evidence = self.at(place)
            if effect.relation is None:
                needs = self._opened(effect.opening)
                edge = Edge(k.RUNS_AS, key, self.rights(effect.lent), evidence, needs=needs)
            else:
                kind, action = MEANING[effect.privilege]
                edge = Edge(kind, key, self.dataset(effect.relation), evidence, action=action)
            yield conditional(edge, effect.condition)

    def _opened(self, opening: Opening | None) -> tuple[Need, ...]:
        """What it takes to make what a function's text then finds."""
        if opening is None or not opening.made:
            return ()
        if opening.schema:
            return (Need(self.creating(opening.schema), State.CONTROL),)
        return (Need(self.making("functions" if opening.temporary else "tables"), State.CONTROL),)

    def making(self, what: str) -> str:
        """Key of a grant of making things of one's own; ``making`` says who holds them."""
        self.makes = True
        return self.grant("make", (what,), self.catalog.database.place, _MAKING[what])


def conditional(edge: Edge, condition: str) -> Edge:
    """The edge, under a condition if there is one."""
    if not condition:
        return edge
    return replace(edge, certainty=Certainty.CONDITIONAL, condition=condition)


def _relevant(catalog: Catalog, roles: Roles) -> set[str]:
    """All roles but predefined ones that nobody has, owns with or was granted to."""
    found = {role.name for role in catalog.roles.values() if not role.predefined}
    if roles.keeps_createrole:
        found |= set(roles.grantable())
    extra = implicit(catalog)
    memberships = [*catalog.memberships, *([extra] if extra else [])]
    for things in (catalog.schemas.values(), catalog.relations.values(), catalog.functions):
        for thing in things:
            found.add(thing.owner)
            found |= {item.grantee for item in thing.acl}
    for held in (*catalog.servers, *catalog.system_functions, *catalog.settings):
        found |= {held.owner, *(item.grantee for item in held.acl)}
    found |= {one.owner for one in catalog.dependents}
    texts = (one.body or "" for one in catalog.functions if one.security_definer)
    found |= {HANDS_ON[name] for text in texts for name in handing_on(text)}
    for default in catalog.defaults:
        found |= {item.grantee for item in default.acl}
    found &= set(catalog.roles)
    while True:
        more = {one.role for one in memberships if one.member in found} - found
        if not more:
            return found
        found |= more & set(catalog.roles)


def _expiring(catalog: Catalog, roles: Roles) -> set[str]:
    """Roles whose password ends on a day while others may still become them."""
    members = {one.role for one in catalog.memberships}
    if roles.makes_roles:
        members |= set(roles.grantable())
    return {
        role.name
        for role in catalog.roles.values()
        if role.last_day is not None and role.login and role.name in members
    }
