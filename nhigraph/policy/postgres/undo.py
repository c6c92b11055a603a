"""Statements that take back what an export of PostgreSQL shows, for a superuser to run.

A right is revoked as whoever granted it: what a superuser revokes is revoked as the owner of the
object, and what somebody else granted stays (PostgreSQL 15, sql-revoke, Notes), unless a superuser
becomes that role; the server then refuses where it has no USAGE on the schema. A grantor that has
become a superuser since revokes as the owner, too, and its own item stays (tried on 15.18), and
no other ``GRANTED BY`` is taken than the current role (sql-grant): nothing is said of such an
item. A privilege that is revoked on a table goes on its columns, too (sql-revoke): a right on one
column is taken back so, for the place is that of the item, and a column is no node. Where the
grantee has passed the right on, the server refuses until that is revoked as well
(``passed_on``): what goes in any case goes first, and where something else hangs on the right,
CASCADE takes it along and is named.
Memberships are revoked whoever granted them up to 15; from 16 on the line takes away that of the
bootstrap superuser only, and ``GRANTED BY`` names another (PostgreSQL 16, sql-revoke).

An owner is whoever ``ALTER … OWNER TO`` names, for which the statement has a placeholder: nobody
but the reader knows who that is to be. ``ALTER TABLE`` takes views, too (sql-altertable).

Blind spots: rights on functions and languages, default privileges.
"""

import re

from nhigraph.facts.keys import Key
from nhigraph.facts.keys.databases import Container, Database, Dataset, Grant, Role
from nhigraph.policy.given import Given
from nhigraph.policy.postgres.catalog import PUBLIC, AclError, parse_acl_item
from nhigraph.policy.postgres.passed_on import ITEM, grantor, left, may_revoke

_PLATFORM = "postgres"
_OWNER = re.compile(r"(/(relations|schemas|databases)/\d+)/owner\Z")
_HANGING = re.compile(r"(/dependents/\d+)/owner\Z")
#: What ``ALTER … OWNER TO`` takes by its name alone, and such a name (sql-syntax-lexical).
_NAMED = frozenset({"collation", "schema", "sequence", "server", "table", "type", "view"})
_PART = r'(?:[a-z_][a-z0-9_$]*|"(?:[^"]|"")+")'
_NAME = re.compile(rf"{_PART}(?:\.{_PART})?\Z")
_ATTRIBUTE = re.compile(r"(/roles/\d+)/(superuser|createrole|replication|bypassrls)\Z")
#: Grants that stand for a role: its session, and the rights it has apart from being itself.
_STANDING = frozenset({"session as", "rights of"})
_MEMBER = re.compile(r"/memberships/\d+(/admin)?\Z")


def undo(given: Given) -> str:
    """The statement for one place; empty where none is known."""
    if item := ITEM.match(given.pointer):
        pointer, section, column = item.groups()
        return _revoked(given, pointer, section, by_column=bool(column))
    if owned := _OWNER.match(given.pointer):
        objects = _objects(given, *owned.groups())
        return f"ALTER {objects.pop()} OWNER TO [another role];" if len(objects) == 1 else ""
    if hanging := _HANGING.match(given.pointer):
        things = {text for key in given.stated(hanging[1]) if (text := _thing(key))}
        return f"ALTER {things.pop()} OWNER TO [another role];" if len(things) == 1 else ""
    if attribute := _ATTRIBUTE.match(given.pointer):
        pointer, word = attribute.groups()
        names = {name for key in given.stated(pointer) if (name := _role(key))}
        return f"ALTER ROLE {quoted(names.pop())} NO{word.upper()};" if len(names) == 1 else ""
    if member := _MEMBER.match(given.pointer):
        role, holder = _role(given.target), _role(given.source)
        option = "ADMIN OPTION FOR " if member[1] else ""
        return f"REVOKE {option}{quoted(role)} FROM {quoted(holder)};" if role and holder else ""
    return ""


def quoted(name: str) -> str:
    """An identifier, so that nothing in it counts (PostgreSQL 15, sql-syntax-lexical)."""
    return '"' + name.replace('"', '""') + '"'


def _revoked(given: Given, pointer: str, section: str, *, by_column: bool) -> str:
    objects = _objects(given, pointer, section)
    if len(objects) != 1 or not given.whole:
        return ""
    try:
        item = parse_acl_item(given.excerpt, ())
    except AclError:
        return ""
    giver = grantor(given.excerpt)
    privileges = sorted(item.privileges)
    if not giver or not privileges or any(one.startswith("?") for one in privileges):
        return ""
    grantee = "PUBLIC" if item.grantee == PUBLIC else quoted(item.grantee)
    what = f"{', '.join(privileges)} ON {objects.pop()}"
    superusers = {_role(key) for key in given.doing("CAN_ADMINISTER")}
    further = left(given) and item.grantee not in superusers
    revoke = f"REVOKE {what} FROM {grantee}{' CASCADE' if further else ''};"
    notes = [" -- on every column of it"] if by_column else []
    notes += [" -- and what it passed on"] if further else []
    owners = {name for key in given.holding(f"{pointer}/owner") if (name := _role(key))}
    if owners != {giver}:
        if giver in superusers or not may_revoke(given):
            return ""
        revoke = f"SET ROLE {quoted(giver)}; {revoke} RESET ROLE;"
    return revoke + "".join(notes)


def _objects(given: Given, pointer: str, section: str) -> set[str]:
    return {name for key in given.stated(pointer) if (name := _object(key, section))}


def _object(key: Key, section: str) -> str:
    if section == "relations" and isinstance(key, Dataset) and _ours(key.database):
        return f"TABLE {quoted(key.schema)}.{quoted(key.name)}"
    if section == "schemas" and isinstance(key, Container) and _ours(key.database):
        return f"SCHEMA {quoted(key.schema)}" if key.schema else ""
    if section == "databases" and isinstance(key, Container) and _ours(key.database):
        return "" if key.schema else f"DATABASE {quoted(key.database.name)}"
    return ""


def _thing(key: Key) -> str:
    """What others' relations hang on, as the server names it."""
    if not isinstance(key, Grant) or not _ours(key.database):
        return ""
    sort = key.privilege.removeprefix("drop ")
    return f"{sort.upper()} {key.thing}" if sort in _NAMED and _NAME.match(key.thing) else ""


def _role(key: Key | None) -> str:
    """A role, or what stands for its session or for the rights it has apart."""
    if isinstance(key, Role):
        return key.name if _ours(key.database) else ""
    standing = isinstance(key, Grant) and key.privilege in _STANDING and _ours(key.database)
    return key.thing if isinstance(key, Grant) and standing else ""


def _ours(database: Database) -> bool:
    return database.platform == _PLATFORM
