"""Keys, evidence and grants that the facts of one export share."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from nhigraph.facts import keys
from nhigraph.facts.ends import Account, Endpoint, Holder
from nhigraph.facts.evidence import Evidence
from nhigraph.facts.facts import Edge, Fact, Node
from nhigraph.facts.keys import mysql as names
from nhigraph.facts.values import Literal
from nhigraph.ingest.document import Document
from nhigraph.policy.mysql import hosts, powers
from nhigraph.policy.mysql.access import Access
from nhigraph.policy.mysql.catalog import PUBLIC, Catalog, Granted, Place, Who, definer
from nhigraph.policy.mysql.effects import Effects
from nhigraph.policy.mysql.hosts import Answer
from nhigraph.policy.servers import ANY_DATABASE
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty
from nhigraph.sources.mysql.sight import Sight
from nhigraph.sources.mysql.words import words

_LOOPBACK = re.compile(r"127\.|::1\Z|0\.0\.0\.0\Z|localhost\Z", re.IGNORECASE)
#: Schemas of the products' own, of which nobody's data is.
OWN_SCHEMAS = frozenset({"information_schema", "performance_schema", "sys"})
#: Condition of a right whose grant names a host that some of the clients come from.
HOST = "the session comes from a host for which that was granted"


class Estate:
    """One export, decided: who has which rights, under which keys.

    Attributes:
        catalog: What it holds.
        access: Rights.
        effects: What statements do.
        sight: What of the server the document shows.
        shadowed: Schema to the grant of making temporary tables there, where that opens anything.
    """

    def __init__(
        self,
        doc: Document,
        catalog: Catalog,
        said: Mapping[str, object],
        absent: tuple[str, ...] = (),
        torn: tuple[str, ...] = (),
    ) -> None:
        """Nothing is yielded yet.

        Args:
            doc: The document.
            catalog: What it holds.
            said: What it says of the server itself; nothing for a text of grants.
            absent: Sections that it has not.
            torn: Sections of which a record could not be read.
        """
        self._doc, self._said = doc, said
        self.catalog = catalog
        self.access = Access(catalog)
        exporter = said.get("exporter")
        who = definer(exporter) if isinstance(exporter, str) else None
        known = who if who in catalog.accounts else None
        self.sight = Sight(
            self.access, not said, frozenset((*absent, *torn)), frozenset(torn), known
        )
        self.effects = Effects(catalog, self.access)
        self.shadowed: dict[str, str] = {}
        self._grants: dict[str, Node] = {}
        self._odd: dict[str, frozenset[str]] = {}
        self._sources: dict[Who, frozenset[Who]] = {}

    # --- evidence and keys ---------------------------------------------------------------------

    def at(self, place: Place) -> Evidence:
        """Evidence: grant tables show rights, they do not see them used.

        A grant's record is quoted with what it says in the words of GRANT.
        """
        if place[:1] == ("line",):
            # Of a text: on such a line a hash may stand.
            return self._doc.line(int(place[1]), excerpt=False, basis="entitled")
        found = self._doc.at(*place, basis="entitled")
        said = words(self._doc, place)
        return found.read_as(said)

    @property
    def cluster(self) -> str:
        """Key of the server."""
        return keys.Cluster(names.server()).text

    @property
    def databases(self) -> str:
        """Key of all schemas of the server, whose accounts are not among them."""
        return keys.Container(names.server()).text

    def who(self, who: Who) -> str:
        """Key of an account or role."""
        return names.account(who.user, who.host)

    @property
    def knows_schemas(self) -> bool:
        """Whether the document lists the server's schemas; a text of grants names some."""
        return "schemas" in self._said

    @property
    def schemas(self) -> list[str]:
        """Schemas that people made."""
        return [name for name in self.catalog.schemas if name not in OWN_SCHEMAS]

    @property
    def whole(self) -> Place:
        """Where the document speaks of the server as a whole."""
        return ("version",) if "version" in self._said else ("line", 1)

    def holder(self) -> Holder:
        """The server, as far as the export tells it from another one.

        The host is the one that the person who exported gave: a server does not know by which
        name clients reach it, and its own hostname is another one as often as not. A copy of a
        server's files has its identifier too.
        """
        content = self._said
        host, port, own = (content.get(name) for name in ("host", "port", "hostname"))
        system = content.get("server_uuid")
        proofs = {"system": system} if isinstance(system, str) and system else {}
        label = f"{own}:{port}" if isinstance(own, str) and own and port else ""
        if isinstance(host, str) and host and not _LOOPBACK.match(host):
            known = isinstance(port, int) and not isinstance(port, bool)
            label = f"{host}:{port}" if known else host
            proofs |= {"host": host, **({"address": label} if known else {})}
        served = self.schemas
        return Holder(
            self.cluster,
            self.at(self.whole),
            names=tuple(f"{names.PLATFORM}:{name}" for name in ("", *served)),
            proofs=proofs,
            label=label,
            place=self._doc.artifact,
            serves=(ANY_DATABASE, *sorted({*served, *OWN_SCHEMAS})),
        )

    @property
    def address(self) -> dict[str, str | tuple[str, ...]]:
        """Where the server is; empty where nobody said it."""
        host = self._said.get("host")
        if not isinstance(host, str) or not host:
            return {}
        return {"platform": names.PLATFORM, "database": ANY_DATABASE, "hosts": (host,)}

    def accounts(self, who: Who) -> Iterator[Account]:
        """Whoever logs in as an account: by its user's name, or by any that it stands before."""
        account = self.catalog.accounts[who]
        if account.role:
            return
        shadowed = [
            other
            for other in self.catalog.accounts
            if who in hosts.shadowing(other, self.catalog.accounts)
        ]
        for user in dict.fromkeys((who.user, *(other.user for other in shadowed))):
            yield Account(
                self.who(who),
                self.at(account.place),
                endpoint=Endpoint(names.PLATFORM, database=(Literal(ANY_DATABASE),)),
                name=user,
                login=not account.locked,
                hosts=(who.host or "%",),
                holder=self.cluster,
            )

    # --- grants --------------------------------------------------------------------------------

    def grant(self, privilege: str, parts: tuple[str, ...], place: Place, text: str) -> str:
        """Key of a grant; its node is yielded once, by ``grants``."""
        return self._grant(names.grant(privilege, keys.dotted(*parts)), place, text)

    def creating(self, schema: str) -> str:
        """Key of the grant of making tables in a schema, where joins look for it."""
        holder = keys.database(names.PLATFORM, schema)
        key = keys.Grant(holder, "create", keys.dotted("")).text
        return self._grant(key, self.catalog.schemas[schema], f"CREATE on {schema}")

    def _grant(self, key: str, place: Place, text: str) -> str:
        if key not in self._grants:
            self._grants[key] = Node(k.GRANT, key, self.at(place), name=text)
        return key

    def grants(self) -> Iterator[Fact]:
        """The nodes of all grants that were named."""
        yield from self._grants.values()

    def odd(self, privilege: str) -> frozenset[str]:
        """Schemas in which some relation makes a difference to a statement."""
        if privilege not in self._odd:
            self._odd[privilege] = frozenset(
                name[0]
                for name, one in self.catalog.relations.items()
                if self.effects.of(privilege, name).answer is not Answer.YES
                or (one.view and privilege != "SELECT")
            )
        return self._odd[privilege]

    # --- where a right was given ---------------------------------------------------------------

    def places(
        self,
        who: Who,
        privilege: str,
        name: tuple[str, ...] | None = None,
        *,
        session: bool = False,
    ) -> list[Place]:
        """Every record that gives somebody a privilege; the account where none does.

        Each gives it by itself: whoever takes one away has stopped nobody.

        Args:
            who: The account or role.
            privilege: What it has.
            name: Schema and relation, or schema, sort and routine; no relation for the schema.
            session: Whether some role that it takes, or another account's row, may give it.
        """
        own = [] if session else self._given((who,), privilege, name)
        return own or self._given(self._together(who), privilege, name) or [self._account(who)]

    def _account(self, who: Who) -> Place:
        return self.catalog.accounts[who].place

    def _together(self, who: Who) -> tuple[Who, ...]:
        """Whoever's rights some session of somebody may have."""
        alike = (one for one in self.catalog.accounts if one.user in (who.user, PUBLIC))
        mine = dict.fromkeys((who, *alike))
        roles = (role for one in mine for role in self.access.roles_of.get(one, ()))
        return tuple(dict.fromkeys((*mine, *roles)))

    def _given(
        self, many: tuple[Who, ...], privilege: str, name: tuple[str, ...] | None
    ) -> list[Place]:
        rows: list[Granted] = []
        for who in many:
            if who not in self._sources:
                self._sources[who] = frozenset(self.access.sources(who))
            near = self._by_thing.get(name, ()) if name else ()
            rows += [one for one in near if one.who in self._sources[who]]
            rows += [
                one
                for other in self._sources[who]
                for one in (self._of_schemas.get(other, ()) if name else ())
                if name and self.access.covers(one.thing[0], name[0])
            ]
            rows += [
                one
                for other in self.access.counted(who)
                for one in self._everywhere.get(other, ())
            ]
        return sorted({place for one in rows for place in one.at(privilege)})

    @cached_property
    def _by_thing(self) -> dict[tuple[str, ...], list[Granted]]:
        found: dict[tuple[str, ...], list[Granted]] = {}
        for one in (*self.catalog.table_grants, *self.catalog.routine_grants):
            found.setdefault(one.thing, []).append(one)
        return found

    @cached_property
    def _of_schemas(self) -> dict[Who, list[Granted]]:
        found: dict[Who, list[Granted]] = {}
        for one in self.catalog.schema_grants:
            found.setdefault(one.who, []).append(one)
        return found

    @cached_property
    def _everywhere(self) -> dict[Who, list[Granted]]:
        found: dict[Who, list[Granted]] = {}
        for one in self.catalog.grants:
            found.setdefault(one.who, []).append(one)
        return found

    def reading_only(self, who: Who) -> str:
        """Why somebody may not write at all; empty where it may."""
        found = powers.is_read_only(self.catalog, self.access, who)
        return "the server stops being read-only" if found else ""


def conditional(edge: Edge, *conditions: str) -> Edge:
    """The edge, under conditions if there are any."""
    text = " and ".join(dict.fromkeys(one for one in conditions if one))
    if not text:
        return edge
    return replace(edge, certainty=Certainty.CONDITIONAL, condition=text)
