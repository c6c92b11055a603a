"""Accounts: whose login is answered at which server.

Where documents say whose accounts a server has, they answer. An account that none of them has,
and one of a server that no document is of, is named by the login alone and described by nobody.
"""

from collections.abc import Iterator
from functools import cached_property

from nhigraph.facts import keys
from nhigraph.facts.ends import Account
from nhigraph.joins.servers import Server, Servers, server_of
from nhigraph.joins.view import View
from nhigraph.policy import accounts, clients
from nhigraph.records import dataclass
from nhigraph.schema import kinds as k


@dataclass(frozen=True, slots=True)
class Found:
    """An account that a login may be.

    Attributes:
        key: Key of its node; empty where nobody is named.
        holder: Holder of the server's roles.
        condition: On which condition it is this one; an empty one is none.
    """

    key: str
    holder: keys.Database
    condition: str = ""


class Accounts:
    """The accounts of a graph, by server and by name."""

    def __init__(self, view: View, servers: Servers) -> None:
        """Nothing is looked up before it is asked for."""
        self.view, self.servers = view, servers

    @cached_property
    def _by_server(self) -> dict[tuple[str, str], list[Account]]:
        """Holder and name to accounts."""
        found: dict[tuple[str, str], list[Account]] = {}
        for one in self.servers.stated:
            found.setdefault((server_of(one), one.name), []).append(one)
        return found

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], set[str]]:
        """Platform and name to keys of accounts, whether or not a document describes them."""
        found: dict[tuple[str, str], set[str]] = {}
        for one in self.servers.stated:
            found.setdefault((one.endpoint.platform, one.name), set()).add(one.at)
        for node in self.view.of_kind(k.DATABASE_ROLE):
            key = self.view.parsed(node)
            if isinstance(key, keys.Role):
                found.setdefault((key.database.platform, key.name), set()).add(key.text)
        return found

    def named(self, platform: str, user: str) -> list[str]:
        """Keys of all accounts of a name on any server of a platform."""
        return sorted(self._by_name.get((platform, user), ()))

    def are_known(self, platform: str) -> bool:
        """Whether a login to that platform is one as an account that can be told."""
        return platform in clients.ROLE_PLATFORMS or platform in self._platforms

    @cached_property
    def _platforms(self) -> frozenset[str]:
        return frozenset(one.endpoint.platform for one in self.servers.stated)

    def answering(
        self, platform: str, host: str, port: str, database: str, user: str
    ) -> Iterator[Found]:
        """Accounts that a login there under a name may be, each with its condition."""
        for holder, server, condition in self.servers.answering(platform, host, port, database):
            for key, doubt in self.of(server, holder, user):
                both = " and ".join(one for one in (condition, doubt) if one)
                yield Found(key, holder, both)

    def of(
        self, server: Server | None, holder: keys.Database, user: str
    ) -> Iterator[tuple[str, str]]:
        """Keys of a server's accounts of a name, each with its condition."""
        stated = self._by_server.get((server.holder, user), []) if server is not None else []
        found = dict.fromkeys((one.at, why) for one, why in accounts.answering(user, stated))
        yield from found or [(accounts.undescribed(holder, user), "")]
