"""What grants of all levels add up to, for an account or role.

A right is had if any level gives it: server, schema, relation, column, routine
(https://dev.mysql.com/doc/refman/8.4/en/request-access.html). Three things a reader of grants
would guess wrong, all tried on MariaDB 10.11.19 and in MySQL's manual there:

* Of several rows for schemas that match one, **one** counts: the most specific. A grant on
  ``erp`` takes what one on ``er%`` gave away from it.
* Rows for schemas, relations and routines are looked up by the user's name and *the client's
  host*, not by the account: what was granted to ``etl@%`` holds for a session of
  ``etl@localhost`` too, though its global rights do not. Of relations and routines the row of the
  most specific host counts alone.
* A schema's row of the anonymous user holds for everybody; for PUBLIC and for roles, which come
  from no host, it does where its host is ``%``.
* In MariaDB a session may take a role that another account of its user's name was granted, if
  that one's host covers its own; which account's global rights it has then is not told, and it
  changes when the grant tables are read again.

A role of MariaDB has what the roles that it was granted have, schema pattern by schema pattern.
"""

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import Final

from nhigraph.policy.mysql import hosts
from nhigraph.policy.mysql.catalog import PUBLIC, Catalog, Granted, Membership, Who
from nhigraph.policy.mysql.hosts import Answer
from nhigraph.records import dataclass

_NOTHING: Final[frozenset[str]] = frozenset()
GRANT_OPTION: Final = "GRANT OPTION"
_Row = tuple[Granted, Answer]
_ByThing = dict[tuple[str, ...], list[_Row]]


@dataclass(frozen=True, slots=True)
class Power:
    """Privileges somewhere.

    Attributes:
        sure: Those that every session has.
        may: Those that some session may have, by the host it comes from.
    """

    sure: frozenset[str] = _NOTHING
    may: frozenset[str] = _NOTHING

    def __or__(self, other: "Power") -> "Power":
        """Both together."""
        return Power(self.sure | other.sure, self.may | other.may)

    def answer(self, *privileges: str) -> Answer:
        """Whether all of some privileges are had."""
        if self.sure.issuperset(privileges):
            return Answer.YES
        return Answer.MAYBE if self.may.issuperset(privileges) else Answer.NO


def power(privileges: Collection[str]) -> Power:
    """Privileges that are sure."""
    found = frozenset(privileges)
    return Power(found, found)


class Access:
    """Rights of all accounts and roles of one server."""

    def __init__(self, catalog: Catalog) -> None:
        """Nothing is added up before it is asked for."""
        self.catalog = catalog
        self._literal = catalog.is_on("partial_revokes")
        self._schemas: dict[tuple[Who, str], Power] = {}
        self._rows: dict[Who, tuple[list[_Row], _ByThing, _ByThing]] = {}

    # -- which rows count -----------------------------------------------------------------------

    @cached_property
    def roles_of(self) -> dict[Who, frozenset[Who]]:
        """Each account or role to the roles that it was granted, directly or by way of others."""
        direct: dict[Who, set[Who]] = {}
        for one in self.catalog.memberships:
            direct.setdefault(one.member, set()).add(one.role)
        return {who: frozenset(_closed(who, direct)) for who in self.catalog.accounts}

    def _is_merged(self, who: Who) -> bool:
        account = self.catalog.accounts.get(who)
        return self.catalog.mariadb and account is not None and account.role

    def counted(self, who: Who) -> frozenset[Who]:
        """Grantees whose global rights are somebody's own: in MariaDB a role's roles' too."""
        return frozenset((who, *(self.roles_of.get(who, ()) if self._is_merged(who) else ())))

    def sources(self, who: Who) -> dict[Who, Answer]:
        """Grantees whose rows of schemas and what lies in them count, and how surely."""
        if self._is_merged(who):
            roles = dict.fromkeys((who, *self.roles_of.get(who, ())), Answer.YES)
            anybody = {
                one.who
                for one in self.catalog.schema_grants
                if not one.who.user
                and one.who.host is not None
                and hosts.matches(one.who.host, "")
            }
            return {**roles, **dict.fromkeys(anybody, Answer.YES)}
        found = {who: Answer.YES}
        for other in {one.who for many in self._levels for one in many} - {who}:
            if other.user not in ("", who.user) or other.host is None or who.host is None:
                continue
            # Its clients are the nearer account's, so never of this one.
            nearer = other in self.catalog.accounts and hosts.narrower(other.host, who.host)
            covered = Answer.NO if nearer else hosts.covers(other.host, who.host)
            if covered is not Answer.NO:
                found[other] = covered
        return found

    @property
    def _levels(self) -> tuple[tuple[Granted, ...], ...]:
        catalog = self.catalog
        return catalog.schema_grants, catalog.table_grants, catalog.routine_grants

    def _counting(self, who: Who) -> tuple[list[_Row], _ByThing, _ByThing]:
        """Rows of schemas, relations and routines that count, those that win first."""
        if who not in self._rows:
            sources = self.sources(who)
            schemas, tables, routines = (
                [(one, sources[one.who]) for one in level if one.who in sources]
                for level in self._levels
            )
            schemas = sorted(_merged(schemas) if self._is_merged(who) else schemas, key=_nearest)
            near = [
                sorted(
                    (
                        one
                        for one in level
                        if one[0].who.user == who.user
                        or (self._is_merged(who) and one[0].who.host is None)
                    ),
                    key=lambda row: hosts.host_order(row[0].who.host or ""),
                )
                for level in (tables, routines)
            ]
            self._rows[who] = (schemas, _by_thing(near[0]), _by_thing(near[1]))
        return self._rows[who]

    # -- what they give -------------------------------------------------------------------------

    def everywhere(self, who: Who) -> frozenset[str]:
        """Global privileges, as granted."""
        counted = self.counted(who)
        found = [one.privileges for one in self.catalog.grants if one.who in counted]
        return frozenset().union(*found)

    @cached_property
    def _takes(self) -> dict[Who, dict[Who, Answer]]:
        """Accounts to the roles that their sessions may take, and how surely."""
        found: dict[Who, dict[Who, Answer]] = {}
        for one in self.catalog.memberships:
            for who in self.catalog.accounts:
                sure = self.takes_by(who, one)
                if sure is Answer.NO:
                    continue
                mine = found.setdefault(who, {})
                mine[one.role] = max(mine.get(one.role, Answer.NO), sure)
        return found

    def takes_by(self, who: Who, one: Membership) -> Answer:
        """Whether sessions of somebody may take a role by one membership."""
        if who == one.member:
            return Answer.YES
        if not self._is_alike(who, one.member):
            return Answer.NO
        return hosts.covers(one.member.host or "", who.host or "")

    def _is_alike(self, who: Who, member: Who) -> bool:
        """Whether sessions of an account may be asked what another one of its name was granted."""
        if not self.catalog.mariadb or who.user != member.user or None in (who.host, member.host):
            return False
        return not hosts.narrower(member.host or "", who.host or "")

    def takes(self, who: Who) -> dict[Who, Answer]:
        """Roles that a session may take, and how surely."""
        found = self._takes.get(who, {})
        return {role: sure for role, sure in found.items() if sure is not Answer.NO}

    def sessions(self, who: Who) -> list[tuple[Who, ...]]:
        """Whose rights add up in sessions of somebody: MariaDB takes one role at a time."""
        public = everybody(self.catalog)
        own = (who, *((public,) if public not in (None, who) else ()))
        roles = [role for role, sure in self.takes(who).items() if sure is Answer.YES]
        if not roles or self._is_merged(who):
            return [own]
        if self.catalog.mariadb:
            return [own, *((*own, role) for role in roles)]
        beyond = {below for role in roles for below in self.roles_of.get(role, ())}
        return [tuple(dict.fromkeys((*own, *roles, *sorted(beyond, key=lambda one: one.name))))]

    def together(self, who: Who, privileges: Collection[str], ask: str, *thing: str) -> Answer:
        """Whether some session of somebody has all of some privileges, whoever gives each.

        Args:
            who: The account or role.
            privileges: All that it takes.
            ask: ``in_schema``, ``on_relation`` or ``on_routine``.
            thing: What it asks about.
        """
        found = []
        for group in self.sessions(who):
            total = Power()
            for one in group:
                total |= getattr(self, ask)(one, *thing)
            found.append(total.answer(*privileges))
        return max(found)

    def near(self, who: Who) -> tuple[frozenset[str], frozenset[tuple[str, ...]]]:
        """Schemas, and relations by themselves, on which some session of somebody has a right."""
        group = {one for session in self.sessions(who) for one in session}
        schemas = frozenset(
            name
            for name in self.catalog.schemas
            if any(self.in_schema(one, name).may for one in group)
        )
        tables = (self._counting(one)[1] for one in group)
        return schemas, frozenset(thing for many in tables for thing in many)

    def borrowed(self, who: Who) -> frozenset[str]:
        """Global privileges of other accounts of its name that it may have with a role."""
        taken = self.takes(who)
        others = {
            one.member
            for one in self.catalog.memberships
            if one.role in taken
            and one.member != who
            and self._is_alike(who, one.member)
            and hosts.covers(one.member.host or "", who.host or "") is not Answer.NO
        }
        return frozenset().union(*(self.everywhere(one) for one in others))

    def restricted(self, who: Who, schema: str) -> frozenset[str]:
        """Global privileges that were taken away in a schema."""
        account = self.catalog.accounts.get(who)
        return account.restrictions.get(schema, _NOTHING) if account else _NOTHING

    def in_schema(self, who: Who, schema: str) -> Power:
        """Privileges on all that a schema holds: global ones, and those of the schema's row."""
        if (who, schema) not in self._schemas:
            own = self.everywhere(who) - self.restricted(who, schema)
            whole = Power(own, own | self.borrowed(who))
            rows = [
                (row.privileges, sure)
                for row, sure in self._counting(who)[0]
                if self.covers(row.thing[0], schema)
            ]
            self._schemas[who, schema] = whole | _first(rows)
        return self._schemas[who, schema]

    def covers(self, pattern: str, schema: str) -> bool:
        """Whether a schema's row is about a schema.

        With ``partial_revokes``, wildcards are letters like any other
        (https://dev.mysql.com/doc/refman/8.4/en/grant.html).
        """
        if self._literal:
            return pattern == schema
        return hosts.expression(pattern).fullmatch(schema) is not None

    def on_relation(self, who: Who, schema: str, name: str) -> Power:
        """Privileges on the whole of a relation."""
        return self.in_schema(who, schema) | self._nearest(1, who, (schema, name), columns=False)

    def on_columns(self, who: Who, schema: str, name: str) -> Power:
        """Privileges on a relation or on some column of it."""
        return self.in_schema(who, schema) | self._nearest(1, who, (schema, name), columns=True)

    def by_name(self, who: Who, schema: str, name: str) -> Power:
        """Privileges granted on a relation by its name, or on some column of it."""
        return self._nearest(1, who, (schema, name), columns=True)

    def on_routine(self, who: Who, schema: str, sort: str, name: str) -> Power:
        """Privileges on a routine; its name's case does not count."""
        thing = (schema, sort, name.lower())
        return self.in_schema(who, schema) | self._nearest(2, who, thing, columns=False)

    def columns(self, who: Who, schema: str, name: str, privilege: str) -> frozenset[str] | None:
        """Columns on which a privilege is had by itself; None where it is on all of them."""
        if privilege in self.on_relation(who, schema, name).sure:
            return None
        rows = self._counting(who)[1].get((schema, name), ())
        return frozenset().union(*(row.columns.get(privilege, _NOTHING) for row, _ in rows))

    def _nearest(self, level: int, who: Who, thing: tuple[str, ...], *, columns: bool) -> Power:
        tables, routines = self._counting(who)[1:]
        rows = (tables if level == 1 else routines).get(thing, [])
        found = [
            (row.privileges | frozenset(row.columns) if columns else row.privileges, sure)
            for row, sure in rows
        ]
        if self._is_merged(who):
            return power(frozenset().union(*(privileges for privileges, _ in found)))
        return _first(found)


def _by_thing(rows: Iterable[_Row]) -> _ByThing:
    found: _ByThing = {}
    for row in rows:
        found.setdefault(row[0].thing, []).append(row)
    return found


def _closed(who: Who, direct: dict[Who, set[Who]]) -> set[Who]:
    found: set[Who] = set()
    waiting = [who]
    while waiting:
        for role in direct.get(waiting.pop(), ()):
            if role not in found and role != who:
                found.add(role)
                waiting.append(role)
    return found


def _merged(rows: Iterable[_Row]) -> Iterator[_Row]:
    """Rows of one pattern as one: those of a role and of the roles that it has."""
    found: dict[str, Granted] = {}
    for row, sure in rows:
        pattern = row.thing[0]
        if row.who.host is not None:
            yield row, sure
            continue
        known = found.get(pattern)
        privileges = row.privileges | (known.privileges if known else _NOTHING)
        found[pattern] = Granted(Who("", None), row.thing, privileges, row.place)
    yield from ((row, Answer.YES) for row in found.values())


def _nearest(row: _Row) -> tuple[object, ...]:
    one = row[0]
    # A role has no host, which goes before every pattern.
    host = (-1,) if one.who.host is None else hosts.host_order(one.who.host)
    return host, hosts.schema_order(one.thing[0]), not one.who.user, one.who.name, one.thing


def _first(rows: Iterable[tuple[frozenset[str], Answer]]) -> Power:
    """What the first row that counts gives: each that may not count lets the next one in."""
    possible: list[frozenset[str]] = []
    for privileges, sure in rows:
        possible.append(privileges)
        if sure is Answer.YES:
            break
    else:
        possible.append(_NOTHING)
    return Power(frozenset.intersection(*possible), frozenset().union(*possible))


def everybody(catalog: Catalog) -> Who | None:
    """MariaDB's PUBLIC, where it has any right."""
    who = Who(PUBLIC, None)
    return who if who in catalog.accounts else None
