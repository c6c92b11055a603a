"""Which roles a server lets in to one database, by its client authentication (pg_hba.conf).

Of the entries that match a connection the first decides, and where none matches it is refused
(https://www.postgresql.org/docs/current/auth-pg-hba-conf.html); the export has them as
``pg_hba_file_rules`` shows the file (https://www.postgresql.org/docs/current/
view-pg-hba-file-rules.html; both read 30 November 2026). Seen on PostgreSQL 15.18, where good
guesses are wrong:

- The view shows the file and not what is in force: with one line in error a server goes on with
  what it had read before, so nobody is refused by such an export.
- The view shows a name in quotes as it shows the word: ``"all"``, which is a name, is taken for
  the word, unless a role is called so.
- ``+role`` matches members, directly or not, and the role itself; a superuser only if it was made
  a member.
- ``all`` is no database of replication's; ``replication`` matches no session.

A role is refused only where no connection can be thought of that an entry lets in: of an address
that is a name, or a role or database that is a pattern, it is taken to be let in and not refused.
"""

from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

from nhigraph.policy.postgres.catalog import Membership, Place
from nhigraph.policy.postgres.membership import members
from nhigraph.records import dataclass

Network = IPv4Network | IPv6Network
#: Ways to connect that an entry is about, by its type.
_WAYS: Final[Mapping[str, frozenset[str]]] = {
    "local": frozenset({"local"}),
    "host": frozenset({"ssl", "gss", "plain"}),
    "hostssl": frozenset({"ssl"}),
    "hostnossl": frozenset({"gss", "plain"}),
    "hostgssenc": frozenset({"gss"}),
    "hostnogssenc": frozenset({"ssl", "plain"}),
}
_EVERY_WAY = frozenset({"local", "ssl", "gss", "plain"})
_REJECTS = "reject"
#: Where the export has the entries.
SECTION: Final[Place] = ("client_authentication",)
_EVERYWHERE: Final = (ip_network("0.0.0.0/0"), ip_network("::/0"))
_ANYBODY = "all"
#: Words in the place of a database that are about the role's name.
_SAME, _MEMBER = "sameuser", frozenset({"samerole", "samegroup"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of pg_hba.conf.

    Attributes:
        place: Where it stands in the export.
        type: local, host, hostssl, hostnossl, hostgssenc or hostnogssenc; empty where it is in
            error.
        databases: Names, words and patterns.
        users: Names, ``+`` and a role, ``all`` and patterns.
        address: An address, a name, or a word; empty for ``local``.
        netmask: The mask of an address; empty where there is none.
        method: How it lets in, or ``reject``.
        in_error: It cannot be read.
    """

    place: Place
    type: str
    databases: tuple[str, ...]
    users: tuple[str, ...]
    address: str
    netmask: str
    method: str
    in_error: bool


class ClientAuthentication:
    """The entries of one server, asked about one database.

    Attributes:
        readable: Whether all lines are; else it is not known which are in force.
        refused: Where it is said that a role can log in to the database in no way, by its name:
            the first entry that rejects it; the whole where no entry is about it.
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        database: str,
        roles: Iterable[str],
        memberships: Iterable[Membership],
    ) -> None:
        """Note who is in which role.

        Args:
            entries: In the order of the file.
            database: The database.
            roles: All roles of the server.
            memberships: Who is a member of which.
        """
        self._entries, self._database = entries, database
        # Those within a role are its members in every way: what these take of it does not matter.
        self._within = members(roles, {(one.member, one.role) for one in memberships})
        self.readable = not any(one.in_error or one.type not in _WAYS for one in entries)
        said = {role: self._refusal(role) for role in self._within if self.readable}
        self.refused = {role: place for role, place in said.items() if place is not None}

    def _refusal(self, role: str) -> Place | None:
        first: Place | None = None
        shut: dict[str, set[Network]] = {way: set() for way in _EVERY_WAY}
        for entry in self._entries:
            certain, possible = self._matches(entry, role)
            if entry.method != _REJECTS:
                if possible and not _covered(entry, shut):
                    return None
            elif certain:
                first = first or entry.place
                for way in _WAYS[entry.type]:
                    shut[way].update(_networks(entry) or ())  # a name shuts nothing for certain
        return first or SECTION

    def _matches(self, entry: Entry, role: str) -> tuple[bool, bool]:
        """Whether an entry is about the role's sessions, for certain and perhaps."""
        said = [
            [self._database_is(one, role) for one in entry.databases],
            [self._user_is(one, role) for one in entry.users],
        ]
        certain = all(True in some for some in said)
        return certain, all(True in some or None in some for some in said)

    def _database_is(self, said: str, role: str) -> bool | None:
        """None where it cannot be said: of a pattern, and of a word that is a name, too."""
        if said.startswith("/"):
            return None
        if said == self._database:
            return True
        if said == _ANYBODY:
            return True
        if said == _SAME:
            return role == self._database
        if said in _MEMBER:
            return self._is_in(role, self._database)
        return False

    def _user_is(self, said: str, role: str) -> bool | None:
        if said.startswith("/"):
            return None
        if said == role:
            return True
        if said == _ANYBODY:
            return None if _ANYBODY in self._within else True
        if said.startswith("+"):
            return None if said in self._within else self._is_in(role, said[1:])
        return False

    def _is_in(self, role: str, other: str) -> bool:
        return role in self._within.get(other, ())


def _covered(entry: Entry, shut: Mapping[str, set[Network]]) -> bool:
    """Whether every connection that an entry is about is refused before."""
    networks = _networks(entry)
    if networks is None:
        networks = _EVERYWHERE  # a name, or the server's own addresses: any
    return all(
        any(_inside(one, other) for other in shut[way])
        for way in _WAYS[entry.type]
        for one in networks
    )


def _inside(one: Network, other: Network) -> bool:
    if isinstance(one, IPv4Network) and isinstance(other, IPv4Network):
        return one.subnet_of(other)
    if isinstance(one, IPv6Network) and isinstance(other, IPv6Network):
        return one.subnet_of(other)
    return False


def _networks(entry: Entry) -> tuple[Network, ...] | None:
    """Addresses that an entry is about; None where these are not told by numbers."""
    if entry.type == "local" or entry.address == _ANYBODY:
        return _EVERYWHERE
    try:
        return (_network(entry.address, entry.netmask),)
    except ValueError:
        return None


def _network(address: str, netmask: str) -> Network:
    """A network by its address and mask, as the view shows both."""
    if not netmask:
        return ip_network(address, strict=False)
    return ip_network(f"{address}/{int(ip_address(netmask)).bit_count()}", strict=False)
