"""Which databases lie on a server that the scope has a name for.

Roles belong to a server, not to one of its databases; without a name the database's stands for it.
"""

from collections.abc import Iterator, Mapping

from nhigraph.facts import keys
from nhigraph.facts.facts import Note
from nhigraph.graph.store import Graph
from nhigraph.joins.view import View
from nhigraph.schema import kinds as k

#: Platform and host to the scope's name; platform and database to the same.
Aliases = Mapping[tuple[str, str], str]


def databases(view: View, aliases: Aliases) -> dict[tuple[str, str], str]:
    """Names of the servers of databases, where every host that is known of one has that name.

    A database that lies on two servers is of neither: which of them an export shows, no file says.
    """
    hosts: dict[tuple[str, str], set[str]] = {}
    for node in view.of_kind(k.CONTAINER, k.SYSTEM):
        platform, database = view.text(node, "platform"), view.text(node, "database")
        stated = (*view.lines(node, "host"), *view.lines(node, "hosts"))
        if platform and database and stated:
            hosts.setdefault((platform, database), set()).update(stated)
    found = {}
    for (platform, database), known in hosts.items():
        names = {aliases.get((platform, host)) for host in known}
        name = names.pop() if len(names) == 1 else None
        if name is not None:
            found[platform, database] = name
    return found


def mixed(graph: Graph) -> Iterator[Note]:
    """Databases that several documents describe, whose rights are then taken together.

    Two servers may each have a database of that name, and nothing in a key tells them apart.
    """
    view = View(graph)
    for node in view.of_kind(k.CONTAINER):
        if not isinstance(view.parsed(node), keys.Cluster):
            continue
        first, *others = view.places(node)
        told = {first.sha256}
        for place in others:
            if place.sha256 not in told:
                told.add(place.sha256)
                reason = (
                    f"{view.key(node)}: described by {first.artifact} too; what both say is taken"
                    " together, so if these are two servers, assess them apart"
                )
                yield Note(reason, place)


def holders(names: Aliases) -> dict[keys.Database, keys.Database]:
    """Holders of roles by database, and the ones by server that stand for them."""
    return {
        keys.database(platform, database): keys.database(platform, name)
        for (platform, database), name in sorted(names.items())
        if name != database
    }
