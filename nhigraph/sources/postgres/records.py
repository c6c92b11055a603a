"""Reads the export into a catalog; a record that cannot be read is refused, the others stand."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from nhigraph.errors import InputError
from nhigraph.facts import keys
from nhigraph.facts.facts import Gap, Note, Refused
from nhigraph.ingest.document import Document
from nhigraph.policy.postgres import catalog as c
from nhigraph.records import dataclass
from nhigraph.schema.types import State
from nhigraph.sources.postgres import later
from nhigraph.sources.postgres.members import Entry

FORM = "postgres/1"
#: Sections without which an answer could come out too small.
_SECTIONS = (
    "roles",
    "memberships",
    "databases",
    "schemas",
    "relations",
    "foreign_keys",
    "policies",
    "rules",
    "functions",
    "triggers",
)
#: Rules and triggers that no session meets: disabled, or for what a replica applies
#: (sql-altertable: DISABLE, ENABLE REPLICA).
_SILENT = frozenset({"D", "R"})

T = TypeVar("T")
Owned = TypeVar("Owned", c.Schema, c.Relation, c.Function)


@dataclass(frozen=True, slots=True)
class Torn:
    """A record that could not become part of the catalog.

    Attributes:
        section: Where it stands.
        place: It.
        body: What it is, of whatever type.
    """

    section: str
    place: c.Place
    body: object


@dataclass(slots=True)
class Export:
    """A catalog, and what of the document could not become part of it.

    Attributes:
        catalog: The catalog.
        problems: What to say of the rest.
        torn: Records of the rest.
    """

    catalog: c.Catalog
    problems: "_Problems"
    torn: list[Torn]


def read_export(doc: Document) -> Export:
    """Parse the whole document.

    Raises:
        InputError: The document as a whole cannot be used.
    """
    top = Entry(doc, doc.content, ())
    problems = _Problems(doc)
    for name in _SECTIONS:
        top.items(name)
    version = top.number("server_version_num")
    databases = list(_each(top, "databases", _schema("database"), problems))
    if len(databases) != 1 or databases[0].name != top.text("database"):
        raise top.fail("databases", "the one database that was exported")
    roles = {role.name: role for role in _each(top, "roles", _role, problems)}
    for one in problems.torn:
        role = _by_name(Entry(doc, one.body, one.place))
        if role is not None:
            roles.setdefault(role.name, role)
    known = _Known(databases[0].name, roles, problems)
    schemas = _each(top, "schemas", _schema("schema"), problems)
    relations = known.owned(doc, _each(top, "relations", _relation, problems))
    memberships = _each(top, "memberships", _membership, problems)
    catalog = c.Catalog(
        database=next(iter(known.owned(doc, databases)), databases[0]),
        version=version,
        roles=roles,
        memberships=tuple(known.memberships(doc, memberships)),
        schemas={one.name: one for one in known.owned(doc, schemas)},
        relations={one.name: one for one in relations},
        foreign_keys=tuple(_each(top, "foreign_keys", _foreign_key, problems)),
        policies=tuple(_each(top, "policies", _policy, problems)),
        rules=tuple(one for one in _each(top, "rules", _rule, problems) if one),
        functions=tuple(known.owned(doc, _each(top, "functions", _function, problems))),
        triggers=tuple(one for one in _each(top, "triggers", _trigger, problems) if one),
        defaults=tuple(_given(top, "default_privileges", later.default, problems) or ()),
        languages=_given(top, "languages", later.language, problems),
        calls=_given(top, "calls", later.call, problems),
        servers=tuple(_given(top, "foreign_servers", later.server, problems) or ()),
        system_functions=tuple(
            _given(top, "system_functions", later.system_function, problems) or ()
        ),
        settings=tuple(_given(top, "settings", later.setting, problems) or ()),
        dependents=tuple(_given(top, "dependents", later.dependence, problems) or ()),
    )
    return Export(catalog, problems, problems.torn)


class _Problems(list[Refused | Note | Gap]):
    """What is said of records, and those that could not be read."""

    def __init__(self, doc: Document) -> None:
        super().__init__()
        self.doc = doc
        self.torn: list[Torn] = []

    def refuse(self, reason: str, section: str, place: c.Place, body: object) -> None:
        """Say why a record is none."""
        self.append(Refused(reason, self.doc.at(*place, excerpt=False)))
        self.torn.append(Torn(section, place, body))


def _each(
    top: Entry, section: str, make: Callable[[Entry], T], problems: _Problems
) -> Iterator[T]:
    for record in top.records(section):
        try:
            yield make(record)
        except InputError as error:
            reason = f"{error.pointer}: {error.problem}"
            problems.refuse(reason, section, record.place, record.body)


def _given(
    top: Entry, section: str, make: Callable[[Entry], T], problems: _Problems
) -> tuple[T, ...] | None:
    """A section that exports of earlier forms do not have."""
    return tuple(_each(top, section, make, problems)) if section in top.body else None


@dataclass(frozen=True, slots=True)
class _Known:
    """Refuses what names a role that the export does not have."""

    database: str
    roles: Mapping[str, c.Role]
    problems: _Problems

    def owned(self, doc: Document, found: Iterable[Owned]) -> Iterator[Owned]:
        for one in found:
            if one.owner not in self.roles:
                reason, body = "its owner is no role of this export", _record(doc, one.place)
                self.problems.refuse(reason, str(one.place[0]), one.place, body)
                continue
            for item in one.acl:
                for reason in self.odd(item):
                    self.problems.append(Note(reason, doc.at(*item.place, excerpt=False)))
            yield one

    def odd(self, item: c.AclItem) -> Iterator[str]:
        if item.grantee != c.PUBLIC and item.grantee not in self.roles:
            yield "the grantee is no role of this export"
        for letter in sorted(one for one in item.privileges if one.startswith("?")):
            yield f"the privilege {letter[1:]!r} is not known and opens nothing here"

    def memberships(self, doc: Document, found: Iterable[c.Membership]) -> Iterator[c.Membership]:
        for one in found:
            if one.role in self.roles and one.member in self.roles:
                yield one
                continue
            at = doc.at(*one.place, excerpt=False)
            self.problems.append(Refused("it names no role of this export", at))
            if one.member in self.roles:
                key = keys.Role(keys.database("postgres", self.database), one.member).text
                reason = "a role it is a member of is not in the export"
                self.problems.append(Gap(key, reason, at, (State.CONTROL,)))


def _record(doc: Document, place: c.Place) -> object:
    section, number, *_ = place
    return doc.content[str(section)][int(number)]


def _by_name(record: Entry) -> c.Role | None:
    """A role of which the name alone could be read: what others say of it counts."""
    name = record.body.get("name") if isinstance(record.body, Mapping) else None
    if not isinstance(name, str) or not name:
        return None
    nothing = dict.fromkeys(("superuser", "createrole", "createdb", "replication"), False)
    return c.Role(
        name, record.place, inherit=True, login=True, bypassrls=False, last_day=None, **nothing
    )


def _role(record: Entry) -> c.Role:
    until = record.text("valid_until", "")
    return c.Role(
        name=record.text("name"),
        place=record.place,
        superuser=record.flag("superuser"),
        inherit=record.flag("inherit"),
        createrole=record.flag("createrole"),
        createdb=record.flag("createdb"),
        login=record.flag("login"),
        replication=record.flag("replication"),
        bypassrls=record.flag("bypassrls"),
        last_day=_last_day(record, until) if until else None,
    )


def _last_day(record: Entry, until: str) -> date | None:
    """The last day, in UTC, of which any part lies before the moment."""
    try:
        moment = datetime.fromisoformat(until)
    except ValueError:
        # PostgreSQL knows years that this calendar does not; either never ends in practice.
        if until[:1].isdigit() and len(until.partition("-")[0]) > len("9999"):
            return None
        raise record.fail("valid_until", "a moment such as 2026-11-23T00:00:00Z") from None
    try:
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        return (moment - timedelta(microseconds=1)).date()
    except OverflowError:
        raise record.fail("valid_until", "a moment of this calendar") from None


def _membership(record: Entry) -> c.Membership:
    return c.Membership(
        role=record.text("role"),
        member=record.text("member"),
        inherit=record.flag("inherit"),
        set_role=record.flag("set"),
        admin=record.flag("admin"),
        place=record.place,
    )


def _schema(kind: str) -> Callable[[Entry], c.Schema]:
    def make(record: Entry) -> c.Schema:
        return c.Schema(record.text("name"), record.text("owner"), record.acl(kind), record.place)

    return make


def _relation(record: Entry) -> c.Relation:
    kind = record.text("kind")
    if kind not in ("r", "p", "v", "m", "f"):
        raise record.fail("kind", "r, p, v, m or f")
    acl = list(record.acl("relation"))
    for column in record.records("columns"):
        acl += column.acl("relation", column.text("name"))
    parents = []
    for number, parent in enumerate(record.items("inherits")):
        parents.append(Entry(record.doc, {"of": parent}, (*record.place, number)).pair("of"))
    reads = [
        c.Read(
            (read.text("schema"), read.text("name")),
            read.names("columns", len(read.items("columns"))),
        )
        for read in record.records("reads")
    ]
    return c.Relation(
        name=(record.text("schema"), record.text("name")),
        kind=kind,
        owner=record.text("owner"),
        acl=tuple(acl),
        place=record.place,
        row_security=record.flag("row_security"),
        force_row_security=record.flag("force_row_security"),
        security_invoker=record.flag("security_invoker"),
        updatable=record.number("updatable", 0),
        partition=record.flag("partition"),
        inherits=tuple(parents),
        reads=tuple(reads),
        definition=record.text("definition", ""),
    )


def _foreign_key(record: Entry) -> c.ForeignKey:
    return c.ForeignKey(
        record.pair("table"),
        record.pair("references"),
        record.text("on_delete"),
        record.text("on_update"),
        record.place,
        record.texts("columns"),
        record.texts("referenced"),
    )


def _policy(record: Entry) -> c.Policy:
    name, table = record.text("name"), record.pair("table")
    roles = record.items("roles") if "roles" in record.body else []
    return c.Policy(
        name,
        table,
        record.flag("permissive"),
        record.text("command"),
        record.names("roles", len(roles)) if roles else (),
    )


def _rule(record: Entry) -> c.Rule | None:
    if record.text("enabled") in _SILENT:
        return None
    return c.Rule(
        record.text("name"),
        record.pair("relation"),
        record.text("event"),
        record.flag("instead"),
        record.place,
        # Earlier exports have neither.
        record.flag("conditional") if "conditional" in record.body else None,
        record.text("definition") if "definition" in record.body else "",
    )


def _function(record: Entry) -> c.Function:
    body, path = record.member("body"), record.member("search_path")
    return c.Function(
        name=(record.text("schema"), record.text("name")),
        arguments=record.text("arguments"),
        owner=record.text("owner"),
        acl=record.acl("function"),
        place=record.place,
        language=record.text("language"),
        security_definer=record.flag("security_definer"),
        returns=record.text("returns"),
        search_path=None if path is None else record.text("search_path"),
        body=None if body is None else record.text("body"),
    )


def _trigger(record: Entry) -> c.Trigger | None:
    if record.text("enabled") in _SILENT:
        return None
    schema, name, arguments = record.names("function", 3)
    return c.Trigger(
        record.text("name"),
        record.pair("relation"),
        (schema, name, arguments),
        record.number("type"),
        record.place,
        record.texts("columns"),
        record.flag("when") if "when" in record.body else None,
    )
