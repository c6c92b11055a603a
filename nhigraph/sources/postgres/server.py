"""Rights on the server: its files by way of its functions, its settings, other servers behind it.

A foreign table is a name for something on another server, where the rights of a user mapping
count, which no export shows: what is written there goes on to nobody knows where, and whoever may
use a foreign server and make tables makes such names. Both are gaps. What is read there is not
followed, which is a line of the coverage.
"""

from collections.abc import Iterator

from nhigraph.facts.facts import Edge, Fact, Gap, Need
from nhigraph.policy.postgres.catalog import Held
from nhigraph.policy.postgres.system import READ_AGAIN, READ_FILES, RUNS, WRITE_FILES, WRITES
from nhigraph.schema import kinds as k
from nhigraph.schema.types import State
from nhigraph.sources.postgres.decided import Decided, conditional
from nhigraph.sources.postgres.identities import READS_FILES_CONDITION

_FOREIGN = "f"
_BEHIND = "what is written to this foreign table changes another server, which no export shows"
_REACHED = "what whoever uses the foreign server {} changes there is in no export"


def read(estate: Decided) -> Iterator[Fact]:
    """Yield what these rights open, and where nobody knows."""
    for one in estate.catalog.system_functions:
        yield from _function(estate, one)
    for one in estate.catalog.settings:
        if one.name in RUNS:
            for source, edge in _held(estate, one, "ALTER SYSTEM"):
                yield conditional(_administers(estate, source, edge), READ_AGAIN)
    for relation in estate.catalog.relations.values():
        if relation.kind == _FOREIGN and relation.name[0] in estate.catalog.schemas:
            at = estate.at(relation.place)
            yield Gap(estate.dataset(relation.name), _BEHIND, at, (State.ALTER, State.OMIT))
    for one in estate.catalog.servers:
        yield from _foreign(estate, one)


def _held(
    estate: Decided, one: Held, privilege: str
) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Who holds a privilege, and where that stands."""
    for item in one.acl:
        known = item.grantee in estate.relevant or item.grantee == "public"
        if privilege in item.privileges and known:
            yield estate.source(item.grantee), item.place


def _administers(estate: Decided, source: str, place: tuple[str | int, ...]) -> Edge:
    return Edge(k.CAN_ADMINISTER, source, estate.cluster, estate.at(place))


def _function(estate: Decided, one: Held) -> Iterator[Edge]:
    name = one.name.partition("(")[0]
    for source, place in _held(estate, one, "EXECUTE"):
        if name in WRITE_FILES:
            yield conditional(_administers(estate, source, place), WRITES)
        elif name in READ_FILES:
            yield Edge(k.CAN_READ, source, estate.cluster, estate.at(place))
            yield conditional(_administers(estate, source, place), READS_FILES_CONDITION)


def _foreign(estate: Decided, one: Held) -> Iterator[Fact]:
    holders = [*_held(estate, one, "USAGE")]
    if one.owner in estate.relevant:
        holders.append((estate.rights(one.owner), (*one.place, "owner")))
    superusers = estate.today.roles.listed(estate.today.roles.superusers)
    spared = {estate.rights(name) for name in superusers}
    holders = [(source, place) for source, place in holders if source not in spared]
    if not holders:
        return
    key = estate.grant("use", (one.name,), one.place, f"USAGE on foreign server {one.name}")
    needs = (Need(estate.making("tables"), State.CONTROL),)
    for source, place in dict.fromkeys(holders):
        yield Edge(k.HOLDS, source, key, estate.at(place), needs=needs)
    yield Gap(key, _REACHED.format(one.name), estate.at(one.place), (State.CONTROL,))
