"""What an export shows and the facts leave out: one coverage line for each kind of it."""

from collections.abc import Iterator

from nhigraph.facts.facts import Note
from nhigraph.policy.postgres.catalog import PUBLIC
from nhigraph.sources.postgres.decided import Decided

_LISTED = {
    "foreign_servers": "what lies on the other side of foreign servers is not in the export",
}
#: Where sessions look for names without a schema as the server is set up, beside a schema that is
#: called like their role (PostgreSQL 15, ddl-schemas-path, ddl-schemas-patterns).
_LOOKED_IN = "public"
_FOUND = "who may make {} decides what others' statements find by a name without its schema"


def read(estate: Decided) -> Iterator[Note]:
    """Yield notes; of things each names the first place of its kind and how many there are."""
    yield from estate.listed(_LISTED)
    for role in estate.catalog.roles.values():
        if role.login and role.name not in estate.connecting:
            said = f"{role.name} cannot log in to {estate.database}: it has no CONNECT"
            yield Note(said, estate.at(role.place))
    yield from _found_by_others(estate)


def _found_by_others(estate: Decided) -> Iterator[Note]:
    """What somebody makes where others' sessions look first runs as these.

    A function that fits better than the server's, or a table with a trigger, in the place of one
    that was meant; which statements name no schema, and with which path, no export says.
    """
    roles, catalog = estate.possible.roles, estate.catalog
    public = catalog.schemas.get(_LOOKED_IN)
    for place, what in ((public, "things in schema public"), (catalog.database, "a schema")):
        for item in place.acl if place is not None else ():
            own = place is not None and item.grantee == place.owner
            known = item.grantee == PUBLIC or (
                item.grantee in catalog.roles and not roles.has(roles.superusers, item.grantee)
            )
            if "CREATE" in item.privileges and known and not own:
                yield Note(_FOUND.format(what), estate.at(item.place))
                break
