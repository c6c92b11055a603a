"""Databases of which no export is, on a server of which another database was exported.

Roles belong to the server (``policy.servers``): a login to the one database is of a role that the
other one's export may show. Where a client goes says where the first one lies; that its host and
port are those of the export is a condition, because another name may lead elsewhere. Where nobody
can tell, it is asked, as of two exports (``same``).
"""

from collections.abc import Collection, Iterator, Mapping

from nhigraph.facts import keys
from nhigraph.facts.facts import Edge, Fact, Gap
from nhigraph.joins.logins import Login
from nhigraph.joins.servers import Server, Servers
from nhigraph.joins.view import View
from nhigraph.policy.servers import SHARED_ROLES
from nhigraph.schema import kinds as k
from nhigraph.schema.types import Certainty, State


def facts(view: View, servers: Servers, named: Mapping[str, Collection[Login]]) -> Iterator[Fact]:
    """What roles of databases without an export share with those of exported ones.

    Args:
        view: The graph.
        servers: Its servers.
        named: Key of a role to the logins that are of it.
    """
    for key, logins in sorted(named.items()):
        role = keys.Role.parse(key)
        if role is None or role.database.platform not in SHARED_ROLES:
            continue
        asked = [one for one in logins if one.database == role.database.name]
        if (role.database.platform, role.database.name) in servers.exported or not asked:
            continue
        for (platform, _), known in sorted(servers.exported.items()):
            for server in known if platform == role.database.platform else ():
                yield from _pair(view, server, role, asked)


def _pair(view: View, server: Server, role: keys.Role, logins: list[Login]) -> Iterator[Fact]:
    twin = view.node(keys.Role(server.database, role.name).text)
    if twin is None:
        return
    names = " and ".join(sorted((server.database.name, role.database.name)))
    there = [one for one in logins if server.is_at(one.host, one.port)]
    unknown = [one for one in logins if server.is_at(one.host, one.port) is None]
    if there:
        place = there[0].run.evidence
        for source, target in ((role.text, view.key(twin)), (view.key(twin), role.text)):
            yield Edge(
                k.CAN_ASSUME,
                source,
                target,
                place,
                certainty=Certainty.CONDITIONAL,
                condition=f"{names} are databases of one server",
                because=(view.places(twin)[0],),
            )
    elif unknown and view.props(twin).get("login") is True:
        reason = f"whether {names} lie on one server is in no input: its roles would be one"
        yield Gap(view.key(twin), reason, unknown[0].run.evidence, (State.CONTROL,))
