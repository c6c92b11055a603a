"""Keys of what lies on a server of MySQL or MariaDB.

Its schemas are its databases: a relation is ``dataset:mysql:{schema}.{table}``. Accounts, roles
and grants are the server's, which has no name of its own: ``role:mysql:{user}@{host}``. Whatever
is one server's gets its qualifier (``host:port``) where two servers are given.

Of an account the user counts as written, the host does not
(https://dev.mysql.com/doc/refman/8.4/en/account-names.html, read 28 November 2026). Whether names
of schemas and tables do depends on the server (``policy.mysql.names``); those of columns,
routines and events never do, and stand as the catalogue has them.
"""

from collections.abc import Iterable
from typing import Final

from nhigraph.facts.keys.databases import Container, Database, Dataset, Grant, Role, database
from nhigraph.facts.keys.parts import PATH, Key, Piece, head, reads
from nhigraph.records import dataclass

PLATFORM: Final = "mysql"
_PARTS: Final = 3


@dataclass(frozen=True, slots=True)
class Logic(Key):
    """Code that a schema holds.

    Attributes:
        database: The schema, as the holder of what lies in it.
        sort: ``event``, ``procedure``, ``function`` or ``trigger``.
        name: Its name there.
    """

    database: Database
    sort: str
    name: str

    def pieces(self) -> Iterable[Piece]:
        """``logic:{platform}:{schema}/{sort}/{name}``."""
        parts = (self.database.name, self.sort, self.name)
        named = "/".join([PATH.encoded(part) for part in parts])
        return [(f"{self.database.headed('logic')}{named}", False)]


@reads("logic")
def _logic(text: str) -> Key | None:
    found = head(text, len("logic:"))
    parts = [*map(PATH.decoded, found[2].split("/"))] if found else []
    if found is None or len(parts) != _PARTS:
        return None
    return Logic(Database(found[0], parts[0], found[1]), *parts[1:])


def server() -> Database:
    """The server itself, as the holder of accounts."""
    return database(PLATFORM, "")


def account_name(user: str, host: str | None) -> str:
    """``user@host`` as keys have it; a role without a host is its name."""
    return user if host is None else f"{user}@{host.lower()}"


def account_parts(name: str) -> tuple[str, str | None]:
    """User and host of such a name; a host has no ``@``, a user may."""
    user, at, host = name.rpartition("@")
    return (user, host) if at else (name, None)


def account(user: str, host: str | None) -> str:
    """Key of an account or role."""
    return Role(server(), account_name(user, host)).text


def grant(privilege: str, thing: str) -> str:
    """Key of a grant of the server; the thing's name is ``dotted``."""
    return Grant(server(), privilege, thing).text


def schema(name: str) -> str:
    """Key of a schema as a container."""
    return Container(database(PLATFORM, name)).text


def dataset(name: str, relation: str) -> str:
    """Key of a table or view."""
    return Dataset(database(PLATFORM, name), "", relation).text


def logic(name: str, sort: str, what: str) -> str:
    """Key of code."""
    return Logic(database(PLATFORM, name), sort, what).text
