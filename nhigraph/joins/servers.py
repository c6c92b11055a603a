"""Servers: under which name the scope knows them, and which of them a client reaches.

Roles belong to a server, not to one of its databases; without a name the database's stands for it.
A document that was read of a server is known by what it says of the holder, or by the endpoint at
which it says that its accounts log in.
"""

import re
from collections.abc import Mapping
from functools import cached_property

from nhigraph.facts import keys
from nhigraph.facts.ends import Account, Holder
from nhigraph.facts.values import literal
from nhigraph.joins.view import View
from nhigraph.records import dataclass
from nhigraph.schema import kinds as k

#: Platform and host to the scope's name.
Aliases = Mapping[tuple[str, str], str]
_ADDRESS = re.compile(r"[\d.]+|[0-9a-fA-F:]*:[0-9a-fA-F:]*")


@dataclass(frozen=True, slots=True)
class Server:
    """A database of which an export was read, and where that was.

    Attributes:
        database: It, as keys hold it.
        hosts: Hosts at which it was reached.
        addresses: The same with the port, ``host:port``, where that is known.
        label: What tells it from another one of its name.
        holder: Key of the node that stands for it; of an endpoint alone, a name for that.
    """

    database: keys.Database
    hosts: frozenset[str]
    addresses: frozenset[str]
    label: str
    holder: str = ""

    def is_at(self, host: str, port: str) -> bool | None:
        """Whether it answers there; None where nobody can tell.

        A name and an address may be one machine; two names, or two addresses, are two. An
        unknown port may be any. Names are not told apart by case (RFC 4343).
        """
        if not host or not self.hosts:
            return None
        if host.lower() in {known.lower() for known in self.hosts}:
            at_port = {one.rpartition(":")[2] for one in self.addresses}
            return not (port and at_port and port not in at_port)
        alike = any(is_address(host) == is_address(known) for known in self.hosts)
        return False if alike else None


def is_address(host: str) -> bool:
    """Whether a host is an address, and no name."""
    return _ADDRESS.fullmatch(host) is not None


class Servers:
    """The servers of a graph."""

    def __init__(self, view: View, aliases: Aliases) -> None:
        """Nothing is looked up before it is asked for."""
        self.view, self.aliases = view, aliases

    @cached_property
    def exported(self) -> dict[tuple[str, str], list[Server]]:
        """Platform and name of a database to those of that name of which an export was read."""
        found: dict[tuple[str, str], list[Server]] = {}
        for node in self.view.of_kind(k.CONTAINER):
            cluster = self.view.parsed(node)
            said = self.view.ends(node, Holder)
            if not isinstance(cluster, keys.Cluster) or not said:
                continue
            server = Server(
                cluster.database,
                frozenset(one.proofs["host"] for one in said if "host" in one.proofs),
                frozenset(one.proofs["address"] for one in said if "address" in one.proofs),
                cluster.database.at or next((one.label for one in said if one.label), ""),
                self.view.key(node),
            )
            served = {name for one in said for name in one.serves} or {cluster.database.name}
            for name in sorted(served):
                found.setdefault((cluster.database.platform, name), []).append(server)
        for server in self._by_endpoint.values():
            found.setdefault((server.database.platform, server.database.name), []).append(server)
        return found

    @cached_property
    def stated(self) -> list[Account]:
        """Accounts that documents state, by node."""
        nodes = self.view.graph.ends_of(Account.__name__)
        return [one for node in nodes for one in self.view.ends(node, Account)]

    def knows(self, account: Account) -> bool:
        """Whether a login can find the server of an account."""
        return server_of(account) in self._holders

    @cached_property
    def _holders(self) -> frozenset[str]:
        return frozenset(one.holder for many in self.exported.values() for one in many)

    @cached_property
    def _by_endpoint(self) -> dict[str, Server]:
        """Servers that accounts name by their endpoint alone."""
        found: dict[str, Server] = {}
        for one in self.stated:
            where, name = one.endpoint, server_of(one)
            database = literal(where.database)
            if one.holder or name in found or database is None:
                continue
            host, port = literal(where.host) or "", literal(where.port) or ""
            found[name] = Server(
                keys.database(where.platform, database),
                frozenset({host} - {""}),
                frozenset({f"{host}:{port}"} if host and port else ()),
                f"{host}:{port}" if host and port else host,
                name,
            )
        return found

    def answering(
        self, platform: str, host: str, port: str, database: str
    ) -> list[tuple[keys.Database, Server | None, str]]:
        """Holders of the roles that a login there may be of, each with its condition.

        The only export of a database of that name answers, unless it is of another host; of
        several those that may be at that host, or all where none may. One that is shown at the
        host answers without a condition, and does not stop one that may be there under another
        name: kept apart they may be one server all the same. No server stands beside a holder of
        which no document is, or that the scope calls otherwise than the server's.
        """
        known = self.exported.get((platform, database), [])
        answers = [one.is_at(host, port) for one in known]
        sure = [one for one, there in zip(known, answers, strict=True) if there]
        maybe = [one for one, there in zip(known, answers, strict=True) if there is None]
        found = sure + maybe or known
        if not found:
            return [(self.named(keys.database(platform, database), host), None, "")]
        lone = known[0] if len(known) == 1 and answers[0] is not False else None
        certain = sure[0] if len(sure) == 1 else lone
        answering = []
        for one in found:
            holder = self.named(one.database, host)
            server = one if holder == self.named(one.database) else None
            answering.append((holder, server, "" if one is certain else _which(one)))
        return answering

    def tells(self, database: keys.Database | None, host: str) -> bool:
        """Whether an export says that a database is at that host, or that it is not."""
        known = [one for many in self.exported.values() for one in many]
        return any(one.database == database and one.is_at(host, "") is not None for one in known)

    def elsewhere(self, platform: str, host: str, port: str, database: str) -> str:
        """Why a login is answered by another server only; empty where it is not.

        Every export of a database of that name is then of another host or port.
        """
        known = self.exported.get((platform, database), [])
        named = (platform, host) in self.aliases
        if not known or named or any(one.is_at(host, port) is not False for one in known):
            return ""
        at = f"{host}:{port}" if port else host
        return (
            f"no export is of the {database} at {at}: what the login may do there is in no input"
        )

    def named(self, database: keys.Database, host: str = "") -> keys.Database:
        """The holder of a database's roles: the scope's name for its server, else the database."""
        alias = self.aliases.get((database.platform, host)) or self.names.get(database)
        return keys.database(database.platform, alias) if alias else database

    @cached_property
    def names(self) -> dict[keys.Database, str]:
        """The scope's names of servers, where every host that is known of one has that name.

        A database that lies on two servers is of neither: which of them an export shows, no file
        says.
        """
        hosts: dict[keys.Database, set[str]] = {}
        for node in self.view.of_kind(k.CONTAINER, k.SYSTEM):
            platform, name = self.view.text(node, "platform"), self.view.text(node, "database")
            stated = (*self.view.lines(node, "host"), *self.view.lines(node, "hosts"))
            cluster = self.view.parsed(node)
            database = keys.database(platform, name)
            if isinstance(cluster, keys.Cluster):
                database = cluster.database
            if platform and name and stated:
                hosts.setdefault(database, set()).update(stated)
        found: dict[keys.Database, str] = {}
        for database, known in hosts.items():
            names = {self.aliases.get((database.platform, host), "") for host in known}
            name = names.pop() if len(names) == 1 else ""
            if name:
                found[database] = name
        return found

    def renamed(self) -> dict[keys.Database, keys.Database]:
        """Holders of roles by database, and the ones by server that stand for them."""
        return {
            database: keys.database(database.platform, name)
            for database, name in sorted(self.names.items(), key=lambda pair: pair[0].headed(""))
            if name != database.name
        }


def _which(server: Server) -> str:
    # A server that holds several databases has no name but its platform's.
    name = server.database.name or server.database.platform
    return f"the {name} that is meant is the one at {server.label or 'the exported server'}"


def server_of(account: Account) -> str:
    """The server of an account: the key of its holder, or a name for the endpoint."""
    return account.holder or f"endpoint {account.endpoint!r}"
