"""Default privileges: who gains a right on what a role makes anew.

One grant for each role, schema and privilege, ``default insert/ROLE.SCHEMA``, held by those who
gain it. It opens nothing by itself: which relations the role makes is what its jobs say, and
``joins/builds`` puts the two together.
"""

from collections.abc import Iterator

from nhigraph.facts.facts import Edge, Fact
from nhigraph.policy.postgres.catalog import PUBLIC
from nhigraph.policy.postgres.defaults import acl_of_new, creators, places
from nhigraph.policy.privileges import MEANING
from nhigraph.schema import kinds as k
from nhigraph.sources.postgres.decided import Decided


def read(estate: Decided) -> Iterator[Fact]:
    """Yield who holds what on relations that do not exist yet."""
    for creator, schema in creators(estate.catalog):
        where = places(estate.catalog, creator, schema)
        for item in acl_of_new(estate.catalog, creator, schema):
            known = item.grantee == PUBLIC or item.grantee in estate.relevant
            if item.grantee == creator or not known:
                continue
            needs = estate.needs(item.grantee, schema, item.place)
            for privilege in MEANING:
                if privilege in item.privileges:
                    text = f"{privilege} on what {creator} makes in {schema}"
                    name = f"default {privilege.lower()}"
                    key = estate.grant(name, (creator, schema), where, text)
                    source, at = estate.source(item.grantee), estate.at(item.place)
                    yield Edge(k.HOLDS, source, key, at, needs=needs)
